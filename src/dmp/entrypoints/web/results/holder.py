"""The holder's results: one list, small, and a page for each analysis, within what exists for whoever reads.

A value whose only source he may not read does not exist for him: the facts are made without it. The address of
an analysis that he may not read answers as one that never was.

Source: ux rules of the project §7.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.documents.find_documents import find_documents
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.facts import Result, Source
from dmp.domain.clinical.synthesis import Series
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.record.reports import LABORATORY, of_categories, unread
from dmp.entrypoints.web.results.analyses import Analysis, analyses_of, analysis_of
from dmp.entrypoints.web.results.asking import questions
from dmp.entrypoints.web.results.explained import EXPLAINED
from dmp.entrypoints.web.results.words import is_out, moved, place, ranges_differ, side, usual
from dmp.entrypoints.web.synthesis.own_proofs import own_proofs
from dmp.entrypoints.web.visit import Visit

PAGE = 25
"""Analyses on one page of the list."""
VALUES = 50
"""Values on one page of an analysis."""
SHOWN_REPORTS = 10
_LONGEST_PAGE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One page of a list: `number` from 1, its first rank, and how many there are in all."""

    number: int
    size: int
    total: int

    @property
    def first(self) -> int:
        """How many stand on the pages before."""
        return (self.number - 1) * self.size

    @property
    def has_more(self) -> bool:
        """Whether there is a further page."""
        return self.total > self.first + self.size

    @property
    def is_alone(self) -> bool:
        """Whether it is the only page."""
        return self.number == 1 and not self.has_more


def slice_of(visit: Visit, size: int, total: int) -> Slice:
    """The page that the address asks for. Raises Refused: PARAMETER_INVALID, none has this number."""
    text = visit.asked("page", _LONGEST_PAGE) or "1"
    number = int(text) if text.isascii() and text.isdigit() else 0
    shown = Slice(number=number, size=size, total=total)
    if number < 1 or (number > 1 and shown.first >= total):
        raise Refused(Reason.PARAMETER_INVALID, parameter="page", detail="page inconnue")
    return shown


async def _analyses(visit: Visit) -> tuple[Analysis, ...]:
    """Every analysis that exists for whoever reads; what is measured on the person comes last."""
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_of(visit)))
    return tuple(sorted(analyses_of(visit, synthesis.series), key=lambda one: one.is_measure))


async def listed(visit: Visit) -> Response:
    """Every analysis with its last value, and the reports whose values cannot be read as values."""
    record_id = record_of(visit)
    analyses = await _analyses(visit)
    documents = await of_categories(visit, record_id, (LABORATORY,))
    reports = unread(documents, (series for one in analyses for series in one.series))
    shown = slice_of(visit, PAGE, len(analyses))
    here = analyses[shown.first : shown.first + PAGE]
    home = home_of(record_id)
    return visit.render(
        "results/list.html",
        "Mes résultats" if visit.profile is None else "Résultats",
        record_id=record_id,
        groups=[
            (key, [one for one in here if one.is_measure is is_measure])
            for key, is_measure in (("analyses", False), ("mesures", True))
        ],
        shown=shown,
        explained=EXPLAINED,
        is_out=is_out,
        place=place,
        reports=reports,
        shown_reports=SHOWN_REPORTS,
        path=f"{home}/resultats",
        documents=f"{home}/documents",
        proofs=own_proofs(visit, "resultats"),
        home=home,
    )


async def analysis(visit: Visit) -> Response:
    """One analysis: its last value on a scale, what it is, what to ask, and every value with its source."""
    one = analysis_of(await _analyses(visit), visit.part("analyse"))
    path = f"{home_of(record_of(visit))}/resultats"
    explained = EXPLAINED.get(one.name)
    shown = slice_of(visit, VALUES, max(len(series.points) for series in one.series))
    return visit.render(
        "results/analysis.html",
        one.label,
        record_id=record_of(visit),
        one=one,
        sources=_sources(one),
        explained=explained,
        questions=questions(one, explained),
        shown=shown,
        rows=lambda series: _rows(series, shown),
        several_ranges=any(ranges_differ(series) for series in one.series),
        has_ranges=any(usual(point) for series in one.series for point in series.points),
        is_out=is_out,
        place=place,
        side=side,
        usual=usual,
        moved=moved,
        back=path,
        path=f"{path}/{one.reference}",
        measures=f"{home_of(record_of(visit))}/profil-medical/mesures/{one.measured.value}"
        if one.measured is not None
        else "",
        proofs=own_proofs(visit, f"resultats/{one.reference}"),
    )


def _sources(one: Analysis) -> tuple[Source, ...]:
    """What tells of the last value, each document once, and documents first."""
    found: dict[object, Source] = {}
    for source in one.main.last.sources:
        found.setdefault(source.document or source, source)
    return tuple(sorted(found.values(), key=lambda source: source.document is None))


def _rows(series: Series, shown: Slice) -> Sequence[Result]:
    """The values of a series on this page, newest first."""
    newest_first = series.points[::-1]
    return newest_first[shown.first : shown.first + shown.size]


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/resultats"
PAGES = (
    Page(path=_PATH, view=listed, authentication=_HOLDER, acts=(read_synthesis, find_documents)),
    Page(path=_PATH + "/{analyse}", view=analysis, authentication=_HOLDER, acts=(read_synthesis,)),
)
