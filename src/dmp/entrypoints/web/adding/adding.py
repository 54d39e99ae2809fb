"""Add a document or a photo. Limits are said before anything is chosen; what was typed is kept.

What enters the record is a PDF that was made here (`dmp.formats.received`), never the file as it came.
Source: CSP R1111-42 (documents of the holder); types DOCPAT and EXPPAT of the DMP.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time

from anyio import to_thread
from starlette.responses import Response

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.provide_documents import ProvideToRecord, provide_to_record
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.submission import ClaimedDocument
from dmp.domain.documents.types import DocumentType, document_types
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import UniqueId
from dmp.domain.record.relations import CarerLevel
from dmp.entrypoints.web.forms import Upload
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.login.identities import traits_of
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.refusals import STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import PARIS, figures_day, refusal, size, today
from dmp.formats.received.kinds import ACCEPTED, HEIC
from dmp.formats.received.receive import MAX_OCTETS
from dmp.locale import translate, word

TYPES = (
    "DOCPAT02",
    "DOCPAT05",
    "DOCPAT04",
    "DOCPAT03",
    "DOCPAT07",
    "DOCPAT06",
    "DOCPAT01",
    "DOCPAT09",
    "EXPPAT_3",
    "EXPPAT_1",
    "EXPPAT_2",
)
"""What a patient deposits, in the order of the form. DOCPAT08, his profile, is made by the service."""

VISIBLE, MASKED, SECRET = "visible", "masque", "cache"
_RESTRICTIONS = {
    VISIBLE: frozenset[Restriction](),
    MASKED: frozenset({Restriction.MASKED}),
    SECRET: frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES}),
}
_FILE, _PHOTO = "fichier", "photo"
_SENTENCES = {
    Reason.CONTENT_EMPTY: "Ce fichier est vide. Choisissez le document lui-même.",
    Reason.CONTENT_TYPE_UNSUPPORTED: "Ce type de fichier n’est pas accepté. Choisissez un PDF, une image JPEG, "
    "PNG ou TIFF, ou un texte TXT ou RTF.",
    Reason.CONTENT_TYPE_MISMATCH: "Le contenu de ce fichier ne correspond pas à son nom. Ouvrez-le pour "
    "vérifier, puis enregistrez-le de nouveau.",
    Reason.CONTENT_DANGEROUS: "Ce fichier contient un élément actif qui n’a pas pu être retiré. Imprimez-le en "
    "PDF, puis recommencez.",
}
_HEIC = (
    "Les photos HEIC ne sont pas acceptées. Enregistrez celle-ci en JPEG, ou prenez-la de nouveau : sur un "
    "iPhone, choisissez d’abord « Le plus compatible » dans Réglages, Appareil photo, Formats."
)
_FIELDS = {"content.attachment.title": "titre", "context.period.start": "date"}


async def add(visit: Visit) -> Response:
    """The form, and the document that it brings."""
    record_id = record_of(visit)
    if visit.profile is not None and visit.profile.level is CarerLevel.SEE:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    await visit.do(find_documents, FindDocuments(of=record_id, query=DocumentQuery(count=1)))
    errors: dict[str, str] = {}
    status = 200
    if visit.request.method == "POST":
        status = 400
        try:
            claimed = await _claimed(visit, errors)
            if claimed is not None:
                request = ProvideToRecord(record_id=record_id, documents=(claimed,))
                receipt = await visit.do(provide_to_record, request)
                visit.notice("Le document est ajouté.")
                document_id = receipt.documents[0].entry.document_id
                return visit.go_to(f"{home_of(record_id)}/documents/{document_id}")
        except Refused as refused:
            status = STATUS[refused.category]
            _explain(visit, refused, errors)
    return visit.render(
        "adding/add.html",
        "Ajouter un document",
        status=status,
        record_id=record_id,
        path=f"{home_of(record_id)}/documents",
        typed=visit.form,
        kinds=[(kind.code.code, word("category", kind.category)) for kind in _kinds()],
        asked=visit.form.text("type") or visit.asked("type"),
        visibilities=_visibilities(visit),
        accepted=ACCEPTED,
        limit=size(_limit(visit)),
        today=today(visit.now).isoformat(),
        errors=errors,
    )


def _kinds() -> tuple[DocumentType, ...]:
    return tuple(document_types()[code] for code in TYPES)


def _limit(visit: Visit) -> int:
    return min(MAX_OCTETS, visit.options.max_document_octets)


def _visibilities(visit: Visit) -> list[tuple[str, str, str]]:
    """What may be chosen; a carer chooses nothing, the holder's choice for new documents applies."""
    if visit.cares:
        return []
    found = [
        (VISIBLE, translate("Visible par les professionnels autorisés"), ""),
        (
            MASKED,
            translate("Masqué aux professionnels"),
            translate("Vous pourrez le montrer plus tard."),
        ),
    ]
    if visit.profile is None and _is_minor(visit):
        help_ = translate("Vos parents ne sauront pas que ce document existe.")
        found.append((SECRET, translate("Caché à mes parents et représentants légaux"), help_))
    return found


