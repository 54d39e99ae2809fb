"""Medicines: from the code of a box (CIP13) or of a hospital unit (UCD) to substances and ATC.

Source: BDPM (ANSM), ATC (WHO), UCD (Assurance maladie).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from dmp.domain.codes import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine:
    """A product. `substances` are normalised names, the form that the thesaurus of interactions uses first.

    `routes` are those of BDPM, normalised (`orale`, `cutanee`...). `atc_method` says how the code was found
    (`official`, `group`, `composition`...); `units` is the number of units of the box asked for, None when it
    is not known.
    """

    key: str  # CIS where there is one, else `ucd:…` or `atc:…`
    name: str
    substances: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    atc: str = ""
    atc_method: str = ""
    units: float | None = None


class Medicines(Protocol):
    """Finds medicines by the codes of facts."""

    def by_codes(self, codes: Sequence[Code], label: str = "") -> Medicine | None:
        """The medicine that any of these codes names (CIP13, UCD, CIS, then ATC); else by its label, when
        that begins with a name that is known; None when nothing is known of it.
        """

    def by_cip13(self, cip13: str) -> Medicine | None:
        """The medicine in this box."""

    def atc_label(self, atc: str) -> str:
        """The French name of an ATC group or substance; empty when not known."""


@dataclass(frozen=True, slots=True)
class NoMedicines:
    """Nothing is known: what stands before any reference is loaded, and in tests."""

    known: Mapping[str, Medicine] = field(default_factory=lambda: MappingProxyType({}))

    def by_codes(self, codes: Sequence[Code], label: str = "") -> Medicine | None:
        """The medicine of the first code that is known."""
        found = (self.known.get(code.code) for code in codes)
        return next((medicine for medicine in found if medicine is not None), None)

    def by_cip13(self, cip13: str) -> Medicine | None:
        """The medicine in this box."""
        return self.known.get(cip13)

    def atc_label(self, atc: str) -> str:
        """Nothing is known."""
        return ""
