"""What the feed makes of the scripted cases: present, absent, rejected, as the manifest says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from dmp.bootstrap.claims_intake import atc_of
from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.domain.claims.history import code_of, is_in_view, standing
from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.formats.claims.delivery import Options, digest_of, open_delivery, seen
from dmp.remote.simulated.claims.cases import all_cases
from tests.remote.simulated.claims.conftest import UNTIL, Read

_NAMES = UUID(int=3)
SINCE = date(2024, 11, 27)
Of = Callable[[str], list[Reimbursement]]


@pytest.fixture(scope="module")
def rejects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fed") / "rejects.csv"


@pytest.fixture(scope="module")
def of(generated: Read, rejects: Path) -> Of:
    """The lines that stand and are in view, by matricule."""
    sources = seen([generated.folder])
    options = Options(today=UNTIL, test_mode=True, atc_of=atc_of(shipped_knowledge().medicines))
    delivery = open_delivery(sources, digest_of(sources), rejects.parent, options)
    found: dict[str, list[Reimbursement]] = {}
    try:
        shares = [delivery.assemble(share) for share in range(delivery.shares)]
        delivery.finish()
        delivery.write_rejects(rejects)
        for batch in (b for within in shares for b in delivery.batches(100_000, within)):
            records = {ins: uuid5(_NAMES, ins) for ins in batch.fingerprints}
            whose = {str(record): ins for ins, record in records.items()}
            for record, line in _read(delivery.rows(batch, records).decode()):
                found.setdefault(whose[record], []).append(line)
    finally:
        delivery.close()

    def lines_of(ins: str) -> list[Reimbursement]:
        stand = standing(found.get(ins, ()))
        return [line for line in stand if is_in_view(line, SINCE, UNTIL)]

    return lines_of


def _read(text: str) -> Iterator[tuple[str, Reimbursement]]:
    for row in text.splitlines():
        record, line_id, kind, system, code, start, end, _, nature, quantity, *more = row.split(
            "\t"
        )
        yield (
            record,
            Reimbursement(
                line_id=UUID(line_id),
                kind=Kind(kind),
                system=System(system),
                code=code,
                start=date.fromisoformat(start),
                end=None if end == "\\N" else date.fromisoformat(end),
                nature=nature,
                quantity=float(quantity),
                prescriber=more[0],
                performer=more[2],
                place=more[4],
            ),
        )


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
def test_what_is_to_be_there_is_there_once(generated: Read, of: Of, key: str) -> None:
    entry = generated.case(key)
    expected = entry["expected"]
    wanted = expected["code"].lstrip("0")
    (line,) = (line for line in of(entry["ins"]) if code_of(line).code == wanted)
    assert line.start.isoformat() == expected["on"]
    assert line.quantity == expected.get("quantity", line.quantity)
    assert not set(expected.get("absent", ())) & _codes(of(entry["ins"]))


@pytest.mark.parametrize("key", expecting("absent", "secret"))
def test_what_is_not_to_be_there_is_not(generated: Read, of: Of, key: str) -> None:
    entry = generated.case(key)
    expected = entry["expected"]
    found = _codes(of(entry["ins"]))
    assert not {expected.get("code"), *expected.get("absent", ())} & found
    assert set(expected.get("present", ())) <= found


@pytest.mark.parametrize("key", expecting("rejected"))
def test_what_cannot_be_taken_leaves_the_rest(generated: Read, of: Of, key: str) -> None:
    entry = generated.case(key)
    assert set(entry["expected"]["present"]) == _codes(of(entry["ins"]))


def test_rejected_rows_are_counted(of: Of, generated: Read, rejects: Path) -> None:
    assert callable(of)
    rows = rejects.read_text(encoding="utf-8").splitlines()[1:]
    asked = sum(
        entry["expected"]["rejected"]
        for entry in generated.manifest["cases"]
        if entry["expected"]["expect"] == "rejected"
    )
    assert len(rows) == asked


def test_a_stay_billed_and_in_the_pmsi_is_one(generated: Read, of: Of) -> None:
    entry = generated.case("stay-billed-twice")
    stays = [line for line in of(entry["ins"]) if line.kind is Kind.STAY]
    assert stays
    assert {line.start.isoformat() for line in stays} == {entry["expected"]["on"]}
