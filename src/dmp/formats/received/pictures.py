"""Photos and scans: drawn anew within bounds, upright, without what the camera wrote, as pages of a PDF.

Source: Exif 2.32 (orientation); TIFF 6.0 (several pages); ISO 32000-1 §7.4.8 (DCTDecode).
"""

from __future__ import annotations

import struct
import warnings
from io import BytesIO
from typing import Final

import pikepdf
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from dmp.domain.errors import Reason, Refused
from dmp.formats.received.jpeg_marks import without_marks
from dmp.formats.received.kinds import Kind

MAX_PIXELS: Final = 80_000_000
"""More than any telephone takes; a picture that announces more is not opened."""
MAX_SIDE: Final = 2600
"""Pixels on the longer side of a page: A4 at 220 points an inch."""
MAX_PAGES: Final = 30
_QUALITY: Final = 85
_LONG, _SHORT = 842, 595  # A4 in points
_MARGIN: Final = 20
_FORMATS: Final = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.TIFF: "TIFF"}


def pages_of(content: bytes, kind: Kind) -> bytes:
    """The pictures of a file as a PDF, one page each.

    Raises:
        Refused: CONTENT_UNREADABLE when it cannot be opened, is too large once opened, or has too many
            pages; CONTENT_TYPE_MISMATCH when it is not of this kind after all.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the bounds stand here
            with Image.open(BytesIO(content), formats=(_FORMATS[kind],)) as picture:
                drawn = [_drawn(frame) for frame in _frames(picture)]
    except Refused:
        raise
    except UnidentifiedImageError:
        raise Refused(Reason.CONTENT_TYPE_MISMATCH, content_type=kind.value) from None
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, struct.error):
        raise _unreadable("damaged picture") from None
    except (Image.DecompressionBombError, MemoryError, OverflowError):
        raise _unreadable("too large once opened") from None
    return _pdf(drawn)


def _frames(picture: Image.Image) -> list[Image.Image]:
    if getattr(picture, "n_frames", 1) > MAX_PAGES:
        raise _unreadable("too many pages")
    found: list[Image.Image] = []
    room = MAX_PIXELS
    for frame in ImageSequence.Iterator(picture):
        room -= frame.width * frame.height
        if room < 0:
            raise _unreadable("too large once opened")
        if frame.width < 1 or frame.height < 1:
            raise _unreadable("damaged picture")
        upright = ImageOps.exif_transpose(frame)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        found.append(_on_white(upright))
        if picture.format == "PNG":
            break  # the first picture is the one that is seen without animation
    if not found:
        raise _unreadable("damaged picture")
    return found


def _on_white(picture: Image.Image) -> Image.Image:
    """Grey or coloured, on white paper where it lets light through."""
    if picture.mode in ("1", "L", "I;16", "I"):
        return picture.convert("L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        paper = Image.new("RGBA", over.size, "white")
        return Image.alpha_composite(paper, over).convert("RGB")
    return picture.convert("RGB")


def _drawn(picture: Image.Image) -> tuple[bytes, int, int, bool]:
    """The octets of a JPEG with its size in pixels, and whether it is grey."""
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY, optimize=True, exif=b"")
    return without_marks(out.getvalue()), picture.width, picture.height, picture.mode == "L"


def _pdf(drawn: list[tuple[bytes, int, int, bool]]) -> bytes:
    made = pikepdf.new()
    for octets, width, height, grey in drawn:
        image = pikepdf.Stream(made, octets)
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = width, height, 8
        image.ColorSpace = pikepdf.Name.DeviceGray if grey else pikepdf.Name.DeviceRGB
        image.Filter = pikepdf.Name.DCTDecode
        across, up = (_LONG, _SHORT) if width > height else (_SHORT, _LONG)
        scale = min((across - 2 * _MARGIN) / width, (up - 2 * _MARGIN) / height)
        wide, high = width * scale, height * scale
        left, low = (across - wide) / 2, (up - high) / 2
        page = made.add_blank_page(page_size=(across, up))
        page.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Photo=made.make_indirect(image))
        )
        page.Contents = made.make_stream(
            f"q {wide:.2f} 0 0 {high:.2f} {left:.2f} {low:.2f} cm /Photo Do Q".encode()
        )
    out = BytesIO()
    made.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        deterministic_id=True,
    )
    return out.getvalue()


def _unreadable(detail: str) -> Refused:
    return Refused(Reason.CONTENT_UNREADABLE, detail=detail)
