"""Who will see this document, today and after a change of its visibility?

There is no second set of rules: each row is the answer of `decide` to a reader made up for the
question, so that the page can never promise what the house does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dmp.domain.access.actions import Action
from dmp.domain.access.decide import decide
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.matrix import Matrix, professions
from dmp.domain.access.rules import Question
from dmp.domain.codes import TRE_G15_PROFESSION, Code
from dmp.domain.documents.entry import AuthorKind, DocumentEntry
from dmp.domain.documents.visibility import Visibility
from dmp.domain.errors import Reason
from dmp.domain.identifiers import PS_ROOT, Ins
from dmp.domain.identity.caller import (
    Caller,
    Door,
    Holder,
    Professional,
    Purpose,
    Representative,
    Strength,
    StructureRef,
)
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import Basis, Consent

DOCTOR = "10"
_ANYBODY = "preview"
_NOWHERE = StructureRef(id_nat="preview:structure", name="")
_PROFESSION_OF_SPECIALTY = re.compile(r"G15_([0-9]{2})(?:/.*)?")


class Group(StrEnum):
    """What a reader is to the document."""

    HOLDER = "holder"
    REPRESENTATIVE = "representative"
    AUTHOR = "author"
    AUTHOR_STRUCTURE = "author-structure"  # authorised professionals of a depositing structure
    ATTENDING_DOCTOR = "attending-doctor"
    ADMINISTRATOR = "administrator"
    PROFESSION = "profession"  # any other authorised professional of this profession
    BLOCKED = "blocked"
    REGULATION = "regulation"
    BREAK_GLASS = "break-glass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Whether the reader sees the document, by which rule, and why not."""

    seen: bool
    rule: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One reader, or one group of readers. `name` is for people: "Les opticiens", "Dr Martin".

    `profession` is the code of TRE_G15 of a group by profession.
    """

    group: Group
    name: str
    today: Sight
    after: Sight
    profession: str = ""

    @property
    def changes(self) -> bool:
        """Whether the change considered makes a difference to this reader."""
        return self.today.seen != self.after.seen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    group: Group
    name: str
    caller: Caller
    consents: bool = False  # asked as if the holder had given his consent
    profession: str = ""


def preview(
    record: HealthRecord,
    entry: DocumentEntry,
    considered: Visibility,
    matrix: Matrix,
    at: datetime,
) -> tuple[Row, ...]:
    """Who sees a document at an instant, as it is and with the visibility considered.

    Rows: the holder, representatives, authors and their structures, the attending doctor,
    administrators, every other profession with the holder's consent, blocked professionals, and
    emergency access. Of several rows about one person the first counts.
    """
    today = DocumentFacts.of(entry)
    after = DocumentFacts.of(replace(entry, visibility=considered))
    rows: list[Row] = []
    seen: set[tuple[str, Purpose]] = set()
    for reader in _readers(record, entry, at):
        key = (reader.caller.id, reader.caller.purpose)
        if reader.group is not Group.PROFESSION and not _is_made_up(reader):
            if key in seen:
                continue
            seen.add(key)
        rows.append(
            Row(
                group=reader.group,
                name=reader.name,
                profession=reader.profession,
                today=_sight(reader, record, today, matrix, at),
                after=_sight(reader, record, after, matrix, at),
            )
        )
    return tuple(rows)


def _is_made_up(reader: _Reader) -> bool:
    return reader.caller.id == _ANYBODY


def _sight(
    reader: _Reader, record: HealthRecord, facts: DocumentFacts, matrix: Matrix, at: datetime
) -> Sight:
    asked = _with_consent(record, reader.caller, at) if reader.consents else record
    decision = decide(
        Question(
            action=Action.READ_DOCUMENT,
            caller=reader.caller,
            at=at,
            record=asked,
            document=facts,
        ),
        matrix,
    )
    return Sight(seen=decision.permitted, rule=decision.rule, reason=decision.reason)


def _with_consent(record: HealthRecord, caller: Caller, at: datetime) -> HealthRecord:
    consent = Consent(
        grantee_id=caller.id,
        grantee_name="",
        to_team=False,
        basis=Basis.ELECTRONIC,
        collected_by=_ANYBODY,
        start=at,
        end=at + timedelta(seconds=1),
    )
    return replace(record, relations=record.relations.with_consent(consent))


def _readers(record: HealthRecord, entry: DocumentEntry, at: datetime) -> Iterator[_Reader]:
    holder = Holder(ins=record.ins, name=record.traits.display)
    yield _Reader(group=Group.HOLDER, name=record.traits.display, caller=_proven(holder))
    for relation in record.relations.representatives:
        if relation.in_force(at):
            ins = Ins(relation.matricule, record.ins.root)
            who = Representative(ins=ins, name=relation.name)
            yield _Reader(group=Group.REPRESENTATIVE, name=relation.name, caller=_proven(who))
    yield from _authors(entry)
    yield from _seeing_everything(record)
    yield from _blocked(record)
    yield from _by_profession()
    yield from _emergency()


def _authors(entry: DocumentEntry) -> Iterator[_Reader]:
    structures: dict[str, str] = {}
    for author in entry.authors:
        if author.kind is not AuthorKind.PROFESSIONAL:
            continue
        structure = StructureRef(id_nat=author.structure_id, name=author.structure_name)
        if author.structure_id in entry.owner_ids:
            structures.setdefault(author.structure_id, author.structure_name)
        if author.id_root != PS_ROOT or author.id not in entry.owner_ids:
            continue
        found = _PROFESSION_OF_SPECIALTY.fullmatch(
            author.specialty.code if author.specialty else ""
        )
        code = found[1] if found else DOCTOR
        who = _professional(author.id, author.display, code, structure)
        yield _Reader(group=Group.AUTHOR, name=author.display, caller=_proven(who))
    for id_nat, name in structures.items():
        who = _professional(_ANYBODY, "", DOCTOR, StructureRef(id_nat=id_nat, name=name))
        yield _Reader(group=Group.AUTHOR_STRUCTURE, name=name, caller=_proven(who), consents=True)


def _seeing_everything(record: HealthRecord) -> Iterator[_Reader]:
    doctor = record.relations.attending_doctor
    if doctor is not None:
        who = _professional(doctor.person_id, doctor.name, DOCTOR, _NOWHERE)
        yield _Reader(group=Group.ATTENDING_DOCTOR, name=doctor.name, caller=_proven(who))
    names = {c.grantee_id: c.grantee_name for c in record.relations.consents}
    for person_id in record.relations.administrators:
        who = _professional(person_id, names.get(person_id, ""), DOCTOR, _NOWHERE)
        yield _Reader(
            group=Group.ADMINISTRATOR, name=names.get(person_id, person_id), caller=_proven(who)
        )


def _blocked(record: HealthRecord) -> Iterator[_Reader]:
    for block in record.preferences.blocks:
        who = _professional(block.person_id, block.name, DOCTOR, _NOWHERE)
        yield _Reader(group=Group.BLOCKED, name=block.name, caller=_proven(who), consents=True)


def _by_profession() -> Iterator[_Reader]:
    for code, profession in professions().items():
        who = _professional(_ANYBODY, "", code, _NOWHERE)
        yield _Reader(
            group=Group.PROFESSION,
            name=profession.plural,
            caller=_proven(who),
            consents=True,
            profession=code,
        )


def _emergency() -> Iterator[_Reader]:
    doctor = replace(_professional(_ANYBODY, "", DOCTOR, _NOWHERE), may_regulate=True)
    regulating = replace(_proven(doctor), purpose=Purpose.REGULATION)
    yield _Reader(group=Group.REGULATION, name="", caller=regulating)
    breaking = replace(_proven(doctor), purpose=Purpose.BREAK_GLASS, purpose_reason=_ANYBODY)
    yield _Reader(group=Group.BREAK_GLASS, name="", caller=breaking)


def _professional(id_nat: str, name: str, code: str, structure: StructureRef) -> Professional:
    known = professions().get(code)
    profession = known.code if known else Code(code, TRE_G15_PROFESSION)
    return Professional(id_nat=id_nat, name=name, profession=profession, structure=structure)


def _proven(who: Holder | Representative | Professional) -> Caller:
    return Caller(who=who, strength=Strength.INDIVIDUAL, door=Door.WEB, means=_ANYBODY)
