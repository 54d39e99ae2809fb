"""Loading editions: what is in force, what is refused, what the knowledge in memory becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import psycopg
import pytest

from dmp.bootstrap.knowledge import KnowledgeKeeper, shipped_knowledge
from dmp.bootstrap.reference_loading import Delivery, Terms, load_references
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.formats.reference.given import Given
from dmp.storage.postgres.reference import ReferenceShelf
from tests.formats.reference.published import a_bdpm, a_thesaurus, given
from tests.formats.reference.test_editions import PERSONS, PLACES
from tests.storage.opened import run

AT = datetime(2026, 11, 27, 10, tzinfo=UTC)
TERMS = Terms(today=AT.date(), at=AT)
NOTES = "PFS_SPE_COD;PFS_SPE_LIB\n"


def thesaurus(day: str = "3 mars 2025", level: str = "Précaution d'emploi") -> Given:
    return given("thesaurus.txt", a_thesaurus(day=day, level=level))


def specialities(count: int, name: str = "specialites_2024.csv") -> Given:
    return given(name, NOTES + "".join(f"{n};SPECIALITE {n}\n" for n in range(1, count + 1)))


async def load(shelf: ReferenceShelf, *files: Given, terms: Terms = TERMS) -> Delivery:
    return await load_references(shelf, files, terms)


def test_an_edition_is_in_force_once_it_is_loaded(database: str) -> None:
    async def story() -> None:
        shelf = ReferenceShelf(database)
        keeper = KnowledgeKeeper(shelf)
        assert await keeper.refresh() is True
        assert keeper.current is shipped_knowledge()
        delivery = await load(shelf, thesaurus())
        assert not delivery.refusals
        assert (await shelf.in_force())[ReferenceKind.ANSM].on == date(2025, 3, 3)
        assert keeper.current is shipped_knowledge()
        assert await keeper.refresh() is True
        assert len(keeper.current.thesaurus.pairs) == 3
        assert keeper.current.cited(ReferenceKind.ANSM).endswith("3 mars 2025")
        # What was not loaded stays as it is shipped.
        assert keeper.current.redundancy == shipped_knowledge().redundancy
        assert await keeper.refresh() is False

    run(story())


def test_what_changes_is_said(database: str) -> None:
    async def story() -> None:
        shelf = ReferenceShelf(database)
        await load(shelf, thesaurus())
        (outcome,) = (await load(shelf, thesaurus("4 avril 2025", "CONTRE-INDICATION"))).outcomes
        assert outcome.changes is not None
        assert (outcome.changes.changed, outcome.changes.levels) == (1, 1)
        assert outcome.changes.examples[0].after == "CI"
        assert outcome.before is not None
        assert [e.on for e in await shelf.every()] == [date(2025, 4, 4), date(2025, 3, 3)]

    run(story())


def test_the_same_edition_twice_changes_nothing(database: str) -> None:
    async def story() -> None:
        shelf = ReferenceShelf(database)
        await load(shelf, thesaurus())
        (again,) = (await load(shelf, thesaurus())).outcomes
        assert again.unchanged

    run(story())


@pytest.mark.parametrize(
    ("file", "word"),
    [
        (thesaurus("1er janvier 2025"), "older"),
        (thesaurus("1er janvier 2027"), "future"),
        (
            given("t.txt", a_thesaurus().replace("Précaution d'emploi", "CONTRE-INDICATION", 1)),
            "alike",
        ),
    ],
)
def test_an_older_or_broken_edition_changes_nothing(database: str, file: Given, word: str) -> None:
    async def story() -> None:
        shelf = ReferenceShelf(database)
        await load(shelf, thesaurus())
        before = await shelf.every()
        delivery = await load(shelf, file)
        assert word in delivery.refusals[0]
        assert not delivery.outcomes
        assert await shelf.every() == before

    run(story())


def test_an_edition_older_than_what_is_shipped_is_refused(database: str) -> None:
    async def story() -> None:
        delivery = await load(ReferenceShelf(database), thesaurus("20 octobre 2020"))
        assert "older" in delivery.refusals[0]

    run(story())


def test_an_edition_that_seems_cut_short_is_refused_unless_it_is_wanted(database: str) -> None:
    async def story() -> None:
        shelf = ReferenceShelf(database)
        await load(shelf, specialities(50))
        cut = specialities(20, "specialites_2025.csv")
        assert "cut short" in (await load(shelf, cut)).refusals[0]
        wanted = replace(TERMS, accept_smaller=True)
        assert not (await load(shelf, cut, terms=wanted)).refusals

    run(story())


def test_a_refused_kind_does_no_harm_to_the_others(database: str) -> None:
    async def story() -> None:
        shelf = ReferenceShelf(database)
        delivery = await load(shelf, thesaurus("1er janvier 2020"), specialities(5), *a_bdpm())
        assert len(delivery.refusals) == 1
        assert set(await shelf.in_force()) == {ReferenceKind.BDPM, ReferenceKind.SPECIALITIES}

    run(story())


def rows(database: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(database) as connection:
        return connection.execute(statement.encode()).fetchall()


def test_directories_are_replaced_whole(database: str) -> None:
    twice = PERSONS + "8|99700000011||ESSAI|ALICE|Médecin||\n"

    async def story() -> None:
        shelf = ReferenceShelf(database)
        delivery = await load(shelf, given("ps_20260101.txt", twice), given("f.csv", PLACES))
        assert sorted(o.edition.entries for o in delivery.outcomes) == [1, 2]
        later = PERSONS.replace("BRUNO", "CARLA")
        await load(shelf, given("ps_20260601.txt", later))
        older = await load(shelf, given("ps_20250101.txt", PERSONS))
        assert "newer" in older.refusals[0]

    run(story())
    assert rows(database, "SELECT rpps, name, speciality FROM directory_person ORDER BY rpps") == [
        ("99700000011", "ALICE ESSAI", "Médecine générale"),
        ("99700000022", "CARLA MODELE", "Pharmacien"),
    ]
    assert rows(database, "SELECT finess, name, town FROM directory_place") == [
        ("010000024", "CENTRE HOSPITALIER D'ESSAI", "BOURG EN BRESSE")
    ]


def test_a_directory_that_breaks_in_the_middle_leaves_the_one_before(database: str) -> None:
    broken = PERSONS + "8|99700000033\n" * 10

    async def story() -> None:
        shelf = ReferenceShelf(database)
        await load(shelf, given("ps_20260101.txt", PERSONS))
        delivery = await load(shelf, given("ps_20260601.txt", broken))
        assert "unreadable lines" in delivery.refusals[0]
        assert (await shelf.in_force())[ReferenceKind.RPPS].on == date(2026, 1, 1)

    run(story())
    assert len(rows(database, "SELECT rpps FROM directory_person")) == 2


def test_an_edition_of_another_form_is_left_out_and_the_rest_holds(database: str) -> None:
    async def story() -> None:
        shelf = ReferenceShelf(database)
        await load(shelf, thesaurus(), specialities(5))
        edition = (await shelf.in_force())[ReferenceKind.ANSM]
        await shelf.keep(replace(edition, digest="x"), b"[]", AT, lambda *_: None)
        keeper = KnowledgeKeeper(shelf)
        await keeper.refresh()
        assert keeper.current.thesaurus.pairs == shipped_knowledge().thesaurus.pairs
        assert keeper.current.label(ReferenceKind.SPECIALITIES, "5") == "SPECIALITE 5"

    run(story())
