"""Loading reference data: files are read, compared with what is in force, and kept kind by kind, whole or
not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from dmp.domain.clinical.knowledge.changes import (
    Changes,
    EditionRefused,
    compared,
    may_take_place,
)
from dmp.domain.clinical.knowledge.contents import Content
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.domain.clinical.knowledge.pack.shipped import shipped
from dmp.formats.reference import directories
from dmp.formats.reference.editions import Directory, read_files
from dmp.formats.reference.faults import FileRefused
from dmp.formats.reference.given import Given
from dmp.formats.reference.kept import from_kept_form, kept_form
from dmp.storage.postgres.reference import ReferenceShelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one edition. `before` is the one it replaces (None: nothing, or what is shipped);
    `changes` is None where there is nothing to compare: a directory, a first edition.
    """

    edition: Edition
    before: Edition | None
    changes: Changes | None = None
    unchanged: bool = False


@dataclass(slots=True, kw_only=True)
class Delivery:
    """What one load did, in sentences where it did nothing."""

    outcomes: list[Outcome] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which terms files are taken: `edition` dates those that do not say theirs; `at` is now, in UTC."""

    today: date
    at: datetime
    edition: date | None = None
    accept_smaller: bool = False


async def load_references(shelf: ReferenceShelf, files: Iterable[Given], terms: Terms) -> Delivery:
    """Take the files of one delivery; each kind by itself.

    Raises:
        Refused: UNAVAILABLE.
    """
    reading = await asyncio.to_thread(read_files, tuple(files), terms.today, terms.edition)
    delivery = Delivery(refusals=reading.refusals, unknown=reading.unknown, notes=reading.notes)
    for content in reading.contents:
        try:
            delivery.outcomes.append(await _kept(shelf, content, terms))
        except EditionRefused as refusal:
            delivery.refusals.append(str(refusal))
    for directory in reading.directories:
        try:
            delivery.outcomes.append(await _copied(shelf, directory, terms))
        except (EditionRefused, FileRefused) as refusal:
            delivery.refusals.append(str(refusal))
    return delivery


async def _kept(shelf: ReferenceShelf, content: Content, terms: Terms) -> Outcome:
    edition = content.edition
    before = (await shelf.in_force()).get(edition.kind)
    if before is not None and (before.on, before.digest) == (edition.on, edition.digest):
        return Outcome(edition=edition, before=before, unchanged=True)
    stored = None if before is None else await shelf.content(before)
    await shelf.keep(
        edition,
        await asyncio.to_thread(kept_form, content.tables),
        terms.at,
        lambda offered, current: _allowed(offered, current, terms),
    )
    if before is None or stored is None:
        return Outcome(edition=edition, before=None)
    standing = Content(edition=before, tables=from_kept_form(stored))
    changes = await asyncio.to_thread(compared, standing, content)
    return Outcome(edition=edition, before=before, changes=changes)


async def _copied(shelf: ReferenceShelf, directory: Directory, terms: Terms) -> Outcome:
    edition = directory.edition
    before = (await shelf.in_force()).get(edition.kind)
    if before is not None and edition.on < before.on:
        # Said before a million lines are read in vain.
        raise EditionRefused(f"{edition.label}: the edition in force, of {before.on}, is newer.")
    read = directories.persons if edition.kind is ReferenceKind.RPPS else directories.places
    taken = await shelf.copy_directory(
        edition,
        read(directory.given),
        terms.at,
        lambda offered, current: may_take_place(
            offered, current, terms.today, accept_smaller=terms.accept_smaller
        ),
    )
    same = before is not None and (before.on, before.digest) == (taken.on, taken.digest)
    return Outcome(edition=taken, before=before, unchanged=same)


def _allowed(offered: Edition, current: Edition | None, terms: Terms) -> None:
    """The loaded edition in force decides; without one, what is shipped: its age counts, its size does
    not.
    """
    if current is not None:
        may_take_place(offered, current, terms.today, accept_smaller=terms.accept_smaller)
        return
    standing = shipped().get(offered.kind)
    may_take_place(
        offered,
        standing.edition if standing is not None else None,
        terms.today,
        accept_smaller=True,
    )
