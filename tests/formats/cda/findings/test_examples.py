"""The facts that the published examples state, counted and read by hand in their XML.

The documents are not part of the project; without them these tests are skipped.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Final

import pytest

from dmp.domain.clinical.facts import Findings, Provenance
from dmp.formats.cda.document import open_document
from dmp.formats.cda.findings.read import findings_of
from dmp.formats.content import read_header
from tests.formats.corpus import DOCUMENTS, PACKAGES, document, name_of, needs_corpus

pytestmark = needs_corpus

KINDS: Final = (
    "allergies", "problems", "prescribed", "dispensed", "results", "vaccinations", "stays", "imaging",
    "performed", "devices", "no_known_allergy", "no_known_problem",
)  # fmt: skip
UNSTRUCTURED: Final = (
    "BIO-CR-BIO_2021.01_CDA-R2-Niveau-1", "DOC_NON_STRUCTURE_CDA-R2-N1", "CR_Radio_CDAN1_v1",
    "CR_Radio_CDAN1_v2",
)  # fmt: skip
COUNTS: Final[dict[str, dict[str, int]]] = {
    # Three problems of eleven are denied, as are some antecedents.
    "ANEST-CR-CPA_2022.01": {"allergies": 1, "problems": 8, "prescribed": 1, "results": 7},
    "AVC-AUNV_2022.01": {"problems": 10, "prescribed": 3, "results": 27, "performed": 3},
    "AVC-PAVC_2022.01": {},
    "BIO-CR-BIO_2021.01_Auto-Presentable": {"results": 11},
    "BIO-CR-BIO_2021.01_CR-2nde-intention": {"results": 1},
    "BIO-CR-BIO_2021.01_Microbiologie_V1": {"results": 14, "performed": 1},
    "BIO-CR-BIO_2021.01_Microbiologie_V2": {"results": 14, "performed": 1},
    "BIO-CR-BIO_2021.01_Microbiologie_V2_Delete": {"results": 14, "performed": 1},
    "BIO-CR-BIO_2024.01_CRP_non_LOINC": {"results": 1},
    # The second result is the one of the earlier test; the vaccination was not done.
    "BIO-CR-BIO_2024.01_DEP-CCU-HPV-structure-CYTO-pdf": {"results": 2, "performed": 1},
    "BIO-CR-BIO_2024.01_Folates_nmol_par_Litre_2": {"results": 1},
    "BIO-CR-BIO_2024.01_Folates_ug_par_Litre_1": {"results": 1},
    "BIO-CR-BIO_2024.01_Glycemie_g_par_Litre_2": {"results": 1},
    "BIO-CR-BIO_2024.01_Glycemie_mmol_par_Litre_1": {"results": 1},
    "BIO-TROD_2024.01_Angine": {"results": 1},
    "BIO-TROD_2024.01_COVID-19": {"results": 1},
    "CANCER-CR-GM_2022.01_AnalyseRealisee": {},
    "CANCER-D2LM-FIDD_2022.01": {"imaging": 1},
    "CANCER-D2LM-FIN_2022.01": {"problems": 4, "imaging": 1},
    "CANCER-FRCP_2022.01_Appareil": {"problems": 1},
    "CANCER-FRCP_2025.01_Appareil": {"problems": 1},
    "CANCER-PPS_2022.01_feuille-de-style-externe": {"problems": 1},
    "CARD-F-PRC-AVK_2022.01": {"allergies": 4, "problems": 2, "prescribed": 3, "results": 3},
    "CARD-F-PRC-DCI_2022.01": {"problems": 1, "performed": 2, "devices": 4},
    "CARD-F-PRC-PSC_2022.01": {"problems": 1, "performed": 1, "devices": 4},
    # Reimbursements are kept as lines of the insurance.
    "CNAM-HR_2021.01": {},
    "CSE-CS24_2024.01": {"allergies": 1, "problems": 2, "results": 4, "vaccinations": 25},
    # Both vaccinations were not done.
    "CSE-CS8_2025.01": {"problems": 3, "prescribed": 2, "results": 6},
    "CSE-CS9_2024.01": {"problems": 1, "prescribed": 1, "results": 3, "vaccinations": 16},
    "CSE-MDE_2023.01": {"results": 3},
    "DLU-EHPAD-FLUDR_2022.01": {"problems": 1, "prescribed": 1, "stays": 1, "devices": 3},
    "DLU-FR-SU_2025.01": {"problems": 1, "stays": 1, "devices": 4},
    "IMG-DA-IMG_2024.01_Mammo-Echo-Seins": {},
    "IMG-DA-IMG_2024.01_Radiographie_ChevilleGenou": {},
    "IMG_CR_IMG_2024.01": {"imaging": 3},
    # Five problems in course, two past ones, a pregnancy.
    "IPS-FR_2024.01": {
        "allergies": 2, "problems": 8, "prescribed": 1, "results": 3, "vaccinations": 2, "imaging": 1,
        "performed": 2, "devices": 2,
    },
    "LDL-SES_2022.01": {"prescribed": 2, "stays": 1, "devices": 1, "no_known_allergy": 1},
    # What is said of the child to be born is left out.
    "OBP-SAP_2024.01": {
        "allergies": 1, "problems": 8, "prescribed": 2, "results": 4, "stays": 1, "performed": 1,
    },
    "OBP-SEM_2024.01": {"vaccinations": 1},
    "OBP-SNM_2024.01": {"stays": 1, "performed": 3},
    "OPH-BRE_2022.02": {},
    "SDM-MR_2022.01": {"problems": 3, "prescribed": 1, "results": 3},
    "SDM-MR_2025.01_nouveau-ne": {"problems": 1, "results": 3},
    "SDM-MR_2025.01_patiente-post-grossesse": {"problems": 3, "results": 3},
    "TLM-DA_2022.01_TCG": {
        "allergies": 1, "problems": 2, "prescribed": 1, "results": 3, "performed": 1, "devices": 1,
    },
    "TLM-DA_2022.01_TE1_anamnese-non-structuree": {"prescribed": 1, "results": 3, "devices": 1},
    "VAC_2023.01": {"vaccinations": 4},
    "VSM_1.4_2022.01": {"allergies": 1, "problems": 4, "prescribed": 2, "performed": 1},
    "eDISP-MED_2024.01": {"dispensed": 2},
    # The patient is pregnant.
    "eP-MED-DM_2022.01_PosoNonStruct": {"problems": 1, "prescribed": 2, "results": 2},
    "eP-MED-DM_2024.01_PosoStruct": {"problems": 1, "prescribed": 2, "results": 2},
    # Every variant of each section, the empty ones included.
    "01_Modeles_contenus_CDA": {
        "allergies": 1, "problems": 5, "prescribed": 3, "results": 2, "vaccinations": 2, "performed": 1,
        "devices": 1, "no_known_allergy": 1, "no_known_problem": 2,
    },
    "CDA_TDDUI_Exemple_v1.0.1": {},
    "SDM-MR_2024.01_nouveau-ne": {"problems": 1, "results": 3},
    "SDM-MR_2024.01_patiente-post-grossesse": {"problems": 3, "results": 3},
}  # fmt: skip
FILES = {name_of(path): path for path in DOCUMENTS}


@cache
def facts(name: str) -> Findings:
    """What an example states."""
    found = findings_of(open_document(FILES[name].read_bytes()))
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_an_example_states_exactly_this_many_facts_of_each_kind(name: str) -> None:
    if name not in FILES:
        pytest.skip("this example is not on this machine")
    found = facts(name)
    assert {kind: n for kind in KINDS if (n := len(getattr(found, kind)))} == COUNTS[name]


def test_every_example_is_counted() -> None:
    assert set(FILES) == {*COUNTS, *UNSTRUCTURED}
    assert set(KINDS) == set(Findings._fields)


@pytest.mark.parametrize("name", UNSTRUCTURED)
def test_a_document_without_structured_body_states_nothing(name: str) -> None:
    assert findings_of(open_document(FILES[name].read_bytes())) is None


@pytest.mark.parametrize("name", PACKAGES)
def test_the_deposit_keeps_what_was_read(name: str) -> None:
    header = read_header(document(name), "text/xml")
    assert header.findings == (None if name in UNSTRUCTURED else facts(name))


def test_every_fact_has_a_source_with_its_section_and_its_day() -> None:
    for name in COUNTS:
        found = facts(name)
        for kind in KINDS[:10]:
            for fact in getattr(found, kind):
                assert fact.sources
                assert fact.label if hasattr(fact, "label") else fact.place
                for source in fact.sources:
                    assert source.document is None
                    assert source.anchor or kind in ("stays", "imaging")
                    assert source.on.year > 2000


def test_the_problems_of_the_vsm() -> None:
    told = [
        (p.code and p.code.code, p.since, p.until, p.active)
        for p in facts("VSM_1.4_2022.01").problems
    ]
    assert told == [
        ("G45.9", date(2019, 8, 11), None, True),
        ("I20.0", date(2019, 8, 11), None, True),
        ("N10", date(2018, 4, 22), date(2018, 4, 30), False),
        ("I21.1", date(2018, 1, 14), date(2018, 1, 25), False),
    ]
    assert {p.sources[0].anchor for p in facts("VSM_1.4_2022.01").problems} == {
        "11450-4",
        "11348-0",
    }


def test_the_rest_of_the_vsm() -> None:
    found = facts("VSM_1.4_2022.01")
    (allergy,) = found.allergies
    assert (allergy.label, allergy.active, allergy.since) == (
        "PARACETAMOL",
        False,
        date(2018, 6, 3),
    )
    plavix, coumadine = found.prescribed
    assert [code.code for code in plavix.codes] == ["63564053", "3400938022209"]
    assert plavix.dosage == "2 comprimés, 1 fois par jour, voie orale"
    assert (plavix.start, plavix.stop) == (date(2019, 8, 11), None)
    assert coumadine.dosage == "1 comprimé, toutes les 6 heures, voie orale"
    (act,) = found.performed
    assert (act.code.code, act.on, act.performer.name) == (
        "DDAF004",
        date(2018, 1, 14),
        "Jacques PETITJEAN",
    )


def test_the_allergies_of_the_patient_summary() -> None:
    first, second = facts("IPS-FR_2024.01").allergies
    assert first.code is not None
    assert (first.code.code, first.severity, first.active) == ("XM5DJ7", "modéré", True)
    assert first.reaction.count(",") == 1
    assert (second.label, second.code, second.severity) == (
        "feuille de millepertuis",
        None,
        "léger",
    )


def test_the_pregnancy_of_the_patient_summary() -> None:
    last = facts("IPS-FR_2024.01").problems[-1]
    assert last.code is not None
    assert (last.code.code, last.until, last.sources[0].anchor) == (
        "Z33",
        date(2024, 9, 3),
        "10162-6",
    )


def test_a_listed_exam_has_its_conclusion() -> None:
    (exam,) = facts("IPS-FR_2024.01").imaging
    assert exam.code is not None
    assert (exam.code.code, exam.on) == ("24979-7", date(2024, 3, 29))
    assert exam.conclusion.startswith("Pas d'embolie")
    assert exam.sources[0].provenance is Provenance.STRUCTURED


def test_the_results_of_a_laboratory_report() -> None:
    found = {r.code.code: r for r in facts("BIO-CR-BIO_2021.01_Auto-Presentable").results if r.code}
    tsh = found["3016-3"]
    assert (tsh.value, tsh.unit, tsh.low, tsh.high, tsh.interpretation) == (
        2.05,
        "m[IU]/L",
        0.27,
        4.2,
        "N",
    )
    assert (tsh.label, tsh.at) == ("Thyréostimuline", datetime(2014, 4, 2, 12, 55, 21, tzinfo=UTC))
    assert (found["3024-7"].value, found["3024-7"].interpretation) == (7.67, "L")
    assert (found["13457-7"].low, found["13457-7"].high) == (None, 1.6)
    crp = found["1988-5"]
    assert (crp.value, crp.text, crp.high) == (None, "<1.0 mg/L", 5.0)


def test_a_local_code_is_kept_where_there_is_no_loinc() -> None:
    (crp,) = facts("BIO-CR-BIO_2024.01_CRP_non_LOINC").results
    assert crp.code is not None
    assert (crp.code.code, crp.text, crp.high) == ("1234", "≤ 1.0 mg/L", 5.0)


def test_germs_and_what_they_resist_to() -> None:
    found = facts("BIO-CR-BIO_2021.01_Microbiologie_V1").results
    first = [r for r in found if r.label.endswith("— Escherichia coli")]
    assert [(r.code and r.code.code, r.interpretation) for r in first] == [
        ("51480-2", ""), ("20-8", "R"), ("28-1", "I"), ("18928-2", "S"),
    ]  # fmt: skip
    assert first[0].value == 100_000
    assert first[1].text == "résistant (≥ 0.512 ug/mL)"


def test_results_tell_their_range_in_words_as_well() -> None:
    told = [(r.value, r.low, r.high) for r in facts("CARD-F-PRC-AVK_2022.01").results]
    assert told == [(2.5, 2.5, 3.5), (1.5, 2.5, 3.5), (2.0, 2.5, 3.5)]


def test_vaccinations_have_lot_and_rank() -> None:
    found = facts("VAC_2023.01").vaccinations
    assert [(v.on, v.lot, v.rank) for v in found] == [
        (date(1975, 1, 1), "235421176", 1),
        (date(2009, 9, 28), "4456668", 1),
        (date(2009, 9, 28), "4456672", 2),
        (date(2021, 4, 9), "357904636", 1),
    ]
    assert [code.code for code in found[1].codes] == ["68747507", "J07AM", "3400932857241"]
    assert {v.performer.name for v in found} == {"Charles MULLER"}


def test_doses_of_a_certificate_are_not_dated() -> None:
    found = facts("CSE-CS24_2024.01").vaccinations
    assert all(v.undated and v.on == date(2021, 8, 3) for v in found)
    assert sum(v.codes[0].code == "J07CA01" for v in found) == 3
    assert facts("CSE-CS24_2024.01").allergies[0].label == "Allergie alimentaire"


def test_a_discharge_letter_tells_the_stay() -> None:
    found = facts("LDL-SES_2022.01")
    (stay,) = found.stays
    assert (stay.start, stay.end) == (date(2019, 10, 29), date(2019, 12, 3))
    assert stay.place.startswith("Hôpital Européen")
    assert stay.reason.startswith("Episode psychotique")
    assert [(s.provenance, s.anchor) for s in stay.sources] == [
        (Provenance.STRUCTURED, ""), (Provenance.EXTRACTED, "42349-1"),
    ]  # fmt: skip
    stopped, leaving = found.prescribed
    assert (stopped.stop, leaving.start) == (date(2019, 10, 29), date(2019, 12, 3))
    assert leaving.codes[1].code == "N05AH02"


def test_a_passage_in_emergency_has_its_diagnosis() -> None:
    (stay,) = facts("DLU-FR-SU_2025.01").stays
    assert (stay.nature, stay.start, stay.end) == (
        "Passage aux urgences", date(2025, 7, 22), date(2025, 7, 22),
    )  # fmt: skip
    assert [code.code for code in stay.codes] == ["J41.0"]


def test_imaging_has_code_modality_and_region() -> None:
    found = facts("IMG_CR_IMG_2024.01").imaging
    assert [(i.code and i.code.code, i.modality, bool(i.region)) for i in found] == [
        ("ACQH004", "CT", True), ("LCQH001", "CT", True), ("ZBQH001", "CT", True),
    ]  # fmt: skip
    assert {i.on for i in found} == {date(2021, 1, 8)}
    assert {i.performer.name for i in found} == {"Jacques BIDEAULT"}


def test_a_prescription_has_its_dosage_in_words() -> None:
    first, prepared = facts("eP-MED-DM_2024.01_PosoStruct").prescribed
    assert first.dosage.startswith("1 comprimé, 3 fois/j")
    assert ", puis 1 comprimé, 2 fois/j" in first.dosage
    assert first.dosage.endswith("au plus 4 par jour, voie orale")
    assert {"63107752", "MV00002306", "3400933516390", "N02BE01"} == {c.code for c in first.codes}
    assert (first.start, first.stop) == (date(2023, 12, 1), date(2023, 12, 6))
    assert first.prescriber.id.startswith("8")
    assert prepared.codes == ()
    assert prepared.label.startswith("Préparation magistrale")


def test_a_delivery_has_boxes_prescriber_and_pharmacy() -> None:
    first, second = facts("eDISP-MED_2024.01").dispensed
    assert (first.boxes, first.on, first.prescribed_on) == (
        2,
        date(2024, 12, 25),
        date(2021, 12, 1),
    )
    assert first.prescriber.name == "Jacques BIDEAULT"
    assert first.pharmacy.place == "Pharmacie du village"
    assert second.label.startswith("Préparation magistrale")


def test_what_is_denied_is_no_fact() -> None:
    problems = {p.code.code for p in facts("ANEST-CR-CPA_2022.01").problems if p.code}
    assert problems.isdisjoint({"I10", "I26", "J40", "J81", "J44.9"})
    (allergy,) = facts("OBP-SAP_2024.01").allergies
    assert allergy.reaction == "urticaire"
    assert facts("TLM-DA_2022.01_TCG").allergies[0].reaction == ""


def test_a_tumour_has_the_code_of_its_site() -> None:
    (tumour,) = facts("CANCER-FRCP_2022.01_Appareil").problems
    assert tumour.code is not None
    assert tumour.code.code == "C50.2"
