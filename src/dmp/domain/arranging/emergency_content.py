"""What stands on an emergency card: the least that helps whoever finds a person who cannot speak.

Pure: the card is made of the profile and of the synthesis that exist for whoever prints it. It carries no
name in full, no number and no address of the record.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.domain.clinical.coding import kind_of
from dmp.domain.clinical.facts import Allergy, Device
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.identity.patient import Traits
from dmp.domain.record.declared.lines import DisabilityKind
from dmp.domain.record.profile import Profile

_SEVERE = ("sévère", "severe", "grave", "anaphyla", "vital", "choc")
_IMPLANTS = "3"
"""What codes of implanted devices begin with. Source: LPP, titre III."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllergyOnCard:
    """To what, and whether a reaction was severe."""

    label: str
    reaction: str = ""
    severe: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentOnCard:
    """A current treatment of a critical class: `kind` is its word (anticoagulant, insuline...)."""

    label: str
    kind: str
    dosage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOnCard:
    """Whom to call; `trusted` is the personne de confiance."""

    name: str
    phone: str
    relation: str = ""
    trusted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyCardContent:
    """The card. `initials` are of the given name, then of the name in use (`M. D.`).

    `allergies`: severe ones first; `no_known_allergy` said aloud; neither means that nobody said.
    `blood_group` is declared, never proof for a transfusion. `has_directives` False: none are known.
    """

    initials: str
    birth_year: int
    allergies: tuple[AllergyOnCard, ...] = ()
    no_known_allergy: bool = False
    treatments: tuple[TreatmentOnCard, ...] = ()
    blood_group: str = ""
    devices: tuple[str, ...] = ()
    persons: tuple[PersonOnCard, ...] = ()
    has_directives: bool = False
    directives_kept_at: str = ""

    @property
    def says_something(self) -> bool:
        """Whether there is anything on it but who it is of."""
        return self != EmergencyCardContent(initials=self.initials, birth_year=self.birth_year)


def emergency_card_of(
    traits: Traits, profile: Profile, synthesis: Synthesis
) -> EmergencyCardContent:
    """The card of a person, from her profile and the synthesis that exists for her."""
    directives = profile.wishes.directives
    return EmergencyCardContent(
        initials=_initials(traits),
        birth_year=traits.birth_date.year,
        allergies=tuple(sorted(_allergies(synthesis), key=lambda a: (not a.severe, a.label))),
        no_known_allergy=bool(synthesis.no_known_allergy),
        treatments=tuple(
            TreatmentOnCard(label=one.label, kind=one.critical, dosage=one.dosage)
            for one in synthesis.treatments
            if one.critical and one.is_current
        ),
        blood_group="" if profile.blood_group is None else profile.blood_group.value,
        devices=_devices(profile, synthesis),
        persons=_persons(profile),
        has_directives=directives.exist or bool(synthesis.has_directives),
        directives_kept_at=directives.kept_at,
    )


def _initials(traits: Traits) -> str:
    names = (
        traits.used_given_name or traits.first_given_name,
        traits.used_name or traits.birth_name,
    )
    return " ".join(f"{name.strip()[0].upper()}." for name in names if name.strip())


def _allergies(synthesis: Synthesis) -> list[AllergyOnCard]:
    return [
        AllergyOnCard(label=one.label, reaction=one.reaction, severe=_is_severe(one))
        for one in synthesis.allergies
        if one.active
    ]


def _is_severe(allergy: Allergy) -> bool:
    words = f"{allergy.severity} {allergy.reaction}".lower()
    return any(word in words for word in _SEVERE)


def _devices(profile: Profile, synthesis: Synthesis) -> tuple[str, ...]:
    """What is in the body: declared, or delivered as such."""
    declared = [one.label for one in profile.disabilities if one.kind is DisabilityKind.IMPLANT]
    delivered = [one.label for one in synthesis.devices if _is_implanted(one)]
    return tuple(dict.fromkeys([*declared, *delivered]))


def _is_implanted(device: Device) -> bool:
    code = device.code
    return code is not None and kind_of(code) == "lpp" and code.code.startswith(_IMPLANTS)


def _persons(profile: Profile) -> tuple[PersonOnCard, ...]:
    """The persons to warn, then the person of trust where she is not one of them."""
    found = [
        PersonOnCard(name=one.name, phone=one.phone, relation=one.relation)
        for one in profile.persons_to_warn
    ]
    trusted = profile.wishes.trusted
    if trusted is not None:
        found = [one for one in found if one.phone != trusted.phone]
        person = PersonOnCard(
            name=trusted.name, phone=trusted.phone, relation=trusted.relation, trusted=True
        )
        found.insert(0, person)
    return tuple(found)
