"""A column of values as one PostgreSQL array in its binary form.

The driver packs arrays of any type, value by value, in Python; the batches of every commit are made of six
types, each packed here in one go.

Source: PostgreSQL, `array_recv`: dimensions, whether there are nulls, the type of the elements, how many and
from which index; then each element behind its length, -1 for null.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from struct import Struct
from typing import Any, ClassVar, Final
from uuid import UUID

import psycopg
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEAD: Final = Struct("!iiIii").pack
_LENGTH: Final = Struct("!i").pack
_EIGHT: Final = Struct("!iq").pack
_NULL: Final = b"\xff\xff\xff\xff"
_UUID_LENGTH: Final = _LENGTH(16)
_TRUE, _FALSE = _LENGTH(1) + b"\x01", _LENGTH(1) + b"\x00"
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Packed(bytes):
    """An array in its binary form; each type of elements has a class, by which the driver names it."""

    element: ClassVar[int]


class _Uuids(Packed):
    element = 2950


class _Texts(Packed):
    element = 25


class _Numbers(Packed):
    element = 20


class _Flags(Packed):
    element = 16


class _Instants(Packed):
    element = 1184


class _Octets(Packed):
    element = 17


Elements = list[bytes]


def _uuids(values: Sequence[UUID | None]) -> Elements:
    return [_NULL if one is None else _UUID_LENGTH + one.bytes for one in values]


def _texts(values: Sequence[str | None]) -> Elements:
    return _octets([None if one is None else one.encode("utf-8") for one in values])


def _octets(values: Sequence[bytes | None]) -> Elements:
    return [_NULL if one is None else _LENGTH(len(one)) + one for one in values]


def _numbers(values: Sequence[int | None]) -> Elements:
    return [_NULL if one is None else _EIGHT(8, one) for one in values]


def _flags(values: Sequence[bool | None]) -> Elements:
    return [_NULL if one is None else _TRUE if one else _FALSE for one in values]


def _instants(values: Sequence[datetime | None]) -> Elements:
    since = [None if one is None else one - _EPOCH for one in values]
    return _numbers(
        [
            None
            if one is None
            else (one.days * 86_400 + one.seconds) * 1_000_000 + one.microseconds
            for one in since
        ]
    )


_KINDS: Final[dict[type, tuple[type[Packed], Callable[[Sequence[Any]], Elements]]]] = {
    UUID: (_Uuids, _uuids),
    str: (_Texts, _texts),
    int: (_Numbers, _numbers),
    bool: (_Flags, _flags),
    datetime: (_Instants, _instants),
    bytes: (_Octets, _octets),
}


def column(values: Sequence[object]) -> Packed:
    """The values of a column, of one type, aware instants and None among them, as one parameter.

    Raises:
        TypeError: no column has values of this type.
    """
    kind: type = str
    for value in values:
        if value is not None:
            kind = type(value)
            break
    packed, written = _KINDS.get(kind) or _kind_above(kind)
    elements = written(values)
    head = _HEAD(1, None in values, packed.element, len(elements), 1)
    return packed(b"".join((head, *elements)))


def _kind_above(kind: type) -> tuple[type[Packed], Callable[[Sequence[Any]], Elements]]:
    for one in kind.__mro__:
        if one in _KINDS:
            return _KINDS[one]
    raise TypeError(f"no column has values of the type {kind.__name__}")


def _register(kind: type[Packed], array: int) -> None:
    class PackedDumper(Dumper):
        """Hands over what is packed already."""

        format = Format.BINARY
        oid = array

        def dump(self, obj: Packed) -> Packed:
            return obj

    psycopg.adapters.register_dumper(kind, PackedDumper)


for _kind, _array in (
    (_Uuids, 2951), (_Texts, 1009), (_Numbers, 1016), (_Flags, 1000), (_Instants, 1185), (_Octets, 1001),
):  # fmt: skip
    _register(_kind, _array)
