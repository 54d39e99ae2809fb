"""Record the holder's consent to an access: for oneself, one's care team, or another professional.

DMP TD0.3 AJOUT; CSP R1111-46, L1111-16, L1111-17 II, IV and V. Who: a professional who is not blocked,
stating that the patient agreed; the holder himself. Never by silence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.notices.telling import place_of, tell
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Coordinator, Professional
from dmp.domain.identity.capacity import Capacity
from dmp.domain.record.calendar import majority_of
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.relations import Basis, Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantConsent:
    """To whom and how.

    Without `grantee_id` a professional records it for himself, or for his structure's team when
    `to_team`. `days` is how long it holds; None takes the service's period. `told` states that the person
    was told why, by which rules, and how to restrict the access: required for another professional's
    access, and in occupational medicine and the fire service.
    """

    record_id: RecordId
    basis: Basis = Basis.ORAL
    to_team: bool = False
    grantee_id: str = ""
    grantee_name: str = ""
    days: int | None = None
    told: bool = False


_MUST_BE_TOLD = frozenset({Capacity.OCCUPATIONAL, Capacity.FIRE_SERVICE})


async def _grant_consent(request: GrantConsent, work: Work) -> HealthRecord:
    grantee_id, grantee_name = _grantee(request, work)
    if work.record.preferences.blocked(grantee_id, work.now):
        raise Refused(Reason.ACCESS_BLOCKED)
    consent = Consent(
        grantee_id=grantee_id,
        grantee_name=grantee_name,
        to_team=request.to_team,
        basis=request.basis,
        collected_by=work.caller.id,
        collected_by_name=getattr(work.caller.who, "name", ""),
        capacity=_capacity(request, work),
        told_of_restrictions=request.told,
        secret=work.caller.secret,
        start=work.now,
        end=_end(request, work),
    )
    if consent.capacity in _MUST_BE_TOLD and not request.told:
        raise Refused(Reason.RESTRICTIONS_NOT_TOLD)
    _tell_of_first_access(consent, work)
    record = replace(work.record, relations=work.record.relations.with_consent(consent))
    work.records.change(record)
    return told_to(record, work.caller)


def _grantee(request: GrantConsent, work: Work) -> tuple[str, str]:
    """Whom it is given to. A professional collects for himself, his own team, or another professional."""
    who = work.caller.who
    if not isinstance(who, Professional | Coordinator):
        if not request.grantee_id.strip():
            raise Refused(Reason.PARAMETER_MISSING, parameter="grantee")
        return request.grantee_id, request.grantee_name
    own = who.structure.id_nat if request.to_team else who.id_nat
    if not request.grantee_id or request.grantee_id == own:
        return own, who.structure.name if request.to_team else who.name
    if request.to_team or isinstance(who, Coordinator):
        raise Refused(
            Reason.RELATION_NOT_POSSIBLE, detail="a team's consent is collected in the team"
        )
    if not request.grantee_name.strip():
        raise Refused(Reason.PARAMETER_MISSING, parameter="grantee name")
    if not request.told:
        raise Refused(Reason.RESTRICTIONS_NOT_TOLD)
    return request.grantee_id, request.grantee_name


def _capacity(request: GrantConsent, work: Work) -> Capacity:
    """A consent for oneself is given for the capacity in which one asks; any other for care."""
    who = work.caller.who
    for_himself = isinstance(who, Professional) and request.grantee_id in ("", who.id_nat)
    if not isinstance(who, Professional) or not for_himself or request.to_team:
        if request.to_team and isinstance(who, Professional) and who.capacity is not Capacity.CARE:
            raise Refused(
                Reason.RELATION_NOT_POSSIBLE, detail="this access is given to one person only"
            )
        return Capacity.CARE
    return who.capacity


def _end(request: GrantConsent, work: Work) -> datetime:
    """Until when: the days asked for, within the service's period, and at majority at the latest."""
    longest = work.rules.consent_days
    days = longest if request.days is None else request.days
    if not 1 <= days <= longest:
        raise Refused(
            Reason.PARAMETER_INVALID, parameter="days", detail=f"from 1 to {longest} days"
        )
    end = work.now + timedelta(days=days)
    majority = majority_of(work.record.traits.birth_date, work.policy.majority_age)
    return min(end, majority) if work.now < majority else end


def _tell_of_first_access(consent: Consent, work: Work) -> None:
    """The holder is told of any first access by a professional or a team. Source: matrix arrêté, annex."""
    known = any(c.grantee_id == consent.grantee_id for c in work.record.relations.consents)
    if known or not isinstance(work.caller.who, Professional | Coordinator):
        return
    tell(
        work,
        NoticeKind.FIRST_ACCESS,
        work.record.record_id,
        consent.grantee_id,
        work.now,
        by=consent.grantee_name,
        place="" if consent.to_team else place_of(work),
        secret=consent.secret,
    )


grant_consent = Act(
    name="grant-consent",
    actions=always(Action.GRANT_CONSENT),
    target=lambda request: OfRecord(request.record_id),
    run=_grant_consent,
    transactions=("TD0.3",),
)
