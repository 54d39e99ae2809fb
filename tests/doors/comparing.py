"""Two worlds live the same story, one of them with more in it; one reader asks everything in both.

Status, headers and octets of each answer are held against each other, and how many statements were read for it,
which is what could be timed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.identity.caller import Caller, Purpose
from dmp.entrypoints.web.page import Authentication
from tests.doors.acting import done_by
from tests.doors.family import Family, logged_in
from tests.doors.papers import KNOWLEDGE
from tests.doors.questions import fhir_questions, followed, page_questions, reference
from tests.doors.steps import STEP, Step, Tale, begun
from tests.doors.world import BEGINNING, Answer, Doors, opened

FIRST = 10
"""The number of the first step after the beginning, which has documents of its own."""
ASKED_ON_PAGES = 3
"""Of so many hidden documents every page is asked; of the others one page."""

_PROFESSIONALS = frozenset(
    {Authentication.PROFESSIONAL, Authentication.READER, Authentication.DEPOSITOR}
)
_FACES = {
    None: frozenset[Authentication](),
    Authentication.HOLDER: frozenset({Authentication.HOLDER}),
    Authentication.PROFESSIONAL: _PROFESSIONALS,
}


@dataclass(frozen=True)
class Reader:
    """Somebody who asks, and what must be hidden from him. `page_login`: how he comes by the pages.

    `reads`: the pages of facts are there for him. `knows_traces`: the law shows him the journal, so that it is
    not compared.
    """

    name: str
    caller: Callable[[Family], Caller]
    hidden: tuple[Step, ...]
    page_login: Authentication | None = None
    reads: bool = False
    knows_traces: bool = False


@dataclass(frozen=True)
class Happening:
    """One step of a story, and whether it must stay hidden from the reader."""

    step: Step
    is_hidden: bool


@dataclass(frozen=True)
class Setting:
    """How a story is told: what is known of medicines, how long each step takes, how it begins; and whether
    pages are asked at its end.
    """

    knowledge: Knowledge = KNOWLEDGE
    step: timedelta = STEP
    prelude: tuple[Step, ...] = ()
    pages: bool = True


_rank = count()


async def told(
    doors: Doors, people: Family, story: Sequence[Happening], rank: int, *, reader: Caller,
    setting: Setting, with_hidden: bool,
) -> Tale:  # fmt: skip
    """Live the story in one world. Each step has its instant, whether it happens there or not."""
    world = doors.world
    began = BEGINNING + timedelta(days=rank)
    world.move_to(began)
    tale = await begun(world, people)
    tale.reader = reader
    prelude = [Happening(step, False) for step in setting.prelude]
    for number, happening in enumerate([*prelude, *story], FIRST):
        world.move_to(began + number * setting.step)
        tale.step = number
        if with_hidden or not happening.is_hidden:
            await happening.step(tale)
    world.move_to(began + (number + 1) * setting.step + timedelta(hours=2))
    return tale


async def _remembered(doors: Doors, tale: Tale) -> None:
    """The process has read this record lately, in both worlds: whoever comes after a change waits longer."""
    unit = doors.world.unit()
    try:
        await unit.records.by_ins(tale.people.girl)
    finally:
        await unit.close()


async def answers(
    reader: Reader, doors: Doors, tale: Tale, hidden: Sequence[DocumentEntry], setting: Setting
) -> list[tuple[str, Answer, int]]:
    """Everything the reader is answered, in one world."""
    caller = reader.caller(tale.people)
    found: list[tuple[str, str, dict[str, Any]]] = []
    bearer = doors.bearer(caller)
    for method, path, options in fhir_questions(tale, _some(hidden)):
        if reader.knows_traces and "$dmp-traces" in path:
            continue
        headers = bearer | options.get("headers", {})
        found.append((method, path, {**options, "headers": headers}))
    cookie = await _entered(reader, doors, tale, caller) if setting.pages else None
    if cookie is not None:
        pages = page_questions(_FACES[reader.page_login], tale, _some(hidden), caller)
        found += [("GET", path, {"headers": cookie}) for path in pages]
    await _remembered(doors, tale)
    given_out = await _asked(doors, found)
    if cookie is not None:
        links = followed((path for _, path, _ in found), (one.content for _, one, _ in given_out))
        given_out += await _asked(doors, [("GET", path, {"headers": cookie}) for path in links])
    return given_out + await done_by(caller, doors, tale, hidden)


async def _entered(
    reader: Reader, doors: Doors, tale: Tale, caller: Caller
) -> dict[str, str] | None:
    """The cookie of the reader's session; None for who comes by no browser."""
    identity = logged_in(caller, tale.people) if reader.page_login else None
    if identity is None:
        return None
    stated = None
    if caller.purpose is not Purpose.NORMAL:
        stated = (reference(tale, caller), caller.purpose)
    return await doors.logged_in(identity, stated)


