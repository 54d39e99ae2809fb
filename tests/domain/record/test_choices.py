"""Relations with their dates, preferences, and the authorisation they come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.capacity import Capacity
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Sex, Traits, folded
from dmp.domain.record.calendar import majority_of
from dmp.domain.record.preferences import Audience, Block, Covered, Mask, Preferences
from dmp.domain.record.relations import (
    AttendingDoctor,
    Authorisation,
    Consent,
    Dated,
    Relations,
    RepresentationKind,
)
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
    uuid,
)

BLOCK = Block(person_id=GP, name="Dr", start=NOW, by="holder")


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
    known = record(relations=relations(consent(GP)))
    assert (known.consent_in_force(person, structure, NOW) is not None) is found


def test_a_teams_consent_follows_the_structure() -> None:
    team = record(relations=relations(consent(HOSPITAL.id_nat, to_team=True)))
    assert team.consent_in_force(GP, HOSPITAL.id_nat, NOW)
    assert team.consent_in_force(COLLEAGUE, HOSPITAL.id_nat, NOW)
    assert team.consent_in_force(GP, PRACTICE.id_nat, NOW) is None
    for capacity in set(Capacity) - {Capacity.CARE}:
        assert team.consent_in_force(GP, HOSPITAL.id_nat, NOW, capacity) is None


@pytest.mark.parametrize("given", Capacity)
def test_a_consent_holds_in_the_capacity_for_which_it_was_given(given: Capacity) -> None:
    known = record(relations=relations(replace(consent(GP), capacity=given)))
    for asked in Capacity:
        found = known.consent_in_force(GP, PRACTICE.id_nat, NOW, asked)
        assert (found is not None) is (asked is given)


def test_what_a_minor_agreed_to_is_asked_again_at_majority() -> None:
    minor = replace(TRAITS, birth_date=date(2008, 3, 10))
    majority = majority_of(minor.birth_date)
    known = record(traits=minor, relations=relations(consent(GP, days=365)))
    assert known.consent_in_force(GP, PRACTICE.id_nat, majority - timedelta(seconds=1))
    assert known.consent_in_force(GP, PRACTICE.id_nat, majority) is None
    assert known.authorisation_of(GP, PRACTICE.id_nat, majority) is Authorisation.EXPIRED
    again = replace(consent(GP), start=majority)
    after = replace(known, relations=known.relations.with_consent(again))
    assert after.consent_in_force(GP, PRACTICE.id_nat, majority) == again


DATED: tuple[Dated, ...] = (
    consent(),
    AttendingDoctor(person_id=GP, name="Dr", start=NOW),
    relations(administrator=GP).administrators[0],
    relations(parent=True).representatives[0],
    BLOCK,
)


@pytest.mark.parametrize("made", DATED, ids=lambda made: type(made).__name__)
def test_a_relation_does_not_end_before_it_starts(made: Dated) -> None:
    with pytest.raises(Refused) as caught:
        replace(made, end=made.start - timedelta(microseconds=1))
    assert caught.value.reason is Reason.RELATION_ENDS_BEFORE_START
    assert not replace(made, end=made.start).in_force(made.start)
    if not isinstance(made, Consent):
        assert replace(made, end=None).in_force(made.start + timedelta(days=36500))


def test_a_person_whose_number_equals_a_structures_gains_nothing() -> None:
    team = record(relations=relations(consent(GP, to_team=True)))
    assert team.consent_in_force(GP, PRACTICE.id_nat, NOW) is None
    personal = record(relations=relations(consent(HOSPITAL.id_nat)))
    assert personal.consent_in_force(GP, HOSPITAL.id_nat, NOW) is None


def test_a_new_consent_takes_the_place_of_the_old_one() -> None:
    twice = Relations().with_consent(consent(days=1)).with_consent(consent(days=99))
    assert twice.consents == (consent(days=99),)
    both = twice.with_consent(consent(GP, to_team=True))
    assert len(both.consents) == 2


def test_an_ended_consent_never_gets_longer() -> None:
    ended = relations(consent(days=5), administrator=GP).ended_for(GP, NOW)
    known = record(relations=ended)
    assert known.consent_in_force(GP, PRACTICE.id_nat, NOW) is None
    assert not ended.is_administrator(GP, NOW)
    assert ended.ended_for(GP, NOW + timedelta(days=3)) == ended
    assert known.authorisation_of(GP, PRACTICE.id_nat, NOW) is Authorisation.EXPIRED
    to_come = relations(consent(start=NOW + timedelta(days=9))).ended_for(GP, NOW)
    assert not to_come.consents[0].in_force(NOW + timedelta(days=10))


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, Authorisation.NONE),
        ({"relations": relations(consent())}, Authorisation.VALID),
        ({"relations": relations(consent(days=0))}, Authorisation.EXPIRED),
        ({"relations": relations(attending=GP)}, Authorisation.VALID),
        ({"relations": relations(administrator=GP)}, Authorisation.NONE),
        ({"relations": relations(consent(), administrator=GP)}, Authorisation.VALID),
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


def test_blocking_twice_is_blocking_once_and_a_lifted_block_is_remembered() -> None:
    later = NOW + timedelta(days=1)
    once = Preferences().with_block(BLOCK)
    assert once.with_block(Block(person_id=GP, name="other", start=NOW, by="x")) == once
    assert once.blocked(GP, NOW) == BLOCK
    assert once.blocked(COLLEAGUE, NOW) is None
    assert once.blocked(GP, NOW - timedelta(seconds=1)) is None
    lifted = once.without_block(GP, later)
    assert lifted.blocked(GP, later) is None
    assert lifted.blocks[0].end == later
    assert once.without_block(COLLEAGUE, later) == once
    again = lifted.with_block(replace(BLOCK, start=later))
    assert again.blocked(GP, later) is not None
    assert len(again.blocks) == 2


MASK = Mask(
    audience=Audience.PROFESSION, audience_id="28", covered=Covered.CATEGORY, target="BIOLOGIE",
    start=NOW,
)  # fmt: skip


def test_the_same_mask_twice_is_one_and_taking_it_back_ends_it() -> None:
    later = replace(MASK, start=NOW + timedelta(days=1))
    once = Preferences().with_mask(MASK)
    assert once.with_mask(later) == once
    assert MASK.keeps_from("28", GP, NOW)
    assert not MASK.keeps_from("10", GP, NOW)
    ended = once.without_mask(later)
    assert not ended.masks[0].in_force(later.start)
    assert ended.with_mask(later).masks[-1] == later


def test_a_mask_on_a_document_concerns_the_professional_it_names() -> None:
    one = replace(
        MASK, audience=Audience.PROFESSIONAL, audience_id=GP, covered=Covered.DOCUMENT,
        target=str(uuid(7)),
    )  # fmt: skip
    known = Preferences(masks=(one, MASK))
    assert {m.document for m in known.masks_before("10", GP, NOW)} == {uuid(7)}
    assert known.masks_before("10", COLLEAGUE, NOW) == []
    assert known.masks_before("28", GP, NOW - timedelta(seconds=1)) == []


def test_new_documents_are_masked_by_default_or_by_category() -> None:
    assert not Preferences().masks_new("BIOLOGIE")
    assert Preferences(mask_new_documents=True).masks_new("BIOLOGIE")
    some = Preferences(masked_categories=("BIOLOGIE",))
    assert some.masks_new("BIOLOGIE")
    assert not some.masks_new("CPT_REND")


def test_a_guardian_has_his_period_and_a_parent_ends_at_majority() -> None:
    guardian = relations(parent=True)
    known = record(relations=guardian)
    start = guardian.representatives[0].start
    who = PARENT_INS.matricule
    assert known.is_represented_by(who, NOW)
    assert not known.is_represented_by(who, start - timedelta(seconds=1))
    assert not known.is_represented_by("somebody", NOW)
    parent = tuple(replace(r, kind=RepresentationKind.PARENT) for r in guardian.representatives)
    of_age = replace(known, relations=replace(guardian, representatives=parent))
    assert not of_age.is_represented_by(who, NOW)
    child = replace(of_age, traits=replace(TRAITS, birth_date=date(2008, 3, 10)))
    majority = majority_of(date(2008, 3, 10))
    assert child.is_represented_by(who, majority - timedelta(microseconds=1))
    assert not child.is_represented_by(who, majority)
    assert child.due_at == majority


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
    assert folded("Straße n°2, ﬁn Ж\u0301 東京 e\u0301") == "STRASSE N 2 FIN Ж 東京 E"
