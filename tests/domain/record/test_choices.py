"""Relations with their dates, preferences, and the authorisation they come to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Sex, Traits, folded
from dmp.domain.record.preferences import Block, Preferences
from dmp.domain.record.relations import Authorisation, Relations
from tests.domain.samples import (
    COLLEAGUE,
    GP,
    HOSPITAL,
    NOW,
    PARENT_INS,
    PRACTICE,
    TRAITS,
    consent,
    record,
    relations,
)

BLOCK = Block(person_id=GP, name="Dr", since=NOW, by="holder")


def test_a_consent_holds_from_its_start_to_before_its_end() -> None:
    given = consent()
    assert not given.in_force(given.start - timedelta(seconds=1))
    assert given.in_force(given.start)
    assert given.in_force(given.end - timedelta(seconds=1))
    assert not given.in_force(given.end)


@pytest.mark.parametrize(
    ("person", "structure", "found"),
    [
        (GP, PRACTICE.id_nat, True),
        (GP, HOSPITAL.id_nat, True),
        (COLLEAGUE, PRACTICE.id_nat, False),
    ],
)
def test_a_personal_consent_follows_the_person(person: str, structure: str, found: bool) -> None:
    assert (relations(consent(GP)).consent_for(person, structure, NOW) is not None) is found


def test_a_teams_consent_follows_the_structure() -> None:
    team = relations(consent(HOSPITAL.id_nat, to_team=True))
    assert team.consent_for(GP, HOSPITAL.id_nat, NOW)
    assert team.consent_for(COLLEAGUE, HOSPITAL.id_nat, NOW)
    assert team.consent_for(GP, PRACTICE.id_nat, NOW) is None


def test_a_person_whose_number_equals_a_structures_gains_nothing() -> None:
    assert relations(consent(GP, to_team=True)).consent_for(GP, PRACTICE.id_nat, NOW) is None
    personal = relations(consent(HOSPITAL.id_nat))
    assert personal.consent_for(GP, HOSPITAL.id_nat, NOW) is None


def test_a_new_consent_takes_the_place_of_the_old_one() -> None:
    twice = Relations().with_consent(consent(days=1)).with_consent(consent(days=99))
    assert twice.consents == (consent(days=99),)
    both = twice.with_consent(consent(GP, to_team=True))
    assert len(both.consents) == 2


def test_an_ended_consent_never_gets_longer() -> None:
    ended = relations(consent(days=5)).ended_for(GP, NOW)
    assert ended.consent_for(GP, PRACTICE.id_nat, NOW) is None
    later = ended.ended_for(GP, NOW + timedelta(days=3))
    assert later == ended
    assert later.had_consent(GP, PRACTICE.id_nat)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, Authorisation.NONE),
        ({"relations": relations(consent())}, Authorisation.VALID),
        ({"relations": relations(consent(days=0))}, Authorisation.EXPIRED),
        ({"relations": relations(attending=GP)}, Authorisation.VALID),
        ({"relations": relations(administrator=GP)}, Authorisation.VALID),
        (
            {"relations": relations(consent()), "preferences": Preferences(blocks=(BLOCK,))},
            Authorisation.FORBIDDEN,
        ),
        (
            {"relations": relations(attending=GP), "preferences": Preferences(blocks=(BLOCK,))},
            Authorisation.FORBIDDEN,
        ),
    ],
)
def test_the_status_td02_answers(changes: dict[str, object], status: Authorisation) -> None:
    assert record(**changes).authorisation_of(GP, PRACTICE.id_nat, NOW) is status


def test_blocking_twice_is_blocking_once() -> None:
    once = Preferences().with_block(BLOCK)
    assert once.with_block(Block(person_id=GP, name="other", since=NOW, by="x")) == once
    assert once.blocked(GP) == BLOCK
    assert once.blocked(COLLEAGUE) is None
    assert once.without_block(GP) == Preferences()
    assert once.without_block(COLLEAGUE) == once


def test_a_representation_has_its_period() -> None:
    known = relations(parent=True)
    start = known.representatives[0].start
    assert known.represents(PARENT_INS.matricule, NOW)
    assert not known.represents(PARENT_INS.matricule, start - timedelta(seconds=1))
    assert not known.represents("somebody", NOW)


def test_traits_need_their_names() -> None:
    for names in ({"birth_name": " ", "given_names": "A"}, {"birth_name": "A", "given_names": ""}):
        with pytest.raises(Refused) as caught:
            Traits(sex=Sex.FEMALE, birth_date=date(2000, 1, 1), **names)
        assert caught.value.reason is Reason.TRAITS_INCOMPLETE


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2002, 6, 1), 17), (date(2002, 6, 2), 18), (date(2003, 6, 1), 18)],
)
def test_majority_comes_with_the_birthday(day: date, age: int) -> None:
    assert TRAITS.age_on(day) == age
    assert TRAITS.is_minor_on(day) is (age < 18)


def test_identities_are_compared_without_accents_and_case() -> None:
    one = Traits(
        birth_name="Lévêque-Roüan",
        given_names="Zoé Anne",
        sex=Sex.FEMALE,
        birth_date=date(2000, 1, 1),
        birth_place="2A004",
    )
    two = Traits(
        birth_name="LEVEQUE ROUAN",
        given_names="ZOE",
        sex=Sex.UNKNOWN,
        birth_date=date(2000, 1, 1),
    )
    assert differences(one, two) == ()
    other = Traits(
        birth_name="LEVEQUE",
        given_names="ZOE",
        sex=Sex.MALE,
        birth_date=date(2000, 1, 2),
        birth_place="2B004",
    )
    assert differences(one, other) == ("birth name", "sex", "birth date", "birth place")
    assert folded("  Élo-ïse  ") == "ELO ISE"
