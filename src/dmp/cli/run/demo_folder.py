"""The data folder of a demo: marked as such, held by one demo at a time."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dmp.cli.terminal import CannotDo

MARK = "demo.json"
_LOCK = "demo.lock"


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """A data folder that this process holds. `place` is the folder."""

    place: Path

    @classmethod
    @contextmanager
    def opened(cls, place: Path) -> Iterator[DemoFolder]:
        """Hold the folder. Raises CannotDo: another demo does, or a server's data lie there."""
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (place / "keys").exists() and not is_demo(place):
            raise CannotDo(
                f"{place} holds the data of a server that is no demo; give the demo another folder "
                "with --data."
            )
        lock = os.open(place / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _hold(lock, place)
            yield cls(place)
        finally:
            os.close(lock)

    @property
    def is_demo(self) -> bool:
        """Whether a demo made this folder."""
        return is_demo(self.place)

    def remembered(self, seed: int, people: int) -> tuple[int, int]:
        """Seed and people of this folder's territory: its seed stays, its people become more."""
        found = _read(self.place)
        kept, inhabitants = found.get("seed"), found.get("people")
        if not isinstance(kept, int) or not isinstance(inhabitants, int):
            return seed, people
        return kept, max(inhabitants, people)

    def write(self, seed: int, people: int, address: str) -> None:
        """Mark the folder."""
        text = {"seed": seed, "people": people, "address": address}
        partial = self.place / f"{MARK}.partial"
        partial.write_text(json.dumps(text, indent=2) + "\n", encoding="utf-8")
        partial.replace(self.place / MARK)


def _hold(lock: int, place: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        address = _read(place).get("address", "?")
        raise CannotDo(f"a demo already runs on this data folder, at {address}.") from None


def is_demo(place: Path) -> bool:
    """Whether a demo made this folder: commands beside it then take test identities."""
    return (place / MARK).is_file()


def _read(place: Path) -> dict[str, object]:
    try:
        found = json.loads((place / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
