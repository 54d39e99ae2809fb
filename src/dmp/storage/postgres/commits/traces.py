"""Traces on their way to the journal: their rows, their leaves, their batch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from uuid import UUID

from dmp.domain.journal.event import Trace
from dmp.domain.journal.leaf import SALT_OCTETS, leaf_of
from dmp.storage.postgres.bodies import text_of
from dmp.storage.postgres.connections import Connection
from dmp.storage.postgres.packed_columns import column
from dmp.storage.postgres.search import array

_INSERT_TRACES = """
INSERT INTO trace
    (record_id, trace_id, at, caller_id, document_ids, secret, batch_id, place, salt, body)
SELECT u.record_id, u.trace_id, u.at, u.caller_id, u.document_ids::uuid[], u.secret,
    %b::uuid, u.place - 1, u.salt, u.body
FROM unnest(%b::uuid[], %b::uuid[], %b::timestamptz[], %b::text[], %b::text[], %b::boolean[],
    %b::bytea[], %b::text[])
    WITH ORDINALITY
    AS u (record_id, trace_id, at, caller_id, document_ids, secret, salt, body, place)
"""
_INSERT_BATCH = "INSERT INTO journal_batch (batch_id, leaves) VALUES (%b, %b)"


def documents_of(trace: Trace) -> tuple[UUID, ...]:
    """The documents by which a trace is told or kept back; form 1 knew a single one."""
    return tuple(map(UUID, trace.document_ids or filter(None, (trace.document_id,))))


async def write_traces(connection: Connection, traces: Sequence[Trace]) -> None:
    """Insert traces with their leaves, as one batch of the journal."""
    if not traces:
        return
    salts = [os.urandom(SALT_OCTETS) for _ in traces]
    leaves = b"".join(leaf_of(trace, salt) for trace, salt in zip(traces, salts, strict=True))
    batch_id = traces[0].trace_id
    await connection.execute(
        _INSERT_TRACES,
        (
            batch_id,
            column([trace.record_id for trace in traces]),
            column([trace.trace_id for trace in traces]),
            column([trace.at for trace in traces]),
            column([trace.caller.id for trace in traces]),
            column([array(map(str, documents_of(trace))) for trace in traces]),
            column([trace.secret for trace in traces]),
            column(salts),
            column([text_of(trace) for trace in traces]),
        ),
    )
    await connection.execute(_INSERT_BATCH, (batch_id, leaves))
