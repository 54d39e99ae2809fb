"""Everything that can be done here: the floor plan of the system.

An act that is not in this table is reachable through no door; a test compares both.
"""

from __future__ import annotations

from typing import Any

from dmp.acts.act import Act
from dmp.acts.arranging.arrange_documents import arrange_documents, read_arrangement
from dmp.acts.briefly.open_share import open_share, read_share
from dmp.acts.briefly.share_briefly import end_share, share_briefly
from dmp.acts.card.come_by_card import come_by_card
from dmp.acts.card.hold_card import (
    make_emergency_card,
    read_emergency_card,
    revoke_emergency_card,
)
from dmp.acts.claims.feed_claims import (
    begin_delivery,
    end_delivery,
    feed_claims,
    know_delivery,
    list_deliveries,
)
from dmp.acts.claims.publish_reimbursements import publish_reimbursements
from dmp.acts.claims.read_history import read_history
from dmp.acts.copying.take_copy import take_copy
from dmp.acts.corrections.answer_correction import answer_correction, read_owed_correction
from dmp.acts.corrections.ask_correction import ask_correction
from dmp.acts.corrections.list_corrections import list_corrections, list_owed_corrections
from dmp.acts.counter.check_identity import check_identity, read_card
from dmp.acts.counter.dispute_statement import dispute_statement, read_dispute
from dmp.acts.counter.issue_access_code import issue_access_code
from dmp.acts.counter.read_statement import list_operations, read_statement
from dmp.acts.documents.find_documents import (
    browse_documents,
    find_documents,
    find_documents_ready,
)
from dmp.acts.documents.find_episode import find_episode
from dmp.acts.documents.follow_announcement import follow_announcement
from dmp.acts.documents.mask_documents import mask_documents
from dmp.acts.documents.preview_visibility import preview_visibility
from dmp.acts.documents.provide_documents import provide_documents, provide_to_record
from dmp.acts.documents.restore_document import list_deletions, restore_document
from dmp.acts.documents.retrieve_document import (
    read_metadata,
    read_metadata_ready,
    retrieve_document,
    retrieve_page,
)
from dmp.acts.documents.search_documents import search_documents
from dmp.acts.documents.see_as import see_as
from dmp.acts.documents.update_metadata import update_metadata
from dmp.acts.emergency.list_emergencies import list_emergencies
from dmp.acts.emergency.review_emergency import review_emergency
from dmp.acts.heirs.decide_request import decide_heir_request
from dmp.acts.heirs.file_request import file_heir_request
from dmp.acts.heirs.list_requests import list_heir_requests
from dmp.acts.heirs.release_documents import release_to_heirs
from dmp.acts.identity.find_patient import find_patient
from dmp.acts.life.close_record import close_record, suspend_record
from dmp.acts.life.erase_record import (
    ask_record_erasure,
    cancel_record_erasure,
    destroy_record,
)
from dmp.acts.life.inform_person import inform_person
from dmp.acts.life.open_record import open_announced, open_record
from dmp.acts.life.reach_majority import reach_majority
from dmp.acts.life.refuse_record import refuse_record
from dmp.acts.life.reopen_record import reopen_record
from dmp.acts.login.accept_call import accept_call
from dmp.acts.login.log_in import list_logins, note_login, use_access_code, use_passkey
from dmp.acts.login.passkeys import add_passkey, list_passkeys, revoke_passkey
from dmp.acts.login.reader_settings import keep_settings, read_settings
from dmp.acts.login.unlocking import (
    add_unlock_key,
    choose_pin,
    read_unlocking,
    revoke_unlock_key,
    try_pin,
    try_unlock_key,
)
from dmp.acts.notices.send_notice import send_notice
from dmp.acts.person.change_profile import change_profile
from dmp.acts.person.profile import read_profile, save_profile
from dmp.acts.person.read_declared import read_declared
from dmp.acts.person.read_notices import read_inbox, read_notices
from dmp.acts.person.read_traces import export_traces, read_own_traces, read_traces
from dmp.acts.recents.list_accesses import list_accesses, note_access
from dmp.acts.recents.look_for_news import look_for_news
from dmp.acts.recents.note_patient import forget_patient, list_patients, note_patient
from dmp.acts.relatives.answer_invitation import answer_invitation
from dmp.acts.relatives.declare_representative import declare_representative
from dmp.acts.relatives.end_caring import end_caring
from dmp.acts.relatives.invite_carer import invite_carer
from dmp.acts.relatives.list_profiles import list_profiles
from dmp.acts.reports.answer_report import (
    answer_access_report,
    list_reports_waiting,
    take_access_report,
)
from dmp.acts.reports.report_access import list_access_reports, read_trace, report_access
from dmp.acts.sharing.appoint_administrator import appoint_administrator, dismiss_administrator
from dmp.acts.sharing.block_professional import block_professional, unblock_professional
from dmp.acts.sharing.check_access import check_access
from dmp.acts.sharing.declare_attending_doctor import declare_attending_doctor
from dmp.acts.sharing.explain_access import explain_access
from dmp.acts.sharing.grant_consent import grant_consent
from dmp.acts.sharing.keep_from import keep_from, show_again
from dmp.acts.sharing.read_choices import read_choices
from dmp.acts.sharing.set_preferences import set_preferences
from dmp.acts.sharing.withdraw_consent import withdraw_consent
from dmp.acts.space.choose import choose_for_space, read_space_choices
from dmp.acts.space.read_prevention import read_prevention
from dmp.acts.synthesis.derive_findings import derive_findings
from dmp.acts.synthesis.hide_alert import hide_alert, show_alert
from dmp.acts.synthesis.read_synthesis import read_shared_summary, read_synthesis

