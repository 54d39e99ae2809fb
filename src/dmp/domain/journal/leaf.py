"""From a trace to the bytes of its leaf.

The form is canonical: the same trace gives the same bytes for ever. Each field is written as its
name, its length in octets and its value, so that no two different traces give the same bytes. A salt of
its own, drawn when the trace is sealed, keeps a leaf from being guessed once its trace is erased.
"""

from __future__ import annotations

from datetime import UTC
from operator import attrgetter
from typing import Any

from dmp.domain.journal.event import Trace
from dmp.domain.journal.tree import leaf_hash

SALT_OCTETS = 16
FORM = 2
"""The form in which new leaves are made; another list of fields is another form, and old leaves keep theirs."""

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
"""What form 1 holds, in its order."""

FIELDS_2 = (*FIELDS, "document_ids", "motive", "secret")
"""What form 2 holds. A test holds it against the fields of a trace."""


def leaf_bytes(trace: Trace, salt: bytes) -> bytes:
    """The canonical bytes of a trace under its salt of 16 octets.

    Raises:
        ValueError: the salt has another length, the instant no time zone, or the form is unknown.
    """
    if len(salt) != SALT_OCTETS:
        raise ValueError(f"a salt has {SALT_OCTETS} octets, not {len(salt)}")
    if trace.at.tzinfo is None:
        raise ValueError("the instant of a trace has a time zone")
    if trace.form not in _FORMS:
        raise ValueError(f"no form {trace.form} of a trace is known")
    names, values = _FORMS[trace.form]
    parts = [b"dmp-trace/%d\n" % trace.form, salt]
    for name, value in zip(names, values(trace), strict=True):
        if name == b"at:":
            text = value.astimezone(UTC).isoformat(timespec="microseconds")
        else:
            text = " ".join(value) if isinstance(value, tuple) else str(value)
        octets = text.encode("utf-8", "surrogatepass")
        parts += (name, b"%d:" % len(octets), octets, b"\n")
    return b"".join(parts)


def _form(fields: tuple[str, ...]) -> tuple[tuple[bytes, ...], attrgetter[tuple[Any, ...]]]:
    return tuple(f"{name}:".encode() for name in fields), attrgetter(*fields)


_FORMS = {1: _form(FIELDS), 2: _form(FIELDS_2)}


def leaf_of(trace: Trace, salt: bytes) -> bytes:
    """The leaf hash of a trace under its salt: what the tree holds."""
    return leaf_hash(leaf_bytes(trace, salt))
