"""The document of reimbursements: every requirement, both variants, narrative and entries, read back."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

import pytest
from lxml import etree

from dmp.domain.claims.history import History
from dmp.domain.claims.readable import Heading
from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.identifiers import UniqueId
from dmp.domain.identity.patient import Sex
from dmp.formats.cda.document import plain_text
from dmp.formats.cda.reimbursements.sections import SECTIONS
from dmp.formats.cda.reimbursements.write import write_reimbursements
from dmp.formats.cda.render import render
from dmp.formats.content import read_header
from tests.builders import NOW, a_record, some_traits
from tests.builders.claims import (
    HOMEOPATHY,
    NAMES,
    a_line,
    a_stay,
    an_act,
    one_of_each,
    some_knowledge,
)
from tests.formats.cda.reimbursements.checks import CHECKS, all_of
from tests.formats.corpus import GIVEN

RULES = GIVEN.parents[1] / "claims" / "claims" / "cnam-hr" / "cnam_hr_conformance_rules.csv"
NOTHING = "Aucune donnée de remboursement connue dans la période"


def a_history(*lines: Reimbursement, **changes: Any) -> History:
    values: dict[str, Any] = {
        "record": a_record(),
        "unique_id": UniqueId("2.25.1002"),
        "set_id": "2.25.1000",
        "version": 2,
        "written_at": NOW,
        "start": date(2024, 3, 2),
        "end": date(2026, 3, 2),
        "lines": lines,
        "replaces": UniqueId("2.25.1001"),
        "names": NAMES,
    }
    return History(**{**values, **changes})


def written(*lines: Reimbursement, knowledge: Knowledge | None = None, **changes: Any) -> bytes:
    return write_reimbursements(a_history(*lines, **changes), knowledge or some_knowledge())


def root_of(*lines: Reimbursement, **more: Any) -> etree._Element:
    return etree.fromstring(written(*lines, **more))


def _unnamed(line: Reimbursement) -> Reimbursement:
    return line._replace(prescriber="", performer="", place="", prescriber_place="", prescribed_on=None,
        prescriber_speciality="", performer_speciality="",
    )  # fmt: skip


VARIANTS = {
    "full": root_of(*one_of_each()),
    "empty": root_of(),
    "first": root_of(version=1, replaces=None),
    "unknown": root_of(*one_of_each(), knowledge=Knowledge(), names={}),
    "unnamed": root_of(*map(_unnamed, one_of_each())),
    "unknown sex": root_of(record=a_record(traits=some_traits(sex=Sex.UNKNOWN))),
    **{line.kind.value: root_of(line) for line in one_of_each()},
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", CHECKS)
def test_every_requirement_holds(variant: str, name: str) -> None:
    assert CHECKS[name](VARIANTS[variant])


def test_the_checks_bite() -> None:
    """Each check fails on a document in which what it asks for is wrong."""
    nothing = etree.fromstring('<ClinicalDocument xmlns="urn:hl7-org:v3"/>')
    needed = {name for name, holds in CHECKS.items() if not holds(nothing)}
    assert needed >= {"title", "type", "template", "signer named", "period", "usage", "biology"}
    spoiled = root_of(*one_of_each(), record=a_record(traits=some_traits(sex=Sex.UNKNOWN)))
    for gender in all_of(spoiled, "//h:administrativeGenderCode"):
        gender.set("nullFlavor", "NI")
    for element in all_of(spoiled, "//*[@nullFlavor]"):
        element.set("nullFlavor", "NI")
    for title in all_of(spoiled, "//h:section/h:title"):
        title.text = "Autre"
    for code in all_of(spoiled, "//h:encounter/h:code"):
        code.set("code", "AMB")
    for template in all_of(spoiled, "//h:templateId[@root='1.3.6.1.4.1.19376.1.5.3.1.4.7.1']"):
        template.set("root", "1.2")
    broken = {name for name, holds in CHECKS.items() if not holds(spoiled)}
    assert broken == {
        "unknown address", "unknown telecom", "unknown sex", "usage titled", "devices titled",
        "stays titled", "medicines titled", "vaccinations titled", "device delivered by", "stay coded",
        "stay at", "medicine administered normally", "medicine not dated", "medicine delivered by",
        "vaccine not identified", "vaccine not dated", "vaccine delivered by",
    }  # fmt: skip


@pytest.mark.skipif(
    not RULES.exists(), reason="the published requirements are not on this machine (DMP_SHARED)"
)
def test_no_requirement_is_forgotten() -> None:
    with RULES.open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == len(CHECKS)


def test_an_unknown_sex_is_coded_beside_an_ins() -> None:
    """JDV_J143; without a code the minimal structure of the CI-SIS is not kept."""
    root = root_of(record=a_record(traits=some_traits(sex=Sex.UNKNOWN)))
    (gender,) = all_of(root, "//h:administrativeGenderCode")
    said = [gender.get(name) for name in ("code", "codeSystem", "displayName", "nullFlavor")]
    assert said == ["UN", "2.16.840.1.113883.5.1", "Inconnu", None]


def test_the_header_is_read_back() -> None:
    content = written(*one_of_each())
    header = read_header(content, "text/xml")
    assert header.unique_id == UniqueId("2.25.1002")
    assert (header.set_id, header.version) == ("2.25.1000", 2)
    assert header.replaces == (UniqueId("2.25.1001"),)
    assert header.type_code is not None
    assert header.type_code.code == "REMB"
    assert header.format_code is not None
    assert header.format_code.code == "urn:asip:ci-sis:hr:2019"
    assert header.created_at == NOW
    assert header.service_start is not None
    assert header.service_start.isoformat() == "2024-03-01T23:00:00+00:00"
    assert header.service_stop is not None
    assert header.service_stop.isoformat() == "2026-03-02T22:59:59+00:00"
    assert header.warnings == ()


def test_the_same_values_give_the_same_octets() -> None:
    history = a_history(*one_of_each())
    assert write_reimbursements(history, some_knowledge()) == write_reimbursements(
        history, some_knowledge()
    )


def test_every_section_has_its_table_and_as_many_entries_as_rows() -> None:
    root = VARIANTS["full"]
    for model in SECTIONS:
        path = f"//h:section[h:title='{model.title}']"
        assert len(all_of(root, f"{path}/h:text/h:table/h:tbody/h:tr")) == 1, model.title
        assert len(all_of(root, f"{path}/h:entry")) == 1, model.title
        heads = all_of(root, f"{path}//h:th")
        assert [head.text for head in heads] == [name for name, _ in model.columns]


def test_entries_refer_to_what_people_read() -> None:
    root = VARIANTS["full"]
    ids = [element.get("ID") for element in all_of(root, "//*[@ID]")]
    references = {
        element.get("value", "").removeprefix("#") for element in all_of(root, "//h:reference")
    }
    assert references
    assert references <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_section_without_lines_says_so_and_keeps_one_entry() -> None:
    assert written().decode().count(NOTHING) == len(SECTIONS) == len(Heading) - 1
    root = root_of(a_line())
    assert plain_text(all_of(root, "//h:section[h:title='Médicaments']/h:text")[0]) != NOTHING
    for model in SECTIONS[1:]:
        path = f"//h:section[h:title='{model.title}']"
        (text,) = all_of(root, f"{path}/h:text")
        assert (text.text, text.get("ID")) == (NOTHING, model.nothing)
        assert len(all_of(root, f"{path}/h:entry")) == 1


def test_a_medicine_is_coded_with_its_group_and_substances() -> None:
    (code,) = all_of(
        VARIANTS["full"], "//h:section[h:title='Médicaments']//h:manufacturedMaterial/h:code"
    )
    product, group, substances = all_of(code, "h:translation")
    assert (product.get("code"), product.get("codeSystem")) == (
        "3400900000010",
        "1.2.250.1.215.200.1.1.1",
    )
    assert (group.get("code"), group.get("codeSystem")) == ("J01", "1.2.250.1.215.200.1.2.1")
    assert [one.text for one in all_of(substances, "h:translation/h:originalText")] == [
        "amoxicilline"
    ]


def test_a_hospital_unit_has_the_code_system_of_its_own() -> None:
    root = root_of(a_line(system=System.UCD, code=HOMEOPATHY))
    (product,) = all_of(root, "//h:manufacturedMaterial/h:code/h:translation")
    assert product.get("codeSystem") == "1.2.250.1.215.200.1.1.2"


def test_a_vaccine_is_delivered_and_not_said_to_be_given() -> None:
    (vaccine,) = all_of(VARIANTS["full"], "//h:section[h:title='Vaccinations']/h:entry/*")
    assert all_of(vaccine, "h:effectiveTime[@nullFlavor='UNK']")
    assert all_of(vaccine, ".//h:supply/h:performer/h:time[@value='20260201']")
    codes = {
        c.get("code") for c in all_of(vaccine, ".//h:manufacturedMaterial/h:code/h:translation")
    }
    assert codes == {"3400900000027", "J07AM01"}


def test_laboratory_codes_have_no_leading_zeros() -> None:
    (code,) = all_of(VARIANTS["full"], "//h:section[h:title='Biologie']/h:entry/h:procedure/h:code")
    assert (code.get("code"), code.get("codeSystem")) == ("552", "1.2.250.1.215.200.4.1")


def test_a_stay_has_its_period_and_marks_the_care_within() -> None:
    root = VARIANTS["full"]
    (period,) = all_of(root, "//h:encounter/h:effectiveTime")
    assert [child.get("value") for child in period] == ["20260110", "20260115"]
    marks = {
        title: plain_text(row[0])
        for title in ("Médicaments", "Soins médicaux et dentaires", "Radiologie")
        for row in all_of(root, f"//h:section[h:title='{title}']//h:tbody/h:tr")
    }
    assert marks == {"Médicaments": "", "Soins médicaux et dentaires": "H", "Radiologie": "H"}
    (single,) = all_of(root_of(a_stay(end=None)), "//h:encounter/h:effectiveTime")
    assert [child.tag.rpartition("}")[2] for child in single] == ["low"]


def test_people_stand_with_national_identifiers_and_who_delivered_with_none() -> None:
    (author,) = all_of(VARIANTS["full"], "//h:section[h:title='Médicaments']//h:supply/h:author")
    assert all_of(author, "h:assignedAuthor/h:id[@extension='810100000017']")
    assert all_of(
        author, "h:assignedAuthor/h:representedOrganization/h:id[@extension='1750000024']"
    )
    assert all_of(
        author, "h:assignedAuthor/h:assignedPerson/h:name[h:given='Anne'][h:family='VASSEUR']"
    )
    assert all_of(author, "h:time[@value='20260209']")
    for performer in all_of(VARIANTS["full"], "//h:supply/h:performer/h:assignedEntity"):
        assert [i.get("nullFlavor") for i in all_of(performer, "h:id")] == ["UNK"]


@pytest.mark.parametrize("variant", ["full", "unknown", "unnamed"])
def test_who_prescribed_and_delivered_is_named_or_said_to_be_unknown(variant: str) -> None:
    """IHE PCC, supply entry."""
    for who in ("h:author/h:assignedAuthor", "h:performer/h:assignedEntity"):
        for one in all_of(VARIANTS[variant], f"//h:supply/{who}"):
            named = all_of(one, "h:assignedPerson/h:name | h:representedOrganization/h:name")
            assert named
            assert all(name.get("nullFlavor") == "UNK" or plain_text(name) for name in named)


def test_an_unknown_code_is_kept_and_said_to_be_unknown() -> None:
    text = written(*one_of_each(), knowledge=Knowledge()).decode()
    assert "libellé inconnu (3400900000010)" in text
    assert 'code="QEQJ001"' in text
    assert 'displayName="libellé inconnu"' not in text


def test_long_term_conditions_have_no_section() -> None:
    condition = a_line(kind=Kind.LONG_TERM, system=System.CIM10, code="E11")
    assert "E11" not in written(condition).decode()


def test_text_that_xml_cannot_hold_is_left_out() -> None:
    names = {**NAMES, "750000016": "Pharmacie \x00<du> & Port"}
    (name,) = {
        n.text for n in all_of(root_of(a_line(), names=names), "//h:supply/h:performer//h:name")
    }
    assert name == "Pharmacie <du> & Port"


def test_people_can_read_it() -> None:
    view = render(written(*one_of_each(), an_act(quantity=2)))
    assert [section.title for section in view.sections] == [
        "Usage et Responsabilités",
        *(model.title for model in SECTIONS),
    ]
    for words in ("Glucose (glycémie)", "Pharmacie des Lilas", "10/02/2026"):
        assert words in str(view.sections)


# The children of each element in the order of the schema, as far as this document has them.
ORDER_OF_SCHEMA = {
    "section": "templateId id code title text entry",
    "substanceAdministration": "templateId id code text statusCode effectiveTime consumable entryRelationship",
    "supply": "templateId id text effectiveTime quantity performer author participant",
    "encounter": "templateId id code text effectiveTime performer",
    "procedure": "templateId id code text statusCode effectiveTime performer",
    "performer": "time assignedEntity",
    "author": "time assignedAuthor",
    "assignedEntity": "id code addr telecom assignedPerson representedOrganization",
    "assignedAuthor": "id code addr telecom assignedPerson assignedAuthoringDevice representedOrganization",
    "manufacturedMaterial": "code name",
    "code": "originalText qualifier translation",
    "representedOrganization": "id name standardIndustryClassCode",
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_elements_stand_in_the_order_of_the_schema(variant: str) -> None:
    for name, order in ORDER_OF_SCHEMA.items():
        ranks = {child: rank for rank, child in enumerate(order.split())}
        for element in all_of(VARIANTS[variant], f"//h:{name}"):
            found = [ranks[etree.QName(child).localname] for child in element]
            assert found == sorted(found), name
