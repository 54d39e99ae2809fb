"""For all tests: no network beyond this machine, and one embedded PostgreSQL per test process."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts

from dmp.storage.cluster import SETTINGS
from dmp.storage.embedded import start
from dmp.storage.postgres.migrate import migrate
from tests.databases import Databases
from tests.sharing import Sharing
from tests.slowness import Noting, leave_out

settings.register_profile(
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")
"""No test fails because the machine is busy."""


def pytest_runtest_setup() -> None:
    """A test that calls out fails."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--note-slow", action="store_true", help="measure, and write the list of slow tests anew"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("note_slow") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Noting())


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the end: nobody looks for rubbish in it, now or later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    """Who runs what, when there are several workers."""
    return Sharing(config, log)


# First of all: what a marker leaves out is left out after it.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first; and `./dmp test` looks for tests in a browser in one folder only."""
    if not config.getoption("note_slow"):
        leave_out(items)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for item in items:
        if item.get_closest_marker("browser") and BROWSER not in item.path.parents:
            raise pytest.UsageError(f"{item.nodeid}: tests in a browser stand in tests/browser")


BROWSER = Path(__file__).parent / "browser"


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of a server of our own, its database `dmp` migrated: the model of all.

    It may lose everything with the machine, for nobody will look for it again; it loses nothing when a
    process is killed. Tests of what a server keeps start one of their own, with the usual settings.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            patch.setitem(SETTINGS, name, "off")
        server = start(tmp_path_factory.mktemp("server"))
    try:
        migrate(server.dsn)
        yield server.dsn
    finally:
        server.stop()


@pytest.fixture(scope="session")
def databases(embedded: str) -> Iterator[Databases]:
    """Databases from the model, for one test after the other."""
    found = Databases(embedded)
    yield found
    found.leave()


@pytest.fixture
def database(databases: Databases) -> Iterator[str]:
    """The connection string of an empty, migrated database for one test."""
    dsn = databases.take()
    yield dsn
    databases.give_back(dsn)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data folder for one test."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder
