"""The things one may ask to do, and which kind of caller may ask them at all."""

from __future__ import annotations

from enum import StrEnum

from dmp.domain.identity.caller import (
    Carer,
    CodeBearer,
    Coordinator,
    DeskAgent,
    Holder,
    Insurer,
    Operator,
    Professional,
    Representative,
    Secretary,
    StructureSystem,
    SupportOfficer,
    SystemJob,
)
from dmp.domain.record.relations import CarerLevel


class Action(StrEnum):
    """What is asked of the access room."""

    # Life of the record
    INFORM_PERSON = "inform-person"
    OPEN_RECORD = "open-record"
    REFUSE_RECORD = "refuse-record"
    SUSPEND_RECORD = "suspend-record"
    CLOSE_RECORD = "close-record"
    REOPEN_RECORD = "reopen-record"
    ASK_ERASURE = "ask-erasure"
    CANCEL_ERASURE = "cancel-erasure"
    DESTROY_RECORD = "destroy-record"
    REACH_MAJORITY = "reach-majority"
    TEST_EXISTENCE = "test-existence"
    # Relations and choices
    GRANT_CONSENT = "grant-consent"
    WITHDRAW_CONSENT = "withdraw-consent"
    BLOCK_PROFESSIONAL = "block-professional"
    UNBLOCK_PROFESSIONAL = "unblock-professional"
    DECLARE_ATTENDING_DOCTOR = "declare-attending-doctor"
    DECLARE_REPRESENTATIVE = "declare-representative"
    APPOINT_ADMINISTRATOR = "appoint-administrator"
    DISMISS_ADMINISTRATOR = "dismiss-administrator"
    INVITE_CARER = "invite-carer"
    ANSWER_INVITATION = "answer-invitation"
    END_CARING = "end-caring"
    LIST_PROFILES = "list-profiles"
    READ_CHOICES = "read-choices"
    WRITE_CHOICES = "write-choices"
    READ_PROFILE = "read-profile"
    WRITE_PROFILE = "write-profile"
    READ_TRACES = "read-traces"
    READ_OWN_TRACES = "read-own-traces"
    READ_NOTICES = "read-notices"
    READ_INBOX = "read-inbox"
    LIST_PATIENTS = "list-patients"
    FIND_PATIENT = "find-patient"
    READ_COUNTER = "read-counter"
    CHECK_IDENTITY = "check-identity"
    DISPUTE_STATEMENT = "dispute-statement"
    KEEP_SETTINGS = "keep-settings"
    ISSUE_ACCESS_CODE = "issue-access-code"
    SEND_NOTICE = "send-notice"
    # Logging in
    LOG_IN = "log-in"
    NOTE_LOGIN = "note-login"
    KEEP_PASSKEYS = "keep-passkeys"
    UNLOCK = "unlock"
    ACCEPT_CALL = "accept-call"
    REPORT_ACCESS = "report-access"
    SHARE_BRIEFLY = "share-briefly"
    END_SHARE = "end-share"
    OPEN_SHARE = "open-share"
    READ_SHARED_SUMMARY = "read-shared-summary"
    READ_EMERGENCY_CARD = "read-emergency-card"
    MAKE_EMERGENCY_CARD = "make-emergency-card"
    COME_BY_CARD = "come-by-card"
    TAKE_COPY = "take-copy"
    # Documents
    FIND_DOCUMENTS = "find-documents"
    READ_DOCUMENT = "read-document"
    PREVIEW_VISIBILITY = "preview-visibility"
    DEPOSIT = "deposit"
    REPLACE = "replace"
    MASK = "mask"
    REVEAL = "reveal"
    HIDE_FROM_REPRESENTATIVES = "hide-from-representatives"
    FOLLOW_ANNOUNCEMENT = "follow-announcement"
    ARCHIVE = "archive"
    DELETE = "delete"
    RESTORE = "restore"
    READ_ARRANGEMENT = "read-arrangement"
    ARRANGE_DOCUMENTS = "arrange-documents"
    ASK_CORRECTION = "ask-correction"
    READ_CORRECTIONS = "read-corrections"
    ANSWER_CORRECTION = "answer-correction"
    # What the health insurance reimbursed, and what documents say
    FEED_CLAIMS = "feed-claims"
    DERIVE_FINDINGS = "derive-findings"
    # Operation
    EXPLAIN_ACCESS = "explain-access"
    LIST_REPORTS = "list-reports"
    ANSWER_REPORT = "answer-report"
    LIST_EMERGENCIES = "list-emergencies"
    REVIEW_EMERGENCY = "review-emergency"
    LIST_HEIR_REQUESTS = "list-heir-requests"
    FILE_HEIR_REQUEST = "file-heir-request"
    DECIDE_HEIR_REQUEST = "decide-heir-request"
    RELEASE_TO_HEIRS = "release-to-heirs"


