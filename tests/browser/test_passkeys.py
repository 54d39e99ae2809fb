"""In Chromium: a passkey of a virtual device, what the service worker keeps, the card that opens offline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Entered
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser

_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
_CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""


@pytest.fixture
def local(site: Site) -> Iterator[str]:
    """The site under the name that browsers take for a passkey; an address of numbers is none."""
    usual = site.door.options
    address = site.address.replace("127.0.0.1", "localhost")
    site.door.options = replace(usual, base_url=address)
    yield address
    site.door.options = usual


def at(entered: Entered, local: str, site: Site, person: str) -> BrowserContext:
    """A context of somebody who is logged in, under the local name."""
    context = entered()
    token = site.browser(person).http.cookies["dmp"]
    context.add_cookies([{"name": "dmp", "value": token, "url": local}])
    return context


def with_device(page: Page) -> None:
    """The page's machine unlocks by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})


def complaints(page: Page) -> list[str]:
    """What the browser complains of, as it comes: the policy above all.

    That a transition between two pages was cut off by going on to a third one is no fault of a page.
    """
    found: list[str] = []

    def fault(error: object) -> None:
        if "ViewTransition" not in str(error):
            found.append(str(error))

    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("pageerror", fault)
    return found


def test_a_passkey_is_added_and_opens(entered: Entered, local: str, site: Site) -> None:
    someone = Someone(site).opens()
    page = at(entered, local, site, someone.key).new_page()
    with_device(page)
    wrong = complaints(page)
    page.goto(f"{local}{someone.home}/compte")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Nom de la clé").fill("Téléphone d’essai")
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.get_by_text("La clé d’accès est ajoutée")).to_be_visible()
    expect(page.get_by_role("button", name="Retirer Téléphone d’essai")).to_be_visible()
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto(f"{local}/connexion")
    page.get_by_role("link", name="Se connecter avec ce téléphone").click()
    page.get_by_role("button", name="Se connecter avec ce téléphone").click()
    page.wait_for_url(f"**{someone.home}")
    assert wrong == []


def test_a_professional_unlocks_with_a_passkey(entered: Entered, local: str, site: Site) -> None:
    page = at(entered, local, site, "opticien").new_page()
    with_device(page)
    page.goto(f"{local}/pro/parametres")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.get_by_text("La clé d’accès est ajoutée")).to_be_visible()
    page.get_by_role("button", name="Verrouiller").click()
    expect(page.get_by_role("heading", name="Session verrouillée")).to_be_visible()
    page.get_by_role("button", name="Déverrouiller avec une clé d’accès").click()
    page.wait_for_url(f"{local}/pro/parametres")
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_text("n’ouvre plus rien")).to_be_visible()


def worker_is_ready(page: Page, local: str) -> None:
    """The service worker was installed by a page that brings it."""
    page.goto(f"{local}/hors-ligne")
    page.evaluate("async () => { await navigator.serviceWorker.ready; }")


def test_the_worker_keeps_no_page_of_anybody(entered: Entered, local: str, site: Site) -> None:
    someone = Someone(site, birth_name="Gardenon").opens().agrees(DOCTOR)
    page = at(entered, local, site, someone.key).new_page()
    wrong = complaints(page)
    worker_is_ready(page, local)
    for path in ("", "/documents", "/compte", "/carte-urgence/contenu", "/profil"):
        assert page.goto(f"{local}{someone.home}{path}").ok  # type: ignore[union-attr]  # it answers
    page.goto(f"{local}{someone.home}")
    kept: dict[str, Any] = page.evaluate(_CACHED)
    names = {address.rpartition("/")[2] for address in kept}
    assert names == {"hors-ligne", "dmp.css", "dmp.js", "appareil.js", "icon.svg"}
    assert all("GARDENON" not in text and "Gardenon" not in text for text in kept.values())
    assert 'name="jeton"' not in kept["/hors-ligne"]
    assert wrong == []


def test_the_card_opens_offline_with_its_code_and_goes_with_the_logout(
    entered: Entered, local: str, site: Site
) -> None:
    someone = Someone(site).opens()
    context = at(entered, local, site, someone.key)
    page = context.new_page()
    worker_is_ready(page, local)
    page.goto(f"{local}{someone.home}/carte-urgence")
    page.get_by_label("Code de la carte").fill("73519284")
    page.get_by_label("Le même code, une seconde fois").fill("73519284")
    page.get_by_role("button", name="Garder la carte sur cet appareil").click()
    expect(page.get_by_text("La carte est gardée.")).to_be_visible(timeout=20_000)
    context.set_offline(True)
    page.goto(f"{local}{someone.home}")
    expect(page.get_by_role("heading", name="Hors connexion")).to_be_visible()
    year = str(someone.traits.birth_date.year)
    expect(page.locator("[data-card-text]")).not_to_contain_text(year)
    page.get_by_label("Code de la carte").fill("00000000")
    page.get_by_role("button", name="Ouvrir la carte").click()
    expect(page.get_by_text("Ce code n’ouvre pas la carte")).to_be_visible(timeout=20_000)
    page.get_by_label("Code de la carte").fill("73519284")
    page.get_by_role("button", name="Ouvrir la carte").click()
    expect(page.locator("[data-card-text]")).to_contain_text(year, timeout=20_000)
    context.set_offline(False)
    page.goto(f"{local}{someone.home}")
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**deconnexion=oui")
    page.goto(f"{local}/hors-ligne")
    page.wait_for_timeout(500)  # a card that were there would be shown by now
    expect(page.get_by_role("button", name="Ouvrir la carte")).to_be_hidden()
