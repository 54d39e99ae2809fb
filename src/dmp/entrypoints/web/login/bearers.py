"""Whoever bears a one-time code: what his browser holds since he opened the sharing, and the caller it makes.

The cookie names the record and the sharing, and carries a secret of which the record keeps the digest. It says
who asks; whether he may still read, the rules of access decide at each request.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.briefly.open_share import OpenedShare, held_digest
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Caller, CodeBearer, Door, Strength
from dmp.entrypoints.web.options import WebOptions

_LONGEST = 200
MEANS = "one-time-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """The record that the cookie leads to, and who asks."""

    record_id: RecordId
    caller: Caller


def bearer_cookie(options: WebOptions) -> str:
    """Name of the cookie; the prefix binds it to this host over https."""
    return "__Secure-dmp-partage" if options.is_secure else "dmp-partage"


def written(opened: OpenedShare) -> str:
    """The cookie of a sharing that was just opened."""
    return f"{opened.record_id}.{opened.share.share_id}.{opened.held}"


def bearer_of(cookie: str | None) -> Bearer | None:
    """The bearer of a cookie, or None when it is none of ours. Nothing is decided here."""
    if not cookie or len(cookie) > _LONGEST:
        return None
    parts = cookie.split(".")
    if len(parts) != 3:
        return None
    try:
        record_id, share_id = RecordId(UUID(parts[0])), UUID(parts[1])
    except ValueError:
        return None
    who = CodeBearer(share_id=share_id, reader_digest=held_digest(parts[2]))
    return Bearer(record_id=record_id, caller=caller_bearing(who))


def caller_bearing(who: CodeBearer) -> Caller:
    """A bearer as a caller: proved by the code alone, never in person."""
    return Caller(who=who, strength=Strength.STRUCTURE, door=Door.WEB, means=MEANS)
