"""Documents of nobody's good will: reading them costs a bounded amount, and never an exception."""

from __future__ import annotations

import copy
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp.domain.clinical.facts import Findings
from dmp.formats.cda.document import V3, XSI, OpenedDocument, open_document
from dmp.formats.cda.findings import read as reading
from dmp.formats.cda.findings.place import MAX_FACTS
from dmp.formats.cda.findings.read import findings_of, read_findings
from dmp.formats.cda.findings.words import LABEL, TEXT
from dmp.formats.cda.vsm import vsm
from dmp.formats.cda.write import write
from tests.formats.cda.findings.strategies import contents
from tests.formats.cda.findings.written import (
    cim10,
    document,
    medicine,
    observation,
    problem,
    read,
    section,
)
from tests.formats.cda.samples import FRAME, one_of_each
from tests.formats.corpus import DOCUMENTS, name_of, needs_corpus

pytestmark = pytest.mark.slow

GLUCOSE = observation("2345-7", '<value xsi:type="PQ" value="{}" unit="g/L"/>')


def facts_in(found: Findings) -> int:
    return sum(len(facts) for facts in found)


def test_ten_thousand_entries_are_cut() -> None:
    many = (GLUCOSE.replace("{}", str(n)) for n in range(10_000))
    found = read(section("18719-5", *many), "11502-2")
    assert len(found.results) == MAX_FACTS
    assert [one.value for one in found.results[:2]] == [0.0, 1.0]


def test_thousands_of_sections_are_cut() -> None:
    one = section("11450-4", problem(cim10("I10", "Hypertension")))
    assert 0 < facts_in(read(one * 3_000)) <= MAX_FACTS


def test_batteries_in_batteries_end_somewhere() -> None:
    inside = GLUCOSE.replace("{}", "1")
    for _ in range(60):
        inside = f'<organizer classCode="CLUSTER" moodCode="EVN"><component>{inside}</component></organizer>'
    assert read(section("18719-5", inside), "11502-2") == Findings()


def test_observations_in_observations_end_somewhere() -> None:
    inside = GLUCOSE.replace("{}", "1")
    for _ in range(60):
        inside = GLUCOSE.replace("{}", "2").replace(
            "</observation>",
            f'<entryRelationship typeCode="REFR">{inside}</entryRelationship></observation>',
        )
    assert len(read(section("18719-5", inside), "11502-2").results) < 20


def test_sections_in_sections_are_read() -> None:
    inner = section("11450-4", problem(cim10("I10", "Hypertension")))
    for _ in range(60):
        inner = section("46612-8", inner=inner)
    assert len(read(inner).problems) == 1


def test_long_texts_are_cut() -> None:
    long = "mot " * 200_000
    found = read(
        section("11450-4", problem(cim10("I10", long)))
        + section(
            "10160-0",
            medicine(f"<code nullFlavor='NA'/><name>{long}</name>", inner=f"<text>{long}</text>"),
        )
        + section("18719-5", observation("2345-7", f'<value xsi:type="ST">{long}</value>'))
    )  # fmt: skip
    assert len(found.problems[0].label) <= LABEL
    assert len(found.prescribed[0].label) <= LABEL
    assert len(found.prescribed[0].dosage) <= 400
    assert all(len(one.text) <= TEXT for one in found.results)
    conclusion = read(section("19005-8", text=long), "18748-4").imaging[0].conclusion
    assert len(conclusion) <= TEXT
    assert conclusion.endswith("…")


def test_everybody_referring_to_the_whole_narrative_reads_it_once() -> None:
    whole = '<originalText><reference value="#tout"/></originalText>'
    value = f'<value xsi:type="CD" nullFlavor="OTH">{whole}</value>'
    words = f'<paragraph ID="tout">{"<content>mot</content> " * 20_000}</paragraph>'
    found = read(section("11450-4", *(problem(value),) * 3_000, text=words))
    assert {len(one.label) for one in found.problems} <= set(range(1, LABEL + 1))


