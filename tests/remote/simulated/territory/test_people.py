"""The people: the same for a seed, coherent with their numbers and their families."""

from __future__ import annotations

from itertools import islice

from dmp.domain.identifiers import Ins, InsRoot, PersonId, StructureId
from dmp.domain.identity.patient import Sex
from dmp.remote.simulated.territory import CAST, population
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.people import EPOCH, Condition
from dmp.remote.simulated.territory.professionals import DESK, WORKERS


def test_the_same_seed_draws_the_same_people() -> None:
    assert list(population(7, 200)) == list(population(7, 200))


def test_another_seed_draws_other_people_and_keeps_the_cast() -> None:
    one, other = list(population(7, 200)), list(population(8, 200))
    size = len(cast_people())
    assert one[:size] == other[:size]
    assert {p.ins for p in one[size:]}.isdisjoint({p.ins for p in other[size:]})


def test_more_people_do_not_change_the_first_ones() -> None:
    assert list(islice(population(7, 2000), 200)) == list(population(7, 200))


def test_a_territory_smaller_than_the_cast_holds_the_cast() -> None:
    assert [p.key for p in population(1, 3)] == list(cast_people())


def test_everybody_has_an_own_valid_number_that_says_who_he_is() -> None:
    people = list(population(3, 1500))
    assert len({p.ins.matricule for p in people}) == len(people)
    assert len({p.key for p in people}) == len(people)
    for person in people:
        number, traits = person.ins.matricule, person.traits
        assert Ins.parse(number, InsRoot.NIR_TEST.value, test_mode=True) == person.ins
        assert number[0] == ("1" if traits.sex is Sex.MALE else "2")
        assert number[1:5] == f"{traits.birth_date:%y%m}"
        assert number[5:10] == traits.birth_place
        assert 0 <= person.age_on(EPOCH) <= 102


def test_children_share_a_name_with_a_parent_who_is_old_enough() -> None:
    people = {p.key: p for p in population(3, 1500)}
    children = [p for p in people.values() if p.parents and p.key.startswith("h")]
    assert len(children) > 100
    for child in children:
        parents = [people[key] for key in child.parents]
        assert child.traits.birth_name in {p.traits.birth_name for p in parents}
        for parent in parents:
            assert parent.age_on(child.traits.birth_date) >= 18


def test_conditions_fit_sex_and_age() -> None:
    seen: set[Condition] = set()
    for person in population(3, 1500):
        seen |= person.conditions
        age = person.age_on(EPOCH)
        if Condition.PREGNANCY in person.conditions:
            assert person.is_woman
            assert 20 <= age <= 45
        if Condition.NEWBORN in person.conditions:
            assert age < 2
        if Condition.HEART_FAILURE in person.conditions:
            assert age >= 60
    assert seen == set(Condition)


def test_both_corsican_forms_and_births_abroad_occur() -> None:
    departments = {p.ins.matricule[5:7] for p in population(1, 300)}
    assert {"2A", "2B", "99"} <= departments


def test_professionals_have_valid_identifiers_and_differ() -> None:
    assert len({worker.id_nat for worker in WORKERS}) == len(WORKERS) >= 12
    for worker in WORKERS:
        assert PersonId.parse(worker.id_nat, test_mode=False).rpps is not None
        assert worker.profession not in ("10", "21") or worker.know_how is not None
        for place in worker.places:
            assert StructureId.parse(place.id_nat).value == place.id_nat
            assert place.sector.startswith("SA")
    assert PersonId.parse(DESK.id_nat, test_mode=False).value == DESK.id_nat
    assert [worker.key for worker in WORKERS if worker.may_regulate] == ["dr-morvan"]


def test_the_cast_says_in_a_sentence_what_everybody_shows() -> None:
    assert len({member.key for member in CAST}) == len(CAST)
    for member in CAST:
        assert member.kind in ("holder", "professional", "desk")
        assert member.shows.endswith(".")
        assert len(member.shows) > 20
    assert {m.key for m in CAST if m.kind == "holder"} == set(cast_people())


def test_homonyms_share_every_name_and_nothing_else() -> None:
    cast = cast_people()
    one, other = cast["marie-fabre-1958"], cast["marie-fabre-1985"]
    assert one.name == other.name
    assert one.traits.given_names == other.traits.given_names
    assert one.ins != other.ins
    assert one.traits.birth_date != other.traits.birth_date
