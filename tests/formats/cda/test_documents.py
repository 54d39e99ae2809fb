"""The documents of the field: their types, formats, and that narrative and entries agree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from dmp.domain.documents.types import document_types
from dmp.domain.identifiers import UniqueId
from dmp.formats.cda import documents
from dmp.formats.cda.document import v3
from dmp.formats.cda.header import read_cda_header
from dmp.formats.cda.render import render, to_html
from dmp.formats.cda.write import write
from dmp.formats.content import read_header
from dmp.formats.pdf import check_pdf
from tests.formats.cda.samples import FRAME, one_of_each

KINDS = one_of_each()
FORMATS = {
    "11488-4": "urn:asipSante:modelesHorsProfils:2011",
    "11502-2": "urn:ihe:lab:xd-lab:2008",
    "18748-4": "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013",
    "11490-0": "urn:asip:ci-sis:ldl-ses:2017",
    "57833-6": "urn:ihe:pharm:pre:2010",
    "87273-9": "urn:asip:ci-sis:vac-note:2021",
    "60591-5": "urn:ihe:pcc:ips:2020",
    "PDF": "urn:ihe:iti:xds-sd:pdf:2008",
}
SAID = {
    "11488-4": ["Toux &amp; fièvre &lt; 39 °C", "Pas de voyage.", "Rhinopharyngite.", "Repos"],
    "11502-2": ["Glucose", "7,2 mmol/L (élevé)", "3,9 – 5,8", "6,1", "lactescent", "13,4 g/dL"],
    "18748-4": ["Face et profil.", "Pas de foyer.", "Examen normal."],
    "11490-0": ["Pneumopathie.", "Amoxicilline 1 g, comprimé", "Hémocultures.", "Ibuprofène"],
    "57833-6": ["1 comprimé matin et soir", "du 04/03/2025 au 10/03/2025", "Non substituable."],
    "87273-9": ["Vaccin dTP", "L77", "04/03/2025", "Éloi OSTERMANN"],
    "60591-5": ["Diabète de type 2", "Aucun élément connu", "71 kg", "HbA1c tous les 3 mois"],
    "PDF": ["Compte rendu opératoire"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_accepted_by_our_own_reader(kind: str) -> None:
    found = read_header(write(KINDS[kind]), "text/xml")
    assert found.type_code is not None
    assert found.format_code is not None
    assert found.type_code.code in document_types()
    assert found.format_code.code == FORMATS[kind]
    assert found.warnings == ()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_says_what_was_put_into_it(kind: str) -> None:
    html = to_html(render(write(KINDS[kind])))
    assert [words for words in SAID[kind] if words not in html] == []


def test_results_stand_in_the_entries_as_well() -> None:
    root = etree.fromstring(write(KINDS["11502-2"]))
    first = next(root.iter(v3("observation")))
    value = first.find(v3("value"))
    low = first.find(v3("referenceRange/observationRange/value/low"))
    interpretation = first.find(v3("interpretationCode"))
    assert value is not None
    assert (value.get("value"), value.get("unit")) == ("7.2", "mmol/L")
    assert low is not None
    assert low.get("value") == "3.9"
    assert interpretation is not None
    assert interpretation.get("code") == "H"
    words = [one.text for one in root.iter(v3("value")) if one.text == "lactescent"]
    assert words == ["lactescent"]


def test_the_copy_of_a_report_is_found_where_its_section_shows_it() -> None:
    view = render(write(KINDS["11502-2"]))
    assert len(view.attachments) == 1
    assert view.attachments[0].is_pdf
    check_pdf(view.attachments[0].attachment.content)
    html = to_html(view, attachment_url=lambda number: f"/pieces/{number}")
    assert '<a href="/pieces/0">Copie du document (PDF)</a>' in html


def test_a_level_1_document_carries_its_pdf() -> None:
    view = render(write(KINDS["PDF"]))
    assert [one.is_pdf for one in view.attachments] == [True]
    check_pdf(view.attachments[0].attachment.content)


def test_a_new_version_names_what_it_replaces() -> None:
    second = replace(
        FRAME,
        unique_id=UniqueId.parse("1.2.250.1.999.2.2"),
        version=2,
        replaces=(FRAME.unique_id,),
    )
    note = documents.consultation_note(second, reason="Suite", conclusion="Guérison")
    found = read_cda_header(write(note))
    assert found.replaces == (FRAME.unique_id,)
    assert (found.set_id, found.version) == (FRAME.set_id, 2)


def test_sections_without_words_are_left_out() -> None:
    note = documents.consultation_note(FRAME, reason="Toux", conclusion="  ")
    assert [section.title for section in render(write(note)).sections] == ["Motif de consultation"]


def test_an_unknown_type_is_not_made() -> None:
    with pytest.raises(KeyError):
        documents.pdf_document(FRAME, type_code="00000-0", title="x", pdf=b"%PDF-1.4")