def test_a_reference_that_leads_nowhere_or_to_itself_says_nothing() -> None:
    for reference in ("#rien", "#", "", "#" * 500, "http://exemple.invalid/#x"):
        value = (
            '<value xsi:type="CD" nullFlavor="OTH"><originalText ID="soi">'
            f'<reference value="{reference}"/></originalText></value>'
        )
        assert read(section("11450-4", problem(value))) == Findings()


def test_thousands_of_pregnancies_are_one() -> None:
    status = observation("11449-6", '<value xsi:type="CD" code="77386006"/>')
    assert len(read(section("10162-6", *(status,) * 3_000)).problems) == 1


@pytest.mark.parametrize(
    "day",
    [
        "0001",
        "00010101",
        "99991231",
        "99991231233000-1200",
        "20250230",
        "2025-03-01",
        "x" * 5000,
        "202",
    ],
)
def test_days_out_of_any_life_are_no_days(day: str) -> None:
    time = f'<effectiveTime><low value="{day}"/><high value="{day}"/></effectiveTime>'
    (one,) = read(section("11450-4", problem(cim10("I10", "Hypertension"), time=time))).problems
    assert (one.since, one.until) == (None, None)
    timed = GLUCOSE.replace("{}", "1").replace("<value", f'<effectiveTime value="{day}"/><value')
    (result,) = read(section("18719-5", timed), "11502-2").results
    assert result.at.date() == date(2025, 3, 4)


def test_a_document_of_another_time_states_nothing() -> None:
    assert findings_of(open_document(document("", at="99991231235959+0100"))) == Findings()


TAGS = (
    "act", "observation", "organizer", "procedure", "encounter", "supply", "substanceAdministration", "entry",
    "entryRelationship", "component", "section", "code", "value", "translation", "originalText", "reference",
    "text", "effectiveTime", "low", "high", "center", "width", "period", "comp", "event", "statusCode",
    "participant", "participantRole", "playingEntity", "playingDevice", "consumable", "product",
    "manufacturedProduct", "manufacturedMaterial", "name", "lotNumberText", "doseQuantity", "author",
    "assignedAuthor", "assignedPerson", "performer", "assignedEntity", "referenceRange", "observationRange",
    "interpretationCode", "specimen", "specimenRole", "specimenPlayingEntity", "maxDoseQuantity", "numerator",
    "denominator", "quantity", "methodCode", "targetSiteCode", "templateId", "subject", "title",
)  # fmt: skip
ATTRIBUTES = {
    "code": ("11450-4", "48765-2", "18719-5", "10160-0", "11369-6", "60590-7", "46264-8", "47519-4", "30954-2",
             "10162-6", "11449-6", "46240-8", "IMP", "SEV", "33999-4", "18748-4", "55107-7", "IMMUNIZ",
             "active", "no-known-allergies", "N", "", "x" * 300),
    "codeSystem": ("2.16.840.1.113883.6.1", "2.16.840.1.113883.6.3", ""),
    "displayName": ("Un nom [x] y ; z", "", "é" * 400),
    "value": ("1", "-1,5", "20250101", "2025", "true", "#a", "", "9" * 40, "NaN"),
    "unit": ("mg", "1", "d", "{tablet}", "h"),
    "moodCode": ("EVN", "INT", ""), "negationInd": ("true", "false", "peut-être"),
    "typeCode": ("SUBJ", "MFST", "CSM", "DEV", "LOC", "COMP", "REFR", "RSON"), "ID": ("a", "b"),
    "root": ("1.3.6.1.4.1.19376.1.5.3.1.4.5.2", "1.3.6.1.4.1.19376.1.5.3.1.4.5.3"),
    f"{{{XSI}}}type": ("PQ", "CD", "IVL_PQ", "ST", "BL", "TS", "RTO", "SXPR_TS", "PIVL_TS", "x:y:z"),
}  # fmt: skip
attributes = st.dictionaries(
    st.sampled_from(sorted(ATTRIBUTES)), st.integers(0, 30), max_size=4
).map(
    lambda found: {name: ATTRIBUTES[name][n % len(ATTRIBUTES[name])] for name, n in found.items()}
)
Tree = tuple[str, dict[str, str], list[Any]]
trees: st.SearchStrategy[Tree] = st.recursive(
    st.tuples(st.sampled_from(TAGS), attributes, st.just([])),
    lambda inner: st.tuples(st.sampled_from(TAGS), attributes, st.lists(inner, max_size=5)),
    max_leaves=40,
)


