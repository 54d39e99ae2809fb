"""The source of every fact of a document: the document that says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from dmp.domain.clinical.facts import Findings, Provenance, Source
from dmp.domain.clinical.material import Described
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.record.calendar import LOCAL

_KINDS = tuple(name for name in Findings._fields if not name.startswith("no_known"))
_facts_of = attrgetter(*_KINDS)
_said_by = attrgetter("on", "anchor", "author", "author_id", "speciality", "provenance._value_")
# A member costs a tenth of a microsecond each time it is named.
_DECLARED, _STRUCTURED = Provenance.DECLARED, Provenance.STRUCTURED
_NO_DAY = date.min
_new = tuple.__new__  # hundreds of sources: their own constructor is a call of Python more for each
_PATIENT = AuthorKind.PATIENT


def _with(facts: Sequence[Any], sources: SourcesOf) -> tuple[Any, ...]:
    """Facts of one kind, each with its sources."""
    if isinstance(facts[0], tuple):
        return tuple([fact._replace(sources=sources.of(fact.sources)) for fact in facts])
    return tuple([replace(fact, sources=sources.of(fact.sources)) for fact in facts])


class Signature(NamedTuple):
    """What the sources of a document say of its first author: whether he is the patient, and who he is."""

    provenance: Provenance = _STRUCTURED
    author: str = ""
    author_id: str = ""
    speciality: str = ""


def signature_of(authors: Sequence[Author]) -> Signature:
    """The same for every document that they wrote."""
    if not authors:
        return _UNSIGNED
    first = authors[0]
    return Signature(
        _DECLARED if first.kind is _PATIENT else _STRUCTURED,
        first.display,
        first.id,
        first.specialty.display if first.specialty else "",
    )


_UNSIGNED = Signature()


def of_document(entry: Described, findings: Findings) -> Findings:
    """The facts of a document with the document as their source; what a fact says of its place in the
    document, and how it was read there, stays.
    """
    return findings if _is_attached(findings) else attached(entry, findings)


def attached(entry: Described, findings: Findings) -> Findings:
    """The same for facts that were just read."""
    sources = SourcesOf(entry)
    changed: dict[str, Any] = {
        name: _with(facts, sources)
        for name, facts in zip(_KINDS, _facts_of(findings), strict=True)
        if facts
    }
    for name in ("no_known_allergy", "no_known_problem"):
        if said := getattr(findings, name):
            changed[name] = sources.of(said)
    return findings._replace(**changed)


def _is_attached(findings: Findings) -> bool:
    for facts in _facts_of(findings):
        for fact in facts:
            return bool(fact.sources) and fact.sources[0].document is not None
    for said in (findings.no_known_allergy, findings.no_known_problem):
        if said:
            return said[0].document is not None
    return True


class SourcesOf:
    """The sources of one document, each made once. `signature` is that of its authors, where it is known."""

    def __init__(self, entry: Described, signature: Signature | None = None) -> None:
        self._entry = entry
        self._signature = signature_of(entry.authors) if signature is None else signature
        self._made: dict[object, tuple[Source, ...]] = {}

    def of(self, said: tuple[Source, ...]) -> tuple[Source, ...]:
        """What a fact says of its sources, filled up with what the document is."""
        key = _said_by(said[0]) if len(said) == 1 else tuple(map(_said_by, said))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = filled(self._entry, self._signature, said)
        return found


def filled(entry: Described, signature: Signature, said: tuple[Source, ...]) -> tuple[Source, ...]:
    """The same for what was not asked before. Where nothing is said, the document is the source."""
    ours, by, number, skill = signature
    document, title = entry.document_id, entry.title
    return tuple(
        [
            _new(
                Source,
                (
                    ours if ours is _DECLARED else provenance,
                    _day_of(entry) if on == _NO_DAY else on,
                    document,
                    anchor,
                    title,
                    author or by,
                    author_id or ("" if author else number),
                    speciality or ("" if author else skill),
                ),
            )
            for provenance, on, _, anchor, _, author, author_id, speciality in said or _NOTHING_SAID
        ]
    )


_NOTHING_SAID = (Source(_STRUCTURED, _NO_DAY),)


def _day_of(entry: Described) -> date:
    """The local day of the care."""
    return entry.service_start.astimezone(LOCAL).date()
