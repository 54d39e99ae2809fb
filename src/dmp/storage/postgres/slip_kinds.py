"""The kinds of slips: each type of the domain that is kept as one, with its word in the tables."""

from __future__ import annotations

from typing import Final

from dmp.domain.arranging.access_code import AccessCode
from dmp.domain.arranging.access_report import AccessReport
from dmp.domain.arranging.arrangement import Arrangement
from dmp.domain.arranging.correction import CorrectionRequest
from dmp.domain.arranging.emergency_card import EmergencyCard
from dmp.domain.arranging.own_deletion import OwnDeletion
from dmp.domain.arranging.space_choices import SpaceChoices
from dmp.domain.clinical.watching.hiding import AlertHidden
from dmp.domain.counter.dispute import StatementDispute
from dmp.domain.counter.opening import CountedOpening
from dmp.domain.counter.operation import DeskOperation
from dmp.domain.identity.noted_login import NotedLogin
from dmp.domain.identity.passkey import Passkey
from dmp.domain.identity.pin import UnlockPin
from dmp.domain.identity.reader_settings import ReaderSettings
from dmp.domain.identity.searched import IdentityMark, LookupCount
from dmp.domain.identity.spent_call import SpentCall
from dmp.domain.record.accessed_record import AccessedRecord
from dmp.domain.record.former_contact import FormerContact
from dmp.domain.record.recent_patient import RecentPatient

KINDS: Final[dict[type, str]] = {
    Arrangement: "arrangement",
    CorrectionRequest: "correction-request",
    AccessReport: "access-report",
    EmergencyCard: "emergency-card",
    AccessCode: "access-code",
    RecentPatient: "recent-patient",
    AlertHidden: "alert-hidden",
    IdentityMark: "identity-mark",
    LookupCount: "lookup-count",
    Passkey: "passkey",
    UnlockPin: "unlock-pin",
    NotedLogin: "noted-login",
    FormerContact: "former-contact",
    SpentCall: "spent-call",
    DeskOperation: "desk-operation",
    CountedOpening: "counted-opening",
    StatementDispute: "statement-dispute",
    ReaderSettings: "reader-settings",
    AccessedRecord: "accessed-record",
    SpaceChoices: "space-choices",
    OwnDeletion: "own-deletion",
}
"""The word of each type. A word is never given to another type."""


def kind_of(slip: type) -> str:
    """The word of a type. Raises LookupError: it is kept as no slip; add it to KINDS."""
    try:
        return KINDS[slip]
    except KeyError:
        raise LookupError(f"{slip.__name__} is not a kind of slip") from None
