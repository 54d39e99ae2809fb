"""What other software writes in words where a code belongs: denials are no facts."""

from __future__ import annotations

from datetime import date

import pytest

from dmp.domain.clinical.facts import Findings
from tests.formats.cda.findings.written import (
    BOX,
    DIAGNOSIS,
    SNOMED,
    cim10,
    concern,
    medicine,
    observation,
    problem,
    read,
    section,
)

ALLERGY = f'<code code="609328004" codeSystem="{SNOMED}" displayName="allergie"/>'
ALLERGIES, ACTIVE, PAST, TREATMENTS = "48765-2", "11450-4", "11348-0", "10160-0"


def told(words: str) -> str:
    """A value that is words alone."""
    return f'<value xsi:type="CD" nullFlavor="OTH"><originalText>{words}</originalText></value>'


def to(words: str) -> str:
    """An agent that is words alone."""
    return (
        '<participant typeCode="CSM"><participantRole><playingEntity><code nullFlavor="OTH"/>'
        f"<name>{words}</name></playingEntity></participantRole></participant>"
    )


def allergies_of(*observations: str) -> Findings:
    return read(section(ALLERGIES, concern(*observations)))


@pytest.mark.parametrize("words", ["Pas d'allergie connue", "Aucune", "Néant"])
def test_no_allergy_in_words_is_none_known(words: str) -> None:
    of_value = observation(ALLERGY, told(words))
    of_agent = observation(ALLERGY, '<value xsi:type="CD" nullFlavor="UNK"/>', inner=to(words))
    for one in (of_value, of_agent):
        found = allergies_of(one)
        assert found.allergies == ()
        assert len(found.no_known_allergy) == 1


@pytest.mark.parametrize("words", ["Pas d'allergie à la pénicilline", "Non renseigné", "NC"])
def test_what_denies_one_or_says_nothing_states_nothing(words: str) -> None:
    assert not allergies_of(observation(ALLERGY, told(words)))


@pytest.mark.parametrize("code", ["409137002", "no-known-medication-allergies"])
def test_no_allergy_of_one_kind_is_neither_an_allergy_nor_none(code: str) -> None:
    value = f'<value xsi:type="CD" code="{code}" codeSystem="{SNOMED}" displayName="Pas de"/>'
    assert not allergies_of(observation(ALLERGY, value))


def test_an_allergy_in_words_stays_one() -> None:
    (one,) = allergies_of(observation(ALLERGY, told("Absinthe"))).allergies
    assert one.label == "Absinthe"


@pytest.mark.parametrize("words", ["Aucun antécédent notable", "RAS", "Pas d'antécédent"])
def test_no_problem_in_words_is_none_known(words: str) -> None:
    for where in (ACTIVE, PAST):
        found = read(section(where, problem(told(words))))
        assert found.problems == ()
        assert len(found.no_known_problem) == 1


def test_a_problem_beside_a_denial_is_kept_and_codes_are_believed() -> None:
    found = read(
        section(
            ACTIVE,
            concern(
                observation(DIAGNOSIS, told("Pas de diabète")),
                observation(DIAGNOSIS, told("Absence de rein gauche")),
                observation(DIAGNOSIS, cim10("Z90.5", "Absence acquise d'un rein")),
            ),
        )
    )
    assert [one.label for one in found.problems] == [
        "Absence de rein gauche",
        "Absence acquise d'un rein",
    ]


@pytest.mark.parametrize("words", ["Aucun traitement", "Néant", "Pas de traitement en cours"])
def test_no_treatment_in_words_is_none(words: str) -> None:
    product = f'<code nullFlavor="OTH"/><name>{words}</name>'
    assert not read(section(TREATMENTS, medicine(product)))


def test_a_letter_of_discharge_lists_what_was_stopped_others_what_was_given() -> None:
    body = section("18610-6", medicine(BOX))
    (stopped,) = read(body, "11490-0").prescribed
    assert (stopped.start, stopped.stop) == (None, date(2025, 3, 4))
    (given,) = read(body, "34112-3").prescribed
    assert (given.start, given.stop) == (date(2025, 3, 4), date(2025, 3, 4))


def test_a_stay_of_a_list_by_its_french_code_has_a_place_to_show() -> None:
    entry = (
        '<encounter classCode="ENC" moodCode="EVN"><code code="ORG-077" codeSystem="1.2.250.1.213.1.1.4.322"/>'
        '<effectiveTime><low value="20250213"/><high value="20250218"/></effectiveTime></encounter>'
    )
    (one,) = read(section("46240-8", entry)).stays
    assert (one.nature, one.place) == ("Hospitalisation", "Établissement non précisé")
    assert (one.start, one.end) == (date(2025, 2, 13), date(2025, 2, 18))
