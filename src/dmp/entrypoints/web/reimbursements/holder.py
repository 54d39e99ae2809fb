"""The holder's history of reimbursements: what the health insurance paid for, by heading and period."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.claims.read_history import read_history
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.reimbursements import shown
from dmp.entrypoints.web.visit import Visit


async def reimbursements(visit: Visit) -> Response:
    """The history, filtered, grouped by month."""
    record_id = record_of(visit)
    asked, errors = shown.asked_of(visit)
    history = await visit.do(read_history, asked.request(record_id))
    return visit.render(
        "reimbursements/holder.html",
        "Remboursements",
        status=400 if errors else 200,
        record_id=record_id,
        shown=shown.shown_of(asked, history),
        words=shown,
        path=f"{home_of(record_id)}/remboursements",
        documents=f"{home_of(record_id)}/documents",
        errors=errors,
    )


PAGES = (
    Page(
        path="/espace/{record}/remboursements",
        view=reimbursements,
        authentication=Authentication.HOLDER,
        acts=(read_history,),
    ),
)
