"""JPEG pictures without what a camera writes beside them: place, device, owner, thumbnail, comments.

Source: ITU T.81 annex B (markers); Exif 2.32 §4.5.4 (APP1).
"""

from __future__ import annotations

from typing import Final

_START: Final = b"\xff\xd8"
_SCAN: Final = 0xDA
_COMMENT: Final = 0xFE
_APPLICATIONS: Final = range(0xE0, 0xF0)
_KEPT: Final = {0xE0, 0xE2, 0xEE}
"""JFIF, the colour profile, and Adobe's word on colours: without them the picture looks different."""


def without_marks(content: bytes) -> bytes:
    """The same picture without Exif, XMP, IPTC and comments; what is not a JPEG is left as it is."""
    if not content.startswith(_START):
        return content
    out = bytearray(_START)
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == _SCAN or length < 2:
            break
        dropped = marker == _COMMENT or (marker in _APPLICATIONS and marker not in _KEPT)
        if not dropped:
            out += content[place : place + 2 + length]
        place += 2 + length
    return bytes(out) + content[place:]
