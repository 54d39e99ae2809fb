"""The List that a submission set is. Source: PDSm SubmissionSetComprehensive; MHD 4.2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dmp.domain.codes import TRE_R02_SECTOR
from dmp.domain.documents.entry import Author
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import UniqueId
from dmp.formats.fhir.deposit.claimed import Reading, refuse_unknown
from dmp.formats.fhir.elements import Element, read_concept, read_unique_id
from dmp.formats.fhir.participants import Contained, read_author
from dmp.formats.fhir.subject import read_subject

LIST_TYPES: Final = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
SUBMISSION_SET: Final = "submissionset"
_MHD: Final = "https://profiles.ihe.net/ITI/MHD/StructureDefinition"
DESIGNATION_TYPE: Final = f"{_MHD}/ihe-designationType"
SOURCE_ID: Final = f"{_MHD}/ihe-sourceId"

UNDERSTOOD: Final = frozenset(
    {
        "resourceType", "id", "meta", "implicitRules", "language", "text", "contained", "extension",
        "identifier", "status", "mode", "title", "code", "subject", "date", "source", "note", "entry",
    }
)  # fmt: skip


def list_code(resource: Element) -> str:
    """What a List is by MHD: `submissionset` or `folder`; empty for another."""
    code = read_concept(resource.child("code"), (LIST_TYPES,))
    return code.code if code is not None else ""


def read_submission_set(
    resource: Element,
    reading: Reading,
    documents: Sequence[ClaimedDocument],
    addresses: Sequence[str],
) -> Submission:
    """The submission that a List describes.

    Args:
        resource: the List.
        reading: how to read.
        documents: the documents of the Bundle.
        addresses: their fullUrl, in the same order.

    Raises:
        Refused: an element is malformed or not understood; or the entries are not the documents.
    """
    refuse_unknown(resource, UNDERSTOOD)
    if resource.required("status") != "current" or resource.required("mode") != "working":
        raise resource.wrong("status", "status current and mode working are expected")
    _check_entries(resource, addresses)
    contained = Contained(resource, dict(reading.bundled))
    designation = resource.extension(DESIGNATION_TYPE)
    notes = [one.text("text") for one in resource.children("note")]
    return Submission(
        ins=read_subject(resource, "subject", contained, test_mode=reading.test_mode),
        documents=tuple(documents),
        unique_id=_unique_id(resource),
        source_id=_source_id(resource),
        content_type=read_concept(designation.child("valueCodeableConcept"), (TRE_R02_SECTOR,))
        if designation is not None
        else None,
        author=_author(resource, contained),
        title=resource.text("title"),
        comments="\n".join(filter(None, notes)),
    )


def _check_entries(resource: Element, addresses: Sequence[str]) -> None:
    listed: list[str] = []
    for entry in resource.children("entry"):
        item = entry.child("item")
        if item is None:
            raise Refused(Reason.METADATA_MISSING, field=f"{entry.path}.item")
        target = item.required("reference")
        if target not in addresses:
            raise item.wrong("reference", "no DocumentReference of the Bundle has this fullUrl")
        listed.append(target)
    missing = [rank for rank, address in enumerate(addresses) if address not in listed]
    if missing:
        raise resource.wrong("entry", "every DocumentReference of the Bundle is listed here")


def _unique_id(resource: Element) -> UniqueId | None:
    """The sender's own identifier; that of use `official` is the registry's entryUUID."""
    own = [one for one in resource.children("identifier") if one.text("use") != "official"]
    return read_unique_id(own[0]) if own else None


def _source_id(resource: Element) -> str:
    extension = resource.extension(SOURCE_ID)
    identifier = extension.child("valueIdentifier") if extension is not None else None
    return identifier.required("value").removeprefix("urn:oid:") if identifier is not None else ""


def _author(resource: Element, contained: Contained) -> Author | None:
    source = resource.child("source")
    return read_author(source, contained) if source is not None else None
