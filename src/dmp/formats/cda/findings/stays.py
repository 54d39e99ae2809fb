"""Stays in hospital and passages in emergency: the encounter of the document, and those a section lists.

Source: CDA R2 (encompassingEncounter); CI-SIS LDL-SES, DLU (FR-SU), FR-Rencontre; HL7 ActEncounterCode.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import Provenance, Source, Stay
from dmp.formats.cda.document import along, child, v3
from dmp.formats.cda.findings.participants import performer_of
from dmp.formats.cda.findings.place import Place, Reading, is_negated, shortened
from dmp.formats.cda.findings.statements import ENCOUNTER, has_happened
from dmp.formats.cda.findings.words import CODE, TIME, attribute, coded, period_of, words_of

REASON: Final = ("42349-1", "29299-5")
"""Sections that say why: of a recourse, of a visit."""
_NATURES: Final = {
    "IMP": "Hospitalisation", "ACUTE": "Hospitalisation", "NONAC": "Hospitalisation",
    "SS": "Hospitalisation de courte durée", "EMER": "Passage aux urgences", "HH": "Hospitalisation à domicile",
    "OBSENC": "Hospitalisation",
    "ORG-077": "Hospitalisation",  # of TerminologieCISIS
}  # fmt: skip
_TYPES: Final = {
    "11490-0": "Hospitalisation",  # lettre de liaison à la sortie
    "34112-3": "Hospitalisation",  # compte rendu hospitalier
    "18842-5": "Hospitalisation",
    "15508-5": "Hospitalisation pour accouchement",
    "15507-7": "Passage aux urgences",
    "60280-5": "Passage aux urgences",  # fiche de retour du service des urgences
}
# Orders and results say in which encounter they were made: that is no report of a stay.
_NOT_OF_STAYS: Final = frozenset(
    ("11502-2", "18748-4", "55115-0", "57833-6", "60593-1", "75496-0", "34133-9", "REMB")
)
_COMPONENT_OF, _ENCOMPASSING = v3("componentOf"), v3("encompassingEncounter")
_LOCATION, _FACILITY, _NAME = v3("location"), v3("healthCareFacility"), v3("name")
_ORGANISATION = v3("serviceProviderOrganization")
_DOCUMENTATION, _SERVICE_EVENT = v3("documentationOf"), v3("serviceEvent")
_CUSTODIAN = (
    v3("custodian"),
    v3("assignedCustodian"),
    v3("representedCustodianOrganization"),
    _NAME,
)
_PARTICIPANT, _ROLE, _ENTITY = v3("participant"), v3("participantRole"), v3("playingEntity")
_UNNAMED = "Établissement non précisé"
_REASON_LENGTH = 300
_MOST_DIAGNOSES = 12


def stay_of_document(reading: Reading, reason: tuple[str, str]) -> None:
    """The stay that the document reports on, if it does; `reason` is the text of its section and its code."""
    encounter = along(reading.root, _COMPONENT_OF, _ENCOMPASSING)
    event = along(reading.root, _DOCUMENTATION, _SERVICE_EVENT)
    nature = _nature(reading, encounter, event)
    if not nature:
        return
    start, end = period_of(None if encounter is None else child(encounter, TIME))
    if start is None and event is not None and reading.type_code in _TYPES:
        start, other_end = period_of(child(event, TIME))
        end = end or other_end
    if start is None or (end is not None and end < start):
        return
    place = Place(reading=reading, code="")
    sources: tuple[Source, ...] = place.sources
    why, section = reason
    if why:
        told = Place(reading=reading, code=section)
        sources = (*sources, told.source(Provenance.EXTRACTED))
    reading.found.add(
        "stays",
        Stay(
            place=_where(reading, encounter, event),
            start=start,
            end=end,
            nature=nature,
            reason=shortened(why, _REASON_LENGTH),
            codes=tuple(dict.fromkeys(reading.diagnoses))[:_MOST_DIAGNOSES],
            sources=sources,
        ),
    )


def _nature(
    reading: Reading, encounter: etree._Element | None, event: etree._Element | None
) -> str:
    if reading.type_code in _NOT_OF_STAYS:
        return ""
    kinds = (
        attribute(None if holder is None else child(holder, CODE), "code", 20)
        for holder in (encounter, event)
    )
    coded_nature = next((_NATURES[kind] for kind in kinds if kind in _NATURES), "")
    return _TYPES.get(reading.type_code, "") or coded_nature


def _where(reading: Reading, encounter: etree._Element | None, event: etree._Element | None) -> str:
    """The place of the encounter, else the structure of who performed, else who keeps the document."""
    facility = None if encounter is None else along(encounter, _LOCATION, _FACILITY)
    names = (
        None if facility is None else along(facility, _LOCATION, _NAME),
        None if facility is None else along(facility, _ORGANISATION, _NAME),
    )
    return (
        next((said for name in names if (said := words_of(name))), "")
        or reading.author.place
        or performer_of(event).place
        or words_of(along(reading.root, *_CUSTODIAN))
    )


def listed_stay(place: Place, statement: etree._Element) -> None:
    """A stay in a list of encounters; consultations are left out."""
    if statement.tag != ENCOUNTER or is_negated(statement) or not has_happened(statement):
        return
    code = coded(child(statement, CODE))
    nature = _NATURES.get(code.code, "") if code is not None else ""
    start, end = period_of(child(statement, TIME))
    if not nature or start is None:
        return
    where = ""
    for participant in statement.iterchildren(_PARTICIPANT):
        if participant.get("typeCode") == "LOC":
            where = where or words_of(along(participant, _ROLE, _ENTITY, _NAME))
    place.add(
        "stays",
        Stay(
            place=where or performer_of(statement).place or _UNNAMED,
            start=start,
            end=end,
            nature=nature,
            sources=place.sources,
        ),
    )
