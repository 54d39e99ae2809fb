"""The text of a CDA document: what is read of it, and what hostile ones cost."""

from __future__ import annotations

import base64
import re
import time
from html import unescape
from pathlib import Path

import pytest

from dmp.domain.documents.text.readable import MAX_CHARACTERS, fold
from dmp.formats.cda.document import open_document
from dmp.formats.cda.narrative.html import blocks_html
from dmp.formats.cda.render import SectionView, render
from dmp.formats.cda.write import write
from dmp.formats.content import read_header
from dmp.formats.pdf import write_pdf
from dmp.formats.text.cda_text import MAX_PDFS, MAX_TERMS
from dmp.formats.text.of_content import text_of_cda
from tests.formats.cda.samples import one_of_each
from tests.formats.corpus import DOCUMENTS, name_of, needs_corpus

_HEAD = (
    '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<title>Bilan</title><component><structuredBody>"
)
_TAIL = "</structuredBody></component></ClinicalDocument>"


def _text(body: str) -> str:
    document = open_document((_HEAD + body + _TAIL).encode("utf-8"))
    found = text_of_cda(document.element)
    assert found is not None
    return found.shown


def _section(text: str = "", entries: str = "", title: str = "") -> str:
    named = f"<title>{title}</title>" if title else ""
    return f"<component><section>{named}<text>{text}</text>{entries}</section></component>"


def test_blocks_are_lines_and_rows_keep_result_and_value_together() -> None:
    table = (
        "<table><thead><tr><th>Analyse</th><th>Valeur</th></tr></thead><tbody>"
        "<tr><td>Ferritine</td><td/><td> 45 </td><td>µg/L</td></tr>"
        "<tr><td>Recherche</td><td>+</td></tr></tbody></table>"
    )
    text = _section(
        f"<paragraph>Anémie &lt; <content styleCode='Bold'>fer</content>ri&amp;prive</paragraph>{table}"
        "<list><item>Un</item><item>Deux<br/>Trois</item></list>",
        title="Biochimie",
    )
    assert _text(text) == (
        "Bilan\nBiochimie\nAnémie < ferri&prive\nAnalyse · Valeur\nFerritine · 45 · µg/L\n"
        "Recherche · +\nUn\nDeux\nTrois"
    )


def test_names_with_a_prefix_are_read_alike() -> None:
    content = (
        '<h:ClinicalDocument xmlns:h="urn:hl7-org:v3"><h:component><h:structuredBody><h:component>'
        "<h:section><h:text><h:paragraph>Un</h:paragraph><h:paragraph>Deux</h:paragraph></h:text>"
        "</h:section></h:component></h:structuredBody></h:component></h:ClinicalDocument>"
    )
    found = text_of_cda(open_document(content.encode()).element)
    assert found is not None
    assert found.shown == "Un\nDeux"


def test_blocks_of_another_namespace_are_told_by_their_names() -> None:
    table = (
        '<table xmlns="http://www.w3.org/1999/xhtml"><tr><th>TSH</th><td>2,1</td></tr></table>'
        "<paragraph>A · (<sub>b</sub>)\nc</paragraph>"
    )
    assert _text(_section(table)) == "Bilan\nTSH · 2,1\nA · (b) c"


def test_coded_terms_that_the_narrative_leaves_out_are_there() -> None:
    entries = (
        '<entry><observation classCode="OBS" moodCode="EVN"><code displayName="Ferritine sérique"/>'
        '<value xsi:type="CD" displayName="Carence martiale"><originalText>manque de fer</originalText>'
        "</value></observation></entry>"
    )
    shown = _text(_section("Ferritine  sérique : 9", entries))
    assert shown == "Bilan\nFerritine sérique : 9\nCarence martiale · manque de fer"


def test_a_section_without_narrative_is_told_from_its_entries() -> None:
    entries = (
        '<entry><observation classCode="OBS" moodCode="EVN"><code displayName="Ferritine"/>'
        '<value xsi:type="PQ" value="9" unit="ug/L"/></observation></entry>'
    )
    assert "Ferritine : 9 ug/L" in _text(_section("", entries))


def test_a_carried_pdf_is_read() -> None:
    carried = base64.b64encode(write_pdf("Copie", ["Ferritine : 45 µg/L"])).decode()
    content = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Lettre</title><component><nonXMLBody>'
        f'<text mediaType="application/pdf" representation="B64">{carried}</text>'
        "</nonXMLBody></component></ClinicalDocument>"
    )
    header = read_header(content.encode(), "text/xml")
    assert header.text is not None
    assert "Ferritine : 45 µg/L" in header.text.shown
    assert header.text.shown.startswith("Lettre\n")


