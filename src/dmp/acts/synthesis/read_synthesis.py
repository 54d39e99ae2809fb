"""Read the synthesis: everything known about a person that exists for the reader, as one page of facts.

Volet de synthèse médicale; design of the zones Z0 to Z7. Who: whoever may find and read documents, within the
documents that exist for him. An alert made with a fact that he may not see does not exist for him either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.synthesis.hiding import for_this_reader
from dmp.acts.synthesis.material import gathered, sees_all_declared, today
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.filter import Scope
from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.patient import Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSynthesis:
    """Of which record."""

    of: Ins | RecordId


@dataclass(frozen=True, slots=True)
class _Key:
    """All that a synthesis depends on, and nothing of what the reader may not see: whether it is remembered
    must not tell of that either. Two readers with the same view share one.
    """

    record_id: RecordId
    traits: Traits
    scope: Scope
    stamp: str
    whole: bool
    day: date
    last_access: datetime | None
    knowledge: Knowledge


def _target(request: ReadSynthesis) -> OfPatient | OfRecord:
    return OfPatient(request.of) if isinstance(request.of, Ins) else OfRecord(request.of)


async def _read(request: ReadSynthesis, work: Work) -> Synthesis:
    return await for_this_reader(await synthesis_before(request, work), work)


async def synthesis_before(_: ReadSynthesis, work: Work) -> Synthesis:
    """The synthesis with every alert that exists for the reader, those included that he put aside."""
    record = work.record
    whole = sees_all_declared(work.caller.who)
    last = await work.facts.last_reading(record.record_id, work.caller.id, today(work.now))
    key = _Key(
        record_id=record.record_id,
        traits=record.traits,
        scope=_timeless(work.scope),
        stamp=await work.facts.stamp(record.record_id, work.scope, whole=whole),
        whole=whole,
        day=today(work.now).date(),
        last_access=last,
        knowledge=work.knowledge,
    )
    known = work.remembered.get(key)
    if isinstance(known, Synthesis):
        return known
    made = synthesis_of(await gathered(work, last), work.knowledge)
    work.remembered.put(key, made)
    return made


def _timeless(scope: Scope) -> Scope:
    """The scope without its instant: what it lets through at that instant is in the stamp."""
    return scope._replace(at=_NO_INSTANT)


_NO_INSTANT = Scope().at


read_synthesis = Act(
    name="read-synthesis",
    actions=always(Action.FIND_DOCUMENTS, Action.READ_DOCUMENT),
    target=_target,
    run=_read,
    reads=True,
)

read_shared_summary = Act(
    name="read-shared-summary",
    actions=always(Action.READ_SHARED_SUMMARY),
    target=_target,
    run=_read,
    reads=True,
)
"""The same for whoever bears a one-time code that shares the summary."""
