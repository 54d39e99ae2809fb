"""Lines put where the feed puts them, for tests of what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import psycopg

from dmp.domain.claims.reimbursement import Reimbursement
from dmp.domain.identifiers import RecordId
from dmp.storage.store import Store

_LINE = """
INSERT INTO claim_line (
    record_id, line_id, kind, system, code, care_start, care_end, prescribed_on, nature, quantity,
    prescriber, prescriber_speciality, performer, performer_speciality, place, prescriber_place, flow,
    diagnoses
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (record_id, line_id) DO NOTHING
"""
_CHANGED = """
INSERT INTO claim_feed (record_id, changed_at) VALUES (%s, %s)
ON CONFLICT (record_id) DO UPDATE SET changed_at = excluded.changed_at
"""
_PERSON = "INSERT INTO directory_person (rpps, name, speciality) VALUES (%s, %s, '') ON CONFLICT DO NOTHING"
_PLACE = (
    "INSERT INTO directory_place (finess, name, town) VALUES (%s, %s, '') ON CONFLICT DO NOTHING"
)


def _row(record_id: RecordId, line: Reimbursement) -> tuple[object, ...]:
    return (
        record_id, line.line_id, line.kind.value, line.system.value, line.code, line.start, line.end,
        line.prescribed_on, line.nature, line.quantity, line.prescriber, line.prescriber_speciality,
        line.performer, line.performer_speciality, line.place, line.prescriber_place, line.flow,
        " ".join(line.diagnoses),
    )  # fmt: skip


async def fed(
    store: Store, record_id: RecordId, lines: Iterable[Reimbursement], at: datetime
) -> None:
    """The insurer's feed brought these lines at that instant."""
    async with await psycopg.AsyncConnection.connect(store.dsn) as connection:
        for line in lines:
            await connection.execute(_LINE, _row(record_id, line))
        await connection.execute(_CHANGED, (record_id, at))


async def listed(store: Store, names: dict[str, str]) -> None:
    """A directory knows these names, by RPPS (eleven digits) and FINESS."""
    async with await psycopg.AsyncConnection.connect(store.dsn) as connection:
        for identifier, name in names.items():
            statement = _PERSON if len(identifier) == 11 else _PLACE
            await connection.execute(statement, (identifier, name))
