"""How many sheets a page is when it is printed."""

from __future__ import annotations

from playwright.sync_api import Page
from pypdfium2 import PdfDocument

_A4 = (596, 843)
"""In points, rounded up."""


def sheets(page: Page) -> int:
    """Sheets of A4 or smaller; a larger one is a fault."""
    printed = PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    sizes = [printed.get_page_size(number) for number in range(len(printed))]
    printed.close()
    assert all(width <= _A4[0] and height <= _A4[1] for width, height in sizes), sizes
    return len(sizes)
