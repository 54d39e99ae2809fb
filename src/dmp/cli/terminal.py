"""What the command line writes: sentences on stderr, results on stdout, progress while one waits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import typer

from dmp.domain.errors import Refused
from dmp.settings import SettingInvalid


class CannotDo(Exception):
    """The command cannot be done; the text is one sentence that says what to change."""


def say(text: str) -> None:
    """One sentence on stderr."""
    print(f"dmp: {text}", file=sys.stderr, flush=True)


def explained(error: Exception) -> str:
    """One sentence about an error, without a traceback and without anybody's data."""
    match error:
        case Refused():
            return f"refused ({error.reason.value}). {error.sentence}"
        case typer.Abort():
            return "stopped."
        case SettingInvalid() | CannotDo():
            return str(error)
        case PermissionError() | FileNotFoundError() | IsADirectoryError() | NotADirectoryError():
            return f"{error.strerror}: {error.filename}"
    # Errors of usage: typer carries a click of its own and shows their class only by this method.
    told = getattr(error, "format_message", None)
    if callable(told):
        return str(told())
    if type(error).__module__.startswith("dmp."):
        return str(error) or type(error).__name__
    return (
        f"unforeseen error {type(error).__name__}. Set DMP_TRACEBACK=1 and run the command again "
        "to see where."
    )


class Progress(Protocol):
    """Told how far a long work is."""

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` steps."""


@contextmanager
def progress(label: str) -> Iterator[Progress]:
    """Show the progress of a long work: a bar on a terminal, a few plain lines otherwise."""
    if sys.stderr.isatty():
        with _bar(label) as bar:
            yield bar
    else:
        yield _Lines(label)


@contextmanager
def _bar(label: str) -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as shown:
        task = shown.add_task(label, total=None)

        def told(done: int, total: int) -> None:
            shown.update(task, completed=done, total=total)

        yield told


class _Lines:
    """Says the label once, then every quarter."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.quarter = -1

    def __call__(self, done: int, total: int) -> None:
        quarter = 4 * done // total if total else 4
        if quarter > self.quarter:
            self.quarter = quarter
            say(f"{self.label}: {done} of {total}")
