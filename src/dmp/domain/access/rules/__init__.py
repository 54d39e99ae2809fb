"""The named rules of access, in the order in which they are tried.

A rule looks at the question and either passes (None) or decides. What nobody decides is refused.

Source: CSP L1111-15 to L1111-19, R1111-43 to R1111-54; DMP transactions TD0.2, TD0.3, TD3.x.
"""

from __future__ import annotations

from dmp.domain.access.rules.administrative import (
    administrative_act_is_permitted,
    heirs_receive_after_death_only,
)
from dmp.domain.access.rules.asking import (
    caller_may_not_ask_this,
    carer_needs_the_relation,
    holder_opens_own_record_only,
    law_forbids_this_place_of_work,
    nobody_is_authenticated,
    person_is_not_proven,
    representative_needs_the_relation,
)
from dmp.domain.access.rules.deposits import (
    author_manages_own_deposit,
    depositing_needs_no_consent,
    insurer_feeds_reimbursements_only,
    reimbursements_come_from_the_insurer,
)
from dmp.domain.access.rules.emergency import emergency_access, emergency_changes_nothing
from dmp.domain.access.rules.persons import (
    carer_sees_as_representative,
    holder_sees_own_record,
    individual_authentication_is_missing,
    representative_sees_as_holder,
)
from dmp.domain.access.rules.professionals import (
    administrator_acts_as_attending_doctor,
    attending_doctor_sees_everything,
    author_of_an_action_reads_its_trace,
    authorisation_is_missing,
    authorised_professional_reads_by_the_matrix,
    capacity_is_a_doctors_only,
    consent_may_be_recorded,
    professional_is_blocked,
    too_many_records_were_opened,
)
from dmp.domain.access.rules.question import Duty, Opened, Question, Rule, Verdict
from dmp.domain.access.rules.record_state import (
    record_is_not_open,
    record_is_unknown,
    secret_session_is_not_possible,
)
from dmp.domain.access.rules.shares import bearer_needs_the_share, bearer_sees_what_was_shared

__all__ = ["RULES", "Duty", "Opened", "Question", "Rule", "Verdict"]

RULES: tuple[Rule, ...] = (
    nobody_is_authenticated,
    caller_may_not_ask_this,
    person_is_not_proven,
    law_forbids_this_place_of_work,
    holder_opens_own_record_only,
    representative_needs_the_relation,
    carer_needs_the_relation,
    bearer_needs_the_share,
    record_is_unknown,
    record_is_not_open,
    secret_session_is_not_possible,
    emergency_changes_nothing,
    author_manages_own_deposit,
    insurer_feeds_reimbursements_only,
    reimbursements_come_from_the_insurer,
    depositing_needs_no_consent,
    administrative_act_is_permitted,
    heirs_receive_after_death_only,
    bearer_sees_what_was_shared,
    individual_authentication_is_missing,
    holder_sees_own_record,
    representative_sees_as_holder,
    carer_sees_as_representative,
    professional_is_blocked,
    capacity_is_a_doctors_only,
    consent_may_be_recorded,
    author_of_an_action_reads_its_trace,
    emergency_access,
    too_many_records_were_opened,
    attending_doctor_sees_everything,
    authorisation_is_missing,
    administrator_acts_as_attending_doctor,
    authorised_professional_reads_by_the_matrix,
)
"""The order is the law's: known, open, own, in person, blocked, emergency, consent, matrix, visibility."""
