"""Pages as pictures: as large as announced, within bounds, whatever the page says of itself."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from dmp.domain.errors import Reason, Refused
from dmp.formats.pdf import write_pdf
from dmp.formats.pdf_pictures import MAX_DRAWN, page_picture, page_sizes
from tests.formats.test_pdf import assembled


def of_size(box: bytes) -> bytes:
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [" + box + b"] >>",
        ]
    )


@pytest.mark.parametrize(
    "box", [b"0 0 595 842", b"0 0 842 595", b"0 0 1 1", b"0 0 9 90000", b"0 0 0 0", b"0 0 1e9 10"]
)
def test_a_picture_has_the_size_that_was_announced(box: bytes) -> None:
    content = of_size(box)
    (announced,) = page_sizes(content)
    drawn = Image.open(BytesIO(page_picture(content, 1)))
    assert drawn.format == "PNG"
    assert abs(drawn.width - announced[0]) <= 2 and abs(drawn.height - announced[1]) <= 2
    assert drawn.width * drawn.height <= 1100 * 3100


def test_only_pages_that_are_there_are_drawn() -> None:
    content = write_pdf("t", ["x"] * 60)
    assert len(page_sizes(content)) == 2
    for wrong in (0, -1, 3, MAX_DRAWN + 1):
        with pytest.raises(Refused) as refused:
            page_picture(content, wrong)
        assert refused.value.reason is Reason.DOCUMENT_NOT_FOUND


def test_words_are_drawn() -> None:
    blank, written = of_size(b"0 0 595 842"), write_pdf("Titre", ["Bonjour"])
    assert Image.open(BytesIO(page_picture(blank, 1))).convert("L").getextrema() == (255, 255)
    assert Image.open(BytesIO(page_picture(written, 1))).convert("L").getextrema()[0] < 100  # type: ignore[operator] # one grey value
