"""Interactions: terms, classes, AUTRES, routes, conditional levels, one alert for each two products."""

from __future__ import annotations

import pytest

from dmp.domain.clinical.assembling import interactions_of_prescription, synthesis_of
from dmp.domain.clinical.facts import Findings
from dmp.domain.clinical.interactions import INJECTED_IRON, VAGINAL, Interaction, index_of
from dmp.domain.clinical.knowledge.medicines import Medicine
from dmp.domain.clinical.knowledge.thesaurus import Level, Thesaurus
from dmp.domain.clinical.synthesis import AlertClass
from dmp.domain.clinical.watching.wording import levels_of
from tests.builders.clinical import (
    ASDEC,
    CI,
    IBUPROFEN,
    KETOPROFEN,
    KETOPROFEN_GEL,
    METFORMIN,
    MICONAZOLE,
    PARACETAMOL,
    SIMVASTATIN,
    THESAURUS,
    TIMOLOL_DROPS,
    VERAPAMIL,
    WARFARIN,
    a_delivery,
    a_knowledge,
    a_material,
    a_medicine,
    a_pair,
    a_prescription,
)


def found(*medicines: Medicine, thesaurus: Thesaurus = THESAURUS) -> list[Interaction]:
    return index_of(thesaurus).check(medicines)


def test_two_classes_meet() -> None:
    (one,) = found(WARFARIN, IBUPROFEN)
    assert (one.a, one.b, one.worst) == (0, 1, ASDEC)
    assert [pair.a_term for pair in one.pairs] == ["anticoagulants oraux"]


@pytest.mark.parametrize("medicines", [(WARFARIN, IBUPROFEN), (IBUPROFEN, WARFARIN)])
def test_the_order_asked_is_nothing(medicines: tuple[Medicine, ...]) -> None:
    assert found(*medicines)[0].pairs == found(WARFARIN, IBUPROFEN)[0].pairs


def test_nothing_is_found_where_nothing_is_printed() -> None:
    assert found(PARACETAMOL, METFORMIN) == []


def test_autres_are_two_different_members_of_the_class() -> None:
    (one,) = found(IBUPROFEN, KETOPROFEN)
    assert one.pairs[0].others
    assert found(IBUPROFEN, a_medicine("ibuprofene", key="cis:other-ibuprofen")) == []


def test_the_same_substance_twice_does_not_interact_with_itself() -> None:
    thesaurus = Thesaurus(pairs=(a_pair("x", "y"),), classes_of={"lithium": frozenset({"x", "y"})})
    assert (
        found(a_medicine("lithium"), a_medicine("lithium", key="cis:b"), thesaurus=thesaurus) == []
    )


def test_a_local_medicine_does_not_interact() -> None:
    assert found(WARFARIN, KETOPROFEN_GEL) == []


def test_a_medicine_with_one_route_into_the_body_interacts() -> None:
    both = a_medicine("ibuprofene", routes=("cutanee", "orale"))
    assert found(WARFARIN, both)


def test_a_class_of_skin_medicines_is_local_where_no_route_is_known() -> None:
    unknown = a_medicine("ketoprofene", key="atc:D11AX18", atc="D11AX18", routes=())
    assert found(WARFARIN, unknown) == []
    swallowed = a_medicine("ibuprofene", key="atc:D10BA01", atc="D10BA01", routes=())
    assert found(WARFARIN, swallowed)


def test_miconazole_counts_by_every_route() -> None:
    (one,) = found(WARFARIN, MICONAZOLE)
    assert one.worst is CI


def test_beta_blockers_in_eye_drops_count() -> None:
    (one,) = found(TIMOLOL_DROPS, VERAPAMIL)
    assert one.worst is CI
    assert found(a_medicine("timolol", routes=("cutanee",)), VERAPAMIL) == []


@pytest.mark.parametrize(
    ("substance", "route", "counts"),
    [
        ("pilocarpine", "ophtalmique", True),
        ("pilocarpine", "cutanee", False),
        ("esketamine", "nasale", True),
        ("desmopressine", "nasale", True),
        ("ephedrine", "nasale", True),
        ("dihydroergotamine", "nasale", True),
        ("fentanyl", "nasale", True),
        ("sumatriptan", "nasale", True),
        ("virus vivant attenue de la grippe", "nasale", True),
        ("oxymetazoline", "nasale", False),
        ("nonoxynol 9", "vaginale", True),
        ("econazole", "vaginale", True),
        ("povidone iodee", "cutanee", True),
        ("merbromine", "cutanee", True),
        ("hydrocortisone", "cutanee", False),
        ("ciclosporine", "ophtalmique", False),
    ],
)
def test_the_local_exceptions_of_ansm(substance: str, route: str, counts: bool) -> None:
    thesaurus = Thesaurus(pairs=(a_pair(substance, "warfarine"),), classes_of={})
    assert (
        bool(found(a_medicine(substance, routes=(route,)), WARFARIN, thesaurus=thesaurus)) is counts
    )


def test_a_term_that_names_its_routes_holds_for_them_only() -> None:
    term = "sympathomimetiques alpha voies orale et/ou nasale"
    thesaurus = Thesaurus(
        pairs=(a_pair(term, "moclobemide"),), classes_of={"phenylephrine": frozenset({term})}
    )
    partner = a_medicine("moclobemide")
    nasal = a_medicine("phenylephrine", routes=("nasale",))
    drops = a_medicine("phenylephrine", routes=("ophtalmique",))
    assert found(nasal, partner, thesaurus=thesaurus)
    assert found(drops, partner, thesaurus=thesaurus) == []


