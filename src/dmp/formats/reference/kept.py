"""The form in which an edition is kept: its rows in JSON, the same octets for the same rows."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from dmp.domain.clinical.knowledge.contents import Row

_DECODER = msgspec.json.Decoder(dict[str, tuple[tuple[str, ...], ...]])
_ENCODER = msgspec.json.Encoder()


def kept_form(tables: Mapping[str, tuple[Row, ...]]) -> bytes:
    """The rows by table, tables in the order of their names; UTF-8."""
    return _ENCODER.encode({name: tables[name] for name in sorted(tables)})


def from_kept_form(octets: bytes) -> Mapping[str, tuple[Row, ...]]:
    """The rows by table.

    Raises:
        ValueError: not what `kept_form` writes.
    """
    try:
        return _DECODER.decode(octets)
    except msgspec.MsgspecError as fault:
        raise ValueError("an edition is not kept in the form of this version") from fault
