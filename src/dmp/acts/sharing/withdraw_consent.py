"""End an access: the holder takes it back, or a professional gives up his own.

DMP TD0.3 SUPPRESSION; CSP L1111-19.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Coordinator, Professional
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawConsent:
    """Whose access ends; a professional may leave it out, or name himself only."""

    record_id: RecordId
    grantee_id: str = ""


async def _withdraw_consent(request: WithdrawConsent, work: Work) -> HealthRecord:
    grantee = request.grantee_id
    if isinstance(work.caller.who, Professional | Coordinator):
        grantee = grantee or work.caller.id
        if grantee != work.caller.id:
            raise Refused(Reason.ACT_NOT_ALLOWED)
    if not grantee:
        raise Refused(Reason.PARAMETER_MISSING, parameter="grantee")
    record = replace(work.record, relations=work.record.relations.ended_for(grantee, work.now))
    work.records.change(record)
    return told_to(record, work.caller)


withdraw_consent = Act(
    name="withdraw-consent",
    actions=always(Action.WITHDRAW_CONSENT),
    target=lambda request: OfRecord(request.record_id),
    run=_withdraw_consent,
    transactions=("TD0.3",),
)
