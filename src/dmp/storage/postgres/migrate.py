"""Migrations: numbered plain SQL files, each applied once, in its own transaction.

What was applied is kept with the SHA-256 of each file. A file changed since, or a schema newer than
this installation, is refused: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

import psycopg
from psycopg.abc import Query

OLDEST_SERVER = 160000
_LOCK = 0x646D705F6D6967  # "dmp_mig": one migration at a time, whoever starts it
_NAME = re.compile(r"(?P<number>[0-9]{4})_[a-z0-9_]+\.sql")

_APPLIED = """
CREATE TABLE IF NOT EXISTS schema_migration (
    number bigint NOT NULL,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL,
    PRIMARY KEY (number)
)
"""


class MigrationRefused(Exception):
    """The database cannot be brought to this version; the text says what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of its text, in hexadecimal."""
        return sha256(self.text.encode("utf-8")).hexdigest()


def shipped() -> tuple[Migration, ...]:
    """The migrations of this installation, in order."""
    folder = files("dmp.storage.postgres") / "migrations"
    return in_order((item.name, item.read_text(encoding="utf-8")) for item in folder.iterdir())


def in_order(named: Iterable[tuple[str, str]]) -> tuple[Migration, ...]:
    """Migrations by number, from (file name, text).

    Raises:
        ValueError: a number is missing or stands twice.
    """
    found = sorted(
        Migration(int(match["number"]), name, text)
        for name, text in named
        if (match := _NAME.fullmatch(name))
    )
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations are numbered 0001, 0002, … without gap or double")
    return tuple(found)


def migrate(dsn: str, migrations: Sequence[Migration] | None = None) -> int:
    """Bring the schema to this version; returns how many migrations were applied now.

    Raises:
        MigrationRefused: server too old, schema newer, or a file changed since it was applied.
    """
    wanted = shipped() if migrations is None else migrations
    with psycopg.connect(dsn, autocommit=True) as connection:
        if connection.info.server_version < OLDEST_SERVER:
            raise MigrationRefused("PostgreSQL 16 or newer is needed; upgrade the database server.")
        connection.execute("SET lock_timeout = '60s'")
        connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        connection.execute("SET lock_timeout = '5s'")
        connection.execute("SET statement_timeout = '10min'")
        connection.execute("SET client_min_messages = 'warning'")
        connection.execute(_APPLIED)
        waiting = _not_applied(connection, wanted)
        for migration in waiting:
            _apply(connection, migration)
    return len(waiting)


def _not_applied(
    connection: psycopg.Connection, wanted: Sequence[Migration]
) -> Sequence[Migration]:
    applied = connection.execute(
        "SELECT number, name, sha256 FROM schema_migration ORDER BY number"
    ).fetchall()
    if len(applied) > len(wanted):
        raise MigrationRefused(
            f"the database is at schema {applied[-1][0]} and this installation knows "
            f"{len(wanted)}: install the version that wrote it, or a newer one."
        )
    for (number, name, digest), migration in zip(applied, wanted, strict=False):
        if (number, digest) != (migration.number, migration.digest):
            raise MigrationRefused(
                f"migration {name} was changed after it had been applied: restore the file, "
                "and put the change into a new migration."
            )
    return wanted[len(applied) :]


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    # The text is a file of this package; psycopg asks for a literal, which a file is not.
    statements: Query = migration.text.encode("utf-8")
    with connection.transaction():
        connection.execute(statements)
        connection.execute(
            "INSERT INTO schema_migration (number, name, sha256, applied_at) "
            "VALUES (%s, %s, %s, now())",
            (migration.number, migration.name, migration.digest),
        )
