"""One record with its callers, for tests of masks: documents deposited, masked, and seen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.mask_documents import MaskDocuments, MaskedDocuments, mask_documents
from dmp.acts.documents.provide_documents import Receipt, provide_documents
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.acts.perform import perform
from dmp.acts.sharing.keep_from import KeepFrom, ShowAgain, keep_from, show_again
from dmp.domain.codes import LOINC, TRE_G15_PROFESSION, Code
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Caller, Representative
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Audience, Covered
from dmp.domain.record.relations import (
    Relations,
    Representation,
)
from tests.acts.standing import Standing, standing, with_consent
from tests.builders import HOLDER_INS, NOW, a_caller, a_doctor, a_holder, an_ins, some_traits
from tests.formats.fhir import samples
from tests.storage.opened import kept_record, run

AUTHOR = a_caller()
PORT = replace(a_doctor().structure, id_nat="1750000024", name="Cabinet du Port")
DOCTOR = a_caller(a_doctor(id_nat="810000000017", name="Dr Zoé Maurin", structure=PORT))
NURSE = a_caller(
    a_doctor(
        id_nat="810000000025",
        name="Noé Lambert",
        structure=PORT,
        profession=Code("60", TRE_G15_PROFESSION),
        know_how=None,
    )
)
HOLDER = a_caller(a_holder())
PARENT_INS = an_ins(77)
PARENT = a_caller(Representative(ins=PARENT_INS, name="DELORME Luc"))
NOTE, RESULTS = "11488-4", "11502-2"
_contents = iter(range(1, 10_000))


class Case:
    """One record, with consents for the doctor and the nurse."""

    def __init__(self, house: Standing, record: HealthRecord) -> None:
        self.house = house
        self.record = record
        self.id = record.record_id

    async def provide(
        self, kind: str = NOTE, caller: Caller = AUTHOR, **claims: object
    ) -> DocumentEntry:
        receipt = await self.submit(kind, caller, **claims)
        return receipt.documents[0].entry

    async def submit(self, kind: str = NOTE, caller: Caller = AUTHOR, **claims: object) -> Receipt:
        content = samples.pdf(f"Document {next(_contents)}")
        values: dict[str, object] = {
            "content": content,
            "content_type": "application/pdf",
            "type_code": Code(kind, LOINC),
            "title": f"Document {kind}",
            "created_at": self.house.at - timedelta(hours=1),
        }
        claimed = ClaimedDocument(**(values | claims))  # type: ignore[arg-type] # any field of the claim
        submission = Submission(ins=self.record.ins, documents=(claimed,), simplified=True)
        return await perform(self.house, provide_documents, submission, caller)

    async def seen(self, caller: Caller) -> set[UUID]:
        query = DocumentQuery(statuses=tuple(s for s in Status if s is not Status.DELETED))
        asked = FindDocuments(of=self.record.ins, query=query)
        page = await perform(self.house, find_documents, asked, caller)
        assert page.total == len(page.entries)
        return {entry.document_id for entry in page.entries}

    async def change(self, entry: DocumentEntry, change: Change, caller: Caller) -> DocumentEntry:
        asked = UpdateMetadata(document=entry.document_id, changes=(change,))
        return await perform(self.house, update_metadata, asked, caller)

    async def mask(self, caller: Caller = HOLDER, **asked: object) -> MaskedDocuments:
        request = MaskDocuments(record_id=self.id, **asked)  # type: ignore[arg-type] # fields of the request
        return await perform(self.house, mask_documents, request, caller)

    async def keep(
        self,
        covered: Covered = Covered.EVERYTHING,
        target: str = "",
        *,
        audience: Audience = Audience.PROFESSIONAL,
        whom: str = "810000000025",
        caller: Caller = HOLDER,
        **more: object,
    ) -> HealthRecord:
        asked = KeepFrom(
            record_id=self.id,
            audience=audience,
            audience_id=whom,
            name="Noé Lambert",
            covered=covered,
            target=target,
            **more,  # type: ignore[arg-type] # further documents
        )
        return await perform(self.house, keep_from, asked, caller)

    async def show(self, covered: Covered, target: str, whom: str) -> HealthRecord:
        audience = Audience.PROFESSION if len(whom) < 6 else Audience.PROFESSIONAL
        asked = ShowAgain(
            record_id=self.id,
            audience=audience,
            audience_id=whom,
            name="",
            covered=covered,
            target=target,
        )
        return await perform(self.house, show_again, asked, HOLDER)


Story = Callable[[Case], Awaitable[None]]


def told(database: str, data_dir: Path, story: Story, **changes: object) -> None:
    """Run a story in a record of its own."""

    async def whole() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS, **changes)
            case = Case(house, record)
            for professional in (DOCTOR, NURSE):
                await with_consent(house, record, professional)
            await story(case)

    run(whole())


async def refusal(doing: Awaitable[object]) -> Reason:
    with pytest.raises(Refused) as refused:
        await doing
    return refused.value.reason


CHILD = {
    "traits": some_traits(birth_date=(NOW - timedelta(days=365 * 12)).date()),
    "relations": Relations(
        representatives=(
            Representation(
                matricule=PARENT_INS.matricule, name="Luc", start=NOW - timedelta(days=30)
            ),
        )
    ),
}
