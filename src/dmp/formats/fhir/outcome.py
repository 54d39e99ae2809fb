"""Refusals as OperationOutcome: one table from reason to wire, and the writing.

`details` holds our code of the reason and the sentence in French; `diagnostics` the sentence in
English; `expression` the path of the faulty element.

Source: FHIR R4 OperationOutcome, issue types; RFC 9110 (statuses); PDSm, PDSM4DMP (403, 404, 405, 422).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

import orjson

from dmp.domain.errors import Reason, Refused
from dmp.formats.fhir.strict_json import JsonObject
from dmp.formats.fhir.systems import OURS

REFUSALS: Final = f"{OURS}:CodeSystem:refusal"
"""The system of our reason codes."""


@dataclass(frozen=True, slots=True)
class OnTheWire:
    """How one reason looks: HTTP status and FHIR issue type."""

    status: int
    issue: str


def _rows(status: int, issue: str, *reasons: Reason) -> dict[Reason, OnTheWire]:
    return dict.fromkeys(reasons, OnTheWire(status, issue))


_R = Reason
WIRE: Final[dict[Reason, OnTheWire]] = (
    # The request cannot be understood.
    _rows(400, "structure", _R.REQUEST_MALFORMED)
    | _rows(400, "value", _R.PARAMETER_INVALID, _R.INS_MALFORMED, _R.INS_KEY_WRONG)
    | _rows(400, "code-invalid", _R.INS_ROOT_UNKNOWN, _R.INS_ROOT_NOT_ACCEPTED)
    | _rows(400, "required", _R.PARAMETER_MISSING, _R.EMERGENCY_REASON_MISSING)
    | _rows(400, "not-supported", _R.PARAMETER_UNKNOWN)
    # Who asks is not known, or may not.
    | _rows(401, "login", _R.NOT_AUTHENTICATED)
    | _rows(401, "security", _R.TOKEN_INVALID, _R.LOGIN_NOT_PROVEN)
    | _rows(
        403, "forbidden",
        _R.ACT_NOT_ALLOWED, _R.INDIVIDUAL_AUTHENTICATION_REQUIRED, _R.ACCESS_BLOCKED,
        _R.ACCESS_NOT_AUTHORISED, _R.EMERGENCY_OPPOSED, _R.NOT_AUTHOR, _R.EMERGENCY_ENDED,
        _R.ACCESS_FORBIDDEN_BY_LAW, _R.SECRET_SESSION_NOT_POSSIBLE, _R.HEIRS_NOT_ENTITLED,
    )
    | _rows(
        403, "business-rule",
        _R.RECORD_CLOSED, _R.RECORD_SUSPENDED, _R.RECORD_REFUSED, _R.RECORD_NOT_OPEN,
    )
    | _rows(403, "throttled", _R.CEILING_REACHED)
    | _rows(
        404, "not-found",
        _R.RECORD_NOT_FOUND, _R.DOCUMENT_NOT_FOUND, _R.INVITATION_UNKNOWN,
        _R.FOLDER_NOT_FOUND, _R.CORRECTION_NOT_FOUND, _R.REPORT_NOT_FOUND,
        _R.SHARE_UNKNOWN, _R.CARD_UNKNOWN,
    )
    | _rows(404, "not-supported", _R.ADDRESS_UNKNOWN)
    | _rows(405, "not-supported", _R.INTERACTION_UNSUPPORTED, _R.CHANGE_NOT_ALLOWED)
    | _rows(406, "not-supported", _R.ANSWER_TYPE_UNSUPPORTED)
    # It contradicts what is there.
    | _rows(409, "duplicate", _R.UNIQUE_ID_TAKEN, _R.RECORD_ALREADY_OPEN, _R.FOLDER_NAME_TAKEN)
    | _rows(
        409, "conflict",
        _R.IDENTITY_MISMATCH, _R.TRANSITION_NOT_POSSIBLE, _R.REPLACED_NOT_CURRENT,
        _R.CONCURRENT_CHANGE, _R.TOO_MANY_CARERS, _R.REVIEW_NOT_POSSIBLE, _R.SHARE_USED,
        _R.PASSKEY_NOT_POSSIBLE,
    )
    | _rows(412, "conflict", _R.VERSION_MISMATCH)
    | _rows(413, "too-long", _R.CONTENT_TOO_LARGE, _R.SUBMISSION_TOO_LARGE, _R.REQUEST_TOO_LARGE)
    | _rows(415, "not-supported", _R.REQUEST_TYPE_UNSUPPORTED)
    # It is understood and not acceptable.
    | _rows(
        422, "required",
        _R.METADATA_MISSING, _R.CONTENT_MISSING, _R.CONTENT_EMPTY, _R.SUBMISSION_EMPTY,
        _R.TRAITS_INCOMPLETE, _R.CONSENT_MISSING, _R.RESTRICTIONS_NOT_TOLD,
    )
    | _rows(
        422, "value",
        _R.METADATA_INVALID, _R.IDENTIFIER_MALFORMED, _R.IDENTIFIER_KEY_WRONG, _R.HASH_MISMATCH,
        _R.SIZE_MISMATCH, _R.RELATION_ENDS_BEFORE_START,
    )
    | _rows(422, "code-invalid", _R.CODE_UNKNOWN)
    | _rows(422, "not-supported", _R.CONTENT_TYPE_UNSUPPORTED)
    | _rows(422, "invalid", _R.CONTENT_TYPE_MISMATCH, _R.CONTENT_UNREADABLE)
    | _rows(422, "security", _R.CONTENT_DANGEROUS)
    | _rows(
        422, "business-rule",
        _R.CLASS_CONTRADICTS_TYPE, _R.HEADER_CONTRADICTS_METADATA, _R.PATIENT_MISMATCH,
        _R.VISIBILITY_CONFLICT, _R.REPLACED_NOT_FOUND, _R.RELATION_NOT_POSSIBLE,
        _R.MASK_NOT_POSSIBLE, _R.SECRET_SESSION_DEPOSIT,
        _R.FOLDER_NOT_POSSIBLE, _R.CORRECTION_NOT_POSSIBLE, _R.REPORT_NOT_POSSIBLE,
        _R.SHARE_NOT_POSSIBLE,
    )
    # Ours.
    | _rows(500, "exception", _R.INTERNAL)
    | _rows(503, "transient", _R.UNAVAILABLE)
)  # fmt: skip
"""Every reason, with its status and issue type."""


class Sentences(Protocol):
    """Sentences in the reader's language: `sentences("reason.record-closed", **values)`."""

    def __call__(self, msgid: str, /, **values: object) -> str:
        """The sentence, or the msgid itself when there is none."""


