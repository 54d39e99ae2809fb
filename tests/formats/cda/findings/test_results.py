"""Results: values of every type, their ranges, their time."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.formats.cda.findings.written import (
    LOINC,
    SNOMED,
    observation,
    read,
    section,
)

VALUES = [
    ('<value xsi:type="PQ" value="7,1" unit="%"/>', (7.1, "", "%")),
    ('<value xsi:type="c:PQ" value="-3.5" unit="1"/>', (-3.5, "", "")),
    ('<value xsi:type="INT" value="12"/>', (12.0, "", "")),
    ('<value xsi:type="REAL" value="2.0"/>', (2.0, "", "")),
    ('<value xsi:type="ST">négatif</value>', (None, "négatif", "")),
    ('<value xsi:type="ED">&lt;1.0 mg/L</value>', (None, "<1.0 mg/L", "")),
    (
        f'<value xsi:type="CD" code="260385009" codeSystem="{SNOMED}" displayName="négatif"/>',
        (None, "négatif", ""),
    ),
    ('<value xsi:type="BL" value="false"/>', (None, "non", "")),
    (
        '<value xsi:type="IVL_PQ"><high value="5" unit="mg/L" inclusive="false"/></value>',
        (None, "< 5 mg/L", ""),
    ),
    ('<value xsi:type="IVL_PQ"><low value="5" unit="mg/L"/></value>', (None, "≥ 5 mg/L", "")),
    (
        '<value xsi:type="IVL_PQ"><low value="1" unit="g"/><high value="2" unit="g"/></value>',
        (None, "1 – 2 g", ""),
    ),
    ('<value xsi:type="TS" value="20250301"/>', (None, "01/03/2025", "")),
    (
        '<value xsi:type="RTO"><numerator value="1"/><denominator value="80"/></value>',
        (None, "1/80", ""),
    ),
]


@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_values_of_every_type(value: str, expected: tuple[float | None, str, str]) -> None:
    (one,) = read(section("18719-5", observation("2345-7", value)), "11502-2").results
    assert (one.value, one.text, one.unit) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        '<value xsi:type="PQ" nullFlavor="NAV"/>',
        '<value xsi:type="PQ" value="beaucoup" unit="g"/>',
        '<value xsi:type="PQ" value="NaN"/>',
        '<value xsi:type="PQ" value="1e400"/>',
        '<value xsi:type="IVL_PQ"><low nullFlavor="UNK"/></value>',
    ],
)
def test_a_value_that_says_nothing_is_no_result(value: str) -> None:
    assert read(section("18719-5", observation("2345-7", value)), "11502-2").results == ()


def test_ranges_coded_and_printed() -> None:
    def ranged(inner: str) -> tuple[float | None, float | None]:
        around = f"<referenceRange><observationRange>{inner}</observationRange></referenceRange>"
        value = '<value xsi:type="PQ" value="1" unit="g/L"/>'
        (one,) = read(
            section("18719-5", observation("2345-7", value, inner=around)), "11502-2"
        ).results
        return one.low, one.high

    assert ranged('<value xsi:type="IVL_PQ"><low value="0.7"/><high value="1.1"/></value>') == (
        0.7,
        1.1,
    )
    assert ranged('<value xsi:type="IVL_PQ"><high value="1.6"/></value>') == (None, 1.6)
    assert ranged("<text>0,70 - 1,10</text>") == (0.7, 1.1)
    assert ranged("<text>(&lt; 5.0)</text>") == (None, 5.0)
    assert ranged("<text>selon le terrain</text>") == (None, None)
    wrong = '<value xsi:type="IVL_PQ"><low value="9"/></value><interpretationCode code="H"/>'
    assert ranged(wrong) == (None, None)


def test_the_time_of_a_battery_is_that_of_its_results() -> None:
    inside = observation("2345-7", '<value xsi:type="PQ" value="1" unit="g/L"/>')
    battery = (
        '<organizer classCode="BATTERY" moodCode="EVN"><effectiveTime value="20250301080000+0100"/>'
        f"<component>{inside}</component></organizer>"
    )
    (one,) = read(section("18719-5", battery), "11502-2").results
    assert one.at == datetime(2025, 3, 1, 7, tzinfo=UTC)


def test_a_result_without_a_time_is_of_the_act_of_the_document() -> None:
    event = (
        "<documentationOf><serviceEvent><effectiveTime>"
        '<low value="20250302080000+0100"/></effectiveTime></serviceEvent></documentationOf>'
    )
    body = section("18719-5", observation("2345-7", '<value xsi:type="INT" value="1"/>'))
    (one,) = read(body, "11502-2", header=event).results
    assert one.at == datetime(2025, 3, 2, 7, tzinfo=UTC)
    assert one.sources[0].on == date(2025, 3, 4)


def test_loinc_names_are_shortened_and_kept() -> None:
    name = "Leucocytes [Nombre/Volume] Urine ; Numérique"
    code = f'<code code="30405-5" codeSystem="{LOINC}" displayName="{name}"/>'
    (one,) = read(
        section("18725-2", observation(code, '<value xsi:type="INT" value="1"/>')), "11502-2"
    ).results
    assert one.label == "Leucocytes (urine)"
    assert one.code is not None
    assert one.code.display.startswith("Leucocytes [Nombre/Volume]")


def test_an_unknown_chapter_of_a_laboratory_is_read_and_that_of_a_letter_is_not() -> None:
    body = section("99999-9", observation("2345-7", '<value xsi:type="INT" value="1"/>'))
    assert len(read(body, "11502-2").results) == 1
    assert read(body).results == ()
