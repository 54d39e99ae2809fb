"""ITI-67 parameters: each is understood as FHIR says, or refused by its name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.documents.entry import Status
from dmp.domain.documents.query import DocumentQuery, Period, Position
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId, RecordId
from dmp.formats.fhir.capability import SEARCH_PARAMETERS
from dmp.formats.fhir.dates import read_range, write_instant
from dmp.formats.fhir.search.paging import PAGE, read_token, write_token
from dmp.formats.fhir.search.parameters import SUPPORTED, DocumentSearch, read_search
from dmp.formats.fhir.search.values import alternatives
from tests.formats.fhir import samples

PATIENT = ("patient.identifier", f"{samples.INS_SYSTEM}|{samples.INS.matricule}")


def search(*pairs: tuple[str, str], lenient: bool = False) -> DocumentSearch:
    return read_search((PATIENT, *pairs), test_mode=True, max_count=500, lenient=lenient)


def query(*pairs: tuple[str, str]) -> DocumentQuery:
    return search(*pairs).query


def refused(*pairs: tuple[str, str]) -> Refused:
    with pytest.raises(Refused) as caught:
        search(*pairs)
    return caught.value


def test_the_patient_by_ins() -> None:
    for name in ("patient.identifier", "patient:identifier", "subject.identifier"):
        asked = read_search(((name, PATIENT[1]),), test_mode=True, max_count=50)
        assert asked.of == samples.INS
    by_reference = (("patient", f"Patient?identifier={PATIENT[1]}"),)
    assert read_search(by_reference, test_mode=True, max_count=50).of == samples.INS


def test_the_patient_by_the_id_of_td02() -> None:
    record = UUID("00000000-0000-4000-8000-0000000000ec")
    for value in (str(record), f"Patient/{record}"):
        asked = read_search((("patient", value),), test_mode=True, max_count=50)
        assert asked.of == RecordId(record)


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        ((), Reason.PARAMETER_MISSING),
        ((("status", "current"),), Reason.PARAMETER_MISSING),
        ((("patient.identifier", samples.INS.matricule),), Reason.PARAMETER_INVALID),
        ((("patient.identifier", f"{samples.INS_SYSTEM}|"),), Reason.PARAMETER_INVALID),
        ((("patient.identifier", "urn:oid:1.2|279035121518989"),), Reason.INS_ROOT_UNKNOWN),
        ((("patient.identifier", PATIENT[1][:-1] + "0"),), Reason.INS_KEY_WRONG),
        ((("patient", "Patient/marie"),), Reason.PARAMETER_INVALID),
        ((PATIENT, PATIENT), Reason.PARAMETER_INVALID),
    ],
)
def test_without_one_patient_nothing_is_searched(
    pairs: tuple[tuple[str, str], ...], reason: Reason
) -> None:
    with pytest.raises(Refused) as caught:
        read_search(pairs, test_mode=True, max_count=50)
    assert caught.value.reason is reason
    assert samples.INS.matricule[:13] not in caught.value.sentence


def test_a_test_identity_is_refused_in_production() -> None:
    with pytest.raises(Refused) as caught:
        read_search((PATIENT,), test_mode=False, max_count=50)
    assert caught.value.reason is Reason.INS_ROOT_NOT_ACCEPTED


def test_the_status_is_that_of_the_resource() -> None:
    both = (Status.APPROVED, Status.ARCHIVED)
    assert query().statuses == (*both, Status.DEPRECATED)
    assert query(("status", "current")).statuses == both
    assert query(("status", "superseded")).statuses == (Status.DEPRECATED,)
    assert query(("status", "current,superseded")).statuses == (*both, Status.DEPRECATED)
    assert query(("status", "entered-in-error")).statuses == (Status.DELETED,)


@pytest.mark.parametrize(
    ("name", "criterion"),
    [
        ("type", "types"),
        ("category", "categories"),
        ("facility", "facilities"),
        ("setting", "settings"),
        ("format", "formats"),
        ("event", "events"),
        ("security-label", "security_labels"),
    ],
)
def test_a_token_has_the_system_of_the_registry(name: str, criterion: str) -> None:
    asked = query((name, r"http://loinc.org|11488-4,|X,urn:oid:1.2.3|a\,b,plain"))
    assert getattr(asked, criterion) == (
        "2.16.840.1.113883.6.1|11488-4",
        "|X",
        "1.2.3|a,b",
        "plain",
    )


def test_identifiers_are_those_of_the_registry() -> None:
    value = (
        "urn:ietf:rfc:3986|urn:oid:1.2.3,1.2.4,urn:oid:1.2.5|LABO,"
        "urn:uuid:00000000-0000-7000-8000-00000000D0C1,not one"
    )
    assert query(("identifier", value)).identifiers == (
        "1.2.3",
        "1.2.4",
        "1.2.5^LABO",
        "urn:uuid:00000000-0000-7000-8000-00000000d0c1",
        "not one",
    )


def test_related_relates_to_and_authors() -> None:
    assert query(("related:identifier", "urn:oid:1.2.3|ACC-1,ACC-2")).related == (
        "1.2.3|ACC-1",
        "ACC-2",
    )
    document = "00000000-0000-7000-8000-00000000d0c1"
    assert query(("relatesto", f"DocumentReference/{document}")).replaces == (document,)
    assert query(("relatesto:identifier", "urn:ietf:rfc:3986|urn:oid:1.2.3")).replaces == ("1.2.3",)
    named = query(("author.given", "Alix"), ("author.family", "Charpentier"))
    assert named.authors == ("Charpentier Alix",)
    assert query(("author.identifier", "urn:oid:1.2|8100,8200")).authors == ("8100", "8200")


def test_the_page_and_the_archive() -> None:
    assert query(("_count", "7"), ("isArchived", "true")).count == 7
    assert query(("_count", "100000")).count == 500
    assert query(("isArchived", "false")).archived is False
    assert search(("_count", "0")).count_only
    assert search(("_summary", "count")).count_only
    assert not search(("_sort", "-date"), ("_total", "accurate"), ("_format", "json")).count_only


DAY = (datetime(2026, 6, 11, 22, 0, tzinfo=UTC), datetime(2026, 6, 12, 22, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("value", "periods"),
    [
        ("2026-06-12", (Period(start=DAY[0], end=DAY[1]),)),
        ("eq2026-06-12", (Period(start=DAY[0], end=DAY[1]),)),
        ("ne2026-06-12", (Period(end=DAY[0]), Period(start=DAY[1]))),
        ("lt2026-06-12", (Period(end=DAY[0]),)),
        ("eb2026-06-12", (Period(end=DAY[0]),)),
        ("le2026-06-12", (Period(end=DAY[1]),)),
        ("gt2026-06-12", (Period(start=DAY[1]),)),
        ("sa2026-06-12", (Period(start=DAY[1]),)),
        ("ge2026-06-12", (Period(start=DAY[0]),)),
        ("lt2026-06-12,gt2026-06-12", (Period(end=DAY[0]), Period(start=DAY[1]))),
        ("ge2026-06-12T08:00:00 02:00", (Period(start=datetime(2026, 6, 12, 6, tzinfo=UTC)),)),
    ],
)
def test_a_date_is_an_interval(value: str, periods: tuple[Period, ...]) -> None:
    assert query(("date", value)).created == periods
    assert query(("creation", value)).created == periods
    assert query(("_lastUpdated", value)).last_updated == periods
    assert query(("period-start", value)).started == periods
    assert query(("period-end", value)).ended == periods


def test_two_dates_meet() -> None:
    both = query(("date", "ge2026-06-12"), ("date", "le2026-06-12"))
    assert both.created == (Period(start=DAY[0], end=DAY[1]),)
    nothing = query(("date", "lt2026-06-12"), ("date", "gt2026-06-12"))
    assert nothing.created == (Period(start=DAY[1], end=DAY[0]),)
    assert query(("period", "ge2026-06-12"), ("period", "lt2026-06-13")).period == (
        Period(start=DAY[0], end=DAY[1]),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", ""),
        ("date", "yesterday"),
        ("date", "2026-13"),
        ("date", "2026-02-30"),
        ("date", "2026-6-1"),
        ("date", "ap2026"),
        ("date", "2026-06-12T25:00:00Z"),
        ("date", "9999-12-31"),
        ("date", "xx2026-06-12"),
        ("date", ",".join(["2026"] * 200)),
        ("period", "sa2026"),
        ("type", ""),
        ("type", "http://loinc.org|"),
        ("type", "a,,b"),
        ("identifier", "urn:oid:1.2|"),
        ("status", "approved"),
        ("isArchived", "yes"),
        ("_count", "-1"),
        ("_count", "many"),
        ("_count", "٣"),
        ("_sort", "date"),
        ("_summary", "text"),
        (PAGE, "AAAA"),
        (PAGE, "é"),
    ],
)
def test_a_wrong_value_names_its_parameter(name: str, value: str) -> None:
    refusal = refused((name, value))
    assert refusal.reason is Reason.PARAMETER_INVALID
    assert refusal.values["parameter"] == name
    assert value == "" or value not in refusal.sentence or len(value) < 6


@pytest.mark.parametrize(
    "name", ["type", "status", "identifier", "_count", "related", "isArchived"]
)
def test_a_parameter_given_twice_is_refused(name: str) -> None:
    value = {"status": "current", "_count": "1", "isArchived": "true"}.get(name, "1.2.3")
    assert refused((name, value), (name, value)).reason is Reason.PARAMETER_INVALID


@pytest.mark.parametrize(
    "name", ["patient.name", "type:not", "_include", "code", "x" * 500, "_text"]
)
def test_an_unknown_parameter_is_refused_or_passed_over_when_asked(name: str) -> None:
    assert refused((name, "1")).reason is Reason.PARAMETER_UNKNOWN
    assert search((name, "1"), lenient=True).ignored == (name,)


def test_the_capabilities_name_what_is_understood() -> None:
    for name, *_ in SEARCH_PARAMETERS:
        assert name in SUPPORTED or f"{name}.identifier" in SUPPORTED, name
    told = {name for name, *_ in SEARCH_PARAMETERS}
    for name in SUPPORTED:
        bare = name.partition(".")[0].partition(":")[0]
        assert bare in told | {"subject", "_count", "_summary", "_sort", "_total"}, name


def test_escapes() -> None:
    assert alternatives("x", r"a\,b,c\\,d\|e") == ["a,b", "c\\", "d|e"]
    with pytest.raises(Refused):
        alternatives("x", "a,")


@given(st.text(max_size=60))
def test_no_value_breaks_the_reading(value: str) -> None:
    for name in ("type", "date", "identifier", "related", "relatesto", "period", PAGE, "patient"):
        try:
            search((name, value))
        except Refused:
            continue


CRITERIA = (PATIENT, ("type", "11488-4"))
INSTANT = st.integers(-(10**14), 4 * 10**15).map(
    lambda micros: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)


@given(at=INSTANT, document=st.uuids())
def test_a_page_token_tells_its_place(at: datetime, document: UUID) -> None:
    position = Position(created_at=at, document_id=DocumentId(document))
    assert read_token(write_token(position, CRITERIA), CRITERIA) == position


@given(st.data())
def test_a_changed_token_is_refused(data: st.DataObject) -> None:
    token = write_token(Position(created_at=DAY[0], document_id=samples.DOCUMENT), CRITERIA)
    at = data.draw(st.integers(0, len(token) - 1))
    changed: Any = data.draw(st.sampled_from([c for c in "AZaz09-_=" if c != token[at]]))
    with pytest.raises(Refused):
        read_token(token[:at] + changed + token[at + 1 :], CRITERIA)
    with pytest.raises(Refused):
        read_token(token, (PATIENT,))


@given(INSTANT)
def test_an_instant_written_covers_itself(at: datetime) -> None:
    covered = read_range(write_instant(at))
    assert covered is not None
    assert covered[0] == at < covered[1]
