"""Reading as a professional: not blocked, entitled, with an agreement, by the matrix."""

from __future__ import annotations

from dmp.domain.access.actions import Action
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules.marks import only_of, only_on
from dmp.domain.access.rules.question import Question, Verdict
from dmp.domain.access.rules.scopes import by_the_matrix, everything
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Coordinator, Professional, Purpose
from dmp.domain.identity.capacity import Capacity

DOCTOR = "10"
"""Profession of doctors in TRE_G15."""
_A_DOCTORS = frozenset(
    {Capacity.CARE_HOME_COORDINATION, Capacity.OCCUPATIONAL, Capacity.FIRE_SERVICE}
)
_READING = frozenset({Action.FIND_DOCUMENTS, Action.READ_DOCUMENT})
_ON_DOCUMENTS = _READING | {
    Action.REPLACE,
    Action.MASK,
    Action.REVEAL,
    Action.HIDE_FROM_REPRESENTATIVES,
    Action.ARCHIVE,
    Action.DELETE,
}
_GRANT, _READ_OWN_TRACES = Action.GRANT_CONSENT, Action.READ_OWN_TRACES
_CARE, _NORMAL = Capacity.CARE, Purpose.NORMAL


def professional_is_blocked(question: Question, _: Policy) -> Verdict | None:
    """A professional blocked by the holder reads nothing, in emergency neither."""
    record = question.record
    if (
        record is not None
        and record.preferences.blocks
        and record.preferences.blocked(question.caller.id, question.at)
    ):
        return Verdict(Reason.ACCESS_BLOCKED)
    return None


@only_of(Professional)
def capacity_is_a_doctors_only(question: Question, _: Policy) -> Verdict | None:
    """In occupational medicine, the fire service and care home coordination only the doctor consults."""
    caller = question.caller
    who = caller.who
    if (
        isinstance(who, Professional)
        and who.capacity in _A_DOCTORS
        and who.profession.code != DOCTOR
        and caller.purpose is _NORMAL
        and question.action is not _READ_OWN_TRACES
    ):
        return Verdict(Reason.ACT_NOT_ALLOWED)
    return None


@only_on(_GRANT)
def consent_may_be_recorded(question: Question, _: Policy) -> Verdict | None:
    """A professional who is not blocked records the consent the patient gave, to him or to another."""
    if question.action is _GRANT:
        return Verdict()
    return None


@only_on(_READ_OWN_TRACES)
def author_of_an_action_reads_its_trace(question: Question, _: Policy) -> Verdict | None:
    """Whoever acted on a record reads the traces of his own actions."""
    if question.action is _READ_OWN_TRACES:
        return Verdict()
    return None


def passes_a_ceiling(question: Question, policy: Policy) -> bool:
    """Whether one record more would pass a ceiling of the service."""
    opened = question.opened
    if opened is None or not opened.is_new or question.caller.purpose is not _NORMAL:
        return False
    if question.action not in _READING:
        return False
    ceilings = policy.ceilings
    return any(
        ceiling and count >= ceiling
        for count, ceiling in (
            (opened.professional_hour, ceilings.professional_hour),
            (opened.professional_day, ceilings.professional_day),
            (opened.structure_hour, ceilings.structure_hour),
            (opened.structure_day, ceilings.structure_day),
        )
    )


def too_many_records_were_opened(question: Question, policy: Policy) -> Verdict | None:
    """Above the ceiling of different records no further one is opened without emergency."""
    if question.opened is None or not policy.ceilings.refuses:
        return None
    return Verdict(Reason.CEILING_REACHED) if passes_a_ceiling(question, policy) else None


@only_of(Professional)
def attending_doctor_sees_everything(question: Question, _: Policy) -> Verdict | None:
    """The declared attending doctor sees everything by law, masked documents included."""
    record, who = question.record, question.caller.who
    if record is None or not isinstance(who, Professional):
        return None
    if record.relations.attending_doctor is None or who.capacity is not _CARE:
        return None
    if record.relations.is_attending_doctor(who.id_nat, question.at):
        return Verdict(scope=everything(question))
    return None


def authorisation_is_missing(question: Question, _: Policy) -> Verdict | None:
    """A professional needs a consent in force: his own in his capacity, or his care team's."""
    record, who = question.record, question.caller.who
    if record is None:
        return Verdict(Reason.ACT_NOT_ALLOWED)
    match who:
        case Professional():
            consent = record.consent_in_force(
                who.id_nat, who.structure.id_nat, question.at, who.capacity
            )
        case Coordinator():
            # Outside the care team of L1110-12: a team's consent does not reach him.
            consent = record.consent_in_force(who.id_nat, "", question.at)
        case _:
            return Verdict(Reason.ACT_NOT_ALLOWED)
    return Verdict(Reason.ACCESS_NOT_AUTHORISED) if consent is None else None


@only_of(Professional)
def administrator_acts_as_attending_doctor(question: Question, policy: Policy) -> Verdict | None:
    """Whom the holder named administrator sees masked documents of his matrix, blocks and reads the traces."""
    record, who = question.record, question.caller.who
    if record is None or not isinstance(who, Professional) or not record.relations.administrators:
        return None
    if not record.relations.is_administrator(who.id_nat, question.at):
        return None
    if who.capacity is not _CARE:
        return None
    if question.action is Action.BLOCK_PROFESSIONAL:
        return Verdict()
    if question.action in _ON_DOCUMENTS or question.action is Action.READ_TRACES:
        return Verdict(scope=by_the_matrix(question, policy, masked=True))
    return None


@only_on(*_ON_DOCUMENTS)
def authorised_professional_reads_by_the_matrix(
    question: Question, policy: Policy
) -> Verdict | None:
    """An authorised professional sees the types of the matrix that are not masked to him."""
    if question.action not in _ON_DOCUMENTS:
        return None
    return Verdict(scope=by_the_matrix(question, policy, masked=False))
