"""A file that somebody gives to be read: its name, its first octets, its whole or its pieces."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from dmp.formats.reference.decoding import MAX_OCTETS, inflating, line_of, text_of
from dmp.formats.reference.faults import FileRefused, refused

_HEAD = 256 * 1024
_PIECE = 1024 * 1024
_GZIP = b"\x1f\x8b"
_LONGEST_LINE = 512 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file by its name; `open` gives a fresh stream of its octets, `size` is that of what is stored."""

    name: str
    size: int
    open: Callable[[], BinaryIO]

    def content(self) -> bytes:
        """The whole, as stored.

        Raises:
            FileRefused: larger than any file that is read as a whole.
        """
        if self.size > MAX_OCTETS:
            raise refused(self.name, f"more than {MAX_OCTETS} octets; it is not read.")
        with self.open() as stream:
            return self._taken(stream, MAX_OCTETS + 1)

    def text(self) -> str:
        """The whole as text; see `text_of`."""
        return text_of(self.name, self.content())

    def head(self) -> bytes:
        """The first octets, inflated when they are gzip; a damaged archive gives what could be inflated."""
        found = b""
        try:
            for piece in self.pieces(limit=MAX_OCTETS):
                found += piece
                if len(found) >= _HEAD:
                    break
        except FileRefused:
            if not found:
                raise
        return found[:_HEAD]

    def pieces(self, limit: int) -> Iterator[bytes]:
        """The octets by pieces, inflated, at most `limit` of them together.

        Raises:
            FileRefused: damaged, or larger than `limit`.
        """
        with self.open() as stream:
            stored = iter(lambda: self._taken(stream, _PIECE), b"")
            first = next(stored, b"")
            whole = _with(first, stored)
            if first.startswith(_GZIP):
                yield from inflating(self.name, whole, limit)
                return
            total = 0
            for piece in whole:
                total += len(piece)
                if total > limit:
                    raise refused(self.name, f"more than {limit} octets; it is not read.")
                yield piece

    def _taken(self, stream: BinaryIO, most: int) -> bytes:
        try:
            return stream.read(most)
        except (zipfile.BadZipFile, zlib.error, EOFError):  # the file stands in an archive
            raise refused(self.name, "damaged in its archive.") from None

    def lines(self, limit: int) -> Iterator[str]:
        """Lines one after another in flat memory, for files too large to be read as a whole.

        Raises:
            FileRefused: as `pieces`; a line that no published file has; binary content.
        """
        rest = b""
        for piece in self.pieces(limit):
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield self._line(line)
            if len(rest) > _LONGEST_LINE:
                raise refused(self.name, f"a line exceeds {_LONGEST_LINE} octets.")
        if rest:
            yield self._line(rest)

    def _line(self, line: bytes) -> str:
        if b"\0" in line:
            raise refused(self.name, "holds null octets; it is no text file.")
        return line_of(line).removeprefix("\ufeff").rstrip("\r")


def _with(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest
