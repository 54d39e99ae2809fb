"""How a line of the profile is told: after its name, a few words at a time."""

from __future__ import annotations

from collections.abc import Iterator

from dmp.domain.record.declared.lines import (
    Allergy,
    Condition,
    Disability,
    DisabilityKind,
    FamilyCondition,
    HospitalStay,
    PersonToWarn,
    Relative,
    Severity,
    Treatment,
    VaccineGiven,
)
from dmp.domain.record.declared.said import PartialDay
from dmp.domain.record.declared.vaccines import VACCINES, Against
from dmp.entrypoints.web.declaring.fields import said_day
from dmp.locale import translate

SEVERITIES = {
    Severity.LIGHT: "Légère",
    Severity.MODERATE: "Moyenne",
    Severity.SEVERE: "Sévère : malaise, gêne pour respirer, hospitalisation",
}
DISABILITIES = {
    DisabilityKind.LIMITATION: "Une difficulté ou un handicap",
    DisabilityKind.AID: "Un appareillage : fauteuil, prothèse auditive…",
    DisabilityKind.IMPLANT: "Un dispositif dans le corps : stimulateur cardiaque, prothèse, pompe…",
}
RELATIVES = {
    Relative.MOTHER: "Mère",
    Relative.FATHER: "Père",
    Relative.SISTER: "Sœur",
    Relative.BROTHER: "Frère",
    Relative.CHILD: "Enfant",
    Relative.GRANDPARENT: "Grand-parent",
    Relative.UNCLE_OR_AUNT: "Oncle ou tante",
    Relative.OTHER: "Autre parent",
}


def since(partial: PartialDay | None) -> Iterator[str]:
    """Since when, where it is known."""
    if partial is not None:
        words = "depuis le {day}" if partial.is_whole else "depuis {day}"
        yield translate(words, day=said_day(partial))


def until(partial: PartialDay | None) -> Iterator[str]:
    """Until when, where it is known."""
    if partial is not None:
        words = "jusqu’au {day}" if partial.is_whole else "jusqu’à {day}"
        yield translate(words, day=said_day(partial))


def allergy(one: Allergy) -> Iterator[str]:
    """The reaction, how grave, since when."""
    if one.reaction:
        yield one.reaction
    if one.severity is not None:
        yield translate("réaction {severity}", severity=_SEVERITY_WORDS[one.severity])
    yield from since(one.since)


_SEVERITY_WORDS = {
    Severity.LIGHT: "légère",
    Severity.MODERATE: "moyenne",
    Severity.SEVERE: "sévère",
}


def condition(one: Condition) -> Iterator[str]:
    """Past or present, since when, until when."""
    if not one.active:
        yield translate("dans le passé")
    yield from since(one.since)
    yield from until(one.until)
    if one.note:
        yield one.note


def treatment(one: Treatment) -> Iterator[str]:
    """How it is taken, what for, since when."""
    if one.dosage:
        yield one.dosage
    if one.reason:
        yield translate("pour : {reason}", reason=one.reason)
    if one.self_medication:
        yield translate("sans ordonnance")
    yield from since(one.start)
    yield from until(one.stop)


def vaccine(one: VaccineGiven) -> Iterator[str]:
    """When, which vaccine, by whom."""
    yield said_day(one.on)
    if one.label and one.against is not Against.OTHER:
        yield one.label
    if one.lot:
        yield translate("lot {lot}", lot=one.lot)
    if one.by_whom:
        yield translate("fait par {who}", who=one.by_whom)


def vaccine_name(one: VaccineGiven) -> str:
    """What it is against; the name of the vaccine where no word of the carnet says it."""
    return one.label if one.against is Against.OTHER else translate(VACCINES[one.against][0])


def stay(one: HospitalStay) -> Iterator[str]:
    """Where, and when."""
    if one.place:
        yield one.place
    yield said_day(one.start)
    yield from until(one.end)


def disability(one: Disability) -> Iterator[str]:
    """Its kind, since when, what helps."""
    yield translate(_DISABILITY_WORDS[one.kind])
    yield from since(one.since)
    if one.note:
        yield one.note


_DISABILITY_WORDS = {
    DisabilityKind.LIMITATION: "difficulté ou handicap",
    DisabilityKind.AID: "appareillage",
    DisabilityKind.IMPLANT: "dispositif dans le corps",
}


def family(one: FamilyCondition) -> Iterator[str]:
    """Whose, and at which age."""
    yield translate(RELATIVES[one.relative])
    if one.age is not None:
        yield translate("à l’âge de {age} ans", age=one.age)


def person(one: PersonToWarn) -> Iterator[str]:
    """The relation, and the number."""
    if one.relation:
        yield one.relation
    yield one.phone
