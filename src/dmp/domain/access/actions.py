"""The things one may ask to do, and which kind of caller may ask them at all."""

from __future__ import annotations

from enum import StrEnum

from dmp.domain.identity.caller import (
    DeskAgent,
    Holder,
    Operator,
    Professional,
    Representative,
    StructureSystem,
    SystemJob,
)


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
    TEST_EXISTENCE = "test-existence"
    # Relations and choices
    GRANT_CONSENT = "grant-consent"
    WITHDRAW_CONSENT = "withdraw-consent"
    BLOCK_PROFESSIONAL = "block-professional"
    UNBLOCK_PROFESSIONAL = "unblock-professional"
    DECLARE_ATTENDING_DOCTOR = "declare-attending-doctor"
    DECLARE_REPRESENTATIVE = "declare-representative"
    READ_CHOICES = "read-choices"
    WRITE_CHOICES = "write-choices"
    READ_PROFILE = "read-profile"
    WRITE_PROFILE = "write-profile"
    READ_TRACES = "read-traces"
    # Documents
    FIND_DOCUMENTS = "find-documents"
    READ_DOCUMENT = "read-document"
    PREVIEW_VISIBILITY = "preview-visibility"
    DEPOSIT = "deposit"
    REPLACE = "replace"
    MASK = "mask"
    REVEAL = "reveal"
    ARCHIVE = "archive"
    DELETE = "delete"
    # Operation
    EXPLAIN_ACCESS = "explain-access"


# Deny by default: a pair that is not here is refused before any other rule.
_LIFE = {Action.OPEN_RECORD, Action.REOPEN_RECORD, Action.TEST_EXISTENCE}
_MANAGE = {
    Action.DEPOSIT,
    Action.REPLACE,
    Action.MASK,
    Action.REVEAL,
    Action.ARCHIVE,
    Action.DELETE,
}
_READ = {Action.FIND_DOCUMENTS, Action.READ_DOCUMENT}
_HOLDERS_OWN = {
    Action.REFUSE_RECORD,
    Action.CLOSE_RECORD,
    Action.ASK_ERASURE,
    Action.CANCEL_ERASURE,
    Action.GRANT_CONSENT,
    Action.WITHDRAW_CONSENT,
    Action.BLOCK_PROFESSIONAL,
    Action.UNBLOCK_PROFESSIONAL,
    Action.READ_CHOICES,
    Action.WRITE_CHOICES,
    Action.READ_PROFILE,
    Action.WRITE_PROFILE,
    Action.READ_TRACES,
    Action.PREVIEW_VISIBILITY,
    Action.DEPOSIT,
    Action.REPLACE,
    Action.MASK,
    Action.ARCHIVE,
    Action.DELETE,
}

MAY_ASK: dict[type, frozenset[Action]] = {
    Holder: frozenset(_LIFE | _HOLDERS_OWN | _READ),
    Representative: frozenset(_LIFE | _HOLDERS_OWN | _READ),
    Professional: frozenset(
        _LIFE
        | _MANAGE
        | _READ
        | {
            Action.GRANT_CONSENT,
            Action.WITHDRAW_CONSENT,
            Action.BLOCK_PROFESSIONAL,
            Action.READ_TRACES,
        }
    ),
    # A structure's software may ask to read only to be told that a person must.
    StructureSystem: frozenset(_MANAGE | _READ | {Action.TEST_EXISTENCE}),
    DeskAgent: frozenset(_LIFE | {Action.INFORM_PERSON, Action.REFUSE_RECORD, Action.CLOSE_RECORD}),
    Operator: frozenset(
        {
            Action.INFORM_PERSON,
            Action.TEST_EXISTENCE,
            Action.SUSPEND_RECORD,
            Action.CLOSE_RECORD,
            Action.OPEN_RECORD,
            Action.DECLARE_ATTENDING_DOCTOR,
            Action.DECLARE_REPRESENTATIVE,
            Action.EXPLAIN_ACCESS,
        }
    ),
    SystemJob: frozenset({Action.OPEN_RECORD, Action.CLOSE_RECORD, Action.DESTROY_RECORD}),
}
"""Which kind of caller may ask which action. Source: table of actors, CSP L1111-15 to L1111-18."""

NEEDS_NO_RECORD = frozenset({Action.INFORM_PERSON, Action.OPEN_RECORD, Action.REFUSE_RECORD})
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
    }
)
"""Actions on the content, which a record that is not open neither takes nor shows."""
