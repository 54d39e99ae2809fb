"""Who may come to look at a record: readers made up for a question, so that `decide` answers for them.

People known to the record are asked as they are. A group (a profession, an emergency) is asked as one of its
members with whom the holder agreed, whoever that may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dmp.domain.access.matrix import professions, roles
from dmp.domain.access.policy import Policy
from dmp.domain.codes import TRE_G15_PROFESSION, Code
from dmp.domain.documents.entry import AuthorKind, DocumentEntry
from dmp.domain.documents.types import document_types
from dmp.domain.identifiers import PS_ROOT, Ins
from dmp.domain.identity.caller import (
    Caller,
    Carer,
    Coordinator,
    Door,
    Holder,
    Professional,
    Purpose,
    Representative,
    Strength,
    StructureRef,
    Who,
)
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Audience
from dmp.domain.record.relations import Basis, Consent, Invitation

DOCTOR = "10"
"""Whom a professional of an unknown profession is taken for: no line of the matrix is wider."""
ANYBODY = "preview"
NOWHERE = StructureRef(id_nat="preview:structure", name="")
_PROFESSION_OF_SPECIALTY = re.compile(r"G15_([0-9]{2})(?:/.*)?")


class Group(StrEnum):
    """What a reader is to the record, or to the document."""

    HOLDER = "holder"
    REPRESENTATIVE = "representative"
    CARER = "carer"
    AUTHOR = "author"
    AUTHOR_STRUCTURE = "author-structure"  # authorised professionals of a depositing structure
    ATTENDING_DOCTOR = "attending-doctor"
    ADMINISTRATOR = "administrator"
    PROFESSIONAL = "professional"  # one in particular, named
    PROFESSION = "profession"  # any other authorised professional of this profession
    ROLE = "role"  # any authorised professional with this social or coordination role
    BLOCKED = "blocked"
    REGULATION = "regulation"
    BREAK_GLASS = "break-glass"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who might look. `name` is for people; `line` is the line of the matrix of a group.

    `consents`: asked as if the holder had given his consent.
    """

    group: Group
    name: str
    caller: Caller
    consents: bool = False
    line: str = ""

    @property
    def is_made_up(self) -> bool:
        """Whether it stands for several people."""
        return self.caller.id == ANYBODY


def asked_of(record: HealthRecord, reader: Reader, at: datetime) -> HealthRecord:
    """The record that the question is put about: with a consent of the instant where one is supposed."""
    if not reader.consents:
        return record
    consent = Consent(
        grantee_id=reader.caller.id,
        grantee_name="",
        to_team=False,
        basis=Basis.ELECTRONIC,
        collected_by=ANYBODY,
        start=at,
        end=at + timedelta(seconds=1),
    )
    return replace(record, relations=record.relations.with_consent(consent))


Professions = Mapping[str, str]
"""Codes of TRE_G15 by PS_IdNat."""


def professions_told(entries: Iterable[DocumentEntry]) -> dict[str, str]:
    """The professions of professionals, as the documents they wrote tell them."""
    found: dict[str, str] = {}
    for entry in entries:
        for author in entry.authors:
            code = author.specialty.code if author.specialty else ""
            told = _PROFESSION_OF_SPECIALTY.fullmatch(code)
            if author.id_root == PS_ROOT and author.id and told and told[1] in professions():
                found.setdefault(author.id, told[1])
    return found


def readers_of(
    record: HealthRecord,
    entry: DocumentEntry,
    policy: Policy,
    at: datetime,
    known: Professions | None = None,
) -> Iterator[Reader]:
    """Everybody to be told of for one document, people before groups; one person may come twice.

    Args:
        record: whose relations and masks name people.
        entry: the document, whose authors keep it.
        policy: whether there are carers.
        at: the instant.
        known: professions known otherwise than from this document.
    """
    told = {**(known or {}), **professions_told((entry,))}
    name = record.traits.display
    yield Reader(group=Group.HOLDER, name=name, caller=proven(Holder(ins=record.ins, name=name)))
    yield from _relatives(record, policy, at)
    yield from _authors(entry, told)
    yield from _seeing_everything(record, told, at)
    yield from _blocked(record, told, at)
    yield from _kept_from(record, entry, told, at)
    yield from groups()


def groups() -> Iterator[Reader]:
    """Professions and roles with the holder's consent, then the two emergencies."""
    for group, lines in ((Group.PROFESSION, professions()), (Group.ROLE, roles())):
        for line, one in lines.items():
            yield Reader(
                group=group,
                name=one.plural,
                caller=proven(of_line(line)),
                consents=True,
                line=line,
            )
    for group in (Group.REGULATION, Group.BREAK_GLASS):
        yield Reader(group=group, name="", caller=emergency(group))


