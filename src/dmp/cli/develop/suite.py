"""`dmp test`: the whole suite, on the embedded PostgreSQL."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from typing import Annotated

import typer

from dmp.cli.terminal import CannotDo, say
from dmp.settings import checkout


def test(
    context: typer.Context,
    fast: Annotated[
        bool, typer.Option("--fast", help="Leave out the slow tests and those in a browser.")
    ] = False,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Install the developers' tools and stop.")
    ] = False,
) -> None:
    """Run the tests, in random order, on every core. Further arguments go to pytest."""
    root = checkout()
    if root is None:
        raise CannotDo("the tests are in the checkout; run ./dmp test there.")
    if importlib.util.find_spec("pytest") is None:
        raise CannotDo(
            "the developers' tools are not installed; run ./dmp test, which installs them."
        )
    if prepare_only:
        return
    further = list(context.args)
    chosen = ["-m", "not slow and not browser"] if fast else []
    spread = [] if _says_workers(further) else ["-n", str(max(2, os.cpu_count() or 2))]
    if not fast:
        _mention_browser()
    command = [sys.executable, "-m", "pytest", *spread, *chosen, *further]
    raise typer.Exit(subprocess.run(command, cwd=root, check=False).returncode)


def _says_workers(further: list[str]) -> bool:
    return any(argument in ("-n", "--numprocesses", "--pdb") for argument in further)


def _mention_browser() -> None:
    if browser() is None:
        say(
            "no Chromium found: the tests in a browser are skipped "
            "(Debian, Ubuntu: apt install chromium; or set DMP_CHROMIUM to its path)."
        )


def browser() -> str | None:
    """Path of Chromium, or None."""
    named = os.environ.get("DMP_CHROMIUM")
    if named:
        return named
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)
