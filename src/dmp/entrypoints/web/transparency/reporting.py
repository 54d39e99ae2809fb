"""One access looked at closely, its report in two clicks, and what became of every report."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from dmp.acts.reports.report_access import (
    ListReports,
    ReadTrace,
    ReportAccess,
    list_access_reports,
    read_trace,
    report_access,
)
from dmp.acts.sharing.block_professional import BlockProfessional, block_professional
from dmp.domain.arranging.access_report import PERSONS, Doubt
from dmp.domain.errors import Reason, Refused
from dmp.domain.journal.event import Trace
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.journal import line_of, visitor_of
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal
from dmp.locale import translate, word

_BLOCKED = "Votre signalement est envoyé, et {name} n’a plus accès au dossier."
_NOT_BLOCKED = "Votre signalement est envoyé. {name} n’a pas pu être bloqué : {why}"


def _trace_id(visit: Visit) -> UUID:
    try:
        return UUID(visit.part("trace"))
    except ValueError:
        raise Refused(Reason.REPORT_NOT_FOUND) from None


async def one(visit: Visit) -> Response:
    """« Comprendre cette ligne »: one access, with every word of it explained."""
    record_id, trace_id = record_of(visit), _trace_id(visit)
    trace = await visit.do(read_trace, ReadTrace(record_id=record_id, trace_id=trace_id))
    reports = await visit.do(list_access_reports, ListReports(record_id=record_id))
    report = next((one for one in reports if one.trace_id == trace_id), None)
    return visit.render(
        "transparency/access.html",
        "Comprendre un accès",
        record_id=record_id,
        trace=trace,
        line=line_of(trace, visit.caller.id),
        visitor=visitor_of(trace, visit.caller.id),
        explained=_explained(trace),
        report=report,
        may_report=report is None and may_be_reported(trace, visit.caller.id),
    )


def _explained(trace: Trace) -> str:
    """What this kind of act is, in a sentence; empty where its own sentence says it all."""
    text = word("explained", trace.act)
    return "" if text == trace.act else text


def may_be_reported(trace: Trace, reader: str) -> bool:
    """Whether somebody else did it: not the reader, not the service by itself."""
    return trace.caller.id != reader and trace.caller.kind in PERSONS


async def report(visit: Visit) -> Response:
    """« Je ne connais pas cette personne »: why, and block her now perhaps."""
    record_id, trace_id = record_of(visit), _trace_id(visit)
    trace = await visit.do(read_trace, ReadTrace(record_id=record_id, trace_id=trace_id))
    if not may_be_reported(trace, visit.caller.id):
        raise Refused(Reason.REPORT_NOT_FOUND)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        doubt = next((one for one in Doubt if one == visit.form.text("raison")), None)
        if doubt is None:
            errors["raison"] = "Choisissez pourquoi vous signalez cet accès."
        else:
            sent = await _sent(visit, trace, doubt, errors)
            if sent is not None:
                return sent
    return visit.render(
        "transparency/report.html",
        "Signaler un accès",
        status=400 if errors else 200,
        record_id=record_id,
        trace=trace,
        line=line_of(trace, visit.caller.id),
        visitor=visitor_of(trace, visit.caller.id),
        doubts=[(doubt.value, word("doubt", doubt.value), "") for doubt in Doubt],
        chosen=visit.form.text("raison") or Doubt.UNKNOWN_PERSON.value,
        words=visit.form.text("precision"),
        blocks=visit.form.checked("bloquer"),
        may_block=trace.caller.kind == "professional",
        errors=errors,
    )


async def _sent(
    visit: Visit, trace: Trace, doubt: Doubt, errors: dict[str, str]
) -> Response | None:
    record_id = record_of(visit)
    request = ReportAccess(
        record_id=record_id,
        trace_id=trace.trace_id,
        doubt=doubt,
        words=visit.form.text("precision"),
    )
    try:
        await visit.do(report_access, request)
    except Refused as refused:
        if refused.reason is not Reason.REPORT_NOT_POSSIBLE:
            raise
        errors[refused.field or "raison"] = refusal(refused)
        return None
    visit.notice(await _told(visit, trace))
    return visit.go_to(f"{home_of(record_id)}/signalements")


async def _told(visit: Visit, trace: Trace) -> str:
    """The sentence for the next page; blocks the professional where that was asked."""
    who = trace.caller
    if who.kind != "professional" or not visit.form.checked("bloquer"):
        return translate("Votre signalement est envoyé. Vous suivrez la réponse sur cette page.")
    request = BlockProfessional(record_id=record_of(visit), person_id=who.id, name=who.name)
    try:
        await visit.do(block_professional, request)
    except Refused as refused:
        return translate(_NOT_BLOCKED, name=who.name, why=refusal(refused))
    return translate(_BLOCKED, name=who.name)


async def reports(visit: Visit) -> Response:
    """Every report of the record: received, under way, answered."""
    record_id = record_of(visit)
    found = await visit.do(list_access_reports, ListReports(record_id=record_id))
    return visit.render(
        "transparency/reports.html",
        "Accès signalés",
        record_id=record_id,
        reports=found,
    )


_HOLDER = Authentication.HOLDER
_ONE = "/espace/{record}/acces/{trace}"
PAGES = (
    Page(
        path="/espace/{record}/signalements",
        view=reports,
        authentication=_HOLDER,
        acts=(list_access_reports,),
    ),
    Page(path=_ONE, view=one, authentication=_HOLDER, acts=(read_trace, list_access_reports)),
    *form_page(_ONE + "/signaler", report, _HOLDER, read_trace, report_access, block_professional),
)
