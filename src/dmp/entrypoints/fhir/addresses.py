"""Identifiers in addresses."""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId


def document_in_path(request: Request) -> UUID:
    """The document that the path names. Raises Refused: DOCUMENT_NOT_FOUND, it is no identifier of ours."""
    return _uuid(request, Reason.DOCUMENT_NOT_FOUND)


def record_in_path(request: Request) -> RecordId:
    """The record that the path names. Raises Refused: RECORD_NOT_FOUND, it is no identifier of ours."""
    return RecordId(_uuid(request, Reason.RECORD_NOT_FOUND))


def _uuid(request: Request, otherwise: Reason) -> UUID:
    text: str = request.path_params["id"]
    try:
        if len(text) != 36:
            raise ValueError
        return UUID(text)
    except ValueError:
        raise Refused(otherwise) from None
