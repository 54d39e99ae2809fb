"""The synthesis as a whole: what it is made of, in which order, and series of results."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

import pytest

from dmp.domain.claims.reimbursement import Kind, System
from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.claims_facts import long_term_number
from dmp.domain.clinical.facts import Findings, Performed, Provenance, Source
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import ImagingAct, Labels
from dmp.domain.clinical.knowledge.medicines import NoMedicines
from dmp.domain.clinical.results.series import series_of
from dmp.domain.clinical.results.units import converted
from dmp.domain.clinical.same.gathering import Sourced
from dmp.domain.clinical.synthesis import Trend
from dmp.domain.codes import LOINC, Code
from dmp.domain.record.profile import Allergy, BloodGroup, PersonToWarn, Profile
from tests.builders.claims import a_line
from tests.builders.claims import a_stay as a_paid_stay
from tests.builders.clinical import (
    ALL,
    AT,
    FLU_VACCINE,
    WARFARIN,
    a_delivery,
    a_document,
    a_knowledge,
    a_material,
    a_medicine,
    a_problem,
    a_result,
    a_source,
    a_test,
    an_allergy,
    days_ago,
)


def test_every_fact_of_a_document_has_the_document_as_its_source() -> None:
    entry = a_document(7, 12, title="Volet de synthèse")
    unsourced = a_problem(sources=())
    placed = an_allergy(
        sources=(Source(provenance=Provenance.EXTRACTED, on=days_ago(12), anchor="48765-2"),)
    )
    material = a_material(
        documents=((entry, Findings(problems=(unsourced,), allergies=(placed,))),)
    )
    found = synthesis_of(material, a_knowledge())
    (source,) = found.problems[0].sources
    assert (source.document, source.title, source.on) == (
        UUID(int=7),
        "Volet de synthèse",
        days_ago(12),
    )
    assert (source.author, source.speciality) == ("Anne VASSEUR", "Médecin - Médecine générale")
    (kept,) = found.allergies[0].sources
    assert (kept.anchor, kept.provenance, kept.document) == (
        "48765-2",
        Provenance.EXTRACTED,
        UUID(int=7),
    )


def test_no_known_allergy_has_its_author_and_its_day() -> None:
    said = Source(provenance=Provenance.STRUCTURED, on=days_ago(5))
    found = synthesis_of(a_material(Findings(no_known_allergy=(said,))), a_knowledge())
    assert [(s.author, s.on) for s in found.no_known_allergy] == [("Anne VASSEUR", days_ago(5))]
    assert synthesis_of(a_material(), a_knowledge()).no_known_allergy == ()


def test_what_the_holder_declares_is_marked_as_declared() -> None:
    profile = Profile(
        allergies=(Allergy(substance="Latex", reaction="eczéma"),),
        blood_group=BloodGroup.O_NEGATIVE,
        persons_to_warn=(PersonToWarn(name="Sami Delorme", phone="0100000000", relation="frère"),),
    )
    found = synthesis_of(a_material(profile=profile), a_knowledge())
    assert [s.provenance for s in found.allergies[0].sources] == [Provenance.DECLARED]
    assert found.blood_group == "O-"
    assert found.persons_to_warn == (("Sami Delorme", "0100000000", "frère"),)
    hidden = synthesis_of(a_material(), a_knowledge())
    assert (hidden.allergies, hidden.blood_group, hidden.persons_to_warn) == ((), "", ())


CLAIMS = a_document(900, 1)
KNOWN = a_knowledge(
    medicines=NoMedicines(
        MappingProxyType({"3400900000010": WARFARIN, "3400900000027": FLU_VACCINE, **{m.key: m for m in ALL}})
    ),
    imaging=MappingProxyType({"ZBQK001": ImagingAct(modality="CT", region="thorax")}),
    long_term_of=MappingProxyType({"E11": "08", "E119": "8"}),
    labels=MappingProxyType(
        {
            ReferenceKind.CIM10: Labels(known={"E119": "Diabète de type 2", "J18": "Pneumopathie"}),
            ReferenceKind.NABM: Labels(known={"1577": "HbA1c"}),
            ReferenceKind.CCAM: Labels(known={"ZBQK001": "Scanner du thorax"}),
        }
    ),
)  # fmt: skip


def test_each_line_becomes_the_fact_that_it_is() -> None:
    lines = (
        a_line(),
        a_line(code="3400900000027"),
        a_line(kind=Kind.DEVICE, system=System.LPP, code="1234567"),
        a_line(kind=Kind.IMAGING, system=System.CCAM, code="ZBQK001"),
        a_line(kind=Kind.BIOLOGY, system=System.NABM, code="1577"),
        a_line(kind=Kind.CARE, system=System.NGAP, code="G", nature="1110"),
        a_line(kind=Kind.LONG_TERM, system=System.CIM10, code="E119"),
        a_paid_stay(diagnoses=("J18", "E119")),
    )
    found = synthesis_of(a_material(lines=lines, claims_document=CLAIMS), KNOWN)
    assert [one.key for one in found.treatments] == ["warfarine"]
    assert [v.delivered_only for v in found.vaccinations] == [True]
    assert [d.label for d in found.devices] == ["1234567 (libellé inconnu)"]
    assert [(i.modality, i.region) for i in found.imaging] == [("CT", "thorax")]
    assert sorted(p.label for p in found.performed) == ["G (libellé inconnu)", "HbA1c"]
    assert [(p.label, p.long_term) for p in found.problems] == [("Diabète de type 2", "8")]
    assert [s.reason for s in found.stays] == ["Pneumopathie"]
    facts: list[Sourced] = [*found.vaccinations, *found.imaging, *found.stays, *found.problems]
    assert {s.document for fact in facts for s in fact.sources} == {UUID(int=900)}
    assert {s.provenance for fact in facts for s in fact.sources} == {Provenance.CLAIMS}
    assert found.claims_until == max(line.flow for line in lines if line.flow is not None)


def test_people_of_claims_have_the_names_of_the_directory() -> None:
    line = a_line(prescriber="10100000017")
    named = a_material(lines=(line,), claims_document=CLAIMS, names={"10100000017": "Anne VASSEUR"})
    (one,) = synthesis_of(named, KNOWN).treatments
    assert one.prescriber is not None
    assert (one.prescriber.name, one.prescriber.id) == ("Anne VASSEUR", "10100000017")
    (unnamed,) = synthesis_of(a_material(lines=(line,), claims_document=CLAIMS), KNOWN).treatments
    assert unnamed.prescriber is not None
    assert unnamed.prescriber.display == "FINESS 750000024"


def test_a_cancelled_line_is_no_fact() -> None:
    line = a_line()
    cancelled = line._replace(line_id=UUID(int=5), quantity=-1)
    found = synthesis_of(a_material(lines=(line, cancelled), claims_document=CLAIMS), KNOWN)
    assert found.treatments == ()


def test_lines_say_more_than_the_document_made_of_them() -> None:
    twice = Findings(dispensed=(a_delivery(WARFARIN, 20, sources=()),))
    with_lines = a_material(documents=((CLAIMS, twice),), lines=(a_line(),), claims_document=CLAIMS)
    (one,) = synthesis_of(with_lines, KNOWN).treatments
    assert len(one.supplies) == 1
    alone = a_material(documents=((CLAIMS, twice),), claims_document=CLAIMS)
    assert synthesis_of(alone, KNOWN).treatments


def test_a_long_term_condition_that_ended_is_past() -> None:
    line = a_line(kind=Kind.LONG_TERM, system=System.CIM10, code="E119", end=days_ago(10))
    found = synthesis_of(a_material(lines=(line,), claims_document=CLAIMS), KNOWN)
    assert (found.problems, [p.until for p in found.past]) == ((), [days_ago(10)])


def test_an_end_that_stands_for_none_is_none() -> None:
    """The insurer writes 31/12/9999 for what nobody ended."""
    never = date(9999, 12, 31)
    line = a_line(kind=Kind.LONG_TERM, system=System.CIM10, code="E119", end=never)
    stay = a_line(kind=Kind.STAY, system=System.GHS, code="308", end=never, line_id=UUID(int=8))
    found = synthesis_of(a_material(lines=(line, stay), claims_document=CLAIMS), KNOWN)
    assert [p.until for p in found.problems] == [None]
    assert [one.end for one in found.stays] == [None]


@pytest.mark.parametrize(
    ("code", "number"), [("E11.9", "8"), ("E119", "8"), ("E112", "8"), ("I10", ""), ("E1", "")]
)
def test_the_number_of_a_long_term_condition_is_that_of_its_code(code: str, number: str) -> None:
    assert long_term_number(code, KNOWN.long_term_of) == number


def test_problems_are_long_term_ones_first_then_the_most_recent() -> None:
    facts = Findings(
        problems=(
            a_problem("Ancien", "A01", since=days_ago(900)),
            a_problem("Récent", "A02", since=days_ago(10)),
            a_problem("ALD", "E119", since=days_ago(2000), long_term="8"),
            a_problem("Guéri", "A04", active=False, until=days_ago(3)),
        )
    )
    found = synthesis_of(a_material(facts), a_knowledge())
    assert [problem.label for problem in found.problems] == ["ALD", "Récent", "Ancien"]
    assert [problem.label for problem in found.past] == ["Guéri"]


def test_news_are_what_was_added_since_the_last_access_newest_first() -> None:
    entries = tuple((a_document(n, ago), None) for n, ago in ((1, 2), (2, 20), (3, 40)))
    material = a_material(documents=entries, last_access=AT - timedelta(days=30))
    found = synthesis_of(material, a_knowledge())
    assert [news.document.int for news in found.news] == [1, 2]
    assert found.last_access == AT - timedelta(days=30)
    assert synthesis_of(a_material(documents=entries), a_knowledge()).news == ()


def test_titles_stand_in_where_nothing_is_structured() -> None:
    laboratory = Code("11502-2", LOINC)
    prescription = Code("57833-6", LOINC)
    entries = tuple(
        (entry, None)
        for entry in (
            *(a_document(n, n) for n in range(1, 6)),
            a_document(10, 1, type_code=laboratory),
            a_document(11, 1, type_code=prescription, class_code=Code("42", "x")),
        )
    )
    found = synthesis_of(a_material(documents=entries), a_knowledge())
    assert [news.document.int for news in found.latest_report_titles] == [1, 2, 3]
    assert [news.document.int for news in found.latest_laboratory_titles] == [10]
    assert [news.document.int for news in found.latest_prescription_titles] == [11]


def test_directives_are_said_to_exist_and_never_not_to() -> None:
    directives = a_document(1, type_code=Code("EXPPAT_3", "x"))
    found = synthesis_of(a_material(documents=((directives, None),)), a_knowledge())
    assert found.has_directives is True
    assert synthesis_of(a_material(), a_knowledge()).has_directives is None


def test_a_series_is_in_the_unit_of_its_last_value() -> None:
    old = a_result("2345-7", 1.0, 90, unit="g/L", label="Glucose", low=0.7, high=1.1)
    new = a_result("14749-6", 6.1, 5, unit="mmol/L", label="Glycémie", low=3.9, high=6.1)
    (one,) = series_of((new, old))
    assert [(point.value, point.unit) for point in one.points] == [
        (5.5506, "mmol/L"),
        (6.1, "mmol/L"),
    ]
    assert one.points[0].high == pytest.approx(6.1, abs=0.01)
    assert (one.code, one.label, one.trend) == ("14749-6", "Glucose", Trend.NORMAL)


def test_what_cannot_be_converted_stands_apart() -> None:
    found = series_of((a_result(value=7.1, ago=9), a_result(value=3.0, ago=5, unit="croix")))
    assert [[point.unit for point in one.points] for one in found] == [["croix"], ["%"]]
    words = series_of((a_result(value=7.1, ago=9), a_result(value=None, ago=5, text="positif")))
    assert len(words) == 2


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "analyte", "expected"),
    [
        (10, "mg/L", "µmol/L", "creatinine", 88.4),
        (1.6, "g/L", "mmol/L", "ldl", 4.138),
        (5.0, "mmol/L", "g/L", "glucose", 0.9008),
        (7.0, "%", "mmol/mol", "hba1c", 53.0),
        (53, "mmol/mol", "%", "hba1c", 7.0),
        (13.5, "g/dL", "g/L", "haemoglobin", 135),
        (8.4, "mmol/L", "g/dL", "haemoglobin", 13.54),
        (250, "10*3/mm3", "10*9/L", "platelets", 250),
        (250_000, "/mm3", "10*9/L", "platelets", 250),
        (2.1, "mUI/L", "µUI/mL", "tsh", 2.1),
        (4.1, "mEq/L", "mmol/L", "potassium", 4.1),
        (60, "mL/min", "mL/min/1.73m2", "gfr", None),
        (3, "mg/L", "mmol/L", "", None),
        (3, "croix", "g/L", "", None),
        (3, "g/L", "%", "", None),
    ],
)
def test_units(value: float, unit: str, wanted: str, analyte: str, expected: float | None) -> None:
    found = converted(value, unit, wanted, analyte)
    assert found is None if expected is None else found == pytest.approx(expected, rel=2e-3)


def test_series_out_of_range_come_first_then_the_core_then_the_most_recent() -> None:
    found = series_of(
        (
            a_result("3016-3", 2.0, 200, unit="mUI/L", label="TSH", low=0.4, high=4.0),
            a_result("4548-4", 6.0, 300, high=6.5),
            a_result("1988-5", 80.0, 100, unit="mg/L", label="CRP", high=5),
            a_result("2276-4", 50.0, 2, unit="ug/L", label="Ferritine", low=30, high=300),
            a_result("2951-2", 140.0, 1, unit="mmol/L", label="Sodium", low=136, high=145),
        )
    )
    assert [one.label for one in found] == ["CRP", "HbA1c", "TSH", "Sodium", "Ferritine"]


def test_vital_signs_stand_after_analyses_however_recent_and_pressures_together() -> None:
    found = series_of(
        (
            a_result("8310-5", 38.6, 1, unit="Cel", label="Température"),
            a_result("8867-4", 70.0, 1, unit="/min", label="Pouls"),
            a_result("8462-4", 66.0, 2, unit="mm[Hg]", label="Diastolique"),
            a_result("8480-6", 129.0, 2, unit="mm[Hg]", label="Systolique"),
            a_result("2160-0", 82.0, 900, unit="umol/L", label="Créatinine", low=45, high=84),
        )
    )
    assert [one.code for one in found] == ["2160-0", "8480-6", "8462-4", "8867-4", "8310-5"]


@pytest.mark.parametrize(
    ("changes", "trend"),
    [
        ({"interpretation": "H"}, Trend.HIGH),
        ({"interpretation": "LL"}, Trend.LOW),
        ({"interpretation": "N"}, Trend.NORMAL),
        ({"high": 6.5}, Trend.HIGH),
        ({"low": 8.0}, Trend.LOW),
        ({"low": 4.0, "high": 8.0}, Trend.NORMAL),
        ({}, Trend.UNKNOWN),
    ],
)
def test_where_a_value_stands(changes: dict[str, object], trend: Trend) -> None:
    assert series_of((a_result(**changes),))[0].trend is trend  # type: ignore[arg-type]


def test_a_series_without_code_goes_by_its_label() -> None:
    one, two = a_result(code=None, ago=9), a_result(code=None, ago=5, label="hba1c")
    (found,) = series_of((one, two))
    assert (found.code, len(found.points)) == ("", 2)


def test_the_day_of_a_reading_is_local() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)  # 3 March in Paris
    facts = Findings(dispensed=(a_delivery(a_medicine("warfarine"), 36),))
    assert synthesis_of(a_material(facts), a_knowledge()).treatments[0].is_current
    assert not synthesis_of(a_material(facts, at=late), a_knowledge()).treatments[0].is_current


def test_the_editions_in_force_are_listed() -> None:
    assert synthesis_of(a_material(), a_knowledge()).editions == ("ANSM, thésaurus d'essai",)


def test_sources_are_listed_once() -> None:
    twice = Findings(problems=(a_problem(sources=(a_source(1), a_source(1))),))
    found = synthesis_of(a_material(twice, twice), a_knowledge())
    assert len(found.problems) == 1


@pytest.mark.parametrize(
    ("acts", "paid"),
    [
        ((a_test(ago=9), a_test(ago=3), a_test(ago=6)), days_ago(3)),
        ((a_test(ago=19),), None),  # a day apart: the test whose value this is
        ((a_test(ago=40),), None),
        ((a_test("1104", ago=3),), None),
        ((), None),
    ],
)
def test_a_test_paid_for_after_the_last_value_is_told_beside_it(
    acts: tuple[Performed, ...], paid: date | None
) -> None:
    """The last value is not the last test: of the claims alone, whatever document there may be of it."""
    known = a_knowledge(loinc_of=MappingProxyType({"1577": frozenset({"4548-4"})}))
    facts = Findings(results=(a_result(ago=20), a_result("2823-3", 4.2, ago=20)), performed=acts)
    hba1c, potassium = sorted(
        synthesis_of(a_material(facts), known).series, key=lambda one: one.code, reverse=True
    )
    assert (None if hba1c.paid_since is None else hba1c.paid_since.on) == paid
    assert potassium.paid_since is None
