"""The source of every fact of a document: the document that says it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from operator import attrgetter
from typing import Any

from dmp.domain.clinical.facts import (
    Allergy,
    Device,
    Dispensed,
    Findings,
    Imaging,
    Performed,
    Prescribed,
    Problem,
    Provenance,
    Result,
    Source,
    Stay,
    Vaccination,
)
from dmp.domain.clinical.material import Described
from dmp.domain.documents.entry import AuthorKind
from dmp.domain.record.calendar import LOCAL

_KINDS = tuple(field.name for field in fields(Findings) if not field.name.startswith("no_known"))
_facts_of = attrgetter(*_KINDS)
_said_by = attrgetter("on", "anchor", "author", "author_id", "speciality", "provenance._value_")


class _Copier:
    """Copies facts of one kind with other sources.

    `dataclasses.replace` checks names and calls the constructor: ten times as long, thousands of times a page.
    """

    __slots__ = ("_kind", "_put", "_put_sources", "_values")

    def __init__(self, kind: type[Any]) -> None:
        names = [field.name for field in fields(kind) if field.name != "sources"]
        self._kind = kind
        self._values = attrgetter(*names)
        self._put = tuple(getattr(kind, name).__set__ for name in names)
        self._put_sources = kind.sources.__set__

    def copied(self, fact: Any, sources: tuple[Source, ...]) -> Any:
        """The fact with these sources."""
        made = object.__new__(self._kind)
        for put, value in zip(self._put, self._values(fact), strict=False):
            put(made, value)
        self._put_sources(made, sources)
        return made


_COPIERS: dict[type[Any], _Copier] = {
    kind: _Copier(kind)
    for kind in (
        Allergy, Problem, Prescribed, Dispensed, Result, Vaccination, Stay, Imaging, Performed, Device,
    )
}  # fmt: skip


_PUT_SOURCES = {kind: kind.sources.__set__ for kind in _COPIERS}
_PUT_NO_ALLERGY = Findings.no_known_allergy.__set__  # type: ignore[attr-defined, misc]  # a slot
_PUT_NO_PROBLEM = Findings.no_known_problem.__set__  # type: ignore[attr-defined, misc]  # a slot


def source_of(entry: Described, provenance: Provenance = Provenance.STRUCTURED) -> Source:
    """What a document is as a source: its first author for people, the local day of the care."""
    author = entry.authors[0] if entry.authors else None
    return Source(
        provenance=provenance,
        on=entry.service_start.astimezone(LOCAL).date(),
        document=entry.document_id,
        title=entry.title,
        author=author.display if author is not None else "",
        author_id=author.id if author is not None else "",
        speciality=author.specialty.display if author is not None and author.specialty else "",
    )


def attach(entry: Described, findings: Findings) -> None:
    """Give the facts of a document their source where they stand, without a copy.

    For findings that were just read and that nobody else holds yet: facts are values for everybody after.
    """
    sources = _sources_of(entry)
    made = sources.made
    for facts in _facts_of(findings):
        if not facts:
            continue
        put_sources = _PUT_SOURCES[facts[0].__class__]
        for fact in facts:
            said = fact.sources
            known = made.get(_said_by(said[0])) if len(said) == 1 else None
            put_sources(fact, known or sources.of(said))
    for put, said in (
        (_PUT_NO_ALLERGY, findings.no_known_allergy),
        (_PUT_NO_PROBLEM, findings.no_known_problem),
    ):
        if said:
            put(findings, sources.of(said))


def _is_attached(findings: Findings) -> bool:
    for name in _KINDS:
        for fact in getattr(findings, name):
            return bool(fact.sources) and fact.sources[0].document is not None
    for said in (findings.no_known_allergy, findings.no_known_problem):
        if said:
            return said[0].document is not None
    return True


def of_document(entry: Described, findings: Findings) -> Findings:
    """The facts of a document with the document as their source; what a fact says of its place in the
    document, and how it was read there, stays.
    """
    if _is_attached(findings):
        return findings
    sources = _sources_of(entry)
    changed: dict[str, Any] = {
        name: tuple(
            [_COPIERS[fact.__class__].copied(fact, sources.of(fact.sources)) for fact in facts]
        )
        for name in _KINDS
        if (facts := getattr(findings, name))
    }
    for name in ("no_known_allergy", "no_known_problem"):
        if said := getattr(findings, name):
            changed[name] = sources.of(said)
    return replace(findings, **changed)


def _sources_of(entry: Described) -> _Sources:
    declared = bool(entry.authors) and entry.authors[0].kind is AuthorKind.PATIENT
    return _Sources(source_of(entry, Provenance.DECLARED if declared else Provenance.STRUCTURED))


class _Sources:
    """The sources of one document, each made once."""

    def __init__(self, base: Source) -> None:
        self._plain = (base,)
        self._base = base
        self.made: dict[object, tuple[Source, ...]] = {}

    def of(self, said: tuple[Source, ...]) -> tuple[Source, ...]:
        if not said:
            return self._plain
        key = _said_by(said[0]) if len(said) == 1 else tuple(map(_said_by, said))
        found = self.made.get(key)
        if found is None:
            found = self.made[key] = tuple(self._filled(source) for source in said)
        return found

    def _filled(self, source: Source) -> Source:
        base = self._base
        declared = base.provenance is Provenance.DECLARED
        return Source(
            provenance=base.provenance if declared else source.provenance,
            on=source.on if source.on != date.min else base.on,
            document=base.document,
            anchor=source.anchor,
            title=base.title,
            author=source.author or base.author,
            author_id=source.author_id or (base.author_id if not source.author else ""),
            speciality=source.speciality or (base.speciality if not source.author else ""),
        )
