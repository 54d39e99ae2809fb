"""Whose rows they are: the INS in the person's column, or a correspondence file for pseudonyms."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from dmp.domain.published_test_identities import MATRICULES_WITH_WRONG_KEY
from dmp.formats.claims.dialect import Kind, dialect_of
from dmp.formats.claims.reading import relation
from dmp.formats.claims.refusals import DeliveryRefused
from dmp.formats.claims.workbench import real_path, statement

_PERSON = ("BEN_NIR_PSA", "NUM_ENQ")
_RANK = "BEN_RNG_GEM"
_INS = "INS"


def read_correspondence(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Read who is who (columns BEN_NIR_PSA or NUM_ENQ, BEN_RNG_GEM, INS). Returns whether ranks count.

    Raises:
        DeliveryRefused: not such a file, or one pseudonym has two INS.
    """
    dialect = dialect_of(path)
    person = next((name for name in _PERSON if name in dialect.header), None)
    if dialect.kind is not Kind.CSV or person is None or _INS not in dialect.header:
        raise DeliveryRefused(
            f"{path.name} is no correspondence file; write a CSV with BEN_NIR_PSA;BEN_RNG_GEM;INS."
        )
    at = dialect.header.index
    rank = f"nullif(trim(c{at(_RANK)}), '')" if _RANK in dialect.header else "NULL"
    try:
        connection.execute(
            f"CREATE TABLE correspondence AS SELECT whole(nullif(trim(c{at(person)}), '')) AS psa, "  # noqa: S608
            f"coalesce(whole({rank}), '') AS rank, "
            f"upper(replace(whole(trim(c{at(_INS)})), ' ', '')) AS ins FROM {relation(dialect)}",
            [real_path(path)],
        )
    except duckdb.Error:
        raise DeliveryRefused(f"{path.name} cannot be read as a correspondence file.") from None
    row = connection.execute("SELECT count(*) FROM correspondence WHERE rank <> ''").fetchone()
    ranked = bool(row and row[0])
    _keep(connection, path, ranked=ranked)
    return ranked


def _keep(connection: duckdb.DuckDBPyConnection, path: Path, *, ranked: bool) -> None:
    named = "psa || '/' || rank" if ranked else "psa"
    several = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM correspondence GROUP BY {named} "  # noqa: S608
        "HAVING count(DISTINCT ins) > 1)"
    ).fetchone()
    if several and several[0]:
        raise DeliveryRefused(f"{path.name} gives two INS for one person; correct it.")
    connection.execute(
        f"INSERT INTO known_person SELECT {named}, any_value(ins) FROM correspondence "  # noqa: S608
        f"WHERE psa IS NOT NULL AND ins IS NOT NULL GROUP BY 1"
    )
    if ranked:  # where no rank is told, the person is known when there is but one
        connection.execute(
            "INSERT INTO known_person SELECT psa || '/', any_value(ins) FROM correspondence "
            "WHERE psa IS NOT NULL AND ins IS NOT NULL AND psa || '/' NOT IN "
            "(SELECT who FROM known_person) GROUP BY psa HAVING count(DISTINCT ins) = 1"
        )


def find_persons(
    connection: duckdb.DuckDBPyConnection, *, has_correspondence: bool, test_mode: bool
) -> None:
    """Fill the table `person`: each person of the delivery with his INS, or why there is none."""
    published: Iterable[str] = MATRICULES_WITH_WRONG_KEY if test_mode else ()
    connection.execute("INSERT INTO published_ins SELECT unnest(?::VARCHAR[])", [list(published)])
    words = {"has_correspondence": "true" if has_correspondence else "false"}
    connection.execute(statement("persons").format(**words))
