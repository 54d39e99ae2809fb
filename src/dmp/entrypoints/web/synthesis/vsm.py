"""The VSM: proposed from the synthesis, put right by the doctor, looked at once more, then deposited.

It is a document like any other: it enters by the act of every deposit, and takes the place of the one that
the same doctor wrote before.

Source: CI-SIS, volet de synthèse médicale; CSP L1111-15 (the attending doctor's summary).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from anyio import to_thread
from starlette.responses import Response

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.sharing.check_access import check_access
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.professional import depositing
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.professional.writing.signed import frame_of
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
    with_kept_back,
)
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal
from dmp.formats.cda.vsm import TYPE, vsm
from dmp.formats.cda.write import write

SEARCHED = 50
_OUTDATED = "Le dossier a changé depuis l’ouverture de cette page. Vérifiez les lignes proposées."
_EMPTY = "Gardez au moins une ligne, ou écrivez un texte."


async def write_vsm(visit: Visit, patient: Patient) -> Response:
    """The form, then what will be deposited, then the deposit."""
    if not may_write_vsm(visit, patient):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=patient.ins))
    parts = with_kept_back(parts_of(synthesis), await _kept_back(visit, patient))
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
        content=await to_thread.run_sync(write, vsm(frame_of(visit, patient, previous), content)),
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


async def _kept_back(visit: Visit, patient: Patient) -> Mapping[UUID, Restriction]:
    """The documents that the doctor may read and somebody else may not, by their labels."""
    query = DocumentQuery(security_labels=tuple(Restriction), count=SEARCHED)
    found: dict[UUID, Restriction] = {}
    while True:
        page = await visit.do(find_documents, FindDocuments(of=patient.ins, query=query))
        found |= {one.document_id: one.visibility.restrictions[0] for one in page.entries}
        if page.next is None:
            return found
        query = replace(query, after=page.next)


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


PAGES = form_page(
    "/pro/patients/{patient}/vsm",
    about_patient(write_vsm),
    Authentication.PROFESSIONAL,
    check_access,
    read_synthesis,
    find_documents,
    provide_documents,
)
