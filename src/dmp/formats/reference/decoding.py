"""Octets of a reference file to text: gzip within bounds, UTF-8 or Windows-1252, no binary.

Source: BDPM changes its encoding from file to file; RFC 1952 (gzip).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from dmp.formats.reference.faults import refused

MAX_OCTETS = 256 * 1024 * 1024
"""The most that a file may hold once inflated; the extracts of directories are read by pieces instead."""
MAX_LINE = 512 * 1024
_GZIP = b"\x1f\x8b"
_CHUNK = 1024 * 1024
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def inflated(name: str, content: bytes, limit: int = MAX_OCTETS) -> bytes:
    """The octets, inflated when they are gzip; at most `limit`.

    Raises:
        FileRefused: damaged, or larger than `limit` once inflated.
    """
    if not content.startswith(_GZIP):
        if len(content) > limit:
            raise refused(name, f"more than {limit} octets; it is not read.")
        return content
    return b"".join(inflating(name, iter((content,)), limit))


def inflating(name: str, pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Pieces of a gzip stream (members one after another) inflated, bounded together by `limit` octets.

    Raises:
        FileRefused: damaged, cut short, or larger than `limit`.
    """
    stream = zlib.decompressobj(wbits=31)
    total = 0
    for piece in pieces:
        rest = piece
        while rest:
            if stream.eof:
                stream = zlib.decompressobj(wbits=31)
            try:
                out = stream.decompress(rest, _CHUNK)
            except zlib.error:
                raise refused(name, "damaged gzip archive.") from None
            total += len(out)
            if total > limit:
                raise refused(name, f"more than {limit} octets once inflated; it is not read.")
            yield out
            rest = stream.unused_data if stream.eof else stream.unconsumed_tail
    if not stream.eof:
        raise refused(name, "incomplete gzip archive.")


def text_of(name: str, content: bytes) -> str:
    """The text of a file: UTF-8 (or UTF-16 with its mark), else Windows-1252, line by line where both are
    mixed.

    Raises:
        FileRefused: binary content, or a line that no published file has.
    """
    octets = inflated(name, content)
    for mark, encoding in _BOMS:
        if octets.startswith(mark):
            try:
                return _checked(name, octets[len(mark) :].decode(encoding))
            except UnicodeDecodeError:
                raise refused(name, f"is no {encoding} text.") from None
    if b"\0" in octets:
        raise refused(name, "holds null octets; it is no text file.")
    try:
        return _checked(name, octets.decode("utf-8"))
    except UnicodeDecodeError:
        return _checked(name, "\n".join(line_of(line) for line in octets.split(b"\n")))


def line_of(line: bytes) -> str:
    """One line: UTF-8 when it is, else Windows-1252."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _checked(name: str, text: str) -> str:
    if "\0" in text:
        raise refused(name, "holds null characters; it is no text file.")
    longest, start = 0, 0
    while start < len(text) and longest <= MAX_LINE:
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        longest, start = max(longest, end - start), end + 1
    if longest > MAX_LINE:
        raise refused(name, f"a line exceeds {MAX_LINE} characters.")
    return text.replace("\r\n", "\n")
