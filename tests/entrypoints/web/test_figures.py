"""Figures as markup: what is drawn, what is said, and that hostile words stay words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup

from dmp.domain.clinical.synthesis import Gap, Supply
from dmp.entrypoints.web.figures import curve, frieze, period, scale, svg, timeline
from dmp.entrypoints.web.wording import measure
from tests.builders.clinical_facts import TODAY, a_series, a_treatment, some_supplies

HOSTILE = "</svg><script>alert(1)</script>\"'"
HALF_YEAR = period.Period(start=date(2026, 6, 1), end=TODAY, width=170)


def tree(markup: Markup) -> etree._Element:
    """The figure, well-formed."""
    return etree.fromstring(str(markup))


def test_an_element_escapes_its_values_and_its_text() -> None:
    found = tree(svg.element("text", HOSTILE, class_=HOSTILE, aria_label=HOSTILE))
    assert found.text == HOSTILE
    assert found.get("class") == HOSTILE and found.get("aria-label") == HOSTILE


def test_one_bar_a_delivery_as_long_as_its_days() -> None:
    found = tree(timeline.bars(a_treatment(), HALF_YEAR, (), None))
    bars = found.findall("rect[@class='fig-bar']")
    assert len(bars) == 6
    day = HALF_YEAR.width / HALF_YEAR.days
    assert float(bars[1].get("width", "0")) == pytest.approx(30 * day - 1, abs=0.11)


def test_a_gap_of_more_than_a_week_is_hatched_and_told() -> None:
    start = date(2026, 7, 1)
    long, short = (
        Gap(start=start, end=start + timedelta(days=7)),
        Gap(start=start + timedelta(days=40), end=start + timedelta(days=46)),
    )
    wide = replace(HALF_YEAR, width=900.0)
    markup = timeline.bars(a_treatment(gaps=(long, short)), wide, (), None)
    found = tree(markup)
    assert len(found.findall("rect[@class='fig-gap']")) == 1
    assert [one.text for one in found.iter("text")] == ["8 j"]
    label = found.get("aria-label", "").replace("\u00a0", " ")
    assert "sans délivrance du 1 juillet 2026 au 8 juillet 2026" in label
    assert "août" not in label.split("sans délivrance")[1]


def test_two_of_a_class_are_bracketed_where_they_overlap() -> None:
    first = a_treatment("Atorvastatine", "C10AA05", duplicates=("C10AA07",))
    second = a_treatment(
        "Rosuvastatine", "C10AA07", supplies=some_supplies(date(2026, 9, 1), 1, days=20)
    )
    days = timeline.overlaps(first, {"C10AA07": second})
    assert days == ((date(2026, 9, 1), date(2026, 9, 20)),)
    found = tree(timeline.bars(first, HALF_YEAR, days, None))
    assert found.find("path[@class='fig-double']") is not None
    assert [one.text for one in found.iter("text")] == ["doublon"]
    assert "doublon du" in found.get("aria-label", "")
    alone = timeline.overlaps(first, {"C10AA07": replace(second, supplies=())})
    assert alone == ()


def test_a_prescription_without_delivery_is_drawn_otherwise_and_said() -> None:
    planned = a_treatment(supplies=(), start=date(2026, 8, 1))
    found = tree(timeline.bars(planned, HALF_YEAR, (), None))
    assert found.find("rect[@class='fig-planned']") is not None
    assert "sans délivrance connue" in found.get("aria-label", "")


def test_the_day_until_which_deliveries_are_known_is_marked() -> None:
    found = tree(timeline.bars(a_treatment(), HALF_YEAR, (), TODAY - timedelta(days=9)))
    assert found.find("path[@class='fig-until']") is not None
    after = tree(timeline.bars(a_treatment(), HALF_YEAR, (), TODAY))
    assert after.find("path[@class='fig-until']") is None


def test_deliveries_outside_the_period_are_not_drawn() -> None:
    old = a_treatment(supplies=(Supply(on=date(2025, 1, 1), days=30),))
    found = tree(timeline.bars(old, HALF_YEAR, (), None))
    assert found.findall("rect") == []
    assert "aucune délivrance connue sur la période" in found.get("aria-label", "")


@pytest.mark.parametrize("width", [90.0, 170.0, 300.0, 720.0])
@pytest.mark.parametrize("months", [6, 24])
def test_names_of_months_never_touch(width: float, months: int) -> None:
    known = period.Period(start=period.months_back(TODAY, months), end=TODAY, width=width)
    named = known.named_months()
    assert named
    for first, second in pairwise(named):
        assert known.x(second) - known.x(first) >= period.CLOSEST


def test_six_months_back_are_six_columns() -> None:
    assert period.months_back(date(2026, 11, 20), 6) == date(2026, 6, 1)
    assert period.months_back(date(2026, 1, 31), 24) == date(2024, 2, 1)


def test_a_point_outside_the_range_has_another_shape_and_the_last_is_bigger() -> None:
    series = a_series(values=(6.5, 6.8, 7.9))
    found = tree(curve.sparkline(series))
    assert found.get("role") == "img"
    inside, outside = found.findall("circle"), found.findall("polygon")
    assert len(inside) == 2 and len(outside) == 1
    assert all(one.get("class") == "fig-outside" for one in outside)
    normal = tree(curve.sparkline(a_series(values=(6.5, 6.8, 6.9)))).findall("circle")
    sizes = [float(one.get("r", "0")) for one in normal]
    assert sizes[-1] == max(sizes) > sizes[0]
    assert found.find("rect[@class='fig-band']") is not None


def test_a_line_is_said_in_words() -> None:
    label = tree(curve.sparkline(a_series())).get("aria-label", "").replace("\u00a0", " ")
    assert label == "HbA1c : 4 valeurs, dernière 7,9 % le 21 octobre 2026, intervalle ≤ 7"


def test_one_value_alone_makes_no_line() -> None:
    assert curve.sparkline(a_series(values=(7.9,))) == ""
    assert curve.curve(a_series(values=(7.9,))) == ""


def test_a_text_result_is_left_out_of_the_line() -> None:
    series = a_series()
    words = series.points[0]._replace(value=None, text="négatif")
    found = tree(curve.curve(replace(series, points=(words, *series.points[1:]))))
    assert len(found.findall("polygon")) == 3


def test_a_curve_names_dates_that_do_not_touch() -> None:
    found = tree(curve.curve(a_series(values=tuple(float(one) for one in range(1, 30)))))
    dates = [
        float(one.get("x", "0"))
        for one in found.iter("text")
        if re.fullmatch(r"\d\d/\d\d/\d\d", one.text or "")
    ]
    assert len(dates) > 2
    assert all(second - first >= 62 for first, second in pairwise(sorted(dates)))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(3.5, 5.1, "3,5–5,1"), (None, 7.0, "≤ 7"), (60.0, None, "≥ 60"), (None, None, "")],
)
def test_ranges_are_written_as_printed(low: float | None, high: float | None, words: str) -> None:
    series = a_series(low=low, high=high)
    assert curve.reference(series.last).replace("\u00a0", " ") == words
    if words:
        assert scale.number_line(series)
    else:
        assert scale.number_line(series) == ""


def test_a_number_line_keeps_its_mark_on_the_line() -> None:
    for values in ((1.0, 900.0), (1.0, -40.0), (0.0, 0.0)):
        found = tree(scale.number_line(a_series(values=values, low=3.0, high=5.0)))
        for mark in (*found.findall("circle"), *found.findall("path")):
            x = mark.get("cx") or re.findall(r"M([\d.]+)", mark.get("d", ""))[0]
            assert 0 <= float(x) <= scale.WIDTH


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (7.9, "7,9"),
        (48.0, "48"),
        (0.0, "0"),
        (-1.25, "−1,25"),
        (4_500_000.0, "4 500 000"),
        (0.00004, "4e−05"),
        (13.20, "13,2"),
    ],
)
def test_numbers_have_a_decimal_comma_and_no_idle_zeros(value: float, written: str) -> None:
    assert measure(value).replace("\u00a0", " ") == written


def test_hostile_labels_stay_text_in_figures() -> None:
    series, treatment = a_series(label=HOSTILE, unit=HOSTILE), a_treatment(HOSTILE)
    figures = (
        curve.sparkline(series),
        curve.curve(series),
        scale.number_line(series),
        timeline.bars(treatment, HALF_YEAR, (), None),
    )
    for markup in figures:
        assert HOSTILE in tree(markup).get("aria-label", "")
        assert "<script>" not in markup


# --- The chronology ----------------------------------------------------------------------------------


def a_mark(on: date, *, weighs: bool = False, is_bar: bool = False) -> frieze.Mark:
    return frieze.Mark(
        label="Examen",
        said=f"Examen du {on}",
        stretches=((on, on),),
        shape="diamond" if weighs else "disc",
        is_bar=is_bar,
        weighs=weighs,
        address="/preuve",
        mark="p1",
    )


@given(
    st.lists(
        st.tuples(st.dates(date(2000, 1, 1), date(2026, 11, 27)), st.booleans()), max_size=120
    ),
    st.sampled_from((1, 5, 20)),
)
def test_marks_of_a_band_are_apart_and_none_is_lost(
    days: list[tuple[date, bool]], years: int
) -> None:
    end = date(2026, 11, 27)
    window = frieze.Window(start=end.replace(year=end.year - years), end=end)
    marks = [a_mark(on, weighs=weighs) for on, weighs in days]
    laid = frieze.laid(marks, window)
    assert len(laid.lines) <= frieze.MOST_LINES
    drawn = sum(map(len, laid.lines))
    assert drawn + sum(heap.number for heap in laid.heaps) == len(marks)
    for line in laid.lines:
        lefts = [min(window.at(one.stretches[0][0]), 100 - frieze.CLOSEST) for one in line]
        assert all(b - a >= frieze.CLOSEST - 1e-6 for a, b in pairwise(lefts))
    if drawn < len(marks):
        kept = {one.weighs for line in laid.lines for one in line}
        assert True in kept or not any(weighs for _, weighs in days)


def test_a_heap_leads_nearer_and_every_sign_to_its_proof() -> None:
    end = date(2026, 11, 27)
    window = frieze.Window(start=date(2006, 11, 27), end=end)
    marks = [a_mark(end - timedelta(days=n)) for n in range(9)]
    drawn = frieze.band(marks, window, "Examens", lambda heap: ("/pres", f"{heap.number} autres"))
    assert drawn.count('href="/preuve"') == frieze.MOST_LINES
    assert 'href="/pres"' in drawn and "+5" in drawn
    assert tree(drawn).get("role") == "group" and "style=" not in drawn
