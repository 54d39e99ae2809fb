"""Refusals on the wire: every reason has its row, its sentence, and nothing of the patient."""

from __future__ import annotations

import json

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome

from dmp.domain.errors import EXPLANATIONS, Category, Reason, Refused
from dmp.formats.fhir.outcome import REFUSALS, WIRE, write_refusal
from dmp.locale import knows, translate

# Source: FHIR R4, value set issue-type.
ISSUE_TYPES = {
    "invalid", "structure", "required", "value", "invariant", "security", "login", "unknown", "expired",
    "forbidden", "suppressed", "processing", "not-supported", "duplicate", "multiple-matches", "not-found",
    "deleted", "too-long", "code-invalid", "extension", "too-costly", "business-rule", "conflict",
    "transient", "lock-error", "no-store", "exception", "timeout", "incomplete", "throttled",
    "informational",
}  # fmt: skip
STATUSES = {
    Category.INCORRECT: {400, 422},
    Category.UNAUTHENTICATED: {401},
    Category.FORBIDDEN: {403},
    Category.NOT_FOUND: {404},
    Category.CONFLICT: {409, 412},
    Category.TOO_LARGE: {413},
    Category.UNSUPPORTED: {405, 406, 415, 422},
    Category.BUSY: {503},
    Category.FAULT: {500},
}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_row(reason: Reason) -> None:
    assert WIRE[reason].issue in ISSUE_TYPES
    assert WIRE[reason].status in STATUSES[EXPLANATIONS[reason].category]


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_in_french_and_in_english(reason: Reason) -> None:
    outcome = json.loads(write_refusal(Refused(reason), translate, "abc123"))
    OperationOutcome.model_validate(outcome)
    issue = outcome["issue"][0]
    assert issue["details"]["coding"] == [{"system": REFUSALS, "code": reason.value}]
    assert knows(f"reason.{reason.value}")
    assert issue["details"]["text"] == translate(f"reason.{reason.value}")
    assert issue["diagnostics"] == EXPLANATIONS[reason].sentence
    assert outcome["id"] == "abc123"


def test_a_path_is_an_expression_and_words_are_not() -> None:
    def expression(field: str) -> object:
        refusal = Refused(Reason.METADATA_MISSING, field=field)
        return json.loads(write_refusal(refusal))["issue"][0].get("expression")

    path = "Bundle.entry[1].resource.content[0].attachment.hash"
    assert expression(path) == [path]
    assert expression("birth name") is None


def test_without_a_catalogue_the_english_stands() -> None:
    refusal = Refused(Reason.SIZE_MISMATCH, announced=3, found=4)
    for sentences in (None, lambda msgid, /, **_: msgid):
        text = json.loads(write_refusal(refusal, sentences))["issue"][0]["details"]["text"]
        assert "announced is 3 octets and the content has 4" in text
