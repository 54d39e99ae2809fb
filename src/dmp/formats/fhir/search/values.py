"""Values of search parameters: alternatives, escapes, tokens. Source: FHIR R4 search §3.1.1.5."""

from __future__ import annotations

import re
from typing import Final

from dmp.domain.errors import Reason, Refused
from dmp.formats.fhir.systems import oid_of

MAX_ALTERNATIVES: Final = 100
MAX_LENGTH: Final = 8_000

_PIECE = re.compile(r"(?:[^\\,]|\\.)*")
_ESCAPED = re.compile(r"\\([\\,|$])")


def invalid(parameter: str, detail: str) -> Refused:
    """The refusal of a parameter's value; the value itself is never repeated."""
    return Refused(Reason.PARAMETER_INVALID, parameter=parameter, detail=detail)


def alternatives(parameter: str, value: str) -> list[str]:
    r"""The values between commas; `\,` is a comma, `\|` a bar, `\\` a backslash.

    Raises:
        Refused: PARAMETER_INVALID when there is none, or one is empty.
    """
    if len(value) > MAX_LENGTH:
        raise invalid(parameter, "too long")
    found = [_ESCAPED.sub(r"\1", piece).strip() for piece in _split(value)]
    if not all(found):
        raise invalid(parameter, "an empty value")
    if len(found) > MAX_ALTERNATIVES:
        raise invalid(parameter, f"more than {MAX_ALTERNATIVES} alternatives")
    return found


def _split(value: str) -> list[str]:
    if "\\" not in value:
        return value.split(",")
    pieces, at = [], 0
    while at <= len(value):
        match = _PIECE.match(value, at)
        piece = match.group() if match else ""
        if not piece and at < len(value) and value[at] == "\\":
            piece = "\\"  # a backslash at the very end escapes nothing
        pieces.append(piece)
        at += len(piece) + 1
    return pieces


def token(parameter: str, value: str) -> str:
    """`system|code` with the system as in the registry, `|code`, or `code`.

    Raises:
        Refused: PARAMETER_INVALID, a system without code.
    """
    system, separator, code = value.partition("|")
    if not separator:
        return value
    if not code:
        raise invalid(parameter, "a code is expected after the system")
    return f"{oid_of(system)}|{code}"
