"""A document of one's own, as it stands before a new version takes its place."""

from __future__ import annotations

from uuid import UUID

from dmp.acts.documents.retrieve_document import RetrieveDocument, read_metadata
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.professional.patient import Patient
from dmp.entrypoints.web.visit import Visit


def is_own(visit: Visit, entry: DocumentEntry) -> bool:
    """Whether whoever is logged in, or his structure, deposited it."""
    structure = visit.caller.structure
    own = {visit.caller.id} | ({structure.id_nat} if structure else set())
    return not own.isdisjoint(entry.owner_ids)


async def own_document(visit: Visit, patient: Patient, named: str) -> DocumentEntry | None:
    """The document with this identifier in this patient's record; None for an empty one.

    Raises:
        Refused: DOCUMENT_NOT_FOUND, it is not there for him; NOT_AUTHOR, it is another's;
            REPLACED_NOT_CURRENT, a newer version took its place.
    """
    if not named:
        return None
    try:
        document = UUID(named)
    except ValueError:
        raise Refused(Reason.DOCUMENT_NOT_FOUND) from None
    entry = await visit.do(read_metadata, RetrieveDocument(document=document, within=patient.ins))
    if not is_own(visit, entry):
        raise Refused(Reason.NOT_AUTHOR)
    if entry.status is not Status.APPROVED:
        raise Refused(Reason.REPLACED_NOT_CURRENT)
    return entry
