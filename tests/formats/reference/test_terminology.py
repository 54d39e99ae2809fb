"""Terminologies in FHIR that somebody saved: both forms, and what is refused."""

from __future__ import annotations

import gzip
import json
from datetime import date
from typing import Any

import pytest

from dmp.domain.clinical.knowledge.editions import ReferenceKind
from tests.formats.reference.published import given, read

URL = "https://smt.esante.gouv.fr/terminologie-nabm"
ACTS = [{"code": "1577", "display": "HBA1C"}, {"code": "0552", "display": "GLYCEMIE"}]


def code_system(**changes: Any) -> str:
    whole = {
        "resourceType": "CodeSystem",
        "id": "terminologie-nabm",
        "url": URL,
        "date": "2026-05-26T00:00:00+00:00",
        "content": "complete",
        "count": 3,
        "concept": [{"code": "05", "display": "Hématologie", "concept": ACTS}],
    }
    return json.dumps({**whole, **changes})


def test_a_code_system_with_concepts_below_others_is_read() -> None:
    most = {"property": [{"code": "nombreMaximumParFacturation", "valueInteger": 1}]}
    acts = [{**ACTS[0], **most}, ACTS[1]]
    text = code_system(concept=[{"code": "05", "display": "x", "concept": acts}])
    (content,) = read(given("nabm.json", text)).contents
    assert content.edition.kind is ReferenceKind.NABM
    assert content.edition.on == date(2026, 5, 26)
    assert content.rows("acts") == (("1577", "HBA1C", "1"), ("552", "GLYCEMIE", ""))


def test_one_long_line_and_gzip_are_read() -> None:
    acts = [{"code": f"{n:04}", "display": "LIBELLE " * 20} for n in range(5_000)]
    text = code_system(concept=acts, count=5_000)
    assert len(text) > 600_000
    (content,) = read(given("nabm.json.gz", gzip.compress(text.encode()))).contents
    assert content.edition.entries == 5_000


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (code_system(count=4), "holds 3 concepts of 4; it was cut"),
        (code_system()[:-40], "unreadable JSON"),
        (code_system(concept="rien"), "no readable list"),
        (code_system(concept=[1]), "no readable list"),
        (code_system(concept=[], count=0), "no readable code"),
        (code_system(concept=[{"code": 5, "display": "x"}], count=1), "no readable code"),
        (code_system(date="demain"), "--edition"),
    ],
)
def test_what_is_not_whole_is_refused_with_its_reason(text: str, word: str) -> None:
    reading = read(given("nabm.json", text))
    assert not reading.contents
    assert word in reading.refusals[0]


def test_another_code_system_is_left_aside() -> None:
    reading = read(given("x.json", code_system(url="https://smt.esante.gouv.fr/terminologie-emdn")))
    assert (reading.contents, reading.refusals, reading.unknown) == ([], [], ["x.json"])


def test_deep_nesting_is_refused() -> None:
    concept: dict[str, Any] = {"code": "0001", "display": "x"}
    for _ in range(100):
        concept = {"code": "05", "display": "x", "concept": [concept]}
    assert read(given("x.json", code_system(concept=[concept], count=1))).refusals
