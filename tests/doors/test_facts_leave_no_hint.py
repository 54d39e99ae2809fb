"""Facts of every kind, hidden in every way: whoever may not see one gets, octet for octet, what he would get if
it had never been.

The knowledge is the shipped one, so that what is hidden would make interactions, repeated tests, allergies and
news of what is seen. Days pass between the steps, and the reader comes in between.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.domain.identity.caller import Caller, Purpose
from dmp.entrypoints.web.page import Authentication
from tests.doors import family as cast
from tests.doors import hiding
from tests.doors.comparing import Happening, Reader, Setting, compared
from tests.doors.family import emergency, known
from tests.doors.steps import Step


def _professional(
    name: str, who: Caller, hidden: tuple[Step, ...] = hiding.FROM_PROFESSIONALS
) -> Reader:
    return Reader(name, lambda _: who, hidden, Authentication.PROFESSIONAL, reads=True)


READERS = (
    _professional("specialist", known(cast.SPECIALIST)),
    _professional("pharmacist", known(cast.PHARMACIST)),
    _professional("SAMU", emergency(cast.REGULATOR, Purpose.REGULATION)),
    replace(
        _professional("attending doctor", known(cast.GP), hiding.FROM_ATTENDING_DOCTORS),
        knows_traces=True,
    ),
    Reader(
        "representative", lambda f: f.parent, hiding.FROM_REPRESENTATIVES, Authentication.HOLDER
    ),
    Reader("holder", lambda f: f.holder, hiding.FROM_THE_HOLDER, Authentication.HOLDER),
)


def run(story: Any) -> None:
    asyncio.run(asyncio.wait_for(story, 300))


SEES_LINES = ("pharmacist", "attending doctor", "representative", "holder")
"""Readers to whom the history of reimbursements is shown; from the others it is hidden too."""


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: str(reader.name))
def test_hidden_facts_leave_no_hint(
    reader: Reader, two_databases: tuple[str, str], worlds: Path
) -> None:
    is_told = reader.name in SEES_LINES
    hidden = reader.hidden if is_told else (*reader.hidden, hiding.lines_masked)
    lines = (hiding.known_lines,) if is_told else ()
    setting = Setting(
        knowledge=shipped_knowledge(),
        step=timedelta(hours=17),
        prelude=(hiding.known_facts, *lines, hiding.the_reader_looks),
    )
    story: list[Happening] = []
    for number, step in enumerate(hidden):
        story.append(Happening(step, True))
        if number % 2:
            story.append(Happening(hiding.the_reader_looks, False))
        if number % 3 == 2:
            story.append(Happening(hiding.more_results, False))
    run(compared(two_databases, worlds, reader, story, setting))
