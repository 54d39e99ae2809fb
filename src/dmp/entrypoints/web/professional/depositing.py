"""Deposit a PDF with its metadata. What was typed is kept when something must be corrected.

Source: DMP TD2.1 ("alimentation"): the depositor states the visibility of each document.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time

import msgspec
from starlette.responses import Response

from dmp.acts.documents.provide_documents import Provided, provide_documents
from dmp.acts.sharing.check_access import check_access
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.synthesis import Alert, AlertClass
from dmp.domain.codes import Code
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.types import CLASSES, DocumentType, document_types
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, UniqueId
from dmp.domain.value_sets import FACILITY_TYPE, PRACTICE_SETTING, value_set
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.professional.patient import (
    Patient,
    ins_of_address,
    path_of,
    patient_of,
    render,
)
from dmp.entrypoints.web.professional.writing.kinds import kinds_of
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.refusals import NEUTRAL, STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import PARIS, refusal, size, today
from dmp.locale import translate

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
        "Avant une consultation d’annonce. Il deviendra visible quand vous l’indiquerez, "
        "au plus tard un mois après.",
        frozenset({Restriction.HIDDEN_FROM_PATIENT}),
    ),
}
REPRESENTATIVES: dict[str, tuple[str, str]] = {
    "visible": ("Visible par ses représentants légaux", "Ses parents ou son tuteur le verront."),
    "cache": (
        "Non visible par ses représentants légaux",
        "Si le mineur demande le secret. Le mineur le voit.",
    ),
    "majeur": ("Sans objet : le patient est majeur", ""),
}
"""Who else sees a document of a minor: the depositor states it. Source: EX_2.1-1050."""

_WITH_MEDICINES = frozenset({"57833-6", "57828-6", "75468-9", "60593-1", "SYNTH", "60591-5"})
"""Types of document that name medicines: after their deposit, what these bring is said."""

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
    hidden_from_representatives: bool = False
    type_code: str = ""
    document: str = ""


async def deposit(visit: Visit) -> Response:
    """Deposit a PDF. Feeding a record asks for no consent, so the page tells nothing of it."""
    ins = ins_of_address(visit)
    patient = await _known(visit)
    asked = asked_of_representatives(visit, ins, patient)
    errors: dict[str, str] = {}
    status = 200
    if visit.request.method == "POST":
        claimed = _claimed(visit, asked, errors)
        status = 413 if visit.form.is_too_large else 400
        if claimed is not None and not errors:
            try:
                submission = Submission(ins=ins, documents=(claimed,))
                receipt = await visit.do(provide_documents, submission)
                return visit.go_to(receipt_address(visit, receipt.documents[0]))
            except Refused as refused:
                status = STATUS[refused.category]
                explain(refused, errors)
    return render(
        visit,
        "professional/deposit.html",
        "Déposer un document",
        status=status,
        matricule=ins.matricule,
        patient=patient,
        path=path_of(visit.part("patient")),
        writes=kinds_of(visit.caller.who),
        typed=visit.form,
        groups=_types_by_class(),
        settings=_choices(PRACTICE_SETTING),
        facilities=_choices(FACILITY_TYPE),
        visibilities=VISIBILITIES,
        representatives=[(value, *REPRESENTATIVES[value]) for value in asked],
        is_secret=visit.caller.secret,
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
    return patient if patient.may_read else None


def asked_of_representatives(visit: Visit, ins: Ins, patient: Patient | None) -> tuple[str, ...]:
    """The answers to choose from about legal representatives; none where the question makes no sense.

    Of a patient who is not known here the year of birth is taken from the INS that was typed, so that
    the page tells nothing of a record. Two centuries share a year: then the depositor says which.
    """
    if visit.caller.secret:
        return ()
    if patient is not None:
        return ("visible", "cache") if patient.is_minor else ()
    born, now = ins.matricule[1:3], today(visit.now).year
    oldest = now - visit.house.policy.majority_age
    years = {f"{year % 100:02d}" for year in range(oldest, now + 1)}
    return tuple(REPRESENTATIVES) if born in years else ()


def restrictions(
    visit: Visit, asked: tuple[str, ...], errors: dict[str, str]
) -> frozenset[Restriction] | None:
    """What the form says about who may see the document; None says nothing special."""
    chosen = VISIBILITIES.get(visit.form.text("visibilite"))
    if chosen is None:
        errors["visibilite"] = "Choisissez qui peut voir ce document."
    stated = chosen[2] if chosen is not None else None
    if visit.caller.secret:
        return (stated or frozenset()) | {Restriction.HIDDEN_FROM_REPRESENTATIVES}
    if not asked:
        return stated
    said = visit.form.text("representants")
    if said not in asked:
        errors["representants"] = "Indiquez si ses représentants légaux peuvent voir ce document."
    elif said == "cache":
        return (stated or frozenset()) | {Restriction.HIDDEN_FROM_REPRESENTATIVES}
    elif said == "visible":
        return stated or frozenset()
    return stated


def _claimed(
    visit: Visit, asked: tuple[str, ...], errors: dict[str, str]
) -> ClaimedDocument | None:
    """The document as described by the form; what must be corrected is said under each field."""
    form = visit.form
    kind = _selectable().get(form.text("type"))
    if kind is None:
        errors["type"] = "Choisissez le type du document dans la liste."
    if not form.text("titre"):
        errors["titre"] = (
            "Donnez un titre au document, par exemple « Compte rendu de consultation »."
        )
    start = day_of_act(form.text("date"), visit.now, errors)
    setting = _chosen(PRACTICE_SETTING, form.text("cadre"), "cadre", errors)
    facility = _chosen(FACILITY_TYPE, form.text("secteur"), "secteur", errors)
    chosen = restrictions(visit, asked, errors)
    content = pdf_of(visit, errors)
    if errors or kind is None:
        return None
    return ClaimedDocument(
        content=content,
        content_type="application/pdf",
        unique_id=_unique_id(visit),
        title=form.text("titre"),
        created_at=visit.now,
        service_start=start,
        type_code=kind.code,
        facility_type=facility,
        practice_setting=setting,
        restrictions=chosen,
    )


def pdf_of(visit: Visit, errors: dict[str, str]) -> bytes:
    """The PDF of the form; what must be corrected is said under the file."""
    form = visit.form
    upload = form.files.get(_FILE_FIELD)
    if form.is_too_large:
        limit = size(visit.options.max_document_octets)
        errors[_FILE_FIELD] = translate(
            "Le fichier dépasse {limit}. Choisissez un fichier plus petit.", limit=limit
        )
    elif upload is None:
        errors[_FILE_FIELD] = "Choisissez le fichier PDF à déposer."
    elif not upload.content.startswith(b"%PDF-"):
        errors[_FILE_FIELD] = (
            "Ce fichier n’est pas un PDF. Enregistrez-le en PDF, puis recommencez."
        )
    return upload.content if upload is not None else b""


def _unique_id(visit: Visit) -> UniqueId:
    """One form makes one document, however often it is sent."""
    key = f"{visit.caller.id}\n{visit.form.text('cle')}".encode()
    number = int.from_bytes(hashlib.sha256(key).digest()[:16], "big")
    return UniqueId(f"2.25.{number}")


def day_of_act(text: str, now: datetime, errors: dict[str, str]) -> datetime | None:
    """The local day of the act as its first instant; what must be corrected is said under `date`."""
    try:
        day = typed_day(text)
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


def explain(refused: Refused, errors: dict[str, str]) -> None:
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


def receipt_address(visit: Visit, provided: Provided) -> str:
    """Where the receipt of this deposit stands."""
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
        hidden_from_representatives=entry.visibility.hidden_from_representatives,
        type_code=entry.type_code.code,
        document=str(entry.document_id),
    )
    sealed = visit.seal("receipt", msgspec.json.encode(receipt).decode())
    return f"{path_of(visit.part('patient'))}/recu/{sealed}"


async def receipt(visit: Visit) -> Response:
    """The receipt of a deposit, to keep or to print."""
    ins = ins_of_address(visit)
    kept = visit.unseal("receipt", visit.part("receipt"))
    told = msgspec.json.decode(kept, type=DepositReceipt)
    return render(
        visit,
        "professional/receipt.html",
        "Document déposé",
        matricule=ins.matricule,
        path=path_of(visit.part("patient")),
        receipt=told,
        visibilities=VISIBILITIES,
        depositor=visit.who_name(),
        brought=await _brought(visit, told),
    )


async def _brought(visit: Visit, told: DepositReceipt) -> tuple[Alert, ...] | None:
    """The alerts that rest on the medicines of this document; None where none are looked for.

    Only to whoever may read the record, and only of what exists for him.
    """
    if told.type_code not in _WITH_MEDICINES or visit.only_deposits:
        return None
    patient = await _known(visit)
    if patient is None:
        return None
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=patient.ins))
    return tuple(
        alert
        for alert in synthesis.alerts
        if alert.alert_class is not AlertClass.DUE
        and any(
            str(source.document) == told.document
            for proof in alert.proofs
            for source in proof.sources
        )
    )


_DEPOSITOR = Authentication.DEPOSITOR
_PATIENT = "/pro/patients/{patient}"
PAGES = (
    *form_page(
        _PATIENT + "/deposer",
        deposit,
        _DEPOSITOR,
        check_access,
        provide_documents,
        takes_file=True,
    ),
    Page(
        path=_PATIENT + "/recu/{receipt}",
        view=receipt,
        authentication=_DEPOSITOR,
        acts=(check_access, read_synthesis),
    ),
)
