"""Analyses as the holder meets them: what belongs together, and how each is called in an address.

The address of an analysis says nothing of it: a code of LOINC there would tell whoever reads a log, a history
of a browser or a shared link what was looked for in somebody's blood. It is a digest instead, keyed, of one
record and of one reader, and of the analysis alone: a new value does not move the page, so that it can be kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2s

from dmp.domain.clinical.coding import folded_label
from dmp.domain.clinical.results.analytes import analyte_of
from dmp.domain.clinical.results.vital_signs import VITAL_SIGNS
from dmp.domain.clinical.synthesis import Series
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.declared.measures import SCALES, Measured
from dmp.entrypoints.web.figures.curve import is_declared
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

_OCTETS = 12
_SCALES: dict[str, Measured] = {
    scale.code: what
    for what, whole in SCALES.items()
    for scale in (whole, whole.second)
    if scale is not None
}
"""What a holder measures himself, by LOINC code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One analysis: its series, one for each unit that cannot be converted, the newest first.

    `name` is the key of its analyte, else its LOINC code, else its label; `reference` its word in addresses.
    """

    name: str
    reference: str
    series: tuple[Series, ...]

    @property
    def main(self) -> Series:
        """The series of the newest value."""
        return self.series[0]

    @property
    def label(self) -> str:
        """What it is called: a link always has a name."""
        return self.main.label.strip() or translate("Analyse sans nom")

    @property
    def measured(self) -> Measured | None:
        """What it is among the things that a holder measures himself."""
        return _SCALES.get(self.main.code)

    @property
    def is_measure(self) -> bool:
        """Whether it is measured on the person (weight, blood pressure), and not in a laboratory."""
        code = self.main.code
        if code in VITAL_SIGNS:
            return True
        is_own = all(is_declared(point) for one in self.series for point in one.points)
        return is_own and analyte_of(self.main.last) is None


def name_of(series: Series) -> str:
    """What an analysis is called whatever its unit and its laboratory."""
    analyte = analyte_of(series.last)
    if analyte is not None:
        return analyte.key
    return series.code or folded_label(series.label)


def analyses_of(visit: Visit, series: Iterable[Series]) -> tuple[Analysis, ...]:
    """The analyses of the record of the address, in the order of their series."""
    groups: dict[str, list[Series]] = {}
    for one in series:
        groups.setdefault(name_of(one), []).append(one)
    return tuple(
        Analysis(
            name=name,
            reference=_reference(visit, name),
            series=tuple(sorted(found, key=lambda one: one.last.at, reverse=True)),
        )
        for name, found in groups.items()
    )


def _reference(visit: Visit, name: str) -> str:
    sealed = visit.seal("analysis", f"{visit.part('record')}/{name}")
    return blake2s(sealed.encode(), digest_size=_OCTETS).hexdigest()


def analysis_of(analyses: Iterable[Analysis], reference: str) -> Analysis:
    """The analysis of an address. Raises Refused: ADDRESS_UNKNOWN, whether it is unknown or may not be read."""
    for one in analyses:
        if one.reference == reference:
            return one
    raise Refused(Reason.ADDRESS_UNKNOWN)
