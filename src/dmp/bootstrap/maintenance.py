"""Maintenance that was announced: a small file in the data folder, read by every server on it.

While it is there every door answers "come back later", at once and without a restart; data stay as they are.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from dmp.entrypoints.web.options import Maintenance

_NAME = "maintenance.json"


class Announced:
    """The maintenance of one data folder; the file is read again only when it has changed."""

    def __init__(self, data: Path) -> None:
        self._place = data / _NAME
        self._read_at = -1
        self._found: Maintenance | None = None

    def __call__(self) -> Maintenance | None:
        """The maintenance under way, or None."""
        try:
            changed = self._place.stat().st_mtime_ns
        except FileNotFoundError:
            return None
        if changed != self._read_at:
            self._found, self._read_at = _read(self._place), changed
        return self._found


def begin(data: Path, until: datetime | None) -> None:
    """Announce a maintenance. `until` (UTC) is when people may come back, where that is known."""
    place = data / _NAME
    partial = place.with_suffix(".partial")
    text = json.dumps({"until": until.isoformat() if until else ""})
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(place)


def end(data: Path) -> bool:
    """Take the announcement away; whether there was one."""
    try:
        (data / _NAME).unlink()
    except FileNotFoundError:
        return False
    return True


def _read(place: Path) -> Maintenance:
    """A file that cannot be read is a maintenance whose end is not known."""
    try:
        said = json.loads(place.read_text(encoding="utf-8"))["until"]
        return Maintenance(until=datetime.fromisoformat(said) if said else None)
    except (OSError, ValueError, KeyError, TypeError):
        return Maintenance()
