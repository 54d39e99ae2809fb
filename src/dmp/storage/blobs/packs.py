"""Packs: append-only segments of sealed contents, one durable write per batch.

A segment belongs to one writing process and is never written again once that process is gone; its
tail may be torn by a crash, which the next reader tolerates: what was answered stands before it.

A frame is a header of 56 octets and the sealed content. The header: magic, state (0 kept, 1 swept), record,
document, second of writing, length, CRC-32 of the content, CRC-32 of the header without its state.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import struct
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from dmp.domain.identifiers import DocumentId, RecordId
from dmp.storage.private_files import private_folder, sync_folder
from dmp.storage.sealing import ContentDamaged

SEGMENT_OCTETS = 256 * 1024 * 1024
_MAGIC = b"dmp1"
_HEADER = struct.Struct(">4sB3x16s16sIIII")
_KEPT, _SWEPT = 0, 1
_STATE_OFFSET = 4
_ZEROS = bytes(1024 * 1024)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a frame begins, and the length of its content in octets."""

    segment: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed content on its way to a pack."""

    record_id: RecordId
    document_id: DocumentId
    content: bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """What a header says; `written_at` in seconds of the Unix epoch."""

    record_id: RecordId
    document_id: DocumentId
    place: Place
    written_at: int
    swept: bool


class Packs:
    """The packs of one folder, as one process sees them. Reading needs no segment of its own."""

    def __init__(self, folder: Path, segment_octets: int = SEGMENT_OCTETS) -> None:
        self._folder = private_folder(folder)
        self._segment_octets = segment_octets
        self._name = ""
        self._file: int | None = None
        self._end = 0

    # --- Writing -----------------------------------------------------------------------------

    def append(self, contents: Sequence[Sealed]) -> list[Place]:
        """Write contents one after the other and make them durable together. Blocks on the disk.

        Raises:
            OSError: nothing of it may be relied on; the next call begins after what was durable.
        """
        file = self._open_segment()
        frames, places, offset = [], [], self._end
        for sealed in contents:
            frames += [_header(sealed), sealed.content]
            places.append(Place(self._name, offset, len(sealed.content)))
            offset += _HEADER.size + len(sealed.content)
        try:
            _write_all(file, b"".join(frames), self._end)
            os.fdatasync(file)
        except OSError:
            # After a failed sync the kernel may have dropped pages: this segment is not used again.
            self._close_segment()
            raise
        self._end = offset
        return places

    def _open_segment(self) -> int:
        if self._file is not None and self._end < self._segment_octets:
            return self._file
        self._close_segment()
        self._name = f"{time.time_ns():016x}-{secrets.token_hex(4)}.pack"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = os.open(self._folder / self._name, flags, 0o600)
        # Held while we may append: the sweeper removes no segment that is locked.
        fcntl.flock(self._file, fcntl.LOCK_EX)
        sync_folder(self._folder)
        self._end = 0
        return self._file

    def _close_segment(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def close(self) -> None:
        """Let go of the segment we write. The packs can be used again afterwards."""
        self._close_segment()

    # --- Reading -----------------------------------------------------------------------------

    def read(self, record_id: RecordId, document_id: DocumentId, place: Place) -> bytes:
        """The sealed content at a place. Blocks on the disk.

        Raises:
            ContentDamaged: no such frame there, or its octets have changed.
        """
        octets = self._octets(place)
        header = _parsed(octets[: _HEADER.size], place.segment, place.offset)
        content = octets[_HEADER.size :]
        if (
            header is None
            or header[0].swept
            or header[0].place != place
            or (header[0].record_id, header[0].document_id) != (record_id, document_id)
            or zlib.crc32(content) != header[1]
        ):
            raise ContentDamaged
        return content

    def _octets(self, place: Place) -> bytes:
        if "/" in place.segment or not place.segment.endswith(".pack"):
            raise ContentDamaged
        try:
            file = os.open(self._folder / place.segment, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            raise ContentDamaged from None
        try:
            return os.pread(file, _HEADER.size + place.length, place.offset)
        except OSError:
            raise ContentDamaged from None
        finally:
            os.close(file)

    def segments(self) -> list[str]:
        """Names of all segments, oldest first."""
        return sorted(path.name for path in self._folder.glob("*.pack"))

    def frames(self, segment: str) -> Iterator[Frame]:
        """The frames of a segment in order, up to its end or its torn tail."""
        with (self._folder / segment).open("rb") as file:
            total, offset = os.fstat(file.fileno()).st_size, 0
            while True:
                header = _parsed(os.pread(file.fileno(), _HEADER.size, offset), segment, offset)
                if header is None:
                    return
                offset += _HEADER.size + header[0].place.length
                if offset > total:
                    return
                yield header[0]

    # --- Sweeping ----------------------------------------------------------------------------

    def sweep(
        self, segment: str, older_than: int, is_kept: Callable[[Sequence[Frame]], set[Place]]
    ) -> int:
        """Zero every frame written before `older_than` that nobody keeps; returns how many.

        `is_kept` is given the old frames and answers with the places that are registered. A segment
        in which nothing lives any more, and which nobody writes, is removed.
        """
        frames = list(self.frames(segment))
        old = [frame for frame in frames if not frame.swept and frame.written_at < older_than]
        kept = is_kept(old)
        orphans = [frame for frame in old if frame.place not in kept]
        file = os.open(self._folder / segment, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            for frame in orphans:
                _zero(file, frame.place)
            if orphans:
                os.fdatasync(file)
            living = sum(not frame.swept for frame in frames) - len(orphans)
            if living == 0 and os.fstat(file).st_mtime < older_than and _unlocked(file):
                (self._folder / segment).unlink()
                sync_folder(self._folder)
        finally:
            os.close(file)
        return len(orphans)


def _header(sealed: Sealed) -> bytes:
    head = _HEADER.pack(
        _MAGIC,
        _KEPT,
        sealed.record_id.bytes,
        sealed.document_id.bytes,
        int(time.time()),
        len(sealed.content),
        zlib.crc32(sealed.content),
        0,
    )
    return head[:-4] + zlib.crc32(head[:-4]).to_bytes(4)


def _parsed(octets: bytes, segment: str, offset: int) -> tuple[Frame, int] | None:
    """A header and the CRC-32 of its content, or None when there is none."""
    if len(octets) < _HEADER.size:
        return None
    magic, state, record, document, written_at, length, crc, own = _HEADER.unpack(octets)
    as_kept = octets[:_STATE_OFFSET] + bytes([_KEPT]) + octets[_STATE_OFFSET + 1 : -4]
    if magic != _MAGIC or zlib.crc32(as_kept) != own:
        return None
    frame = Frame(
        record_id=RecordId(UUID(bytes=record)),
        document_id=DocumentId(UUID(bytes=document)),
        place=Place(segment, offset, length),
        written_at=written_at,
        swept=state != _KEPT,
    )
    return frame, crc


def _write_all(file: int, octets: bytes, offset: int) -> None:
    view = memoryview(octets)
    while view:
        written = os.pwrite(file, view, offset)
        view, offset = view[written:], offset + written


def _zero(file: int, place: Place) -> None:
    os.pwrite(file, bytes([_SWEPT]), place.offset + _STATE_OFFSET)
    start, end = place.offset + _HEADER.size, place.offset + _HEADER.size + place.length
    while start < end:
        start += os.pwrite(file, _ZEROS[: end - start], start)


def _unlocked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
