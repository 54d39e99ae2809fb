"""Generates the files: the territory's people one after the other, the scripted cases among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from dmp.remote.simulated.claims.cases import all_cases
from dmp.remote.simulated.claims.cases.case import Case, Setting
from dmp.remote.simulated.claims.files import Format, tables_in, write_manifest
from dmp.remote.simulated.claims.habits import Period, claims_of
from dmp.remote.simulated.claims.lines import Claims
from dmp.remote.simulated.claims.rows import rows_of
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.people import Person
from dmp.remote.simulated.territory.population import SEED, population

MONTHS: Final = 24
_LOOKED_FURTHER: Final = 2_000
"""People beyond those asked for, among whom cases still without a person look for theirs."""
_STEP: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be generated: `until` is the day after the last care, `cases` which scripted cases.

    The first `without` people are left out; those who follow keep the rows that they have beside them.
    """

    people: int
    until: date
    months: int = MONTHS
    seed: int = SEED
    cases: tuple[str, ...] = tuple(all_cases())
    without: int = 0

    @property
    def since(self) -> date:
        """The first day of care."""
        months = self.until.year * 12 + self.until.month - 1 - self.months
        return date(months // 12, months % 12 + 1, min(self.until.day, 28))


@dataclass(slots=True, kw_only=True)
class Generated:
    """What was written: rows by table, people, and the entries of the manifest."""

    people: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    cases: list[dict[str, object]] = field(default_factory=list)

    @property
    def row_count(self) -> int:
        """Rows of all tables."""
        return sum(self.rows.values())


def generate(
    folder: Path,
    wanted: Wanted,
    form: Format = Format.CSV,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Generated:
    """Write the files of a feed and their manifest; the same arguments give the same octets.

    Raises:
        LookupError: a case found nobody.
        FolderTaken: tables stand in the folder that were not generated.
        OSError: the folder cannot be written.
    """
    written = Generated()
    with tables_in(folder, form) as tables:
        for index, (person, claims, told) in enumerate(_people(wanted)):
            if index < wanted.without:
                continue
            for table, rows in rows_of(person, claims, index, wanted.until).items():
                tables.write(table, rows)
            written.people += 1
            written.cases += told
            if written.people % _STEP == 0:
                progress(min(written.people, wanted.people), wanted.people)
    written.rows = dict(sorted(tables.rows.items()))
    progress(wanted.people, wanted.people)
    write_manifest(folder, manifest(wanted, written))
    return written


def manifest(wanted: Wanted, written: Generated) -> dict[str, object]:
    """Who has which case, what is expected, and how many rows there are."""
    return {
        "seed": wanted.seed,
        "since": wanted.since.isoformat(),
        "until": wanted.until.isoformat(),
        "people": written.people,
        "rows": written.rows,
        "cases": written.cases,
    }


def _people(wanted: Wanted) -> Iterator[tuple[Person, Claims, list[dict[str, object]]]]:
    """Everybody with his claims and cases; more people than asked for where a case needs somebody."""
    period = Period(since=wanted.since, until=wanted.until, seed=wanted.seed)
    waiting = [all_cases()[key] for key in wanted.cases]
    cast = cast_people()
    most = wanted.people + (_LOOKED_FURTHER if waiting else 0)
    for number, person in enumerate(population(wanted.seed, max(most, len(cast)))):
        if number >= wanted.people and not waiting:
            return
        case = _case_for(person, waiting, wanted.until, scripted=person.key in cast)
        if number >= wanted.people and case is None:
            continue
        claims = Claims() if case is not None and case.alone else claims_of(person, period)
        entries: list[dict[str, object]] = []
        if case is not None:
            waiting.remove(case)
            told = case.tell(Setting(person=person, since=wanted.since, until=wanted.until))
            claims = told.added_to(claims)
            entries.append(_entry(case, person, told.expected))
        yield person, claims, entries
    if waiting:
        raise LookupError(f"nobody suits the case {waiting[0].key}")


def _case_for(person: Person, waiting: list[Case], until: date, *, scripted: bool) -> Case | None:
    return next(
        (case for case in waiting if case.who.takes(person, until, scripted=scripted)), None
    )


def _entry(case: Case, person: Person, expected: dict[str, object]) -> dict[str, object]:
    return {
        "case": case.key,
        "family": case.family.value,
        "shows": case.shows,
        "person": person.key,
        "name": person.name,
        "ins": person.ins.matricule,
        "expected": expected,
    }
