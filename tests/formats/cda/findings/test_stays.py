"""Stays, imaging exams, procedures, pregnancies, and documents that state nothing."""

from __future__ import annotations

from datetime import date

import pytest

from dmp.domain.clinical.facts import Findings, Provenance
from dmp.formats.cda.document import open_document
from dmp.formats.cda.findings.read import findings_of
from tests.formats.cda.findings.written import (
    BOX,
    LOINC,
    NAMESPACES,
    SNOMED,
    cim10,
    medicine,
    observation,
    problem,
    read,
    section,
)

STAY = (
    '<componentOf><encompassingEncounter><code code="{kind}" codeSystem="2.16.840.1.113883.5.4"/>'
    '<effectiveTime><low value="20250301"/><high value="20250303"/></effectiveTime><location>'
    "<healthCareFacility><location><name>Hôpital d'essai</name></location></healthCareFacility></location>"
    "</encompassingEncounter></componentOf>"
)


def test_a_stay_is_read_from_the_encounter() -> None:
    body = section("42349-1", text="Fièvre") + section(
        "11535-2", problem(cim10("J18.9", "Pneumopathie"))
    )
    (one,) = read(body, "11490-0", header=STAY.replace("{kind}", "IMP")).stays
    assert (one.place, one.start, one.end) == (
        "Hôpital d'essai",
        date(2025, 3, 1),
        date(2025, 3, 3),
    )
    assert (one.nature, one.reason) == ("Hospitalisation", "Fièvre")
    assert [code.code for code in one.codes] == ["J18.9"]


@pytest.mark.parametrize(
    ("kind", "encounter", "nature"),
    [
        ("11488-4", "IMP", "Hospitalisation"),
        ("11488-4", "EMER", "Passage aux urgences"),
        ("15507-7", "AMB", "Passage aux urgences"),
        ("11488-4", "AMB", ""),
        ("11502-2", "IMP", ""),  # a report of results made in a stay is no report of the stay
        ("55115-0", "EMER", ""),
    ],
)
def test_which_documents_report_a_stay(kind: str, encounter: str, nature: str) -> None:
    found = read(section("99999-9"), kind, header=STAY.replace("{kind}", encounter)).stays
    assert [one.nature for one in found] == ([nature] if nature else [])


def test_a_stay_that_ends_before_it_begins_is_left_out() -> None:
    wrong = STAY.replace("{kind}", "IMP").replace("20250303", "20240303")
    assert read(section("99999-9"), "11490-0", header=wrong) == Findings()


EXAM = (
    "<documentationOf><serviceEvent>"
    f'<code code="24627-2" codeSystem="{LOINC}" displayName="Scanner du thorax">{{more}}</code>'
    '<effectiveTime><low value="20250301"/></effectiveTime></serviceEvent></documentationOf>{others}'
)
MODALITY = '<translation code="CT" codeSystem="1.2.840.10008.2.16.4"/>'


def test_an_imaging_report_has_its_conclusion_as_people_read_it() -> None:
    header = EXAM.replace("{more}", MODALITY).replace("{others}", "")
    (one,) = read(section("19005-8", text="Pas de nodule."), "18748-4", header=header).imaging
    assert (one.label, one.on, one.modality) == ("Scanner du thorax", date(2025, 3, 1), "CT")
    assert one.conclusion == "Pas de nodule."
    assert [(s.provenance, s.anchor) for s in one.sources] == [
        (Provenance.STRUCTURED, ""), (Provenance.EXTRACTED, "19005-8"),
    ]  # fmt: skip


def test_modality_in_an_event_of_its_own_belongs_to_the_exam() -> None:
    other = (
        '<documentationOf><serviceEvent><code code="CT" codeSystem="1.2.840.10008.2.16.4"/>'
        "</serviceEvent></documentationOf>"
    )
    header = EXAM.replace("{more}", "").replace("{others}", other)
    (one,) = read(section("19005-8"), "18748-4", header=header).imaging
    assert (one.modality, one.conclusion) == ("CT", "")
    assert [s.provenance for s in one.sources] == [Provenance.STRUCTURED]


def test_an_imaging_report_without_codes_is_known_by_its_title() -> None:
    (one,) = read(section("19005-8", text="Normal."), "18748-4").imaging
    assert (one.label, one.code, one.on) == ("Essai", None, date(2025, 3, 4))


def test_a_procedure_without_a_day_is_an_antecedent() -> None:
    code = '<code code="HHFA011" codeSystem="1.2.250.1.215.300.1" displayName="Appendicectomie"/>'
    undated = f'<procedure classCode="PROC" moodCode="EVN">{code}</procedure>'
    dated = undated.replace(code, f'{code}<effectiveTime value="19900102"/>')
    found = read(section("47519-4", undated, dated, undated.replace("EVN", "INT")))
    assert [(p.label, p.active) for p in found.problems] == [("Appendicectomie", False)]
    assert [(p.label, p.on) for p in found.performed] == [("Appendicectomie", date(1990, 1, 2))]


def test_a_pregnancy_is_a_problem_that_ends_when_the_child_is_due() -> None:
    status = observation("11449-6", f'<value xsi:type="CD" code="77386006" codeSystem="{SNOMED}"/>')
    due = observation("11778-8", '<value xsi:type="TS" value="20250901"/>')
    (one,) = read(section("10162-6", status, due)).problems
    assert (one.label, one.until, one.active) == ("Grossesse en cours", date(2025, 9, 1), True)
    assert read(section("10162-6", due)) == Findings()


def test_entries_of_an_unknown_section_are_known_by_their_templates() -> None:
    template = '<templateId root="1.3.6.1.4.1.19376.1.5.3.1.4.5.2"/>'
    entry = problem(cim10("I10", "Hypertension")).replace(
        "<code nullFlavor", f"{template}<code nullFlavor"
    )
    assert len(read(section("99999-9", entry)).problems) == 1
    assert read(section("99999-9", problem(cim10("I10", "Hypertension")))) == Findings()


def test_a_body_that_is_not_structured_states_nothing() -> None:
    flat = (
        f"<ClinicalDocument {NAMESPACES}><component><nonXMLBody><text>x</text></nonXMLBody>"
        "</component></ClinicalDocument>"
    )
    assert findings_of(open_document(flat.encode())) is None
    assert findings_of(open_document(f"<ClinicalDocument {NAMESPACES}/>".encode())) is None


def test_reimbursements_are_kept_as_lines_and_not_as_facts() -> None:
    assert read(section("10160-0", medicine(BOX)), "REMB") == Findings()


def test_a_document_without_any_day_states_nothing() -> None:
    assert read(section("11450-4", problem(cim10("I10", "x"))), at="demain") == Findings()
