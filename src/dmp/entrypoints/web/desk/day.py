"""The first page of a counter: who is there, what was done today; and a pharmacy's statement of openings.

The operations name nobody. While the session lasts they carry the initials of the person and her receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from starlette.responses import Response

from dmp.acts.counter.read_statement import (
    ListOperations,
    ReadStatement,
    list_operations,
    read_statement,
)
from dmp.domain.counter.opening import Statement, works_in_a_pharmacy
from dmp.domain.counter.operation import Deed, DeskOperation
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web import headers
from dmp.entrypoints.web.desk.counter import identity_errors, path_of, reference_to
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.identity_form import roots
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import clock, euros, local, today
from dmp.formats.spreadsheet import write_sheet
from dmp.locale import translate

WORDS = {
    Deed.OPENED: "Dossier ouvert",
    Deed.REOPENED: "Dossier réactivé",
    Deed.CLOSED: "Dossier clôturé",
    Deed.REFUSED: "Opposition enregistrée",
    Deed.INFORMED: "Information enregistrée",
    Deed.CODE_ISSUED: "Lettre d’accès remise",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One operation of today; `who` and `path` only while the session of its doing lasts."""

    clock: str
    words: str
    who: str = ""
    path: str = ""


async def home(visit: Visit) -> Response:
    """Verify who is at the counter; what was done today."""
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        person, errors = identity_errors(visit)
        if person is not None:
            return visit.go_to(path_of(reference_to(visit, person)))
    return visit.render(
        "desk/identity.html",
        "Vérifier l’identité",
        status=400 if errors else 200,
        roots=roots(visit.options),
        typed=visit.form,
        operations=await _operations(visit),
        errors=errors,
    )


async def _operations(visit: Visit) -> tuple[Done, ...] | None:
    """Those of today, newest first; None for who is at no counter of his own, as in a hospital's pharmacy."""
    try:
        found = await visit.do(list_operations, ListOperations())
    except Refused as refused:
        if refused.reason is not Reason.ACT_NOT_ALLOWED:
            raise
        return None
    return tuple(_done(visit, one) for one in found)


def _done(visit: Visit, operation: DeskOperation) -> Done:
    who, path = visit.live.state.operations.get(operation.at.isoformat(), ("", ""))
    return Done(clock=clock(operation.at), words=WORDS[operation.deed], who=who, path=path)


async def information(visit: Visit) -> Response:
    """What is said to the person before she decides, in plain words, for a second screen."""
    return visit.render("desk/information.html", "Votre dossier médical partagé")


async def statement(visit: Visit) -> Response:
    """The openings of a month, day by day, and what they are worth."""
    found = await _statement(visit)
    return visit.render(
        "desk/statement.html",
        "Relevé des ouvertures",
        statement=found,
        total=euros(found.cents),
        each=euros(found.cents // found.count) if found.count else "",
    )


async def statement_csv(visit: Visit) -> Response:
    """The same as a table to keep: a line each day, and the total."""
    found = await _statement(visit)
    rows = [(f"{day:%d/%m/%Y}", str(count)) for day, count in found.days]
    rows += [
        (translate("Total"), str(found.count)),
        (translate("Montant en euros"), euros(found.cents, plain=True)),
    ]
    octets = write_sheet([translate("Jour"), translate("Ouvertures")], rows)
    visit.policy = headers.FILE_POLICY
    name = f"ouvertures-{found.month:%Y-%m}.csv"
    return Response(
        octets,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": headers.disposition("attachment", name)},
    )


async def _statement(visit: Visit) -> Statement:
    if not works_in_a_pharmacy(visit.caller):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    return await visit.do(read_statement, ReadStatement(month=_month(visit)))


def _month(visit: Visit) -> date:
    """The month that is asked for, `2026-03`; the present one when none is."""
    asked = visit.asked("mois", 7)
    if not asked:
        return today(visit.now)
    try:
        return datetime.strptime(asked, "%Y-%m").replace(tzinfo=local(visit.now).tzinfo).date()
    except ValueError:
        raise Refused(Reason.PARAMETER_INVALID, parameter="mois", detail="mois inconnu") from None


_DESK = Authentication.DESK
PAGES = (
    *form_page("/guichet", home, _DESK, list_operations),
    Page(path="/guichet/information", view=information, authentication=_DESK),
    Page(path="/guichet/releve", view=statement, authentication=_DESK, acts=(read_statement,)),
    Page(
        path="/guichet/releve.csv",
        view=statement_csv,
        authentication=_DESK,
        acts=(read_statement,),
    ),
)
