"""A note of a consultation: typed in sections, looked at once more, deposited as a structured document.

Source: DMP TD2.1; CI-SIS, volet structuration minimale; type 11488-4.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime

from anyio import to_thread
from starlette.responses import Response

from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.documents.retrieve_document import read_metadata
from dmp.acts.sharing.check_access import check_access
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Professional
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.professional import depositing
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.professional.writing.own import own_document
from dmp.entrypoints.web.professional.writing.signed import frame_of
from dmp.entrypoints.web.refusals import STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal, today
from dmp.formats.cda.documents import consultation_note
from dmp.formats.cda.write import write

TYPE = "11488-4"
LONGEST = 3900
PARTS: dict[str, tuple[str, str, bool]] = {
    "motif": ("Motif de la consultation", "Pourquoi le patient consulte.", True),
    "histoire": ("Histoire de la maladie", "", False),
    "examen": ("Examen clinique", "", False),
    "conclusion": ("Conclusion", "", True),
    "conduite": ("Conduite à tenir", "Une ligne pour chaque chose à faire.", False),
}
"""The sections: title, help, whether something must stand there."""
_SENT_BY_THE_PAGE = frozenset({"jeton", "cle", "etape"})


def may_write_note(visit: Visit, patient: Patient) -> bool:
    """Whether the page is offered: to a professional who may read the record; the rules have the last word."""
    return isinstance(visit.caller.who, Professional) and not patient.in_emergency


async def write_note(visit: Visit, patient: Patient) -> Response:
    """The form, then what will be deposited, then the deposit."""
    if not may_write_note(visit, patient):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    if not patient.may_read:
        return visit.go_to(f"{patient.path}/acces")
    previous = await own_document(visit, patient, _replaced(visit))
    if visit.request.method != "POST":
        return _form(visit, patient, previous, {})
    errors: dict[str, str] = {}
    texts = _texts(visit, errors)
    start = depositing.day_of_act(visit.form.text("date"), visit.now, errors)
    asked = depositing.asked_of_representatives(visit, patient.ins, patient)
    restrictions = depositing.restrictions(visit, asked, errors)
    if errors or visit.form.text("etape") == "corriger":
        return _form(visit, patient, previous, errors)
    if visit.form.text("etape") != "deposer":
        return _preview(visit, patient, previous, texts)
    claimed = ClaimedDocument(
        content=await to_thread.run_sync(_written, visit, patient, previous, texts, start),
        content_type="text/xml",
        restrictions=restrictions,
        replaces=previous.unique_id if previous is not None else None,
    )
    try:
        submission = Submission(ins=patient.ins, documents=(claimed,))
        receipt = await visit.do(provide_documents, submission)
    except Refused as refused:
        status = STATUS[refused.category]
        return _form(visit, patient, previous, {"": refusal(refused)}, status)
    return visit.go_to(depositing.receipt_address(visit, receipt.documents[0]))


def _replaced(visit: Visit) -> str:
    """The document in whose place the note is put, as the address or the form names it."""
    return visit.form.text("remplace") or visit.asked("remplace", 36)


def _texts(visit: Visit, errors: dict[str, str]) -> dict[str, str]:
    """What was typed in each section; what must be corrected is said under each."""
    texts = {name: _printable(visit.form.text(name)) for name in PARTS}
    for name, (_, _, is_needed) in PARTS.items():
        if len(texts[name]) > LONGEST:
            errors[name] = "Ce texte est trop long : 3 900 caractères au plus."
        elif is_needed and not texts[name]:
            errors[name] = "Remplissez cette rubrique."
    return texts


def _printable(text: str) -> str:
    """A text without the characters that no XML document may hold."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return "".join(kept).strip()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _written(
    visit: Visit,
    patient: Patient,
    previous: DocumentEntry | None,
    texts: dict[str, str],
    start: datetime | None,
) -> bytes:
    """The note as CDA, a paragraph for each line."""
    said = {name: "\n\n".join(_lines(text)) for name, text in texts.items()}
    return write(
        consultation_note(
            frame_of(visit, patient, previous, start),
            reason=said["motif"],
            history=said["histoire"],
            examination=said["examen"],
            conclusion=said["conclusion"],
            plan=tuple(_lines(texts["conduite"])),
        )
    )


def _form(
    visit: Visit,
    patient: Patient,
    previous: DocumentEntry | None,
    errors: dict[str, str],
    status: int = 400,
) -> Response:
    asked = depositing.asked_of_representatives(visit, patient.ins, patient)
    return render(
        visit,
        "professional/note.html",
        "Rédiger un compte rendu de consultation",
        status=status if errors else 200,
        patient=patient,
        previous=previous,
        parts=PARTS,
        longest=LONGEST,
        typed=visit.form,
        today=today(visit.now).isoformat(),
        visibilities=depositing.VISIBILITIES,
        representatives=[(value, *depositing.REPRESENTATIVES[value]) for value in asked],
        is_secret=visit.caller.secret,
        errors=errors,
    )


def _preview(
    visit: Visit, patient: Patient, previous: DocumentEntry | None, texts: dict[str, str]
) -> Response:
    said = visit.form.text("representants")
    return render(
        visit,
        "professional/note_preview.html",
        "Vérifier le compte rendu",
        patient=patient,
        previous=previous,
        date=visit.form.text("date"),
        sections=[(PARTS[name][0], _lines(text)) for name, text in texts.items() if text],
        visibility=depositing.VISIBILITIES[visit.form.text("visibilite")][0],
        representatives=depositing.REPRESENTATIVES[said][0] if said == "cache" else "",
        fields=[
            (name, value)
            for name, values in visit.form.fields.items()
            for value in values
            if name not in _SENT_BY_THE_PAGE
        ],
        errors={},
    )


PAGES = form_page(
    "/pro/patients/{patient}/note",
    about_patient(write_note),
    Authentication.PROFESSIONAL,
    check_access,
    read_metadata,
    provide_documents,
)
