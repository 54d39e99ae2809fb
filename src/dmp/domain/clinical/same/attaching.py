"""The source of every fact of a document: the document that says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import Any

from dmp.domain.clinical.facts import Findings, Provenance, Source
from dmp.domain.clinical.material import Described
from dmp.domain.documents.entry import AuthorKind
from dmp.domain.record.calendar import LOCAL

_KINDS = tuple(name for name in Findings._fields if not name.startswith("no_known"))
_facts_of = attrgetter(*_KINDS)
_said_by = attrgetter("on", "anchor", "author", "author_id", "speciality", "provenance._value_")
_DECLARED = Provenance.DECLARED  # a member costs a tenth of a microsecond each time it is named
_PATIENT = AuthorKind.PATIENT


def _with(facts: Sequence[Any], sources: SourcesOf) -> tuple[Any, ...]:
    """Facts of one kind, each with its sources."""
    if isinstance(facts[0], tuple):
        return tuple([fact._replace(sources=sources.of(fact.sources)) for fact in facts])
    return tuple([replace(fact, sources=sources.of(fact.sources)) for fact in facts])


def source_of(entry: Described, provenance: Provenance = Provenance.STRUCTURED) -> Source:
    """What a document is as a source: its first author for people, the local day of the care."""
    author = entry.authors[0] if entry.authors else None
    on = entry.service_start.astimezone(LOCAL).date()
    if author is None:
        return Source(provenance, on, entry.document_id, title=entry.title)
    return Source(
        provenance,
        on,
        entry.document_id,
        title=entry.title,
        author=author.display,
        author_id=author.id,
        speciality=author.specialty.display if author.specialty else "",
    )


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
    """The sources of one document, each made once."""

    def __init__(self, entry: Described) -> None:
        declared = bool(entry.authors) and entry.authors[0].kind is _PATIENT
        base = source_of(entry, _DECLARED) if declared else source_of(entry)
        self._plain = (base,)
        self._base = base
        self._made: dict[object, tuple[Source, ...]] = {}

    def of(self, said: tuple[Source, ...]) -> tuple[Source, ...]:
        """What a fact says of its sources, filled up with what the document is."""
        if not said:
            return self._plain
        key = _said_by(said[0]) if len(said) == 1 else tuple(map(_said_by, said))
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self.filled(said)
        return found

    def filled(self, said: tuple[Source, ...]) -> tuple[Source, ...]:
        """The same for what was not asked before."""
        if not said:
            return self._plain
        base = self._base
        from_who = base.provenance if base.provenance is _DECLARED else None
        return tuple(
            [
                Source(
                    from_who or source.provenance,
                    source.on if source.on != date.min else base.on,
                    base.document,
                    source.anchor,
                    base.title,
                    source.author or base.author,
                    source.author_id or (base.author_id if not source.author else ""),
                    source.speciality or (base.speciality if not source.author else ""),
                )
                for source in said
            ]
        )
