"""The VSM: what a doctor validated is read back as the same facts, and the document follows the model."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from dmp.domain.clinical.facts import Findings, Provenance, Source
from dmp.domain.codes import Code
from dmp.formats.cda.document import V3, open_document
from dmp.formats.cda.findings.read import findings_of
from dmp.formats.cda.render import render, to_html
from dmp.formats.cda.vsm import Vsm, vsm
from dmp.formats.cda.write import write
from dmp.formats.content import read_header
from tests.formats.cda.findings.strategies import contents
from tests.formats.cda.samples import FRAME

pytestmark = pytest.mark.slow

H = {"h": V3}
SECTIONS = "h:component/h:structuredBody/h:component/h:section/h:templateId/@root"


def read(content: Vsm) -> Findings:
    """What a VSM of this content is read as."""
    found = findings_of(open_document(write(vsm(FRAME, content))))
    assert found is not None
    return found


def bare(facts: tuple[Any, ...]) -> list[Any]:
    """The facts without their sources."""
    return [
        fact._replace(sources=()) if hasattr(fact, "_replace") else replace(fact, sources=())
        for fact in facts
    ]


@given(contents)
@settings(max_examples=120, deadline=None)
def test_what_was_validated_is_read_back(content: Vsm) -> None:
    found = read(content)
    assert bare(found.problems) == [*content.problems, *content.history]
    assert bare(found.allergies) == list(content.allergies)
    assert bare(found.prescribed) == list(content.treatments)
    assert bare(found.results) == [*content.results, *content.vital_signs]
    assert bare(found.vaccinations) == list(content.vaccinations)
    assert bare(found.devices) == list(content.devices)
    assert bare(found.performed) == list(content.procedures)
    assert bool(found.no_known_allergy) == (content.no_known_allergy and not content.allergies)
    assert bool(found.no_known_problem) == (content.no_known_problem and not content.problems)
    assert (found.dispensed, found.stays, found.imaging) == ((), (), ())


@given(contents)
@settings(max_examples=40, deadline=None)
def test_every_fact_tells_where_it_stands(content: Vsm) -> None:
    found = read(content)
    anchors = {
        "problems": {"11450-4", "11348-0"}, "allergies": {"48765-2"}, "prescribed": {"10160-0"},
        "results": {"30954-2", "8716-3"}, "vaccinations": {"11369-6"}, "devices": {"46264-8"},
        "performed": {"47519-4"},
    }  # fmt: skip
    for kind, expected in anchors.items():
        for fact in getattr(found, kind):
            (source,) = fact.sources
            assert source == Source(
                provenance=Provenance.STRUCTURED, on=date(2025, 3, 4), anchor=source.anchor
            )
            assert source.anchor in expected


def test_an_empty_vsm_has_the_sections_the_model_asks_for_and_says_nothing() -> None:
    octets = write(vsm(FRAME, Vsm()))
    root = etree.fromstring(octets)
    found = root.xpath(SECTIONS, namespaces=H)
    assert isinstance(found, list)
    templates = set(map(str, found))
    assert {
        "1.2.250.1.213.1.1.2.29", "1.3.6.1.4.1.19376.1.5.3.1.3.27", "1.2.250.1.213.1.1.2.32",
    } <= templates  # fmt: skip
    assert read(Vsm()) == Findings()
    assert not read(Vsm())


def test_the_header_names_the_attending_doctor_and_the_act() -> None:
    root = etree.fromstring(write(vsm(FRAME, Vsm())))
    functions = root.xpath("h:participant[@typeCode='INF']/h:functionCode/@code", namespaces=H)
    assert functions == ["PCP"]
    acts = root.xpath("h:documentationOf/h:serviceEvent/h:code/@code", namespaces=H)
    assert acts == ["34117-2"]
    header = read_header(write(vsm(FRAME, Vsm())), "text/xml")
    assert header.type_code == Code("SYNTH", "1.2.250.1.213.1.1.4.12")
    assert header.format_code is not None
    assert header.format_code.code == "urn:asip:ci-sis:vsm:2012"
    assert header.warnings == ()


def test_none_known_is_said_in_words_and_in_code() -> None:
    content = Vsm(no_known_allergy=True, no_known_problem=True, no_treatment=True)
    found = read(content)
    assert [source.anchor for source in found.no_known_allergy] == ["48765-2"]
    assert [source.anchor for source in found.no_known_problem] == ["11450-4"]
    html = to_html(render(write(vsm(FRAME, content))))
    assert html.count("Aucun élément connu") == 3


@given(contents)
@settings(max_examples=30, deadline=None)
def test_people_read_the_same_as_machines(content: Vsm) -> None:
    view = render(write(vsm(FRAME, content)))
    html = to_html(view)
    facts: tuple[Any, ...] = (
        *content.problems, *content.history, *content.allergies, *content.treatments, *content.results,
        *content.vital_signs, *content.vaccinations, *content.devices, *content.procedures,
    )  # fmt: skip
    said = [fact.label for fact in facts]
    said += [*content.attention, *content.plan, *content.risks, *content.lifestyle]
    assert [label for label in said if escape(label) not in html] == []


def test_the_same_content_gives_the_same_octets() -> None:
    content = Vsm(attention=("Vit seul",))
    assert write(vsm(FRAME, content)) == write(vsm(FRAME, content))


def test_every_field_of_a_vsm_is_generated() -> None:
    assert {one.name for one in fields(Vsm)} == {
        "problems", "history", "procedures", "allergies", "no_known_allergy", "no_known_problem",
        "treatments", "no_treatment", "results", "vital_signs", "vaccinations", "devices", "lifestyle",
        "risks", "family_history", "attention", "plan",
    }  # fmt: skip
