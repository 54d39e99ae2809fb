"""Searches: the scope says the same in SQL as of one document, and each criterion does its work."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp.domain.access.filter import DocumentFacts, Scope
from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.entry import DocumentEntry, Reference, Status
from dmp.domain.documents.query import DocumentQuery, Period
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import RecordId
from dmp.domain.record.calendar import reveal_due
from dmp.storage.postgres.search import array, multirange
from dmp.storage.store import Store
from tests.builders import NOW, a_content, a_trace, an_entry, changed
from tests.storage.opened import deposited, kept_record, opened, run, working, written

TYPES = ("11488-4", "11502-2")
OWNERS: tuple[tuple[str, ...], ...] = ((), ("doctor",), ("doctor", "practice"))
ALL_STATUSES = tuple(Status)

scopes: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "own_ids": st.lists(
            st.sampled_from(["doctor", "practice", "x'; --", '"}', "\\"]), max_size=3
        ).map(tuple),
        "own_only": st.booleans(),
        "types": st.none() | st.frozensets(st.sampled_from([*TYPES, "other"])),
        "sees_masked": st.booleans(),
        "sees_hidden_from_patient": st.booleans(),
        "sees_hidden_from_representatives": st.booleans(),
        "kept_types": st.frozensets(st.sampled_from([*TYPES, "other"]), max_size=1),
        "at": st.sampled_from(
            [reveal_due(NOW) + timedelta(microseconds=step) for step in (-1, 0, 1)] + [NOW]
        ),
        "even_deleted": st.booleans(),
    }
)


async def _every_kind(store: Store) -> tuple[RecordId, list[DocumentEntry]]:
    record = await kept_record(store)
    content = a_content()
    entries = [
        an_entry(
            record.record_id,
            content,
            type_code=Code(kind, LOINC),
            owner_ids=owners,
            status=status,
            visibility=Visibility(
                masked=masked, hidden_from_patient=patient, hidden_from_representatives=legal
            ),
        )
        for kind, owners, status, masked, patient, legal in itertools.product(
            TYPES, OWNERS, (Status.APPROVED, Status.DELETED), *([False, True],) * 3
        )
    ]
    async with working(store) as unit:
        for entry in entries:
            unit.documents.add(entry, content)
        await unit.commit([a_trace(record.record_id)])
    return record.record_id, entries


def test_the_scope_says_the_same_in_sql_as_of_one_document(database: str, data_dir: Path) -> None:
    with asyncio.Runner() as runner:
        store = runner.run(Store.open(database, data_dir, written))
        record_id, entries = runner.run(_every_kind(store))
        query = DocumentQuery(statuses=ALL_STATUSES, count=200)

        async def found(scope: Scope) -> set[object]:
            async with working(store) as unit:
                page = await unit.documents.find(record_id, query, scope)
                assert page.total == len(page.entries)
                return {entry.document_id for entry in page.entries}

        @settings(max_examples=150, deadline=None)
        @given(scopes, st.sets(st.integers(0, len(entries) - 1), max_size=4))
        def agrees(values: dict[str, Any], kept: set[int]) -> None:
            named = frozenset(entries[rank].document_id for rank in kept)
            scope = Scope(**values, kept_documents=named)
            allowed = {
                entry.document_id for entry in entries if scope.verdict(DocumentFacts.of(entry))[0]
            }
            assert runner.run(found(scope)) == allowed

        try:
            agrees()
        finally:
            runner.run(store.close())


DAY = timedelta(days=1)
CRITERIA: list[tuple[dict[str, Any], set[str]]] = [
    ({}, {"plain", "other"}),
    ({"statuses": (Status.ARCHIVED,)}, {"archived"}),
    ({"statuses": ()}, {"plain", "other", "archived"}),
    ({"types": (f"{LOINC}|11488-4",)}, {"plain"}),
    ({"types": (f"urn:oid:{LOINC}|11488-4",)}, {"plain"}),
    ({"types": ("|34112-3",)}, {"other"}),
    ({"types": ("34112-3", "11488-4")}, {"plain", "other"}),
    ({"types": ("1.2.3|11488-4",)}, set()),
    ({"categories": ("42",)}, {"other"}),
    ({"facilities": ("SA01",)}, {"other"}),
    ({"settings": ("ETABLISSEMENT",)}, {"other"}),
    ({"formats": ("urn:x",)}, {"other"}),
    ({"events": ("|E1",)}, {"other"}),
    ({"events": ("1.2.9|E2", "nothing")}, {"other"}),
    ({"events": ("1.2.8|E1",)}, set()),
    ({"security_labels": ("MASQUE_PS",)}, {"other"}),
    ({"security_labels": ("2.16.840.1.113883.5.25|N",)}, {"plain", "other"}),
    ({"related": ("1.2.7|ACC-9",)}, {"other"}),
    ({"related": ("ACC-9",)}, {"other"}),
    ({"replaces": ("urn:uuid:PLAIN",)}, {"other"}),
    ({"authors": ("Lefèvre",)}, {"other"}),
    ({"authors": ("899900000012",)}, {"other"}),
    ({"authors": ("zoé lefevre",)}, {"other"}),
    ({"archived": True}, {"other"}),
    ({"archived": False}, {"plain"}),
    ({"created": (Period(start=NOW),)}, {"other"}),
    ({"created": (Period(end=NOW), Period(start=NOW, end=NOW + DAY))}, {"plain", "other"}),
    ({"created": (Period(start=NOW + DAY, end=NOW),)}, set()),
    ({"period": (Period(start=NOW - DAY * 9, end=NOW - DAY * 8),)}, {"other"}),
    ({"period": (Period(start=NOW - DAY * 10 + DAY / 2, end=NOW - DAY * 9),)}, {"other"}),
    ({"period": (Period(start=NOW - DAY * 4, end=NOW - DAY * 3),)}, set()),
    ({"last_updated": (Period(start=NOW + DAY),)}, {"other"}),
    ({"title": "radio THORAX"}, {"other"}),
    ({"title": "épaule"}, set()),
    ({"title": "100% mm"}, {"other"}),
    ({"title": "10_"}, {"other"}),
    ({"title": "%q_"}, set()),
    ({"identifiers": ("urn:oid:1.2.250.1.999.77",)}, {"other"}),
    ({"identifiers": ("PLAIN", "1.2.250.1.999.77")}, {"plain", "other"}),
    ({"identifiers": ("urn:uuid:PLAIN-ENTRY",)}, {"plain"}),
    ({"identifiers": ("' OR true --",)}, set()),
    ({"types": ("34112-3",), "archived": False}, set()),
]


async def _three(store: Store) -> tuple[RecordId, dict[str, DocumentEntry]]:
    record = await kept_record(store)
    plain = await deposited(store, record, created_at=NOW - DAY)
    author = replace(
        plain.authors[0], family="Lefèvre", given="Zoé", id="899900000012", structure_id=""
    )
    other = await deposited(
        store,
        record,
        unique_id=type(plain.unique_id)("1.2.250.1.999.77"),
        created_at=NOW,
        service_start=NOW - DAY * 10,
        service_stop=NOW - DAY * 7,
        type_code=Code("34112-3", LOINC),
        class_code=Code("42", plain.class_code.system),
        facility_type=Code("SA01", plain.facility_type.system),
        practice_setting=Code("ETABLISSEMENT", plain.practice_setting.system),
        format_code=Code("urn:x", "1.2.6"),
        event_codes=(Code("E1", "1.2.9"), Code("E2", "1.2.9")),
        references=(
            Reference(value="ACC-9", kind="urn:ihe:iti:xds:2013:accession", system="1.2.7"),
        ),
        visibility=Visibility(masked=True),
        replaces=plain.document_id,
        replaces_unique_id=plain.unique_id,
        authors=(author,),
        title="Radiographie du thorax – 100 mm",
    )
    later = changed(other, archived=True)
    async with working(store) as unit:
        unit.documents.change(later, other)
        await unit.commit([a_trace(record.record_id, at=NOW + DAY * 2)])
    archived = await deposited(store, record, status=Status.ARCHIVED)
    return record.record_id, {"plain": plain, "other": later, "archived": archived}


def test_each_criterion_finds_what_it_asks_and_nothing_else(database: str, data_dir: Path) -> None:
    scope = Scope(sees_masked=True)

    async def story() -> None:
        async with opened(database, data_dir) as store:
            record_id, entries = await _three(store)
            names = {entry.document_id: name for name, entry in entries.items()}
            plain = entries["plain"]
            places = {"PLAIN-ENTRY": str(plain.entry_uuid), "PLAIN": str(plain.document_id)}
            async with working(store) as unit:
                for criteria, expected in CRITERIA:
                    query = DocumentQuery(**_filled(criteria, places))
                    page = await unit.documents.find(record_id, query, scope)
                    found = {names[entry.document_id] for entry in page.entries}
                    assert (criteria, found) == (criteria, expected)
                    assert page.total == len(expected)

    run(story())


def _filled(criteria: dict[str, Any], places: dict[str, str]) -> dict[str, Any]:
    def put(value: Any) -> Any:
        for name, identifier in places.items():
            value = value.replace(name, identifier) if isinstance(value, str) else value
        return value

    return {
        field: tuple(map(put, value)) if field in ("identifiers", "replaces") else value
        for field, value in criteria.items()
    }


@given(st.lists(st.text(st.characters(exclude_characters="\x00", codec="utf-8"))))
def test_an_array_literal_holds_any_text(values: list[str]) -> None:
    literal = array(values)
    assert literal.startswith("{") and literal.endswith("}")
    inner = literal[1:-1].replace("\\\\", "").replace('\\"', "")
    assert inner.count('"') == 2 * len(values)


@pytest.mark.parametrize(
    ("periods", "text"),
    [
        ((), "{}"),
        ((Period(),), "{[,)}"),
        ((Period(start=NOW, end=NOW),), "{}"),
        ((Period(start=NOW),), '{["2026-03-02T09:30:00+00:00",)}'),
    ],
)
def test_periods_become_one_multirange(periods: tuple[Period, ...], text: str) -> None:
    assert multirange(periods) == text
