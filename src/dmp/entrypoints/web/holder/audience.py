"""From whom something is kept, or through whose eyes one looks: professionals that are known, professions.

A professional stands in pages by a reference sealed for this reader and this record.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.domain.access.matrix import lines, professions, roles
from dmp.domain.errors import Reason, Refused
from dmp.domain.journal.event import TracedCaller
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Audience
from dmp.entrypoints.web.record.journal import visitor_of
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

KNOWN_FROM = 1000
"""So many traces are looked through for professionals who came."""

EVERYBODY = "tous"
Options = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Groups of a list to choose from: a heading, and under it values with their labels."""


REFERENCE = 1000
"""Characters of a choice that names a professional by a sealed reference, at most."""


def to_whom(name: str) -> str:
    """`aux opticiens`, `à Dr Martin`."""
    return (
        translate("aux {names}", names=name.removeprefix("Les "))
        if name.startswith("Les ")
        else translate("à {name}", name=name)
    )


def by_whom(name: str) -> str:
    """`par les opticiens`, `par Dr Martin`."""
    return (
        translate("par les {names}", names=name.removeprefix("Les "))
        if name.startswith("Les ")
        else translate("par {name}", name=name)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A professional whom the record knows. `line` is his profession and `structure_id` his place, if known."""

    person_id: str
    name: str
    about: str = ""
    line: str = ""
    structure_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """From whom something is kept: one profession or one professional. `name` is for people."""

    audience: Audience
    id: str
    name: str


async def met_professionals(visit: Visit, record: HealthRecord) -> dict[str, Known]:
    """Professionals seen in the journal, as they were the last time, by identifier.

    The page declares `read_traces`.
    """
    request = ReadTraces(record_id=record.record_id, limit=KNOWN_FROM)
    found: dict[str, Known] = {}
    for trace in (await visit.do(read_traces, request)).traces:
        who = trace.caller
        if who.kind not in ("professional", "coordinator") or who.id in found:
            continue
        visitor = visitor_of(trace, visit.caller.id)
        found[who.id] = Known(
            person_id=who.id,
            name=visitor.name,
            about=visitor.about,
            line=_line_of(who),
            structure_id=who.structure_id,
        )
    return found


def _line_of(who: TracedCaller) -> str:
    """The line of the matrix of somebody who came; empty when it has none."""
    if who.kind == "professional":
        return who.profession if who.profession in professions() else ""
    return next((name for name, one in roles().items() if one.code.code == who.profession), "")


async def known_professionals(visit: Visit, record: HealthRecord) -> dict[str, Known]:
    """Everybody by name: those with an agreement, the attending doctor, administrators, those who came.

    Names on masks are left out: whoever acts for the holder may not know what they cover.
    """
    found = await met_professionals(visit, record)
    relations = record.relations
    named = [(c.grantee_id, c.grantee_name) for c in relations.consents if not c.to_team]
    named += [(a.person_id, a.name) for a in relations.administrators]
    named += [(b.person_id, b.name) for b in record.preferences.blocks]
    if relations.attending_doctor is not None:
        named.append((relations.attending_doctor.person_id, relations.attending_doctor.name))
    for person_id, name in named:
        found.setdefault(person_id, Known(person_id=person_id, name=name))
    return dict(sorted(found.items(), key=lambda item: item[1].name))


def reference_to(visit: Visit, known: Known) -> str:
    """A professional as pages of this record carry him."""
    value = "\n".join((known.person_id, known.name, known.line, known.structure_id))
    return visit.seal(f"professional:{visit.part('record')}", value)


def referred(visit: Visit, reference: str) -> Known:
    """The professional behind a reference of this record. Raises Refused: RECORD_NOT_FOUND."""
    value = visit.unseal(f"professional:{visit.part('record')}", reference)
    person_id, name, line, structure_id = value.split("\n")
    return Known(person_id=person_id, name=name, line=line, structure_id=structure_id)


def to_choose(visit: Visit, record: HealthRecord, known: dict[str, Known]) -> Options:
    """From whom something can be kept: everybody but the attending doctor, whom no mask reaches."""
    people = tuple(
        (f"pro.{reference_to(visit, one)}", f"{one.name}, {one.about}" if one.about else one.name)
        for one in known.values()
        if not record.relations.is_attending_doctor(one.person_id, visit.now)
    )
    groups = ((translate("Un professionnel"), people),) if people else ()
    return (*groups, *of_lines())


def of_lines() -> Options:
    """Professions and roles to choose from."""
    return (
        (
            translate("Une profession"),
            tuple((f"ligne.{code}", line.plural) for code, line in professions().items()),
        ),
        (
            translate("Une fonction de coordination"),
            tuple((f"ligne.{code}", line.plural) for code, line in roles().items()),
        ),
    )


def chosen(visit: Visit, choice: str) -> Kept | None:
    """From whom, as the form says it; None is from every professional. Raises Refused: PARAMETER_INVALID."""
    if choice in ("", EVERYBODY):
        return None
    kind, _, value = choice.partition(".")
    if kind == "ligne" and value in lines():
        return Kept(audience=Audience.PROFESSION, id=value, name=lines()[value].plural)
    if kind == "pro":
        known = referred(visit, value)
        return Kept(audience=Audience.PROFESSIONAL, id=known.person_id, name=known.name)
    raise Refused(Reason.PARAMETER_INVALID, parameter="choix", detail="choix inconnu")
