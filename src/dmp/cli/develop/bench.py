"""`dmp bench`: measures on an embedded PostgreSQL of its own; the runs stand in `benchmarks/`."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated

import typer

from dmp.cli.terminal import CannotDo, say
from dmp.settings import checkout

NAMES = (
    "decide",
    "filter",
    "list",
    "deposit",
    "interactions",
    "synthesis",
    "publication",
    "search",
    "claims",
    "replay",
    "growth",
)


def bench(
    names: Annotated[list[str] | None, typer.Argument(help=f"{', '.join(NAMES)}; all.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object per figure, in an array.")
    ] = False,
    rounds: Annotated[int, typer.Option(help="Interleaved runs of each side.")] = 11,
    records: Annotated[int, typer.Option(help="Records of the large side of growth.")] = 1_000_000,
) -> None:
    """Measure, print the figures with machine, data and spread. Takes minutes; never fails on seconds."""
    root = checkout()
    if root is None:
        raise CannotDo("the benchmarks are in the checkout; run ./dmp bench there.")
    wanted = tuple(names or NAMES)
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        raise CannotDo(f"no benchmark is called {unknown[0]}; there are {', '.join(NAMES)}.")
    sys.path.insert(0, str(root))
    suite = importlib.import_module("benchmarks.suite")
    figures = suite.measure(wanted, rounds=max(rounds, 3), records=records, told=say)
    print(suite.printed(figures, as_json=as_json))
