"""The record as somebody else sees it, today and after a change that the holder considers.

No second set of rules: each document is an answer of `decide` to the reader, asked as he is. Whoever asks
is shown nothing that he may not see himself: only documents of his own scope are put to the question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from dmp.domain.access.actions import Action
from dmp.domain.access.decide import Decision, decide
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.matrix import lines
from dmp.domain.access.policy import Policy
from dmp.domain.access.readers import (
    DOCTOR,
    NOWHERE,
    Group,
    Professions,
    Reader,
    asked_of,
    emergency,
    of_line,
    professional,
    proven,
)
from dmp.domain.access.rules import Question
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.types import document_types
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import (
    Carer,
    Coordinator,
    Holder,
    Representative,
    StructureRef,
    Who,
)
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Block, EmergencySwitches, Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderRef:
    """Whose eyes to look through.

    `id` is a PS_IdNat, the matricule of a representative or a carer, empty for the holder and for a group.
    `line` is the line of the matrix of a group, or of a professional where it is known; `structure_id`
    the Struct_IdNat of the place where a professional works.
    """

    group: Group
    id: str = ""
    line: str = ""
    structure_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """Changes the holder considers; nothing is changed.

    `masked` and `shown` are documents masked to all professionals or shown again, by identifier;
    `masked_categories` and `shown_categories` the same of whole categories. `kept` and `shown_again`
    are masks to some. `blocked`, `unblocked` and `withdrawn` are identifiers of professionals (or of a
    structure whose team's consent ends).
    """

    masked: frozenset[UUID] = frozenset()
    shown: frozenset[UUID] = frozenset()
    masked_categories: frozenset[str] = frozenset()
    shown_categories: frozenset[str] = frozenset()
    kept: tuple[Mask, ...] = ()
    shown_again: tuple[Mask, ...] = ()
    blocked: frozenset[str] = frozenset()
    unblocked: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    emergency: EmergencySwitches | None = None

    def of_record(self, record: HealthRecord, at: datetime) -> HealthRecord:
        """The record as it would be."""
        choices, relations = record.preferences, record.relations
        for mask in self.kept:
            choices = choices.with_mask(mask)
        for mask in self.shown_again:
            choices = choices.without_mask(mask)
        for person in sorted(self.blocked):
            choices = choices.with_block(Block(person_id=person, name="", by="", start=at))
        for person in sorted(self.unblocked):
            choices = choices.without_block(person, at)
        for person in sorted(self.withdrawn | self.blocked):
            relations = relations.ended_for(person, at)
        if self.emergency is not None:
            choices = replace(choices, emergency=self.emergency)
        return replace(record, preferences=choices, relations=relations)

    def of_document(self, entry: DocumentEntry) -> DocumentEntry:
        """A document as it would be. What waits for its announcement cannot be masked, and is left."""
        category = document_types()[entry.type_code.code].category
        seen = entry.visibility
        if entry.document_id in self.masked or category in self.masked_categories:
            masked = seen.masked or not seen.hidden_from_patient
        elif entry.document_id in self.shown or category in self.shown_categories:
            masked = False
        else:
            return entry
        return replace(entry, visibility=replace(seen, masked=masked))


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """What a reader sees: the documents, and why the record as a whole is shut to him if it is.

    A depositor whom the record is shut to keeps what he deposited himself, and finds it by its identifier.
    """

    documents: tuple[DocumentEntry, ...]
    rule: str
    reason: Reason | None = None


def glimpsed(
    reader: Reader,
    record: HealthRecord,
    documents: Iterable[DocumentEntry],
    policy: Policy,
    at: datetime,
) -> Glimpse:
    """What a reader sees of these documents at that instant."""
    question = Question(
        action=Action.FIND_DOCUMENTS,
        caller=reader.caller,
        at=at,
        record=asked_of(record, reader, at),
    )
    whole = decide(question, policy)
    seen = tuple(entry for entry in documents if _reads(question, entry, policy).permitted)
    return Glimpse(documents=seen, rule=whole.rule, reason=whole.reason)


def _reads(question: Question, entry: DocumentEntry, policy: Policy) -> Decision:
    asked = replace(question, action=Action.READ_DOCUMENT, document=DocumentFacts.of(entry))
    return decide(asked, policy)


def reader_named(
    ref: ReaderRef, record: HealthRecord, at: datetime, known: Professions | None = None
) -> Reader:
    """The reader that is named. `known` tells professions of professionals whose line is not said.

    Raises:
        Refused: PARAMETER_MISSING (nobody is named), PARAMETER_INVALID (an unknown line).
    """
    if ref.line and ref.line.partition("/")[0] not in lines():
        raise Refused(Reason.PARAMETER_INVALID, parameter="line", detail="a line of the matrix")
    match ref.group:
        case Group.HOLDER:
            name = record.traits.display
            return _reader(ref, name, Holder(ins=record.ins, name=name))
        case Group.REPRESENTATIVE | Group.CARER:
            return _relative(ref, record)
        case Group.PROFESSION | Group.ROLE:
            name = lines()[_needed(ref.line, "line").partition("/")[0]].plural
            reader = _reader(ref, name, of_line(ref.line))
            return replace(reader, consents=True)
        case Group.AUTHOR_STRUCTURE:
            place = StructureRef(id_nat=_needed(ref.structure_id, "structure"), name="")
            return replace(_reader(ref, "", of_line(ref.line or DOCTOR, place)), consents=True)
        case Group.REGULATION | Group.BREAK_GLASS:
            return Reader(group=ref.group, name="", caller=emergency(ref.group, ref.line or DOCTOR))
        case _:
            return _professional(ref, record, at, known or {})


def _relative(ref: ReaderRef, record: HealthRecord) -> Reader:
    matricule = _needed(ref.id, "id")
    relations = record.relations
    names = {one.matricule: one.name for one in relations.carers}
    names |= {one.matricule: one.name for one in relations.representatives}
    ins, name = Ins(matricule, record.ins.root), names.get(matricule, "")
    if ref.group is Group.CARER:
        return _reader(ref, name, Carer(ins=ins, name=name))
    return _reader(ref, name, Representative(ins=ins, name=name))


def _professional(ref: ReaderRef, record: HealthRecord, at: datetime, known: Professions) -> Reader:
    person = ref.id
    doctor = record.relations.attending_doctor
    if not person and ref.group is Group.ATTENDING_DOCTOR and doctor and doctor.in_force(at):
        person = doctor.person_id
    person = _needed(person, "id")
    name = _name_of(person, record)
    place = StructureRef(id_nat=ref.structure_id, name="") if ref.structure_id else NOWHERE
    who = of_line(ref.line, place) if ref.line else None
    if isinstance(who, Coordinator):
        return _reader(ref, name, replace(who, id_nat=person, name=name))
    line = ref.line or known.get(person, DOCTOR)
    return _reader(ref, name, professional(person, name, line, place))


def _name_of(person: str, record: HealthRecord) -> str:
    """The name by which the record knows a professional."""
    relations, choices = record.relations, record.preferences
    doctor = relations.attending_doctor
    known = [(doctor.person_id, doctor.name)] if doctor is not None else []
    known += [(one.person_id, one.name) for one in relations.administrators]
    known += [(one.person_id, one.name) for one in choices.blocks]
    known += [(one.grantee_id, one.grantee_name) for one in relations.consents]
    known += [(one.audience_id, one.name) for one in choices.masks]
    return next((name for known_id, name in known if known_id == person and name), "")


def _needed(value: str, parameter: str) -> str:
    if not value.strip():
        raise Refused(Reason.PARAMETER_MISSING, parameter=parameter)
    return value.strip()


def _reader(ref: ReaderRef, name: str, who: Who) -> Reader:
    return Reader(group=ref.group, name=name, caller=proven(who), line=ref.line)
