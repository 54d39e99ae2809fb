"""States that every page may be in: maintenance, an error with its reference, a demonstration or none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
from starlette.applications import Starlette

from dmp.entrypoints.web.options import Maintenance
from dmp.entrypoints.web.pages import web_door
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import PERSONAS, Site, options_for


def asked(site: Site, path: str, **changes: Any) -> httpx.Response:
    """What a door with other options answers."""
    door = web_door(site.house, site.store.sessions, options_for(site.address, **changes))

    async def ask() -> httpx.Response:
        app = Starlette(routes=door.routes(), exception_handlers={404: door.not_found})
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=site.address) as client:
            return await client.get(path)

    return site.call(ask)


def test_under_maintenance_every_page_says_until_when_and_whom_to_call(site: Site) -> None:
    until = datetime(2026, 3, 4, 13, 30, tzinfo=UTC)
    for path in ("/", "/connexion", "/espace", "/pro", "/guichet", "/nulle-part"):
        answer = asked(site, path, maintenance=lambda: Maintenance(until=until))
        assert answer.status_code == 503 and answer.headers["retry-after"] == "120"
        assert answer.headers["cache-control"] == "no-store"
        assert "Retour prévu : 4 mars 2026 à 14:30" in answer.text.replace("\u00a0", " ")
        assert "01 99 00 12 34" in answer.text and "appelez le 15" in answer.text
    unknown = asked(site, "/", maintenance=Maintenance)
    assert "Revenez dans un moment." in unknown.text


def test_a_fault_is_told_with_a_reference_and_the_help_desk(site: Site) -> None:
    def broken() -> None:
        raise RuntimeError("a secret of somebody")

    someone = Someone(site).opens()
    token = site.browser(someone.key).http.cookies["dmp"]
    with site.client(token) as client:
        kept, site.house.new_uuid = site.house.new_uuid, broken  # type: ignore[method-assign, assignment]
        try:
            answer = client.get(f"{someone.home}/documents")
        finally:
            site.house.new_uuid = kept  # type: ignore[method-assign]
    assert answer.status_code == 500
    assert "Référence de cette page" in answer.text and "01 99 00 12 34" in answer.text
    assert "secret" not in answer.text


def test_the_page_of_the_demonstration_leads_in_as_each_and_is_nowhere_else(site: Site) -> None:
    page = asked(site, "/demo").text
    for persona in PERSONAS:
        assert f"aller?comme={persona.key}" in page and f"Entrer comme {persona.name}" in page
    assert 'href="/demo"' in asked(site, "/").text
    assert asked(site, "/demo", personas=()).status_code == 404
    assert 'href="/demo"' not in asked(site, "/", personas=()).text


def test_a_hint_of_whom_one_wants_to_be_leaves_a_demonstration_only(site: Site) -> None:
    with site.client() as client:
        led = client.get("/connexion/aller?comme=holder-essai").headers["location"]
    assert "login_hint=holder-essai" in led
    assert "login_hint" not in str(
        asked(site, "/connexion/aller?comme=x", personas=()).headers.get("location", "")
    )
