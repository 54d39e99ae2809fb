"""Two records that differ only in what a reader may not see give him the same answers, octet by octet.

Two worlds live the same story; in the first one things happen as well that the reader must not learn of.
He then asks everything there is to ask, through every door: status, headers and octets are equal, and
so is the number of statements that were read for the answer, which is what could be timed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dmp.domain.identity.caller import Caller, Purpose
from dmp.entrypoints.web import seals
from dmp.entrypoints.web.page import Authentication
from dmp.entrypoints.web.pages import PAGES
from tests.doors import family as cast
from tests.doors import steps
from tests.doors.family import Family, emergency, known, logged_in
from tests.doors.steps import STEP, Step, Tale, begun
from tests.doors.world import BEGINNING, SECRET, Answer, Doors, opened

FIRST = 10
"""The number of the first step after the beginning, which has documents of its own."""


@dataclass(frozen=True)
class Reader:
    """Somebody who asks, and what must be hidden from him."""

    name: str
    caller: Callable[[Family], Caller]
    hidden: tuple[Step, ...]
    page_login: Authentication | None = None


def _professional(name: str, who: Caller) -> Reader:
    return Reader(name, lambda _: who, steps.FROM_PROFESSIONALS, Authentication.PROFESSIONAL)


READERS = (
    _professional("authorised specialist", known(cast.SPECIALIST)),
    _professional("authorised nurse", known(cast.NURSE)),
    Reader(
        "authorised optician",
        lambda _: known(cast.OPTICIAN),
        steps.FROM_PROFESSIONALS + steps.BY_THE_MATRIX,
        Authentication.PROFESSIONAL,
    ),
    _professional("doctor without consent", known(cast.STRANGER)),
    _professional("blocked doctor", known(cast.BLOCKED)),
    Reader(
        "breaking the glass",
        lambda _: emergency(cast.STRANGER, Purpose.BREAK_GLASS),
        steps.FROM_PROFESSIONALS,
        Authentication.PROFESSIONAL,
    ),
    Reader(
        "regulation of SAMU",
        lambda _: emergency(cast.REGULATOR, Purpose.REGULATION),
        steps.FROM_PROFESSIONALS,
        Authentication.PROFESSIONAL,
    ),
    Reader("structure's software", lambda _: cast.SYSTEM, steps.FROM_PROFESSIONALS),
    Reader("desk", lambda _: cast.DESK, steps.FROM_PROFESSIONALS + steps.FROM_REPRESENTATIVES),
    Reader("representative", lambda f: f.parent, steps.FROM_REPRESENTATIVES, Authentication.HOLDER),
    Reader("carer", lambda f: f.carer, steps.FROM_CARERS, Authentication.HOLDER),
    Reader("holder", lambda f: f.holder, steps.FROM_THE_HOLDER, Authentication.HOLDER),
)


READ_SYNTHESES = {
    "authorised specialist", "authorised nurse", "authorised optician", "breaking the glass",
    "regulation of SAMU",
}  # fmt: skip
"""Professionals for whom the pages of facts are there at all."""


@pytest.fixture(scope="module")
def two_databases(embedded: str) -> Iterator[tuple[str, str]]:
    """Two empty databases; each story has a family of its own."""
    names = [f"worlds_{side}" for side in "ab"]
    admin = make_conninfo(embedded, dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        for name in names:
            made = sql.SQL("CREATE DATABASE {} TEMPLATE dmp").format(sql.Identifier(name))
            connection.execute(made)
        yield make_conninfo(embedded, dbname=names[0]), make_conninfo(embedded, dbname=names[1])
        for name in names:
            gone = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(gone)


_rank = count()


@dataclass(frozen=True)
class Happening:
    """One step of a story, and whether it must stay hidden from the reader."""

    step: Step
    is_hidden: bool


async def told(
    doors: Doors, people: Family, story: Sequence[Happening], *, with_hidden: bool, rank: int
) -> Tale:
    """Live the story in one world. Each step has its instant, whether it happens there or not."""
    world = doors.world
    world.move_to(BEGINNING + timedelta(days=rank))
    tale = await begun(world, people)
    for number, happening in enumerate(story, FIRST):
        world.move_to(BEGINNING + timedelta(days=rank) + number * STEP)
        tale.step = number
        if with_hidden or not happening.is_hidden:
            await happening.step(tale)
    world.move_to(BEGINNING + timedelta(days=rank, hours=3))
    return tale


def fhir_questions(tale: Tale, hidden: Sequence[Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Everything there is to ask at the FHIR door, about the record and about what is hidden."""
    ins = tale.people.girl
    who = f"patient.identifier=urn:oid:{ins.root.value}%7C{ins.matricule}"
    yield "GET", f"/fhir/Patient?identifier=urn:oid:{ins.root.value}%7C{ins.matricule}", {}
    yield "GET", f"/fhir/Patient/{tale.record_id}", {}
    for asked in (
        "", "&status=current", "&status=superseded", "&status=entered-in-error", "&_count=1",
        "&type=11502-2", "&category=31", "&security-label=MASQUE_PS",
        "&security-label=INVISIBLE_PATIENT", "&security-label=INVISIBLE_REPRESENTANTS_LEGAUX",
        "&date=ge2020-01-01", "&_lastUpdated=ge2020-01-01",
    ):  # fmt: skip
        yield "GET", f"/fhir/DocumentReference?{who}{asked}", {}
    for operation in ("traces", "notifications", "choix"):
        yield "GET", f"/fhir/Patient/{tale.record_id}/$dmp-{operation}", {}
    for more in ("_count=2", "mes-actions=true"):
        yield "GET", f"/fhir/Patient/{tale.record_id}/$dmp-traces?{more}", {}
    for line in ("10", "28"):
        reader = [{"name": "lecteur", "valueCode": "profession"}]
        asked_as = [*reader, {"name": "profession", "valueCode": line}]
        body = {"resourceType": "Parameters", "parameter": asked_as}
        yield "POST", f"/fhir/Patient/{tale.record_id}/$dmp-voir-comme", {"json": body}
    patch = [{"op": "add", "path": "/securityLabel/-", "value": _LABEL}]
    headers = {"content-type": "application/json-patch+json"}
    for entry in hidden:
        for number in (entry.document_id, entry.entry_uuid):
            yield "GET", f"/fhir/DocumentReference/{number}", {}
            yield "GET", f"/fhir/Binary/{number}", {}
        yield "GET", f"/fhir/DocumentReference?{who}&identifier={entry.unique_id.value}", {}
        yield (
            "PATCH",
            f"/fhir/DocumentReference/{entry.document_id}",
            {"json": patch, "headers": headers},
        )
        named = f"identifier=urn:ietf:rfc:3986%7Curn:oid:{entry.unique_id.value}"
        yield "PATCH", f"/fhir/DocumentReference?{named}", {"json": patch, "headers": headers}


