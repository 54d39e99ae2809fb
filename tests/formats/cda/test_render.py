"""Documents as people read them."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from dmp.formats.cda.document import open_document, v3
from dmp.formats.cda.render import CdaView, render, to_html
from dmp.formats.cda.write import write
from tests.formats.cda.samples import one_of_each
from tests.formats.corpus import DOCUMENTS, name_of, needs_corpus

NOTE = write(one_of_each()["11488-4"])
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
ALLOWED = {
    "a", "br", "caption", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6", "i",
    "img", "ins", "li", "ol", "p", "section", "small", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "th": {"scope", "colspan", "rowspan"},
              "td": {"colspan", "rowspan"}, "section": {"id"}}  # fmt: skip


def tree(html: str) -> etree._Element:
    """The HTML as a tree; it must be well-formed but for the elements that are never closed."""
    closed = re.sub(r"<(br|img[^>]*)>", r"<\1/>", html)
    return etree.fromstring(f"<div>{closed}</div>")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def with_section(section: str) -> bytes:
    """The note with one more section."""
    return NOTE.replace(
        b"</structuredBody>",
        f"<component><section>{section}</section></component></structuredBody>".encode(),
    )


def test_the_view_names_the_people_and_the_dates() -> None:
    view = render(NOTE)
    assert view.title == "Compte rendu de consultation"
    assert (view.patient.birth_name, view.patient.given_names) == ("LEBRUN-SAINTOIN", "Maëlle Zoé")
    assert (view.patient.used_name, view.patient.used_given_name) == ("DERVIEUX", "Maëlle")
    assert (view.patient.sex, view.patient.birth_date) == ("F", date(1985, 5, 12))
    assert view.patient.birth_place == "Ablis (78006)"
    assert view.custodian == "Cabinet médical des Tilleuls"
    html = to_html(view)
    assert "née le 12/05/1985 à Ablis (78006)" in html
    assert "<dt>Date du document</dt><dd>04/03/2025 à 10:30</dd>" in html
    assert "Éloi OSTERMANN, Médecin - Qualifié en Médecine Générale (SM)" in html


def test_headings_follow_the_level_asked_for() -> None:
    nested = with_section(
        "<title>A</title><component><section><title>B</title><text>b</text></section></component>"
    )
    html = to_html(render(nested), heading_level=4, with_header=False)
    assert html.startswith("<h4>Compte rendu de consultation</h4>")
    assert "<h5>A</h5>" in html
    assert "<h6>B</h6>" in html
    assert "<dl>" not in html


def media(content: bytes, announced: str, identifier: str = "m1") -> str:
    value = b64encode(content).decode()
    return (
        f"<title>Images</title><text><renderMultiMedia referencedObject='{identifier}'/></text>"
        f"<entry><observationMedia ID='{identifier}' classCode='OBS' moodCode='EVN'>"
        f"<value mediaType='{announced}' representation='B64'>{value}</value>"
        "</observationMedia></entry>"
    )


def test_a_picture_is_shown_from_the_address_given_for_it() -> None:
    view = render(with_section(media(PNG, "image/png")))
    assert view.attachments[0].is_picture
    assert view.attachments[0].attachment.content == PNG
    html = to_html(view, attachment_url=lambda number: f"/p/{number}?a=1&b=2")
    assert '<img src="/p/0?a=1&amp;b=2" alt="Images">' in html
    assert "<img" not in to_html(view)


def test_a_picture_announced_as_another_kind_is_shown_as_what_it_is() -> None:
    view = render(with_section(media(PNG, "image/jpeg")))
    assert view.attachments[0].attachment.media_type == "image/png"
    assert view.attachments[0].is_picture


@pytest.mark.parametrize(
    ("content", "announced"),
    [
        (b"<svg onload='alert(1)'/>", "image/svg+xml"),
        (b"<script>alert(1)</script>", "text/html"),
        (b"<script>alert(1)</script>", "image/png"),
        (b"MZ\x90", "application/pdf"),
        (b"", "image/png"),
    ],
)
def test_what_is_no_picture_is_never_shown(content: bytes, announced: str) -> None:
    view = render(with_section(media(content, announced)))
    html = to_html(view, attachment_url=lambda number: f"/p/{number}")
    assert not view.attachments[0].is_picture
    assert not view.attachments[0].is_pdf
    assert "/p/0" not in html
    assert "Images" in html


def test_a_picture_marked_in_a_region_is_found() -> None:
    section = media(PNG, "image/png", "m1").replace(
        "referencedObject='m1'", "referencedObject='r1'"
    ) + (
        "<entry><regionOfInterest ID='r1' classCode='ROIOVL' moodCode='EVN'><id root='1.2'/>"
        "<code code='CIRCLE'/><entryRelationship typeCode='SUBJ'><observationMedia ID='m1' "
        "classCode='OBS' moodCode='EVN'/></entryRelationship></regionOfInterest></entry>"
    )
    html = to_html(render(with_section(section)), attachment_url=lambda number: f"/p/{number}")
    assert '<img src="/p/0"' in html


def test_entries_without_narrative_are_said_in_lines() -> None:
    section = (
        "<title>Constantes</title><entry><observation classCode='OBS' moodCode='EVN'>"
        "<code code='29463-7' displayName='Poids'/><effectiveTime value='20250304'/>"
        "<value xsi:type='PQ' value='71' unit='kg'/></observation></entry>"
        "<entry><substanceAdministration classCode='SBADM' moodCode='INT'>"
        "<effectiveTime xsi:type='IVL_TS'><low value='20250101'/><high value='20250201'/>"
        "</effectiveTime><doseQuantity value='2' unit='1'/><consumable><manufacturedProduct>"
        "<manufacturedMaterial><name>Paracétamol</name></manufacturedMaterial>"
        "</manufacturedProduct></consumable></substanceAdministration></entry>"
        "<entry><observation classCode='OBS' moodCode='EVN'><code displayName='Tabac'/>"
        "<value xsi:type='BL' value='false'/></observation></entry>"
    )
    view = render(with_section(section))
    assert view.sections[-1].from_entries
    html = to_html(view)
    assert "<li>Poids : 71 kg (04/03/2025)</li>" in html
    assert "<li>Paracétamol : 2 (du 01/01/2025 au 01/02/2025)</li>" in html
    assert "<li>Tabac : non</li>" in html
    assert "Texte établi à partir des données codées." in html


def test_a_narrative_is_not_doubled_by_its_entries() -> None:
    assert not any(one.from_entries for one in render(write(one_of_each()["11502-2"])).sections)


def test_a_plain_text_body_is_shown() -> None:
    start, end = NOTE.index(b"<structuredBody>"), NOTE.index(b"</structuredBody>") + 17
    body = b'<nonXMLBody><text mediaType="text/plain">a &lt;b&gt;\nc</text></nonXMLBody>'
    assert "<p>a &lt;b&gt;<br>c</p>" in to_html(render(NOTE[:start] + body + NOTE[end:]))


def test_hostile_titles_and_names_are_escaped() -> None:
    hostile = "<script>alert(1)</script>"
    note = one_of_each()["11488-4"]
    author = replace(note.authors[0], family=hostile, structure_name=hostile)
    document = replace(note, title=hostile, authors=(author,))
    html = to_html(render(write(document)))
    assert hostile not in html
    assert "&lt;script&gt;" in html


def assert_only_allowed(view: CdaView) -> None:
    for element in tree(to_html(view, attachment_url=lambda number: f"/p/{number}")).iter():
        name = str(element.tag)
        assert name in ALLOWED
        assert set(map(str, element.attrib)) <= ATTRIBUTES.get(name, set())


@needs_corpus
@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_a_real_document_is_shown_whole_and_clean(path: Path) -> None:
    content = path.read_bytes()
    view = render(content)
    assert_only_allowed(view)
    shown = squeezed("".join(map(str, tree(to_html(view)).itertext())))
    assert len(shown) > 150
    for narrative in open_document(content).element.iter(v3("text")):
        parent = narrative.getparent()
        if parent is not None and parent.tag == v3("section"):
            lost = [t for t in map(str, narrative.itertext()) if squeezed(t) not in shown]
            assert lost == []
