"""Deposit a PDF with its metadata. What was typed is kept when something must be corrected.

Source: DMP TD2.1 ("alimentation"): the depositor states the visibility of each document.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time

import msgspec
from starlette.responses import Response

from dmp.acts.documents.provide_documents import Provided, provide_documents
from dmp.acts.sharing.check_access import check_access
from dmp.domain.codes import Code
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.types import CLASSES, DocumentType, document_types
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import UniqueId
from dmp.domain.value_sets import FACILITY_TYPE, PRACTICE_SETTING, value_set
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.professional.patient import (
    Patient,
    ins_of_address,
    path_of,
    patient_of,
)
from dmp.entrypoints.web.refusals import NEUTRAL, STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import PARIS, refusal, size, today

VISIBILITIES: dict[str, tuple[str, str, frozenset[Restriction] | None]] = {
    "visible": (
        "Visible par le patient et par les professionnels autorisés",
        "Le choix habituel. Si le patient masque par défaut ses nouveaux documents, il sera masqué.",
        None,
    ),
    "masque": (
        "Masqué aux professionnels",
        "À la demande du patient. Lui, son médecin traitant et vous continuerez à le voir.",
        frozenset({Restriction.MASKED}),
    ),
    "annonce": (
        "Pas encore visible par le patient",
        "Avant une consultation d’annonce. Il deviendra visible quand vous l’indiquerez.",
        frozenset({Restriction.HIDDEN_FROM_PATIENT}),
    ),
}
_NOT_TYPED = frozenset({"60"})
_FILE_FIELD = "fichier"
_FIELDS = {
    "type": "type",
    "content.attachment.title": "titre",
    "context.period.start": "date",
    "content.attachment.creation": "date",
    "context.practiceSetting": "cadre",
    "context.facilityType": "secteur",
    "securityLabel": "visibilite",
}
_ABOUT_FILE = frozenset(
    {
        Reason.CONTENT_EMPTY,
        Reason.CONTENT_MISSING,
        Reason.CONTENT_DANGEROUS,
        Reason.CONTENT_TOO_LARGE,
        Reason.CONTENT_TYPE_MISMATCH,
        Reason.CONTENT_TYPE_UNSUPPORTED,
        Reason.CONTENT_UNREADABLE,
        Reason.PATIENT_MISMATCH,
        Reason.UNIQUE_ID_TAKEN,
    }
)


class DepositReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a depositor keeps of his deposit; it travels sealed in the address of the receipt."""

    title: str
    kind: str
    unique_id: str
    octets: int
    at: datetime
    visibility: str


async def deposit(visit: Visit) -> Response:
    """Deposit a PDF. Feeding a record asks for no consent, so the page tells nothing of it."""
    ins = ins_of_address(visit)
    errors: dict[str, str] = {}
    status = 200
    if visit.request.method == "POST":
        claimed = _claimed(visit, errors)
        status = 413 if visit.form.is_too_large else 400
        if claimed is not None and not errors:
            try:
                submission = Submission(ins=ins, documents=(claimed,))
                receipt = await visit.do(provide_documents, submission)
                return visit.go_to(_receipt_address(visit, receipt.documents[0]))
            except Refused as refused:
                status = STATUS[refused.category]
                _explain(refused, errors)
    return visit.render(
        "professional/deposit.html",
        "Déposer un document",
        status=status,
        matricule=ins.matricule,
        patient=await _known(visit),
        path=path_of(visit.part("patient")),
        typed=visit.form,
        groups=_types_by_class(),
        settings=_choices(PRACTICE_SETTING),
        facilities=_choices(FACILITY_TYPE),
        visibilities=VISIBILITIES,
        limit=size(visit.options.max_document_octets),
        today=today(visit.now).isoformat(),
        errors=errors,
    )


async def _known(visit: Visit) -> Patient | None:
    """The patient for the banner; None unless the professional may read, so that it tells nothing."""
    try:
        patient = await patient_of(visit)
    except Refused:
        return None
    return patient if patient.is_authorised else None


