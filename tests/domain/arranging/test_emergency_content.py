"""The emergency card: the least that helps, severe things first, nobody's name in full."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dmp.domain.arranging.emergency_content import (
    AllergyOnCard,
    PersonOnCard,
    TreatmentOnCard,
    emergency_card_of,
)
from dmp.domain.clinical.coding import CNAM_LPP
from dmp.domain.clinical.facts import Allergy, Device, Provenance, Source
from dmp.domain.clinical.synthesis import Synthesis, Treatment
from dmp.domain.codes import Code
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.record.declared.lines import Disability, DisabilityKind
from dmp.domain.record.declared.wishes import Directives, TrustedPerson, Wishes
from dmp.domain.record.profile import BloodGroup, PersonToWarn, Profile

WHO = Traits(
    birth_name="LEFORT",
    given_names="JEANNE MARIE",
    sex=Sex.FEMALE,
    birth_date=date(1958, 3, 14),
    used_name="DURAND",
)
AT = datetime(2026, 6, 1, tzinfo=UTC)
DAY = date(2026, 1, 1)
SAID = (Source(provenance=Provenance.DECLARED, on=DAY),)


def test_a_card_without_anything_says_nothing_but_who_it_is_of() -> None:
    card = emergency_card_of(WHO, Profile(), Synthesis(at=AT))
    assert (card.initials, card.birth_year) == ("J. D.", 1958)
    assert not card.says_something


def test_severe_allergies_stand_first_and_past_ones_not_at_all() -> None:
    synthesis = Synthesis(
        at=AT,
        allergies=(
            Allergy(label="Pollen"),
            Allergy(label="Pénicilline", severity="sévère"),
            Allergy(label="Venin", reaction="Choc anaphylactique"),
            Allergy(label="Lait", active=False),
        ),
    )
    card = emergency_card_of(WHO, Profile(), synthesis)
    assert [(one.label, one.severe) for one in card.allergies] == [
        ("Pénicilline", True), ("Venin", True), ("Pollen", False),
    ]  # fmt: skip
    assert card.allergies[2] == AllergyOnCard(label="Pollen") and card.says_something


def test_only_current_treatments_of_critical_classes_are_on_it() -> None:
    def treatment(label: str, critical: str, *, current: bool = True) -> Treatment:
        return Treatment(key=label, label=label, name=label, critical=critical, is_current=current)

    synthesis = Synthesis(
        at=AT,
        treatments=(
            treatment("apixaban", "anticoagulant"),
            treatment("paracétamol", ""),
            treatment("insuline", "insuline", current=False),
        ),
    )
    card = emergency_card_of(WHO, Profile(), synthesis)
    assert card.treatments == (TreatmentOnCard(label="apixaban", kind="anticoagulant"),)


def test_what_is_in_the_body_is_on_it_and_what_is_worn_is_not() -> None:
    synthesis = Synthesis(
        at=AT,
        devices=(
            Device(label="Stimulateur", on=DAY, code=Code("3453401", CNAM_LPP)),
            Device(label="Bandelettes", on=DAY, code=Code("1102460", CNAM_LPP)),
            Device(label="Sans code", on=DAY),
        ),
    )
    profile = Profile(
        disabilities=(
            Disability(label="Pompe à insuline", kind=DisabilityKind.IMPLANT),
            Disability(label="Fauteuil", kind=DisabilityKind.AID),
            Disability(label="Stimulateur", kind=DisabilityKind.IMPLANT),
        )
    )
    card = emergency_card_of(WHO, profile, synthesis)
    assert card.devices == ("Pompe à insuline", "Stimulateur")


def test_the_person_of_trust_stands_first_and_once() -> None:
    profile = Profile(
        blood_group=BloodGroup.O_NEGATIVE,
        persons_to_warn=(
            PersonToWarn(name="Paul", phone="0102030405", relation="époux"),
            PersonToWarn(name="Anne", phone="0102030406"),
        ),
        wishes=Wishes(
            trusted=TrustedPerson(name="Paul", phone="0102030405", relation="époux"),
            directives=Directives(kept_at="Chez Paul"),
        ),
    )
    card = emergency_card_of(WHO, profile, Synthesis(at=AT))
    assert card.persons == (
        PersonOnCard(name="Paul", phone="0102030405", relation="époux", trusted=True),
        PersonOnCard(name="Anne", phone="0102030406"),
    )
    assert card.has_directives and card.directives_kept_at == "Chez Paul"
    assert card.blood_group == "O-"


def test_directives_of_the_record_and_none_known_are_told() -> None:
    synthesis = Synthesis(at=AT, has_directives=True, no_known_allergy=SAID)
    card = emergency_card_of(WHO, Profile(), synthesis)
    assert card.has_directives and card.no_known_allergy
    silent = emergency_card_of(WHO, Profile(), Synthesis(at=AT, has_directives=False))
    assert not silent.has_directives
