"""A search for documents as SQL: one WHERE from the criteria and the reader's scope.

A criterion that is not asked adds nothing; the text depends on which criteria are asked, never on
their values, so that a statement stays prepared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from dmp.domain.access.filter import Scope
from dmp.domain.documents.entry import Author, DocumentEntry, Reference
from dmp.domain.documents.query import DocumentQuery, Period
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.patient import folded

# --- The forms in which values stand in the rows and in the criteria ---------------------------


def code_token(value: str) -> str:
    """`system|code` without `urn:oid:`; `|code` is the code of any system."""
    return value.strip().removeprefix("urn:oid:").removeprefix("|")


def bare_identifier(value: str) -> str:
    """An identifier without `urn:oid:` or `urn:uuid:`."""
    return value.strip().removeprefix("urn:oid:").removeprefix("urn:uuid:").lower()


def uuid_in(value: str) -> UUID | None:
    """The UUID that a value is, or None."""
    try:
        return UUID(value.strip().removeprefix("urn:uuid:"))
    except ValueError:
        return None


def array(values: Iterable[str]) -> str:
    """A list of texts as a PostgreSQL array literal: rows of unequal length travel this way."""
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


def multirange(periods: Sequence[Period]) -> str:
    """Periods as a PostgreSQL multirange; an empty or inverted one holds no instant."""
    parts = [
        f"[{_bound(period.start)},{_bound(period.end)})"
        for period in periods
        if period.start is None or period.end is None or period.start < period.end
    ]
    return "{" + ",".join(parts) + "}"


def _bound(at: datetime | None) -> str:
    return "" if at is None else f'"{at.isoformat()}"'


def reference_forms(references: Sequence[Reference]) -> list[str]:
    """A related identifier, alone and with its system."""
    return [
        form
        for reference in references
        for form in (
            [reference.value, f"{reference.system}|{reference.value}"]
            if reference.system
            else [reference.value]
        )
    ]


def replaced_forms(entry: DocumentEntry) -> list[str]:
    """The replaced document by its identifier and its uniqueId."""
    forms = [str(entry.replaces)] if entry.replaces else []
    if entry.replaces_unique_id:
        forms.append(bare_identifier(entry.replaces_unique_id.value))
    return forms


def author_forms(authors: Sequence[Author]) -> tuple[list[str], str]:
    """Identifiers of the authors, and their names folded for a search."""
    ids = [value for a in authors for value in (a.id, a.structure_id) if value]
    names = [f"{a.given} {a.family} {a.given} {a.structure_name}" for a in authors]
    return ids, " / ".join(_folded_name(name) for name in names)


@lru_cache(maxsize=4096)
def _folded_name(name: str) -> str:
    # The same few authors write most documents.
    return folded(name)


# --- The criteria ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Criterion:
    """One criterion: its parameters when it is asked (None when not), and its condition."""

    parameters: Callable[[DocumentQuery], dict[str, object] | None]
    condition: str


def _coded(field: str, column: str) -> _Criterion:
    """A code: whole token, or the code of any system."""

    def parameters(query: DocumentQuery) -> dict[str, object] | None:
        values: Sequence[str] = getattr(query, field)
        return {field: [code_token(value) for value in values]} if values else None

    return _Criterion(
        parameters,
        f"(document.{column} = ANY(%({field})b::text[])"
        f" OR split_part(document.{column}, '|', 2) = ANY(%({field})b::text[]))",
    )


def _listed(field: str, column: str, form: Callable[[str], str]) -> _Criterion:
    """Values kept in an array of the row, in every form in which they may be asked."""

    def parameters(query: DocumentQuery) -> dict[str, object] | None:
        values: Sequence[str] = getattr(query, field)
        return {field: [form(value) for value in values]} if values else None

    return _Criterion(parameters, f"document.{column} && %({field})b::text[]")


def _dated(field: str, condition: str) -> _Criterion:
    """Instants: alternatives of intervals, as one multirange."""

    def parameters(query: DocumentQuery) -> dict[str, object] | None:
        periods: Sequence[Period] = getattr(query, field)
        return {field: multirange(periods)} if periods else None

    return _Criterion(parameters, condition)


def _identified(query: DocumentQuery) -> dict[str, object] | None:
    if not query.identifiers:
        return None
    texts = [value.strip().removeprefix("urn:oid:") for value in query.identifiers]
    uuids = [found for value in texts if (found := uuid_in(value)) is not None]
    return {"identifier_texts": texts, "identifier_uuids": uuids or [_NO_UUID]}


def _titled(query: DocumentQuery) -> dict[str, object] | None:
    words = folded(query.title).split()
    return {"title_words": [f"%{word}%" for word in words]} if words else None


def _written_by(query: DocumentQuery) -> dict[str, object] | None:
    if not query.authors:
        return None
    names = [f"%{name}%" for value in query.authors if (name := folded(value))]
    return {"author_ids": list(query.authors), "author_names": names or ["-"]}


def _archived(query: DocumentQuery) -> dict[str, object] | None:
    return None if query.archived is None else {"archived": query.archived}


_NO_UUID = UUID(int=0)

_CRITERIA = (
    _Criterion(
        lambda query: {"statuses": [s.value for s in query.statuses]} if query.statuses else None,
        "document.status = ANY(%(statuses)b::text[])",
    ),
    _coded("types", "type_token"),
    _coded("categories", "class_token"),
    _coded("facilities", "facility_token"),
    _coded("settings", "setting_token"),
    _coded("formats", "format_token"),
    _listed("events", "event_tokens", code_token),
    _listed("security_labels", "label_tokens", code_token),
    _listed("related", "related", lambda value: value.removeprefix("|")),
    _listed("replaces", "replaces", bare_identifier),
    _Criterion(
        _identified,
        "(document.unique_id = ANY(%(identifier_texts)b::text[])"
        " OR document.document_id = ANY(%(identifier_uuids)b::uuid[])"
        " OR document.entry_uuid = ANY(%(identifier_uuids)b::uuid[]))",
    ),
    _Criterion(
        _written_by,
        "(document.author_ids && %(author_ids)b::text[]"
        " OR document.author_folded LIKE ANY(%(author_names)b::text[]))",
    ),
    _Criterion(_archived, "document.archived = %(archived)s"),
    _dated("created", "document.created_at <@ %(created)s::tstzmultirange"),
    _dated(
        "period",
        "tstzrange(document.service_start, document.service_stop, '[]')"
        " && %(period)s::tstzmultirange",
    ),
    _dated("started", "document.service_start <@ %(started)s::tstzmultirange"),
    _dated("ended", "document.service_stop <@ %(ended)s::tstzmultirange"),
    _dated("last_updated", "document.updated_at <@ %(last_updated)s::tstzmultirange"),
    _Criterion(_titled, "document.title_folded LIKE ALL(%(title_words)b::text[])"),
)


def _light(value: object) -> object:
    """A list of the scope as an array literal: the same few lists come again with every search."""
    return _literal(tuple(map(str, value))) if isinstance(value, list) else value


@lru_cache(maxsize=1024)
def _literal(values: tuple[str, ...]) -> str:
    return array(values)


def in_scope(scope: Scope) -> tuple[str, dict[str, object]]:
    """The condition of a scope on the table `document`, and its parameters ready to travel."""
    condition, values = scope.condition()
    return condition, {name: _light(value) for name, value in values.items()}


def where(record_id: RecordId, query: DocumentQuery, scope: Scope) -> tuple[str, dict[str, object]]:
    """The condition on the table `document` and its parameters: this record, in scope, matching."""
    condition, parameters = in_scope(scope)
    conditions = ["document.record_id = %(record_id)s", condition]
    parameters["record_id"] = record_id
    for criterion in _CRITERIA:
        asked = criterion.parameters(query)
        if asked is not None:
            conditions.append(criterion.condition)
            parameters |= asked
    return "\n    AND ".join(conditions), parameters
