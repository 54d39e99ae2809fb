"""The inbox of the insurer's feed: a folder whose files and folders are loaded, then put aside.

An entry is taken when its marker (`NAME.done`) is there, or when it has not changed since the turn before.
Loaded or known, it goes to `taken`; refused, to `refused` with the reason; its receipt goes with it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dmp.acts.work import House
from dmp.bootstrap.claims_intake import Load, load
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
            for entry in sorted(self.folder.iterdir()):
                if self._is_ready(entry):
                    await self._take(entry)
                    done += 1
        return done

    def _is_ready(self, entry: Path) -> bool:
        name = entry.name
        if name.startswith(".") or name in _ASIDE or name.endswith(MARKER) or entry.is_symlink():
            return False
        if (self.folder / f"{name}{MARKER}").exists():
            return True
        looks = _look(entry)
        before, self._seen[name] = self._seen.get(name), looks
        return before == looks and looks[0] > 0

    async def _take(self, entry: Path) -> None:
        try:
            receipt = await load(self.house, Load(paths=(entry,), data=self.data))
        except DeliveryRefused as refusal:
            logger.warning("a delivery of the inbox was refused")
            self._put_aside(entry, REFUSED, str(refusal))
        else:
            self._put_aside(entry, TAKEN, receipt.as_json())

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