async def _asked(
    doors: Doors, questions: Sequence[tuple[str, str, dict[str, Any]]]
) -> list[tuple[str, Answer, int]]:
    found = []
    for number, (method, path, options) in enumerate(questions):
        doors.world.move_to(doors.world.at + timedelta(seconds=1))
        answer, statements = await doors.ask(method, path, **options)
        found.append((f"{number} {method} {path}", answer, statements))
    return found


def _some(hidden: Sequence[DocumentEntry]) -> Sequence[DocumentEntry]:
    """A few of them, spread over the story."""
    return hidden[:: max(1, -(-len(hidden) // ASKED_ON_PAGES))]


def difference(one: Answer, other: Answer) -> str:
    """Where two answers part, with what stands there."""
    pairs = zip(one.content, other.content, strict=False)
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), 0)
    shown = slice(max(0, at - 80), at + 160)
    return f"{one.content[shown]!r} and {other.content[shown]!r}"


async def compared(
    databases: tuple[str, str],
    folder: Path,
    reader: Reader,
    story: Sequence[Happening],
    setting: Setting | None = None,
) -> None:
    """Tell the story in both worlds, ask in both, demand equality."""
    rank = next(_rank)
    people = Family.of(rank)
    setting = setting or Setting()
    caller = reader.caller(people)
    tales: list[Tale] = []
    found: list[list[tuple[str, Answer, int]]] = []
    async with (
        opened(databases[0], folder / "a", BEGINNING, setting.knowledge) as first,
        opened(databases[1], folder / "b", BEGINNING, setting.knowledge) as second,
    ):
        for doors, with_hidden in ((first, True), (second, False)):
            tale = await told(
                doors, people, story, rank, reader=caller, setting=setting, with_hidden=with_hidden
            )
            tales.append(tale)
        whole, plain = tales
        assert whole.record_id == plain.record_id
        hidden = [entry for step, entry in whole.entries.items() if step not in plain.entries]
        for doors, tale in ((first, whole), (second, plain)):
            found.append(await answers(reader, doors, tale, hidden, setting))
    equal(reader, *found, pages=setting.pages)


def equal(
    reader: Reader, found: list[tuple[str, Answer, int]], too: list[tuple[str, Answer, int]],
    *, pages: bool,
) -> None:  # fmt: skip
    """Every answer is the same, and the reader was answered at all: nothing is compared by mistake."""
    for (asked, one, read), (_, other, read_too) in zip(found, too, strict=True):
        assert one.status == other.status, asked
        assert one.content == other.content, f"{asked}: {difference(one, other)}"
        assert one.headers == other.headers, asked
        assert one.status < 500, asked
        assert read == read_too, f"{asked}: another number of statements"
    if pages:
        _was_in(reader, found)


def _was_in(reader: Reader, found: list[tuple[str, Answer, int]]) -> None:
    """The reader came by his pages: a login that does not hold would make all of them equal."""
    pages = [answer for asked, answer, _ in found if " /pro" in asked or " /espace" in asked]
    assert bool(pages) == bool(reader.page_login)
    for answer in pages:
        assert not any(n == "location" and "connexion" in v for n, v in answer.headers)
    synthesis = [answer.status for asked, answer, _ in found if asked.endswith("/synthese")]
    by_page = reader.page_login is Authentication.PROFESSIONAL
    assert [status == 200 for status in synthesis] == ([reader.reads] if by_page else [])
