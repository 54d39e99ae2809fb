"""The named rules of access, in the order in which they are tried.

A rule looks at the question and either passes (None) or decides. What nobody decides is refused.

Source: CSP L1111-15 to L1111-19, R1111-43 to R1111-54; DMP transactions TD0.2, TD0.3, TD3.x.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dmp.domain.access.actions import MAY_ASK, NEEDS_NO_RECORD, NEEDS_OPEN_RECORD, Action
from dmp.domain.access.filter import DocumentFacts, Scope
from dmp.domain.access.matrix import Matrix
from dmp.domain.errors import Reason
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import (
    Caller,
    Holder,
    Professional,
    Purpose,
    Representative,
    Strength,
    StructureSystem,
)
from dmp.domain.record.health_record import HealthRecord, State


class Duty(StrEnum):
    """What a permitted act obliges to."""

    NOTIFY_EMERGENCY = "notify-emergency"  # holder and attending doctor are told afterwards
    WARN_NOT_ANNOUNCED = "warn-not-announced"  # the patient does not know this document yet
    WARN_HIDDEN_FROM_REPRESENTATIVES = "warn-hidden-from-representatives"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """May this caller do this action on this record, and on this document of it, at this instant?

    `about` is the person named by the request, known or not.
    `settles_for_own` marks a search by identifier (TD3.1b): without authorisation the depositor still
    finds his own deposits.
    """

    action: Action
    caller: Caller
    at: datetime
    about: Ins | None = None
    record: HealthRecord | None = None
    document: DocumentFacts | None = None
    settles_for_own: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule decided: a reason when it refuses; a scope, and duties, when it permits."""

    reason: Reason | None = None
    scope: Scope | None = None
    duties: tuple[Duty, ...] = ()


Rule = Callable[[Question, Matrix], Verdict | None]


def nobody_is_authenticated(question: Question, _: Matrix) -> Verdict | None:
    """An unknown caller does nothing."""
    if question.caller.strength is Strength.NONE:
        return Verdict(Reason.NOT_AUTHENTICATED)
    return None


def caller_may_not_ask_this(question: Question, _: Matrix) -> Verdict | None:
    """Each kind of caller has its list of actions; what is not on it is refused."""
    if question.action not in MAY_ASK.get(type(question.caller.who), frozenset()):
        return Verdict(Reason.ACT_NOT_ALLOWED)
    return None