def write_refusal(
    refusal: Refused, sentences: Sentences | None = None, reference: str = ""
) -> bytes:
    """The OperationOutcome of a refusal.

    Args:
        refusal: what was refused and why.
        sentences: the sentences in French; without them, or without this one, the English stands.
        reference: a reference of this answer, for the operator.
    """
    issue: JsonObject = {
        "severity": "error",
        "code": WIRE[refusal.reason].issue,
        "details": {
            "coding": [{"system": REFUSALS, "code": refusal.reason.value}],
            "text": _told(refusal, sentences),
        },
        "diagnostics": refusal.sentence,
    }
    if refusal.field is not None and _PATH.fullmatch(refusal.field):
        issue["expression"] = [refusal.field]
    outcome: JsonObject = {"resourceType": "OperationOutcome"}
    if reference:
        outcome["id"] = reference
    outcome["issue"] = [issue]
    return orjson.dumps(outcome)


def remarks(texts: Iterable[str]) -> JsonObject:
    """Remarks for a sender whose documents were taken, as an OperationOutcome."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {"severity": "warning", "code": "business-rule", "diagnostics": text} for text in texts
        ]
        or [{"severity": "information", "code": "informational", "diagnostics": "No remark."}],
    }


_PATH = re.compile(r"[A-Z][A-Za-z]+(?:\.[A-Za-z_][A-Za-z0-9_]*(?:\[[0-9]+\])?)+")


def _told(refusal: Refused, sentences: Sentences | None) -> str:
    if sentences is None:
        return refusal.sentence
    msgid = f"reason.{refusal.reason.value}"
    told = sentences(msgid, **refusal.values)
    return refusal.sentence if told == msgid else told
