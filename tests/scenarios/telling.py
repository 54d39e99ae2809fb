"""Words in which the stories are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.acts.life.move_due_records import follow_due_announcements, move_due_records
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.perform import perform
from dmp.acts.person.read_notices import ReadInbox, ReadNotices, read_inbox, read_notices
from dmp.acts.relatives.declare_representative import DeclareRepresentative, declare_representative
from dmp.acts.sharing.block_professional import BlockProfessional, block_professional
from dmp.acts.sharing.declare_attending_doctor import (
    DeclareAttendingDoctor,
    declare_attending_doctor,
)
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Caller, Carer, Door, Strength
from dmp.domain.journal.event import Trace
from dmp.domain.record.calendar import LOCAL
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.relations import RepresentationKind
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.territory.diary import consultation, note
from dmp.remote.simulated.territory.papers import Form, Visit
from dmp.remote.simulated.territory.paperwork import submission_of
from dmp.remote.simulated.territory.professionals import BY_KEY, INSURANCE
from tests.acts.standing import Standing, standing, traces_of
from tests.storage.opened import working

PATIENT = "camille-roux"
_OF_SECURITY = {
    NoticeKind.CONTACT_CHANGED,
    NoticeKind.CARER_INVITED,
    NoticeKind.REPRESENTATIVE_DECLARED,
    NoticeKind.CONFIDENTIALITY_CHANGED,
}


@dataclass(slots=True)
class Story:
    """One story under way: the house, and verbs. People are named by their keys."""

    house: Standing
    deposits: int = 0

    def later(self, **span: float) -> None:
        """Time passes."""
        self.house.at += timedelta(**span)

    def on(self, *local: int) -> None:
        """It is that day, hour, minute… in Paris."""
        self.house.at = datetime(*local, tzinfo=LOCAL).astimezone(UTC)  # type: ignore[arg-type,misc]

    async def calendar(self) -> tuple[int, int]:
        """The house does what the law set a date for: records moved, announcements followed."""
        moved = await move_due_records(self.house)
        return moved, await follow_due_announcements(self.house)

    async def opened(
        self, of: str = PATIENT, by: str = "", born: date | None = None
    ) -> HealthRecord:
        """The record of this person is opened, by herself when nobody is named; `born` on another day."""
        person = person_of(of)
        traits = replace(person.traits, birth_date=born) if born else person.traits
        request = OpenRecord(ins=person.ins, traits=traits, consent="oral, au cabinet")
        return await perform(self.house, open_record, request, caller_of(by or of))

    async def record(self, of: str = PATIENT) -> HealthRecord | None:
        """The record as it stands, read past the corridor."""
        async with working(self.house.store) as unit:
            return await unit.records.by_ins(person_of(of).ins)

    async def known(self, of: str = PATIENT) -> HealthRecord:
        """The record as it stands; there is one."""
        found = await self.record(of)
        assert found is not None
        return found

    async def deposited(
        self,
        by: str,
        title: str,
        *,
        of: str = PATIENT,
        type_code: str = "11488-4",
        restrictions: frozenset[Restriction] | None = frozenset(),
        caller: Caller | None = None,
        replaces: str = "",
    ) -> DocumentEntry:
        """A professional deposits a note under this title."""
        self.deposits += 1
        paper = note(
            Form.CONSULTATION, type_code, title, reason="Suivi.", conclusion=f"{title} : stable."
        )
        if type_code == "11488-4":
            paper = consultation(title, reason="Suivi.", conclusion="Stable.")
        visit = Visit(
            key=title, at=self.house.at, worker=by, papers=(paper,), restrictions=restrictions,
            replaces=replaces,
        )  # fmt: skip
        request = submission_of(1, person_of(of), visit)
        receipt = await perform(self.house, provide_documents, request, caller or caller_of(by))
        return receipt.documents[0].entry

    async def titles(self, reader: str | Caller, of: str = PATIENT, **query: Any) -> set[str]:
        """The titles of the documents that exist for this reader."""
        caller = caller_of(reader) if isinstance(reader, str) else reader
        request = FindDocuments(of=person_of(of).ins, query=DocumentQuery(**query))
        page = await perform(self.house, find_documents, request, caller)
        assert page.total == len(page.entries)
        return {entry.title for entry in page.entries}

    async def content(self, reader: str | Caller, entry: DocumentEntry) -> bytes:
        """The octets of a document, for this reader."""
        caller = caller_of(reader) if isinstance(reader, str) else reader
        request = RetrieveDocument(document=entry.document_id, within=entry.record_id)
        return (await perform(self.house, retrieve_document, request, caller)).content

    async def changed(
        self, by: str | Caller, entry: DocumentEntry, change: Change
    ) -> DocumentEntry:
        """Somebody changes the metadata of a document."""
        caller = caller_of(by) if isinstance(by, str) else by
        request = UpdateMetadata(
            document=entry.document_id, changes=(change,), within=entry.record_id
        )
        return await perform(self.house, update_metadata, request, caller)

    async def consented(
        self, to: str | Caller, *, of: str = PATIENT, to_team: bool = False, told: bool = False
    ) -> None:
        """A professional records the patient's consent."""
        caller = caller_of(to) if isinstance(to, str) else to
        record_id = (await self.known(of)).record_id
        request = GrantConsent(record_id=record_id, to_team=to_team, told=told)
        await perform(self.house, grant_consent, request, caller)

    async def attended(self, by: str, *, of: str = PATIENT) -> None:
        """The attending doctor is declared to the insurer."""
        doctor = BY_KEY[by]
        request = DeclareAttendingDoctor(
            record_id=(await self.known(of)).record_id, person_id=doctor.id_nat, name=doctor.name
        )
        await perform(self.house, declare_attending_doctor, request, INSURANCE)

    async def blocked(self, whom: str, *, of: str = PATIENT) -> None:
        """The holder blocks a professional."""
        doctor = BY_KEY[whom]
        request = BlockProfessional(
            record_id=(await self.known(of)).record_id, person_id=doctor.id_nat, name=doctor.name
        )
        await perform(self.house, block_professional, request, caller_of(of))

    async def represented(
        self, by: str, *, of: str, kind: RepresentationKind = RepresentationKind.PARENT,
        end: datetime | None = None, proof: str = "",
    ) -> HealthRecord:  # fmt: skip
        """Civil status, or a judge, names who represents this person."""
        who = person_of(by)
        request = DeclareRepresentative(
            record_id=(await self.known(of)).record_id, representative=who.ins, name=who.name,
            end=end, kind=kind, proof=proof,
        )  # fmt: skip
        return await perform(self.house, declare_representative, request, INSURANCE)

    async def told(
        self, reader: str | Caller = PATIENT, of: str = PATIENT, *, deposits: bool = False
    ) -> list[NoticeKind]:
        """What this person reads among the notices of the record, newest first; those of new documents
        are left out unless they are what the story is about, those of security always.
        """
        caller = caller_of(reader) if isinstance(reader, str) else reader
        request = ReadNotices(record_id=(await self.known(of)).record_id)
        kinds = [n.kind for n in await perform(self.house, read_notices, request, caller)]
        aside = _OF_SECURITY if deposits else _OF_SECURITY | {NoticeKind.NEW_DOCUMENT}
        return [kind for kind in kinds if kind not in aside]

    async def inbox(self, reader: str | Caller) -> list[NoticeKind]:
        """What is addressed to this person, newest first."""
        caller = caller_of(reader) if isinstance(reader, str) else reader
        return [n.kind for n in await perform(self.house, read_inbox, ReadInbox(), caller)]

    async def traces(self, of: str = PATIENT) -> tuple[Trace, ...]:
        """Every trace of the record, newest first."""
        return await traces_of(self.house, await self.known(of))


def carer(key: str) -> Caller:
    """An inhabitant as somebody's carer."""
    person = person_of(key)
    who = Carer(ins=person.ins, name=person.name)
    return Caller(who=who, strength=Strength.INDIVIDUAL, door=Door.WEB, means="oidc:usager")


async def refused(act: Awaitable[object]) -> Reason:
    """The reason for which an act is refused; it must be."""
    with pytest.raises(Refused) as refusal:
        await act
    return refusal.value.reason


@asynccontextmanager
async def telling(database: str, data_dir: Path) -> AsyncIterator[Story]:
    """A story on an empty house."""
    async with standing(database, data_dir) as house:
        yield Story(house)