def _claimed(visit: Visit, errors: dict[str, str]) -> ClaimedDocument | None:
    """The document as described by the form; what must be corrected is said under each field."""
    form = visit.form
    kind = _selectable().get(form.text("type"))
    if kind is None:
        errors["type"] = "Choisissez le type du document dans la liste."
    if not form.text("titre"):
        errors["titre"] = (
            "Donnez un titre au document, par exemple « Compte rendu de consultation »."
        )
    start = _day(form.text("date"), visit.now, errors)
    setting = _chosen(PRACTICE_SETTING, form.text("cadre"), "cadre", errors)
    facility = _chosen(FACILITY_TYPE, form.text("secteur"), "secteur", errors)
    visibility = VISIBILITIES.get(form.text("visibilite"))
    if visibility is None:
        errors["visibilite"] = "Choisissez qui peut voir ce document."
    upload = form.files.get(_FILE_FIELD)
    if form.is_too_large:
        limit = size(visit.options.max_document_octets)
        errors[_FILE_FIELD] = f"Le fichier dépasse {limit}. Choisissez un fichier plus petit."
    elif upload is None:
        errors[_FILE_FIELD] = "Choisissez le fichier PDF à déposer."
    elif not upload.content.startswith(b"%PDF-"):
        errors[_FILE_FIELD] = (
            "Ce fichier n’est pas un PDF. Enregistrez-le en PDF, puis recommencez."
        )
    if errors or kind is None or visibility is None or upload is None:
        return None
    return ClaimedDocument(
        content=upload.content,
        content_type="application/pdf",
        unique_id=_unique_id(visit),
        title=form.text("titre"),
        created_at=visit.now,
        service_start=start,
        type_code=kind.code,
        facility_type=facility,
        practice_setting=setting,
        restrictions=visibility[2],
    )


def _unique_id(visit: Visit) -> UniqueId:
    """One form makes one document, however often it is sent."""
    key = f"{visit.caller.id}\n{visit.form.text('cle')}".encode()
    number = int.from_bytes(hashlib.sha256(key).digest()[:16], "big")
    return UniqueId(f"2.25.{number}")


def _day(text: str, now: datetime, errors: dict[str, str]) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        errors["date"] = "Saisissez la date de l’acte, par exemple 12/03/2026."
        return None
    if day > today(now) or day.year < 1900:
        errors["date"] = "La date de l’acte ne peut pas être à venir."
        return None
    return datetime.combine(day, time(), PARIS).astimezone(UTC)


def _chosen(name: str, given: str, field: str, errors: dict[str, str]) -> Code | None:
    if not given:
        return None
    code, _, system = given.partition("|")
    found = value_set(name).find(code, system) if system else None
    if found is None:
        errors[field] = "Choisissez une valeur de la liste."
    return found


def _choices(name: str) -> tuple[tuple[str, str], ...]:
    """Codes of a field, to choose by their label."""
    known = value_set(name)
    found = [
        (f"{code.code}|{code.system}", code.display) for code in known if code not in known.older
    ]
    return tuple(sorted(found, key=lambda pair: pair[1]))


def _selectable() -> dict[str, DocumentType]:
    """Types that professionals deposit, by code; patients have their own."""
    return {
        code: kind
        for code, kind in document_types().items()
        if not code.startswith(("DOCPAT", "EXPPAT")) and kind.class_code.code not in _NOT_TYPED
    }


def _types_by_class() -> tuple[tuple[str, tuple[DocumentType, ...]], ...]:
    kinds = _selectable().values()
    groups = []
    for code, label in CLASSES.items():
        same = tuple(kind for kind in kinds if kind.class_code.code == code)
        if same:
            groups.append((label, tuple(sorted(same, key=lambda kind: kind.code.display))))
    return tuple(groups)


def _explain(refused: Refused, errors: dict[str, str]) -> None:
    """Say a refusal beside the field it is about."""
    if refused.reason in NEUTRAL:
        errors[""] = (
            "Le document n’a pas été déposé : aucun dossier n’accepte de document pour cet INS."
        )
    elif refused.reason in _ABOUT_FILE:
        errors[_FILE_FIELD] = refusal(refused)
    else:
        path = refused.field or ""
        field = next((name for end, name in _FIELDS.items() if path.endswith(end)), "")
        errors[field] = refusal(refused)


def _receipt_address(visit: Visit, provided: Provided) -> str:
    entry = provided.entry
    masked, hidden = entry.visibility.masked, entry.visibility.hidden_from_patient
    key = "masque" if masked else "annonce" if hidden else "visible"
    receipt = DepositReceipt(
        title=entry.title,
        kind=entry.type_code.display,
        unique_id=entry.unique_id.value,
        octets=entry.content.size,
        at=entry.submitted_at,
        visibility=key,
    )
    sealed = visit.seal("receipt", msgspec.json.encode(receipt).decode())
    return f"{path_of(visit.part('patient'))}/recu/{sealed}"


async def receipt(visit: Visit) -> Response:
    """The receipt of a deposit, to keep or to print."""
    ins = ins_of_address(visit)
    kept = visit.unseal("receipt", visit.part("receipt"))
    return visit.render(
        "professional/receipt.html",
        "Document déposé",
        matricule=ins.matricule,
        path=path_of(visit.part("patient")),
        receipt=msgspec.json.decode(kept, type=DepositReceipt),
        visibilities=VISIBILITIES,
        depositor=visit.who_name(),
    )


_PRO = Authentication.PROFESSIONAL
_PATIENT = "/pro/patients/{patient}"
PAGES = (
    *form_page(
        _PATIENT + "/deposer", deposit, _PRO, check_access, provide_documents, takes_file=True
    ),
    Page(path=_PATIENT + "/recu/{receipt}", view=receipt, authentication=_PRO),
)