# Deny by default: a pair that is not here is refused before any other rule.
_LIFE = {Action.OPEN_RECORD, Action.REOPEN_RECORD, Action.TEST_EXISTENCE}
_MANAGE = {
    Action.DEPOSIT,
    Action.REPLACE,
    Action.MASK,
    Action.REVEAL,
    Action.HIDE_FROM_REPRESENTATIVES,
    Action.ARCHIVE,
    Action.DELETE,
}
_READ = {Action.FIND_DOCUMENTS, Action.READ_DOCUMENT}
_AGREED = {Action.GRANT_CONSENT, Action.WITHDRAW_CONSENT}
_HOLDERS_OWN = {
    Action.REFUSE_RECORD,
    Action.CLOSE_RECORD,
    Action.ASK_ERASURE,
    Action.CANCEL_ERASURE,
    Action.BLOCK_PROFESSIONAL,
    Action.UNBLOCK_PROFESSIONAL,
    Action.APPOINT_ADMINISTRATOR,
    Action.DISMISS_ADMINISTRATOR,
    Action.INVITE_CARER,
    Action.END_CARING,
    Action.READ_CHOICES,
    Action.WRITE_CHOICES,
    Action.READ_PROFILE,
    Action.WRITE_PROFILE,
    Action.READ_TRACES,
    Action.REPORT_ACCESS,
    Action.SHARE_BRIEFLY,
    Action.END_SHARE,
    Action.READ_EMERGENCY_CARD,
    Action.MAKE_EMERGENCY_CARD,
    Action.TAKE_COPY,
    Action.READ_NOTICES,
    Action.PREVIEW_VISIBILITY,
    Action.DEPOSIT,
    Action.REPLACE,
    Action.MASK,
    Action.ARCHIVE,
    Action.DELETE,
    Action.RESTORE,
    Action.READ_ARRANGEMENT,
    Action.ARRANGE_DOCUMENTS,
    Action.ASK_CORRECTION,
    Action.READ_CORRECTIONS,
}
_DECLARED = {Action.DECLARE_ATTENDING_DOCTOR, Action.DECLARE_REPRESENTATIVE}
_SEE = frozenset(
    _READ | {Action.TEST_EXISTENCE, Action.READ_PROFILE, Action.END_CARING, Action.READ_ARRANGEMENT}
)
_HELP = _SEE | {Action.DEPOSIT}

BY_LEVEL: dict[CarerLevel, frozenset[Action]] = {
    CarerLevel.SEE: _SEE,
    CarerLevel.HELP: _HELP,
    CarerLevel.MANAGE: _HELP
    | {
        Action.WRITE_PROFILE,
        Action.REPLACE,
        Action.ARCHIVE,
        Action.DELETE,
        Action.RESTORE,
        Action.ASK_CORRECTION,
        Action.READ_CORRECTIONS,
    },
}
"""What a carer may ask, by his level: never to share, mask, close, or read who came."""

