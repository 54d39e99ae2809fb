"""From when and until when a prescription holds, and whether a letter says that a treatment was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from dmp.domain.clinical.facts import Dispensed, Prescribed
from dmp.domain.clinical.same.gathering import newest

PRESCRIPTION_DAYS = 90
LISTED_DAYS = 365
_LISTED = ("10160-0",)
"""LOINC of the section of treatments of a synthesis: what it lists goes on until something says otherwise."""
_STOPPED = "18610-6"
"""LOINC of the section of treatments given in a stay, or stopped in it."""
_NO_DAY = date.min
_LATEST = date.max - timedelta(days=LISTED_DAYS)


def began_on(order: Prescribed) -> date:
    """The day it begins; where none is told, that on which it was said first."""
    if order.start is not None:
        return order.start
    sources = order.sources
    if len(sources) == 1:
        return sources[0].on
    return min((source.on for source in sources), default=_NO_DAY)


def said_on(order: Prescribed) -> date:
    """The day on which it held last: a synthesis lists today what began years ago."""
    return max(newest(order), order.start or _NO_DAY)


def prescribed_until(order: Prescribed) -> date:
    """The last day of a prescription: as written; else 90 days, or a year where a synthesis lists it."""
    if order.stop is not None:
        return order.stop
    said = max((source.on for source in order.sources), default=began_on(order))
    listed = any(source.anchor in _LISTED for source in order.sources)
    days = LISTED_DAYS if listed else PRESCRIPTION_DAYS
    if said == _NO_DAY:
        return date.max
    return min(max(said, began_on(order)), _LATEST) + timedelta(days=days)


def is_stopped(
    prescribed: Sequence[Prescribed], dispensed: Sequence[Dispensed], today: date
) -> bool:
    """Whether a letter says that a treatment was stopped, and nothing since then that it is taken.

    What was begun after the last delivery was given in the stay: that ends nothing.
    """
    for order in prescribed:
        stop, sources = order.stop, order.sources
        # Sources stand newest first: what was listed again since then begins with another.
        if stop is None or stop > today or not sources or sources[0].anchor != _STOPPED:
            continue
        others = [one for one in prescribed if one is not order]
        taken = max((fact.on for fact in dispensed), default=_NO_DAY)
        listed = max(map(newest, others), default=_NO_DAY)
        began = max(taken, max(map(began_on, others), default=_NO_DAY))
        if taken <= stop and listed < newest(order) and (order.start or _NO_DAY) <= began:
            return True
    return False
