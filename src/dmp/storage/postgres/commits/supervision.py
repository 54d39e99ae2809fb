"""What is told and reviewed about the use of records: notices, emergency accesses, heirs, openings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dmp.domain.record.emergency_access import EmergencyAccess
from dmp.domain.record.heirs import HeirRequest
from dmp.domain.record.notice import Notice
from dmp.storage.postgres.bodies import text_of
from dmp.storage.postgres.commits.insertion import insert_rows, insertion
from dmp.storage.postgres.connections import Connection
from dmp.storage.postgres.recent_openings import Opening

_INSERT_NOTICES = (
    insertion(
        "notice",
        (
            ("record_id", "uuid"),
            ("notice_id", "uuid"),
            ("at", "timestamptz"),
            ("addressee", "text"),
            ("secret", "boolean"),
            ("body", "text"),
        ),
    )
    + " ON CONFLICT (record_id, notice_id) DO NOTHING"
)
_INSERT_NOTICE_KEYS = (
    insertion(
        "notice_key",
        (
            ("addressee", "text"),
            ("record_id", "uuid"),
            ("notice_id", "uuid"),
            ("at", "timestamptz"),
        ),
    )
    + " ON CONFLICT (addressee, record_id, notice_id) DO NOTHING"
)
_INSERT_EMERGENCIES = (
    insertion(
        "emergency_access",
        (
            ("record_id", "uuid"),
            ("access_id", "uuid"),
            ("opened_at", "timestamptz"),
            ("review", "text"),
            ("reviewed_at", "timestamptz"),
            ("reviewed_by", "text"),
            ("body", "text"),
        ),
    )
    + " ON CONFLICT (record_id, access_id) DO NOTHING"
)
_INSERT_REQUESTS = insertion(
    "heir_request",
    (
        ("record_id", "uuid"),
        ("request_id", "uuid"),
        ("filed_at", "timestamptz"),
        ("decision", "text"),
        ("decided_at", "timestamptz"),
        ("released_at", "timestamptz"),
        ("body", "text"),
    ),
)
_UPSERT_OPENINGS = (
    insertion(
        "record_opening",
        (("opener", "text"), ("record_id", "uuid"), ("opened_at", "timestamptz")),
    )
    + " ON CONFLICT (opener, record_id) DO UPDATE"
    + " SET opened_at = greatest(record_opening.opened_at, excluded.opened_at)"
)
# As every guard: less than one changed row divides by zero, and undoes the batch.
_REVIEW = """
WITH changed AS (
    UPDATE emergency_access
    SET review = %b, reviewed_at = %b::timestamptz, reviewed_by = %b, body = %b
    WHERE record_id = %b AND access_id = %b AND review = %b
        AND reviewed_at IS NOT DISTINCT FROM %b::timestamptz AND reviewed_by = %b
    RETURNING 1
)
SELECT 1 / count(*) FROM changed
"""
_DECIDE = """
WITH changed AS (
    UPDATE heir_request
    SET decision = %b, decided_at = %b::timestamptz, released_at = %b::timestamptz, body = %b
    WHERE record_id = %b AND request_id = %b AND decision = %b
        AND decided_at IS NOT DISTINCT FROM %b::timestamptz
        AND released_at IS NOT DISTINCT FROM %b::timestamptz
    RETURNING 1
)
SELECT 1 / count(*) FROM changed
"""


async def change_reviews(
    connection: Connection, reviews: Iterable[tuple[EmergencyAccess, EmergencyAccess]]
) -> None:
    """Write reviewed accesses. One that is not as before fails the batch by a division by zero."""
    for access, previous in sorted(reviews, key=lambda pair: pair[0].access_id):
        place = (access.record_id, access.access_id)
        await connection.execute(
            _REVIEW, (*_review(access), text_of(access), *place, *_review(previous))
        )


def _review(access: EmergencyAccess) -> tuple[object, ...]:
    return access.review.value, access.reviewed_at, access.reviewed_by


async def change_requests(
    connection: Connection, decisions: Iterable[tuple[HeirRequest, HeirRequest]]
) -> None:
    """Write decided requests. One that is not as before fails the batch by a division by zero."""
    for request, previous in sorted(decisions, key=lambda pair: pair[0].request_id):
        place = (request.record_id, request.request_id)
        await connection.execute(
            _DECIDE, (*_decision(request), text_of(request), *place, *_decision(previous))
        )


def _decision(request: HeirRequest) -> tuple[object, ...]:
    return request.decision.value, request.decided_at, request.released_at


async def insert_emergencies(connection: Connection, opened: Iterable[EmergencyAccess]) -> None:
    """Insert emergency accesses; those known already stay as they are."""
    known = sorted(opened, key=lambda access: (access.record_id, access.access_id))
    rows = [(a.record_id, a.access_id, a.opened_at, *_review(a), text_of(a)) for a in known]
    await insert_rows(connection, _INSERT_EMERGENCIES, rows)


async def insert_requests(connection: Connection, filed: Iterable[HeirRequest]) -> None:
    """Insert requests of heirs."""
    rows = [(r.record_id, r.request_id, r.filed_at, *_decision(r), text_of(r)) for r in filed]
    await insert_rows(connection, _INSERT_REQUESTS, rows)


async def insert_notices(connection: Connection, notices: Iterable[Notice]) -> None:
    """Insert notices, with the keys of those that have an addressee; those given already stay."""
    given = sorted(notices, key=lambda notice: (notice.record_id, notice.notice_id))
    rows = [(n.record_id, n.notice_id, n.at, n.addressee, n.secret, text_of(n)) for n in given]
    await insert_rows(connection, _INSERT_NOTICES, rows)
    keys = sorted((n.addressee, n.record_id, n.notice_id, n.at) for n in given if n.addressee)
    await insert_rows(connection, _INSERT_NOTICE_KEYS, keys)


async def upsert_openings(connection: Connection, openings: Sequence[Opening]) -> None:
    """Write openings; of several of one opener and record the latest stands."""
    latest = {
        (o.opener, o.record_id): o.at for o in sorted(openings, key=lambda opening: opening.at)
    }
    rows = sorted((*place, at) for place, at in latest.items())
    await insert_rows(connection, _UPSERT_OPENINGS, rows)