MAY_ASK: dict[type, frozenset[Action]] = {
    Holder: frozenset(
        _LIFE
        | _HOLDERS_OWN
        | _READ
        | _AGREED
        | {
            Action.HIDE_FROM_REPRESENTATIVES,
            Action.LIST_PROFILES,
            Action.READ_INBOX,
            Action.KEEP_PASSKEYS,
            Action.NOTE_LOGIN,
        }
    ),
    Representative: frozenset(_LIFE | _HOLDERS_OWN | _READ | _AGREED),
    Carer: BY_LEVEL[CarerLevel.MANAGE] | {Action.ANSWER_INVITATION},
    Professional: frozenset(
        _LIFE
        | _MANAGE
        | _READ
        | _AGREED
        | {
            Action.BLOCK_PROFESSIONAL,
            Action.READ_TRACES,
            Action.READ_OWN_TRACES,
            Action.COME_BY_CARD,
            Action.READ_INBOX,
            Action.LIST_PATIENTS,
            Action.FIND_PATIENT,
            Action.READ_COUNTER,
            Action.CHECK_IDENTITY,
            Action.DISPUTE_STATEMENT,
            Action.KEEP_SETTINGS,
            Action.ISSUE_ACCESS_CODE,
            Action.ANSWER_CORRECTION,
            Action.NOTE_LOGIN,
            Action.UNLOCK,
            Action.ACCEPT_CALL,
        }
    ),
    Coordinator: frozenset(
        _READ
        | _AGREED
        | {
            Action.TEST_EXISTENCE,
            Action.DEPOSIT,
            Action.REPLACE,
            Action.DELETE,
            Action.READ_OWN_TRACES,
            Action.LIST_PATIENTS,
            Action.KEEP_SETTINGS,
            Action.ANSWER_CORRECTION,
            Action.NOTE_LOGIN,
            Action.UNLOCK,
            Action.ACCEPT_CALL,
        }
    ),
    Secretary: frozenset({Action.TEST_EXISTENCE, Action.DEPOSIT, Action.NOTE_LOGIN, Action.UNLOCK}),
    # A structure's software may ask to read only to be told that a person must.
    StructureSystem: frozenset(_MANAGE | _READ | {Action.TEST_EXISTENCE}),
    Insurer: frozenset(
        _DECLARED
        | {
            Action.TEST_EXISTENCE,
            Action.INFORM_PERSON,
            Action.DEPOSIT,
            Action.REPLACE,
            Action.DELETE,
            Action.FEED_CLAIMS,
        }
    ),
    DeskAgent: frozenset(
        _LIFE
        | {
            Action.INFORM_PERSON,
            Action.REFUSE_RECORD,
            Action.CLOSE_RECORD,
            Action.DECLARE_REPRESENTATIVE,
            Action.FILE_HEIR_REQUEST,
            Action.READ_COUNTER,
            Action.CHECK_IDENTITY,
            Action.ISSUE_ACCESS_CODE,
            Action.NOTE_LOGIN,
        }
    ),
    SupportOfficer: frozenset({Action.TEST_EXISTENCE}),
    Operator: frozenset(
        _DECLARED
        | {
            Action.INFORM_PERSON,
            Action.TEST_EXISTENCE,
            Action.SUSPEND_RECORD,
            Action.CLOSE_RECORD,
            Action.OPEN_RECORD,
            Action.EXPLAIN_ACCESS,
            Action.ANSWER_CORRECTION,
            Action.READ_INBOX,
            Action.LIST_REPORTS,
            Action.ANSWER_REPORT,
            Action.LIST_EMERGENCIES,
            Action.REVIEW_EMERGENCY,
            Action.LIST_HEIR_REQUESTS,
            Action.FILE_HEIR_REQUEST,
            Action.DECIDE_HEIR_REQUEST,
            Action.RELEASE_TO_HEIRS,
        }
    ),
    CodeBearer: frozenset(_READ | {Action.OPEN_SHARE, Action.READ_SHARED_SUMMARY}),
    SystemJob: frozenset(
        {
            Action.OPEN_RECORD,
            Action.CLOSE_RECORD,
            Action.DESTROY_RECORD,
            Action.REACH_MAJORITY,
            Action.FOLLOW_ANNOUNCEMENT,
            Action.DERIVE_FINDINGS,
            Action.SEND_NOTICE,
            Action.LOG_IN,
        }
    ),
}
"""Which kind of caller may ask which action. Source: table of actors, CSP L1111-15 to L1111-18."""

NEEDS_NO_RECORD = frozenset(
    {
        Action.INFORM_PERSON,
        Action.OPEN_RECORD,
        Action.REFUSE_RECORD,
        Action.LOG_IN,
        Action.NOTE_LOGIN,
        Action.UNLOCK,
        Action.ACCEPT_CALL,
        Action.LIST_PROFILES,
        Action.ANSWER_INVITATION,
        Action.OPEN_SHARE,
        Action.COME_BY_CARD,
        Action.READ_INBOX,
        Action.LIST_PATIENTS,
        Action.FIND_PATIENT,
        Action.READ_COUNTER,
        Action.CHECK_IDENTITY,
        Action.DISPUTE_STATEMENT,
        Action.KEEP_SETTINGS,
        Action.ANSWER_CORRECTION,
        Action.LIST_REPORTS,
        Action.LIST_EMERGENCIES,
        Action.LIST_HEIR_REQUESTS,
        Action.FEED_CLAIMS,
    }
)
"""Actions that also make sense when no record is known."""

NEEDS_OPEN_RECORD = (
    _MANAGE
    | _READ
    | {
        Action.PREVIEW_VISIBILITY,
        Action.READ_PROFILE,
        Action.WRITE_PROFILE,
        Action.GRANT_CONSENT,
        Action.BLOCK_PROFESSIONAL,
        Action.UNBLOCK_PROFESSIONAL,
        Action.APPOINT_ADMINISTRATOR,
        Action.INVITE_CARER,
        Action.SHARE_BRIEFLY,
        Action.READ_SHARED_SUMMARY,
        Action.READ_EMERGENCY_CARD,
        Action.MAKE_EMERGENCY_CARD,
        Action.TAKE_COPY,
        Action.ISSUE_ACCESS_CODE,
        Action.RESTORE,
        Action.READ_ARRANGEMENT,
        Action.ARRANGE_DOCUMENTS,
        Action.ASK_CORRECTION,
        Action.READ_CORRECTIONS,
        Action.DERIVE_FINDINGS,
    }
)
"""Actions on the content, which a record that is not open neither takes nor shows."""
