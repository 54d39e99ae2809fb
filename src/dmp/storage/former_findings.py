"""What documents say as it was kept in former forms, until the house has read them again.

The first form has the name of each value and does not say what the document is; the second says it; the third
is rows, with the codes and people of a document in tables of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from dmp.domain.clinical.facts import (
    Dispensed,
    Findings,
    Imaging,
    Performed,
    Prescribed,
    Result,
    Source,
)
from dmp.domain.clinical.material import Outline
from dmp.domain.clinical.same.attaching import attached
from dmp.domain.identifiers import DocumentId
from dmp.storage.packed_names import AgentRow, AuthorRow, CodeRow, agent_of, author_of, code_of

_Result = tuple[int, str, datetime, int, float | None, str, str, float | None, float | None, str]
_Prescribed = tuple[int, str, list[int], str, date | None, date | None, int]
_Dispensed = tuple[int, str, date, list[int], float, date | None, int, int]
_Performed = tuple[int, str, date, int, float, int, int]
_Imaging = tuple[int, str, date, int, str, str, str, int]


class _Third(msgspec.Struct, array_like=True, frozen=True):
    """The outline, then tables, then facts: each begins with the place of its sources, and has the places of
    its codes (-1: none) and people. `rest` are the facts of the other kinds as they are.
    """

    document_id: UUID
    title: str
    service_start: datetime
    submitted_at: datetime
    type_code: int
    class_code: int
    authors: list[AuthorRow]
    said: list[tuple[Source, ...]]
    codes: list[CodeRow]
    agents: list[AgentRow]
    results: list[_Result]
    prescribed: list[_Prescribed]
    dispensed: list[_Dispensed]
    performed: list[_Performed]
    imaging: list[_Imaging]
    rest: Findings | None


_third_in: Final = msgspec.json.Decoder(_Third).decode


def formerly_packed(octets: bytes) -> tuple[Outline, Findings]:
    """A document and what it says, in the second form or the third."""
    return _second(octets) if octets.startswith(b"{") else _third(_third_in(octets))


def formerly_said(octets: bytes) -> Findings:
    """What a document says, in the first form, which did not say what the document is."""
    return _named(msgspec.json.decode(octets))


def _third(row: _Third) -> tuple[Outline, Findings]:
    codes: list[Any] = [*map(code_of, row.codes), None]
    agents = [agent_of(one) for one in row.agents]
    said = row.said
    outline = Outline(
        DocumentId(row.document_id),
        row.title,
        row.service_start,
        row.submitted_at,
        codes[row.type_code],
        codes[row.class_code],
        tuple(map(author_of, row.authors)),
    )
    found = (row.rest or Findings())._replace(
        results=tuple(
            Result(label, at, codes[code], value, text, unit, low, high, interpretation, said[by])
            for by, label, at, code, value, text, unit, low, high, interpretation in row.results
        ),
        prescribed=tuple(
            Prescribed(label, tuple(codes[i] for i in of), dosage, start, stop, agents[who], said[by])
            for by, label, of, dosage, start, stop, who in row.prescribed
        ),
        dispensed=tuple(
            Dispensed(
                label, on, tuple(codes[i] for i in of), boxes, prescribed_on, agents[who],
                agents[where], said[by],
            )
            for by, label, on, of, boxes, prescribed_on, who, where in row.dispensed
        ),
        performed=tuple(
            Performed(label, on, codes[code], quantity, agents[who], agents[doer], said[by])
            for by, label, on, code, quantity, who, doer in row.performed
        ),
        imaging=tuple(
            Imaging(label, on, codes[code], modality, region, conclusion, agents[doer], said[by])
            for by, label, on, code, modality, region, conclusion, doer in row.imaging
        ),
    )  # fmt: skip
    return outline, attached(outline, found)


def _second(octets: bytes) -> tuple[Outline, Findings]:
    former = msgspec.json.decode(octets)
    outline = former["outline"]
    values = msgspec.convert([outline[name] for name in Outline._fields], Outline)
    return values, attached(values, _named(former["findings"]))


def _named(findings: dict[str, Any]) -> Findings:
    """Facts written with the name of each value; some are named tuples now, and read in their order."""
    now: dict[str, Any] = {}
    for name, facts in findings.items():
        kind = _IN_ORDER.get(name)
        if kind is not Source:
            for one in facts:
                one["sources"] = _listed(Source, one["sources"])
        now[name] = facts if kind is None else _listed(kind, facts)
    return msgspec.convert([now.get(name, ()) for name in Findings._fields], Findings)


def _listed(kind: Any, values: Sequence[dict[str, Any]]) -> list[list[Any]]:
    defaults = {name: msgspec.to_builtins(value) for name, value in kind._field_defaults.items()}
    return [[one.get(name, defaults.get(name)) for name in kind._fields] for one in values]


_IN_ORDER: Final = {
    "prescribed": Prescribed,
    "dispensed": Dispensed,
    "results": Result,
    "performed": Performed,
    "imaging": Imaging,
    "no_known_allergy": Source,
    "no_known_problem": Source,
}
"""The lists of findings whose members are named tuples, and what those are."""
