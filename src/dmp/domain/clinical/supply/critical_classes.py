"""Medicines that a doctor wants to see first, by ATC class or by substance.

Source: ux design, zone Z3; classes whose stop, doubling or combination harms soonest.
"""

from __future__ import annotations

from collections.abc import Iterable

CRITICAL_CLASSES: tuple[tuple[str, str], ...] = (
    ("B01AA", "anticoagulant"),
    ("B01AB", "anticoagulant"),
    ("B01AE", "anticoagulant"),
    ("B01AF", "anticoagulant"),
    ("B01AX05", "anticoagulant"),
    ("B01AC", "antiagrégant plaquettaire"),
    ("A10A", "insuline"),
    ("N03A", "antiépileptique"),
    ("H02A", "corticoïde"),
    ("L04A", "immunosuppresseur"),
    ("C01AA", "digitalique"),
    ("L01BA01", "méthotrexate"),
    ("M01CX01", "méthotrexate"),
    ("N05AN", "lithium"),
)
_SUBSTANCES = {
    "methotrexate": "méthotrexate",
    "digoxine": "digitalique",
    "lithium": "lithium",
    "insuline": "insuline",
}


def critical_class(atc: str, substances: Iterable[str]) -> str:
    """The word for the critical class of a medicine; empty for the others."""
    by_substance = next((_SUBSTANCES[s] for s in substances if s in _SUBSTANCES), "")
    if by_substance:
        return by_substance
    return next((word for prefix, word in CRITICAL_CLASSES if atc.startswith(prefix)), "")
