"""Emergency and secret session in a real browser: accessible, in sight, and ended without JavaScript."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Entered
from tests.browser.looking import structure, violations
from tests.browser.stops import reference
from tests.entrypoints.web.people import OPTICIAN, Someone
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser

NARROW: dict[str, Any] = {"viewport": {"width": 320, "height": 640}}
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}


def in_emergency(site: Site, page: Page) -> str:
    """State an emergency by the form, as people do; returns the address of the patient."""
    someone = Someone(site).opens()
    someone.receives("Ordonnance", type_code="57833-6", by=OPTICIAN)
    path = reference(site.browser("medecin"), someone)
    page.goto(path)
    page.get_by_role("link", name="Accès en urgence").click()
    page.get_by_label("Autre motif").check()
    page.get_by_label("Précision").fill("Malaise sur la voie publique")
    page.get_by_role("button", name="Accéder en urgence").click()
    return path


def wrong_on(page: Page, width: int) -> list[str]:
    """What is not accessible, or too wide."""
    found = violations(page)
    seen = structure(page)
    if seen["width"] > width:
        found.append(f"{seen['width']} pixels wide")
    return [*found, *(f"small target: {text}" for text in seen["small"])]


@pytest.mark.parametrize("options", [NARROW, WIDE], ids=["narrow", "wide"])
def test_the_bands_are_accessible_and_stay_in_sight(
    entered: Entered, site: Site, options: dict[str, Any]
) -> None:
    page = entered("medecin", **options).new_page()
    path = in_emergency(site, page)
    width = options["viewport"]["width"]
    assert wrong_on(page, width) == []
    page.get_by_role("link", name="Ordonnance").first.click()
    assert wrong_on(page, width) == []
    page.mouse.wheel(0, 2000)
    band = page.get_by_role("region", name="Accès en urgence")
    assert "Malaise sur la voie publique" in band.inner_text()
    box = band.bounding_box()
    assert box is not None and box["y"] >= 0 and box["height"] < 200
    assert page.goto(path) is not None
    page.get_by_role("button", name="Terminer l’accès").click()
    assert page.get_by_text("L’accès en urgence est terminé").is_visible()


def test_a_regulating_doctor_needs_no_script(entered: Entered, site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Ordonnance", type_code="57833-6", by=OPTICIAN)
    page = entered("regulatrice", java_script_enabled=False, **NARROW).new_page()
    page.goto("/pro")
    page.get_by_label("Matricule INS").fill(someone.ins.matricule)
    page.get_by_role("button", name="régulation du SAMU").click()
    assert page.get_by_text("Ordonnance").first.is_visible()
    page.get_by_role("button", name="Terminer l’accès").click()
    assert page.get_by_text("L’accès en urgence est terminé").is_visible()


def test_a_secret_session_is_seen_on_every_page(entered: Entered, site: Site) -> None:
    minor = Someone(site, birth_date=datetime.now(UTC).date() - timedelta(days=5500)).opens()
    page = entered("medecin", **NARROW).new_page()
    page.goto(reference(site.browser("medecin"), minor))
    page.get_by_role("link", name="passer en connexion secrète").click()
    page.get_by_role("button", name="Passer en connexion secrète").click()
    assert page.get_by_role("region", name="Connexion secrète").is_visible()
    assert wrong_on(page, 320) == []
    page.get_by_role("button", name="Quitter la connexion secrète").click()
    assert page.get_by_text("La connexion secrète est terminée").is_visible()


def test_the_number_of_a_colleague_is_asked_when_he_is_chosen(entered: Entered, site: Site) -> None:
    someone = Someone(site).opens()
    page = entered("medecin").new_page()
    page.goto(reference(site.browser("medecin"), someone))
    number = page.get_by_label("Son numéro RPPS", exact=True)
    assert not number.is_visible()
    page.get_by_label("Pour un autre professionnel").check()
    assert number.is_visible()
