"""Keep a document, a category or everything from one profession or one professional; or show it again.

CSP R1111-49. Who: the holder, his representative, of documents that exist for them. Nothing of it shows on a
document. Masks reach neither the attending doctor nor an administrator, nor who deposited the document.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.documents.whole_record import other_versions
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.matrix import lines
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import PersonId, RecordId
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Audience, Covered, Mask, Preferences

MASKS_AT_MOST = 500
"""Masks in force in one record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepFrom:
    """From whom, and what.

    `audience_id` is a line of the matrix or a PS_IdNat, `name` the one the holder knows it by; `target` a
    document's identifier or a category, empty for everything; `also` are further documents.
    """

    record_id: RecordId
    audience: Audience
    audience_id: str
    name: str
    covered: Covered
    target: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAgain:
    """To whom, and what: as it was kept."""

    record_id: RecordId
    audience: Audience
    audience_id: str
    name: str
    covered: Covered
    target: str = ""
    also: tuple[str, ...] = ()


async def _keep(request: KeepFrom, work: Work) -> HealthRecord:
    _check_audience(request, work)
    preferences = work.record.preferences
    for mask in await _masks(request, work):
        preferences = preferences.with_mask(mask)
    in_force = sum(mask.in_force(work.now) for mask in preferences.masks)
    if in_force > MASKS_AT_MOST:
        raise _not_possible(f"at most {MASKS_AT_MOST} masks")
    return _changed(preferences, work)


async def _show(request: ShowAgain, work: Work) -> HealthRecord:
    preferences = work.record.preferences
    for mask in await _masks(request, work):
        preferences = preferences.without_mask(mask)
    return _changed(preferences, work)


async def _masks(request: KeepFrom | ShowAgain, work: Work) -> tuple[Mask, ...]:
    """What is covered: a document with its other versions, a category, or everything."""
    whole = Mask(
        audience=request.audience,
        audience_id=request.audience_id.strip(),
        covered=request.covered,
        target=request.target,
        name=request.name.strip() or _known_name(request),
        start=work.now,
    )
    match request.covered:
        case _ if request.also and request.covered is not Covered.DOCUMENT:
            raise _not_possible("only documents are named together")
        case Covered.DOCUMENT:
            found: dict[UUID, DocumentEntry] = {}
            for target in (request.target, *request.also):
                await _versions(request, target, found, work)
            work.traced_documents = tuple(found.values())
            return tuple(_of_document(whole, entry) for entry in work.traced_documents)
        case Covered.CATEGORY if request.target not in CATEGORIES:
            raise _not_possible("unknown category")
        case Covered.EVERYTHING if request.target:
            raise _not_possible("everything has no target")
        case _:
            return (whole,)


def _known_name(request: KeepFrom | ShowAgain) -> str:
    line = lines().get(request.audience_id.strip().partition("/")[0])
    return line.plural if request.audience is Audience.PROFESSION and line is not None else ""


def _of_document(mask: Mask, entry: DocumentEntry) -> Mask:
    secret = entry.visibility.hidden_from_representatives
    return replace(mask, target=str(entry.document_id), secret=secret)


def _changed(preferences: Preferences, work: Work) -> HealthRecord:
    if preferences == work.record.preferences:
        return told_to(work.record, work.caller)
    record = replace(work.record, preferences=preferences)
    work.records.change(record)
    return told_to(record, work.caller)


def _check_audience(request: KeepFrom, work: Work) -> None:
    audience = request.audience_id.strip()
    if request.audience is Audience.PROFESSION:
        allowed = work.policy.matrices.at(work.now).allowed
        if audience not in lines() and audience not in allowed:
            raise _not_possible("unknown profession")
        return
    try:
        PersonId.parse(audience, test_mode=work.rules.test_mode)
    except Refused:
        raise _not_possible("a professional is named by his PS_IdNat") from None
    if not request.name.strip():
        raise Refused(Reason.PARAMETER_MISSING, parameter="name")
    relations = work.record.relations
    if relations.is_attending_doctor(audience, work.now):
        raise _not_possible("the attending doctor sees everything by law")
    if relations.is_administrator(audience, work.now):
        raise _not_possible("an administrator sees everything of his profession; dismiss him first")


async def _versions(
    request: KeepFrom | ShowAgain, target: str, found: dict[UUID, DocumentEntry], work: Work
) -> None:
    """A document of this record with its other versions, put with those found."""
    try:
        entry = await _known(UUID(target), work)
    except ValueError:
        entry = None
    if entry is None:
        raise _not_possible("no such document in this record")
    if isinstance(request, KeepFrom) and request.audience_id.strip() in entry.owner_ids:
        raise _not_possible("who deposited a document keeps it")
    found[entry.document_id] = entry
    for other in await other_versions(entry, work):
        if _exists(other, work):
            found[other.document_id] = other


async def _known(document: UUID, work: Work) -> DocumentEntry | None:
    """A document of this record that exists for the caller."""
    entry = await work.documents.by_id(document)
    if entry is None or entry.record_id != work.record.record_id:
        return None
    return entry if _exists(entry, work) else None


def _exists(entry: DocumentEntry, work: Work) -> bool:
    try:
        work.authorise(Action.PREVIEW_VISIBILITY, entry)
    except Refused:
        return False
    return True


def _not_possible(detail: str) -> Refused:
    return Refused(Reason.MASK_NOT_POSSIBLE, detail=detail)


keep_from = Act(
    name="keep-from",
    actions=always(Action.WRITE_CHOICES),
    target=lambda request: OfRecord(request.record_id),
    run=_keep,
    detail=lambda request: request.name,
)

show_again = Act(
    name="show-again",
    actions=always(Action.WRITE_CHOICES),
    target=lambda request: OfRecord(request.record_id),
    run=_show,
    detail=lambda request: request.name,
)
