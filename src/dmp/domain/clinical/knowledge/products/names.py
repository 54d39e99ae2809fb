"""Medicines by the name that a label begins with: a brand, or substances (`Amoxicilline/acide
clavulanique 1 g`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dmp.domain.clinical.knowledge.products.substances import bare
from dmp.domain.clinical.knowledge.spelling import normalised

_DOSE = re.compile(r"\d")
_JOINED = re.compile(r"\s*[/+]\s*|\s+et\s+")
_STRENGTH = re.compile(
    r"\d+(?:[ \u00a0]\d{3})*(?:[.,]\d+)?\s*(?:mg|g|µg|ug|microgrammes?|ui|ml|%)", re.IGNORECASE
)
_LEAST = 3  # letters: shorter names (fer) stand in lists of substances only
_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a name stands for: a product (`cis`), or substances with the code and routes they mostly have."""

    cis: str = ""
    substances: tuple[str, ...] = ()
    atc: str = ""
    routes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameIndex:
    """`brands`: CIS of the products of a first name; `wholes`: CIS by the whole name; `substances`: term
    by name; `usual`: code and routes of each set of substances, or of molecules.
    """

    brands: Mapping[str, tuple[tuple[str, str], ...]]
    wholes: Mapping[str, str]
    substances: Mapping[str, str]
    usual: Mapping[frozenset[str], tuple[str, tuple[str, ...]]]

    def find(self, label: str) -> Named | None:
        """What a label begins with, or None."""
        whole = self.wholes.get(normalised(label))
        if whole is not None:
            return Named(cis=whole)
        head = head_of(label)
        if len(head) < _LEAST:
            return None
        written = self._substances(label)
        if written:
            return self._usual(written)
        products = self._brand(head)
        return Named(cis=_nearest(products, label)) if products else None

    def _brand(self, head: str) -> tuple[tuple[str, str], ...]:
        words = head.split()
        for count in range(min(len(words), _WORDS), 0, -1):
            name = " ".join(words[:count])
            if len(name) > _LEAST and name in self.brands:
                return self.brands[name]
        return ()

    def _usual(self, written: tuple[str, ...]) -> Named:
        """Substances as they are written: the molecules first (each insulin has its own code), then the
        terms.
        """
        substances = tuple(dict.fromkeys(self.substances[name] for name in written))
        molecules = frozenset(bare(name) for name in written)
        for made in (molecules, frozenset(substances)):
            if made in self.usual:
                atc, routes = self.usual[made]
                return Named(substances=substances, atc=atc, routes=routes)
        return Named(substances=substances)

    def _substances(self, label: str) -> tuple[str, ...]:
        """The names of substances before the first dose, as far as known; none unless each part begins
        with one.
        """
        start = _before_dose(label)
        parts = [self._substance(normalised(part)) for part in _JOINED.split(start) if part.strip()]
        return () if "" in parts else tuple(parts)

    def _substance(self, part: str) -> str:
        words = part.split()
        for count in range(min(len(words), _WORDS), 0, -1):
            name = " ".join(words[:count])
            if name in self.substances:
                return name
        return ""


def head_of(label: str) -> str:
    """The normalised name that stands before the first dose or comma."""
    return normalised(_before_dose(label))


def _before_dose(label: str) -> str:
    start = label.partition(",")[0]
    dose = _DOSE.search(start, 1) if start else None
    return start[: dose.start()] if dose is not None else start


def _nearest(products: Iterable[tuple[str, str]], label: str) -> str:
    """The product of the same strength, else the first."""
    strength = _STRENGTH.search(label)
    wanted = normalised(strength.group()).replace(" ", "") if strength is not None else ""
    known = list(products)
    for cis, name in known:
        found = _STRENGTH.search(name)
        if wanted and found is not None and normalised(found.group()).replace(" ", "") == wanted:
            return cis
    return known[0][0]
