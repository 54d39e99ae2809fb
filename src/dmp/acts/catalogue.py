"""Everything that can be done here: the floor plan of the system.

An act that is not in this table is reachable through no door; a test compares both.
"""

from __future__ import annotations

from typing import Any

from dmp.acts.act import Act
from dmp.acts.claims.feed_claims import (
    begin_delivery,
    end_delivery,
    feed_claims,
    know_delivery,
    list_deliveries,
)
from dmp.acts.claims.publish_reimbursements import publish_reimbursements
from dmp.acts.claims.read_history import read_history
from dmp.acts.documents.find_documents import find_documents, find_documents_ready
from dmp.acts.documents.find_episode import find_episode
from dmp.acts.documents.follow_announcement import follow_announcement
from dmp.acts.documents.mask_documents import mask_documents
from dmp.acts.documents.preview_visibility import preview_visibility
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.documents.retrieve_document import (
    read_metadata,
    read_metadata_ready,
    retrieve_document,
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
from dmp.acts.notices.send_notice import send_notice
from dmp.acts.person.profile import read_profile, save_profile
from dmp.acts.person.read_notices import read_inbox, read_notices
from dmp.acts.person.read_traces import read_own_traces, read_traces
from dmp.acts.relatives.answer_invitation import answer_invitation
from dmp.acts.relatives.declare_representative import declare_representative
from dmp.acts.relatives.end_caring import end_caring
from dmp.acts.relatives.invite_carer import invite_carer
from dmp.acts.relatives.list_profiles import list_profiles
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
from dmp.acts.synthesis.derive_findings import derive_findings
from dmp.acts.synthesis.read_synthesis import read_synthesis

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
    # Who acts for the holder, or helps him
    declare_representative,
    invite_carer,
    answer_invitation,
    end_caring,
    list_profiles,
    # Documents
    provide_documents,
    find_documents,
    find_documents_ready,
    search_documents,
    read_metadata,
    read_metadata_ready,
    retrieve_document,
    update_metadata,
    follow_announcement,
    mask_documents,
    preview_visibility,
    find_episode,
    see_as,
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
    derive_findings,
    # The person
    send_notice,
    read_profile,
    save_profile,
    read_traces,
    read_own_traces,
    read_notices,
    read_inbox,
    # Operation
    list_emergencies,
    review_emergency,
    file_heir_request,
    list_heir_requests,
    decide_heir_request,
    release_to_heirs,
)
