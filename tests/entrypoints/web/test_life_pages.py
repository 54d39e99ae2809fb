"""Closing, erasing, refusing: consequences first, a copy offered, a receipt to print, the way back."""

from __future__ import annotations

from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Site


def test_closing_offers_a_copy_then_a_receipt_and_the_way_back(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    page = browser.get(f"{someone.home}/cloture").text
    assert f"{someone.home}/telecharger" in page
    assert "proches aidants" in page
    closed = browser.post(f"{someone.home}/cloture", {"confirmation": "oui"})
    assert f"{someone.home}/recu" in closed.text
    assert f"{someone.home}/reouverture" in closed.text
    receipt = browser.get(f"{someone.home}/recu").text
    assert "Clôture du dossier" in receipt
    assert "Conservé jusqu’au" in receipt
    erased = browser.post(f"{someone.home}/suppression", {"confirmation": "oui"})
    assert "va être supprimé" in erased.text
    assert "Suppression au plus tard le" in browser.get(f"{someone.home}/recu").text


def test_who_refuses_prints_a_receipt_and_may_change_his_mind(site: Site) -> None:
    someone = Someone(site)
    browser = site.browser(someone.key)
    assert "Ce qui se passera" in browser.get("/espace/refuser").text
    refused = browser.post("/espace/refuser")
    assert "/recu" in refused.text
    path = next(part.split('"')[0] for part in refused.text.split('href="') if "/recu" in part[:80])
    assert "Opposition à l’ouverture" in browser.get(path).text
    other = Someone(site).opens()
    assert site.browser(other.key).get(path).status_code == 404