def person_is_not_proven(question: Question, _: Matrix) -> Verdict | None:
    """A holder or representative acts only when authenticated in person, whatever the act."""
    caller = question.caller
    if isinstance(caller.who, Holder | Representative) and caller.strength < Strength.INDIVIDUAL:
        return Verdict(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    return None


def holder_opens_own_record_only(question: Question, _: Matrix) -> Verdict | None:
    """A holder asks about himself; another person's record does not exist for him."""
    who = question.caller.who
    about = question.record.ins if question.record is not None else question.about
    if isinstance(who, Holder) and about is not None and about != who.ins:
        return Verdict(Reason.RECORD_NOT_FOUND)
    return None


def representative_needs_the_relation(question: Question, _: Matrix) -> Verdict | None:
    """A representative exercises the rights of the holder while the relation is in force."""
    who, record = question.caller.who, question.record
    if not isinstance(who, Representative):
        return None
    if record is not None and record.relations.represents(who.ins.matricule, question.at):
        return None
    return Verdict(Reason.RECORD_NOT_FOUND)


def record_is_unknown(question: Question, _: Matrix) -> Verdict | None:
    """No record, or a destroyed one: nothing to act on, unless the action can begin one."""
    if question.record is not None and question.record.state is not State.DESTROYED:
        return None
    if question.action in NEEDS_NO_RECORD:
        return Verdict(scope=None)
    return Verdict(Reason.RECORD_NOT_FOUND)


_NOT_OPEN = {
    State.CLOSED: Reason.RECORD_CLOSED,
    State.ERASURE_PENDING: Reason.RECORD_CLOSED,
    State.SUSPENDED: Reason.RECORD_SUSPENDED,
    State.REFUSED: Reason.RECORD_REFUSED,
    State.INFORMED: Reason.RECORD_NOT_OPEN,
}


def record_is_not_open(question: Question, _: Matrix) -> Verdict | None:
    """A record that is not open takes nothing and shows nothing."""
    record = question.record
    if record is None or question.action not in NEEDS_OPEN_RECORD:
        return None
    reason = _NOT_OPEN.get(record.state)
    return Verdict(reason) if reason else None


def _own_ids(question: Question) -> tuple[str, ...]:
    caller = question.caller
    structure = caller.structure
    return (caller.id, structure.id_nat) if structure else (caller.id,)


def author_manages_own_deposit(question: Question, _: Matrix) -> Verdict | None:
    """The author, or the depositing structure, keeps the management of a deposit, even without consent."""
    document = question.document
    if document is None or question.action not in _MANAGEMENT or document.deleted:
        return None
    if document.owner_ids.isdisjoint(_own_ids(question)):
        return None
    return Verdict(scope=own_scope(question))


_MANAGEMENT = frozenset({Action.REPLACE, Action.MASK, Action.REVEAL, Action.ARCHIVE, Action.DELETE})


def depositing_needs_no_consent(question: Question, _: Matrix) -> Verdict | None:
    """Feeding is a duty of the professional: neither consent nor a block stands against it."""
    if question.action is Action.DEPOSIT:
        return Verdict(scope=own_scope(question))
    return None


def administrative_act_is_permitted(question: Question, _: Matrix) -> Verdict | None:
    """Acts that show no health content, permitted to whoever may ask them."""
    if question.action in _ADMINISTRATIVE:
        return Verdict()
    if question.action is Action.GRANT_CONSENT and not isinstance(
        question.caller.who, Professional
    ):
        return Verdict()
    return None


_ADMINISTRATIVE = frozenset(
    {
        Action.INFORM_PERSON,
        Action.OPEN_RECORD,
        Action.REFUSE_RECORD,
        Action.SUSPEND_RECORD,
        Action.CLOSE_RECORD,
        Action.REOPEN_RECORD,
        Action.ASK_ERASURE,
        Action.CANCEL_ERASURE,
        Action.DESTROY_RECORD,
        Action.TEST_EXISTENCE,
        Action.WITHDRAW_CONSENT,
        Action.DECLARE_ATTENDING_DOCTOR,
        Action.DECLARE_REPRESENTATIVE,
        Action.EXPLAIN_ACCESS,
    }
)


def individual_authentication_is_missing(question: Question, _: Matrix) -> Verdict | None:
    """Reading needs a person authenticated in person; a structure alone never reads."""
    caller = question.caller
    if isinstance(caller.who, StructureSystem) or caller.strength < Strength.INDIVIDUAL:
        return Verdict(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)
    return None


def holder_sees_own_record(question: Question, _: Matrix) -> Verdict | None:
    """The holder sees everything, but what waits for an announcement."""
    if isinstance(question.caller.who, Holder):
        return Verdict(
            scope=Scope(
                own_ids=_own_ids(question), sees_masked=True, sees_hidden_from_representatives=True
            )
        )
    return None


def representative_sees_as_holder(question: Question, _: Matrix) -> Verdict | None:
    """A representative sees what the holder sees, less what is hidden from representatives."""
    if isinstance(question.caller.who, Representative):
        return Verdict(scope=Scope(own_ids=_own_ids(question), sees_masked=True))
    return None


def professional_is_blocked(question: Question, _: Matrix) -> Verdict | None:
    """A professional blocked by the holder reads nothing, in emergency neither."""
    record = question.record
    if record is not None and record.preferences.blocked(question.caller.id):
        return Verdict(Reason.ACCESS_BLOCKED)
    return None


def consent_may_be_recorded(question: Question, _: Matrix) -> Verdict | None:
    """A professional who is not blocked records the consent the patient gave him."""
    if question.action is Action.GRANT_CONSENT:
        return Verdict()
    return None


def _full_scope(question: Question, *, types: frozenset[str] | None, masked: bool) -> Scope:
    return Scope(
        own_ids=_own_ids(question),
        types=types,
        sees_masked=masked,
        sees_hidden_from_patient=True,
        sees_hidden_from_representatives=True,
    )


def attending_doctor_sees_everything(question: Question, _: Matrix) -> Verdict | None:
    """The attending doctor, and the administrators named by the holder, see masked documents too."""
    record, who = question.record, question.caller.who
    if record is None or not isinstance(who, Professional):
        return None
    if record.relations.sees_everything(who.id_nat):
        return Verdict(scope=_full_scope(question, types=None, masked=True))
    return None


def emergency_access(question: Question, matrix: Matrix) -> Verdict | None:
    """Break-glass and SAMU regulation read without consent, unless the holder objected beforehand."""
    caller, record = question.caller, question.record
    if record is None or caller.purpose is Purpose.NORMAL:
        return None
    who = caller.who
    if not isinstance(who, Professional) or question.action not in (
        Action.FIND_DOCUMENTS,
        Action.READ_DOCUMENT,
    ):
        return Verdict(Reason.ACT_NOT_ALLOWED)
    switches = record.preferences.emergency
    if caller.purpose is Purpose.REGULATION:
        if not who.may_regulate:
            return Verdict(Reason.ACT_NOT_ALLOWED)
        allowed = switches.regulation
    else:
        if not caller.purpose_reason.strip():
            return Verdict(Reason.EMERGENCY_REASON_MISSING)
        allowed = switches.break_glass
    if not allowed:
        return Verdict(Reason.EMERGENCY_OPPOSED)
    types = matrix.types_for(who.profession.code)
    scope = _full_scope(question, types=types, masked=switches.masked_documents)
    return Verdict(scope=scope, duties=(Duty.NOTIFY_EMERGENCY,))


def authorisation_is_missing(question: Question, _: Matrix) -> Verdict | None:
    """In normal mode a professional needs a consent in force, his own or his care team's."""
    record, who = question.record, question.caller.who
    if record is None or not isinstance(who, Professional):
        return Verdict(Reason.ACT_NOT_ALLOWED)
    if record.relations.consent_for(who.id_nat, who.structure.id_nat, question.at) is None:
        return Verdict(Reason.ACCESS_NOT_AUTHORISED)
    return None


def authorised_professional_reads_by_the_matrix(
    question: Question, matrix: Matrix
) -> Verdict | None:
    """An authorised professional sees the types of the matrix that are not masked to him."""
    who = question.caller.who
    if not isinstance(who, Professional) or question.action not in (
        Action.FIND_DOCUMENTS,
        Action.READ_DOCUMENT,
        Action.REPLACE,
        Action.MASK,
        Action.REVEAL,
        Action.ARCHIVE,
        Action.DELETE,
    ):
        return None
    types = matrix.types_for(who.profession.code)
    return Verdict(scope=_full_scope(question, types=types, masked=False))


def own_scope(question: Question) -> Scope:
    """The scope of the caller's own deposits, and nothing else."""
    return Scope(own_ids=_own_ids(question), own_only=True)


RULES: tuple[Rule, ...] = (
    nobody_is_authenticated,
    caller_may_not_ask_this,
    person_is_not_proven,
    holder_opens_own_record_only,
    representative_needs_the_relation,
    record_is_unknown,
    record_is_not_open,
    author_manages_own_deposit,
    depositing_needs_no_consent,
    administrative_act_is_permitted,
    individual_authentication_is_missing,
    holder_sees_own_record,
    representative_sees_as_holder,
    professional_is_blocked,
    consent_may_be_recorded,
    attending_doctor_sees_everything,
    emergency_access,
    authorisation_is_missing,
    authorised_professional_reads_by_the_matrix,
)
"""The order is the law's: closed, authenticated, blocked, consent, matrix, visibility."""
