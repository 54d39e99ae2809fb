"""Databases for tests: made from the model, emptied after use, thrown away when more than rows changed.

Making a database takes ten times as long as emptying one, and most tests need an empty one each.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

MODEL = "dmp"

_TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'schema_migration'
"""
_SHAPE = """
SELECT (SELECT md5(string_agg(concat_ws(' ', relname, relkind, relhastriggers, relhasrules, reloptions), '/'
            ORDER BY relname)) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT md5(string_agg(concat_ws(' ', relname, attname, atttypid, attnotnull, attstorage), '/'
            ORDER BY relname, attnum))
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace),
    (SELECT md5(string_agg(conname || pg_get_constraintdef(oid), '/' ORDER BY conname)) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
    (SELECT count(*) FROM pg_namespace),
    (SELECT count(*) FROM pg_extension),
    (SELECT count(*) FROM pg_db_role_setting),
    (SELECT md5(string_agg(concat_ws(' ', number, name, sha256, applied_at), '/' ORDER BY number))
        FROM schema_migration)
"""
"""What of a database is not rows of ours; another database from the same model has the same."""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_LOOKS = 20
_FRESH_AFTER = 25
"""After how many tests tables get new files: taking out the few rows of one test is many times cheaper."""


@dataclass(slots=True)
class Databases:
    """Databases of one embedded server. `dsn` leads to its model, whose schema stands."""

    dsn: str
    _spare: list[str] = field(default_factory=list)
    _uses: Counter[str] = field(default_factory=Counter)
    _doors: dict[str, psycopg.Connection] = field(default_factory=dict)
    _shape: tuple[object, ...] | None = None
    _filled: sql.Composed | None = None

    def take(self) -> str:
        """The connection string of an empty database with the schema."""
        name = self._spare.pop() if self._spare else self._made()
        return make_conninfo(self.dsn, dbname=name)

    def give_back(self, dsn: str) -> None:
        """The test is over: empty the database for the next one, or drop it."""
        name = str(conninfo_to_dict(dsn)["dbname"])
        with suppress(psycopg.OperationalError):  # gone, locked: another one can be made
            self._uses[name] += 1
            anew = self._uses[name] % _FRESH_AFTER == 0
            if self._emptied(self._door(dsn, name), anew=anew):
                self._spare.append(name)
                return
        self._dropped(name)

    def leave(self) -> None:
        """The last test is over: no connection stays."""
        for name in list(self._doors):
            self._doors.pop(name).close()

    def _made(self) -> str:
        name = f"test_{uuid4().hex}"
        with psycopg.connect(self._admin, autocommit=True) as connection:
            command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(command.format(sql.Identifier(name), sql.Identifier(MODEL)))
        return name

    def _door(self, dsn: str, name: str) -> psycopg.Connection:
        """A connection that stays: a new one for each test costs more than the emptying."""
        if name not in self._doors:
            connection = psycopg.connect(dsn, autocommit=True)
            connection.execute("SET lock_timeout = '1s'")
            self._doors[name] = connection
        return self._doors[name]

    def _dropped(self, name: str) -> None:
        door = self._doors.pop(name, None)
        if door is not None:
            door.close()
        with psycopg.connect(self._admin, autocommit=True) as connection:
            command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(command.format(sql.Identifier(name)))

    def _emptied(self, connection: psycopg.Connection, *, anew: bool) -> bool:
        """Whether nothing is left in it but the schema, and nobody; `anew` takes longer."""
        for _ in range(_LOOKS):
            if connection.execute(_OTHERS).fetchone() == (0,):
                break
            connection.execute("SELECT pg_sleep(0.01)")
        else:
            return False
        if connection.execute(_SHAPE).fetchone() != self._of_model():
            return False
        filled = [sql.Identifier(row[0]) for row in connection.execute(self._what_is_filled())]
        if filled:
            command = sql.SQL("TRUNCATE {}" if anew else "DELETE FROM {}")
            named = [sql.SQL(", ").join(filled)] if anew else filled
            connection.execute(sql.SQL("; ").join(command.format(one) for one in named))
        return True

    def _of_model(self) -> tuple[object, ...] | None:
        if self._shape is None:
            with psycopg.connect(self.dsn, autocommit=True) as connection:
                self._shape = connection.execute(_SHAPE).fetchone()
        return self._shape

    def _what_is_filled(self) -> sql.Composed:
        """The names of the tables with rows."""
        if self._filled is None:
            with psycopg.connect(self.dsn, autocommit=True) as connection:
                tables = [str(row[0]) for row in connection.execute(_TABLES)]
            looks = (
                sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(
                    name, sql.Identifier(name)
                )
                for name in tables
            )
            self._filled = sql.SQL(" UNION ALL ").join(looks)
        return self._filled

    @property
    def _admin(self) -> str:
        return make_conninfo(self.dsn, dbname="postgres")
