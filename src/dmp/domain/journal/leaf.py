"""From a trace to the bytes of its leaf.

The form is canonical: the same trace gives the same bytes for ever. Each field is written as its
name, its length in octets and its value, so that no two different traces give the same bytes. A salt of
its own, drawn when the trace is sealed, keeps a leaf from being guessed once its trace is erased.
"""

from __future__ import annotations

from datetime import UTC
from operator import attrgetter

from dmp.domain.journal.event import Trace
from dmp.domain.journal.tree import leaf_hash

SALT_OCTETS = 16
FORM = b"dmp-trace/1\n"
"""Names the form; another list of fields is another form, and old leaves keep theirs."""

FIELDS = (
    "at",
    "caller.kind",
    "caller.id",
    "caller.name",
    "caller.profession",
    "caller.profession_label",
    "caller.structure_id",
    "caller.structure_name",
    "trace_id",
    "record_id",
    "door",
    "means",
    "strength",
    "purpose",
    "purpose_reason",
    "software",
    "act",
    "outcome",
    "rule",
    "reason",
    "matrix_version",
    "document_id",
    "document_type",
    "document_title",
    "detail",
)
"""What the form holds, in its order. A test holds it against the fields of a trace."""


def leaf_bytes(trace: Trace, salt: bytes) -> bytes:
    """The canonical bytes of a trace under its salt of 16 octets.

    Raises:
        ValueError: the salt has another length, or the instant no time zone.
    """
    if len(salt) != SALT_OCTETS:
        raise ValueError(f"a salt has {SALT_OCTETS} octets, not {len(salt)}")
    if trace.at.tzinfo is None:
        raise ValueError("the instant of a trace has a time zone")
    parts = [FORM, salt]
    for name, value in zip(_NAMES, _VALUES(trace), strict=True):
        text = value.astimezone(UTC).isoformat(timespec="microseconds") if name is _AT else value
        octets = str(text).encode("utf-8", "surrogatepass")
        parts += (name, b"%d:" % len(octets), octets, b"\n")
    return b"".join(parts)


_NAMES = tuple(f"{name}:".encode() for name in FIELDS)
_AT = _NAMES[FIELDS.index("at")]
_VALUES = attrgetter(*FIELDS)


def leaf_of(trace: Trace, salt: bytes) -> bytes:
    """The leaf hash of a trace under its salt: what the tree holds."""
    return leaf_hash(leaf_bytes(trace, salt))
