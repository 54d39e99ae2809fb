"""The icon of the service as PNG, of the shapes of `icon.svg`: for home screens, which take no SVG."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

GROUND, SHEET = "#0d5c63", "#ffffff"
UNITS: Final = 32
"""Units of the drawing on each side."""
SIZES: Final = (192, 512)
"""Pixels on each side of the icons that are served."""
_FINER = 4
_PAGE = ((9, 8), (18, 8), (23, 13), (23, 24), (9, 24))
_LINES = ((12.5, 15, 19.5), (12.5, 18.5, 19.5), (12.5, 22, 16.5))
_STROKE = 1.6
_ROUNDED = 7


@cache
def icon_png(pixels: int, *, maskable: bool = False) -> bytes:
    """The icon as a PNG of so many pixels on each side. `maskable` fills the square to its corners."""
    side = pixels * _FINER
    scale = side / UNITS
    image = Image.new("RGBA", (side, side), GROUND if maskable else (0, 0, 0, 0))
    drawing = ImageDraw.Draw(image)
    if not maskable:
        drawing.rounded_rectangle((0, 0, side - 1, side - 1), _ROUNDED * scale, fill=GROUND)
    drawing.polygon([(x * scale, y * scale) for x, y in _PAGE], fill=SHEET)
    for left, y, right in _LINES:
        top, bottom = (y - _STROKE / 2) * scale, (y + _STROKE / 2) * scale
        drawing.rectangle((left * scale, top, right * scale, bottom), fill=GROUND)
    small = image.resize((pixels, pixels), Image.Resampling.LANCZOS)
    written = BytesIO()
    small.save(written, "PNG", optimize=True)
    return written.getvalue()
