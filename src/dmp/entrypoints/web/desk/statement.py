"""A pharmacy's statement of openings, month by month, and what it says of one that it does not agree with."""

from __future__ import annotations

from datetime import date, datetime

from starlette.responses import Response

from dmp.acts.counter.dispute_statement import (
    DisputeStatement,
    ReadDispute,
    dispute_statement,
    read_dispute,
)
from dmp.acts.counter.read_statement import ReadStatement, read_statement
from dmp.domain.counter.dispute import LONGEST_NOTE
from dmp.domain.counter.opening import Statement, works_in_a_pharmacy
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web import headers
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import euros, local, today
from dmp.formats.spreadsheet import write_sheet
from dmp.locale import translate

MOST_EXPECTED = 9_999


async def statement(visit: Visit) -> Response:
    """The openings of a month, day by day, and what they are worth."""
    found = await _statement(visit)
    said = await visit.do(read_dispute, ReadDispute(month=found.month))
    return visit.render(
        "desk/statement.html",
        "Relevé des ouvertures",
        statement=found,
        total=euros(found.cents),
        each=euros(found.cents // found.count) if found.count else "",
        dispute=said,
        place=visit.who_name(),
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


async def dispute(visit: Visit) -> Response:
    """Say how many openings were expected; the statement then carries the difference, to be printed."""
    found = await _statement(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        expected = visit.form.text("attendu")
        if not (expected.isascii() and expected.isdigit() and int(expected) <= MOST_EXPECTED):
            errors["attendu"] = "Saisissez un nombre d’ouvertures, par exemple 12."
        elif int(expected) == found.count:
            errors["attendu"] = "Ce nombre est celui du relevé : il n’y a pas d’écart."
        else:
            request = DisputeStatement(
                month=found.month, expected=int(expected), note=visit.form.text("precision")
            )
            await visit.do(dispute_statement, request)
            visit.notice("L’écart est signalé. Imprimez le relevé et adressez-le à votre caisse.")
            return visit.go_to("/guichet/releve", {"mois": f"{found.month:%Y-%m}"})
    return visit.render(
        "desk/dispute.html",
        "Contester le relevé",
        status=400 if errors else 200,
        statement=found,
        longest=LONGEST_NOTE,
        typed=visit.form,
        errors=errors,
    )


async def _statement(visit: Visit) -> Statement:
    if not works_in_a_pharmacy(visit.caller):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    return await visit.do(read_statement, ReadStatement(month=_month(visit)))


def _month(visit: Visit) -> date:
    """The month that is asked for, `2026-03`; the present one when none is."""
    asked = visit.asked("mois", 7) or visit.form.text("mois")[:7]
    if not asked:
        return today(visit.now)
    try:
        return datetime.strptime(asked, "%Y-%m").replace(tzinfo=local(visit.now).tzinfo).date()
    except ValueError:
        raise Refused(Reason.PARAMETER_INVALID, parameter="mois", detail="mois inconnu") from None


_DESK = Authentication.DESK
PAGES = (
    Page(
        path="/guichet/releve",
        view=statement,
        authentication=_DESK,
        acts=(read_statement, read_dispute),
    ),
    Page(
        path="/guichet/releve.csv",
        view=statement_csv,
        authentication=_DESK,
        acts=(read_statement,),
    ),
    *form_page("/guichet/releve/contester", dispute, _DESK, read_statement, dispute_statement),
)
