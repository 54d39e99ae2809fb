"""PDF: accepted when it is one and does nothing by itself."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp.domain.errors import Reason, Refused
from dmp.formats.pdf import check_pdf, page_count, text, write_pdf


def assembled(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, the first one its catalogue, with a correct table of places."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % table


def pdf(catalogue: bytes = b"", page: bytes = b"", *more: bytes) -> bytes:
    """A valid PDF of one page; what is given is added to its catalogue, its page, its objects."""
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R " + catalogue + b" >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] " + page + b" >>",
            *more,
        ]
    )


def object_stream(
    inside: bytes, filters: bytes = b"/Filter /FlateDecode", *, glued: bool = False
) -> bytes:
    """An object stream whose only object, number 9, is `inside`."""
    index = b"9 0" if glued else b"9 0 "
    packed = zlib.compress(index + inside)
    head = b"<< /Type /ObjStm /N 1 /First %d /Length %d %s >>" % (len(index), len(packed), filters)
    return head + b"\nstream\n" + packed + b"\nendstream"


def refusal(content: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        check_pdf(content)
    return caught.value


LINK = b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://example.org) >> >>]"
HARMLESS = {
    "plain": pdf(),
    "opens on a page": pdf(b"/OpenAction [3 0 R /Fit]"),
    "opens on a page, by an action": pdf(b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>", LINK),
    "opens by reference": pdf(b"/OpenAction 4 0 R", LINK, b"[3 0 R /XYZ 0 0 0]"),
    "a link that one may follow": pdf(b"", LINK),
    "blanks before the header": b"\r\n" + pdf(),
    "an object stream": pdf(b"", b"", object_stream(b"<< /Type /Font /Subtype /Type1 >>")),
    "words about scripts": pdf(b"", b"", b"<< /Length 12 >>\nstream\n(JavaScript)\nendstream"),
}


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS.keys())
def test_a_harmless_pdf_is_accepted(content: bytes) -> None:
    check_pdf(content)
    assert page_count(content) == 1


SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
ATTACHED = b"<< /Type /Filespec /F (a.exe) /EF << /F 5 0 R >> >>"
ACTIVE = {
    "script on opening": pdf(b"/OpenAction " + SCRIPT),
    "script of the document": pdf(b"/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", b"", SCRIPT),
    "script of a page": pdf(b"", b"/AA << /O " + SCRIPT + b" >>"),
    "script of a link": pdf(b"", b"/Annots [<< /Subtype /Link /A " + SCRIPT + b" >>]"),
    "script with an escaped name": pdf(b"/OpenAction << /S /J#61vaScript /JS (1) >>"),
    "script with a name escaped whole": pdf(
        b"/OpenAction << /S /#4a#61#76#61#53#63#72#69#70#74 /JS (1) >>"
    ),
    "script in an object stream": pdf(b"/OpenAction 9 0 R", b"", object_stream(SCRIPT)),
    "script in a stream marked in capitals": pdf(
        b"/OpenAction 9 0 R", b"", object_stream(SCRIPT).replace(b"/ObjStm", b"/Obj#53tm")
    ),
    "program": pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
    "attached file": pdf(
        b"/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >>",
        b"",
        ATTACHED,
        b"<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream",
    ),
    "file attached to a page": pdf(
        b"",
        b"/Annots [<< /Subtype /FileAttachment /FS 4 0 R >>]",
        ATTACHED,
        b"<< /Type /EmbeddedFile /Length 1 >>\nstream\nx\nendstream",
    ),
    "address on opening": pdf(b"/OpenAction << /S /URI /URI (https://example.org) >>"),
    "address on opening, by reference": pdf(
        b"/OpenAction 4 0 R", b"", b"<< /S /URI /URI (https://example.org) /Fake /Page >>"
    ),
    "address on opening, in an object stream": pdf(
        b"/OpenAction 9 0 R", b"", object_stream(b"<< /S /URI /URI (https://example.org) >>")
    ),
    "address after another action": pdf(
        b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 4 0 R >>", b"",
        b"<< /S /URI /URI (https://example.org) >>",
    ),
    "address when a page is shown": pdf(
        b"", b"/AA 4 0 R", b"<< /O 5 0 R >>", b"<< /S /URI /URI (https://example.org) >>"
    ),
    "form that is sent": pdf(b"/OpenAction << /S /SubmitForm /F (https://example.org) >>"),
    "XFA form": pdf(b"/AcroForm << /XFA 4 0 R /Fields [] >>", b"", b"()"),
    "film": pdf(b"", b"/Annots [<< /Subtype /RichMedia >>]"),
    "another file": pdf(b"/OpenAction << /S /GoToR /F (\\\\\\\\host\\\\share) >>"),
    "object stream coded twice": pdf(
        b"/OpenAction 9 0 R", b"",
        object_stream(SCRIPT, b"/Filter [/ASCIIHexDecode /FlateDecode]"),
    ),
    "object stream with a predictor": pdf(
        b"", b"", object_stream(SCRIPT, b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>")
    ),
    "address in a stream whose index touches its object": pdf(
        b"/OpenAction 9 0 R", b"", object_stream(b"<</S/URI/URI(https://example.org)>>", glued=True)
    ),
    "automatic actions without number": pdf(b"", b"", b"/AA 4 0 R " * 1001),
    "object stream that inflates": pdf(b"", b"", object_stream(b" " * 70_000_000)),
}  # fmt: skip


@pytest.mark.parametrize("content", ACTIVE.values(), ids=ACTIVE.keys())
def test_a_pdf_that_acts_by_itself_is_refused(content: bytes) -> None:
    found = refusal(content)
    assert found.reason is Reason.CONTENT_DANGEROUS
    assert found.values["detail"].startswith("PDF with ")


ENCRYPTED = pdf().replace(
    b"/Root 1 0 R",
    b"/Root 1 0 R /ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
    b"/O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> >>",
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.CONTENT_EMPTY),
        (b"<html>%PDF-1.7</html>", Reason.CONTENT_TYPE_MISMATCH),
        (b"MZ\x90" + pdf(), Reason.CONTENT_TYPE_MISMATCH),
        (b"%PDF-1.7\n", Reason.CONTENT_UNREADABLE),
        (b"%PDF-1.7\n" + b"x" * 5000, Reason.CONTENT_UNREADABLE),
        (pdf().replace(b"/Kids [3 0 R] /Count 1", b"/Kids [] /Count 0"), Reason.CONTENT_UNREADABLE),
        (ENCRYPTED, Reason.CONTENT_UNREADABLE),
    ],
    ids=["nothing", "HTML", "program", "header only", "noise", "no page", "encrypted"],
)
def test_what_is_no_readable_pdf_is_refused(content: bytes, reason: Reason) -> None:
    assert refusal(content).reason is reason


@given(st.binary(max_size=300), st.integers(0, 600))
@settings(max_examples=60)
def test_a_damaged_pdf_is_accepted_or_refused_never_worse(noise: bytes, at: int) -> None:
    whole = pdf(b"", LINK)
    try:
        check_pdf(whole[:at] + noise + whole[at:])
    except Refused as found:
        assert found.reason in (
            Reason.CONTENT_UNREADABLE, Reason.CONTENT_DANGEROUS, Reason.CONTENT_TYPE_MISMATCH,
        )  # fmt: skip


def test_a_written_pdf_is_read_back() -> None:
    lines = ["Été à Noël : cœur « sain », 12 €", "", "parenthèses (a) \\ b)", *map(str, range(100))]
    written = write_pdf("Échographie — Noël", lines, author="Dr Éva MARTIN")
    check_pdf(written)
    assert page_count(written) == 3
    words = text(written, 10_000)
    assert "Été à Noël : cœur « sain », 12 €" in words
    assert "parenthèses (a) \\ b)" in words
    assert "99" in words
    assert words.count("Échographie — Noël") == 3
    assert "3 / 3" in words


def test_a_pdf_is_written_the_same_way_twice() -> None:
    at = datetime(2025, 3, 1, 10, tzinfo=UTC)
    assert write_pdf("a", ["b"], created_at=at) == write_pdf("a", ["b"], created_at=at)
    assert b"/CreationDate (D:20250301100000Z)" in write_pdf("a", ["b"], created_at=at)


def test_long_lines_are_wrapped_and_nothing_is_lost() -> None:
    words = " ".join(f"mot{n}" for n in range(300))
    found = text(write_pdf("x", [words, "W" * 200, "漢字 Ž ő"]), 100_000)
    assert all(f"mot{n}" in found for n in range(300))
    assert found.count("W") == 200
    assert "?? Ž o" in found


def test_text_is_cut_at_its_limit() -> None:
    assert len(text(write_pdf("x", ["mot " * 20_000]), 500)) == 500


@given(st.text(max_size=300), st.lists(st.text(max_size=200), max_size=5))
@settings(max_examples=50)
def test_whatever_is_written_is_a_valid_pdf(title: str, lines: list[str]) -> None:
    check_pdf(write_pdf(title, lines, author=title))
