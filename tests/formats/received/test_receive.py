"""Files from people's devices: recognised by their octets, made anew, without anything that acts."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dmp.domain.errors import Reason, Refused
from dmp.formats.pdf import check_pdf, page_count, text, write_pdf
from dmp.formats.received import pictures
from dmp.formats.received.jpeg_marks import without_marks
from dmp.formats.received.kinds import Kind, kind_of
from dmp.formats.received.process import asked, done, told
from dmp.formats.received.receive import MAX_OCTETS, receive
from tests.formats.test_pdf import LINK, object_stream, pdf


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **more: object
) -> bytes:
    out = BytesIO()
    Image.new(mode, size, 128 if mode == "L" else "red").save(out, kind, **more)
    return out.getvalue()


def refusal(content: bytes, name: str = "") -> Refused:
    with pytest.raises(Refused) as caught:
        receive(content, name, "Titre")
    return caught.value


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(content))


def drawing(document: pikepdf.Pdf, name: str) -> Image.Image:
    found = document.pages[0].Resources.XObject[name]
    assert isinstance(found, pikepdf.Stream)
    return pikepdf.PdfImage(found).as_pil_image()


def test_a_pdf_keeps_its_pages_and_its_words() -> None:
    content = write_pdf("Ordonnance", ["Amoxicilline 1 g"] * 90)
    made = receive(content, "ordonnance.pdf", "Titre")
    check_pdf(made)
    assert page_count(made) == page_count(content) == 2
    assert text(made, 10_000) == text(content, 10_000)


SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"
ACTIVE = {
    "script on opening": pdf(b"/OpenAction " + SCRIPT),
    "named script": pdf(b"/Names << /JavaScript << /Names [(a) " + SCRIPT + b"] >> >>"),
    "script of a page": pdf(b"", b"/AA << /O " + SCRIPT + b" >>"),
    "program": pdf(b"/OpenAction << /S /Launch /F (calc.exe) >>"),
    "address that opens": pdf(b"/OpenAction << /S /URI /URI (https://example.org) >>"),
    "link": pdf(b"", LINK),
    "form that is sent": pdf(
        b"/AcroForm << /Fields [] /XFA (x) >> /OpenAction << /S /SubmitForm /F (https://example.org) >>"
    ),
    "attached file": pdf(
        b"/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>",
        b"",
        b"<< /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>",
        b"<< /Type /EmbeddedFile /Length 2 >>\nstream\nMZ\nendstream",
    ),
    "script in an object stream": pdf(b"/OpenAction 9 0 R", b"", object_stream(SCRIPT)),
    "private data of a program": pdf(b"", b"/PieceInfo << /X << /Private (secret) >> >>"),
}


@pytest.mark.parametrize("content", ACTIVE.values(), ids=ACTIVE)
def test_active_content_of_a_pdf_is_left_behind(content: bytes) -> None:
    made = receive(content, "a.pdf", "Titre")
    check_pdf(made)
    for name in (
        b"JavaScript", b"OpenAction", b"/AA", b"Launch", b"URI", b"SubmitForm", b"XFA", b"Annots",
        b"EmbeddedFile", b"MZ", b"PieceInfo", b"AcroForm", b"secret",
    ):  # fmt: skip
        assert name not in made, name
    assert page_count(made) == 1


def test_what_was_filled_in_a_form_stays_to_be_read() -> None:
    filled = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (nom) /V (Camille) /Rect [10 10 200 40] "
        b"/F 4 /AP << /N 5 0 R >> /AA << /K " + SCRIPT + b" >> >>"
    )
    look = b"BT /F1 12 Tf 5 5 Td (Camille) Tj ET"
    drawn = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 190 30] /Resources << /Font << /F1 << /Type /Font "
        b"/Subtype /Type1 /BaseFont /Helvetica >> >> >> /Length %d >>\nstream\n%s\nendstream"
    ) % (len(look), look)
    content = pdf(b"/AcroForm << /Fields [4 0 R] >>", b"/Annots [4 0 R]", filled, drawn)
    made = receive(content, "a.pdf", "Titre")
    assert "Camille" in text(made, 100)
    assert b"Widget" not in made


def test_what_follows_or_precedes_a_pdf_is_left_behind() -> None:
    polyglot = write_pdf("t", ["bonjour"]) + b"\nPK\x03\x04<script>alert(1)</script>"
    made = receive(polyglot, "a.pdf", "Titre")
    assert b"script" not in made and b"PK\x03\x04" not in made
    hidden = b"<html><script>alert(1)</script></html>\n" + write_pdf("t", ["bonjour"])
    assert refusal(hidden, "a.pdf").reason is Reason.CONTENT_TYPE_UNSUPPORTED


def test_a_locked_pdf_is_refused_with_what_to_do() -> None:
    for owner, user in (("o", "u"), ("o", "")):
        out = BytesIO()
        with opened(write_pdf("t", ["x"])) as document:
            document.save(out, encryption=pikepdf.Encryption(owner=owner, user=user))
        refused = refusal(out.getvalue(), "a.pdf")
        assert refused.reason is Reason.CONTENT_UNREADABLE
        assert refused.values["detail"] == "encrypted PDF; send it without"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", b"%PDF-" + b"\0" * 500, pdf()[:120]]
)
def test_a_damaged_pdf_is_refused(content: bytes) -> None:
    assert refusal(content, "a.pdf").reason in (
        Reason.CONTENT_UNREADABLE,
        Reason.CONTENT_TYPE_MISMATCH,
    )


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "IMG_1.JPG"), ("PNG", "a.png"), ("TIFF", "a.tif")]
)
def test_a_picture_becomes_a_page(kind: str, name: str) -> None:
    made = receive(picture(kind), name, "Titre")
    check_pdf(made)
    assert page_count(made) == 1


def photo_of_a_place() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    exif[0x010F] = "APPAREIL"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (48.0, 51.0, 30.0)
    return picture(exif=exif, comment=b"note intime")


def test_a_photo_is_turned_upright_and_loses_its_place_and_its_device() -> None:
    content = photo_of_a_place()
    assert b"APPAREIL" in content
    made = receive(content, "photo.jpg", "Titre")
    for told_by_camera in (b"Exif", b"APPAREIL", b"intime"):
        assert told_by_camera not in made
    with opened(made) as document:
        image = document.pages[0].Resources.XObject.Photo
        assert (int(image.Width), int(image.Height)) == (300, 400)


def test_a_photo_inside_a_pdf_loses_its_place_too() -> None:
    document = pikepdf.new()
    page = document.add_blank_page()
    image = pikepdf.Stream(document, photo_of_a_place())
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = 400, 300, 8
    image.ColorSpace, image.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=document.make_indirect(image)))
    page.Contents = document.make_stream(b"q 400 0 0 300 0 0 cm /I Do Q")
    out = BytesIO()
    document.save(out)
    assert b"APPAREIL" in out.getvalue()
    made = receive(out.getvalue(), "scan.pdf", "Titre")
    assert b"APPAREIL" not in made and b"intime" not in made
    with opened(made) as copy:
        kept = drawing(copy, "/I")
        assert kept.size == (400, 300)


def test_marks_are_taken_out_and_the_picture_is_the_same() -> None:
    content = photo_of_a_place()
    plain = without_marks(content)
    assert Image.open(BytesIO(plain)).tobytes() == Image.open(BytesIO(content)).tobytes()
    assert without_marks(plain) == plain
    assert without_marks(b"other") == b"other"


def test_several_pages_of_a_scan_stay_several_pages() -> None:
    out = BytesIO()
    pages = [Image.new("L", (50, 70), 200) for _ in range(3)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:])
    assert page_count(receive(out.getvalue(), "scan.tiff", "Titre")) == 3


def test_a_picture_that_grows_too_large_is_not_opened() -> None:
    bomb = picture("PNG", (20_000, 20_000), "1")
    assert len(bomb) < 100_000
    refused = refusal(bomb, "a.png")
    assert refused.reason is Reason.CONTENT_UNREADABLE
    assert refused.values["detail"] == "too large once opened"


def test_a_large_photo_is_made_smaller() -> None:
    made = receive(picture("JPEG", (4000, 3000)), "a.jpg", "Titre")
    with opened(made) as document:
        image = document.pages[0].Resources.XObject.Photo
        assert int(image.Width) == pictures.MAX_SIDE


def test_transparent_paper_is_white() -> None:
    out = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    with opened(receive(out.getvalue(), "a.png", "Titre")) as document:
        drawn = drawing(document, "/Photo")
        assert drawn.convert("L").getpixel((5, 5)) > 250  # type: ignore[operator] # one grey value


NOT_TAKEN: dict[str, tuple[bytes, str]] = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"),
    "svg named as text": (b"<svg onload='alert(1)'/>", "a.txt"),
    "html named as text": (b"  <!DOCTYPE html><script>alert(1)</script>", "a.txt"),
    "html after a word": (b"bonjour <script>alert(1)</script>", "a.txt"),
    "zip": (b"PK\x03\x04" + b"\0" * 40, "a.zip"),
    "program": (b"MZ\x90\0\3\0\0\0", "a.exe"),
    "gif": (b"GIF89a\1\0\1\0\0\0\0;", "a.gif"),
    "text named as a program": (b"echo bonjour", "a.sh"),
}


@pytest.mark.parametrize(("content", "name"), NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_other_files_are_not_taken(content: bytes, name: str) -> None:
    assert refusal(content, name).reason is Reason.CONTENT_TYPE_UNSUPPORTED


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (picture(), "a.pdf"),
        (write_pdf("t", ["x"]), "a.jpg"),
        (b"bonjour", "a.pdf"),
        (picture("PNG"), "a.jpg"),
    ],
)
def test_a_name_that_promises_another_kind_is_refused(content: bytes, name: str) -> None:
    assert refusal(content, name).reason is Reason.CONTENT_TYPE_MISMATCH


def test_what_only_begins_like_a_picture_is_refused() -> None:
    for head in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0"):
        assert refusal(head + b"\0" * 200).reason in (
            Reason.CONTENT_TYPE_MISMATCH,
            Reason.CONTENT_UNREADABLE,
        )


def test_nothing_and_too_much_are_refused() -> None:
    assert refusal(b"").reason is Reason.CONTENT_EMPTY
    assert refusal(b" \n ", "a.txt").reason is Reason.CONTENT_EMPTY
    assert refusal(b"a" * (MAX_OCTETS + 1)).reason is Reason.CONTENT_TOO_LARGE


RICH = (
    rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator X;}{\info{\author Zoe}}\uc1 Tension \'e9lev\'e9e "
    rb"\u8212? 14/9\par{\object\objdata 4d5a}{\field{\*\fldinst HYPERLINK}{\fldrslt suite}}\{fin\}}"
)


def test_rich_text_gives_its_words_alone() -> None:
    words = text(receive(RICH, "a.rtf", "Note"), 1000)
    assert "Tension élevée — 14/9" in words
    assert "suite{fin}" in words
    for unread in ("Arial", "Zoe", "HYPERLINK", "4d5a"):
        assert unread not in words


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_plain_text_is_read_in_its_coding(coding: str) -> None:
    made = receive("Été\r\nà jeun".encode(coding), "a.txt", "Note")
    assert "Été\nà jeun" in text(made, 1000).replace("\r", "")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "%PDF-1.4\n", "{\\rtf", "\x89PNG\r\n\x1a\n"]))
def test_any_octets_are_taken_or_refused(tail: bytes, head: str) -> None:
    try:
        check_pdf(receive(head.encode("latin-1") + tail, "", "Titre"))
    except Refused as refused:
        assert refused.reason.value.startswith("content-")


def test_a_kind_is_told_by_the_first_octets() -> None:
    assert kind_of(picture()) is Kind.JPEG
    assert kind_of(b"MM\0*") is Kind.TIFF


def test_a_task_apart_answers_as_in_the_house() -> None:
    content = write_pdf("t", ["x"])
    answer: Callable[[str, bytes], bytes] = done
    made = told(answer("receive", asked(content, name="a.pdf", title="T")))
    assert made == receive(content, "a.pdf", "T")
    with pytest.raises(Refused) as refused:
        told(answer("receive", asked(b"<svg/>", name="a.svg", title="T")))
    assert refused.value.reason is Reason.CONTENT_TYPE_UNSUPPORTED
    with pytest.raises(ValueError, match="no answer"):
        told(b"")
