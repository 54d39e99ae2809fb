"""ATC codes of products that no official file gives a code: taken from products that are the same.

From the surest to the least sure: the insurer's table (IR_PHA_R or Open Medic), the official list of BDPM
(CIS_MITM), the generic group, the same composition by the same route (with, then without the doses), the
same substances by the same route. `atc_method` keeps which; a code is taken only where most of the like
products agree.

Source: BDPM; ATC (WHO Collaborating Centre for Drug Statistics Methodology).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

_AGREEMENT = 0.75
OFFICIAL_LENGTH = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What a product is made of, for likeness: `doses` are of (code, dose), `names` the normalised names."""

    doses: frozenset[tuple[str, str]]
    codes: frozenset[str]
    names: frozenset[str]
    routes: str


@dataclass(frozen=True, slots=True)
class Found:
    """A code and how it was found."""

    atc: str
    method: str


def propagated(
    official: Mapping[str, str],
    insurer: Mapping[str, str],
    groups: Mapping[str, str],
    compositions: Mapping[str, Composition],
    brands: Mapping[str, str],
) -> dict[str, Found]:
    """The ATC code of every product (by CIS) for which one can be said.

    Args:
        official: code by CIS of the list of BDPM.
        insurer: code by CIS of the insurer's table.
        groups: generic group by CIS.
        compositions: of every product, by CIS.
        brands: code by CIS found by the name of the product.
    """
    known = {cis: Found(atc, "official") for cis, atc in official.items() if _is_whole(atc)}
    known.update((cis, Found(atc, "insurer")) for cis, atc in insurer.items() if _is_whole(atc))
    sure = {cis: found.atc for cis, found in known.items()}
    for method, alike in (
        ("group", groups),
        ("composition", {cis: (c.doses, c.routes) for cis, c in compositions.items() if c.doses}),
        ("composition", {cis: (c.codes, c.routes) for cis, c in compositions.items() if c.codes}),
        ("substance", {cis: (c.names, c.routes) for cis, c in compositions.items() if c.names}),
    ):
        agreed = _agreed(sure, alike)
        for cis, likeness in alike.items():
            if cis not in known and likeness in agreed:
                known[cis] = Found(agreed[likeness], method)
    for cis, atc in brands.items():
        known.setdefault(cis, Found(atc, "brand"))
    for cis, atc in official.items():
        known.setdefault(cis, Found(atc, "official"))
    return known


def most_common(codes: Iterable[str]) -> str:
    """The code that most of them are; of equals, the first in order."""
    counted = Counter(codes)
    return min(counted, key=lambda code: (-counted[code], code)) if counted else ""


def _is_whole(atc: str) -> bool:
    return len(atc) == OFFICIAL_LENGTH


def _agreed(sure: Mapping[str, str], alike: Mapping[str, Hashable]) -> dict[Hashable, str]:
    """The code that most products of one likeness have, where they agree enough."""
    counted: dict[Hashable, Counter[str]] = {}
    for cis, atc in sure.items():
        likeness = alike.get(cis)
        if likeness is not None:
            counted.setdefault(likeness, Counter())[atc] += 1
    return {
        likeness: codes.most_common(1)[0][0]
        for likeness, codes in counted.items()
        if codes.most_common(1)[0][1] >= _AGREEMENT * codes.total()
    }
