"""The schema would run unchanged on a cluster sharded by record; migrations guess nothing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dmp.storage.postgres.migrate import (
    Migration,
    MigrationRefused,
    in_order,
    migrate,
    shipped,
)

KEY_TABLES = {
    "ins_key": ("matricule", "root"),
    "document_key": ("id",),
    "unique_id_key": ("unique_id",),
    "submission_key": ("submission_id",),
    "relative_key": ("matricule", "record_id"),
    "invitation_key": ("code_digest",),
    "notice_key": ("addressee", "record_id", "notice_id"),
    "record_opening": ("opener", "record_id"),
    "slip_code_key": ("code_digest",),
    "slip_addressee_key": ("addressee", "kind", "record_id", "slip_id"),
}
"""Looked up by another key: their primary key begins with it."""
OF_NO_RECORD = {
    "journal_batch": ("batch_id",),
    "journal_checkpoint": ("size",),
    "web_session": ("token_hash",),
    "claim_delivery": ("digest",),
    "reference_edition": ("kind", "edition"),
    "directory_person": ("rpps",),
    "directory_place": ("finess",),
    "own_slip": ("owner", "kind", "slip_id"),
}
"""Single-writer or plain tables, which are not sharded."""

FORBIDDEN = {
    "trigger": r"\bTRIGGER\b",
    "extension": r"\bEXTENSION\b",
    "rule": r"\bCREATE\s+(OR\s+REPLACE\s+)?RULE\b",
    "foreign key": r"\bREFERENCES\b|\bFOREIGN\s+KEY\b",
    "sequence made by the database": r"\b(BIG|SMALL)?SERIAL\b|\bIDENTITY\b|\bSEQUENCE\b",
    "short number": r"\b(INT|INTEGER|SMALLINT|INT4|INT2)\b",
    "default made by the database": r"\bDEFAULT\b",
    "unique beside the primary key": r"\bUNIQUE\b",
    "partition": r"\bPARTITION\b",
    "function": r"\bFUNCTION\b|\bPROCEDURE\b",
    "unlogged": r"\bUNLOGGED\b",
}
TABLE = re.compile(r"CREATE TABLE (?P<name>\w+) \((?P<body>.*?)\n\)", re.DOTALL)


def faults(ddl: str) -> list[str]:
    """What of this DDL would not run, or not run well, on a cluster sharded by record."""
    text = re.sub(r"--.*", "", ddl)
    found = [name for name, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)]
    for table in TABLE.finditer(text):
        name, body = table["name"], table["body"]
        key = re.search(r"PRIMARY KEY \((?P<columns>[^)]*)\)", body)
        columns = tuple(part.strip() for part in key["columns"].split(",")) if key else ()
        expected = KEY_TABLES.get(name) or OF_NO_RECORD.get(name)
        if expected is None and columns[:1] != ("record_id",):
            found.append(f"{name}: primary key begins with {columns[:1]}")
        if expected is not None and columns != expected:
            found.append(f"{name}: primary key is {columns}")
        if expected is None and not re.search(r"\brecord_id uuid NOT NULL\b", body):
            found.append(f"{name}: record_id is not a uuid")
    if len(TABLE.findall(text)) != len(re.findall(r"CREATE TABLE", text)):
        found.append("a table that this lint cannot read")
    return found


@pytest.mark.parametrize("migration", shipped(), ids=lambda m: str(m.name))
def test_every_migration_obeys_the_schema_rules(migration: Migration) -> None:
    assert faults(migration.text) == []


@pytest.mark.parametrize(
    "ddl",
    [
        "CREATE TABLE t (\n id uuid NOT NULL,\n record_id uuid NOT NULL,\n PRIMARY KEY (id, record_id)\n);",
        "CREATE TABLE t (\n record_id bigint NOT NULL,\n PRIMARY KEY (record_id)\n);",
        "CREATE UNIQUE INDEX i ON document (unique_id);",
        "CREATE TRIGGER t BEFORE INSERT ON document EXECUTE FUNCTION f();",
        "ALTER TABLE document ADD FOREIGN KEY (record_id) REFERENCES health_record;",
        "CREATE EXTENSION pgcrypto;",
        "ALTER TABLE trace ADD number bigserial;",
        "ALTER TABLE trace ADD at2 timestamptz DEFAULT now();",
    ],
)
def test_the_lint_sees_what_it_must_refuse(ddl: str) -> None:
    assert faults(ddl)


def test_the_database_is_as_the_lint_read_it(database: str) -> None:
    """The catalogue, asked: no trigger, no foreign key, no second unique index, no extension."""
    with psycopg.connect(database) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"
        ).fetchone() == (0,)
        assert connection.execute(
            "SELECT count(*) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
            "WHERE contype IN ('f', 'u') AND t.relnamespace = 'public'::regnamespace"
        ).fetchone() == (0,)
        assert connection.execute(
            "SELECT count(*) FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
            "WHERE indisunique AND NOT indisprimary AND t.relnamespace = 'public'::regnamespace"
        ).fetchone() == (0,)
        assert connection.execute("SELECT extname FROM pg_extension").fetchall() == [("plpgsql",)]


@pytest.fixture
def empty(embedded: str, database: str) -> str:
    """A database without any table."""
    with psycopg.connect(make_conninfo(embedded, dbname="postgres"), autocommit=True) as admin:
        name = str(psycopg.conninfo.conninfo_to_dict(database)["dbname"])
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    return database


def test_migrations_are_applied_once(empty: str) -> None:
    assert migrate(empty) == len(shipped())
    assert migrate(empty) == 0


def test_processes_that_start_together_migrate_once(empty: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(migrate, [empty] * 4)) == [0, 0, 0, len(shipped())]


def test_a_changed_migration_is_refused(database: str) -> None:
    altered = [replace(m, text=m.text + "\n-- one more word\n") for m in shipped()]
    with pytest.raises(MigrationRefused, match="was changed after it had been applied"):
        migrate(database, altered)


def test_a_newer_schema_is_refused(database: str) -> None:
    with pytest.raises(MigrationRefused, match="install the version that wrote it"):
        migrate(database, shipped()[:-1])


def test_a_migration_that_fails_leaves_nothing(database: str) -> None:
    broken = Migration(len(shipped()) + 1, "9999_x.sql", "CREATE TABLE half (); SELECT 1/0;")
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(database, [*shipped(), broken])
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT to_regclass('half')").fetchone() == (None,)
    assert migrate(database) == 0


@pytest.mark.parametrize("names", [("0002_b.sql",), ("0001_a.sql", "0001_b.sql")])
def test_numbers_have_no_gap_and_no_double(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="without gap or double"):
        in_order((name, "") for name in names)
