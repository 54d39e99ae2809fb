"""One site for all tests of the web door of a process."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.entrypoints.web.people import settle
from tests.entrypoints.web.site import Site, served


@pytest.fixture(scope="session")
def site(embedded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, on a database of its own."""
    name = f"site_{uuid4().hex}"
    admin = make_conninfo(embedded, dbname="postgres")
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE dmp").format(sql.Identifier(name)))
    with served(make_conninfo(embedded, dbname=name), tmp_path_factory.mktemp("site")) as site:
        settle(site)
        yield site
