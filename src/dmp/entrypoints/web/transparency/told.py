"""What is told to the holder of the accesses to his record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from starlette.responses import Response

from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.acts.reports.report_access import ListReports, list_access_reports
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.holder.own_record import record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.record.journal import KINDS, PEOPLE, Wanted, passages
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.visit import Visit

READ_TRACES = 1000
SHOWN_TRACES = 60
PINNED_FOR = timedelta(days=30)
"""So long an emergency access stands on top of the journal."""


async def journal(visit: Visit) -> Response:
    """Who consulted or changed my record."""
    record_id = record_of(visit)
    wanted, errors = wanted_of(visit)
    after = _after(visit.asked("apres"))
    request = ReadTraces(record_id=record_id, limit=READ_TRACES, after=after)
    page = await visit.do(read_traces, request)
    reports = await visit.do(list_access_reports, ListReports(record_id=record_id))
    reader = visit.caller.id
    taken = [trace for trace in page.traces if wanted.takes(trace, reader)]
    shown, following = taken, page.next
    if len(taken) > SHOWN_TRACES:
        shown = taken[:SHOWN_TRACES]
        following = shown[-1].trace_id
    urgent = Wanted(kind="urgences")
    pinned = [
        trace
        for trace in page.traces
        if after is None and trace.at > visit.now - PINNED_FOR and urgent.takes(trace, reader)
    ]
    asked = {name: visit.asked(name) for name in ("qui", "quoi", "du", "au")}
    return visit.render(
        "holder/journal.html",
        "Qui a consulté mon dossier" if visit.profile is None else "Qui a consulté ce dossier",
        status=400 if errors else 200,
        record_id=record_id,
        passages=passages(shown, reader),
        pinned=passages(pinned, reader) if wanted.kind == "tout" else (),
        reported={report.trace_id: report for report in reports},
        wanted=wanted,
        people=PEOPLE,
        kinds=KINDS,
        asked=asked,
        following={**{k: v for k, v in asked.items() if v}, "apres": str(following)}
        if following
        else {},
        is_first=after is None,
        errors=errors,
    )


def _after(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Refused(Reason.PARAMETER_INVALID, parameter="apres", detail="page inconnue") from None


def wanted_of(visit: Visit) -> tuple[Wanted, dict[str, str]]:
    """What the address asks for, and what must be corrected in it, by field."""
    errors: dict[str, str] = {}
    people, kind = visit.asked("qui") or "autres", visit.asked("quoi") or "tout"
    wanted = Wanted(
        people=people if people in PEOPLE else "autres", kind=kind if kind in KINDS else "tout"
    )
    days: dict[str, date | None] = {"du": None, "au": None}
    for name in days:
        text = visit.asked(name)
        try:
            days[name] = typed_day(text) if text else None
        except ValueError:
            errors[name] = "Saisissez une date, par exemple 12/03/2026."
    first, last = days["du"], days["au"]
    if first and last and first > last:
        errors["au"] = "La date de fin doit suivre la date de début."
    return replace(wanted, first=first, last=last), errors


_HOLDER = Authentication.HOLDER
PAGES = (
    Page(
        path="/espace/{record}/acces",
        view=journal,
        authentication=_HOLDER,
        acts=(read_traces, list_access_reports),
    ),
)