_VISIBILITY = (
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument"
    "/FHIR/TRE-A07-StatutVisibiliteDocument"
)
_LABEL = {"coding": [{"system": _VISIBILITY, "code": "MASQUE_PS"}]}


_NARROWED = {
    "/documents": (
        "?apercu={document}", "?lecture=non-lus", "?regrouper=episode&etat=tous", "?type=11502-2",
        "?specialite=M%C3%A9decin&tri=auteur", "?recherche=document",
    ),
    "/imagerie/comparer": ("?a=d{document.hex}&b=d{document.hex}",),
    "/chronologie": ("?ans=1", "?ans=20&bande=examens"),
    "/biologie": ("?valeurs=hors",),
}  # fmt: skip
"""How a professional narrows a page, with each document where one is named."""


def reference(tale: Tale, caller: Caller) -> str:
    """How a professional's pages name the girl."""
    ins = tale.people.girl
    return seals.sealed(SECRET, "patient", caller.id, f"{ins.matricule}|{ins.root.value}")


def page_questions(
    reader: Reader, tale: Tale, hidden: Sequence[Any], caller: Caller
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every page of the reader's face, for the record, a visible document and what is hidden."""
    patient = reference(tale, caller)
    alert = seals.sealed(SECRET, "alert", caller.id, f"duplicate:1577:{tale.world.at:%Y-%m-%d}")
    documents = [tale.entries[2].document_id, *(entry.document_id for entry in hidden)]
    for page in PAGES:
        if page.method != "GET" or page.authentication is not reader.page_login:
            continue
        path = page.path.replace("{record}", str(tale.record_id)).replace("{patient}", patient)
        path = (
            path.replace("{page}", "1")
            .replace("{alert}", alert)
            .replace("{number}", "0")
            .replace("{loinc}", "4548-4")
        )
        path = path.replace("{exam}", "d{document.hex}")
        for document in documents if "{document" in path else documents[:1]:
            named = path.replace("{document.hex}", document.hex)
            yield "GET", named.replace("{document}", str(document)), {}
        for end, more in _NARROWED.items():
            if path.endswith(end) and path.startswith("/pro"):
                for asked in more:
                    for document in documents if "{" in asked else documents[:1]:
                        yield "GET", path + asked.format(document=document), {}
        if path.endswith("/recherche"):
            # Words of every document of the stories, one of each, and one misspelt.
            for words in (
                "document",
                "etape",
                *(f"document {n}" for n in range(FIRST, 16)),
                "etqpe",
            ):
                yield "GET", f"{path}?mots={words.replace(' ', '+')}", {}


async def _remembered(doors: Doors, tale: Tale) -> None:
    """The process has read this record lately, in both worlds: whoever comes after a change waits longer."""
    unit = doors.world.unit()
    try:
        await unit.records.by_ins(tale.people.girl)
    finally:
        await unit.close()


async def answers(
    reader: Reader, doors: Doors, tale: Tale, hidden: Sequence[Any]
) -> list[tuple[str, Answer, int]]:
    """Everything the reader is answered, in one world."""
    caller = reader.caller(tale.people)
    found = []
    bearer = doors.bearer(caller)
    for method, path, options in fhir_questions(tale, hidden):
        headers = bearer | options.get("headers", {})
        found.append((method, path, {**options, "headers": headers}))
    identity = logged_in(caller, tale.people) if reader.page_login else None
    if identity is not None:
        stated = (
            None if caller.purpose is Purpose.NORMAL else (reference(tale, caller), caller.purpose)
        )
        cookie = await doors.logged_in(identity, stated)
        for method, path, _ in page_questions(reader, tale, hidden, caller):
            found.append((method, path, {"headers": cookie}))
    await _remembered(doors, tale)
    given_out = []
    for number, (method, path, options) in enumerate(found):
        doors.world.move_to(doors.world.at + timedelta(seconds=1))
        answer, statements = await doors.ask(method, path, **options)
        given_out.append((f"{number} {method} {path}", answer, statements))
    return given_out


def difference(one: Answer, other: Answer) -> str:
    """Where two answers part, with what stands there."""
    pairs = zip(one.content, other.content, strict=False)
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), 0)
    shown = slice(max(0, at - 80), at + 160)
    return f"{one.content[shown]!r} and {other.content[shown]!r}"


