"""The leaf of time: one frieze in bands over one, five or twenty years, and a table that says the same.

It is moved and narrowed by links; each mark leads to what proves it.

Source: ux rules of the project §7.3; HistoriView (bands that are not stacked).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from dmp.domain.clinical.follow_up import after
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.chart.contents import Leaf
from dmp.entrypoints.web.chart.events import TITLES, Band, Event, Shape, bands_of, events_of
from dmp.entrypoints.web.chart.leaf import READS, opened, page
from dmp.entrypoints.web.figures.frieze import Heap, Mark, Window, band
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.record.criteria import page_of
from dmp.entrypoints.web.synthesis.professional import looked_at, proofs_of, sheet_of
from dmp.entrypoints.web.synthesis.proofs import Proofs
from dmp.entrypoints.web.visit import Visit, asking
from dmp.entrypoints.web.wording import short_day, today
from dmp.locale import plural, translate

SCALES = (1, 5, 20)
USUAL = 5
MOST: dict[Band, int] = {
    Band.PROBLEMS: 14,
    Band.TREATMENTS: 16,
}
"""Bars that a band draws, the newest; the table has all of them."""
LINES = 40
"""Lines of one page of the table."""
_BARS = (Band.PROBLEMS, Band.TREATMENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks: how many years, which end (a month), which band, which problem."""

    years: int
    end: date
    is_now: bool
    only: Band | None
    problem: str
    page: int = 1

    @property
    def window(self) -> Window:
        """The days that are shown."""
        return Window(start=after(self.end, -12 * self.years), end=self.end)

    def address(self, path: str, **changed: str) -> str:
        """The address of the frieze, some of what it asks changed."""
        asked = {
            "ans": "" if self.years == USUAL else str(self.years),
            "fin": "" if self.is_now else self.end.isoformat(),
            "bande": self.only or "",
            "probleme": self.problem,
        } | changed
        if asked["ans"] == str(USUAL):
            asked["ans"] = ""
        return asking(path, asked)


def asked_of(visit: Visit) -> Asked:
    """What the address asks. Raises Refused: PARAMETER_INVALID for what no link of ours asks."""
    now = today(visit.now)
    years, only = visit.asked("ans", 2), visit.asked("bande", 20)
    if years and years not in map(str, SCALES):
        raise Refused(Reason.PARAMETER_INVALID, parameter="ans", detail="échelle inconnue")
    if only and only not in tuple(Band):
        raise Refused(Reason.PARAMETER_INVALID, parameter="bande", detail="bande inconnue")
    try:
        end = date.fromisoformat(visit.asked("fin", 10) or now.isoformat())
    except ValueError:
        raise Refused(Reason.PARAMETER_INVALID, parameter="fin", detail="date inconnue") from None
    end = min(max(end, date(1930, 1, 1)), now)
    return Asked(
        years=int(years or USUAL),
        end=end,
        is_now=end == now,
        only=Band(only) if only else None,
        problem=visit.asked("probleme", 16),
        page=page_of(visit.asked("page", 4), "page"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One band of the page. `left_out` events are in the table only."""

    band: Band
    title: str
    figure: object
    number: int
    left_out: int


def drawn_of(which: Band, events: list[Event], asked: Asked, path: str, proofs: Proofs) -> Drawn:
    """The figure of one band. Every mark has words of its own, with its days and its proof."""
    shown = events[: MOST.get(which, len(events))]

    def nearer(heap: Heap) -> tuple[str, str]:
        """A shorter scale that ends with the heap; on the shortest one, the table of the band."""
        said = translate(
            plural(
                "{number} autre événement entre le {start} et le {end} : regarder de plus près",
                "{number} autres événements entre le {start} et le {end} : regarder de plus près",
                heap.number,
            ),
            number=heap.number,
            start=short_day(heap.start),
            end=short_day(heap.end),
        )
        shorter = max((one for one in SCALES if one < asked.years), default=0)
        if not shorter:
            return asked.address(path, bande=which) + "#tableau", said
        end = min(heap.end, asked.end)
        return asked.address(path, ans=str(shorter), fin=end.isoformat(), bande=which), said

    marks = [_mark(one, proofs) for one in shown]
    return Drawn(
        band=which,
        title=TITLES[which],
        figure=band(marks, asked.window, translate(TITLES[which]), nearer),
        number=len(events),
        left_out=len(events) - len(shown),
    )


def _mark(event: Event, proofs: Proofs) -> Mark:
    source = next((one for one in event.sources if one.document is not None), None)
    mark, address = proofs.mark(source) if source is not None else ("", "")
    said = ", ".join(part for part in (event.label, event.about, span(event)) if part)
    if mark:
        said = translate("{what} (preuve {number})", what=said, number=mark[1:])
    return Mark(
        label=event.label,
        said=said,
        stretches=event.stretches,
        shape=event.shape,
        is_bar=event.band in _BARS,
        goes_on=event.goes_on,
        weighs=event.shape in (Shape.SQUARE, Shape.DIAMOND),
        address=address,
        mark=mark,
    )


def span(event: Event) -> str:
    """The days of an event in words."""
    start = short_day(event.start)
    if not event.is_dated:
        return translate("début non connu, cité le {day}", day=start)
    if event.goes_on:
        return translate("depuis le {day}", day=start)
    return start if event.start == event.end else f"{start} – {short_day(event.end)}"


async def chronology(visit: Visit, patient: Patient) -> Response:
    """The frieze and its table."""
    opened(visit, patient, Leaf.CHRONOLOGY)
    asked = asked_of(visit)
    sheet = await sheet_of(visit, patient)
    window = asked.window
    bands = bands_of(patient.zones)
    events = [
        one
        for one in events_of(sheet, patient.zones)
        if one.is_in(window.start, window.end) and asked.only in (None, one.band)
    ]
    shown = [one for one in bands if asked.only in (None, one)]
    proofs = proofs_of(patient, Leaf.CHRONOLOGY, visit)
    path = f"{patient.path}/{Leaf.CHRONOLOGY}"
    return render(
        visit,
        "chart/chronology.html",
        translate("Chronologie de {patient}", patient=patient.status.record.traits.display),
        patient=patient,
        sheet=sheet,
        window=window,
        asked=asked,
        looked_at=looked_at(visit, sheet.synthesis),
        scales=SCALES,
        bands=[(one, TITLES[one]) for one in bands],
        drawn=[
            drawn_of(which, [one for one in events if one.band is which], asked, path, proofs)
            for which in shown
        ],
        events=events,
        lines=events[(asked.page - 1) * LINES : asked.page * LINES],
        is_more=len(events) > asked.page * LINES,
        titles=TITLES,
        span=span,
        proofs=proofs,
        address=lambda **changed: asked.address(path, **changed),
        older=after(asked.end, -12 * asked.years).isoformat(),
        newer="" if asked.is_now else _newer(asked, today(visit.now)),
    )


def _newer(asked: Asked, now: date) -> str:
    end = after(asked.end, 12 * asked.years)
    return "" if end >= now else end.isoformat()


PAGES = (page(Leaf.CHRONOLOGY, about_patient(chronology), *READS),)
