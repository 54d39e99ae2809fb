"""The leaf of the laboratory: a table of days and analyses, then one analysis with its curve and its values.

Values stand as they were printed, or converted where that is known; what cannot be converted stands apart.

Source: ux rules of the project §7.3 and §2.1 (tables and curves together).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.responses import RedirectResponse, Response

from dmp.domain.clinical.facts import Provenance, Result
from dmp.domain.clinical.results.series import trend_of
from dmp.domain.clinical.results.vital_signs import VITAL_SIGNS
from dmp.domain.clinical.synthesis import Series, Trend
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.chart.contents import Leaf
from dmp.entrypoints.web.chart.leaf import (
    READS,
    READS_AND_FINDS,
    documents_of,
    is_loinc,
    key_of,
    opened,
    page,
)
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.record.reports import LABORATORY, unread
from dmp.entrypoints.web.results.words import ranges_differ
from dmp.entrypoints.web.synthesis.professional import narrowed_here, proofs_of, sheet_of
from dmp.entrypoints.web.visit import Visit, asking
from dmp.entrypoints.web.wording import local
from dmp.locale import translate

SHOWN_DAYS = 8
RESULTS, MEASURES = "analyses", "mesures"
TABLES: dict[str, str] = {
    RESULTS: "Analyses de laboratoire",
    MEASURES: "Constantes et mesures",
}
"""The tables of the page: their word in the address, and their title."""
_OUT = (Trend.HIGH, Trend.LOW)
_CLAIMS = Provenance.CLAIMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One analysis over the days of the table: its value on each of them, if there is one."""

    series: Series
    key: str
    cells: tuple[Result | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Days, newest first, by analyses; and the analyses that none of these days has.

    `key` is its word in the address. `older` and `newer` are the days before which the tables beside this one
    end; `newer` is empty for the newest.
    """

    key: str
    title: str
    days: tuple[date, ...]
    rows: tuple[Row, ...]
    elsewhere: tuple[Row, ...]
    older: str = ""
    newer: str = ""
    is_newest: bool = True


def day_of(result: Result) -> date:
    """The local day of a value."""
    return local(result.at).date()


def key_of_series(visit: Visit, series: Series) -> str:
    """What names an analysis in an address: its LOINC code, else a word that says nothing."""
    return series.code if is_loinc(series.code) else key_of(visit, series.label)


def table_of(visit: Visit, key: str, series: Sequence[Series], before: date | None) -> Table:
    """The table that ends before a day; the newest when none is asked."""
    known = sorted({day_of(point) for one in series for point in one.points}, reverse=True)
    first = next((n for n, day in enumerate(known) if before is None or day < before), len(known))
    days = tuple(known[first : first + SHOWN_DAYS])
    rows = [_row(visit, one, days) for one in series]
    back = max(first - SHOWN_DAYS, 0)
    return Table(
        key=key,
        title=TABLES[key],
        days=days,
        rows=tuple(row for row in rows if any(row.cells)),
        elsewhere=tuple(row for row in rows if not any(row.cells)),
        older=days[-1].isoformat() if known[first + SHOWN_DAYS :] else "",
        newer=known[back - 1].isoformat() if back else "",
        is_newest=first == 0,
    )


def tables_of(
    visit: Visit, series: Iterable[Series], reports: Iterable[DocumentEntry]
) -> tuple[Table, ...]:
    """What laboratories printed, and what was measured elsewhere: weekly weights would push results away."""
    printed = {one.document_id for one in reports}
    groups: dict[str, list[Series]] = {key: [] for key in TABLES}
    for one in series:
        told = {source.document for point in one.points for source in point.sources}
        is_printed = one.code not in VITAL_SIGNS and not printed.isdisjoint(told)
        groups[RESULTS if is_printed else MEASURES].append(one)
    moved, before = visit.asked("tableau", 20), _before(visit)
    return tuple(
        table_of(visit, key, found, before if key == moved else None)
        for key, found in groups.items()
        if found
    )


def _row(visit: Visit, series: Series, days: Iterable[date]) -> Row:
    newest = {day_of(point): point for point in series.points}
    return Row(
        series=series,
        key=key_of_series(visit, series),
        cells=tuple(newest.get(day) for day in days),
    )


def _before(visit: Visit) -> date | None:
    asked = visit.asked("avant", 10)
    if not asked:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise Refused(Reason.PARAMETER_INVALID, parameter="avant", detail="date inconnue") from None


async def table(visit: Visit, patient: Patient) -> Response:
    """Days by analyses, and the reports that say nothing in structured form."""
    opened(visit, patient, Leaf.LABORATORY)
    sheet = await sheet_of(visit, patient)
    only_out = visit.asked("valeurs", 10) == "hors"
    series = [one for one in sheet.series if not only_out or one.trend in _OUT]
    documents = await documents_of(visit, patient, (LABORATORY,))
    return render(
        visit,
        "chart/laboratory.html",
        translate("Biologie de {patient}", patient=patient.status.record.traits.display),
        patient=patient,
        sheet=sheet,
        tables=tables_of(visit, series, documents),
        only_out=only_out,
        out=sum(one.trend in _OUT for one in sheet.series),
        proofs=proofs_of(patient, Leaf.LABORATORY, visit),
        narrowed=narrowed_here(visit),
        trend=trend_of,
        address=lambda table, before: _address(patient, table, before, only_out=only_out),
        reports=unread(documents, sheet.synthesis.series),
    )


def _address(patient: Patient, table: Table, before: str, *, only_out: bool) -> str:
    asked = {
        "valeurs": "hors" if only_out else "",
        "tableau": table.key if before else "",
        "avant": before,
    }
    return asking(f"{patient.path}/{Leaf.LABORATORY}", asked)


def laboratory_of(result: Result) -> str:
    """Who printed a value: the laboratory or the author of its document; empty for claims and the patient."""
    for source in result.sources:
        if source.document is not None and source.provenance is not _CLAIMS:
            return source.author
    return ""


async def analysis(visit: Visit, patient: Patient) -> Response:
    """One analysis: a curve and a table for each unit that cannot be converted."""
    opened(visit, patient, Leaf.LABORATORY)
    sheet = await sheet_of(visit, patient)
    asked = visit.part("loinc")
    named = [one for one in sheet.synthesis.series if key_of_series(visit, one) == asked]
    labels = {one.label for one in named}
    found = [one for one in sheet.synthesis.series if one in named or one.label in labels]
    if not found:
        raise Refused(Reason.ADDRESS_UNKNOWN)
    name = found[0].label
    return render(
        visit,
        "chart/analysis.html",
        translate(
            "{analysis} de {patient}",
            analysis=name,
            patient=patient.status.record.traits.display,
        ),
        patient=patient,
        sheet=sheet,
        name=name,
        found=found,
        loinc=found[0].code if is_loinc(found[0].code) else "",
        laboratory=laboratory_of,
        ranges_differ=ranges_differ,
        trend=trend_of,
        narrowed=narrowed_here(visit),
        proofs=proofs_of(patient, f"{Leaf.LABORATORY}/{asked}", visit),
    )


async def former(_: Visit, patient: Patient) -> Response:
    """The address that this leaf had before."""
    return RedirectResponse(f"{patient.path}/{Leaf.LABORATORY}", status_code=303)


PAGES = (
    page(Leaf.LABORATORY, about_patient(table), *READS_AND_FINDS),
    page(f"{Leaf.LABORATORY}/{{loinc}}", about_patient(analysis), *READS),
    page("resultats", about_patient(former), READS[0]),
)
