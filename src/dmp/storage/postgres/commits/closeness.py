"""The keys by which a record is found from those who surround it: relatives, and carers who are invited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from psycopg.types.numeric import Int8

from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import Invitation
from dmp.storage.postgres.commits.insertion import insert_rows, insertion
from dmp.storage.postgres.connections import Connection
from dmp.storage.postgres.packed_columns import column

_INSERT_RELATIVES = (
    insertion("relative_key", (("matricule", "text"), ("record_id", "uuid")))
    + " ON CONFLICT (matricule, record_id) DO NOTHING"
)
# A code that leads to another record already is not taken over: the batch is undone, and the act, begun
# again, draws another one. The division is that of every guard.
_INSERT_INVITATIONS = f"""
WITH given AS (
    {insertion("invitation_key", (("code_digest", "text"), ("record_id", "uuid")))}
    ON CONFLICT (code_digest) DO UPDATE SET record_id = excluded.record_id
    WHERE invitation_key.record_id = excluded.record_id
    RETURNING 1
)
SELECT 1 / (count(*) = %b::bigint)::integer FROM given
"""  # noqa: S608 - names of this package
_DELETE_INVITATIONS = """
DELETE FROM invitation_key USING unnest(%b::text[], %b::uuid[]) AS u (code_digest, record_id)
WHERE invitation_key.code_digest = u.code_digest AND invitation_key.record_id = u.record_id
"""


def relatives(record: HealthRecord) -> set[str]:
    """Who stands in the relations of a record by his matricule: representatives, accepted carers."""
    known = record.relations
    accepted = (c for c in known.carers if c.invitation is Invitation.ACCEPTED and c.matricule)
    return {*(r.matricule for r in known.representatives), *(c.matricule for c in accepted)}


def _codes(record: HealthRecord, *, pending: bool) -> set[str]:
    """Codes that lead to the record, or that do no more. That of a sharing still does once it is used, so that
    who tries it again is told so, and the holder too.
    """
    shares = {share.code_digest for share in record.relations.shares} if pending else set()
    return shares | {
        carer.code_digest
        for carer in record.relations.carers
        if carer.code_digest and (carer.invitation is Invitation.PENDING) is pending
    }


async def write_closeness(connection: Connection, records: Iterable[HealthRecord]) -> None:
    """Bring the keys up to date with records that are created or changed.

    A batch whose code leads to another record fails by a division by zero.
    """
    known: Sequence[HealthRecord] = list(records)
    answered = sorted((c, r.record_id) for r in known for c in _codes(r, pending=False))
    await insert_rows(connection, _DELETE_INVITATIONS, answered)
    kin = sorted((matricule, r.record_id) for r in known for matricule in relatives(r))
    await insert_rows(connection, _INSERT_RELATIVES, kin)
    codes = sorted((c, r.record_id) for r in known for c in _codes(r, pending=True))
    if codes:
        digests, record_ids = map(column, zip(*codes, strict=True))
        values = (digests, record_ids, Int8(len(codes)))
        await connection.execute(_INSERT_INVITATIONS.encode("utf-8"), values)
