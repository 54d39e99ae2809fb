"""Media types and preferences of a request. Source: RFC 9110 (Accept), RFC 7240 (Prefer), FHIR R4 http."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from starlette.requests import Request

from dmp.domain.errors import Reason, Refused

FHIR_JSON: Final = "application/fhir+json"
JSON_TYPES: Final = frozenset({FHIR_JSON, "application/json", "text/json", "json"})
JSON_PATCH: Final = "application/json-patch+json"
FORM: Final = "application/x-www-form-urlencoded"


def accepted(request: Request) -> list[tuple[str, float]]:
    """The media types that the client accepts, each with its quality; `_format` outweighs the header."""
    wanted = (
        request.query_params.get("_format") if b"_format" in request.scope["query_string"] else ""
    )
    if wanted:
        # An unencoded plus sign arrives as a blank.
        return [(wanted.partition(";")[0].strip().lower().replace(" ", "+"), 1.0)]
    header = request.headers.get("accept", "")
    found: list[tuple[str, float]] = []
    for item in header.split(",")[:50]:
        media_type, *parameters = [part.strip().lower() for part in item.split(";")]
        if media_type:
            found.append((media_type, _quality(parameters)))
    return found


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
        if name.strip() == "fhirversion" and not value.strip('" ').startswith("4.0"):
            return 0.0
    return 1.0


def quality_of(types: Collection[str], wanted: list[tuple[str, float]]) -> float:
    """How much the client wants one of these media types, from 0 to 1. The most specific range counts."""
    if not wanted:
        return 1.0
    ranges = {f"{media_type.partition('/')[0]}/*" for media_type in types}
    for level in (set(types), ranges, {"*/*", "*"}):
        qualities = [quality for media_type, quality in wanted if media_type in level]
        if qualities:
            return max(qualities)
    return 0.0


def require_json(request: Request) -> None:
    """Raises Refused: ANSWER_TYPE_UNSUPPORTED when the client takes no JSON."""
    if b"_format" not in request.scope["query_string"]:
        header = request.headers.get("accept", "*/*")
        if header in ("*/*", FHIR_JSON, "application/json"):
            return
    if quality_of(JSON_TYPES, accepted(request)) <= 0:
        raise Refused(Reason.ANSWER_TYPE_UNSUPPORTED, offered=FHIR_JSON)


def content_type(request: Request, *expected: str) -> str:
    """The media type of the body, one of the expected ones.

    Raises:
        Refused: REQUEST_TYPE_UNSUPPORTED; a compressed body too.
    """
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if found not in expected or encoding != "identity":
        raise Refused(Reason.REQUEST_TYPE_UNSUPPORTED, expected=expected[0])
    return found


def preferred(request: Request, name: str) -> str:
    """The value of a preference (`return`, `handling`) in lower case, empty without it."""
    for header in request.headers.getlist("prefer"):
        for item in header.replace(";", ",").split(","):
            key, _, value = item.strip().partition("=")
            if key.lower() == name:
                return value.strip('" ').lower()
    return ""