def element(tree: Tree) -> etree._Element:
    """The XML of a generated tree."""
    tag, given_attributes, children = tree
    made = etree.Element(f"{{{V3}}}{tag}", given_attributes)
    for child in children:
        made.append(element(child))
    return made


@given(st.lists(trees, min_size=1, max_size=6), st.sampled_from(sorted(ATTRIBUTES["code"])))
@settings(max_examples=150, deadline=None)
def test_no_tree_of_elements_raises(found: list[Tree], code: str) -> None:
    root = etree.fromstring(document(section(code if len(code) < 20 else "11450-4"), "11502-2"))
    place = next(root.iter(f"{{{V3}}}section"))
    for tree in found:
        entry = etree.SubElement(place, f"{{{V3}}}entry")
        entry.append(element(tree))
    assert isinstance(read_findings(OpenedDocument(root, self_presenting=False)), Findings)


def mutated(root: etree._Element, rng: Random) -> None:
    """Remove, empty, double, rename or misplace some elements and attributes."""
    elements = list(root.iter(etree.Element))
    for _ in range(rng.randint(1, 12)):
        one = rng.choice(elements[1:])
        parent = one.getparent()
        way = rng.randrange(6)
        if way == 0 and parent is not None:
            parent.remove(one)
        elif way == 1:
            one.attrib.clear()
        elif way == 2 and one.attrib:
            name = rng.choice(sorted(map(str, one.attrib)))
            one.set(name, rng.choice(("", "x", "-1", "20259999", "é" * 50)))
        elif way == 3 and parent is not None:
            parent.append(copy.deepcopy(one))
        elif way == 4:
            one.tag = f"{{{V3}}}{rng.choice(TAGS)}"
        else:
            one.text = rng.choice(("", None, "99999999", " \n "))


@given(contents, st.integers(0, 2**32))
@settings(max_examples=50, deadline=None)
def test_no_damage_to_a_good_document_raises(content: Any, seed: int) -> None:
    root = etree.fromstring(write(vsm(FRAME, content)))
    mutated(root, Random(seed))  # noqa: S311 - which damage is done is no secret
    read_findings(OpenedDocument(root, self_presenting=False))


@pytest.mark.parametrize("kind", [kind for kind in one_of_each() if kind != "PDF"])
def test_no_damage_to_the_documents_of_the_field_raises(kind: str) -> None:
    good = etree.fromstring(write(one_of_each()[kind]))
    for seed in range(60):
        root = copy.deepcopy(good)
        mutated(root, Random(seed))  # noqa: S311
        read_findings(OpenedDocument(root, self_presenting=False))


@needs_corpus
@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_no_damage_to_an_example_raises(path: Any) -> None:
    good = open_document(path.read_bytes()).element
    for seed in range(12):
        root = copy.deepcopy(good)
        mutated(root, Random(seed))  # noqa: S311
        read_findings(OpenedDocument(root, self_presenting=False))


def test_a_fault_of_ours_is_logged_without_a_word_of_the_document_and_fails_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("Hypertension de Jeanne")

    monkeypatch.setattr(reading, "_read_section", broken)
    octets = document(section("11450-4", problem(cim10("I10", "Hypertension"))))
    assert findings_of(open_document(octets)) == Findings()
    (line,) = caplog.messages
    assert line.startswith("facts of a document were not read: ValueError at test_hostile.py:")
    assert "Jeanne" not in caplog.text
    with pytest.raises(ValueError, match="Jeanne"):
        read_findings(open_document(octets))
