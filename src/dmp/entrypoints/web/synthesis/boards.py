"""The zones of a synthesis as they were drawn last: nothing changed, nothing is drawn again.

A board is found again by the synthesis it was drawn from, the very same value, which the corridor gives only to
readers who see the same; by the patient as this reader names him; by the language, and by how the page is cut.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import fields

from markupsafe import Markup

from dmp.domain.clinical.synthesis import Synthesis
from dmp.entrypoints.web.synthesis.sheet import Sheet
from dmp.locale import spoken

KEPT = 256
"""Boards that are remembered; one takes some fifty thousand octets."""

_boards: OrderedDict[tuple[object, ...], tuple[Synthesis, Markup]] = OrderedDict()


def board(sheet: Sheet, path: str, draw: Callable[[], Markup]) -> Markup:
    """The zones of a sheet, drawn by `draw` unless they are remembered. `path` is the patient’s address."""
    synthesis = sheet.synthesis
    cut = tuple(getattr(sheet, one.name) for one in fields(sheet) if one.name != "synthesis")
    key = (id(synthesis), path, spoken().code, *cut)
    known = _boards.get(key)
    # The value is held with its board: its identity cannot pass to another one meanwhile.
    if known is not None and known[0] is synthesis:
        _boards.move_to_end(key)
        return known[1]
    drawn = draw()
    _boards[key] = synthesis, drawn
    while len(_boards) > KEPT:
        _boards.popitem(last=False)
    return drawn


def forget() -> None:
    """Forget every board."""
    _boards.clear()
