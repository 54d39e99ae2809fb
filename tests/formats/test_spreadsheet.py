"""Sheets: text stays text, whoever wrote it; and QR codes stand in a page without style."""

from __future__ import annotations

import csv
import io

import pytest

from dmp.formats.qr import qr_svg
from dmp.formats.spreadsheet import MARK, cell, write_sheet


@pytest.mark.parametrize(
    "typed",
    [
        '=HYPERLINK("http://x")',
        "+33",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "\u00a0=1",
        "＝1+1",
    ],
)
def test_what_a_spreadsheet_would_run_is_text(typed: str) -> None:
    assert cell(typed) == f"'{typed}"


@pytest.mark.parametrize("typed", ["", "Dr Martin", "12/03/2026", "l’accès", "a=b", 'il dit "non"'])
def test_what_is_text_stays_as_it_is(typed: str) -> None:
    assert cell(typed) == typed


def test_a_sheet_is_read_back_as_it_was() -> None:
    rows = [("a;b", 'il dit "oui"', "ligne\nsuivante"), ("é", "", "=1")]
    octets = write_sheet(("Un", "Deux", "Trois"), rows)
    text = octets.decode("utf-8")
    assert text.startswith(MARK)
    read = list(csv.reader(io.StringIO(text.removeprefix(MARK), newline=""), delimiter=";"))
    assert read == [["Un", "Deux", "Trois"], list(rows[0]), ["é", "", "'=1"]]


def test_a_code_stands_in_a_page_without_style_or_script() -> None:
    svg = qr_svg("http://127.0.0.1/partage#ABC", "Code <b> & co")
    assert svg.startswith("<svg ")
    assert "style" not in svg
    assert "<b>" not in svg
    assert "Code &lt;b&gt; &amp; co" in svg


@pytest.mark.parametrize("text", ["", "x" * 1201])
def test_a_code_that_nobody_could_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="1 to 1200"):
        qr_svg(text, "Code")
