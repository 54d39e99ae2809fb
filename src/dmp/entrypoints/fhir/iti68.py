"""ITI-68, Retrieve Document (TD3.2): the bytes as they were deposited, or a Binary around them."""

from __future__ import annotations

import binascii
from typing import Final

from starlette.responses import Response

from dmp.acts.documents.retrieve_document import (
    Retrieved,
    RetrieveDocument,
    retrieve_document,
)
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.fhir.addresses import document_in_path
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.entrypoints.fhir.negotiation import FHIR_JSON, JSON_TYPES, accepted, quality_of

_XML: Final = frozenset({"text/xml", "application/xml"})
_EXTENSIONS: Final = {
    "text/xml": "xml",
    "application/xml": "xml",
    "application/xslt+xml": "xml",
    "application/pdf": "pdf",
}


async def retrieve(exchange: Exchange) -> Response:
    """`GET Binary/[id]`: raw unless FHIR is what the client wants most."""
    document = document_in_path(exchange.request)
    wanted = accepted(exchange.request)
    if quality_of({*_EXTENSIONS, *JSON_TYPES}, wanted) <= 0:
        raise Refused(Reason.ANSWER_TYPE_UNSUPPORTED, offered=f"{FHIR_JSON}, */*")
    retrieved = await exchange.perform(retrieve_document, RetrieveDocument(document=document))
    entry = retrieved.entry
    own = _XML if entry.mime_type in _XML else frozenset({entry.mime_type})
    as_fhir = _named(wanted, JSON_TYPES)
    as_itself = quality_of(own, wanted)
    if as_fhir > 0 and as_fhir > as_itself:
        return answer(_binary(retrieved))
    if as_itself > 0:
        return _raw(retrieved)
    raise Refused(Reason.ANSWER_TYPE_UNSUPPORTED, offered=f"{entry.mime_type}, {FHIR_JSON}")


def _named(wanted: list[tuple[str, float]], types: frozenset[str]) -> float:
    """How much FHIR is wanted by its name: `*/*` means the document itself."""
    return max((quality for media_type, quality in wanted if media_type in types), default=0.0)


def _raw(retrieved: Retrieved) -> Response:
    entry = retrieved.entry
    return Response(
        retrieved.content,
        headers={
            # Nothing is added to the type: a document says its charset itself.
            "content-type": entry.mime_type,
            "content-disposition": f'attachment; filename="{_file_name(entry)}"',
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox; default-src 'none'",
        },
    )


def _file_name(entry: DocumentEntry) -> str:
    """A name without health content: the identifier."""
    return f"{entry.document_id}.{_EXTENSIONS.get(entry.mime_type, 'bin')}"


def _binary(retrieved: Retrieved) -> bytes:
    entry = retrieved.entry
    head = (
        f'{{"resourceType":"Binary","id":"{entry.document_id}",'
        f'"contentType":"{entry.mime_type}",'
        f'"securityContext":{{"reference":"DocumentReference/{entry.document_id}"}},"data":"'
    )
    data = binascii.b2a_base64(retrieved.content, newline=False)
    return b"".join((head.encode("ascii"), data, b'"}'))
