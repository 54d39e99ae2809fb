"""Notices: somebody is told that something happened, never what stands in a document.

They are made durable with the act they tell of. Source: CSP R1111-48 (emergency), R1111-53
(announcement); notices of Mon espace santé.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import NAMESPACE_OID, UUID, uuid5

from dmp.domain.identifiers import RecordId

OPERATOR = "operator"
"""The addressee of notices to whoever operates the service."""


class NoticeKind(StrEnum):
    """What happened."""

    FIRST_ACCESS = "first-access"
    EMERGENCY_ACCESS = "emergency-access"
    ANNOUNCEMENT_OVERDUE = "announcement-overdue"
    AUTOMATIC_REVEAL = "automatic-reveal"
    NEW_DOCUMENT = "new-document"
    MAJORITY = "majority"
    CARER_ANSWERED = "carer-answered"
    CARER_ENDED = "carer-ended"
    CEILING_PASSED = "ceiling-passed"
    FIRST_FEEDING = "first-feeding"
    ACCESS_CODE_ISSUED = "access-code-issued"
    LOGIN_BY_CODE = "login-by-code"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    CONTACT_CHANGED = "contact-changed"
    CARER_INVITED = "carer-invited"
    REPRESENTATIVE_DECLARED = "representative-declared"
    CONFIDENTIALITY_CHANGED = "confidentiality-changed"
    EMERGENCY_CARD_USED = "emergency-card-used"
    SHARE_OPENED = "share-opened"
    SHARE_CODE_AGAIN = "share-code-again"
    ACCESS_REPORTED = "access-reported"
    ACCESS_REPORT_RECEIVED = "access-report-received"
    ACCESS_REPORT_ANSWERED = "access-report-answered"
    CORRECTION_ASKED = "correction-asked"
    CORRECTION_ANSWERED = "correction-answered"


class NoticeTheme(StrEnum):
    """What a notice is about, as a holder chooses what leaves by mail or SMS."""

    ACCESS = "acces"
    DOCUMENTS = "documents"
    RELATIVES = "proches"
    REQUESTS = "demandes"
    EMERGENCY = "urgences"
    SECURITY = "securite"


ALWAYS_TOLD = frozenset({NoticeTheme.EMERGENCY, NoticeTheme.SECURITY})
"""Themes that nobody can silence: a holder is told of an emergency access (CSP R1111-48), and of what might be
somebody else's doing."""

_THEMES: dict[NoticeTheme, tuple[NoticeKind, ...]] = {
    NoticeTheme.ACCESS: (
        NoticeKind.FIRST_ACCESS,
        NoticeKind.SHARE_OPENED,
        NoticeKind.CEILING_PASSED,
    ),
    NoticeTheme.DOCUMENTS: (
        NoticeKind.NEW_DOCUMENT,
        NoticeKind.AUTOMATIC_REVEAL,
        NoticeKind.ANNOUNCEMENT_OVERDUE,
        NoticeKind.FIRST_FEEDING,
    ),
    NoticeTheme.RELATIVES: (
        NoticeKind.CARER_ANSWERED,
        NoticeKind.CARER_ENDED,
        NoticeKind.MAJORITY,
    ),
    NoticeTheme.REQUESTS: (
        NoticeKind.ACCESS_REPORTED,
        NoticeKind.ACCESS_REPORT_RECEIVED,
        NoticeKind.ACCESS_REPORT_ANSWERED,
        NoticeKind.CORRECTION_ASKED,
        NoticeKind.CORRECTION_ANSWERED,
    ),
    NoticeTheme.EMERGENCY: (NoticeKind.EMERGENCY_ACCESS, NoticeKind.EMERGENCY_CARD_USED),
}
_THEME_OF = {kind: theme for theme, kinds in _THEMES.items() for kind in kinds}


def theme_of(kind: NoticeKind) -> NoticeTheme:
    """The theme of a notice. What is of no other theme is of security, which is always told."""
    return _THEME_OF.get(kind, NoticeTheme.SECURITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice about one record.

    `addressee` is empty for the holder and those who act for him, a PS_IdNat, a caller's id, or
    OPERATOR. `secret` keeps it from representatives and carers. `by` and `place` name who caused it,
    `purpose` the mode of access. The same `notice_id` twice is one notice.
    """

    notice_id: UUID
    record_id: RecordId
    at: datetime
    kind: NoticeKind
    addressee: str = ""
    by: str = ""
    place: str = ""
    purpose: str = ""
    secret: bool = False


def notice_id(kind: NoticeKind, addressee: str, *about: object) -> UUID:
    """The identifier of a notice that must be given once about these things."""
    text = "/".join((kind.value, addressee, *map(str, about)))
    return uuid5(NAMESPACE_OID, f"dmp-notice/{text}")
