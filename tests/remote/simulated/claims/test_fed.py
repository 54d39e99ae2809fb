"""What the feed makes of the scripted cases: present, absent, rejected, as the manifest says."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp.domain.claims.history import code_of
from dmp.domain.claims.reimbursement import Kind, Reimbursement
from dmp.remote.simulated.claims.cases import all_cases
from tests.remote.simulated.claims.conftest import Of, Read


def expecting(*kinds: str) -> list[str]:
    """The cases of the families of the feed and of secrecy, and of stories, that expect one of these."""
    return [
        key
        for key, kind in _EXPECTED.items()
        if kind in kinds and all_cases()[key].family.value in ("feed", "secrecy", "story")
    ]


_EXPECTED = {
    "cancelled": "absent",
    "cancelled-in-part": "present",
    "cancels-nothing": "absent",
    "late": "present",
    "corrected": "present",
    "regularised": "present",
    "same-row-twice": "present",
    "supplement": "present",
    "for-information": "absent",
    "too-old": "present",
    "unknown-code": "present",
    "stay-billed-twice": "stay",
    "invalid-ins": "rejected",
    "orphan-detail": "rejected",
    "bad-date": "rejected",
    "secret-01": "secret",
    "secret-05": "secret",
    "secret-06": "secret",
    "secret-11": "secret",
    "abortion-nature": "secret",
    "contraception-of-a-minor": "secret",
    "corrected-to-secret": "secret",
    "hospital-medicine": "present",
}


def _codes(lines: list[Reimbursement]) -> set[str]:
    return {code_of(line).code for line in lines}


@pytest.mark.parametrize("key", expecting("present"))
def test_what_is_to_be_there_is_there_once(generated: Read, fed: Of, key: str) -> None:
    entry = generated.case(key)
    expected = entry["expected"]
    wanted = expected["code"].lstrip("0")
    (line,) = (line for line in fed(entry["ins"]) if code_of(line).code == wanted)
    assert line.start.isoformat() == expected["on"]
    assert line.quantity == expected.get("quantity", line.quantity)
    assert not set(expected.get("absent", ())) & _codes(fed(entry["ins"]))


@pytest.mark.parametrize("key", expecting("absent", "secret"))
def test_what_is_not_to_be_there_is_not(generated: Read, fed: Of, key: str) -> None:
    entry = generated.case(key)
    expected = entry["expected"]
    found = _codes(fed(entry["ins"]))
    assert not {expected.get("code"), *expected.get("absent", ())} & found
    assert set(expected.get("present", ())) <= found


@pytest.mark.parametrize("key", expecting("rejected"))
def test_what_cannot_be_taken_leaves_the_rest(generated: Read, fed: Of, key: str) -> None:
    entry = generated.case(key)
    assert set(entry["expected"]["present"]) == _codes(fed(entry["ins"]))


def test_rejected_rows_are_counted(fed: Of, generated: Read, rejects: Path) -> None:
    assert callable(fed)
    rows = rejects.read_text(encoding="utf-8").splitlines()[1:]
    asked = sum(
        entry["expected"]["rejected"]
        for entry in generated.manifest["cases"]
        if entry["expected"]["expect"] == "rejected"
    )
    assert len(rows) == asked


def test_a_stay_billed_and_in_the_pmsi_is_one(generated: Read, fed: Of) -> None:
    entry = generated.case("stay-billed-twice")
    stays = [line for line in fed(entry["ins"]) if line.kind is Kind.STAY]
    assert stays
    assert {line.start.isoformat() for line in stays} == {entry["expected"]["on"]}
