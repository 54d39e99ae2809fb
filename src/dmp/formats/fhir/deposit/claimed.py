"""DocumentReference as its sender wrote it: what he claims of a document, nothing checked yet.

What the comprehensive profile requires and is absent stays None: the rules of submission decide.

Source: PDSm 3.1.1 ComprehensiveDocumentReference and SimplifiedPublish; IHE MHD 4.2.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypedDict
from uuid import UUID

from dmp.domain.codes import (
    HL7_CONFIDENTIALITY,
    LOINC,
    TRE_A00_AUTHOR_ROLE,
    TRE_A01_PRACTICE,
    TRE_A03_CLASS,
    TRE_A05_TYPE,
    TRE_A07_VISIBILITY,
    TRE_R02_SECTOR,
    Code,
)
from dmp.domain.documents.entry import Author, Reference
from dmp.domain.documents.submission import ClaimedDocument
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId, Ins, UniqueId
from dmp.formats.fhir.dates import read_instant
from dmp.formats.fhir.elements import (
    Element,
    read_coding,
    read_concept,
    read_concepts,
    read_unique_id,
)
from dmp.formats.fhir.participants import Contained, read_author
from dmp.formats.fhir.subject import read_source_patient, read_subject
from dmp.formats.fhir.systems import oid_of

UNDERSTOOD: Final = frozenset(
    {
        "resourceType", "id", "meta", "implicitRules", "language", "text", "contained", "extension",
        "masterIdentifier", "identifier", "status", "type", "category", "subject", "date", "author",
        "authenticator", "custodian", "relatesTo", "description", "securityLabel", "content", "context",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read: whether test identities are taken, and the other resources of the Bundle by fullUrl."""

    test_mode: bool
    bundled: Mapping[str, Element] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Where a document's content is said to be: in `data` (base64) or at `url`."""

    content_type: str
    data: str
    url: str
    path: str


def read_document_reference(
    resource: Element, content: bytes, content_type: str, reading: Reading
) -> ClaimedDocument:
    """What the sender claims of a document.

    Args:
        resource: the DocumentReference.
        content: the bytes of the document.
        content_type: the media type announced for them.
        reading: how to read.

    Raises:
        Refused: an element is malformed, contradicts another or is not understood; with its path.
    """
    refuse_unknown(resource, UNDERSTOOD)
    _check_status(resource)
    contained = Contained(resource, dict(reading.bundled))
    ins = read_subject(resource, "subject", contained, test_mode=reading.test_mode)
    attachment, format_code = _content(resource)
    level, restrictions = read_labels(resource.children("securityLabel"), resource)
    context = resource.child("context")
    master = resource.child("masterIdentifier")
    return ClaimedDocument(
        content=content,
        content_type=content_type,
        path=resource.path,
        ins=ins,
        unique_id=read_unique_id(master) if master is not None else None,
        title=attachment.text("title") or None,
        hash=_hash(attachment),
        size=attachment.whole("size"),
        language=attachment.text("language") or None,
        created_at=_created(resource, attachment),
        type_code=_coded(resource, "type", (LOINC, TRE_A05_TYPE)),
        class_code=_category(resource),
        format_code=format_code,
        level=level or "N",
        restrictions=restrictions,
        authors=tuple(read_author(one, contained) for one in resource.children("author")),
        legal_authenticator=_authenticator(resource, contained),
        comments=resource.text("description"),
        replaces=read_replaced(resource),
        **_context(context, contained, ins, reading),
    )


def read_attachment(resource: Element) -> Attachment:
    """Where the content of a DocumentReference is.

    Raises:
        Refused: METADATA_MISSING, METADATA_INVALID.
    """
    attachment, _ = _content(resource)
    return Attachment(
        content_type=attachment.required("contentType"),
        data=attachment.text("data"),
        url=attachment.text("url"),
        path=attachment.path,
    )


def refuse_unknown(element: Element, known: frozenset[str]) -> None:
    """Refuse an element that would be lost: what is not stored is not taken silently."""
    for name in element.value:
        if name.removeprefix("_") not in known:
            raise element.wrong(name, "this element is not taken here, remove it")


def _check_status(resource: Element) -> None:
    status = resource.required("status")
    if status != "current":
        raise resource.wrong("status", "a document is submitted with the status current")


def _content(resource: Element) -> tuple[Element, Code | None]:
    content = resource.only("content")
    if content is None:
        raise Refused(Reason.METADATA_MISSING, field=f"{resource.path}.content")
    attachment = content.child("attachment")
    if attachment is None:
        raise Refused(Reason.METADATA_MISSING, field=f"{content.path}.attachment")
    known = content.child("format")
    return attachment, read_coding(known) if known is not None else None


def _coded(element: Element, name: str, prefer: tuple[str, ...]) -> Code | None:
    return read_concept(element.child(name), prefer)


def _category(resource: Element) -> Code | None:
    codes = list(read_concepts(resource.children("category")))
    return next((c for c in codes if c.system == TRE_A03_CLASS), codes[0] if codes else None)


_HEX = re.compile(r"[0-9a-fA-F]{40}")


