"""Who prescribed, who delivered, who did it: participations of an entry, with what is known of them.

Source: CI-SIS, CNAM-HR 2021.01; the identifier of who delivered is never said (nullFlavor UNK).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from lxml import etree

from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, PersonIdKind, StructureIdKind
from dmp.formats.cda.hl7time import write_date
from dmp.formats.cda.reimbursements.sections import Told
from dmp.formats.cda.writing.elements import add, add_id

RPPS_DIGITS = 11
FINESS_CHARACTERS = 9

Names = Mapping[str, str]


def person_id(identifier: str) -> str:
    """A number of the directory as a national person identifier; others as they came."""
    is_rpps = len(identifier) == RPPS_DIGITS and identifier.isdigit()
    return f"{PersonIdKind.RPPS}{identifier}" if is_rpps else identifier


def place_id(identifier: str) -> str:
    """A FINESS as a national structure identifier; others as they came."""
    is_finess = len(identifier) == FINESS_CHARACTERS
    return f"{StructureIdKind.FINESS}{identifier}" if is_finess else identifier


def write_delivery(supply: etree._Element, told: Told, names: Names) -> None:
    """Append who delivered, and when; of him the name of the place alone is told."""
    performer = add(supply, "performer", typeCode="PRF")
    add(performer, "time", value=write_date(told.line.start))
    entity = add(performer, "assignedEntity")
    add(entity, "id", nullFlavor="UNK")
    write_place(entity, told.line.place, names, told.entry.performer, always=True)


def write_prescriber(supply: etree._Element, told: Told, names: Names) -> None:
    """Append who prescribed, and on which day."""
    line = told.line
    author = add(supply, "author")
    write_day(author, "time", line.prescribed_on)
    assigned = add(author, "assignedAuthor")
    add_id(assigned, PS_ROOT if line.prescriber else "", person_id(line.prescriber))
    name = names.get(line.prescriber, "")
    write_name(assigned, name)
    write_place(assigned, line.prescriber_place, names, always=not name)


def write_performer(act: etree._Element, told: Told, names: Names) -> None:
    """Append who did it, and where."""
    line = told.line
    if not (line.performer or line.place):
        return
    entity = add(add(act, "performer"), "assignedEntity", classCode="ASSIGNED")
    add_id(entity, PS_ROOT if line.performer else "", person_id(line.performer))
    write_name(entity, names.get(line.performer, ""))
    write_place(entity, line.place, names)


def write_laboratory(act: etree._Element, told: Told, names: Names) -> None:
    """Append the laboratory, then the establishment; who worked there is not told."""
    if not (told.line.performer or told.line.place):
        return
    for _ in ("laboratory", "establishment"):
        entity = add(add(act, "performer"), "assignedEntity", classCode="ASSIGNED")
        add(entity, "id", nullFlavor="UNK")
        write_place(entity, told.line.place, names, otherwise=told.entry.performer)


def write_name(assigned: etree._Element, name: str) -> None:
    """Append the person by name: the directory gives one text, `Prénom NOM`."""
    if not name:
        return
    given, _, family = name.rpartition(" ")
    element = add(add(assigned, "assignedPerson"), "name")
    if given:
        add(element, "given", given)
    add(element, "family", family)


def write_place(
    assigned: etree._Element,
    finess: str,
    names: Names,
    otherwise: str = "",
    *,
    always: bool = False,
) -> None:
    """Append the place by its FINESS and name; `otherwise` is a name where no place is given.

    `always`: IHE PCC wants somebody named, if only to say that the name is not known.
    """
    name = names.get(finess, "") or ("" if finess else otherwise)
    if not (finess or name or always):
        return
    organisation = add(assigned, "representedOrganization")
    if finess:
        add_id(organisation, STRUCTURE_ROOT, place_id(finess))
    if name:
        add(organisation, "name", name)
    elif always:
        add(organisation, "name", nullFlavor="UNK")


def write_day(parent: etree._Element, name: str, value: date | None) -> None:
    """Append a day, or that it is not known."""
    if value is None:
        add(parent, name, nullFlavor="UNK")
    else:
        add(parent, name, value=write_date(value))
