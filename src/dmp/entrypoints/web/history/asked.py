"""What the address asks of a history: a kind, a period, a page; and the page of it that is shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.history.lines import WORDS, Kind, Line, once
from dmp.entrypoints.web.record.typed_period import typed_period
from dmp.entrypoints.web.visit import Visit, asking

PAGE = 25
"""Lines on one page."""
_LONGEST_PAGE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader asked for: days as typed (`first`, `last`) and as days, which are None when they are
    wrong; pages from 1.
    """

    kind: Kind | None = None
    first: str = ""
    last: str = ""
    start: date | None = None
    end: date | None = None
    page: int = 1
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked."""
        return bool(self.kind or self.first or self.last)

    def address(self, path: str, **changed: str) -> str:
        """The address with what was asked, some of it changed; the first page of it."""
        asked = {
            "genre": self.kind.value if self.kind else "",
            "du": self.first,
            "au": self.last,
        } | changed
        return asking(path, asked)


def asked_of(visit: Visit) -> Asked:
    """What the address asks, with the sentence for each day that is none.

    Raises Refused: PARAMETER_INVALID, a kind or a page that does not exist.
    """
    period = typed_period(visit)
    return Asked(
        kind=_kind(visit.asked("genre")),
        first=period.first,
        last=period.last,
        start=period.start,
        end=period.end,
        page=_page(visit.asked("page", _LONGEST_PAGE)),
        errors=period.errors,
    )


def _kind(text: str) -> Kind | None:
    if not text:
        return None
    try:
        return Kind(text)
    except ValueError:
        raise Refused(Reason.PARAMETER_INVALID, parameter="genre", detail="genre inconnu") from None


def _page(text: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise Refused(Reason.PARAMETER_INVALID, parameter="page", detail="page inconnue")
    return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The lines of one month, newest first; `first` is its first day."""

    first: date
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One page of the history, month by month. `total` counts what matches, `all` the period as a whole.

    `chips` are the kinds that have lines in the period, `years` those in which there is anything at all.
    """

    asked: Asked
    months: tuple[Month, ...]
    total: int
    all: int
    chips: tuple[tuple[Kind, str, int], ...]
    years: tuple[int, ...]
    has_more: bool

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Every kind, for the form."""
        return [(kind.value, words) for kind, words in WORDS.items()]


def shown_of(asked: Asked, lines: Iterable[Line]) -> Shown:
    """The page that was asked for."""
    everything = tuple(lines)
    within = tuple(line for line in everything if line.is_within(asked.start, asked.end))
    whole = once(within)
    matching = (
        whole if asked.kind is None else tuple(one for one in within if one.kind is asked.kind)
    )
    first = (asked.page - 1) * PAGE
    numbers = Counter(line.kind for line in within)
    return Shown(
        asked=asked,
        months=_by_month(matching[first : first + PAGE]),
        total=len(matching),
        all=len(whole),
        chips=tuple(
            (kind, words, numbers[kind])
            for kind, words in WORDS.items()
            if numbers[kind] or kind is asked.kind
        ),
        years=tuple(sorted({line.on.year for line in everything}, reverse=True)),
        has_more=len(matching) > first + PAGE,
    )


def _by_month(lines: Iterable[Line]) -> tuple[Month, ...]:
    months: dict[date, list[Line]] = {}
    for line in lines:
        months.setdefault(line.on.replace(day=1), []).append(line)
    return tuple(Month(first=first, lines=tuple(found)) for first, found in months.items())
