"""`Patient/[id]/$dmp-masquage`: mask documents, a category or everything, from all or from some."""

from __future__ import annotations

from typing import TypedDict

from starlette.responses import Response

from dmp.acts.documents.mask_documents import MaskDocuments, mask_documents
from dmp.acts.sharing.keep_from import KeepFrom, ShowAgain, keep_from, show_again
from dmp.domain.identifiers import RecordId
from dmp.domain.record.preferences import Audience, Covered
from dmp.entrypoints.fhir.addresses import record_in_path
from dmp.entrypoints.fhir.bodies import read_resource
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.formats.fhir.rights.masking import (
    MaskingAction,
    MaskingRequest,
    read_masking,
    write_document,
    write_mask,
)
from dmp.formats.fhir.rights.parameters import write_parameters


async def mask(exchange: Exchange) -> Response:
    """The documents that changed and those that could not; or the masks in force for that audience."""
    record_id = record_in_path(exchange.request)
    resource = await read_resource(exchange.request)
    asked = read_masking(resource, test_mode=exchange.house.rules.test_mode)
    if asked.audience is None:
        return await _to_all(exchange, record_id, asked)
    return await _to_some(exchange, record_id, asked, asked.audience)


async def _to_all(exchange: Exchange, record_id: RecordId, asked: MaskingRequest) -> Response:
    done = await exchange.perform(
        mask_documents,
        MaskDocuments(
            record_id=record_id,
            documents=asked.documents,
            category=asked.category,
            masked=asked.action is MaskingAction.MASK,
            future=asked.future,
        ),
    )
    changed = [write_document("modifie", entry) for entry in done.changed]
    return answer(write_parameters(changed + [write_document("laisse", e) for e in done.left]))


class _Target(TypedDict):
    record_id: RecordId
    audience: Audience
    audience_id: str
    name: str
    covered: Covered
    target: str
    also: tuple[str, ...]


async def _to_some(
    exchange: Exchange, record_id: RecordId, asked: MaskingRequest, audience: Audience
) -> Response:
    first, *others = asked.targets
    target = _Target(
        record_id=record_id,
        audience=audience,
        audience_id=asked.audience_id,
        name=asked.name,
        covered=asked.covered,
        target=first,
        also=tuple(others),
    )
    if asked.action is MaskingAction.MASK:
        record = await exchange.perform(keep_from, KeepFrom(**target))
    else:
        record = await exchange.perform(show_again, ShowAgain(**target))
    now = exchange.house.now()
    in_force = (
        one
        for one in record.preferences.masks
        if one.in_force(now) and (one.audience, one.audience_id) == (audience, asked.audience_id)
    )
    return answer(write_parameters(map(write_mask, in_force)))
