"""The directories of professionals and of places, as their public extracts print them; read in flat memory.

Source: ANS, annuaire santé, `PS_LibreAcces_Personne_activite` (`|`, header); DREES, FINESS `etalab-
cs1100507` (`;`, by position).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from dmp.domain.clinical.knowledge.contents import Row
from dmp.formats.reference.faults import refused
from dmp.formats.reference.given import Given
from dmp.formats.reference.tables import column_key

MAX_DIRECTORY = 4 * 1024 * 1024 * 1024
_RPPS = re.compile(r"\d{11}")
_FINESS = re.compile(r"[0-9AB]{9}")
_POSTCODE = re.compile(r"^\d{5}\s+|\s+CEDEX.*$")
_NAME, _LONG_NAME, _TOWN = 3, 4, 15
_PERSON_COLUMNS = (
    "Identifiant PP",
    "Nom d'exercice",
    "Prénom d'exercice",
    "Libellé savoir-faire",
    "Libellé profession",
)
_MOST_BAD_LINES = 0.05


def is_persons(head: str) -> bool:
    """Whether a file begins as the extract of professionals."""
    first = column_key(head.split("\n", 1)[0])
    return "identifiant pp" in first and "nom d exercice" in first


def is_places(head: str) -> bool:
    """Whether a file begins as the FINESS extract."""
    return head.startswith(("finess;etalab;", "structureet;", "section;nofinesset;"))


def persons(given: Given) -> Iterator[Row]:
    """(RPPS, name, speciality) of every activity; a professional with several stands several times.

    Raises:
        FileRefused: a column is missing, or too many lines are cut.
    """
    lines = given.lines(MAX_DIRECTORY)
    header = next(lines, "").split("|")
    places = {column_key(column): place for place, column in reversed(list(enumerate(header)))}
    wanted = [places.get(column_key(column)) for column in _PERSON_COLUMNS]
    missing = [c for c, place in zip(_PERSON_COLUMNS, wanted, strict=True) if place is None]
    if missing:
        raise refused(given.name, f"columns missing: {', '.join(missing)}.")
    at = [place for place in wanted if place is not None]
    least = max(at) + 1
    count = bad = 0
    for line in lines:
        cells = line.split("|")
        count += 1
        if len(cells) < least or not _RPPS.fullmatch(cells[at[0]]):
            # Other identifiers (ADELI) are not of RPPS; a short line is a damaged one.
            bad += len(cells) < least
            continue
        identifier, family, given_name, know_how, profession = (
            cells[place].strip() for place in at
        )
        yield identifier, f"{given_name} {family}".strip(), know_how or profession
    _check(given.name, count, bad)


def places(given: Given) -> Iterator[Row]:
    """(FINESS, name, town) of every place.

    Raises:
        FileRefused: no place in it, or too many lines are cut.
    """
    count = bad = 0
    for line in given.lines(MAX_DIRECTORY):
        if not line.startswith("structureet;"):
            continue
        cells = line.split(";")
        count += 1
        if len(cells) <= _TOWN or not _FINESS.fullmatch(cells[1]):
            bad += 1
            continue
        name = cells[_LONG_NAME].strip() or cells[_NAME].strip()
        yield cells[1], name, _POSTCODE.sub("", cells[_TOWN].strip())
    _check(given.name, count, bad)


def _check(name: str, count: int, bad: int) -> None:
    if not count:
        raise refused(name, "no readable line.")
    if bad > max(3, _MOST_BAD_LINES * count):
        raise refused(name, f"{bad} unreadable lines of {count}.")


def day_of_places(head: str) -> date | None:
    """The day that the first line of the FINESS extract says."""
    cells = head.split("\n", 1)[0].strip().split(";")
    if cells[:2] != ["finess", "etalab"]:
        return None
    for cell in cells[2:]:
        for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"):
            try:
                return datetime.strptime(cell.strip(), form).date()  # noqa: DTZ007  # a day, not an instant
            except ValueError:
                continue
    return None
