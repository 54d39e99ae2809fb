"""The pages of a PDF as pictures, for whoever has no viewer: drawn within bounds of size and number."""

from __future__ import annotations

import math
from io import BytesIO
from typing import Final

import pypdfium2

from dmp.domain.errors import Reason, Refused
from dmp.formats.pdf import opened

MAX_DRAWN: Final = 60
"""Pages that have a picture; further ones are read in the file itself."""
WIDTH: Final = 1000
"""Pixels across a picture of a page."""
_MAX_HEIGHT: Final = 3000
_SMALLEST, _LARGEST = 10.0, 20_000.0  # points


def page_sizes(content: bytes) -> tuple[tuple[int, int], ...]:
    """Width and height in pixels of the picture of each page, in their order; of the first 60 pages.

    Raises Refused: CONTENT_UNREADABLE.
    """
    with opened(content) as document:
        sizes = []
        for number in range(min(len(document), MAX_DRAWN)):
            try:
                sizes.append(_pixels(*document.get_page_size(number)))
            except pypdfium2.PdfiumError:
                sizes.append(_pixels(595, 842))
        return tuple(sizes)


def page_picture(content: bytes, number: int) -> bytes:
    """The picture of a page in PNG; pages are counted from 1.

    Raises Refused: CONTENT_UNREADABLE when it cannot be drawn, DOCUMENT_NOT_FOUND without such a page.
    """
    with opened(content) as document:
        if not 1 <= number <= min(len(document), MAX_DRAWN):
            raise Refused(Reason.DOCUMENT_NOT_FOUND)
        try:
            page = document[number - 1]
            try:
                width, height = _pixels(*page.get_size())
                scale = min(width / max(page.get_width(), 1), height / max(page.get_height(), 1))
                drawn = page.render(scale=scale, may_draw_forms=False).to_pil()
            finally:
                page.close()
        except (pypdfium2.PdfiumError, ValueError, MemoryError):
            raise Refused(Reason.CONTENT_UNREADABLE, detail="damaged PDF") from None
    out = BytesIO()
    drawn.convert("RGB").quantize(64).save(out, "PNG", optimize=False)
    return out.getvalue()


def _pixels(wide: float, high: float) -> tuple[int, int]:
    """The size of the picture of a page of so many points."""
    if not (math.isfinite(wide) and math.isfinite(high)):
        return _pixels(595, 842)
    wide, high = (min(max(side, _SMALLEST), _LARGEST) for side in (wide, high))
    scale = min(WIDTH / wide, _MAX_HEIGHT / high)
    return max(math.ceil(wide * scale), 1), max(math.ceil(high * scale), 1)
