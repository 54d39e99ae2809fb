"""The VSM: proposed from the synthesis, put right by the doctor, looked at once more, then deposited.

It is a document like any other: it enters by the act of every deposit, and takes the place of the one that
the same doctor wrote before.

Source: CI-SIS, volet de synthèse médicale; CSP L1111-15 (the attending doctor's summary).
"""

from __future__ import annotations

import hashlib
from datetime import UTC

from anyio import to_thread
from starlette.responses import Response

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.sharing.check_access import check_access
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.codes import TRE_A01_PRACTICE, TRE_A02_SPECIALTY, TRE_R02_SECTOR, Code
from dmp.domain.documents.entry import Author, AuthorKind, DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, UniqueId
from dmp.domain.value_sets import FACILITY_TYPE, PRACTICE_SETTING, value_set
from dmp.entrypoints.web.login.sessions import ProfessionalIdentity
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.professional import depositing
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.refusals import STATUS
from dmp.entrypoints.web.synthesis.professional import may_write_vsm
from dmp.entrypoints.web.synthesis.vsm_lines import (
    FREE_TEXTS,
    NONES,
    Part,
    content_of,
    is_outdated,
    kept_of,
    parts_of,
    says_something,
    texts_of,
)
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal
from dmp.formats.cda.clinical_document import Patient as Person
from dmp.formats.cda.vsm import TYPE, vsm
from dmp.formats.cda.write import write
from dmp.formats.cda.writing.frame import Frame

SEARCHED = 50
_OUTDATED = "Le dossier a changé depuis l’ouverture de cette page. Vérifiez les lignes proposées."
_EMPTY = "Gardez au moins une ligne, ou écrivez un texte."


async def write_vsm(visit: Visit, patient: Patient) -> Response:
    """The form, then what will be deposited, then the deposit."""
    if not may_write_vsm(visit, patient):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=patient.ins))
    parts = parts_of(synthesis)
    previous = await _previous(visit, patient)
    if visit.request.method != "POST":
        return _form(visit, patient, parts, previous, {})
    errors: dict[str, str] = {}
    asked = depositing.asked_of_representatives(visit, patient.ins, patient)
    restrictions = depositing.restrictions(visit, asked, errors)
    content = content_of(parts, visit.form)
    if is_outdated(parts, visit.form):
        errors[""] = _OUTDATED
    elif not says_something(content):
        errors[""] = _EMPTY
    if errors or visit.form.text("etape") == "corriger":
        return _form(visit, patient, parts, previous, errors)
    if visit.form.text("etape") != "deposer":
        return _preview(visit, patient, parts, previous)
    claimed = ClaimedDocument(
        content=await to_thread.run_sync(write, vsm(_frame(visit, patient, previous), content)),
        content_type="text/xml",
        restrictions=restrictions,
        replaces=previous.unique_id if previous is not None else None,
    )
    try:
        submission = Submission(ins=patient.ins, documents=(claimed,))
        receipt = await visit.do(provide_documents, submission)
    except Refused as refused:
        status = STATUS[refused.category]
        return _form(visit, patient, parts, previous, {"": refusal(refused)}, status)
    return visit.go_to(depositing.receipt_address(visit, receipt.documents[0]))


async def _previous(visit: Visit, patient: Patient) -> DocumentEntry | None:
    """The VSM in force that the same doctor wrote."""
    query = DocumentQuery(types=(TYPE,), count=SEARCHED)
    page = await visit.do(find_documents, FindDocuments(of=patient.ins, query=query))
    own = (
        entry
        for entry in page.entries
        if entry.authors and entry.authors[0].id == visit.caller.id and not entry.archived
    )
    return next(own, None)


def _form(
    visit: Visit,
    patient: Patient,
    parts: tuple[Part, ...],
    previous: DocumentEntry | None,
    errors: dict[str, str],
    status: int = 400,
) -> Response:
    is_sent = visit.request.method == "POST"
    asked = depositing.asked_of_representatives(visit, patient.ins, patient)
    return render(
        visit,
        "synthesis/vsm.html",
        "Rédiger le volet de synthèse médicale",
        status=status if errors else 200,
        patient=patient,
        parts=parts,
        previous=previous,
        nones=NONES,
        texts=FREE_TEXTS,
        typed=visit.form,
        is_sent=is_sent,
        visibilities=depositing.VISIBILITIES,
        representatives=[(value, *depositing.REPRESENTATIVES[value]) for value in asked],
        is_secret=visit.caller.secret,
        errors=errors,
    )


def _preview(
    visit: Visit, patient: Patient, parts: tuple[Part, ...], previous: DocumentEntry | None
) -> Response:
    kept = kept_of(parts, visit.form)
    said = [
        words
        for name, (section, words) in NONES.items()
        if visit.form.checked(f"aucun.{name}") and not kept[section]
    ]
    return render(
        visit,
        "synthesis/vsm_preview.html",
        "Vérifier le volet de synthèse médicale",
        patient=patient,
        sections=[(part.title, kept[part.name]) for part in parts if kept[part.name]],
        said=said,
        texts=[
            (FREE_TEXTS[name][0], lines) for name, lines in texts_of(visit.form).items() if lines
        ],
        visibility=depositing.VISIBILITIES[visit.form.text("visibilite")][0],
        previous=previous,
        fields=[
            (name, value)
            for name, values in visit.form.fields.items()
            for value in values
            if name not in ("jeton", "cle", "etape")
        ],
        errors={},
    )


def _frame(visit: Visit, patient: Patient, previous: DocumentEntry | None) -> Frame:
    """By the doctor who is logged in, where he works now; a new version of his own VSM if there is one."""
    key = hashlib.sha256(f"{visit.caller.id}\n{visit.form.text('cle')}".encode()).digest()[:16]
    unique_id = UniqueId(f"2.25.{int.from_bytes(key, 'big')}")
    author = _author(visit)
    sector = visit.caller.structure.sector if visit.caller.structure is not None else ""
    facility = value_set(FACILITY_TYPE).find(sector, TRE_R02_SECTOR)
    setting = value_set(PRACTICE_SETTING).find("AMBULATOIRE", TRE_A01_PRACTICE)
    if facility is None or setting is None:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    return Frame(
        unique_id=unique_id,
        patient=Person(ins=patient.ins, traits=patient.status.record.traits),
        author=author,
        written_at=visit.now.astimezone(UTC),
        facility=facility,
        setting=setting,
        set_id=(previous.set_id if previous is not None else "") or unique_id.value,
        version=previous.version + 1 if previous is not None else 1,
        replaces=(previous.unique_id,) if previous is not None else (),
    )


def _author(visit: Visit) -> Author:
    who = visit.live.state.who
    if not isinstance(who, ProfessionalIdentity) or who.workplace is None:
        raise Refused(Reason.NOT_AUTHENTICATED)
    place = who.workplace
    code = (
        f"G15_{place.profession}/{place.know_how}" if place.know_how else f"G15_{place.profession}"
    )
    label = place.know_how_label or place.profession_label
    return Author(
        kind=AuthorKind.PROFESSIONAL,
        id=who.id_nat,
        id_root=PS_ROOT,
        family=who.family,
        given=who.given,
        specialty=Code(code, TRE_A02_SPECIALTY, label),
        structure_id=place.structure_id,
        structure_root=STRUCTURE_ROOT,
        structure_name=place.structure_name,
    )


PAGES = form_page(
    "/pro/patients/{patient}/vsm",
    about_patient(write_vsm),
    Authentication.PROFESSIONAL,
    check_access,
    read_synthesis,
    find_documents,
    provide_documents,
)
