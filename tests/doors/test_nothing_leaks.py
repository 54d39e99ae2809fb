"""Two records that differ only in what a reader may not see give him the same answers, octet by octet.

Two worlds live the same story; in the first one things happen as well that the reader must not learn of.
He then asks everything there is to ask, through every door: status, headers and octets are equal, and
so is the number of statements that were read for the answer, which is what could be timed.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmp.domain.identity.caller import Caller, Purpose
from dmp.entrypoints.web.page import Authentication
from tests.doors import family as cast
from tests.doors import steps
from tests.doors.comparing import Happening, Reader, Setting, compared
from tests.doors.family import emergency, known


def _professional(name: str, who: Caller, *, reads: bool = False) -> Reader:
    return Reader(
        name, lambda _: who, steps.FROM_PROFESSIONALS, Authentication.PROFESSIONAL, reads=reads
    )


READERS = (
    _professional("authorised specialist", known(cast.SPECIALIST), reads=True),
    _professional("authorised nurse", known(cast.NURSE), reads=True),
    Reader(
        "authorised optician",
        lambda _: known(cast.OPTICIAN),
        steps.FROM_PROFESSIONALS + steps.BY_THE_MATRIX,
        Authentication.PROFESSIONAL,
        reads=True,
    ),
    _professional("doctor without consent", known(cast.STRANGER)),
    _professional("blocked doctor", known(cast.BLOCKED)),
    Reader(
        "breaking the glass",
        lambda _: emergency(cast.STRANGER, Purpose.BREAK_GLASS),
        steps.FROM_PROFESSIONALS,
        Authentication.PROFESSIONAL,
        reads=True,
    ),
    Reader(
        "regulation of SAMU",
        lambda _: emergency(cast.REGULATOR, Purpose.REGULATION),
        steps.FROM_PROFESSIONALS,
        Authentication.PROFESSIONAL,
        reads=True,
    ),
    Reader("structure's software", lambda _: cast.SYSTEM, steps.FROM_PROFESSIONALS),
    Reader("desk", lambda _: cast.DESK, steps.FROM_PROFESSIONALS + steps.FROM_REPRESENTATIVES),
    Reader("representative", lambda f: f.parent, steps.FROM_REPRESENTATIVES, Authentication.HOLDER),
    Reader("carer", lambda f: f.carer, steps.FROM_CARERS, Authentication.HOLDER),
    Reader("holder", lambda f: f.holder, steps.FROM_THE_HOLDER, Authentication.HOLDER),
)


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
    reader: Reader, two_databases: tuple[str, str], worlds: Path
) -> None:
    story: list[Happening] = []
    for step in dict.fromkeys(reader.hidden):
        story += [Happening(step, True), Happening(steps.OPEN[len(story) % 4], False)]
    run(compared(two_databases, worlds, reader, story))


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: str(reader.name))
def test_whatever_is_hidden_leaves_no_hint(
    reader: Reader, two_databases: tuple[str, str], worlds: Path
) -> None:
    """In the suite one story each and no page; `DMP_TWIN_STORIES=50` tells so many, and asks every page."""
    many = int(os.environ.get("DMP_TWIN_STORIES", "0"))
    setting = Setting(pages=many > 0)

    @settings(
        max_examples=many or 1,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(happenings(reader))
    def every(story: list[Happening]) -> None:
        run(compared(two_databases, worlds, reader, story, setting))

    every()


def test_the_comparison_sees_a_difference(two_databases: tuple[str, str], worlds: Path) -> None:
    """What a reader may see makes a difference: the test would notice a leak."""
    reader = READERS[0]
    story = [Happening(steps.results, True)]
    with pytest.raises(AssertionError):
        run(compared(two_databases, worlds, reader, story))