CATALOGUE: tuple[Act[Any, Any], ...] = (
    # The life of a record
    inform_person,
    open_record,
    open_announced,
    refuse_record,
    suspend_record,
    close_record,
    reopen_record,
    ask_record_erasure,
    cancel_record_erasure,
    destroy_record,
    reach_majority,
    # With whom it is shared
    check_access,
    grant_consent,
    withdraw_consent,
    block_professional,
    unblock_professional,
    declare_attending_doctor,
    appoint_administrator,
    dismiss_administrator,
    keep_from,
    show_again,
    read_choices,
    set_preferences,
    explain_access,
    share_briefly,
    end_share,
    open_share,
    read_share,
    read_emergency_card,
    make_emergency_card,
    revoke_emergency_card,
    come_by_card,
    take_copy,
    # Who acts for the holder, or helps him
    declare_representative,
    invite_carer,
    answer_invitation,
    end_caring,
    list_profiles,
    # Documents
    provide_documents,
    provide_to_record,
    find_documents,
    find_documents_ready,
    browse_documents,
    search_documents,
    read_metadata,
    read_metadata_ready,
    retrieve_document,
    retrieve_page,
    update_metadata,
    list_deletions,
    restore_document,
    follow_announcement,
    mask_documents,
    preview_visibility,
    find_episode,
    see_as,
    # Folders, pins, and what is wrong in a document
    read_arrangement,
    arrange_documents,
    ask_correction,
    list_corrections,
    list_owed_corrections,
    read_owed_correction,
    answer_correction,
    # What the health insurance reimbursed
    publish_reimbursements,
    read_history,
    # The feed of the health insurance
    begin_delivery,
    feed_claims,
    end_delivery,
    know_delivery,
    list_deliveries,
    # Facts
    read_synthesis,
    read_shared_summary,
    derive_findings,
    hide_alert,
    show_alert,
    # What the holder chooses for her own pages
    read_space_choices,
    choose_for_space,
    read_prevention,
    # The person
    send_notice,
    read_profile,
    save_profile,
    change_profile,
    read_declared,
    read_traces,
    export_traces,
    read_own_traces,
    read_trace,
    report_access,
    list_access_reports,
    read_notices,
    read_inbox,
    # Logging in
    use_passkey,
    use_access_code,
    note_login,
    list_logins,
    list_passkeys,
    add_passkey,
    revoke_passkey,
    read_unlocking,
    choose_pin,
    try_pin,
    add_unlock_key,
    try_unlock_key,
    revoke_unlock_key,
    accept_call,
    read_settings,
    keep_settings,
    # At a counter
    read_card,
    check_identity,
    issue_access_code,
    list_operations,
    read_statement,
    read_dispute,
    dispute_statement,
    # The professional's own list of patients
    note_patient,
    find_patient,
    list_patients,
    forget_patient,
    note_access,
    list_accesses,
    look_for_news,
    # Operation
    list_reports_waiting,
    take_access_report,
    answer_access_report,
    list_emergencies,
    review_emergency,
    file_heir_request,
    list_heir_requests,
    decide_heir_request,
    release_to_heirs,
)
