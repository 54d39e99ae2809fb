"""The baseline of `list`: a bare Starlette route that sends the same bytes. No rights, no trace.

Started as a process by uvicorn, like the server: `BARE_DSN` names the database.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_LIST = """
SELECT convert_to(string_agg(
    '{"fullUrl":"' || %s::text || 'DocumentReference/' || page.document_id || '","resource":'
    || page.fhir || ',"search":{"mode":"match"}}', ','
), 'UTF8') FROM (
    SELECT document.document_id, document.fhir FROM ins_key
    JOIN document ON document.record_id = ins_key.record_id
    WHERE ins_key.matricule = %s AND ins_key.root = %s AND document.status = 'approved'
    ORDER BY document.created_at DESC, document.document_id DESC LIMIT 50
) AS page
"""


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    async with AsyncConnectionPool(
        os.environ["BARE_DSN"],
        min_size=8,
        max_size=8,
        open=False,
        kwargs={"autocommit": True, "prepare_threshold": 1},
    ) as pool:
        app.state.pool = pool
        app.state.base = os.environ["BARE_BASE"]
        app.state.frame = os.environ["BARE_FRAME"].encode().split(b"@@")
        yield


async def listed(request: Request) -> Response:
    token = request.query_params["patient.identifier"]
    root, _, matricule = token.removeprefix("urn:oid:").partition("|")
    async with request.app.state.pool.connection() as connection:
        cursor = await connection.execute(
            _LIST, (request.app.state.base, matricule, root), binary=True
        )
        row = await cursor.fetchone()
    before, after = request.app.state.frame
    return Response(before + (row[0] or b"") + after, media_type="application/fhir+json")


app = Starlette(routes=[Route("/fhir/DocumentReference", listed)], lifespan=lifespan)
