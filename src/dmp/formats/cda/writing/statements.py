"""Writing problems, allergies, procedures and devices as entries, and "none known".

Source: IHE PCC (problem concern 1.3.6.1.4.1.19376.1.5.3.1.4.5.2, allergy concern …4.5.3, procedure …4.19);
CI-SIS FR-Liste-des-problemes, FR-Liste-des-allergies-et-hypersensibilites, FR-Acte, FR-Dispositif-medical;
IPS value set "absent or unknown".
"""

from __future__ import annotations

from datetime import date
from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import Agent, Allergy, Device, Performed, Problem
from dmp.domain.codes import LOINC, Code
from dmp.domain.identifiers import PS_ROOT
from dmp.formats.cda.clinical_document import NoneKnown
from dmp.formats.cda.hl7time import write_date
from dmp.formats.cda.writing.elements import TYPE, add, add_code, add_templates
from dmp.formats.cda.writing.place import EntryPlace

ABSENT: Final = "2.16.840.1.113883.5.1150.1"
_SNOMED = "2.16.840.1.113883.6.96"
_CONCERN = (("2.16.840.1.113883.10.20.1.27", ""), ("1.3.6.1.4.1.19376.1.5.3.1.4.5.1", ""))
_PROBLEM_CONCERN = (
    *_CONCERN, ("1.3.6.1.4.1.19376.1.5.3.1.4.5.2", ""), ("1.2.250.1.213.1.1.3.39", ""),
)  # fmt: skip
_ALLERGY_CONCERN = (
    *_CONCERN, ("1.3.6.1.4.1.19376.1.5.3.1.4.5.3", ""), ("1.2.250.1.213.1.1.3.40", ""),
)  # fmt: skip
_PROBLEM = (
    ("2.16.840.1.113883.10.20.1.28", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.5", ""),
    ("1.2.250.1.213.1.1.3.37", ""),
)
_ALLERGY = (
    ("2.16.840.1.113883.10.20.1.18", ""),
    ("2.16.840.1.113883.10.20.1.28", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.5", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.6", ""),
    ("1.2.250.1.213.1.1.3.41", ""),
)
_REACTION = (("2.16.840.1.113883.10.20.1.54", ""), *_PROBLEM)
_SEVERITY = (
    ("2.16.840.1.113883.10.20.1.55", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.1", ""),
    ("1.2.250.1.213.1.1.3.29", ""),
)
_STATUS = (
    ("2.16.840.1.113883.10.20.1.50", ""),
    ("2.16.840.1.113883.10.20.1.57", ""),
    ("1.3.6.1.4.1.19376.1.5.3.1.4.1.1", ""),
    ("1.2.250.1.213.1.1.3.30", ""),
)
_PROCEDURE = (
    ("1.3.6.1.4.1.19376.1.5.3.1.4.19", ""),
    ("2.16.840.1.113883.10.20.1.29", ""),
    ("1.2.250.1.213.1.1.3.62", ""),
)
_DEVICE = (("2.16.840.1.113883.10.20.1.34", ""), ("1.2.250.1.213.1.1.3.20", ""))
_DIAGNOSIS = Code("282291009", _SNOMED, "interprétation diagnostique")
_SYMPTOM = Code("418799008", _SNOMED, "symptôme rapporté par le patient ou le répondant")
_ANY_ALLERGY = Code("609328004", _SNOMED, "allergie")
_MEDICINE_ALLERGY = Code("416098002", _SNOMED, "allergie médicamenteuse")
_MEDICINE_SYSTEMS = frozenset(
    ("2.16.840.1.113883.6.73", "1.2.250.1.213.2.3.1", "1.2.250.1.213.2.3.2")
)
_PROBLEM_STATUS, _ALLERGY_STATUS = (
    "2.16.840.1.113883.4.642.1.1074",
    "2.16.840.1.113883.4.642.4.1373",
)
_SEVERITIES: Final = {
    "léger": "255604002", "légère": "255604002", "modéré": "6736007", "modérée": "6736007",
    "grave": "24484000", "sévère": "24484000", "mortel": "399166001",
}  # fmt: skip
_SAID: Final = {
    NoneKnown.ALLERGIES: "Pas d'allergie ni d'hypersensibilité connue",
    NoneKnown.PROBLEMS: "Pas de problème connu",
    NoneKnown.MEDICATIONS: "Pas de traitement médicamenteux connu",
}


def write_problem(entry: etree._Element, problem: Problem, place: EntryPlace) -> None:
    """One problem in its concern."""
    since, until = problem.since, problem.until
    concern = _concern(entry, _PROBLEM_CONCERN, place, since, until, active=problem.active)
    observation = _observation(concern, "SUBJ", _PROBLEM, _DIAGNOSIS, place)
    _period(observation, problem.since, problem.until)
    place.value(observation, problem.code, problem.label)
    _status(observation, place, _PROBLEM_STATUS, active=problem.active)


def write_allergy(entry: etree._Element, allergy: Allergy, place: EntryPlace) -> None:
    """One allergy in its concern, with its agent, its reaction and how severe it was."""
    concern = _concern(entry, _ALLERGY_CONCERN, place, None, None, active=True)
    kind = _ANY_ALLERGY
    if allergy.code is not None and allergy.code.system in _MEDICINE_SYSTEMS:
        kind = _MEDICINE_ALLERGY
    observation = _observation(concern, "SUBJ", _ALLERGY, kind, place)
    _period(observation, allergy.since, None)
    value = add(observation, "value")
    value.set(TYPE, "CD")
    place.original(value)
    role = add(add(observation, "participant", typeCode="CSM"), "participantRole", classCode="MANU")
    agent = add(role, "playingEntity", classCode="MMAT")
    place.coded(agent, "code", allergy.code, allergy.label)
    add(agent, "name", allergy.label)
    if allergy.severity and not allergy.reaction:
        _severity(observation, allergy.severity, place)
    _status(observation, place, _ALLERGY_STATUS, active=allergy.active)
    if allergy.reaction:
        reaction = _observation(observation, "MFST", _REACTION, _SYMPTOM, place)
        _period(reaction, None, None)
        place.value(reaction, None, allergy.reaction)
        if allergy.severity:
            _severity(reaction, allergy.severity, place)


def write_none_known(entry: etree._Element, kind: NoneKnown, place: EntryPlace) -> None:
    """The entry of a section that says that there is nothing."""
    code = Code(kind.value, ABSENT, _SAID[kind])
    if kind is NoneKnown.ALLERGIES:
        concern = _concern(entry, _ALLERGY_CONCERN, place, None, None, active=True)
        observation = _observation(concern, "SUBJ", _ALLERGY, _ANY_ALLERGY, place)
    else:
        concern = _concern(entry, _PROBLEM_CONCERN, place, None, None, active=True)
        observation = _observation(concern, "SUBJ", _PROBLEM, _DIAGNOSIS, place)
    _period(observation, None, None)
    place.value(observation, code, code.display)


def write_procedure(entry: etree._Element, act: Performed, place: EntryPlace) -> None:
    """One act done."""
    procedure = add(entry, "procedure", classCode="PROC", moodCode="EVN")
    add_templates(procedure, _PROCEDURE)
    place.identify(procedure)
    place.coded(procedure, "code", act.code if act.code.code else None, act.label)
    place.refer(procedure)
    add(procedure, "statusCode", code="completed")
    add(procedure, "effectiveTime", value=write_date(act.on))
    if act.performer.display:
        write_agent(add(procedure, "performer", typeCode="PRF"), "assignedEntity", act.performer)


def write_device(entry: etree._Element, device: Device, place: EntryPlace) -> None:
    """One device that the person has."""
    supply = add(entry, "supply", classCode="SPLY", moodCode="EVN")
    add_templates(supply, _DEVICE)
    place.identify(supply)
    place.refer(supply)
    time = add(supply, "effectiveTime")
    time.set(TYPE, "IVL_TS")
    add(time, "low", value=write_date(device.on))
    if device.quantity != 1:
        add(supply, "quantity", value=f"{device.quantity:g}")
    role = add(add(supply, "participant", typeCode="DEV"), "participantRole", classCode="MANU")
    playing = add(role, "playingDevice", classCode="DEV", determinerCode="INSTANCE")
    place.coded(playing, "code", device.code, device.label)


def write_agent(parent: etree._Element, name: str, agent: Agent) -> None:
    """A person of whom a display name, an identifier and a place are known."""
    entity = add(parent, name)
    if agent.id:
        add(entity, "id", root=PS_ROOT, extension=agent.id)
    else:
        add(entity, "id", nullFlavor="UNK")
    if agent.speciality:
        add(add(entity, "code", nullFlavor="UNK"), "originalText", agent.speciality)
    add(entity, "addr", nullFlavor="NAV")
    add(entity, "telecom", nullFlavor="NAV")
    if agent.name:
        add(add(entity, "assignedPerson"), "name", agent.name)
    if agent.place:
        add(add(entity, "representedOrganization"), "name", agent.place)


def _concern(
    entry: etree._Element,
    templates: tuple[tuple[str, str], ...],
    place: EntryPlace,
    since: date | None,
    until: date | None,
    *,
    active: bool,
) -> etree._Element:
    concern = add(entry, "act", classCode="ACT", moodCode="EVN")
    add_templates(concern, templates)
    place.identify(concern)
    add(concern, "code", nullFlavor="NA")
    add(concern, "statusCode", code="active" if active else "completed")
    period = add(concern, "effectiveTime")
    period.set(TYPE, "IVL_TS")
    _bound(period, "low", since)
    if not active:  # a concern that is over has an end, be it unknown
        _bound(period, "high", until)
    return concern


def _observation(
    parent: etree._Element,
    relation: str,
    templates: tuple[tuple[str, str], ...],
    code: Code,
    place: EntryPlace,
) -> etree._Element:
    related = add(parent, "entryRelationship", typeCode=relation, inversionInd="false")
    element = add(related, "observation", classCode="OBS", moodCode="EVN", negationInd="false")
    add_templates(element, templates)
    place.identify(element)
    add_code(element, "code", code)
    place.refer(element)
    add(element, "statusCode", code="completed")
    return element


def _period(element: etree._Element, since: date | None, until: date | None) -> None:
    period = add(element, "effectiveTime")
    period.set(TYPE, "IVL_TS")
    _bound(period, "low", since)
    if until is not None:
        _bound(period, "high", until)


def _bound(period: etree._Element, name: str, day: date | None) -> None:
    if day is None:
        add(period, name, nullFlavor="UNK")
    else:
        add(period, name, value=write_date(day))


def _severity(parent: etree._Element, words: str, place: EntryPlace) -> None:
    related = add(parent, "entryRelationship", typeCode="SUBJ", inversionInd="true")
    element = add(related, "observation", classCode="OBS", moodCode="EVN")
    add_templates(element, _SEVERITY)
    add_code(element, "code", Code("SEV", "2.16.840.1.113883.5.4", "Sévérité"))
    place.refer(element)
    add(element, "statusCode", code="completed")
    known = _SEVERITIES.get(words.lower())
    place.value(element, Code(known, _SNOMED) if known else None, words)


def _status(parent: etree._Element, place: EntryPlace, system: str, *, active: bool) -> None:
    related = add(parent, "entryRelationship", typeCode="REFR", inversionInd="false")
    element = add(related, "observation", classCode="OBS", moodCode="EVN", negationInd="false")
    add_templates(element, _STATUS)
    add_code(element, "code", Code("33999-4", LOINC, "Status"))
    place.refer(element)
    add(element, "statusCode", code="completed")
    value = Code("active", system, "Actif") if active else Code("inactive", system, "Inactif")
    add_code(element, "value", value).set(TYPE, "CE")