def _hash(attachment: Element) -> str | None:
    """The SHA-1 in hexadecimal: sent as base64 of its octets, tolerated in hexadecimal."""
    text = attachment.text("hash")
    if not text:
        return None
    if _HEX.fullmatch(text):
        return text.lower()
    try:
        octets = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        octets = b""
    if len(octets) == 20:
        return octets.hex()
    as_text = octets.decode("ascii", "replace")
    if _HEX.fullmatch(as_text):
        return as_text.lower()
    raise attachment.wrong("hash", "the base64 of the 20 octets of the SHA-1 is expected")


def _created(resource: Element, attachment: Element) -> datetime | None:
    """The creation time: `date`, or `attachment.creation` where only that is said.

    PDSm maps creationTime to `date`, MHD to `attachment.creation`; `date` prevails.
    """
    for element, name in ((resource, "date"), (attachment, "creation")):
        text = element.text(name)
        if text:
            return read_instant(text, f"{element.path}.{name}")
    return None


def read_labels(
    labels: list[Element], resource: Element
) -> tuple[str | None, frozenset[Restriction] | None]:
    """Confidentiality and restrictions of the security labels; None where nothing is said.

    Raises:
        Refused: CODE_UNKNOWN, a label of another system; METADATA_INVALID, two confidentialities.
    """
    if not labels:
        return None, None
    levels: set[str] = set()
    restrictions: set[Restriction] = set()
    for code in read_concepts(labels):
        if code.system == TRE_A07_VISIBILITY and code.code in set(Restriction):
            restrictions.add(Restriction(code.code))
        elif code.system in (HL7_CONFIDENTIALITY, TRE_A07_VISIBILITY) and code.code in _LEVELS:
            levels.add(code.code)
        else:
            raise Refused(
                Reason.CODE_UNKNOWN,
                field=f"{resource.path}.securityLabel",
                code=code.code,
                value_set="JDV_J08",
            )
    if len(levels) > 1:
        raise resource.wrong("securityLabel", "one confidentiality (N, R or V) only")
    return next(iter(levels), None), frozenset(restrictions)


_LEVELS = ("N", "R", "V")


def _authenticator(resource: Element, contained: Contained) -> Author | None:
    reference = resource.child("authenticator")
    return read_author(reference, contained) if reference is not None else None


def read_replaced(resource: Element) -> UniqueId | DocumentId | None:
    """The document that this one replaces, by the identifier the sender gave.

    Raises:
        Refused: METADATA_INVALID, another relation than `replaces`, or a target that names nothing.
    """
    relation = resource.only("relatesTo")
    if relation is None:
        return None
    if relation.required("code") != "replaces":
        raise relation.wrong("code", "only replaces is taken")
    target = relation.child("target")
    if target is None:
        raise Refused(Reason.METADATA_MISSING, field=f"{relation.path}.target")
    named = read_target(target.text("reference"))
    if named is not None:
        return named
    identifier = target.child("identifier")
    if identifier is None:
        raise target.wrong("reference", "DocumentReference/ and its id, or an identifier")
    return read_unique_id(identifier)


_TARGET = re.compile(r"(?:.*/)?DocumentReference/([0-9a-fA-F-]{36})(?:/_history/[0-9]+)?")


def read_target(reference: str) -> DocumentId | None:
    """The identifier in `DocumentReference/<id>`, relative or absolute, or in `urn:uuid:<id>`."""
    found = _TARGET.fullmatch(reference)
    text = found.group(1) if found else reference.removeprefix("urn:uuid:")
    try:
        return DocumentId(UUID(text))
    except ValueError:
        return None


class _ContextParts(TypedDict, total=False):
    event_codes: tuple[Code, ...]
    service_start: datetime
    service_stop: datetime
    facility_type: Code | None
    practice_setting: Code | None
    source_patient_id: str
    references: tuple[Reference, ...]


def _context(
    context: Element | None, contained: Contained, ins: Ins, reading: Reading
) -> _ContextParts:
    parts = _ContextParts()
    if context is None:
        return parts
    parts["event_codes"] = tuple(read_concepts(context.children("event")))
    period = context.child("period")
    if period is not None:
        if period.text("start"):
            parts["service_start"] = read_instant(period.text("start"), f"{period.path}.start")
        if period.text("end"):
            parts["service_stop"] = read_instant(period.text("end"), f"{period.path}.end")
    parts["facility_type"] = _coded(context, "facilityType", (TRE_R02_SECTOR, TRE_A00_AUTHOR_ROLE))
    parts["practice_setting"] = _coded(
        context, "practiceSetting", (TRE_A01_PRACTICE, TRE_A00_AUTHOR_ROLE)
    )
    source = context.child("sourcePatientInfo")
    if source is not None:
        parts["source_patient_id"] = read_source_patient(
            source, contained, ins, test_mode=reading.test_mode
        )
    parts["references"] = tuple(_related(one) for one in context.children("related"))
    return parts


def _related(element: Element) -> Reference:
    identifier = element.child("identifier")
    if identifier is None:
        raise element.wrong("identifier", "related documents are named by an identifier")
    kind = read_concept(identifier.child("type"))
    return Reference(
        value=identifier.required("value"),
        kind=kind.code if kind is not None else "",
        system=oid_of(identifier.text("system")),
    )
