"""What a reader asks of a list of documents, as it stands in the address: read, written, said in words."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery, Position
from dmp.domain.documents.types import CATEGORIES, document_types
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId
from dmp.domain.identity.patient import folded
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.visit import Visit, asking
from dmp.entrypoints.web.wording import author, figures_day, local
from dmp.locale import translate, word

STATES: dict[str, tuple[str, tuple[Status, ...]]] = {
    "en-cours": ("En cours", (Status.APPROVED,)),
    "archives": ("Archivés", (Status.ARCHIVED,)),
    "remplaces": ("Remplacés", (Status.DEPRECATED,)),
    "tous": ("Tous", (Status.APPROVED, Status.ARCHIVED, Status.DEPRECATED)),
}
VISIBILITIES: dict[str, tuple[str, Callable[[DocumentEntry], bool]]] = {
    "visibles": (
        "Visibles par les professionnels autorisés",
        lambda entry: not entry.visibility.masked,
    ),
    "masques": ("Masqués aux professionnels", lambda entry: entry.visibility.masked),
}
SORTS: dict[str, tuple[str, Callable[[DocumentEntry], object], bool]] = {
    "recents": ("Les plus récents d’abord", lambda entry: entry.created_at, True),
    "acte": ("Par date de l’acte", lambda entry: entry.service_start, True),
    "anciens": ("Les plus anciens d’abord", lambda entry: entry.created_at, False),
    "titre": ("Par titre", lambda entry: folded(entry.title), False),
    "auteur": ("Par auteur", lambda entry: folded(author(entry)), False),
}
"""Orders of a list: the words, what is compared, whether the largest comes first."""
READINGS: dict[str, str] = {"non-lus": "Non lus par moi", "lus": "Lus par moi"}
GROUPINGS = frozenset({"episode"})
"""How the documents of a list may be put together."""
MAX_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a reader asked for. Days are local, both included; `errors` names the fields that say nothing.

    `kind` is the code of a type; `kind`, `speciality` and `reading` are asked by professionals only.
    """

    category: str = ""
    words: str = ""
    state: str = "en-cours"
    author: str = ""
    since: str = ""
    until: str = ""
    visibility: str = ""
    kind: str = ""
    speciality: str = ""
    reading: str = ""
    sort: str = "recents"
    grouping: str = ""
    after: Position | None = None
    page: int = 1
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether something beside the state was asked."""
        return bool(self.category or self.words) or self.is_sifted

    @property
    def is_sifted(self) -> bool:
        """Whether the list is narrowed by what is looked at document by document."""
        faceted = self.kind or self.speciality or self.reading
        return bool(self.author or self.since or self.until or self.visibility or faceted)

    @property
    def is_of_the_whole(self) -> bool:
        """Whether every document must be looked at before the first page is known."""
        return self.is_sifted or bool(self.grouping) or self.sort != "recents"

    @property
    def goes_on(self) -> bool:
        """Whether this is not the first page."""
        return self.after is not None or self.page > 1

    @property
    def values(self) -> dict[str, str]:
        """What stands in the address; what is usual is left out."""
        asked = {
            "categorie": self.category,
            "recherche": self.words,
            "etat": "" if self.state == "en-cours" else self.state,
            "auteur": self.author,
            "du": self.since,
            "au": self.until,
            "visibilite": self.visibility,
            "type": self.kind,
            "specialite": self.speciality,
            "lecture": self.reading,
            "tri": "" if self.sort == "recents" else self.sort,
            "regrouper": self.grouping,
        }
        return {name: value for name, value in asked.items() if value}

    @property
    def active(self) -> tuple[tuple[str, str], ...]:
        """The filters in force: the name of each in the address, and its value in words."""
        said: dict[str, Callable[[str], str]] = {
            "categorie": lambda value: word("category", value),
            "etat": lambda value: translate(STATES[value][0]),
            "du": _day_said,
            "au": _day_said,
            "visibilite": lambda value: translate(VISIBILITIES[value][0]),
            "type": lambda value: document_types()[value].code.display,
            "lecture": lambda value: translate(READINGS[value]),
        }
        return tuple(
            (name, said[name](value) if name in said else value)
            for name, value in self.values.items()
            if name not in ("tri", "regrouper")
        )

    def address(self, path: str, **changed: str) -> str:
        """The address of the list with these criteria, some of them changed."""
        asked = self.values | changed
        if asked.get("etat") == "en-cours":
            del asked["etat"]
        return asking(path, asked)

    def query(self, count: int) -> DocumentQuery:
        """The criteria that storage looks at, as a search."""
        kinds = document_types().values()
        return DocumentQuery(
            statuses=STATES[self.state][1],
            types=tuple(kind.code.code for kind in kinds if kind.category == self.category),
            title=self.words,
            count=count,
            after=self.after,
        )

    def takes(self, entry: DocumentEntry, opened: Collection[DocumentId] = ()) -> bool:
        """Whether a document is wanted, by what storage does not look at. `opened` are those he read before."""
        if self.kind and entry.type_code.code != self.kind:
            return False
        if self.speciality and speciality_of(entry) != self.speciality:
            return False
        if self.reading and (entry.document_id in opened) is not (self.reading == "lus"):
            return False
        if self.since or self.until:
            day = local(entry.service_start).date().isoformat()
            if (self.since and day < self.since) or (self.until and day > self.until):
                return False
        if self.author and author(entry) != self.author:
            return False
        return not self.visibility or VISIBILITIES[self.visibility][1](entry)

    def without_category(self) -> Criteria:
        """The same, of every category, from the first page on."""
        return replace(self, category="", after=None, page=1)


def speciality_of(entry: DocumentEntry) -> str:
    """The speciality of who wrote a document, in words; empty where it is not said."""
    specialty = entry.authors[0].specialty if entry.authors else None
    return specialty.display or specialty.code if specialty is not None else ""


def _day_said(value: str) -> str:
    return figures_day(date.fromisoformat(value))


def criteria_of(visit: Visit, *, faceted: bool = False) -> Criteria:
    """Criteria from the address; with those of facets where it is asked. Raises Refused: PARAMETER_INVALID."""
    category = _one_of(visit, "categorie", CATEGORIES, "catégorie inconnue")
    state = _one_of(visit, "etat", STATES, "état inconnu") or "en-cours"
    errors: dict[str, str] = {}
    since, until = _day(visit, "du", errors), _day(visit, "au", errors)
    if since and until and since > until:
        errors["au"] = "La fin de la période précède son début. Changez l’une des deux dates."
        until = ""
    return Criteria(
        category=category,
        words=visit.asked("recherche"),
        state=state,
        author=visit.asked("auteur"),
        since=since,
        until=until,
        visibility=_one_of(visit, "visibilite", VISIBILITIES, "choix inconnu"),
        kind=_one_of(visit, "type", document_types(), "type inconnu") if faceted else "",
        speciality=visit.asked("specialite") if faceted else "",
        reading=_one_of(visit, "lecture", READINGS, "choix inconnu") if faceted else "",
        sort=_one_of(visit, "tri", SORTS, "choix inconnu") or "recents",
        grouping=_one_of(visit, "regrouper", GROUPINGS, "choix inconnu"),
        after=_position(visit.asked("apres")),
        page=page_of(visit.asked("page")),
        errors=errors,
    )


def _one_of(visit: Visit, name: str, known: object, detail: str) -> str:
    value = visit.asked(name)
    if value and value not in known:  # type: ignore[operator]  # a table of codes
        raise Refused(Reason.PARAMETER_INVALID, parameter=name, detail=detail)
    return value


def _day(visit: Visit, name: str, errors: dict[str, str]) -> str:
    text = visit.asked(name)
    if not text:
        return ""
    try:
        return typed_day(text).isoformat()
    except ValueError:
        errors[name] = "Saisissez une date, par exemple 12/03/2026."
        return ""


def page_of(text: str, parameter: str = "apres") -> int:
    """The number of a page. Raises Refused: PARAMETER_INVALID."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAX_PAGE):
        raise Refused(Reason.PARAMETER_INVALID, parameter=parameter, detail="page inconnue")
    return int(text)


_UNKNOWN_PAGE = Refused(Reason.PARAMETER_INVALID, parameter="apres", detail="page inconnue")


def _position(text: str) -> Position | None:
    if not text:
        return None
    instant, _, document = text.partition("_")
    try:
        at = datetime.fromisoformat(instant)
        document_id = DocumentId(UUID(document))
    except ValueError:
        raise _UNKNOWN_PAGE from None
    if at.tzinfo is None:
        raise _UNKNOWN_PAGE
    return Position(created_at=at, document_id=document_id)
