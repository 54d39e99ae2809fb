"""The history in words: labels, headings, filters, months."""

from __future__ import annotations

from datetime import date

import pytest

from dmp.domain.claims.readable import Heading, by_month, chosen, counted, entry_of
from dmp.domain.claims.reimbursement import Kind, System
from dmp.domain.clinical.knowledge.knowledge import UNKNOWN_LABEL, Knowledge
from tests.builders.claims import (
    NAMES,
    PERFORMER,
    a_line,
    a_stay,
    an_act,
    one_of_each,
    some_knowledge,
)

ENTRIES = tuple(entry_of(line, some_knowledge(), NAMES) for line in one_of_each())


def test_every_kind_has_its_heading_and_its_words() -> None:
    assert {entry.heading: entry.label for entry in ENTRIES} == {
        Heading.MEDICINE: "AMOXICILLINE INVENTÉE 1 g, comprimé",
        Heading.VACCINE: "VACCIN INVENTÉ, seringue",
        Heading.DEVICE: "Compresses, boîte de 10",
        Heading.CARE: "Consultation",
        Heading.IMAGING: "IRM du sein avec injection",
        Heading.STAY: "Interventions sur le côlon, niveau 2",
        Heading.BIOLOGY: "Glucose (glycémie)",
        Heading.LONG_TERM: "Diabète de type 2",
    }


def test_names_and_groups_are_said_where_they_are_known() -> None:
    medicine, vaccine = ENTRIES[0], ENTRIES[1]
    assert (medicine.prescriber, medicine.prescriber_speciality) == (
        "Anne VASSEUR",
        "Médecine générale",
    )
    assert (medicine.prescriber_place, medicine.place) == (
        "Clinique du Port",
        "Pharmacie des Lilas",
    )
    assert (medicine.group, vaccine.group) == ("Antibactériens", "Anatoxine tétanique")
    nobody = entry_of(an_act(), Knowledge(), {})
    assert nobody.performer == f"RPPS {PERFORMER}"
    assert nobody.performer_speciality == ""


@pytest.mark.parametrize("line", one_of_each(), ids=lambda line: line.kind)
def test_an_unknown_code_is_kept(line: object) -> None:
    entry = entry_of(line, Knowledge(), {})  # type: ignore[arg-type] # a line
    assert entry.label == UNKNOWN_LABEL
    assert not entry.is_known
    assert entry.code


def test_a_stay_lasts_until_its_last_day() -> None:
    assert entry_of(a_stay(), Knowledge(), {}).until == date(2026, 1, 15)
    one_day = a_stay(end=date(2026, 1, 10))
    assert entry_of(one_day, Knowledge(), {}).until is None


def test_entries_are_chosen_by_heading_and_by_period() -> None:
    assert chosen(ENTRIES) == ENTRIES
    assert [e.heading for e in chosen(ENTRIES, Heading.STAY)] == [Heading.STAY]
    assert chosen(ENTRIES, start=date(2026, 2, 2)) == (ENTRIES[0],)
    # A stay is in every period that it reaches into.
    assert [e.heading for e in chosen(ENTRIES, Heading.STAY, start=date(2026, 1, 15))] == [
        Heading.STAY
    ]
    assert chosen(ENTRIES, Heading.STAY, start=date(2026, 1, 16)) == ()
    assert chosen(ENTRIES, Heading.STAY, end=date(2026, 1, 9)) == ()


def test_months_come_newest_first_and_keep_the_order_of_their_entries() -> None:
    months = by_month(ENTRIES)
    assert [month.first for month in months] == [
        date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1), date(2024, 5, 1),
    ]  # fmt: skip
    assert [entry.on.day for entry in months[1].entries] == [20, 12, 11, 10]
    assert by_month(()) == ()


def test_every_heading_is_counted() -> None:
    assert counted(ENTRIES) == dict.fromkeys(Heading, 1)
    assert counted(()) == dict.fromkeys(Heading, 0)


def test_a_hospital_unit_without_a_name_keeps_its_code() -> None:
    entry = entry_of(a_line(system=System.UCD, code="9999999"), some_knowledge(), {})
    assert (entry.heading, entry.code, entry.label) == (Heading.MEDICINE, "9999999", UNKNOWN_LABEL)
    assert entry_of(
        a_line(kind=Kind.STAY, system=System.GHM, code="05C04"), some_knowledge(), {}
    ).code
