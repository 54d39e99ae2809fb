"""Read again what the documents of a record say, in structured form and in words, after a reader learnt more.

Who: the house itself, in the background. Nothing of it is shown to anybody.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.perform import perform
from dmp.acts.work import House, Work
from dmp.domain.access.actions import Action
from dmp.domain.clinical.facts import Findings
from dmp.domain.documents.text.readable import DocumentText
from dmp.domain.errors import Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Caller, Door, Strength, SystemJob

BATCH = 500
READER = Caller(
    who=SystemJob(name="derive-findings"),
    strength=Strength.INDIVIDUAL,
    door=Door.JOB,
    means="house",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeriveFindings:
    """Which documents of which record."""

    record_id: RecordId
    documents: tuple[UUID, ...]


async def _derive(request: DeriveFindings, work: Work) -> int:
    """Returns how many documents were read; one whose text cannot be had now waits for the next time."""
    read = 0
    for document in request.documents:
        entry = await work.documents.by_id(document)
        if entry is None or entry.record_id != request.record_id:
            continue
        content = await work.documents.content(entry)
        try:
            header = await asyncio.to_thread(work.read_header, content, entry.mime_type)
            found, text = header.findings, header.text
        except Refused:  # taken by an earlier reader of headers; it stays as it was deposited
            found, text = None, DocumentText()
        if found is not None or entry.mime_type != _NEVER_STRUCTURED:
            work.facts.keep(entry, found or Findings())
        if text is not None:
            work.texts.keep(entry, text)
            read += 1
    return read


_NEVER_STRUCTURED = "application/pdf"


derive_findings = Act(
    name="derive-findings",
    actions=always(Action.DERIVE_FINDINGS),
    target=lambda request: OfRecord(request.record_id),
    run=_derive,
)


async def derive_due(house: House) -> int:
    """Read what was read in no form or in an earlier one; returns how many documents."""
    unit = house.unit()
    try:
        waiting = await unit.facts.underived(BATCH)
    finally:
        await unit.close()
    by_record: dict[RecordId, list[UUID]] = {}
    for record_id, document in waiting:
        by_record.setdefault(record_id, []).append(document)
    read = 0
    for record_id, documents in by_record.items():
        request = DeriveFindings(record_id=record_id, documents=tuple(documents))
        try:
            read += await perform(house, derive_findings, request, READER)
        except Refused:  # traced by the corridor: the record changed meanwhile
            continue
    return read
