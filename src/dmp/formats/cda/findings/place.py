"""Where a fact is read: the document, its section, what was found so far.

Source: CDA R2 (structuredBody, narrative references); IHE PCC §6.2 (linking narrative and entries).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, cast

from lxml import etree

from dmp.domain.clinical.facts import NOBODY, Agent, Findings, Provenance, Source
from dmp.domain.codes import Code
from dmp.formats.cda.document import child, v3
from dmp.formats.cda.findings.words import (
    LABEL,
    ORIGINAL_TEXT,
    REFERENCE,
    TRANSLATION,
    coded,
    name_of,
    words_of,
)

MAX_FACTS: Final = 2_000
"""Facts of one kind that are kept of one document."""
MAX_STATEMENTS: Final = 20_000
"""Statements of one document that are looked at."""
MAX_DEPTH: Final = 12
"""Statements inside statements that are looked at."""

_TEXT = v3("text")
_WITH_ID = etree.XPath("descendant::*[@ID]")
_IDENTIFIED = 50_000
# What a table of ticked boxes holds where a name is looked for.
_NO_NAME = frozenset(("", "oui", "non", "x", "-", "–", "+", "vrai", "faux", "o", "n"))
_OTHER = "GEN-092"  # codes of TerminologieCISIS that mean "other": the original text says what


class Narrative:
    """The identified parts of what people read, found once, and only when an entry refers to one."""

    __slots__ = ("_body", "_elements", "_read")

    def __init__(self, body: etree._Element) -> None:
        self._body = body
        self._elements: dict[str, etree._Element] | None = None
        self._read: dict[str, str] = {}

    def at(self, reference: str) -> str:
        """The words at `#id` (some producers leave the sharp out); empty when nothing is there."""
        name = reference.strip().removeprefix("#")
        if not name or len(name) > 200:
            return ""
        if name not in self._read:
            self._read[name] = words_of(self._found().get(name))
        return self._read[name]

    def _found(self) -> dict[str, etree._Element]:
        if self._elements is None:
            found = cast(list[etree._Element], _WITH_ID(self._body))
            self._elements = {one.get("ID", ""): one for one in reversed(found[:_IDENTIFIED])}
        return self._elements


@dataclass(slots=True)
class Found:
    """The facts of one document while they are gathered, each kind up to a limit."""

    kinds: dict[str, list[object]] = field(
        default_factory=lambda: {name: [] for name in Findings._fields}
    )
    statements: int = 0

    def add(self, kind: str, fact: object) -> None:
        """Keep a fact under the name that it has in `Findings`; the same one once in a row."""
        facts = self.kinds[kind]
        if len(facts) < MAX_FACTS and not (facts and facts[-1] == fact):
            facts.append(fact)

    def spend(self) -> bool:
        """Count a statement; False when the document has had its share."""
        self.statements += 1
        return self.statements <= MAX_STATEMENTS

    def findings(self) -> Findings:
        """What was found."""
        return Findings(**{kind: tuple(facts) for kind, facts in self.kinds.items()})  # type: ignore[arg-type]


@dataclass(slots=True, kw_only=True)
class Reading:
    """One document being read. `day` is that of the document, `at` that of its act, `author` its first author.

    `type_code` is the code of its type; `is_laboratory`: its entries are results unless they say otherwise;
    `is_pregnant`: a pregnancy was found already. `diagnoses` are the CIM-10 codes of its problems.
    """

    root: etree._Element
    body: etree._Element
    day: date
    at: datetime
    type_code: str
    title: str
    author: Agent
    narrative: Narrative
    found: Found = field(default_factory=Found)
    is_laboratory: bool = False
    is_pregnant: bool = False
    diagnoses: list[Code] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Place:
    """One section of the document that is read: its LOINC code, its element."""

    reading: Reading
    code: str
    section: etree._Element | None = None
    author: Agent = NOBODY
    _sources: tuple[Source, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """The source of a coded entry of this section."""
        if not self._sources:
            self._sources = (self.source(Provenance.STRUCTURED),)
        return self._sources

    def source(self, provenance: Provenance) -> Source:
        """A source in this section, of the day of the document."""
        return Source(provenance=provenance, on=self.reading.day, anchor=self.code)

    def add(self, kind: str, fact: object) -> None:
        """Keep a fact."""
        self.reading.found.add(kind, fact)

    def original(self, element: etree._Element | None) -> str:
        """The original text of a coded element: its own words, or those it refers to."""
        if element is None:
            return ""
        for one in (element, *element.iterchildren(TRANSLATION)):
            text = child(one, ORIGINAL_TEXT)
            if text is not None:
                said = words_of(text) or self.referred(text)
                if said and said.lower() not in _NO_NAME:
                    return said
        return ""

    def referred(self, text: etree._Element | None) -> str:
        """The words of the narrative that a `text` refers to."""
        reference = None if text is None else child(text, REFERENCE)
        value = None if reference is None else reference.get("value")
        return self.reading.narrative.at(value) if value else ""

    def label(
        self,
        element: etree._Element | None,
        code: Code | None = None,
        statement: etree._Element | None = None,
    ) -> str:
        """What people call a coded element: its display name, else its original text, else its code.

        `statement` is the one it stands in, whose text is looked at when the code names nothing.
        """
        if element is None:
            return ""
        code = code or coded(element)
        name = name_of(code)
        if name and code is not None and not code.code.startswith(_OTHER):
            return name
        said = self.original(element)
        if not said and statement is not None:
            said = self.referred(child(statement, _TEXT))
            said = "" if said.lower() in _NO_NAME else said
        return said or name or (code.code if code else "")


Reader = Callable[[Place, etree._Element], None]
"""Reads one statement of a section."""


def is_negated(statement: etree._Element) -> bool:
    """Whether a statement says that something is not so."""
    return statement.get("negationInd") in ("true", "1")


def shortened(text: str, limit: int = LABEL) -> str:
    """A label made of parts, cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