async def compared(
    databases: tuple[str, str], folder: Path, reader: Reader, story: Sequence[Happening]
) -> None:
    """Tell the story in both worlds, ask in both, demand equality."""
    rank = next(_rank)
    people = Family.of(rank)
    found: list[list[tuple[str, Answer, int]]] = []
    async with (
        opened(databases[0], folder / "a", BEGINNING) as first,
        opened(databases[1], folder / "b", BEGINNING) as second,
    ):
        whole = await told(first, people, story, with_hidden=True, rank=rank)
        plain = await told(second, people, story, with_hidden=False, rank=rank)
        assert whole.record_id == plain.record_id
        hidden = [entry for step, entry in whole.entries.items() if step not in plain.entries]
        for doors, tale in ((first, whole), (second, plain)):
            found.append(await answers(reader, doors, tale, hidden))
    for (asked, one, read), (_, other, read_too) in zip(*found, strict=True):
        assert one.status == other.status, asked
        assert one.content == other.content, f"{asked}: {difference(one, other)}"
        assert one.headers == other.headers, asked
        assert one.status < 500, asked
        assert read == read_too, f"{asked}: another number of statements"
    assert any(answer.status == 200 for _, answer, _ in found[0]) or reader.name == "desk"
    synthesis = [answer.status for asked, answer, _ in found[0] if asked.endswith("/synthese")]
    assert synthesis in ([], [200 if reader.name in READ_SYNTHESES else 303]), reader.name


def happenings(reader: Reader) -> st.SearchStrategy[list[Happening]]:
    """Stories in which open and hidden things alternate."""
    visible = st.sampled_from(steps.OPEN).map(lambda step: Happening(step, False))
    hidden = st.sampled_from(reader.hidden).map(lambda step: Happening(step, True))
    return st.lists(visible | hidden | hidden, min_size=1, max_size=5)


def run(story: Any) -> None:
    asyncio.run(asyncio.wait_for(story, 300))


IN_THE_LOOP = ("authorised specialist", "blocked doctor", "carer")
"""Readers who are tried in the developer's loop too; with all of them it would take too long."""


@pytest.mark.parametrize(
    "reader",
    [
        pytest.param(
            one, id=str(one.name), marks=[] if one.name in IN_THE_LOOP else pytest.mark.slow
        )
        for one in READERS
    ],
)
def test_everything_hidden_at_once_leaves_no_hint(
    reader: Reader, two_databases: tuple[str, str], tmp_path: Path
) -> None:
    story: list[Happening] = []
    for step in dict.fromkeys(reader.hidden):
        story += [Happening(step, True), Happening(steps.OPEN[len(story) % 4], False)]
    run(compared(two_databases, tmp_path, reader, story))


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: str(reader.name))
def test_whatever_is_hidden_leaves_no_hint(
    reader: Reader, two_databases: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(happenings(reader))
    def every(story: list[Happening]) -> None:
        run(compared(two_databases, tmp_path_factory.mktemp("worlds"), reader, story))

    every()


def test_the_comparison_sees_a_difference(two_databases: tuple[str, str], tmp_path: Path) -> None:
    """What a reader may see makes a difference: the test would notice a leak."""
    reader = READERS[0]
    story = [Happening(steps.results, True)]
    with pytest.raises(AssertionError):
        run(compared(two_databases, tmp_path, reader, story))
