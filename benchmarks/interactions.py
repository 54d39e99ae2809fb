"""The check of 20 medicines for interactions, beside a bare loop over the same pairs of products.

Read on the published thesaurus where it is at hand (DMP_SHARED); else on one that is made here, of its size.
"""

from __future__ import annotations

import gc
import os
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from random import Random
from time import perf_counter_ns
from typing import BinaryIO

from benchmarks.figures import Figure
from dmp.domain.clinical.interactions import InteractionIndex, index_of
from dmp.domain.clinical.knowledge.assembly import thesaurus_of
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.medicines import Medicine
from dmp.domain.clinical.knowledge.thesaurus import Level, Pair, Thesaurus
from dmp.formats.reference.editions import read_files
from dmp.formats.reference.given import Given

MEDICINES, LISTS, CALLS = 20, 50, 2_000
"""Medicines of one list, lists that are drawn, checks of one run."""
PAIRS, CLASSES, SUBSTANCES, PER_SUBSTANCE = 1_623, 172, 1_050, 2
"""The size of the edition of September 2023, for the thesaurus that is made here."""


def made_thesaurus() -> Thesaurus:
    """A thesaurus of the size of the published one; drawn names, always the same."""
    drawn = Random(7)  # noqa: S311  # a size, no secret
    classes = [f"classe {n}" for n in range(CLASSES)]
    substances = [f"substance {n}" for n in range(SUBSTANCES)]
    # A few classes hold many substances, as "substrats à risque" do.
    members = {
        s: frozenset(drawn.sample(classes, drawn.randint(0, 2 * PER_SUBSTANCE))) for s in substances
    }
    terms = classes + substances
    pairs = tuple(
        Pair(a=a.upper(), b=b.upper(), a_term=a, b_term=b, levels=(drawn.choice(list(Level)),))
        for a, b in (drawn.sample(terms, 2) for _ in range(PAIRS))
    )
    return Thesaurus(pairs=pairs, classes_of=members)


def _opening(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def published_thesaurus() -> Thesaurus | None:
    """The published one, read as `dmp reference load` reads it; None where it is not at hand."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    drugs = Path(os.environ.get("DMP_SHARED", beside)) / "data" / "claims" / "drugs"
    files = sorted(drugs.glob("thesaurus-20*/*.layout.txt.gz"))
    given = [
        Given(name=path.name, size=path.stat().st_size, open=_opening(path)) for path in files[-1:]
    ]
    read = read_files(given, datetime.now(UTC).date())
    found = {content.edition.kind: content for content in read.contents}
    return thesaurus_of(found) if ReferenceKind.ANSM in found else None


def medicine_lists(thesaurus: Thesaurus) -> list[list[Medicine]]:
    """Lists of 20 medicines of one substance each: those that have classes, which is the dear case."""
    drawn = Random(11)  # noqa: S311  # an order, no secret
    substances = sorted(thesaurus.classes_of)
    return [
        [
            Medicine(key=name, name=name, substances=(name,), routes=("orale",))
            for name in drawn.sample(substances, MEDICINES)
        ]
        for _ in range(LISTS)
    ]


def bare(index: InteractionIndex, medicines: Sequence[Medicine]) -> int:
    """What is called instead of the check: every pair of products is looked at, and nothing is looked up."""
    return sum(a is not b for a, b in combinations(medicines, 2))


def check(index: InteractionIndex, medicines: Sequence[Medicine]) -> int:
    return len(index.check(medicines))


def measure(rounds: int, told: Callable[[str], None]) -> Figure:
    thesaurus = published_thesaurus()
    source = "the published thesaurus"
    if thesaurus is None:
        thesaurus, source = made_thesaurus(), "a made thesaurus of the published size"
    lists = medicine_lists(thesaurus)
    began = perf_counter_ns()
    index = index_of(thesaurus)
    built = (perf_counter_ns() - began) / 1e6
    first = _run(check, index, lists, 1)
    values, baselines, tails = [], [], []
    for number in range(rounds):
        times, base = _run(check, index, lists), _run(bare, index, lists)
        values.append(statistics.median(times) / 1e3)
        baselines.append(statistics.median(base) / 1e3)
        tails.append(statistics.quantiles(times, n=100)[98] / 1e3)
        told(
            f"interactions: run {number + 1} of {rounds}: {values[-1]:.0f} µs, p99 {tails[-1]:.0f} µs"
        )
    found = [check(index, medicines) for medicines in lists]
    notes = [
        f"p99 {statistics.median(tails):.0f} µs  [{min(tails):.0f} to {max(tails):.0f}]",
        f"the first time a product is seen: {statistics.median(first) / 1e3:.0f} µs for a list of "
        f"{MEDICINES}; index of the thesaurus {built:.0f} ms, once",
        f"{source}: {len(thesaurus.pairs):,} pairs, {len(thesaurus.classes_of):,} substances with classes; "
        f"{LISTS} lists drawn among them, {statistics.median(found):.0f} interacting pairs of products each "
        f"[{min(found)} to {max(found)}]; {CALLS:,} checks a run",
    ]
    return Figure("interactions", "µs", values, baselines, "under 2,000 µs at the median", notes)


def _run(
    function: Callable[[InteractionIndex, Sequence[Medicine]], int],
    index: InteractionIndex,
    lists: Sequence[Sequence[Medicine]],
    times_each: int = CALLS // LISTS,
) -> list[int]:
    """Nanoseconds of each call."""
    times = []
    gc.collect()
    for _ in range(times_each):
        for medicines in lists:
            began = perf_counter_ns()
            function(index, medicines)
            times.append(perf_counter_ns() - began)
    return times
