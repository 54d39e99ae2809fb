"""The territory on real storage: played once, gone on with after a kill, never doubled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.emergency.list_emergencies import ListEmergencies, list_emergencies
from dmp.acts.heirs.list_requests import ListHeirRequests, list_heir_requests
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.move_due_records import move_due_records
from dmp.acts.perform import perform
from dmp.acts.person.read_notices import ReadNotices, read_notices
from dmp.acts.work import House, Unit
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import NO_RECORD
from dmp.domain.identity.caller import Caller, Purpose
from dmp.domain.journal.event import Outcome
from dmp.domain.record.health_record import HealthRecord, State
from dmp.domain.record.notice import NoticeKind
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.territory import create, plot
from dmp.remote.simulated.territory.people import EPOCH
from dmp.remote.simulated.territory.professionals import REVIEWER
from dmp.remote.simulated.territory.scenes.plot import Stage
from tests.acts.standing import Standing, standing, traces_of
from tests.storage.opened import run

pytestmark = pytest.mark.slow

PEOPLE = 40
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
NOWHERE = Stage(NO_RECORD, NO_RECORD)


async def _record(house: House, key: str) -> HealthRecord:
    unit = house.unit()
    try:
        found = await unit.records.by_ins(person_of(key).ins)
    finally:
        await unit.close()
    assert found is not None
    return found


async def _titles(house: House, reader: str, of: str) -> list[str]:
    request = FindDocuments(of=person_of(of).ins, query=DocumentQuery(count=500))
    page = await perform(house, find_documents, request, caller_of(reader))
    return [entry.title for entry in page.entries]


class Killed(Exception):
    """The process ends here."""


@dataclass
class Mortal:
    """A house that dies when a number of units have been opened."""

    house: Standing
    units: int

    def __getattr__(self, name: str) -> object:
        return getattr(self.house, name)

    def now(self) -> datetime:
        return self.house.now()

    def new_uuid(self) -> UUID:
        return self.house.new_uuid()

    def unit(self) -> Unit:
        self.units -= 1
        if self.units < 0:
            raise Killed
        return self.house.unit()


def _scenes_expected() -> int:
    return sum(len(scenes) for _, scenes in plot(people=PEOPLE, today=NOW.date()))


@pytest.fixture(name="kills", params=[(300,), (60, 150, 150)], ids=["once", "three-times"])
def _kills(request: pytest.FixtureRequest) -> Iterator[tuple[int, ...]]:
    yield request.param


def test_killed_at_any_moment_it_goes_on_and_doubles_nothing(
    database: str, data_dir: Path, kills: tuple[int, ...]
) -> None:
    async def story() -> None:
        at = NOW
        for units in kills:
            # Each life has its own store: closing it settles what the dead one had under way, as
            # the death of a process does.
            async with standing(database, data_dir) as house:
                house.at = at
                with pytest.raises(BaseExceptionGroup) as died:
                    await create(cast(House, Mortal(house, units)), people=PEOPLE)
                assert died.group_contains(Killed)
            # The next start is on another day; the stories still end on the first one.
            at += timedelta(days=3)
        async with standing(database, data_dir) as house:
            house.at = at
            await create(house, people=PEOPLE)
            again = await create(house, people=PEOPLE)
            assert again.scenes == 0
            traces = 0
            for person, _ in plot(people=PEOPLE, today=NOW.date()):
                unit = house.unit()
                record = await unit.records.by_ins(person.ins)
                await unit.close()
                if record is not None:
                    found = await traces_of(house, record)
                    assert len({trace.at for trace in found}) == len(found)
                    traces += len(found)
            assert traces == _scenes_expected()

    run(story())


def test_every_rule_of_the_cast_is_there_to_be_seen(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            house.at = NOW
            done = await create(house, people=1)
            assert done.scenes == sum(len(s) for _, s in plot(people=1, today=NOW.date()))
            await _sees(house)
            await _states(house)
            await _rights(house)

    run(story())


async def _sees(house: Standing) -> None:
    secret = "Consultation de psychiatrie"
    for reader, sees in (
        ("jeanne-durand", True), ("dr-martin", True), ("dr-rousseau", False), ("dr-garnier", False),
    ):  # fmt: skip
        if reader == "dr-rousseau":
            with pytest.raises(Refused):
                await _titles(house, reader, "jeanne-durand")
            continue
        assert (secret in await _titles(house, reader, "jeanne-durand")) is sees, reader
    biopsy = "Compte rendu anatomopathologique : biopsie mammaire gauche"
    assert biopsy in await _titles(house, "dr-martin", "nadia-benali")
    assert biopsy not in await _titles(house, "nadia-benali", "nadia-benali")
    mother = caller_of("sandrine-moreau", representing=True)
    request = FindDocuments(of=person_of("lea-moreau").ins)
    seen = [e.title for e in (await perform(house, find_documents, request, mother)).entries]
    assert seen
    assert "Consultation de contraception" not in seen
    assert "Consultation de contraception" in await _titles(house, "lea-moreau", "lea-moreau")
    assert await _titles(house, "dr-garnier", "monique-faure") == []
    assert await _titles(house, "monique-faure", "monique-faure")
    assert "Certificat médical déposé par erreur" not in await _titles(
        house, "antoine-ferrand", "antoine-ferrand"
    )
    assert len(await _titles(house, "henri-barbier", "henri-barbier")) >= 120


async def _states(house: Standing) -> None:
    for key, state in (
        ("marcel-petitjean", State.CLOSED), ("odile-renaud", State.REFUSED),
        ("thierry-lambert", State.INFORMED), ("simone-huet", State.ERASURE_PENDING),
        ("guy-masson", State.SUSPENDED), ("jeanne-durand", State.OPEN),
    ):  # fmt: skip
        assert (await _record(house, key)).state is state, key
    for reader, of, reason in (
        ("dr-petit", "paul-durand", Reason.ACCESS_BLOCKED),
        ("dr-garnier", "aminata-diallo", Reason.ACCESS_NOT_AUTHORISED),
        ("dr-garnier", "camille-roux", Reason.ACCESS_NOT_AUTHORISED),
        ("dr-martin", "yves-cordier", Reason.RECORD_NOT_FOUND),
        ("nora-salmi", "georges-marin", None),
        ("karim-haddad", "suzanne-perret", Reason.ACCESS_NOT_AUTHORISED),
        ("sophie-caron", "suzanne-perret", None),
    ):
        if reason is None:
            assert await _titles(house, reader, of)
            continue
        with pytest.raises(Refused) as refused:
            await _titles(house, reader, of)
        assert refused.value.reason is reason, (reader, of)
    rules = {
        trace.rule
        for trace in await traces_of(house, await _record(house, "bernard-leroy"))
        if trace.outcome is Outcome.REFUSED
    }
    assert rules == {"emergency_access"}


async def _rights(house: Standing) -> None:
    analyses, prescription, secret = (
        "Bilan de santé", "Ordonnance de médicaments", "Consultation de psychiatrie",
    )  # fmt: skip
    for reader, of, shown, kept in (
        ("dr-garnier", "joao-ribeiro", (analyses, prescription, secret), ()),
        ("sophie-caron", "joao-ribeiro", (prescription,), (analyses,)),
        ("jean-marchal", "joao-ribeiro", ("Bilan de fin de rééducation",), (secret, prescription)),
        ("dr-garnier", "petru-santoni", (analyses,), ("Entorse de la cheville gauche", _LATER)),
        ("dr-martin", "petru-santoni", (_LATER,), ()),
        (
            "brigitte-colin",
            "brigitte-colin",
            ("Compte rendu de cytologie : nodule thyroïdien",),
            (),
        ),
        ("dr-picard", "louis-simon", ("Consultation de protection maternelle et infantile",), ()),
        ("dr-benoit", "georges-marin", ("Courrier de suivi en gériatrie",), ()),
    ):
        titles = await _titles(house, reader, of)
        assert set(shown) <= set(titles), (reader, of)
        assert not set(kept) & set(titles), (reader, of)
    for reader, of in (
        ("dr-vallet", "marie-fabre-1985"), ("dr-mercier", "antoine-ferrand"),
        ("dr-aubry", "suzanne-perret"), ("anne-rolland", "suzanne-perret"),
    ):  # fmt: skip
        assert await _titles(house, reader, of), reader
    for reader, of, reason in (
        ("dr-humbert", "marie-fabre-1985", Reason.ACCESS_FORBIDDEN_BY_LAW),
        ("dr-mercier", "marie-fabre-1985", Reason.ACCESS_NOT_AUTHORISED),
        ("julie-morin", "georges-marin", Reason.ACT_NOT_ALLOWED),
        ("flux-assurance", "georges-marin", Reason.ACT_NOT_ALLOWED),
        ("assistance", "georges-marin", Reason.ACT_NOT_ALLOWED),
        ("dr-martin", "lucien-blanchet", Reason.RECORD_CLOSED),
    ):
        with pytest.raises(Refused) as refused:
            await _titles(house, reader, of)
        assert refused.value.reason is reason, (reader, of)
    guardian = caller_of("claire-dumas", representing=True)
    request = FindDocuments(of=person_of("rose-texier").ins)
    assert (await perform(house, find_documents, request, guardian)).entries
    waiting = await perform(house, list_emergencies, ListEmergencies(), REVIEWER)
    assert [(e.name, e.purpose) for e in waiting] == [("Dr Yann MORVAN", Purpose.REGULATION.value)]
    (asked,) = await perform(house, list_heir_requests, ListHeirRequests(), REVIEWER)
    assert (asked.name, asked.relation) == ("Brigitte Blanchet", "fille")
    for key, told in (
        ("fatou-ndiaye", [*[NoticeKind.EMERGENCY_ACCESS] * 2, NoticeKind.CONFIDENTIALITY_CHANGED]),
        ("brigitte-colin", [NoticeKind.AUTOMATIC_REVEAL, NoticeKind.ANNOUNCEMENT_OVERDUE]),
        ("bernard-leroy", [NoticeKind.CONFIDENTIALITY_CHANGED]),
    ):
        assert await _told(house, key, caller_of(key)) == told, key
    mother = caller_of("sandrine-moreau", representing=True)
    declared = NoticeKind.REPRESENTATIVE_DECLARED
    assert await _told(house, "lea-moreau", mother) == [declared]
    hers = await _told(house, "lea-moreau", caller_of("lea-moreau"))
    assert hers == [NoticeKind.FIRST_ACCESS, declared]


async def _told(house: Standing, of: str, caller: Caller) -> list[NoticeKind]:
    """What a person was told, new documents left out: there are many of them."""
    request = ReadNotices(record_id=(await _record(house, of)).record_id)
    kinds = [notice.kind for notice in await perform(house, read_notices, request, caller)]
    return [kind for kind in kinds if kind is not NoticeKind.NEW_DOCUMENT]


_LATER = "Consultation en l'absence du médecin traitant"


def test_deposits_carry_the_instant_of_their_scene(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            house.at = NOW
            await create(house, people=1)
            request = FindDocuments(
                of=person_of("henri-barbier").ins, query=DocumentQuery(count=500)
            )
            page = await perform(house, find_documents, request, caller_of("henri-barbier"))
            days = {entry.submitted_at.date() for entry in page.entries}
            assert len(days) > 90
            assert max(days) < NOW.date()
            assert min(days) < EPOCH - timedelta(days=300)

    run(story())


def test_visitors_may_use_a_record_while_it_is_created(database: str, data_dir: Path) -> None:
    """One reads: his record is completed. One closes: it is left as he wants it."""

    async def story() -> None:
        async with standing(database, data_dir) as house:
            house.at = NOW
            await _killed_after(house, 12)
            half = await _titles(house, "jeanne-durand", "jeanne-durand")
            await _killed_after(house, 25)
            closing = CloseRecord(record_id=(await _record(house, "paul-durand")).record_id)
            await perform(house, close_record, closing, caller_of("paul-durand"))
            await create(house, people=1)
            assert set(half) < set(await _titles(house, "jeanne-durand", "jeanne-durand"))
            closed = await _record(house, "paul-durand")
            assert closed.state is State.CLOSED
            assert not closed.preferences.blocks
            assert await _titles(house, "hugo-moreau", "hugo-moreau")

    run(story())


async def _killed_after(house: Standing, units: int) -> None:
    with pytest.raises(BaseExceptionGroup):
        await create(cast(House, Mortal(house, units)), people=1, concurrency=1)


def test_the_calendar_may_open_an_announced_record_first(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            house.at = NOW
            announced = [
                scenes
                for _, scenes in plot(people=1, today=NOW.date())
                if scenes and scenes[0].act.name == "inform-person" and len(scenes) > 1
            ]
            opening = announced[0][0]
            house.at = opening.at
            await perform(house, opening.act, opening.request(NOWHERE), opening.caller)
            house.at = NOW
            assert await move_due_records(house) == 1
            await create(house, people=1)
            assert await _titles(house, opening.person.key, opening.person.key)

    run(story())
