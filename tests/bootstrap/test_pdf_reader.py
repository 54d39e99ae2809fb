"""The process that reads PDF documents: it answers, is ended when it must be, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dmp.bootstrap.house import built
from dmp.bootstrap.pdf_reader import PdfReader
from dmp.formats.pdf import write_pdf
from dmp.formats.text.of_content import NotNow
from dmp.settings import Settings


@pytest.fixture
def reader() -> Iterator[PdfReader]:
    found = PdfReader()
    yield found
    found.close()


def _slow_pdf() -> bytes:
    """One page with more words than anybody waits for, a few octets when compressed."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    drawn = zlib.compress(b"BT /F 1 Tf " + b"1 0 0 1 0 0 Tm (mot ) Tj " * 3_000_000 + b"ET")
    objects[3] = (
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(drawn) + drawn + b"\nendstream"
    )
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table


def _running(reader: PdfReader) -> int:
    assert reader._process is not None
    return reader._process.pid


def test_documents_are_read_one_after_the_other(reader: PdfReader) -> None:
    for word in ("Ferritine", "Glycémie"):
        assert word in reader.words(write_pdf("Bilan", [f"{word} : 45 µg/L"]))
    assert reader.words(b"%PDF-1.4 damaged") == ""
    assert reader.words(b"") == ""


def test_a_page_that_takes_too_long_is_given_up_and_the_next_document_is_read() -> None:
    reader = PdfReader(patience=1.0)
    try:
        assert reader.words(_slow_pdf()) == ""
        assert reader._process is None
        reader._patience = 20
        assert "Ferritine" in reader.words(write_pdf("Bilan", ["Ferritine"]))
    finally:
        reader.close()


def test_a_process_that_dies_is_begun_again(reader: PdfReader) -> None:
    reader.words(write_pdf("Bilan", ["Un"]))
    first = _running(reader)
    os.kill(first, signal.SIGKILL)
    text = ""
    for _ in range(3):  # the first call may meet the pipe before the end is known
        text = reader.words(write_pdf("Bilan", ["Deux"]))
    assert "Deux" in text
    assert _running(reader) != first


def test_it_is_given_nothing_of_the_server(
    reader: PdfReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DMP_SECRET_OF_THE_TEST", "secret")
    reader.words(write_pdf("Bilan", ["Un"]))
    environment = Path(f"/proc/{_running(reader)}/environ")
    if not environment.exists():
        pytest.skip("this system does not show the environment of a process")
    assert b"DMP_SECRET" not in environment.read_bytes()


def test_nothing_stays_behind(reader: PdfReader) -> None:
    reader.words(write_pdf("Bilan", ["Un"]))
    process = _running(reader)
    reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    reader.close()


def test_where_no_process_can_begin_the_text_is_read_later(
    reader: PdfReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr("dmp.bootstrap.pdf_reader.subprocess.Popen", fails)
    with pytest.raises(NotNow):
        reader.words(write_pdf("Bilan", ["Un"]))


def test_the_house_reads_pdf_apart_and_ends_it_with_itself(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with built(Settings(database_url=database, data=tmp_path, test_mode=True)) as house:
            read = house.house.read_header
            content = write_pdf("Bilan", ["Ferritine"])
            header = await asyncio.to_thread(read, content, "application/pdf")
            assert header.text is not None
            assert "Ferritine" in header.text.shown
            process = _running(read.keywords["pdf_text"].__self__)  # type: ignore[attr-defined] # a partial
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)

    asyncio.run(story())
