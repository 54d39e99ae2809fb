"""`dmp test`: the whole suite, on the embedded PostgreSQL."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
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
    screenshots: Annotated[
        bool,
        typer.Option(
            "--screenshots",
            help="Take a picture of every page instead, into the folder named next (pictures).",
        ),
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
    if screenshots:
        raise typer.Exit(_take_pictures(root, further))
    named = any(Path(argument.partition("::")[0]).exists() for argument in further)
    # To read the tests in a browser takes long, and they stand in one folder.
    without, only = ([], []) if named else ([f"--ignore={IN_A_BROWSER}"], [IN_A_BROWSER])
    if fast:
        passes = [["-m", "not slow and not browser", *without]]
    elif "-m" in further:
        passes = [[]]
    else:
        # The browser's driver keeps an event loop running in its process, so it has one of its own.
        passes = [["-m", "not browser", *without], ["-m", "browser", *only]]
        _mention_what_is_missing()
    codes = [_run(root, chosen, further) for chosen in passes]
    ran = [code for code in codes if code != NOTHING_COLLECTED] or [NOTHING_COLLECTED]
    raise typer.Exit(max(ran))


NOTHING_COLLECTED = 5
"""Exit code of pytest when no test fits: `./dmp test tests/storage` has none in a browser."""

IN_A_BROWSER = "tests/browser"


def _run(root: Path, chosen: list[str], further: list[str]) -> int:
    workers = str(max(2, os.cpu_count() or 2))
    # What is made once for several tests is made by one worker: see `tests/sharing.py`. The order is ours:
    # the longest come first, so that nobody works alone at the end.
    share = ["-n", workers, "--no-loadscope-reorder"]
    spread = [] if _says_workers(further) else share
    command = [sys.executable, "-m", "pytest", *spread, *chosen, *further]
    return subprocess.run(command, cwd=root, env=_compiling_once(), check=False).returncode


def _compiling_once() -> dict[str, str]:
    """The environment in which each file is compiled once for all processes, in the folder of the tools."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(Path(sys.prefix, ".compiled"))}


def _says_workers(further: list[str]) -> bool:
    return any(argument in ("-n", "--numprocesses", "--pdb") for argument in further)


def _mention_what_is_missing() -> None:
    missing = []
    if browser() is None:
        missing.append(
            "no Chromium: the tests in a browser (apt install chromium-headless-shell, or DMP_CHROMIUM)"
        )
    if shutil.which("java") is None:
        missing.append("no Java: the HTML validator (apt install default-jre-headless)")
    if missing:
        say(f"skipped, {'; '.join(missing)}.")


def _take_pictures(root: Path, further: list[str]) -> int:
    """Every page as a picture, with an index of them; returns the exit code."""
    if browser() is None:
        raise CannotDo(
            "pictures need a browser: apt install chromium-headless-shell, or set DMP_CHROMIUM."
        )
    named = further and not further[0].startswith("-")
    folder = Path(further.pop(0) if named else "pictures").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pytest", "tests/browser/test_pictures.py", *further]
    environment = {**os.environ, "DMP_PICTURES": str(folder)}
    code = subprocess.run(command, cwd=root, env=environment, check=False).returncode
    say(f"{folder / 'index.html'}")
    return code


BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Programs that will do. The first is the same engine without the windows around it: a third is saved."""


def browser() -> str | None:
    """Path of Chromium, or None."""
    named = os.environ.get("DMP_CHROMIUM")
    if named:
        return named
    return next(filter(None, map(shutil.which, BROWSERS)), None)
