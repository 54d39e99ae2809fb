"""What a document says and what it is, packed: facts as rows, each code, person and source of it once.

A page reads four hundred of them: rows without names take a third of the time of objects, and codes and people
that come back are made once for all of them. What was kept in a form before this one is still read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import msgspec

from dmp.domain.clinical.facts import (
    NOBODY,
    Agent,
    Dispensed,
    Findings,
    Imaging,
    Performed,
    Prescribed,
    Provenance,
    Result,
    Source,
)
from dmp.domain.clinical.material import Outline
from dmp.domain.clinical.same.attaching import SourcesOf, attached
from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.identifiers import DocumentId
from dmp.domain.made_once import MadeOnce

_Code = tuple[str, str, str]
_Agent = tuple[str, str, str, str]
_NONE: Final = -1
"""Stands for no code: the last of the list is None."""


_Author = tuple[AuthorKind, str, str, str, str, _Code | None, _Code | None, str, str, str]
"""The fields of `Author` in their order."""
_Said = tuple[Provenance, date, UUID | None, str, str, str, str, str]
"""The fields of `Source` in their order."""


_Result = tuple[int, str, datetime, int, float | None, str, str, float | None, float | None, str]
_Prescribed = tuple[int, str, list[int], str, date | None, date | None, int]
_Dispensed = tuple[int, str, date, list[int], float, date | None, int, int]
_Performed = tuple[int, str, date, int, float, int, int]
_Imaging = tuple[int, str, date, int, str, str, str, int]


class _Packed(msgspec.Struct, array_like=True, frozen=True):
    """The outline, then tables, then facts: those of many first with the places of what stands in the tables.

    Each row begins with the place of its sources. `rest` are the facts of the other kinds as they are.
    """

    document_id: UUID
    title: str
    service_start: datetime
    submitted_at: datetime
    type_code: int
    class_code: int
    authors: list[_Author]
    said: list[tuple[_Said, ...]]
    codes: list[_Code]
    agents: list[_Agent]
    results: list[_Result]
    prescribed: list[_Prescribed]
    dispensed: list[_Dispensed]
    performed: list[_Performed]
    imaging: list[_Imaging]
    rest: Findings | None


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(_Packed)
V = TypeVar("V")
_new = tuple.__new__


class _Places(Generic[V]):
    """A table being written: the place of each value that is asked for."""

    def __init__(self) -> None:
        self._places: dict[object, int] = {}
        self.values: list[V] = []

    def of(self, value: V) -> int:
        place = self._places.setdefault(value, len(self.values))
        if place == len(self.values):
            self.values.append(value)
        return place


def packed(outline: Outline, findings: Findings) -> bytes:
    """What a document is and says, as octets."""
    tables = _Tables()
    rest = findings._replace(results=(), prescribed=(), dispensed=(), performed=(), imaging=())
    return _encoder.encode(
        _Packed(
            outline.document_id,
            outline.title,
            outline.service_start,
            outline.submitted_at,
            tables.code(outline.type_code),
            tables.code(outline.class_code),
            [_author(one) for one in outline.authors],
            tables.said.values,
            tables.codes.values,
            tables.agents.values,
            [tables.result(one) for one in findings.results],
            [tables.prescribed(one) for one in findings.prescribed],
            [tables.dispensed(one) for one in findings.dispensed],
            [tables.performed(one) for one in findings.performed],
            [tables.imaging(one) for one in findings.imaging],
            rest or None,
        )
    )


class _Tables:
    """The tables of a document that is being packed, and its facts as rows."""

    def __init__(self) -> None:
        self.said, self.codes, self.agents = _Places[Any](), _Places[_Code](), _Places[_Agent]()

    def code(self, one: Code | None) -> int:
        return _NONE if one is None else self.codes.of(_written(one))

    def _agent(self, one: Agent) -> int:
        return self.agents.of((one.name, one.id, one.speciality, one.place))

    def result(self, one: Result) -> _Result:
        label, at, code, *values, sources = one
        return (self.said.of(sources), label, at, self.code(code), *values)  # type: ignore[return-value]  # as they stand

    def prescribed(self, one: Prescribed) -> _Prescribed:
        codes = [self.code(code) for code in one.codes]
        said, who = self.said.of(one.sources), self._agent(one.prescriber)
        return said, one.label, codes, one.dosage, one.start, one.stop, who

    def dispensed(self, one: Dispensed) -> _Dispensed:
        codes = [self.code(code) for code in one.codes]
        said, who, where = (
            self.said.of(one.sources),
            self._agent(one.prescriber),
            self._agent(one.pharmacy),
        )
        return said, one.label, one.on, codes, one.boxes, one.prescribed_on, who, where

    def performed(self, one: Performed) -> _Performed:
        said, who, by = (
            self.said.of(one.sources),
            self._agent(one.prescriber),
            self._agent(one.performer),
        )
        return said, one.label, one.on, self.code(one.code), one.quantity, who, by

    def imaging(self, one: Imaging) -> _Imaging:
        said, code, by = self.said.of(one.sources), self.code(one.code), self._agent(one.performer)
        return said, one.label, one.on, code, one.modality, one.region, one.conclusion, by


def _written(code: Code) -> _Code:
    return code.code, code.system, code.display


def _author(author: Author) -> _Author:
    specialty, role = author.specialty, author.role
    return (
        author.kind,
        author.id,
        author.id_root,
        author.family,
        author.given,
        None if specialty is None else _written(specialty),
        None if role is None else _written(role),
        author.structure_id,
        author.structure_root,
        author.structure_name,
    )


class Unpacking:
    """Opens what documents say; codes and people that several of them name are made once."""

    def __init__(self) -> None:
        self._codes = MadeOnce[_Code, Code](lambda row: Code(*row))
        self._agents = MadeOnce[_Agent, Agent](_agent_of)
        self._authors = MadeOnce[_Author, Author](self._author_of)

    def _author_of(self, row: _Author) -> Author:
        kind, number, root, family, given, specialty, role, *structure = row
        return Author(
            kind=kind,
            id=number,
            id_root=root,
            family=family,
            given=given,
            specialty=None if specialty is None else self._codes[specialty],
            role=None if role is None else self._codes[role],
            structure_id=structure[0],
            structure_root=structure[1],
            structure_name=structure[2],
        )

    def opened(self, octets: bytes) -> tuple[Outline, Findings]:
        """A document and what it says, each fact with the document as its source."""
        if octets.startswith(b"{"):
            return _former(octets)
        row = _decoder.decode(octets)
        codes: list[Any] = [self._codes[code] for code in row.codes]
        codes.append(None)
        outline = Outline(
            DocumentId(row.document_id),
            row.title,
            row.service_start,
            row.submitted_at,
            codes[row.type_code],
            codes[row.class_code],
            tuple([self._authors[one] for one in row.authors]),
        )
        rest = row.rest
        others = _NOTHING if rest is None else attached(outline, rest)
        if not row.said:
            return outline, others
        made = SourcesOf(outline)
        found = self._facts(row, codes, [made.filled(_sources_of(said)) for said in row.said])
        return outline, Findings(**found) if rest is None else others._replace(**found)

    def _facts(
        self, row: _Packed, codes: list[Any], by: list[tuple[Source, ...]]
    ) -> dict[str, Any]:
        agents = [self._agents[agent] for agent in row.agents]
        found: dict[str, Any] = {}
        if row.results:
            found["results"] = tuple(
                [
                    _new(Result, (a, b, codes[c], d, e, f, g, h, i, by[said]))
                    for said, a, b, c, d, e, f, g, h, i in row.results
                ]
            )
        if row.prescribed:
            found["prescribed"] = tuple(
                [
                    _new(Prescribed, (a, tuple([codes[one] for one in b]), c, d, e, agents[f], by[said]))
                    for said, a, b, c, d, e, f in row.prescribed
                ]
            )  # fmt: skip
        if row.dispensed:
            found["dispensed"] = tuple(
                [
                    _new(Dispensed, (a, b, tuple([codes[i] for i in c]), d, e, agents[f], agents[g], by[s]))
                    for s, a, b, c, d, e, f, g in row.dispensed
                ]
            )  # fmt: skip
        if row.performed:
            found["performed"] = tuple(
                [
                    _new(Performed, (a, b, codes[c], d, agents[e], agents[f], by[said]))
                    for said, a, b, c, d, e, f in row.performed
                ]
            )
        if row.imaging:
            found["imaging"] = tuple(
                [
                    _new(Imaging, (a, b, codes[c], d, e, f, agents[g], by[said]))
                    for said, a, b, c, d, e, f, g in row.imaging
                ]
            )
        return found


_NOTHING = Findings()


def _sources_of(rows: tuple[_Said, ...]) -> tuple[Source, ...]:
    return tuple([_new(Source, row) for row in rows])


def _agent_of(row: _Agent) -> Agent:
    name, number, speciality, place = row
    found = Agent(name=name, id=number, speciality=speciality, place=place)
    return NOBODY if found == NOBODY else found


def _former(octets: bytes) -> tuple[Outline, Findings]:
    former = msgspec.json.decode(octets)
    outline = former["outline"]
    values = msgspec.convert([outline[name] for name in Outline._fields], Outline)
    return values, attached(values, _of_former(former["findings"]))


def former_findings(octets: bytes) -> Findings:
    """What a document says, in the first form, which did not say what the document is."""
    return _of_former(msgspec.json.decode(octets))


def _of_former(findings: dict[str, Any]) -> Findings:
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
