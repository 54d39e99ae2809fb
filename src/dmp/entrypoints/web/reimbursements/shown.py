"""What the address asks of the history, and the history as it is shown: by month, one page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dmp.acts.claims.read_history import ReadableHistory, ReadHistory
from dmp.domain.claims.readable import Heading, HistoryEntry, Month, by_month
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, RecordId
from dmp.entrypoints.web.record.typed_period import typed_period
from dmp.entrypoints.web.visit import Visit, asking
from dmp.entrypoints.web.wording import day, measure
from dmp.locale import translate

SHOWN = 25
"""Lines on one page."""

HEADINGS: dict[Heading, tuple[str, str]] = {
    Heading.MEDICINE: ("Médicaments", "Médicament"),
    Heading.VACCINE: ("Vaccins", "Vaccin"),
    Heading.DEVICE: ("Dispositifs médicaux", "Dispositif médical"),
    Heading.STAY: ("Hospitalisations", "Hospitalisation"),
    Heading.CARE: ("Soins", "Soin"),
    Heading.IMAGING: ("Radiologie", "Radiologie"),
    Heading.BIOLOGY: ("Biologie", "Biologie"),
    Heading.LONG_TERM: ("Affections de longue durée", "Affection de longue durée"),
}
"""Each heading for a list, and for one line."""

_DELIVERED = frozenset({Heading.MEDICINE, Heading.VACCINE, Heading.DEVICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a reader asked for. `first` and `last` as typed, `start` and `end` as days; pages from 1."""

    heading: Heading | None = None
    first: str = ""
    last: str = ""
    start: date | None = None
    end: date | None = None
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked."""
        return bool(self.heading or self.first or self.last)

    def address(self, path: str, **changed: str) -> str:
        """The address of the history with what was asked, some of it changed."""
        asked = {
            "rubrique": self.heading.value if self.heading else "",
            "du": self.first,
            "au": self.last,
        } | changed
        return asking(path, asked)

    def request(self, of: Ins | RecordId) -> ReadHistory:
        """The same, asked of a record."""
        return ReadHistory(of=of, heading=self.heading, start=self.start, end=self.end)


def asked_of(visit: Visit) -> tuple[Asked, Mapping[str, str]]:
    """What the address asks, and what is wrong with the days typed, by field.

    Raises Refused: PARAMETER_INVALID.
    """
    period = typed_period(visit)
    asked = Asked(
        heading=_heading(visit.asked("rubrique")),
        first=period.first,
        last=period.last,
        start=period.start,
        end=period.end,
        page=_page(visit.asked("page", 5)),
    )
    return asked, period.errors


def _heading(text: str) -> Heading | None:
    if not text:
        return None
    try:
        return Heading(text)
    except ValueError:
        detail = "rubrique inconnue"
        raise Refused(Reason.PARAMETER_INVALID, parameter="rubrique", detail=detail) from None


def _page(text: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise Refused(Reason.PARAMETER_INVALID, parameter="page", detail="page inconnue")
    return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One page of the history. `total` counts what matches, `all` what is there under every heading."""

    asked: Asked
    history: ReadableHistory
    months: tuple[Month, ...]
    has_more: bool

    @property
    def total(self) -> int:
        """How many lines match."""
        return len(self.history.entries)

    @property
    def all(self) -> int:
        """How many lines there are in the period."""
        return sum(self.history.counts.values())

    @property
    def chips(self) -> list[tuple[Heading, str, int]]:
        """Headings to choose, with the number of their lines; empty ones are left out."""
        return [
            (heading, HEADINGS[heading][0], count)
            for heading, count in self.history.counts.items()
            if count or heading is self.asked.heading
        ]

    @property
    def headings(self) -> list[tuple[str, str]]:
        """Every heading, for the form."""
        return [(heading.value, words[0]) for heading, words in HEADINGS.items()]


def shown_of(asked: Asked, history: ReadableHistory) -> Shown:
    """The page of the history that was asked for."""
    start = (asked.page - 1) * SHOWN
    return Shown(
        asked=asked,
        history=history,
        months=by_month(history.entries[start : start + SHOWN]),
        has_more=len(history.entries) > start + SHOWN,
    )


def kind_of(entry: HistoryEntry) -> str:
    """The word of one line."""
    return translate(HEADINGS[entry.heading][1])


def when(entry: HistoryEntry) -> str:
    """The day of a line, or its period."""
    if entry.heading is Heading.LONG_TERM:
        if entry.until:
            return translate(
                "depuis le {on}, jusqu’au {until}", on=day(entry.on), until=day(entry.until)
            )
        return translate("depuis le {on}", on=day(entry.on))
    if entry.until is not None:
        return translate("du {on} au {until}", on=day(entry.on), until=day(entry.until))
    return day(entry.on)


def details(entry: HistoryEntry) -> list[str]:
    """What else is known of a line, each part in words."""
    found = [when(entry)]
    if entry.heading in _DELIVERED or entry.quantity != 1:
        found.append(translate("quantité {number}", number=measure(entry.quantity)))
    if entry.group:
        found.append(entry.group)
    found.append(_with(entry.performer, entry.performer_speciality))
    found.append(entry.place)
    prescriber = _with(entry.prescriber or entry.prescriber_place, entry.prescriber_speciality)
    if prescriber:
        found.append(translate("prescrit par {prescriber}", prescriber=prescriber))
    if not entry.is_known:
        found.append(f"code {entry.code}")
    return [part for part in found if part]


def _with(name: str, speciality: str) -> str:
    return f"{name} ({speciality})" if name and speciality else name or speciality
