"""Medicines, deliveries and vaccinations: what was planned or not done is none."""

from __future__ import annotations

from datetime import date

import pytest

from dmp.domain.clinical.facts import Findings
from tests.formats.cda.findings.written import (
    BOX,
    medicine,
    read,
    section,
)

DOSAGES = [
    ("<text>un le soir</text>", "un le soir"),
    ('<doseQuantity value="1" unit="{tablet}"/>', "1 comprimé"),
    (
        '<doseQuantity><low value="1" unit="{tbl}"/><high value="2" unit="{tbl}"/></doseQuantity>',
        "1 à 2 comprimés",
    ),
    ('<doseQuantity value="2.5" unit="mL"/>', "2,5 mL"),
    (
        '<effectiveTime xsi:type="PIVL_TS"><period value="24" unit="h"/></effectiveTime>',
        "1 fois par jour",
    ),
    (
        '<effectiveTime xsi:type="PIVL_TS"><period value="8" unit="h"/></effectiveTime>',
        "toutes les 8 heures",
    ),
    (
        '<effectiveTime xsi:type="PIVL_TS"><period value="2" unit="wk"/></effectiveTime>',
        "toutes les 2 semaines",
    ),
    (
        '<effectiveTime xsi:type="PIVL_TS"><period value="3" unit="mo"/></effectiveTime>',
        "tous les 3 mois",
    ),
    ('<effectiveTime xsi:type="EIVL_TS"><event code="HS"/></effectiveTime>', "au coucher"),
    (
        '<effectiveTime xsi:type="SXPR_TS"><comp xsi:type="IVL_TS"><width value="5" unit="d"/></comp>'
        '<comp xsi:type="PIVL_TS"><period value="1" unit="d"/></comp></effectiveTime>',
        "1 fois par jour, pendant 5 jours",
    ),
    ('<routeCode code="1" displayName="Voie orale"/>', "voie orale"),
    (
        '<maxDoseQuantity><numerator value="3" unit="g"/><denominator value="1" unit="d"/></maxDoseQuantity>',
        "au plus 3 g par jour",
    ),
    ('<doseQuantity value="un peu"/>', ""),
    ('<effectiveTime xsi:type="PIVL_TS"><period value="0" unit="h"/></effectiveTime>', ""),
]


@pytest.mark.parametrize(("inner", "expected"), DOSAGES)
def test_dosages_in_words(inner: str, expected: str) -> None:
    (one,) = read(section("57828-6", medicine(BOX, inner=inner)), "57833-6").prescribed
    assert (one.label, one.dosage) == ("ESSAI 5 mg", expected)


def test_the_author_of_a_prescription_is_its_prescriber() -> None:
    author = (
        '<author><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="899700000019"/>'
        '<code code="G15_10/SM26" displayName="Médecin généraliste"/>'
        "<assignedPerson><name><given>Anne</given><family>Essai</family></name></assignedPerson>"
        "<representedOrganization><name>Cabinet</name></representedOrganization></assignedAuthor></author>"
    )
    (one,) = read(section("57828-6", medicine(BOX)), "57833-6", header=author).prescribed
    who = one.prescriber
    assert (who.name, who.id, who.speciality, who.place) == (
        "Anne ESSAI", "899700000019", "Médecin généraliste", "Cabinet",
    )  # fmt: skip
    (listed,) = read(section("10160-0", medicine(BOX)), header=author).prescribed
    assert listed.prescriber.name == ""


def test_codes_of_the_pharmacy_extension_are_read() -> None:
    product = (
        "<code nullFlavor='NA'/><name>ESSAI</name><pharm:asContent><pharm:containerPackagedMedicine>"
        '<pharm:code code="3400930000000" codeSystem="1.2.250.1.213.2.3.2"/></pharm:containerPackagedMedicine>'
        "</pharm:asContent><pharm:asSpecializedKind><pharm:generalizedMedicineClass>"
        '<pharm:code code="N02BE01" codeSystem="2.16.840.1.113883.6.73"/></pharm:generalizedMedicineClass>'
        "</pharm:asSpecializedKind>"
    )
    (one,) = read(section("57828-6", medicine(product)), "57833-6").prescribed
    assert (one.label, [code.code for code in one.codes]) == ("ESSAI", ["3400930000000", "N02BE01"])


@pytest.mark.parametrize(
    "entry",
    [
        medicine(BOX, code='<code code="no-known-medications"/>'),
        medicine(BOX).replace(
            "<substanceAdministration", '<substanceAdministration negationInd="true"'
        ),
        medicine(BOX, inner='<statusCode code="aborted"/>'),
        medicine('<code nullFlavor="NA"/><name nullFlavor="NA"/>'),
        '<substanceAdministration classCode="SBADM" moodCode="EVN"/>',
    ],
)
def test_what_is_not_taken_is_no_treatment(entry: str) -> None:
    assert read(section("10160-0", entry)) == Findings()


def test_a_treatment_given_in_a_stay_ends_with_it() -> None:
    (one,) = read(section("18610-6", medicine(BOX))).prescribed
    assert one.stop == date(2025, 3, 4)


@pytest.mark.parametrize(
    ("quantity", "boxes"), [("2", 2), ("0.5", 0.5), ("0", 1), ("-3", 1), ("x", 1), ("9e9", 1)]
)
def test_boxes_are_positive(quantity: str, boxes: float) -> None:
    supply = (
        '<supply classCode="SPLY" moodCode="EVN"><effectiveTime value="20250301"/>'
        f'<quantity value="{quantity}"/>'
        f"<product><manufacturedProduct><manufacturedMaterial>{BOX}</manufacturedMaterial></manufacturedProduct>"
        "</product></supply>"
    )
    (one,) = read(section("60590-7", supply), "60593-1").dispensed
    assert (one.boxes, one.on, one.label) == (boxes, date(2025, 3, 1), "ESSAI 5 mg")


def vaccination(
    inner: str = "", *, mood: str = "EVN", time: str = "20250301", more: str = ""
) -> str:
    code = '<code code="IMMUNIZ" codeSystem="2.16.840.1.113883.5.4"/>'
    when = f'<effectiveTime value="{time}"/>' if time else '<effectiveTime nullFlavor="NAV"/>'
    return medicine(BOX, code=code, inner=when + inner, mood=mood).replace(
        "moodCode", f"{more} moodCode", 1
    )


def test_only_a_vaccination_that_was_done_is_one() -> None:
    assert len(read(section("11369-6", vaccination())).vaccinations) == 1
    assert read(section("11369-6", vaccination(more='negationInd="true"'))) == Findings()
    assert read(section("11369-6", vaccination(mood="INT"))) == Findings()
    assert read(section("18776-5", vaccination())) == Findings()
    # In a section that is not known, and in a list of treatments, the code of the act tells.
    assert len(read(section("99999-9", vaccination())).vaccinations) == 1
    listed = read(section("10160-0", vaccination()))
    assert (len(listed.vaccinations), listed.prescribed) == (1, ())


def test_an_undated_vaccination_is_of_the_day_of_its_document_and_says_so() -> None:
    (one,) = read(section("11369-6", vaccination(time=""))).vaccinations
    assert (one.on, one.undated) == (date(2025, 3, 4), True)
