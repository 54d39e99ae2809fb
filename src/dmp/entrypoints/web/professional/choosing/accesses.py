"""All one's own accesses, over every patient whose record one opened here: a list with filters, and a sheet.

It holds no health data: no document is named. A patient is named while his record is open to this professional.

Source: CSP R1111-43; ux rules of the project §7.3.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from urllib.parse import urlencode
from uuid import UUID

from starlette.responses import Response

from dmp.acts.recents.list_accesses import ListAccesses, OwnAccess, list_accesses
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.accessed_record import MOST_ACCESSED
from dmp.domain.record.calendar import LOCAL
from dmp.entrypoints.web import headers
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional.own_accesses import to_professional
from dmp.entrypoints.web.professional.patient import path_of, reference_to
from dmp.entrypoints.web.record.journal import KINDS, Line, Wanted, is_minor, line_of
from dmp.entrypoints.web.transparency.told import wanted_of
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import local
from dmp.formats.spreadsheet import write_sheet
from dmp.locale import translate

PAGE = 25
MOST_ROWS = 5_000
"""Rows of the longest sheet."""
HEADING = (
    "Date",
    "Heure",
    "Action",
    "Patient",
    "Lieu",
    "Résultat",
    "Urgence",
    "Motif",
    "Référence",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One thing that he did: when, in words, about whom when he may know it now, and where that leads."""

    day: str
    line: Line
    place: str
    name: str = ""
    path: str = ""


async def accesses(visit: Visit) -> Response:
    """One page of the list."""
    wanted, errors = _wanted(visit)
    after = visit.asked("apres")
    asked = {name: visit.asked(name) for name in ("quoi", "du", "au")}
    page = await visit.do(
        list_accesses, _request(visit, wanted, PAGE, None if errors else _position(after))
    )
    query = {name: value for name, value in asked.items() if value}
    return visit.render(
        "professional/all_accesses.html",
        "Mes accès",
        status=400 if errors else 200,
        accesses=[_access(visit, one) for one in page.accesses],
        records=page.records,
        most=MOST_ACCESSED,
        kinds=[(kind, label) for kind, (label, _) in KINDS.items()],
        wanted=wanted,
        asked=asked,
        query=urlencode(query),
        following=urlencode({**query, "apres": str(page.next)}) if page.next else "",
        is_first=not after,
        errors=errors,
    )


async def sheet(visit: Visit) -> Response:
    """The same as a sheet, filters kept."""
    wanted, errors = _wanted(visit)
    if errors:
        raise Refused(Reason.PARAMETER_INVALID, parameter="du", detail="date inconnue")
    page = await visit.do(list_accesses, _request(visit, wanted, MOST_ROWS, None))
    octets = write_sheet(
        [translate(name) for name in HEADING], [_row(visit, one) for one in page.accesses]
    )
    visit.policy = headers.FILE_POLICY
    name = headers.file_name(translate("Mes accès"), "csv")
    return Response(
        octets,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": headers.disposition("attachment", name)},
    )


def _wanted(visit: Visit) -> tuple[Wanted, dict[str, str]]:
    wanted, errors = wanted_of(visit)
    return replace(wanted, people="tous"), errors


def _request(visit: Visit, wanted: Wanted, limit: int, after: UUID | None) -> ListAccesses:
    reader, first = visit.caller.id, wanted.first
    return ListAccesses(
        wanted=lambda trace: not is_minor(trace) and wanted.takes(trace, reader),
        limit=limit,
        after=after,
        since=datetime.combine(first, time(), LOCAL) if first else None,
    )


def _access(visit: Visit, one: OwnAccess) -> Access:
    path = path_of(reference_to(visit, one.ins)) if one.ins is not None else ""
    return Access(
        day=local(one.trace.at).date().isoformat(),
        line=to_professional(line_of(one.trace, visit.caller.id)),
        place=one.trace.caller.structure_name,
        name=one.name,
        path=path,
    )


def _row(visit: Visit, one: OwnAccess) -> tuple[str, ...]:
    access, at = _access(visit, one), local(one.trace.at)
    line = access.line
    return (
        f"{at:%d/%m/%Y}",
        f"{at:%H:%M:%S}",
        line.sentence,
        access.name or translate("Dossier qui ne vous est plus ouvert"),
        access.place,
        translate("Refusé") if line.is_refused else translate("Fait"),
        line.emergency,
        line.emergency_reason,
        str(one.trace.trace_id),
    )


def _position(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refused(Reason.PARAMETER_INVALID, parameter="apres", detail="page inconnue") from None


_READER = Authentication.READER
PAGES = (
    Page(path="/pro/mes-acces", view=accesses, authentication=_READER, acts=(list_accesses,)),
    Page(path="/pro/mes-acces.csv", view=sheet, authentication=_READER, acts=(list_accesses,)),
)
