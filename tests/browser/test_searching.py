"""The search inside documents, as people use it: on a small screen, without JavaScript, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Entered
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 640}


@pytest.mark.parametrize("typed", ["ferritine 2024", "feritine"])
def test_she_finds_her_ferritin_of_2024_on_her_phone(
    entered: Entered, site: Site, typed: str
) -> None:
    """« Retrouvez votre ferritine de 2024. » Two interactions besides typing: the menu, the key Enter."""
    someone = Someone(site).opens()
    someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    someone.receives(
        "Bilan de 2024", someone.pdf("Bilan", "Ferritine 45 µg/L, le 12/03/2024"), "11502-2"
    )
    for number in range(30):
        someone.receives(f"Consultation {number}")
    page = entered(someone.key, viewport=SMALL, java_script_enabled=False).new_page()
    page.goto(someone.home)
    page.get_by_role("link", name="Documents", exact=True).click()
    field = page.get_by_label("Rechercher dans les documents")
    field.fill(typed)
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recherche dans les documents")
    expect(page.get_by_text("45 µg/L, le 12/03/2024")).to_be_visible()
    expect(page.get_by_label("Mots à trouver")).to_have_value(typed)
    assert page.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_a_doctor_searches_by_keyboard_and_comes_back(entered: Entered, site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    path = site.browser("medecin").post(
        "/pro", {"ins": someone.ins.matricule}, follow_redirects=False
    )
    page = entered("medecin", viewport={"width": 1366, "height": 768}).new_page()
    page.goto(path.headers["location"] + "/recherche")
    field = page.get_by_label("Mots à trouver")
    field.focus()
    page.keyboard.type("fer sérique")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Essayé aussi : ferritine")).to_be_visible()
    result = page.get_by_role("link", name="Bilan sanguin")
    result.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bilan sanguin")
    page.go_back()
    expect(page.get_by_label("Mots à trouver")).to_have_value("fer sérique")
