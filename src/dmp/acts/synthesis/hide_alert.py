"""Put an alert aside for one patient, or show it again: for whoever does it, and for nobody else.

Who: a professional who may read the record, in person, outside an emergency. The reason is one of four; the
alert comes back when what it says changes, and after a year at the latest.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, synthesis_before
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.clinical.synthesis import Alert
from dmp.domain.clinical.watching.hiding import (
    LONGEST,
    AlertHidden,
    HidingReason,
    facts_of,
    hidden_id,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.caller import Professional, Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class HideAlert:
    """Which alert of whose record, by its key, and why."""

    of: Ins | RecordId
    key: str
    reason: HidingReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAlert:
    """Which alert of whose record is shown again."""

    of: Ins | RecordId
    key: str


def _target(request: HideAlert | ShowAlert) -> OfPatient | OfRecord:
    return OfPatient(request.of) if isinstance(request.of, Ins) else OfRecord(request.of)


async def _hide(request: HideAlert, work: Work) -> AlertHidden:
    _is_allowed(work)
    alert = await _existing(request, work)
    record_id, by = work.record.record_id, work.caller.id
    slip_id = hidden_id(by, alert.key)
    await work.slips.one(record_id, AlertHidden, slip_id)
    hidden = AlertHidden(
        slip_id=slip_id,
        by=by,
        key=alert.key,
        facts=facts_of(alert),
        reason=request.reason,
        at=work.now,
        until=work.now + LONGEST,
    )
    work.slips.keep(record_id, hidden)
    return hidden


async def _existing(request: HideAlert, work: Work) -> Alert:
    """The alert as it exists for whoever asks: what he may not see, he cannot put aside either."""
    synthesis = await synthesis_before(ReadSynthesis(of=request.of), work)
    for alert in synthesis.alerts:
        if alert.key == request.key:
            return alert
    raise Refused(Reason.PARAMETER_INVALID, parameter="alert", detail="it is not there")


async def _show(request: ShowAlert, work: Work) -> None:
    _is_allowed(work)
    record_id, by = work.record.record_id, work.caller.id
    kept = await work.slips.one(record_id, AlertHidden, hidden_id(by, request.key))
    if kept is not None:
        work.slips.remove(record_id, kept)


def _is_allowed(work: Work) -> None:
    """Raises Refused: ACT_NOT_ALLOWED."""
    if not isinstance(work.caller.who, Professional) or work.caller.purpose is not Purpose.NORMAL:
        raise Refused(Reason.ACT_NOT_ALLOWED)


hide_alert = Act(
    name="hide-alert",
    actions=always(Action.FIND_DOCUMENTS, Action.READ_DOCUMENT),
    target=_target,
    run=_hide,
    detail=lambda request: request.reason.value,
)

show_alert = Act(
    name="show-alert",
    actions=always(Action.FIND_DOCUMENTS, Action.READ_DOCUMENT),
    target=_target,
    run=_show,
)
