"""Share for a short time by a one-time code, and stop it.

Who: the holder and who represents him. The code is told this once and kept as its digest; documents are chosen
among those that exist for the giver. Nothing of what is shared can be changed by its reader.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.briefly.share_code import digest_of, new_code
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Holder
from dmp.domain.record.calendar import majority_of
from dmp.domain.record.relations import Share, Shared

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=7)
MAX_IN_FORCE = 20
MAX_DOCUMENTS = 100
MAX_NAME = 100
KEPT = timedelta(days=30)
"""So long a sharing that has ended is still told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareBriefly:
    """What is shared, with whom in the giver's words, and for how long."""

    record_id: RecordId
    shared: Shared
    given_to: str
    lasts: timedelta
    documents: tuple[UUID, ...] = ()
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndShare:
    """Which sharing ends now."""

    record_id: RecordId
    share_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedBriefly:
    """The sharing, and its code, which is told this once."""

    share: Share
    code: str


async def _share(request: ShareBriefly, work: Work) -> SharedBriefly:
    work.traced_secret = _is_a_minors_own(work)
    _check(request, work)
    chosen = await _chosen(request, work)
    code = new_code()
    end = work.now + request.lasts
    traits, age = work.record.traits, work.policy.majority_age
    by_holder = isinstance(work.caller.who, Holder)
    if work.record.is_minor(work.now, age) and not by_holder:
        end = min(end, majority_of(traits.birth_date, age))
    share = Share(
        share_id=work.new_uuid(),
        given_to=" ".join(request.given_to.split()),
        shared=request.shared,
        code_digest=digest_of(code),
        by=work.caller.id,
        by_holder=by_holder,
        documents=tuple(entry.document_id for entry in chosen),
        category=request.category if request.shared is Shared.CATEGORY else "",
        start=work.now,
        end=end,
    )
    known = work.record.relations
    kept = tuple(one for one in known.shares if one.end > work.now - KEPT)
    relations = replace(known, shares=kept).with_share(share)
    work.records.change(replace(work.record, relations=relations))
    work.traced_documents = chosen
    return SharedBriefly(share=share, code=code)


def _is_a_minors_own(work: Work) -> bool:
    """What a minor shares herself is not told to those who act for her, by the journal neither."""
    return isinstance(work.caller.who, Holder) and work.record.is_minor(
        work.now, work.policy.majority_age
    )


def _check(request: ShareBriefly, work: Work) -> None:
    name = " ".join(request.given_to.split())
    if not 2 <= len(name) <= MAX_NAME:
        raise Refused(Reason.SHARE_NOT_POSSIBLE, field="pour", detail="say who it is for")
    if not SHORTEST <= request.lasts <= LONGEST:
        raise Refused(Reason.SHARE_NOT_POSSIBLE, field="duree", detail="an hour to seven days")
    if request.shared is Shared.CATEGORY and request.category not in CATEGORIES:
        raise Refused(Reason.SHARE_NOT_POSSIBLE, field="categorie", detail="choose a category")
    in_force = [one for one in work.record.relations.shares if one.in_force(work.now)]
    if len(in_force) >= MAX_IN_FORCE:
        raise Refused(Reason.SHARE_NOT_POSSIBLE, field="portee", detail="too many codes at once")


async def _chosen(request: ShareBriefly, work: Work) -> tuple[DocumentEntry, ...]:
    """The documents chosen by name; one that does not exist for the giver is unknown."""
    if request.shared is not Shared.DOCUMENTS:
        return ()
    if not 1 <= len(request.documents) <= MAX_DOCUMENTS:
        raise Refused(Reason.SHARE_NOT_POSSIBLE, field="documents", detail="choose documents")
    found = []
    for named in dict.fromkeys(request.documents):
        entry = await work.documents.by_id(named)
        if entry is None or entry.record_id != work.record.record_id:
            raise Refused(Reason.DOCUMENT_NOT_FOUND)
        if not work.scope.verdict(DocumentFacts.of(entry))[0]:
            raise Refused(Reason.DOCUMENT_NOT_FOUND)
        found.append(entry)
    return tuple(found)


async def _end(request: EndShare, work: Work) -> Share:
    work.traced_secret = _is_a_minors_own(work)
    share = work.record.relations.share(request.share_id)
    if share is None or not (share.by == work.caller.id or isinstance(work.caller.who, Holder)):
        raise Refused(Reason.SHARE_UNKNOWN)
    ended = replace(share, end=share.end_at(work.now))
    work.records.change(replace(work.record, relations=work.record.relations.with_share(ended)))
    return ended


share_briefly = Act(
    name="share-briefly",
    actions=always(Action.SHARE_BRIEFLY),
    target=lambda request: OfRecord(request.record_id),
    run=_share,
    detail=lambda request: request.shared.value,
)

end_share = Act(
    name="end-share",
    actions=always(Action.END_SHARE),
    target=lambda request: OfRecord(request.record_id),
    run=_end,
)