def _is_minor(visit: Visit) -> bool:
    born, now = traits_of(visit.holder).birth_date, today(visit.now)
    years = now.year - born.year - ((now.month, now.day) < (born.month, born.day))
    return years < visit.house.policy.majority_age


async def _claimed(visit: Visit, errors: dict[str, str]) -> ClaimedDocument | None:
    """The document as the form describes it; what must be corrected is said under each field."""
    form = visit.form
    kind = document_types()[form.text("type")] if form.text("type") in TYPES else None
    if kind is None:
        errors["type"] = "Choisissez une catégorie dans la liste."
    day = _day(form.text("date"), visit.now, errors)
    chosen = form.text("visibilite")
    if chosen not in {value for value, _, _ in _visibilities(visit)} and not visit.cares:
        errors["visibilite"] = "Choisissez qui peut voir ce document."
    upload = _upload(visit, errors)
    if errors or kind is None or day is None or upload is None:
        return None
    title = form.text("titre") or _proposed(kind, day)
    content = await to_thread.run_sync(visit.options.receive, upload.content, upload.name, title)
    return ClaimedDocument(
        content=content,
        content_type="application/pdf",
        unique_id=_unique_id(visit),
        title=title,
        created_at=visit.now,
        service_start=datetime.combine(day, time(), PARIS).astimezone(UTC),
        type_code=kind.code,
        restrictions=None if visit.cares else _RESTRICTIONS[chosen],
    )


def _proposed(kind: DocumentType, day: date) -> str:
    return translate("{what} du {day}", what=word("category", kind.category), day=figures_day(day))


def _upload(visit: Visit, errors: dict[str, str]) -> Upload | None:
    """The one file of the form: chosen among the files, or taken as a photo."""
    form = visit.form
    upload = form.files.get(_FILE) or form.files.get(_PHOTO)
    if form.is_too_large or (upload is not None and len(upload.content) > _limit(visit)):
        errors[_FILE] = _too_large(visit)
    elif upload is None:
        errors[_FILE] = "Choisissez un fichier, ou prenez une photo."
    elif len(form.files) > 1:
        errors[_FILE] = "Choisissez un fichier ou une photo, pas les deux."
    return upload


def _too_large(visit: Visit) -> str:
    sentence = (
        "Le fichier dépasse {limit}. Choisissez un fichier plus petit, ou une photo moins grande."
    )
    return translate(sentence, limit=size(_limit(visit)))


def _day(text: str, now: datetime, errors: dict[str, str]) -> date | None:
    try:
        day = typed_day(text)
    except ValueError:
        errors["date"] = "Saisissez la date du document, par exemple 12/03/2026."
        return None
    if day > today(now) or day.year < 1900:
        errors["date"] = "La date du document ne peut pas être à venir, ni avant 1900."
        return None
    return day


def _unique_id(visit: Visit) -> UniqueId:
    """One form makes one document, however often it is sent."""
    key = f"{visit.caller.id}\n{record_of(visit)}\n{visit.form.text('cle')}".encode()
    number = int.from_bytes(hashlib.sha256(key).digest()[:16], "big")
    return UniqueId(f"2.25.{number}")


def _explain(visit: Visit, refused: Refused, errors: dict[str, str]) -> None:
    """Say a refusal of the content beside the field of the file, another one above the form."""
    path = refused.field or ""
    if refused.reason is Reason.CONTENT_TOO_LARGE:
        errors[_FILE] = _too_large(visit)
    elif refused.values.get("content_type") == HEIC:
        errors[_FILE] = _HEIC
    elif refused.reason in _SENTENCES:
        errors[_FILE] = _SENTENCES[refused.reason]
    elif refused.reason in (Reason.CONTENT_UNREADABLE, Reason.UNAVAILABLE):
        errors[_FILE] = refusal(refused)
    elif any(path.endswith(end) for end in _FIELDS):
        errors[next(field for end, field in _FIELDS.items() if path.endswith(end))] = refusal(
            refused
        )
    else:
        raise refused


PAGES = form_page(
    "/espace/{record}/documents/ajouter",
    add,
    Authentication.HOLDER,
    find_documents,
    provide_to_record,
    takes_file=True,
)
