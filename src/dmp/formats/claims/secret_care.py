"""What never enters a record: abortion, and contraception of minors, whatever code tells it.

Source: CSP L2212-1 and following, L5134-1; CSS L132-1 and L160-14 (anonymity); IR_NIR_V for the fictitious
numbers, which the reading of ER_PRS_F looks at by itself. The codes stand in natures.csv and secret.csv.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Final

import duckdb

from dmp.formats.claims.outcomes import Part

AtcOf = Callable[[str], str]
"""The ATC code of a medicine by its CIP13 or UCD; '' when it is not known."""

_SYSTEMS: Mapping[int, tuple[str, ...]] = {
    Part.CAM: ("ccam",),
    Part.MCO_A: ("ccam",),
    Part.TIP: ("lpp",),
    Part.ETE: ("ghs",),  # no diagnosis comes with it; those of the PMSI are told by theirs
    Part.IMB: ("cim10",),
    Part.MCO_D: ("cim10",),
    Part.MCO_B: ("ghm",),
}
_MEDICINES = (Part.PHA, Part.UCD)
_TOLD = """
SELECT DISTINCT part, code FROM (
    SELECT part, code FROM detail WHERE bad IS NULL
    UNION ALL SELECT {IMB}, code FROM long_term WHERE bad IS NULL
    UNION ALL SELECT {MCO_A}, code FROM stay_act WHERE bad IS NULL
    UNION ALL SELECT {MCO_D}, code FROM stay_diagnosis WHERE bad IS NULL
    UNION ALL SELECT {MCO_D}, main FROM stay_group WHERE bad IS NULL
    UNION ALL SELECT {MCO_D}, related FROM stay_group WHERE bad IS NULL
    UNION ALL SELECT {MCO_B}, ghm FROM stay_group WHERE bad IS NULL
) WHERE code <> ''
"""


_HIDE = """
INSERT INTO secret_code
SELECT unnest(?::UTINYINT[]), unnest(?::VARCHAR[]), unnest(?::BOOLEAN[])
"""


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def natures() -> Iterator[tuple[int, str | None, str | None, str | None]]:
    """Every nature of service that says something by itself: number, kind, NGAP letter, whose secret."""
    for row in _rows("natures.csv"):
        for number in range(int(row["first"]), int(row["last"]) + 1):
            yield number, row["kind"] or None, row["letter"] or None, row["secret"] or None


def _secret_natures() -> str:
    ranges = [
        f"nature BETWEEN {int(row['first'])} AND {int(row['last'])}"
        for row in _rows("natures.csv")
        if row["secret"] == "all"  # noqa: S105 - whose secret it is
    ]
    return f"({' OR '.join(ranges)})"


SECRET_NATURES: Final = _secret_natures()
"""The condition on `nature` that tells an abortion."""


def hide_codes(connection: duckdb.DuckDBPyConnection, atc_of: AtcOf) -> int:
    """Fill `secret_code` with the codes of this delivery that are secret, for all or for minors only.

    Each code of the delivery is looked at once, however many rows have it. Returns of how many medicines the
    ATC code is not known, so that nothing is told by it.
    """
    prefixes: dict[str, list[tuple[str, bool]]] = {}
    for row in _rows("secret.csv"):
        prefixes.setdefault(row["system"], []).append((row["prefix"], row["who"] == "minors"))
    told = connection.execute(_TOLD.format(**{p.name: int(p) for p in Part}))
    hidden: list[tuple[int, str, bool]] = []
    unknown = 0

    def counted(code: str) -> str:
        nonlocal unknown
        atc = atc_of(code)
        unknown += not atc
        return atc

    while found := told.fetchmany(10_000):
        hidden.extend(_hidden(found, prefixes, counted))
    if hidden:
        columns = [list(column) for column in zip(*hidden, strict=True)]
        connection.execute(_HIDE, columns)
    return unknown


def _hidden(
    told: Iterable[tuple[int, str]], prefixes: Mapping[str, list[tuple[str, bool]]], atc_of: AtcOf
) -> Iterator[tuple[int, str, bool]]:
    for number, code in told:
        named = [(system, code) for system in _SYSTEMS.get(number, ())]
        if number in _MEDICINES:
            # By its own code too: what is known of medicines comes and goes with the reference data.
            named = [("atc", atc_of(code)), ("cip13", code)]
        met = [
            minors
            for system, said in named
            for prefix, minors in prefixes.get(system, ())
            if said.startswith(prefix)
        ]
        if met:
            yield number, code, all(met)