def test_a_vaginal_medicine_meets_spermicides() -> None:
    thesaurus = Thesaurus(
        pairs=(a_pair("spermicides", VAGINAL),),
        classes_of={"nonoxynol 9": frozenset({"spermicides"})},
    )
    spermicide = a_medicine("nonoxynol 9", routes=("vaginale",))
    ovule = a_medicine("metronidazole", routes=("vaginale",))
    assert found(spermicide, ovule, thesaurus=thesaurus)
    assert found(spermicide, a_medicine("metronidazole"), thesaurus=thesaurus) == []


def test_iron_by_mouth_meets_injected_iron() -> None:
    thesaurus = Thesaurus(pairs=(a_pair("fer", INJECTED_IRON),), classes_of={})
    tablets, injected = a_medicine("fer"), a_medicine("fer", key="b", routes=("intraveineuse",))
    assert found(tablets, injected, thesaurus=thesaurus)
    assert found(tablets, a_medicine("fer", key="c"), thesaurus=thesaurus) == []


def test_drinks_and_food_never_alert() -> None:
    drink = a_medicine("alcool boisson ou excipient")
    assert found(METFORMIN, drink) == []


def test_the_specific_and_the_class_entry_are_both_kept_the_gravest_first() -> None:
    (one,) = found(VERAPAMIL, SIMVASTATIN)
    assert [levels_of(pair) for pair in one.pairs] == ["CI-APEC", "PE"]


def test_of_two_entries_as_grave_the_one_that_names_the_substance_comes_first() -> None:
    thesaurus = Thesaurus(
        pairs=(
            a_pair("classe", "warfarine", Level.PRECAUTION),
            a_pair("verapamil", "warfarine", Level.PRECAUTION),
        ),
        classes_of={"verapamil": frozenset({"classe"})},
    )
    (one,) = found(VERAPAMIL, WARFARIN, thesaurus=thesaurus)
    assert [pair.a_term for pair in one.pairs] == ["verapamil", "classe"]


def test_the_index_of_a_thesaurus_is_made_once() -> None:
    assert index_of(THESAURUS) is index_of(THESAURUS)
    others = [Thesaurus(pairs=(a_pair("a", str(n)),)) for n in range(6)]
    assert all(index_of(one) is index_of(one) for one in others)


def test_one_alert_for_two_products_with_every_pair_inside() -> None:
    facts = Findings(dispensed=(a_delivery(VERAPAMIL, 3), a_delivery(SIMVASTATIN, 8)))
    (alert,) = synthesis_of(a_material(facts), a_knowledge()).alerts
    assert alert.alert_class is AlertClass.CONTRAINDICATION
    assert alert.level == "CI-APEC"
    assert "selon la dose ou le contexte" in alert.sentence
    assert "INHIBITEURS DU CYP3A4 + STATINES (CI-APEC) : Mécanisme" in alert.mechanism
    assert "VERAPAMIL + SIMVASTATINE (PE) : Conduite" in alert.conduct
    assert alert.edition == "ANSM, thésaurus d'essai"
    assert [proof.label for proof in alert.proofs] == [VERAPAMIL.name, SIMVASTATIN.name]
    assert all(proof.sources for proof in alert.proofs)
    assert not alert.side


def test_a_single_pair_is_shown_as_printed() -> None:
    facts = Findings(dispensed=(a_delivery(WARFARIN), a_delivery(IBUPROFEN)))
    (alert,) = synthesis_of(a_material(facts), a_knowledge()).alerts
    assert (
        alert.mechanism
        == "Mécanisme de anticoagulants oraux et anti-inflammatoires non steroidiens."
    )
    assert alert.alert_class is AlertClass.INTERACTION


def test_precautions_stand_in_the_side_list() -> None:
    facts = Findings(dispensed=(a_delivery(WARFARIN), a_delivery(PARACETAMOL)))
    (alert,) = synthesis_of(a_material(facts), a_knowledge()).alerts
    assert alert.side
    assert alert.level == "PE"


def test_what_is_no_longer_taken_does_not_alert() -> None:
    facts = Findings(dispensed=(a_delivery(WARFARIN, 200), a_delivery(IBUPROFEN)))
    assert synthesis_of(a_material(facts), a_knowledge()).alerts == ()


def test_a_prescription_tells_what_it_brings() -> None:
    material = a_material(Findings(dispensed=(a_delivery(WARFARIN), a_delivery(PARACETAMOL))))
    (alert,) = interactions_of_prescription(
        [a_prescription(IBUPROFEN, start=None)], material, a_knowledge()
    )
    assert "ibuprofene" in alert.sentence
    assert interactions_of_prescription([a_prescription(METFORMIN)], material, a_knowledge()) == ()


def test_a_delivery_tells_what_it_brings() -> None:
    material = a_material(Findings(dispensed=(a_delivery(WARFARIN),)))
    (alert,) = interactions_of_prescription([a_delivery(MICONAZOLE, 0)], material, a_knowledge())
    assert alert.alert_class is AlertClass.CONTRAINDICATION


def test_a_renewal_says_what_the_medicine_still_meets() -> None:
    material = a_material(Findings(dispensed=(a_delivery(WARFARIN), a_delivery(IBUPROFEN))))
    (alert,) = interactions_of_prescription([a_prescription(WARFARIN, 0)], material, a_knowledge())
    assert alert.level == "ASDEC"
