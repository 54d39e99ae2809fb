"""One door for every content: by its announced type, held against what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dmp.domain.errors import Reason, Refused
from dmp.formats.cda.clinical_document import Unstructured
from dmp.formats.cda.write import write
from dmp.formats.content import read_header
from dmp.formats.pdf import write_pdf
from tests.formats.cda.samples import one_of_each
from tests.formats.corpus import PACKAGES, document, needs_corpus
from tests.formats.test_pdf import ACTIVE

PDF = write_pdf("Titre", ["Texte"])
NOTE = one_of_each()["11488-4"]
CDA = write(NOTE)


@pytest.mark.parametrize(
    "announced",
    ["text/xml", "application/xml", "text/xml; charset=utf-8", "TEXT/XML", "application/xslt+xml"],
)
def test_a_cda_gives_its_header(announced: str) -> None:
    found = read_header(CDA, announced)
    assert found.is_cda
    assert found.mime_type == "text/xml"
    assert found.unique_id == NOTE.unique_id


def test_a_pdf_gives_its_type_and_format_only() -> None:
    found = read_header(PDF, "application/pdf")
    assert not found.is_cda
    assert found.mime_type == "application/pdf"
    assert found.format_code is not None
    assert found.format_code.code == "urn:ihe:iti:xds-sd:pdf:2008"
    assert (found.unique_id, found.title, found.authors, found.patient_ids) == (None, None, (), ())


@pytest.mark.parametrize(
    ("content", "announced", "reason"),
    [
        (PDF, "text/xml", Reason.CONTENT_TYPE_MISMATCH),
        (CDA, "application/pdf", Reason.CONTENT_TYPE_MISMATCH),
        (b"<html/>", "text/xml", Reason.CONTENT_TYPE_MISMATCH),
        (b"not xml", "text/xml", Reason.CONTENT_UNREADABLE),
        (b"", "text/xml", Reason.CONTENT_EMPTY),
        (b"", "application/pdf", Reason.CONTENT_EMPTY),
        (CDA, "text/html", Reason.CONTENT_TYPE_UNSUPPORTED),
        (CDA, "image/svg+xml", Reason.CONTENT_TYPE_UNSUPPORTED),
        (PDF, "", Reason.CONTENT_TYPE_UNSUPPORTED),
        (b"<!DOCTYPE x>" + CDA.partition(b"?>")[2], "text/xml", Reason.CONTENT_DANGEROUS),
    ],
)
def test_what_is_not_what_it_is_announced_to_be_is_refused(
    content: bytes, announced: str, reason: Reason
) -> None:
    with pytest.raises(Refused) as caught:
        read_header(content, announced)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    "attack", ["script on opening", "attached file", "script in an object stream"]
)
@pytest.mark.parametrize("announced", ["application/pdf", "image/jpeg", "text/plain"])
def test_a_dangerous_pdf_is_found_inside_a_cda(attack: str, announced: str) -> None:
    hostile = replace(NOTE, body=Unstructured(content=ACTIVE[attack], media_type=announced))
    with pytest.raises(Refused) as caught:
        read_header(write(hostile), "text/xml")
    assert caught.value.reason is Reason.CONTENT_DANGEROUS


def test_a_damaged_pdf_inside_a_cda_does_not_lose_the_document() -> None:
    damaged = replace(NOTE, body=Unstructured(content=b"%PDF-1.4 cut off"))
    assert read_header(write(damaged), "text/xml").is_cda


def test_a_pdf_of_more_than_ten_megabytes_fits_a_cda() -> None:
    large = PDF + b"%" + b"x" * 11_000_000
    found = read_header(write(replace(NOTE, body=Unstructured(content=large))), "text/xml")
    assert found.unique_id == NOTE.unique_id


@needs_corpus
@pytest.mark.parametrize("package", PACKAGES)
def test_every_real_document_is_accepted(package: str) -> None:
    assert read_header(document(package), "text/xml").is_cda
