"""Figures: how they are summed up, printed, and given as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured figure beside its baseline. `values` are one per run, in order.

    The ratio is the median of value over baseline, run by run: the runs are interleaved, so both
    sides of one run met the same machine.
    """

    name: str
    unit: str
    values: Sequence[float]
    baselines: Sequence[float]
    target: str
    notes: Sequence[str] = field(default_factory=tuple)

    @property
    def ratios(self) -> list[float]:
        return [value / base for value, base in zip(self.values, self.baselines, strict=True)]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "value": round(statistics.median(self.values), 3),
            "unit": self.unit,
            "baseline": round(statistics.median(self.baselines), 3),
            "ratio": round(self.ratio, 3),
            "runs": len(self.values),
            "min": round(min(self.values), 3),
            "max": round(max(self.values), 3),
        }

    def as_text(self) -> str:
        value, base = statistics.median(self.values), statistics.median(self.baselines)
        lines = [
            f"{self.name}",
            f"  {value:,.1f} {self.unit}  [{min(self.values):,.1f} to {max(self.values):,.1f}]",
            f"  baseline {base:,.1f} {self.unit}  "
            f"[{min(self.baselines):,.1f} to {max(self.baselines):,.1f}]",
            f"  ratio {self.ratio:.2f}  [{min(self.ratios):.2f} to {max(self.ratios):.2f}]  "
            f"target {self.target}; median of {len(self.values)} interleaved runs",
        ]
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])


def machine() -> str:
    """The machine in one line: processor, cores, memory, system."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [row for row in info.read_text().splitlines() if row.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}"
    )


def printed(figures: Sequence[Figure], *, as_json: bool) -> str:
    if as_json:
        return json.dumps([figure.as_json() for figure in figures], indent=2)
    return "\n\n".join([f"machine: {machine()}", *(figure.as_text() for figure in figures)])
