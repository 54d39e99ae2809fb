"""Words in which the stories are told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.perform import perform
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
from dmp.domain.identity.caller import Caller
from dmp.domain.journal.event import Trace
from dmp.domain.record.health_record import HealthRecord
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.territory.diary import consultation, note
from dmp.remote.simulated.territory.papers import Form, Visit
from dmp.remote.simulated.territory.paperwork import submission_of
from dmp.remote.simulated.territory.professionals import BY_KEY, INSURANCE
from tests.acts.standing import Standing, standing, traces_of
from tests.storage.opened import working

PATIENT = "camille-roux"


@dataclass(slots=True)
class Story:
    """One story under way: the house, and verbs. People are named by their keys."""

    house: Standing
    told: int = 0

    def later(self, **span: float) -> None:
        """Time passes."""
        self.house.at += timedelta(**span)

    async def opened(self, of: str = PATIENT, by: str = "") -> HealthRecord:
        """The record of this person is opened, by herself when nobody is named."""
        person = person_of(of)
        request = OpenRecord(ins=person.ins, traits=person.traits, consent="oral, au cabinet")
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
        self.told += 1
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

    async def changed(self, by: str, entry: DocumentEntry, change: Change) -> DocumentEntry:
        """Somebody changes the metadata of a document."""
        request = UpdateMetadata(
            document=entry.document_id, changes=(change,), within=entry.record_id
        )
        return await perform(self.house, update_metadata, request, caller_of(by))

    async def consented(self, to: str, *, of: str = PATIENT, to_team: bool = False) -> None:
        """A professional records the patient's consent."""
        request = GrantConsent(record_id=(await self.known(of)).record_id, to_team=to_team)
        await perform(self.house, grant_consent, request, caller_of(to))

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

    async def traces(self, of: str = PATIENT) -> tuple[Trace, ...]:
        """Every trace of the record, newest first."""
        return await traces_of(self.house, await self.known(of))


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
