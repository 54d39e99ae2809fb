"""Lists around ready-made text: the searchset Bundle, its links, and the token of the next page.

A page token tells a place in a list and is bound to the criteria of that list. It opens nothing:
the scope of the reader is applied again at every page.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import orjson

from dmp.domain.documents.query import Position
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId

PAGE: Final = "_page"
Parameters = tuple[tuple[str, str], ...]

_SEAL = 8
_PLACE = struct.Struct(">q16s")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def write_searchset(entries: bytes, total: int, links: Iterable[tuple[str, str]]) -> bytes:
    """A searchset.

    Args:
        entries: ready-made Bundle entries, joined by commas; empty for none.
        total: how many match, on all pages.
        links: relation and address, e.g. `("self", "https://…")`.
    """
    head = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": total,
        "link": [{"relation": relation, "url": url} for relation, url in links],
    }
    frame = orjson.dumps(head)
    if not entries:
        return frame
    return b"".join((frame[:-1], b',"entry":[', entries, b"]}"))


def address(base_url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """`base_url?name=value&…`, percent-encoded."""
    return f"{base_url}?{urlencode(list(parameters), safe=':/|,')}"


def write_token(position: Position, criteria: Parameters) -> str:
    """The token of the page that begins after `position` in the list with these criteria."""
    micros = (position.created_at - _EPOCH) // _MICROSECOND
    place = _PLACE.pack(micros, position.document_id.bytes)
    return base64.urlsafe_b64encode(place + _seal(place, criteria)).decode("ascii")


def read_token(token: str, criteria: Parameters) -> Position:
    """The place that a token tells. Raises Refused: PARAMETER_INVALID when it is not of this list."""
    try:
        octets = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        place, seal = octets[:-_SEAL], octets[-_SEAL:]
        if not hmac.compare_digest(seal, _seal(place, criteria)):
            raise ValueError
        micros, document = _PLACE.unpack(place)
        return Position(
            created_at=_EPOCH + micros * _MICROSECOND, document_id=DocumentId(UUID(bytes=document))
        )
    except (ValueError, struct.error, OverflowError):
        raise Refused(
            Reason.PARAMETER_INVALID, parameter=PAGE, detail="not a page of this list, search again"
        ) from None


def _seal(place: bytes, criteria: Parameters) -> bytes:
    said = orjson.dumps(sorted(criteria)) + place
    return hashlib.blake2b(said, digest_size=_SEAL, person=b"dmp page").digest()
