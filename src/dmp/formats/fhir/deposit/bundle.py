"""ITI-65 and ITI-105: what a sender provides, as a `Submission`; and the answer, entry by entry.

What is not understood is refused with the path of the entry: nothing of a submission is lost in silence.

Source: PDSm ComprehensiveProvideDocumentBundle and SimplifiedPublish; MHD ITI-65, ITI-105; PDSM4DMP
TD2, TD2.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import orjson

from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId, Ins, UniqueId
from dmp.formats.fhir.deposit.claimed import (
    Reading,
    read_attachment,
    read_document_reference,
    read_target,
)
from dmp.formats.fhir.deposit.content import content_in_line, content_of
from dmp.formats.fhir.deposit.submission_set import SUBMISSION_SET, list_code, read_submission_set
from dmp.formats.fhir.elements import Element, unique_id_of
from dmp.formats.fhir.outcome import remarks
from dmp.formats.fhir.patch import supersedes
from dmp.formats.fhir.strict_json import Json, JsonObject

MAX_ENTRIES: Final = 300


class Kind(StrEnum):
    """What an entry of the Bundle is to us."""

    SUBMISSION_SET = "List"
    DOCUMENT = "DocumentReference"
    CONTENT = "Binary"
    SUPERSEDE = "Parameters"
    PATIENT = "Patient"


@dataclass(frozen=True, slots=True)
class Slot:
    """One entry, for the answer: what it is, and the rank of the document it belongs to."""

    kind: Kind
    document: int = -1


@dataclass(frozen=True, slots=True)
class ProvidedBundle:
    """The submission that a Bundle holds, and its entries in order."""

    submission: Submission
    slots: tuple[Slot, ...]


@dataclass(slots=True)
class _Entry:
    full_url: str
    kind: Kind
    resource: Element
    url: str


@dataclass(slots=True)
class _Sorted:
    """The entries of a Bundle by what they are."""

    entries: list[_Entry] = field(default_factory=list)

    def of(self, kind: Kind) -> list[_Entry]:
        return [entry for entry in self.entries if entry.kind is kind]


def read_simplified(resource: Element, *, test_mode: bool, limit: int) -> Submission:
    """ITI-105: one DocumentReference with its content, as a submission of its own.

    Args:
        resource: the DocumentReference.
        test_mode: whether test identities are taken.
        limit: the largest content taken, in octets.

    Raises:
        Refused: with the path of the faulty element.
    """
    if resource.text("resourceType") != "DocumentReference":
        raise resource.wrong("resourceType", "DocumentReference is expected")
    received = content_in_line(read_attachment(resource), limit)
    document = read_document_reference(
        resource, received.octets, received.content_type, Reading(test_mode=test_mode)
    )
    return Submission(ins=_ins(document), documents=(document,), simplified=True)


def read_bundle(bundle: Element, *, test_mode: bool, limit: int) -> ProvidedBundle:
    """ITI-65: a transaction Bundle.

    Args:
        bundle: the Bundle.
        test_mode: whether test identities are taken.
        limit: the largest content taken, in octets.

    Raises:
        Refused: with the path of the faulty element.
    """
    if bundle.text("resourceType") != "Bundle" or bundle.text("type") != "transaction":
        raise bundle.wrong("type", "a Bundle of the type transaction is expected")
    found = _sort(bundle)
    sets, references = found.of(Kind.SUBMISSION_SET), found.of(Kind.DOCUMENT)
    if not references:
        raise Refused(Reason.SUBMISSION_EMPTY, field="Bundle.entry")
    if len(sets) != 1:
        raise bundle.wrong("entry", f"one SubmissionSet List is expected, {len(sets)} are there")
    reading = Reading(
        test_mode=test_mode,
        bundled={e.full_url: e.resource for e in found.of(Kind.PATIENT) if e.full_url},
    )
    documents, used = _documents(references, found.of(Kind.CONTENT), reading, limit)
    submission = read_submission_set(
        sets[0].resource, reading, documents, [entry.full_url for entry in references]
    )
    replaced = _superseded(found.of(Kind.SUPERSEDE), documents)
    return ProvidedBundle(submission, _slots(found, used, replaced))


def _ins(document: ClaimedDocument) -> Ins:
    if document.ins is None:
        raise Refused(Reason.METADATA_MISSING, field=f"{document.path}.subject")
    return document.ins


def _documents(
    references: list[_Entry], contents: list[_Entry], reading: Reading, limit: int
) -> tuple[list[ClaimedDocument], dict[str, int]]:
    """The documents, and which one each Binary belongs to."""
    binaries = {entry.full_url: entry.resource for entry in contents}
    documents: list[ClaimedDocument] = []
    used: dict[str, int] = {}
    for rank, entry in enumerate(references):
        received = content_of(read_attachment(entry.resource), entry.resource, binaries, limit)
        if received.binary:
            used[received.binary] = rank
        documents.append(
            read_document_reference(entry.resource, received.octets, received.content_type, reading)
        )
    for entry in contents:
        if entry.full_url not in used:
            raise entry.resource.wrong("", "no DocumentReference of the Bundle names this Binary")
    return documents, used


# --- Entries -----------------------------------------------------------------------------------

_METHODS: Final[dict[tuple[str, str], Kind]] = {
    ("List", "POST"): Kind.SUBMISSION_SET,
    ("DocumentReference", "POST"): Kind.DOCUMENT,
    ("Binary", "POST"): Kind.CONTENT,
    ("Parameters", "PATCH"): Kind.SUPERSEDE,
    # A Patient may come along so that references find him; he is not written.
    ("Patient", "POST"): Kind.PATIENT,
    ("Patient", "PUT"): Kind.PATIENT,
}


def _sort(bundle: Element) -> _Sorted:
    found, urls = _Sorted(), set[str]()
    entries = bundle.children("entry")
    if len(entries) > MAX_ENTRIES:
        raise Refused(Reason.SUBMISSION_TOO_LARGE, found=len(entries), limit=MAX_ENTRIES)
    for entry in entries:
        one = _entry(entry)
        if one.full_url:
            if one.full_url in urls:
                raise entry.wrong("fullUrl", "another entry has the same")
            urls.add(one.full_url)
        found.entries.append(one)
    return found


def _entry(entry: Element) -> _Entry:
    resource, request = entry.child("resource"), entry.child("request")
    if resource is None:
        raise Refused(Reason.METADATA_MISSING, field=f"{entry.path}.resource")
    if request is None:
        raise Refused(Reason.METADATA_MISSING, field=f"{entry.path}.request")
    for name in request.value:
        if name not in ("method", "url"):
            raise request.wrong(name, "conditions are not taken in a submission")
    kind = _METHODS.get((resource.text("resourceType"), request.required("method")))
    if kind is None:
        raise Refused(
            Reason.INTERACTION_UNSUPPORTED,
            field=entry.path,
            detail="in a submission: POST of List, DocumentReference and Binary, PATCH of a "
            "replaced DocumentReference",
        )
    if kind is Kind.SUBMISSION_SET and list_code(resource) != SUBMISSION_SET:
        raise Refused(
            Reason.INTERACTION_UNSUPPORTED,
            field=f"{resource.path}.code",
            detail="folders are not taken, only a List with the code submissionset",
        )
    return _Entry(entry.text("fullUrl"), kind, resource, request.required("url"))


def _superseded(patches: list[_Entry], documents: list[ClaimedDocument]) -> list[int]:
    """For each PATCH of a replaced document, the rank of the one that replaces it."""
    ranks: list[int] = []
    for entry in patches:
        if not supersedes(entry.resource):
            raise Refused(Reason.CHANGE_NOT_ALLOWED, field="status (other than superseded)")
        target = _patched(entry)
        rank = next((r for r, d in enumerate(documents) if d.replaces == target), None)
        if rank is None:
            raise entry.resource.wrong(
                "", "no document of the Bundle replaces this one by the same identifier"
            )
        ranks.append(rank)
    return ranks


def _patched(entry: _Entry) -> UniqueId | DocumentId:
    named = read_target(entry.url)
    if named is not None:
        return named
    _, _, identifier = entry.url.partition("DocumentReference?identifier=")
    if not identifier:
        raise entry.resource.wrong("", "the request url names no DocumentReference")
    system, _, value = identifier.rpartition("|")
    return unique_id_of(system, value)


def _slots(found: _Sorted, used: dict[str, int], replaced: list[int]) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    documents, patches = 0, iter(replaced)
    for entry in found.entries:
        match entry.kind:
            case Kind.DOCUMENT:
                slots.append(Slot(entry.kind, documents))
                documents += 1
            case Kind.CONTENT:
                slots.append(Slot(entry.kind, used[entry.full_url]))
            case Kind.SUPERSEDE:
                slots.append(Slot(entry.kind, next(patches)))
            case _:
                slots.append(Slot(entry.kind))
    return tuple(slots)


# --- The answer --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryAnswer:
    """What became of one entry: HTTP status, where it stands now, its version, remarks."""

    status: int
    location: str = ""
    version: int | None = None
    remarks: Sequence[str] = ()


_TEXTS: Final = {200: "200 OK", 201: "201 Created"}


def write_transaction_response(answers: Iterable[EntryAnswer]) -> bytes:
    """The transaction-response Bundle, in the order of the request."""
    entries: list[Json] = []
    for answer in answers:
        response: JsonObject = {"status": _TEXTS[answer.status]}
        if answer.location:
            response["location"] = answer.location
        if answer.version is not None:
            response["etag"] = f'W/"{answer.version}"'
        if answer.remarks:
            response["outcome"] = remarks(answer.remarks)
        entries.append({"response": response})
    return orjson.dumps(
        {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}
    )
