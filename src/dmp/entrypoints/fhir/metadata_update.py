"""Update of metadata (TD3.3a to TD3.3d): PATCH, by id or conditional, on what may change."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, UniqueId
from dmp.entrypoints.fhir.addresses import document_in_path
from dmp.entrypoints.fhir.bodies import SMALL, query_parameters, read_body
from dmp.entrypoints.fhir.door import Exchange, TracedRefusal, answer
from dmp.entrypoints.fhir.negotiation import JSON_PATCH, JSON_TYPES, content_type
from dmp.formats.fhir.document_reference import write_document_reference
from dmp.formats.fhir.elements import Element, unique_id_of
from dmp.formats.fhir.patch import Changeable, Patch, read_fhirpath_patch, read_json_patch
from dmp.formats.fhir.strict_json import parse, parse_object

_ETAG = re.compile(r'(?:W/)?"([0-9]{1,9})"')


async def patch(exchange: Exchange) -> Response:
    """`PATCH DocumentReference/[id]`."""
    return await _patched(exchange, document_in_path(exchange.request), None)


async def patch_by_identifier(exchange: Exchange) -> Response:
    """`PATCH DocumentReference?identifier=…`, as PDSm does it; `patient.identifier` may narrow it."""
    document, within = _target(exchange)
    return await _patched(exchange, document, within)


async def _patched(exchange: Exchange, document: UUID | UniqueId, within: Ins | None) -> Response:
    wanted = await _read(exchange.request)
    request = UpdateMetadata(
        document=document,
        asked=_asked(wanted, _expected_version(exchange.request)),
        within=within,
    )
    try:
        entry = await exchange.perform(update_metadata, request)
    except TracedRefusal as traced:
        if traced.refusal.reason is Reason.CHANGE_NOT_ALLOWED:
            # The element may change, this change of it may not: a rule of the trade, not of the wire.
            raise TracedRefusal(traced.refusal, 422) from traced
        raise
    return answer(
        write_document_reference(entry).encode("utf-8"), headers={"etag": f'W/"{entry.version}"'}
    )


async def _read(request: Request) -> Patch:
    found = content_type(request, JSON_PATCH, *JSON_TYPES)
    body = await read_body(request, SMALL)
    if found == JSON_PATCH:
        return read_json_patch(parse(body))
    return read_fhirpath_patch(Element(parse_object(body), "Parameters"))


def _target(exchange: Exchange) -> tuple[UniqueId, Ins | None]:
    document: UniqueId | None = None
    within: Ins | None = None
    for name, value in query_parameters(exchange.request):
        system, _, bare = value.rpartition("|")
        if name == "identifier" and document is None:
            document = unique_id_of(system, bare)
        elif name in ("patient.identifier", "patient:identifier") and within is None:
            within = Ins.parse(bare, system, test_mode=exchange.house.rules.test_mode)
        elif name not in ("_format", "_pretty"):
            raise Refused(Reason.PARAMETER_UNKNOWN, parameter=name[:60])
    if document is None:
        raise Refused(Reason.PARAMETER_MISSING, parameter="identifier")
    return document, within


def _expected_version(request: Request) -> int | None:
    header = request.headers.get("if-match")
    if header is None:
        return None
    found = _ETAG.fullmatch(header.strip())
    if found is None:
        raise Refused(Reason.PARAMETER_INVALID, parameter="If-Match", detail='like W/"3"')
    return int(found.group(1))


def _asked(
    wanted: Patch, expected_version: int | None
) -> Callable[[DocumentEntry], tuple[Change, ...]]:
    """The changes of a patch, told from the document as it stands when it is changed."""

    def asked(entry: DocumentEntry) -> tuple[Change, ...]:
        if expected_version is not None and expected_version != entry.version:
            raise Refused(Reason.VERSION_MISMATCH, found=entry.version, expected=expected_version)
        before = Changeable.of(entry)
        return tuple(_changes(before, wanted.applied(before)))

    return asked


def _changes(before: Changeable, after: Changeable) -> list[Change]:
    changes: list[Change] = []
    old, new = before.visibility, after.visibility
    if old.masked != new.masked:
        changes.append(Change.MASK if new.masked else Change.UNMASK)
    if old.hidden_from_patient != new.hidden_from_patient:
        hidden = new.hidden_from_patient
        changes.append(Change.HIDE_FROM_PATIENT if hidden else Change.SHOW_TO_PATIENT)
    if old.hidden_from_representatives != new.hidden_from_representatives:
        hidden = new.hidden_from_representatives
        changes.append(
            Change.HIDE_FROM_REPRESENTATIVES if hidden else Change.SHOW_TO_REPRESENTATIVES
        )
    if before.archived != after.archived:
        changes.append(Change.ARCHIVE if after.archived else Change.UNARCHIVE)
    if before.status != after.status:
        changes.append(_STATUS_CHANGES.get(after.status) or _refuse_status())
    return changes


_STATUS_CHANGES = {"superseded": Change.DEPRECATE, "entered-in-error": Change.DELETE}


def _refuse_status() -> Change:
    raise Refused(Reason.CHANGE_NOT_ALLOWED, field="status (back to current)")