def of_line(line: str, structure: StructureRef = NOWHERE) -> Professional | Coordinator:
    """Somebody of a line of the matrix: of a profession, a discipline of it, or a role."""
    role = roles().get(line)
    if role is not None:
        return Coordinator(id_nat=ANYBODY, name="", role=role.code, structure=structure)
    return professional(ANYBODY, "", line, structure)


def emergency(group: Group, line: str = DOCTOR) -> Caller:
    """A regulating doctor of SAMU, or a professional of this line who breaks the glass."""
    if group is Group.REGULATION:
        doctor = replace(professional(ANYBODY, "", DOCTOR), may_regulate=True)
        return replace(proven(doctor), purpose=Purpose.REGULATION)
    breaking = proven(professional(ANYBODY, "", line))
    return replace(breaking, purpose=Purpose.BREAK_GLASS, purpose_reason="asked for a preview")


def professional(
    id_nat: str, name: str, line: str, structure: StructureRef = NOWHERE
) -> Professional:
    """A professional of a line; of an unknown one he is taken for a doctor."""
    code, _, know_how = line.partition("/")
    known = professions().get(code or DOCTOR)
    return Professional(
        id_nat=id_nat,
        name=name,
        profession=known.code if known else Code(code, TRE_G15_PROFESSION),
        structure=structure,
        know_how=Code(know_how, "") if know_how else None,
    )


def proven(who: Who) -> Caller:
    """Somebody authenticated in person, who asks for nothing special."""
    return Caller(who=who, strength=Strength.INDIVIDUAL, door=Door.WEB, means=ANYBODY)


def _relatives(record: HealthRecord, policy: Policy, at: datetime) -> Iterator[Reader]:
    for one in record.relations.representatives:
        if record.is_represented_by(one.matricule, at, policy.majority_age):
            acting = Representative(ins=Ins(one.matricule, record.ins.root), name=one.name)
            yield Reader(group=Group.REPRESENTATIVE, name=one.name, caller=proven(acting))
    for carer in record.relations.carers if policy.carers else ():
        if carer.invitation is Invitation.ACCEPTED and carer.in_force(at):
            helping = Carer(ins=Ins(carer.matricule, record.ins.root), name=carer.name)
            yield Reader(group=Group.CARER, name=carer.name, caller=proven(helping))


def _authors(entry: DocumentEntry, told: Professions) -> Iterator[Reader]:
    structures: dict[str, str] = {}
    for author in entry.authors:
        if author.kind is not AuthorKind.PROFESSIONAL:
            continue
        structure = StructureRef(id_nat=author.structure_id, name=author.structure_name)
        if author.structure_id in entry.owner_ids:
            structures.setdefault(author.structure_id, author.structure_name)
        if author.id_root != PS_ROOT or author.id not in entry.owner_ids:
            continue
        who = professional(author.id, author.display, told.get(author.id, DOCTOR), structure)
        yield Reader(group=Group.AUTHOR, name=author.display, caller=proven(who))
    for id_nat, name in structures.items():
        who = professional(ANYBODY, "", DOCTOR, StructureRef(id_nat=id_nat, name=name))
        yield Reader(group=Group.AUTHOR_STRUCTURE, name=name, caller=proven(who), consents=True)


def _seeing_everything(record: HealthRecord, told: Professions, at: datetime) -> Iterator[Reader]:
    doctor = record.relations.attending_doctor
    if doctor is not None and doctor.in_force(at):
        yield _named(Group.ATTENDING_DOCTOR, doctor.person_id, doctor.name, told)
    for one in record.relations.administrators:
        if one.in_force(at):
            yield _named(Group.ADMINISTRATOR, one.person_id, one.name, told)


def _blocked(record: HealthRecord, told: Professions, at: datetime) -> Iterator[Reader]:
    for block in record.preferences.blocks:
        if block.in_force(at):
            reader = _named(Group.BLOCKED, block.person_id, block.name, told)
            yield replace(reader, consents=True)


def _kept_from(
    record: HealthRecord, entry: DocumentEntry, told: Professions, at: datetime
) -> Iterator[Reader]:
    """Professionals from whom in particular this document is kept, as if they had the holder's consent.

    Masks on other documents name nobody here: whoever asks may not know those documents.
    """
    targets = {str(entry.document_id), document_types()[entry.type_code.code].category, ""}
    for mask in record.preferences.masks:
        if mask.target not in targets:
            continue
        if mask.audience is Audience.PROFESSIONAL and mask.in_force(at):
            reader = _named(Group.PROFESSIONAL, mask.audience_id, mask.name, told)
            yield replace(reader, consents=True)


def _named(group: Group, person_id: str, name: str, told: Professions) -> Reader:
    who = professional(person_id, name, told.get(person_id, DOCTOR))
    return Reader(group=group, name=name, caller=proven(who))
