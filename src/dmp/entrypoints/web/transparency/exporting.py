"""The whole journal in the holder's hands: a sheet to download, and a page to print with its proof."""

from __future__ import annotations

from anyio import to_thread
from starlette.responses import Response

from dmp.acts.person.read_traces import ExportedTraces, ExportTraces, export_traces
from dmp.domain.journal.event import Trace
from dmp.entrypoints.web import headers
from dmp.entrypoints.web.holder.own_record import record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.record.journal import line_of, visitor_of
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import local
from dmp.formats.spreadsheet import write_sheet
from dmp.locale import speak, translate, word

PRINTED = 3000
"""Lines on the page; the sheet has them all."""
HEADING = (
    "Date", "Heure", "Qui", "Profession et lieu", "Action", "Document", "Selon quelle règle",
    "Résultat", "Urgence", "Motif", "Chemin", "Référence",
)  # fmt: skip


async def _exported(visit: Visit) -> ExportedTraces:
    return await visit.do(export_traces, ExportTraces(record_id=record_of(visit)))


def row(trace: Trace, reader: str) -> tuple[str, ...]:
    """One trace as the cells of a row. No identifier of anybody: a matricule would be one."""
    line, visitor = line_of(trace, reader), visitor_of(trace, reader)
    at = local(trace.at)
    return (
        f"{at:%d/%m/%Y}",
        f"{at:%H:%M:%S}",
        visitor.name,
        visitor.about,
        line.sentence,
        line.title,
        line.rule,
        translate("Refusé") if line.is_refused else translate("Fait"),
        line.emergency,
        line.emergency_reason,
        word("door", trace.door),
        str(trace.trace_id),
    )


async def sheet(visit: Visit) -> Response:
    """Every trace as CSV."""
    exported = await _exported(visit)
    reader, language = visit.caller.id, visit.preferences.language

    def written() -> bytes:
        with speak(language):
            heading = [translate(name) for name in HEADING]
            return write_sheet(heading, (row(trace, reader) for trace in exported.traces))

    octets = await to_thread.run_sync(written)
    visit.policy = headers.FILE_POLICY
    response = Response(octets, media_type="text/csv; charset=utf-8")
    name = headers.file_name(translate("Accès au dossier"), "csv")
    response.headers["Content-Disposition"] = headers.disposition("attachment", name)
    return response


async def printed(visit: Visit) -> Response:
    """Every trace on one page, for paper, with the signed checkpoint of the journal."""
    exported = await _exported(visit)
    traces = exported.traces[:PRINTED]
    return visit.render(
        "transparency/printed.html",
        "Historique des accès",
        record_id=record_of(visit),
        heading_row=HEADING[:8],
        rows=[row(trace, visit.caller.id)[:8] for trace in traces],
        total=len(exported.traces),
        is_whole=exported.is_whole and len(traces) == len(exported.traces),
        checkpoint=exported.checkpoint,
    )


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/acces"
PAGES = (
    Page(path=_PATH + "/export.csv", view=sheet, authentication=_HOLDER, acts=(export_traces,)),
    Page(path=_PATH + "/imprimer", view=printed, authentication=_HOLDER, acts=(export_traces,)),
)
