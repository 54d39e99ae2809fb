"""ITI-67: the parameters of a search for documents as a `DocumentQuery`.

A parameter that is not understood is refused, unless the client asked for lenient handling: a
criterion that is passed over would widen the answer without a word.

Source: IHE ITI-67 (MHD), PDSm flux 05b, PDSM4DMP TD3.1a and TD3.1b; FHIR R4 search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from dmp.domain.documents.entry import Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId
from dmp.formats.fhir.deposit.claimed import read_target
from dmp.formats.fhir.elements import unique_id_of
from dmp.formats.fhir.search.intervals import of_instant, of_period
from dmp.formats.fhir.search.paging import PAGE, Parameters, read_token
from dmp.formats.fhir.search.values import alternatives, invalid, token
from dmp.formats.fhir.systems import oid_of

MAX_PARAMETERS: Final = 60
NEWEST_FIRST: Final = frozenset({"-date", "-creation"})

_STATUSES: Final[dict[str, tuple[Status, ...]]] = {
    "current": (Status.APPROVED, Status.ARCHIVED),
    "superseded": (Status.DEPRECATED,),
    # Deleted documents exist for nobody: asking for them is allowed and finds none.
    "entered-in-error": (Status.DELETED,),
}
_ANY_STATUS: Final = (Status.APPROVED, Status.ARCHIVED, Status.DEPRECATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSearch:
    """A search as it was asked: of whom, by which criteria, and whether the number alone is wanted.

    `criteria` are the parameters that bind a page token; `ignored` those passed over.
    """

    of: Ins | RecordId
    query: DocumentQuery
    criteria: Parameters
    count_only: bool = False
    ignored: tuple[str, ...] = ()


@dataclass(slots=True)
class _Asked:
    """What was gathered so far."""

    test_mode: bool
    max_count: int
    query: DocumentQuery = field(default_factory=lambda: DocumentQuery(statuses=_ANY_STATUS))
    of: Ins | RecordId | None = None
    count_only: bool = False
    seen: set[str] = field(default_factory=set)
    ignored: list[str] = field(default_factory=list)


Reader = Callable[[_Asked, str, str], None]


def read_search(
    parameters: Parameters, *, test_mode: bool, max_count: int, lenient: bool = False
) -> DocumentSearch:
    """Read the parameters of a search.

    Args:
        parameters: names and values, decoded, in the order given.
        test_mode: whether INS of the test roots are taken.
        max_count: the largest page; a larger one asked is cut to it.
        lenient: pass over unknown parameters (`Prefer: handling=lenient`).

    Raises:
        Refused: PARAMETER_MISSING, PARAMETER_INVALID, PARAMETER_UNKNOWN, or an INS that is none.
    """
    if len(parameters) > MAX_PARAMETERS:
        raise Refused(Reason.REQUEST_MALFORMED, detail=f"more than {MAX_PARAMETERS} parameters")
    asked = _Asked(test_mode, max_count)
    page = ""
    for name, value in parameters:
        if name == PAGE:
            page = value
            continue
        reader = _READERS.get(name)
        if reader is not None:
            reader(asked, name, value)
        elif lenient:
            asked.ignored.append(name)
        elif name not in _ABOUT_THE_ANSWER:
            raise Refused(Reason.PARAMETER_UNKNOWN, parameter=name[:60])
    if asked.of is None:
        raise Refused(Reason.PARAMETER_MISSING, parameter="patient.identifier")
    criteria = tuple(
        pair for pair in parameters if pair[0] in _READERS and pair[0] not in _ABOUT_THE_PAGE
    )
    query = replace(asked.query, after=read_token(page, criteria)) if page else asked.query
    return DocumentSearch(
        of=asked.of,
        query=query,
        criteria=criteria,
        count_only=asked.count_only,
        ignored=tuple(asked.ignored),
    )


def _once(asked: _Asked, name: str, what: str) -> None:
    if what in asked.seen:
        raise invalid(name, "given twice; alternatives are separated by commas")
    asked.seen.add(what)


def _patient_identifier(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "patient")
    system, separator, matricule = value.partition("|")
    if not separator or not system or not matricule:
        raise invalid(name, "system|matricule, like urn:oid:1.2.250.1.213.1.4.8|…")
    asked.of = Ins.parse(matricule, system, test_mode=asked.test_mode)


def _patient(asked: _Asked, name: str, value: str) -> None:
    by_search = value.partition("Patient?identifier=")[2]
    if by_search:
        _patient_identifier(asked, name, by_search)
        return
    _once(asked, name, "patient")
    try:
        asked.of = RecordId(UUID(value.removeprefix("Patient/")))
    except ValueError:
        raise invalid(
            name, "the id of a Patient of this server, or use patient.identifier"
        ) from None


def _coded(criterion: str) -> Reader:
    def read(asked: _Asked, name: str, value: str) -> None:
        _once(asked, name, criterion)
        codes = tuple(token(name, one) for one in alternatives(name, value))
        asked.query = _with(asked.query, criterion, codes)

    return read


def _dated(criterion: str, *, overlap: bool = False) -> Reader:
    def read(asked: _Asked, name: str, value: str) -> None:
        known = getattr(asked.query, criterion)
        more = of_period(name, value, known) if overlap else of_instant(name, value, known)
        asked.query = _with(asked.query, criterion, more)

    return read


def _status(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "status")
    found: list[Status] = []
    for one in alternatives(name, value):
        # A token may name its system.
        statuses = _STATUSES.get(one.rpartition("|")[2])
        if statuses is None:
            raise invalid(name, "current, superseded or entered-in-error")
        found.extend(statuses)
    asked.query = replace(asked.query, statuses=tuple(dict.fromkeys(found)))


def _identifier(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "identifier")
    found: list[str] = []
    for one in alternatives(name, value):
        system, separator, bare = one.rpartition("|")
        if separator and not bare:
            raise invalid(name, "system|value")
        try:
            found.append(unique_id_of(system, bare).value)
        except Refused:
            # Not the form of a uniqueId: no document has it, and that is the answer.
            found.append(bare)
    asked.query = replace(asked.query, identifiers=tuple(found))


def _id(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "identifier")
    asked.query = replace(asked.query, identifiers=tuple(alternatives(name, value)))


def _related(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "related")
    found = []
    for one in alternatives(name, value):
        system, separator, bare = one.rpartition("|")
        if separator and not bare:
            raise invalid(name, "system|value")
        found.append(f"{oid_of(system)}|{bare}" if system else bare)
    asked.query = replace(asked.query, related=tuple(found))


def _relates_to(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "relatesto")
    found = []
    for one in alternatives(name, value):
        document = read_target(one)
        if document is None:
            system, _, bare = one.rpartition("|")
            found.append(unique_id_of(system, bare).value)
        else:
            found.append(str(document))
    asked.query = replace(asked.query, replaces=tuple(found))


def _author_name(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, name)
    # The registry holds "given family given": one name after the other is found in it.
    known = asked.query.authors[0] if asked.query.authors else ""
    joined = f"{value} {known}" if name == "author.family" else f"{known} {value}"
    asked.query = replace(asked.query, authors=(joined.strip(),))


def _author_identifier(asked: _Asked, name: str, value: str) -> None:
    if asked.query.authors:
        raise invalid(name, "the author by his name or by his identifier, not both")
    for also in ("author.family", "author.given"):
        asked.seen.add(also)
    found = tuple(one.rpartition("|")[2] for one in alternatives(name, value))
    asked.query = replace(asked.query, authors=found)


def _archived(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "isArchived")
    if value not in ("true", "false"):
        raise invalid(name, "true or false")
    asked.query = replace(asked.query, archived=value == "true")


def _count(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "_count")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise invalid(name, "a whole number")
    count = int(value)
    asked.count_only = asked.count_only or count == 0
    asked.query = replace(asked.query, count=max(1, min(count, asked.max_count)))


def _summary(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "_summary")
    if value not in ("count", "false"):
        raise invalid(name, "count or false")
    asked.count_only = asked.count_only or value == "count"


def _sort(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "_sort")
    if value not in NEWEST_FIRST:
        raise invalid(name, "-date: lists are newest first")


def _total(asked: _Asked, name: str, value: str) -> None:
    _once(asked, name, "_total")
    if value not in ("none", "estimate", "accurate"):
        raise invalid(name, "none, estimate or accurate")


def _with(query: DocumentQuery, criterion: str, values: object) -> DocumentQuery:
    return replace(query, **{criterion: values})  # type: ignore[arg-type]  # the name is of the table below


_READERS: Final[dict[str, Reader]] = {
    "patient.identifier": _patient_identifier,
    "patient:identifier": _patient_identifier,
    "subject.identifier": _patient_identifier,
    "subject:identifier": _patient_identifier,
    "patient": _patient,
    "subject": _patient,
    "status": _status,
    "type": _coded("types"),
    "category": _coded("categories"),
    "facility": _coded("facilities"),
    "setting": _coded("settings"),
    "format": _coded("formats"),
    "event": _coded("events"),
    "security-label": _coded("security_labels"),
    "date": _dated("created"),
    "creation": _dated("created"),
    "period": _dated("period", overlap=True),
    "period-start": _dated("started"),
    "period-end": _dated("ended"),
    "_lastUpdated": _dated("last_updated"),
    "identifier": _identifier,
    "_id": _id,
    "related": _related,
    "related:identifier": _related,
    "related.identifier": _related,
    "relatesto": _relates_to,
    "relatesto:identifier": _relates_to,
    "author.family": _author_name,
    "author.given": _author_name,
    "author.identifier": _author_identifier,
    "author:identifier": _author_identifier,
    "isArchived": _archived,
    "_count": _count,
    "_summary": _summary,
    "_sort": _sort,
    "_total": _total,
}
_ABOUT_THE_PAGE: Final = frozenset({"_count", "_summary", "_sort", "_total"})
_ABOUT_THE_ANSWER: Final = frozenset({"_format", "_pretty"})

SUPPORTED: Final = frozenset(_READERS)
"""Every parameter that is understood; the CapabilityStatement names them."""
