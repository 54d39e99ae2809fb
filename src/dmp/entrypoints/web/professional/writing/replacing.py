"""Put a new PDF in the place of a document of one's own: the old version stays in the history of the new one.

Source: DMP TD2.1, replacement (RPLC); only the author replaces.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.documents.retrieve_document import read_metadata
from dmp.acts.sharing.check_access import check_access
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Professional, Who
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.professional import depositing
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.professional.writing.kinds import CONSULTATION, kind_of_type
from dmp.entrypoints.web.professional.writing.own import own_document
from dmp.entrypoints.web.professional.writing.signed import unique_id_of
from dmp.entrypoints.web.refusals import STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import local, size

_VSM = "60591-5"
_PDF = "application/pdf"


async def _replace(visit: Visit, patient: Patient) -> Response:
    if not isinstance(visit.caller.who, Professional) or patient.in_emergency:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    previous = await own_document(visit, patient, visit.part("document"))
    if previous is None:
        raise Refused(Reason.DOCUMENT_NOT_FOUND)
    if previous.mime_type != _PDF:
        return visit.go_to(*_where_it_is_written(patient, previous))
    errors: dict[str, str] = {}
    status = 400
    if visit.request.method == "POST":
        claimed = _claimed(visit, patient, previous, errors)
        status = 413 if visit.form.is_too_large else 400
        if claimed is not None:
            try:
                submission = Submission(ins=patient.ins, documents=(claimed,))
                receipt = await visit.do(provide_documents, submission)
                return visit.go_to(depositing.receipt_address(visit, receipt.documents[0]))
            except Refused as refused:
                status = STATUS[refused.category]
                depositing.explain(refused, errors)
    return _form(visit, patient, previous, errors, status)


def _form(
    visit: Visit,
    patient: Patient,
    previous: DocumentEntry,
    errors: dict[str, str],
    status: int,
) -> Response:
    asked = depositing.asked_of_representatives(visit, patient.ins, patient)
    return render(
        visit,
        "professional/replace.html",
        "Remplacer le document",
        status=status if errors else 200,
        patient=patient,
        entry=previous,
        path=f"{patient.path}/documents/{previous.document_id}",
        day=local(previous.service_start).date().isoformat(),
        typed=visit.form,
        visibilities=depositing.VISIBILITIES,
        representatives=[(value, *depositing.REPRESENTATIVES[value]) for value in asked],
        is_secret=visit.caller.secret,
        limit=size(visit.options.max_document_octets),
        errors=errors,
    )


def _where_it_is_written(patient: Patient, entry: DocumentEntry) -> tuple[str, dict[str, str]]:
    """The page on which a new version of a structured document is written."""
    if entry.type_code.code == _VSM:
        return f"{patient.path}/vsm", {}
    kind = kind_of_type(entry.type_code.code) or CONSULTATION
    return f"{patient.path}/{kind.end}", {"remplace": str(entry.document_id)}


def may_replace(entry: DocumentEntry, who: Who) -> bool:
    """Whether somebody can make a new version here: of a PDF, a VSM, a note of his profession."""
    if entry.mime_type == _PDF or entry.type_code.code == _VSM:
        return True
    kind = kind_of_type(entry.type_code.code)
    return kind is not None and kind.is_of(who)


def _claimed(
    visit: Visit, patient: Patient, previous: DocumentEntry, errors: dict[str, str]
) -> ClaimedDocument | None:
    """The new version as the form describes it; its type and its place are those of the old one."""
    form = visit.form
    if not form.text("titre"):
        errors["titre"] = "Donnez un titre au document."
    start = depositing.day_of_act(form.text("date"), visit.now, errors)
    asked = depositing.asked_of_representatives(visit, patient.ins, patient)
    chosen = depositing.restrictions(visit, asked, errors)
    content = depositing.pdf_of(visit, errors)
    if errors:
        return None
    return ClaimedDocument(
        content=content,
        content_type=_PDF,
        unique_id=unique_id_of(visit),
        title=form.text("titre"),
        created_at=visit.now,
        service_start=start,
        type_code=previous.type_code,
        facility_type=previous.facility_type,
        practice_setting=previous.practice_setting,
        restrictions=chosen,
        replaces=previous.document_id,
    )


PAGES = form_page(
    "/pro/patients/{patient}/documents/{document}/remplacer",
    about_patient(_replace),
    Authentication.PROFESSIONAL,
    check_access,
    read_metadata,
    provide_documents,
    takes_file=True,
)
