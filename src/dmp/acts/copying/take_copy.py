"""Take a copy of the record: its documents one after another, what the holder says of himself, who came.

GDPR article 20 (portability), CSP L1111-7. Who: the holder and who represents him, of what exists for each. A
document is handed on as soon as it is read, so that no copy is held in memory.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.documents.whole_record import whole_record
from dmp.acts.person.profile import kept_profile
from dmp.acts.person.read_traces import ExportTraces, exported
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, synthesis_before
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.types import document_types
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.journal.event import Trace
from dmp.domain.record.calendar import LOCAL
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Preferences
from dmp.domain.record.profile import Profile, shared_part
from dmp.domain.record.relations import Relations

MOST_OCTETS = 2 * 1024**3
"""Octets of documents in one copy."""

Taken = Callable[[DocumentEntry, bytes], Awaitable[None]]
"""Takes a document with its octets, exactly as deposited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCopy:
    """Of which record, to whom each document is handed; which ones: days of care (local, both included),
    categories (all without), masked ones or not.
    """

    record_id: RecordId
    take: Taken
    first: date | None = None
    last: date | None = None
    categories: frozenset[str] = frozenset()
    masked: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self.masked and not (self.first or self.last or self.categories)

    def wants(self, entry: DocumentEntry) -> bool:
        """Whether this document is asked for."""
        day = entry.service_start.astimezone(LOCAL).date()
        if (self.first and day < self.first) or (self.last and day > self.last):
            return False
        if entry.visibility.masked and not self.masked:
            return False
        kind = document_types().get(entry.type_code.code)
        category = kind.category if kind is not None else "AUTR_DOC"
        return not self.categories or category in self.categories


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What comes with the documents.

    A copy without masked documents is made to be shown: it has no summary, no journal and no choices, which
    would tell of them, and of the profile only what is shared. One of a period or of some categories has no
    summary.
    """

    record: HealthRecord
    entries: tuple[DocumentEntry, ...]
    profile: Profile
    synthesis: Synthesis | None
    traces: tuple[Trace, ...]


async def _take(request: TakeCopy, work: Work) -> Copied:
    wanted = [entry for entry in await whole_record(work) if request.wants(entry)]
    if sum(entry.content.size for entry in wanted) > MOST_OCTETS:
        raise Refused(Reason.REQUEST_TOO_LARGE, limit=MOST_OCTETS)
    for entry in wanted:
        await request.take(entry, await work.documents.content(entry))
    record, profile = told_to(work.record, work.caller), await kept_profile(work)
    if not request.masked:
        record = replace(record, relations=Relations(), preferences=Preferences(), version=0)
        return Copied(
            record=record,
            entries=tuple(wanted),
            profile=shared_part(profile),
            synthesis=None,
            traces=(),
        )
    traces = await exported(ExportTraces(record_id=request.record_id), work)
    synthesis = None
    if request.is_whole:
        synthesis = await synthesis_before(ReadSynthesis(of=request.record_id), work)
    return Copied(
        record=record,
        entries=tuple(wanted),
        profile=profile,
        synthesis=synthesis,
        traces=traces.traces,
    )


take_copy = Act(
    name="take-copy",
    actions=always(Action.TAKE_COPY),
    target=lambda request: OfRecord(request.record_id),
    run=_take,
    reads=True,
)
