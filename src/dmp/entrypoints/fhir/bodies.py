"""Bodies and parameters of requests: bounded while they arrive."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request

from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.fhir.negotiation import FHIR_JSON, FORM, JSON_TYPES, content_type
from dmp.formats.fhir.elements import Element
from dmp.formats.fhir.search.paging import Parameters
from dmp.formats.fhir.strict_json import JsonObject, parse_object

SMALL: Final = 262_144
"""Octets of a body without a document."""
FORM_OCTETS: Final = 65_536
MAX_FIELDS: Final = 200
AROUND_A_DOCUMENT: Final = 2 * 1024 * 1024
"""Octets allowed for what surrounds the base64 of the largest document."""


def largest_deposit(max_document_octets: int) -> int:
    """Octets of the largest body with documents."""
    return max_document_octets * 4 // 3 + AROUND_A_DOCUMENT


async def read_body(request: Request, limit: int) -> bytes:
    """The body. Raises Refused: REQUEST_TOO_LARGE as soon as it is known to be."""
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:18]) > limit:
        raise Refused(Reason.REQUEST_TOO_LARGE, limit=limit)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise Refused(Reason.REQUEST_TOO_LARGE, limit=limit)
        chunks.append(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def read_resource(request: Request, limit: int = SMALL) -> Element:
    """The resource of the body, at the path of its type.

    Raises:
        Refused: REQUEST_TYPE_UNSUPPORTED, REQUEST_TOO_LARGE, REQUEST_MALFORMED.
    """
    content_type(request, FHIR_JSON, *JSON_TYPES)
    body = await read_body(request, limit)
    value: JsonObject
    if len(body) > SMALL:
        # A large text is parsed beside the loop, so that others are answered meanwhile.
        value = await asyncio.to_thread(parse_object, body)
    else:
        value = parse_object(body)
    kind = value.get("resourceType")
    if not isinstance(kind, str) or not kind.isascii() or not kind.isalpha() or len(kind) > 40:
        raise Refused(Reason.REQUEST_MALFORMED, detail="a FHIR resource with its resourceType")
    return Element(value, kind)


def query_parameters(request: Request) -> Parameters:
    """The parameters of the address, in order. Raises Refused: REQUEST_MALFORMED."""
    return _decoded(request.scope["query_string"])


async def form_parameters(request: Request) -> Parameters:
    """The parameters of the address, then those of the form in the body.

    Raises:
        Refused: REQUEST_TYPE_UNSUPPORTED, REQUEST_TOO_LARGE, REQUEST_MALFORMED.
    """
    content_type(request, FORM)
    return query_parameters(request) + _decoded(await read_body(request, FORM_OCTETS))


def _decoded(text: bytes) -> Parameters:
    if not text:
        return ()
    try:
        found = parse_qsl(
            text.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        raise Refused(Reason.REQUEST_MALFORMED, detail="the parameters") from None
    if any("\0" in value for _, value in found):
        raise Refused(Reason.REQUEST_MALFORMED, detail="the parameters")
    return tuple(found)
