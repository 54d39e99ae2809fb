"""Record the holder's consent to an access: for oneself, one's care team, or a colleague.

DMP TD0.3 AJOUT; CSP R1111-46, L1111-17 II. Who: a professional who is not blocked, stating that
the patient agreed; the holder himself. Never by silence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Professional
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import Basis, Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantConsent:
    """To whom and how.

    Without `grantee_id` a professional records it for himself, or for his structure's team when
    `to_team`. `days` is how long it holds; None takes the service's period.
    """

    record_id: RecordId
    basis: Basis = Basis.ORAL
    to_team: bool = False
    grantee_id: str = ""
    grantee_name: str = ""
    days: int | None = None


async def _grant_consent(request: GrantConsent, work: Work) -> HealthRecord:
    grantee_id, grantee_name = _grantee(request, work)
    if work.record.preferences.blocked(grantee_id):
        raise Refused(Reason.ACCESS_BLOCKED)
    longest = work.rules.consent_days
    days = longest if request.days is None else request.days
    if not 1 <= days <= longest:
        raise Refused(
            Reason.PARAMETER_INVALID, parameter="days", detail=f"from 1 to {longest} days"
        )
    consent = Consent(
        grantee_id=grantee_id,
        grantee_name=grantee_name,
        to_team=request.to_team,
        basis=request.basis,
        collected_by=work.caller.id,
        start=work.now,
        end=work.now + timedelta(days=days),
    )
    record = replace(work.record, relations=work.record.relations.with_consent(consent))
    work.records.change(record)
    return record


def _grantee(request: GrantConsent, work: Work) -> tuple[str, str]:
    if request.grantee_id:
        return request.grantee_id, request.grantee_name
    who = work.caller.who
    if not isinstance(who, Professional):
        raise Refused(Reason.PARAMETER_MISSING, parameter="grantee")
    if request.to_team:
        return who.structure.id_nat, who.structure.name
    return who.id_nat, who.name


grant_consent = Act(
    name="grant-consent",
    actions=always(Action.GRANT_CONSENT),
    target=lambda request: OfRecord(request.record_id),
    run=_grant_consent,
    transactions=("TD0.3",),
)
