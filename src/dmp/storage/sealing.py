"""Sealing: compressed, then encrypted with a record's key, bound to one identifier.

A sealed content is one octet for the codec, a nonce of 12 octets and the AES-256-GCM ciphertext with its tag.
The identifier and the codec are authenticated with it, so that a content cannot pass for another.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_OCTETS = 32
_NONCE_OCTETS = 12
_RAW, _ZSTD = b"\x00", b"\x01"
_LEVEL = 3
_COMPRESSED_ALREADY = frozenset(
    {"application/pdf", "image/jpeg", "image/png", "application/zip", "application/gzip"}
)


class ContentDamaged(Exception):
    """A sealed content does not open, or is not what was registered. Never wrong bytes."""


def seal(
    key: bytes,
    identifier: UUID,
    content: bytes,
    mime_type: str = "",
    *,
    part: bytes = b"",
    raw_up_to: int = 0,
) -> bytes:
    """Seal a content for this identifier. PDF and JPEG are not compressed a second time, nor is what has no
    more octets than `raw_up_to`.

    `part` tells contents of one identifier apart: none of them can stand in for another.
    """
    codec, packed = _RAW, content
    if len(content) > raw_up_to and mime_type not in _COMPRESSED_ALREADY:
        smaller = _compressor().compress(content)
        if len(smaller) < len(content):
            codec, packed = _ZSTD, smaller
    nonce = os.urandom(_NONCE_OCTETS)
    return codec + nonce + AESGCM(key).encrypt(nonce, packed, codec + identifier.bytes + part)


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A content with what `seal` asks for: those of a batch are sealed together, beside the event loop."""

    key: bytes = field(repr=False)
    identifier: UUID
    content: bytes = field(repr=False)
    mime_type: str = ""

    def sealed(self) -> bytes:
        """The content, sealed."""
        return seal(self.key, self.identifier, self.content, self.mime_type)


_of_thread = threading.local()


def _compressor() -> zstandard.ZstdCompressor:
    """One per thread: making one costs as much as a small content, and it is not shared."""
    found: zstandard.ZstdCompressor | None = getattr(_of_thread, "compressor", None)
    if found is None:
        found = _of_thread.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    return found


def _decompressor() -> zstandard.ZstdDecompressor:
    """One per thread: a search opens hundreds of small contents."""
    found: zstandard.ZstdDecompressor | None = getattr(_of_thread, "decompressor", None)
    if found is None:
        found = _of_thread.decompressor = zstandard.ZstdDecompressor()
    return found


def unseal(key: bytes | AESGCM, identifier: UUID, sealed: bytes, *, part: bytes = b"") -> bytes:
    """The content as it was sealed. `key` may be a cipher made of it, for many contents of one record.

    Raises:
        ContentDamaged: another key, another identifier or part, or a changed octet.
    """
    cipher = AESGCM(key) if isinstance(key, bytes) else key
    codec, nonce = sealed[:1], sealed[1 : 1 + _NONCE_OCTETS]
    try:
        packed = cipher.decrypt(nonce, sealed[1 + _NONCE_OCTETS :], codec + identifier.bytes + part)
        return _decompressor().decompress(packed) if codec == _ZSTD else packed
    except (InvalidTag, ValueError, zstandard.ZstdError):
        raise ContentDamaged from None


def verified(content: bytes, size: int, sha256_hex: str) -> bytes:
    """The content, when it has the registered size and SHA-256.

    Raises:
        ContentDamaged: it has not.
    """
    if len(content) != size or sha256(content).hexdigest() != sha256_hex:
        raise ContentDamaged
    return content
