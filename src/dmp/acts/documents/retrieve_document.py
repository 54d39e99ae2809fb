"""Retrieve a document: its bytes exactly as deposited, or its metadata alone.

IHE ITI-68, DMP TD3.2. Who: by the rules, document by document.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfDocument, OfPatient, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.rules import Duty
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrieveDocument:
    """Which document, by any of its identifiers; within which record when the address says it."""

    document: UUID
    within: RecordId | Ins | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """The metadata, the bytes, and what the reader must be warned of."""

    entry: DocumentEntry
    content: bytes
    duties: tuple[Duty, ...]


def _target(request: RetrieveDocument) -> OfDocument:
    match request.within:
        case None:
            return OfDocument(request.document)
        case Ins() as ins:
            return OfDocument(request.document, OfPatient(ins))
        case record_id:
            return OfDocument(request.document, OfRecord(record_id))


async def _retrieve(_: RetrieveDocument, work: Work) -> Retrieved:
    content = await work.documents.content(work.document)
    return Retrieved(entry=work.document, content=content, duties=work.decision.duties)


async def _read_metadata(_: RetrieveDocument, work: Work) -> DocumentEntry:
    return work.document


async def _read_metadata_ready(_: RetrieveDocument, work: Work) -> bytes:
    ready = await work.documents.ready(work.document.record_id, work.document.document_id)
    if ready is None:
        raise Refused(Reason.DOCUMENT_NOT_FOUND)
    return ready


retrieve_document = Act(
    name="retrieve-document",
    actions=always(Action.READ_DOCUMENT),
    target=_target,
    run=_retrieve,
    reads=True,
    transactions=("ITI-68", "TD3.2"),
)

retrieve_page = Act(
    name="retrieve-page",
    actions=always(Action.READ_DOCUMENT),
    target=_target,
    run=_retrieve,
    reads=True,
)
"""The same for the picture of one of its pages: whoever opened a document looks at several."""

read_metadata = Act(
    name="read-metadata",
    actions=always(Action.FIND_DOCUMENTS),
    target=_target,
    run=_read_metadata,
    reads=True,
)
"""The metadata as a value, for pages."""

read_metadata_ready = Act(
    name="read-metadata",
    actions=always(Action.FIND_DOCUMENTS),
    target=_target,
    run=_read_metadata_ready,
    reads=True,
)
"""The metadata as ready-made FHIR text."""
