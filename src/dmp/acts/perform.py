"""The corridor: identify, authorise, do, trace, commit once; or refuse, and trace that.

Nothing reads or writes a record except through `perform`. No answer leaves without its trace.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TypeVar

from dmp.acts.act import Act, OfDocument, OfNothing, OfPatient, OfRecord, Target
from dmp.acts.duties import fulfil, opened_lately
from dmp.acts.keepers import ConcurrentChange
from dmp.acts.tracing import traced
from dmp.acts.work import House, Unit, Work
from dmp.domain.access.actions import Action
from dmp.domain.access.decide import Decision, decide
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.rules import Question
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Caller
from dmp.domain.journal.event import Outcome
from dmp.domain.record.health_record import HealthRecord

RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")

ATTEMPTS = 4
"""How often an act is begun again when another change came first."""


async def perform(
    house: House, act: Act[RequestT, ResultT], request: RequestT, caller: Caller
) -> ResultT:
    """Do one act for one caller. Every call leaves one trace, or fails.

    Raises:
        Refused: the decision or the act refused; the refusal is traced.
    """
    for _ in range(ATTEMPTS):
        unit = house.unit()
        try:
            return await _attempt(house, unit, act, request, caller)
        except ConcurrentChange:
            continue
        finally:
            await unit.close()
    return await _refuse_for_good(house, act, caller)


async def _attempt(
    house: House, unit: Unit, act: Act[RequestT, ResultT], request: RequestT, caller: Caller
) -> ResultT:
    record, document = await _locate(unit, act.target(request))
    work = _open_work(house, unit, caller, record, document)
    try:
        work.decision = await _decide_all(house, work, act, request)
        fulfil(work)
        if isinstance(act.target(request), OfDocument) and document is None:
            raise Refused(Reason.DOCUMENT_NOT_FOUND)
        if act.reads:
            return await _read(work, act, request)
        result = await act.run(request, work)
    except Refused as refusal:
        unit.discard()
        if not work.decision.permitted:
            fulfil(work)
        for alarm in work.alarms:
            work.notices.add(alarm)
        await unit.commit([traced(work, act.name, Outcome.REFUSED, refusal, act.detail(request))])
        raise
    except ConcurrentChange:
        raise
    except Exception:
        unit.discard()
        await unit.commit([traced(work, act.name, Outcome.FAILED, None, act.detail(request))])
        raise
    await unit.commit([traced(work, act.name, Outcome.DONE, None, act.detail(request))])
    return result


async def _read(work: Work, act: Act[RequestT, ResultT], request: RequestT) -> ResultT:
    """Run a reading act while its trace is made durable; answer when both are done."""
    trace = traced(work, act.name, Outcome.DONE, None, act.detail(request))
    committed = asyncio.ensure_future(work.unit.commit([trace]))
    try:
        result = await act.run(request, work)
    finally:
        # Also when the act fails: the first trace must not be left half-way.
        await committed
    return result


async def _locate(unit: Unit, target: Target) -> tuple[HealthRecord | None, DocumentEntry | None]:
    match target:
        case OfNothing():
            return None, None
        case OfPatient(ins=ins):
            return await unit.records.by_ins(ins), None
        case OfRecord(record_id=record_id):
            return await unit.records.by_id(record_id), None
        case OfDocument(document=named, within=None):
            found = await unit.documents.located(named)
            return found if found is not None else (None, None)
        case OfDocument(document=named, within=within):
            # Both are always looked up: that a document is there must not be told by the time it takes.
            record, _ = await _locate(unit, within or OfNothing())
            found = await unit.documents.located(named)
            if record is not None and found is not None:
                entry = found[1]
                return record, entry if entry.record_id == record.record_id else None
            return record, None


_UNDECIDED = Decision(permitted=False, rule="not_decided")


def _open_work(
    house: House,
    unit: Unit,
    caller: Caller,
    record: HealthRecord | None,
    document: DocumentEntry | None,
) -> Work:
    now = house.now()

    def authorise(action: Action, entry: DocumentEntry) -> Decision:
        question = Question(
            action=action, caller=caller, at=now, record=record, document=DocumentFacts.of(entry)
        )
        decision = decide(question, house.policy)
        if not decision.permitted:
            raise Refused(decision.reason or Reason.ACT_NOT_ALLOWED)
        return decision

    return Work(
        now=now,
        caller=caller,
        unit=unit,
        decision=_UNDECIDED,
        rules=house.rules,
        policy=house.policy,
        new_uuid=house.new_uuid,
        read_header=house.read_header,
        knowledge=house.knowledge,
        remembered=house.remembered,
        write_reimbursements=house.write_reimbursements,
        authorise=authorise,
        known_record=record,
        known_document=document,
    )


async def _decide_all(
    house: House, work: Work, act: Act[RequestT, ResultT], request: RequestT
) -> Decision:
    """Ask every action of the act; the first refusal refuses, the last decision stands."""
    actions = act.actions(request)
    question = Question(
        action=Action.TEST_EXISTENCE,
        caller=work.caller,
        at=work.now,
        about=_about(act.target(request)),
        record=work.known_record,
        document=DocumentFacts.of(work.known_document) if work.known_document else None,
        opened=await opened_lately(work, actions),
        settles_for_own=act.settles_for_own(request),
    )
    decision = _UNDECIDED
    for action in actions:
        decision = decide(replace(question, action=action), house.policy)
        work.decision = decision
        if not decision.permitted:
            raise Refused(_told(decision, act.target(request)))
    return decision


def _about(target: Target) -> Ins | None:
    match target:
        case OfPatient(ins=ins) | OfDocument(within=OfPatient(ins=ins)):
            return ins
        case _:
            return None


def _told(decision: Decision, target: Target) -> Reason:
    """The reason the caller is told. Of a document that he named by its identifier alone he learns only
    that it is not there for him, whatever stands between: no identifier can be probed, in whatever
    record. The trace keeps the true rule.
    """
    reason = decision.reason or Reason.ACT_NOT_ALLOWED
    named_alone = isinstance(target, OfDocument) and target.within is None
    says_nothing = decision.rule in _ABOUT_THE_CALLER or reason is Reason.NOT_AUTHOR
    return Reason.DOCUMENT_NOT_FOUND if named_alone and not says_nothing else reason


_ABOUT_THE_CALLER = frozenset(
    {
        "nobody_is_authenticated",
        "caller_may_not_ask_this",
        "person_is_not_proven",
        "law_forbids_this_place_of_work",
    }
)
"""Rules that are tried before any record is looked at."""


async def _refuse_for_good(house: House, act: Act[RequestT, ResultT], caller: Caller) -> ResultT:
    """Every attempt met another change: refuse, traced without a record."""
    unit = house.unit()
    try:
        work = _open_work(house, unit, caller, None, None)
        refusal = Refused(Reason.CONCURRENT_CHANGE)
        await unit.commit([traced(work, act.name, Outcome.REFUSED, refusal, "")])
        raise refusal
    finally:
        await unit.close()


async def refuse(house: House, act_name: str, caller: Caller, refusal: Refused) -> None:
    """Trace a refusal that a door made before any act: a bad token, an unreadable request."""
    unit = house.unit()
    try:
        work = _open_work(house, unit, caller, None, None)
        await unit.commit([traced(work, act_name, Outcome.REFUSED, refusal, "")])
    finally:
        await unit.close()
