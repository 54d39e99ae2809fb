"""What a public service says about itself: legal notice, personal data, map of the site, its state."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.doorstep.help.topics import TOPICS
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.visit import Visit


async def legal_notice(visit: Visit) -> Response:
    """Who publishes, under which licence."""
    return visit.render("doorstep/legal.html", "Mentions légales")


async def personal_data(visit: Visit) -> Response:
    """What is kept about people, why, how long, and their rights."""
    return visit.render("doorstep/personal_data.html", "Données personnelles")


async def site_map(visit: Visit) -> Response:
    """Every page that can be reached without a record, and what the spaces hold."""
    return visit.render("doorstep/site_map.html", "Plan du site", topics=TOPICS)


async def demonstration(visit: Visit) -> Response:
    """Whom one can be, where everybody is invented; elsewhere there is no such page."""
    people = visit.options.personas
    if not people:
        raise Refused(Reason.ADDRESS_UNKNOWN)
    return visit.render(
        "doorstep/demonstration.html",
        "Mode démonstration",
        faces=[
            (face, heading, [one for one in people if one.face == face])
            for face, heading in _FACES.items()
        ],
    )


async def state_of_service(visit: Visit) -> Response:
    """What works at this moment: the pages, the storage, the ways to log in."""
    # An unknown session is asked for: the answer proves that the storage is there.
    await visit.door.sessions.load(secrets.token_urlsafe(32), visit.now)
    return visit.render(
        "doorstep/state.html",
        "État du service",
        holders=visit.door.holders is not None,
        professionals=visit.door.professionals is not None,
    )


_FACES = {
    "holder": "Patients",
    "professional": "Professionnels de santé",
    "desk": "Guichet de l’assurance maladie",
}
_NONE = Authentication.NONE
PAGES = (
    Page(path="/mentions-legales", view=legal_notice, authentication=_NONE),
    Page(path="/donnees-personnelles", view=personal_data, authentication=_NONE),
    Page(path="/plan-du-site", view=site_map, authentication=_NONE),
    Page(path="/demo", view=demonstration, authentication=_NONE),
    Page(path="/etat-du-service", view=state_of_service, authentication=_NONE),
)
