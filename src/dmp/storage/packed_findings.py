"""What a document says and what it is, packed: what comes back from document to document stands apart.

A page reads four hundred of them. The author and kind of document, the tests of a panel with their units and
ranges, a medicine with its codes: each of these is written as one piece, which is told by its very octets and
read once for a page however many documents have it. What changes (days, values) stands in rows beside it.
What was kept in a form before this one is still read (`former_findings`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby, repeat
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from msgspec import Raw

from dmp.domain.clinical.facts import (
    Agent,
    Dispensed,
    Findings,
    Imaging,
    Performed,
    Prescribed,
    Result,
    Source,
)
from dmp.domain.clinical.material import Outline
from dmp.domain.clinical.same.attaching import Signature, attached, filled, signature_of
from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author
from dmp.domain.made_once import MadeOnce
from dmp.storage.former_findings import formerly_packed
from dmp.storage.packed_names import (
    AgentRow,
    AuthorRow,
    CodeRow,
    agent_of,
    author_of,
    code_of,
    row_of_agent,
    row_of_author,
    row_of_code,
)

# The pieces that come back.
_Described = tuple[str, CodeRow, CodeRow, list[AuthorRow]]
"""Title, type, class, authors."""
_Tests = list[tuple[str, CodeRow | None, str, float | None, float | None]]
"""Of the results of one instant: label, code, unit, low, high."""
_Product = tuple[str, list[CodeRow]]
_Act = tuple[str, CodeRow]
_Exam = tuple[str, CodeRow | None, str, str]
"""Label, code, modality, region."""

# The rows that hold them. Each begins with the place of its sources; people are places in the table of agents.
_Results = tuple[int, datetime, Raw, list[float | None], list[str], list[str]]
"""Instant, tests, values, texts (none at all where nobody has one), interpretations."""
_Prescribed = tuple[int, Raw, str, date | None, date | None, int]
"""Product, dosage, start, stop, prescriber."""
_Dispensed = tuple[int, Raw, date, float, date | None, int, int]
"""Product, day, boxes, day of prescription, prescriber, pharmacy."""
_Performed = tuple[int, Raw, date, float, int, int]
"""Act, day, quantity, prescriber, performer."""
_Imaging = tuple[int, Raw, date, str, int]
"""Exam, day, conclusion, performer."""


class _Packed(msgspec.Struct, array_like=True, frozen=True, tag=4):
    """A document: what it is, what its facts say of their sources, its people, its facts.

    `rest` are the facts of the other kinds as they are.
    """

    document_id: UUID
    service_start: datetime
    submitted_at: datetime
    described: Raw
    said: list[tuple[Source, ...]]
    agents: Raw
    results: list[_Results]
    prescribed: list[_Prescribed]
    dispensed: list[_Dispensed]
    performed: list[_Performed]
    imaging: list[_Imaging]
    rest: Findings | None


_MARK: Final = b"[4,"
"""How this form begins."""
_encoded: Final = msgspec.json.Encoder().encode
_packed_in: Final = msgspec.json.Decoder(_Packed).decode
_described_in: Final = msgspec.json.Decoder(_Described).decode
_agents_in: Final = msgspec.json.Decoder(list[AgentRow]).decode
_tests_in: Final = msgspec.json.Decoder(_Tests).decode
_product_in: Final = msgspec.json.Decoder(_Product).decode
_act_in: Final = msgspec.json.Decoder(_Act).decode
_exam_in: Final = msgspec.json.Decoder(_Exam).decode
V = TypeVar("V")
_new = tuple.__new__  # thousands of facts: their own constructor is a call of Python more for each


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
    results = tables.results(findings.results)
    prescribed = [tables.prescribed(one) for one in findings.prescribed]
    dispensed = [tables.dispensed(one) for one in findings.dispensed]
    performed = [tables.performed(one) for one in findings.performed]
    imaging = [tables.imaging(one) for one in findings.imaging]
    # The tables are written last: each fact has put in what it names.
    return _encoded(
        _Packed(
            outline.document_id,
            outline.service_start,
            outline.submitted_at,
            _piece((
                outline.title,
                row_of_code(outline.type_code),
                row_of_code(outline.class_code),
                [row_of_author(one) for one in outline.authors],
            )),
            tables.said.values,
            _piece(tables.agents.values),
            results,
            prescribed,
            dispensed,
            performed,
            imaging,
            rest or None,
        )
    )  # fmt: skip


def _piece(value: object) -> Raw:
    return Raw(_encoded(value))


class _Tables:
    """The sources and people of a document that is being packed, and its facts as rows."""

    def __init__(self) -> None:
        self.said, self.agents = _Places[tuple[Source, ...]](), _Places[AgentRow]()

    def _agent(self, one: Agent) -> int:
        return self.agents.of(row_of_agent(one))

    def results(self, facts: Sequence[Result]) -> list[_Results]:
        """Those of one instant and source that follow one another, together."""
        found = []
        for _, alike in groupby(facts, lambda one: (one.sources, one.at, one.at.utcoffset())):
            group = list(alike)
            sources, at = group[0].sources, group[0].at
            tests = [
                (one.label, row_of_code(one.code), one.unit, one.low, one.high) for one in group
            ]
            texts = [one.text for one in group]
            found.append((
                self.said.of(sources), at, _piece(tests), [one.value for one in group],
                texts if any(texts) else [], [one.interpretation for one in group],
            ))  # fmt: skip
        return found

    def _product(self, one: Prescribed | Dispensed) -> Raw:
        return _piece((one.label, [row_of_code(code) for code in one.codes]))

    def prescribed(self, one: Prescribed) -> _Prescribed:
        said, who = self.said.of(one.sources), self._agent(one.prescriber)
        return said, self._product(one), one.dosage, one.start, one.stop, who

    def dispensed(self, one: Dispensed) -> _Dispensed:
        said, who = self.said.of(one.sources), self._agent(one.prescriber)
        where = self._agent(one.pharmacy)
        return said, self._product(one), one.on, one.boxes, one.prescribed_on, who, where

    def performed(self, one: Performed) -> _Performed:
        said, who = self.said.of(one.sources), self._agent(one.prescriber)
        act = _piece((one.label, row_of_code(one.code)))
        return said, act, one.on, one.quantity, who, self._agent(one.performer)

    def imaging(self, one: Imaging) -> _Imaging:
        exam = _piece((one.label, row_of_code(one.code), one.modality, one.region))
        said, by = self.said.of(one.sources), self._agent(one.performer)
        return said, exam, one.on, one.conclusion, by


class _Known(NamedTuple):
    """What documents of one kind and author are, and what their sources say of him."""

    title: str
    type_code: Any
    class_code: Any
    authors: tuple[Author, ...]
    signature: Signature


class Unpacking:
    """Opens what documents say; what several of them have in common is made once."""

    def __init__(self) -> None:
        self._codes = MadeOnce[CodeRow, Code](lambda row: Code(*row))
        self._agents = MadeOnce[AgentRow, Agent](agent_of)
        self._described = MadeOnce[bytes, _Known](_known)
        self._tables = MadeOnce[bytes, list[Agent]](self._table)
        self._tests = MadeOnce[bytes, tuple[Sequence[Any], ...]](self._columns)
        self._products = MadeOnce[bytes, tuple[str, tuple[Code, ...]]](self._product)
        self._acts = MadeOnce[bytes, tuple[str, Code]](self._act)
        self._exams = MadeOnce[bytes, tuple[str, Code | None, str, str]](self._exam)

    def _code(self, row: CodeRow | None) -> Code | None:
        return None if row is None else self._codes[row]

    def _table(self, octets: bytes) -> list[Agent]:
        return [self._agents[row] for row in _agents_in(octets)]

    def _columns(self, octets: bytes) -> tuple[Sequence[Any], ...]:
        labels, codes, units, low, high = zip(*_tests_in(octets), strict=True)
        return labels, [self._code(row) for row in codes], units, low, high

    def _product(self, octets: bytes) -> tuple[str, tuple[Code, ...]]:
        label, codes = _product_in(octets)
        return label, tuple([self._codes[row] for row in codes])

    def _act(self, octets: bytes) -> tuple[str, Code]:
        label, code = _act_in(octets)
        return label, self._codes[code]

    def _exam(self, octets: bytes) -> tuple[str, Code | None, str, str]:
        label, code, modality, region = _exam_in(octets)
        return label, self._code(code), modality, region

    def opened(self, octets: bytes) -> tuple[Outline, Findings]:
        """A document and what it says, each fact with the document as its source."""
        if not octets.startswith(_MARK):
            return formerly_packed(octets)
        row = _packed_in(octets)
        title, type_code, class_code, authors, signature = self._described[bytes(row.described)]
        outline = _new(
            Outline,
            (
                row.document_id,
                title,
                row.service_start,
                row.submitted_at,
                type_code,
                class_code,
                authors,
            ),
        )
        others = _NOTHING if row.rest is None else attached(outline, row.rest)
        if not row.said:
            return outline, others
        said = [filled(outline, signature, sources) for sources in row.said]
        return outline, self._found(row, said, others)

    def _found(self, row: _Packed, said: list[tuple[Source, ...]], others: Findings) -> Findings:
        """The facts of many, with those of the other kinds."""
        agents = self._tables[bytes(row.agents)]
        allergies, problems, _, _, _, vaccinations, stays, _, _, devices, allergy, problem = others
        return _new(
            Findings,
            (
                allergies,
                problems,
                self._prescribed(row.prescribed, agents, said) if row.prescribed else (),
                self._dispensed(row.dispensed, agents, said) if row.dispensed else (),
                self._results(row.results, said) if row.results else (),
                vaccinations,
                stays,
                self._imaging(row.imaging, agents, said) if row.imaging else (),
                self._performed(row.performed, agents, said) if row.performed else (),
                devices,
                allergy,
                problem,
            ),
        )

    def _results(self, rows: list[_Results], said: list[Any]) -> tuple[Result, ...]:
        found: list[Result] = []
        for by, at, tests, values, texts, interpretations in rows:
            labels, codes, units, low, high = self._tests[bytes(tests)]
            columns = zip(
                labels, repeat(at), codes, values, texts or repeat(""), units, low, high,
                interpretations, repeat(said[by]),
            )  # fmt: skip
            found += [_new(Result, column) for column in columns]
        return tuple(found)

    def _prescribed(
        self, rows: list[_Prescribed], agents: list[Agent], said: list[Any]
    ) -> tuple[Prescribed, ...]:
        products = self._products
        return tuple(
            [
                _new(
                    Prescribed, (*products[bytes(what)], dosage, start, stop, agents[who], said[by])
                )
                for by, what, dosage, start, stop, who in rows
            ]
        )

    def _dispensed(
        self, rows: list[_Dispensed], agents: list[Agent], said: list[Any]
    ) -> tuple[Dispensed, ...]:
        found = []
        for by, what, on, boxes, prescribed_on, who, where in rows:
            label, codes = self._products[bytes(what)]
            fact = (label, on, codes, boxes, prescribed_on, agents[who], agents[where], said[by])
            found.append(_new(Dispensed, fact))
        return tuple(found)

    def _performed(
        self, rows: list[_Performed], agents: list[Agent], said: list[Any]
    ) -> tuple[Performed, ...]:
        found = []
        for by, what, on, quantity, who, doer in rows:
            label, code = self._acts[bytes(what)]
            fact = (label, on, code, quantity, agents[who], agents[doer], said[by])
            found.append(_new(Performed, fact))
        return tuple(found)

    def _imaging(
        self, rows: list[_Imaging], agents: list[Agent], said: list[Any]
    ) -> tuple[Imaging, ...]:
        found = []
        for by, what, on, conclusion, doer in rows:
            label, code, modality, region = self._exams[bytes(what)]
            fact = (label, on, code, modality, region, conclusion, agents[doer], said[by])
            found.append(_new(Imaging, fact))
        return tuple(found)


def _known(octets: bytes) -> _Known:
    title, type_code, class_code, rows = _described_in(octets)
    authors = tuple([author_of(row) for row in rows])
    return _Known(title, code_of(type_code), code_of(class_code), authors, signature_of(authors))


_NOTHING = Findings()
