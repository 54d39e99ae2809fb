"""The workbench: a private folder with a DuckDB that reads the named files and nothing else.

It works out of core: what does not fit in its memory goes to the folder. Neither other files, nor the
network, nor extensions can be reached from a statement, whatever a file holds.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

import duckdb

from dmp.formats.claims.refusals import DeliveryRefused

MEMORY = "256MB"
THREADS = 2
_PREFIX = "work-"
_GLOB = frozenset("*?[]{}'\"\\")


def statement(name: str) -> str:
    """The text of a statement of this package."""
    return files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


@contextmanager
def work_folder(within: Path) -> Iterator[Path]:
    """A folder of mode 0700, removed at the end; those that killed processes left are removed first."""
    within.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in within.glob(f"{_PREFIX}*"):
        _remove_if_left(left)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=within))
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _remove_if_left(folder: Path) -> None:
    with suppress(OSError):
        lock = os.open(folder / "lock", os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(lock)


def open_workbench(
    folder: Path, readable: Iterable[Path], *, memory: str = MEMORY
) -> duckdb.DuckDBPyConnection:
    """A DuckDB that may read these files and write in this folder.

    Raises:
        DeliveryRefused: a name that would be read as a pattern of several files.
    """
    paths = ", ".join(f"'{real_path(path)}'" for path in readable)
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory,
            "threads": THREADS,
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    for setting in (
        f"SET allowed_paths = [{paths}]",
        f"SET allowed_directories = ['{folder}']",
        "SET enable_external_access = false",
        "SET enable_progress_bar = false",
        "SET allowed_configs = ['threads']",
        "SET TimeZone = 'UTC'",
        "SET lock_configuration = true",
    ):
        connection.execute(setting)
    connection.execute(statement("macros"))
    connection.execute(statement("tables"))
    return connection


def make_room(connection: duckdb.DuckDBPyConnection) -> None:
    """Work with one processor for each statement from now on: the other one is wanted elsewhere."""
    connection.execute("SET threads = 1")


def real_path(path: Path) -> str:
    """Where a file truly is, as a statement may name it. Raises DeliveryRefused."""
    real = os.path.realpath(path)
    if _GLOB & set(real):
        raise DeliveryRefused(
            f"the path of {path.name!r} holds one of * ? [ ] {{ }} ' \" \\; rename it."
        )
    return real
