"""How a professional wants his pages: density of the synthesis, favourite analytes, quiet alerts, shortcuts.

Kept for him on the server, whatever the device. Nothing of it is about a patient.

Source: ux rules of the project §2.4, §7.3; WCAG 2.1.4 (shortcuts of one character can be switched off).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

SETTINGS_ID: Final = UUID(int=0)
"""Whoever reads has one set of settings."""
MOST_FAVOURITES: Final = 8
"""As many as the zone of results has rows."""


MAY_BE_QUIET: Final = ("interaction", "duplicate", "due")
"""Classes of alerts that may stand aside; what forbids a treatment never does."""


class Density(StrEnum):
    """How much of a synthesis stands on a screen."""

    USUAL = "selon-ecran"  # dense on a small screen, roomy on a large one
    DENSE = "dense"  # letters of 13 and 14 px
    ROOMY = "confort"  # letters of 15 and 16 px; a small screen scrolls


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSettings:
    """`favourites` are keys of `clinical.results.analytes`, the first one first; `quiet` are the classes of
    alerts that do not stand on the first screen, of `MAY_BE_QUIET`: they stay on the page of all alerts.
    """

    slip_id: UUID = SETTINGS_ID
    density: Density = Density.USUAL
    shortcuts: bool = True
    favourites: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()


USUAL_SETTINGS: Final = ReaderSettings()
"""Before anything was chosen."""
