"""QR codes as SVG that stands in a page: geometry in attributes, colours fixed, no style and no script.

Source: ISO/IEC 18004.
"""

from __future__ import annotations

import segno

LONGEST = 1200
"""Characters that are still read easily from paper."""


def qr_svg(text: str, label: str) -> str:
    """A QR code of a text, black on white whatever the theme; `label` is its title for those who do not see it.

    Raises:
        ValueError: the text is empty, or too long to be read from paper.
    """
    if not 1 <= len(text) <= LONGEST:
        raise ValueError("a QR code takes 1 to 1200 characters")
    code = segno.make(text, error="m", micro=False, boost_error=False)
    svg: str = code.svg_inline(
        border=3, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None,
        title=label,
    )  # fmt: skip
    return svg.replace("<svg ", '<svg role="img" focusable="false" ', 1)