def test_a_plain_text_body_is_read() -> None:
    content = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><component><nonXMLBody><text>Vu ce jour.</text>'
        "</nonXMLBody></component></ClinicalDocument>"
    )
    found = text_of_cda(open_document(content.encode()).element)
    assert found is not None
    assert found.shown == "Vu ce jour."


@pytest.mark.parametrize("kind", sorted(one_of_each()))
def test_every_kind_of_document_says_what_it_shows(kind: str) -> None:
    content = write(one_of_each()[kind])
    header = read_header(content, "text/xml")
    assert header.text is not None
    _says_what_is_shown(content, header.text.shown)


def _says_what_is_shown(content: bytes, shown: str) -> None:
    """Every word that the page shows of the sections is found in the text."""
    words = set(fold(shown).split())
    missing = {word for section in render(content).sections for word in _words_of(section)} - words
    assert not missing, sorted(missing)[:20]


def _words_of(section: SectionView) -> set[str]:
    html = blocks_html(section.blocks, lambda _: "")
    plain = "".join(" " if tag else part for part, tag in _cut(html))
    plain = re.sub(r"\w+://[^)]*", "", plain)  # addresses of links are shown, not searched
    words = set(fold(f"{section.title} {plain}").split())
    for inner in section.sections:
        words |= _words_of(inner)
    return words


def _cut(html: str) -> list[tuple[str, bool]]:
    """Markup of ours in pieces: text, and tags that part words; those within a word part nothing."""
    html = re.sub(r"</?(?:strong|em|u|b|i|sub|sup|ins|del|small|span)\b[^>]*>", "", html)
    return [
        (unescape(piece), piece.startswith("<")) for piece in re.split(r"(<[^>]+>)", html) if piece
    ]


@needs_corpus
@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_documents_of_the_field_say_what_they_show(path: Path) -> None:
    content = path.read_bytes()
    found = text_of_cda(open_document(content).element, lambda _: "")
    assert found is not None
    assert found.shown
    _says_what_is_shown(content, found.shown)


# --- Hostile documents: taken, within bounds ---------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        _section("mot " * 400_000),
        _section("<paragraph>a</paragraph>" * 40_000),
        _section("<table>" + "<tr><td>1</td></tr>" * 40_000 + "</table>"),
        _section("<content>" * 200 + "a" + "</content>" * 200),
        _section("", "<entry><act><code displayName='a b'/></act></entry>" * 30_000),
        _section("&lt;" * 100_000),
        _section(" · " * 100_000),
        "".join(_section("a", title="t") for _ in range(8_000)),
    ],
    ids=["long", "paragraphs", "rows", "nested", "entries", "entities", "cells", "sections"],
)
def test_a_large_document_is_read_in_bounded_time(body: str) -> None:
    began = time.process_time()
    assert len(_text(body)) <= MAX_CHARACTERS
    assert time.process_time() - began < 10


def test_coded_terms_are_bounded_and_kept_when_the_text_is_long() -> None:
    entries = "".join(
        f"<entry><act><code displayName='terme{number} {'x' * 90}'/></act></entry>"
        for number in range(MAX_TERMS + 50)
    )
    shown = _text(_section("mot " * 90_000, entries))
    assert len(shown) <= MAX_CHARACTERS
    assert "terme0 " in shown
    assert f"terme{MAX_TERMS + 10} " not in shown


def test_carried_pdfs_are_bounded() -> None:
    carried = base64.b64encode(write_pdf("Copie", ["Page"])).decode()
    value = f"<value mediaType='application/pdf' representation='B64'>{carried}</value>"
    media = f"<entry><observationMedia>{value}</observationMedia></entry>"
    read: list[bytes] = []

    def reads(content: bytes) -> str:
        read.append(content)
        return "Page"

    document = open_document((_HEAD + _section("a", media * (MAX_PDFS + 9)) + _TAIL).encode())
    assert text_of_cda(document.element, reads) is not None
    assert len(read) == MAX_PDFS


def test_a_fault_of_the_reader_leaves_the_document_without_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(_: bytes) -> str:
        raise RuntimeError("Ferritine")

    carried = base64.b64encode(write_pdf("Copie", ["Page"])).decode()
    value = f"<value mediaType='application/pdf' representation='B64'>{carried}</value>"
    body = _section("a", f"<entry><observationMedia>{value}</observationMedia></entry>")
    header = read_header((_HEAD + body + _TAIL).encode(), "text/xml", fails)
    assert header.text is not None
    assert header.text.shown == ""
    assert "Ferritine" not in caplog.text
    assert "RuntimeError" in caplog.text
