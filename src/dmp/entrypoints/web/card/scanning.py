"""From the QR code of a card to the emergency access of its holder.

The public page says nothing of anybody, whatever the number: it is not even looked up. The number goes on in a
cookie of a few minutes, through the login, to the professional's page, where it is used once in a form.
"""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import Response

from dmp.acts.card.come_by_card import ComeByCard, come_by_card
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.login.attempts import Attempts
from dmp.entrypoints.web.options import WebOptions
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.professional.patient import path_of, reference_to
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal

LONGEST = 40
KEPT_SECONDS = 600
_TOO_OFTEN = "Trop de numéros ont été essayés. Attendez un quart d’heure, ou cherchez par l’INS."
attempts = Attempts(kind="card", most_of_one=10, most_of_all=300, within=timedelta(minutes=15))
"""Numbers that led nowhere."""


def cookie_name(options: WebOptions) -> str:
    """Name of the cookie that carries the number through the login."""
    return "__Host-dmp-carte" if options.is_secure else "dmp-carte"


async def scanned(visit: Visit) -> Response:
    """The neutral page of whoever scans a card: help first, then the way of a professional."""
    if visit.request.method != "POST":
        return visit.render("card/scanned.html", "Carte d’urgence")
    number = "".join(c for c in visit.form.text("code") if c.isascii() and c.isalnum())[:LONGEST]
    response = visit.go_to("/pro/carte")
    response.set_cookie(
        cookie_name(visit.options),
        number,
        max_age=KEPT_SECONDS,
        path="/",
        secure=visit.options.is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


async def come(visit: Visit) -> Response:
    """The professional's page: the number of the card, then the emergency of its holder."""
    errors: dict[str, str] = {}
    status = 200
    name = cookie_name(visit.options)
    number = visit.request.cookies.get(name, "")[:LONGEST]
    if visit.request.method == "POST":
        number = visit.form.text("code")[:LONGEST]
        if not await attempts.may_try(visit.door.keeper, visit.caller.id, visit.now):
            errors["code"], status = _TOO_OFTEN, 429
        elif not number:
            errors["code"], status = "Écrivez le numéro de la carte.", 400
        else:
            try:
                ins = await visit.do(come_by_card, ComeByCard(number=number))
            except Refused as refused:
                if refused.reason is not Reason.CARD_UNKNOWN:
                    raise
                await attempts.failed(visit.door.keeper, visit.caller.id, visit.now)
                errors["code"], status = refusal(refused), 400
            else:
                response = visit.go_to(f"{path_of(reference_to(visit, ins))}/urgence")
                response.delete_cookie(name, path="/")
                return response
    return visit.render(
        "card/come.html",
        "Carte d’urgence d’un patient",
        status=status,
        number=number,
        errors=errors,
    )


PAGES = (
    Page(path="/carte", view=scanned, authentication=Authentication.NONE),
    Page(
        path="/carte",
        view=scanned,
        authentication=Authentication.NONE,
        method="POST",
        needs_token=False,
    ),
    *form_page("/pro/carte", come, Authentication.PROFESSIONAL, come_by_card),
)
