"""The inbox of the insurer's feed: a folder whose files and folders are loaded, then put aside.

An entry is taken when its marker (`NAME.done`) is there, or when it has not changed since the turn before.
A folder is a delivery; tables that lie loose beside each other are one too, and wait for each other, since
details belong to their services. Loaded or known, they go to `taken`; refused, to `refused` with the reason;
the receipt goes with them.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dmp.acts.work import House
from dmp.bootstrap.claims_intake import Load, load
from dmp.formats.claims.reading import source_of
from dmp.formats.claims.refusals import DeliveryRefused
from dmp.storage.private_files import private_folder

logger = logging.getLogger("dmp.claims")

TAKEN, REFUSED = "taken", "refused"
MARKER = ".done"
_ASIDE = frozenset({TAKEN, REFUSED})


@dataclass(slots=True, kw_only=True)
class Inbox:
    """The watching of one folder; it remembers how each entry looked in the last turn."""

    house: House
    folder: Path
    data: Path
    _seen: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    async def turn(self) -> int:
        """Load what is ready; returns how many entries were put aside. Another process at work: none."""
        private_folder(self.folder)
        done = 0
        with _alone(self.folder) as alone:
            if not alone:
                return 0
            entries = [entry for entry in sorted(self.folder.iterdir()) if _is_entry(entry)]
            ready = {entry: self._is_ready(entry) for entry in entries}
            loose = [entry for entry in entries if entry.is_file()]
            for entry in entries:
                if ready[entry] and entry not in loose:
                    await self._take([entry])
                    done += 1
            if loose and all(ready[entry] for entry in loose):
                for together in _deliveries_of(loose):
                    await self._take(together)
                    done += len(together)
        return done

    def _is_ready(self, entry: Path) -> bool:
        name = entry.name
        if (self.folder / f"{name}{MARKER}").exists():
            return True
        try:
            looks = _look(entry)
        except (
            OSError
        ):  # gone meanwhile, or not to be read: it waits, and keeps nobody else waiting
            looks = (0, 0, 0)
        before, self._seen[name] = self._seen.get(name), looks
        return before == looks and looks[0] > 0

    async def _take(self, entries: Sequence[Path]) -> None:
        try:
            receipt = await load(self.house, Load(paths=tuple(entries), data=self.data))
        except DeliveryRefused as refusal:
            logger.warning("a delivery of the inbox was refused")
            where, said = REFUSED, str(refusal)
        else:
            where, said = TAKEN, receipt.as_json()
        for entry in entries:
            self._put_aside(entry, where, said)

    def _put_aside(self, entry: Path, where: str, said: str) -> None:
        aside = private_folder(self.folder / where)
        to = _free(aside, entry.name)
        shutil.move(entry, to)
        receipt = to.with_name(f"{to.name}.receipt")
        file = os.open(receipt, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as written:
            written.write(said + "\n")
        (self.folder / f"{entry.name}{MARKER}").unlink(missing_ok=True)
        self._seen.pop(entry.name, None)


def _is_entry(path: Path) -> bool:
    """Whether something in the inbox may be a delivery: nothing hidden, no marker, no link."""
    name = path.name
    return not (
        name.startswith(".") or name in _ASIDE or name.endswith(MARKER) or path.is_symlink()
    )


def _deliveries_of(loose: Sequence[Path]) -> list[list[Path]]:
    """Loose tables are one delivery; each file that is none is one of its own, so that only it is refused."""
    tables: list[Path] = []
    others: list[list[Path]] = []
    for path in loose:
        try:
            is_table = source_of(path).table is not None
        except (DeliveryRefused, OSError):
            is_table = False
        if is_table:
            tables.append(path)
        else:
            others.append([path])
    return ([tables] if tables else []) + others


def _look(entry: Path) -> tuple[int, int, int]:
    """How many files, octets, and when last changed (nanoseconds): what tells that a copy goes on."""
    files = [entry] if entry.is_file() else [p for p in entry.rglob("*") if p.is_file()]
    stats = [file.stat() for file in files]
    newest = max((stat.st_mtime_ns for stat in stats), default=0)
    return len(stats), sum(stat.st_size for stat in stats), newest


def _free(folder: Path, name: str) -> Path:
    """A name that nothing in the folder has."""
    to, number = folder / name, 1
    while to.exists():
        number += 1
        to = folder / f"{name}.{number}"
    return to


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether this process is the one that looks into the inbox now; several servers may watch it."""
    lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)
