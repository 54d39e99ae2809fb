"""How the pages look and in which language they speak: the page of choices, and the switch of every foot."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.routing import Match

from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.preferences import CHOICES, COOKIE, KEPT, Preferences
from dmp.entrypoints.web.visit import Visit, is_ours
from dmp.locale import LANGUAGES, speak

FIELDS = {
    "language": "langue",
    "size": "lettres",
    "theme": "couleurs",
    "contrast": "contraste",
    "density": "densite",
}
"""The field of the form for each choice."""

LABELS = {
    "size": {
        "normale": "Normales",
        "grande": "Grandes",
        "tres-grande": "Très grandes",
    },
    "theme": {
        "auto": "Comme sur mon appareil",
        "clair": "Claires",
        "sombre": "Sombres",
    },
    "contrast": {
        "auto": "Comme sur mon appareil",
        "fort": "Fort",
    },
    "density": {
        "confort": "Aérée",
        "dense": "Serrée, pour voir davantage d’un coup d’œil",
    },
}


async def preferences(visit: Visit) -> Response:
    """Choose how pages look; tried without being kept, or kept."""
    if visit.request.method == "POST":
        given = {name: visit.form.text(field) for name, field in FIELDS.items()}
        wanted = visit.preferences.with_choices(given)
        if visit.form.text("action") != "essayer":
            return kept(visit, wanted, "/preferences?enregistre=oui")
        visit.preferences = wanted
    with speak(visit.preferences.language):
        return visit.render(
            "doorstep/preferences.html",
            "Affichage et langue",
            fields=FIELDS,
            choices=CHOICES,
            labels=LABELS,
            chosen=visit.preferences,
            is_tried=visit.request.method == "POST",
        )


async def language(visit: Visit) -> Response:
    """Change the language where one is; sent by the foot of every page."""
    wanted = visit.form.text("langue")
    if wanted not in LANGUAGES:
        return visit.go_to("/preferences")
    chosen = visit.preferences.with_choices({"language": wanted})
    return kept(visit, chosen, came_from(visit))


def came_from(visit: Visit) -> str:
    """The page whose foot sent the form, as the browser says it; the choices when it does not say.

    The address stands in no page, so that pages which must look alike stay alike.
    """
    said = urlsplit(visit.request.headers.get("referer", ""))
    address = f"{said.path}?{said.query}" if said.query else said.path
    if f"{said.scheme}://{said.netloc}" != visit.options.origin or not is_ours(address):
        return "/preferences"
    scope = {"type": "http", "method": "GET", "path": said.path, "root_path": "", "headers": []}
    opens = any(route.matches(scope)[0] is Match.FULL for route in visit.door.routes())
    return address if opens else "/preferences"


def kept(visit: Visit, chosen: Preferences, address: str) -> Response:
    """Keep choices in the browser and lead on."""
    response = visit.go_to(address)
    response.set_cookie(
        COOKIE,
        chosen.written(),
        max_age=int(KEPT.total_seconds()),
        path="/",
        secure=visit.options.is_secure,
        httponly=True,
        samesite="lax",
    )
    return response


_NONE = Authentication.NONE
PAGES = (
    Page(path="/preferences", view=preferences, authentication=_NONE),
    Page(
        path="/preferences",
        view=preferences,
        authentication=_NONE,
        method="POST",
        needs_token=False,
    ),
    Page(
        path="/preferences/langue",
        view=language,
        authentication=_NONE,
        method="POST",
        needs_token=False,
    ),
)
