"""Whole journeys: without JavaScript, on a small screen, by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Entered
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 640}


def test_she_masks_a_document_without_javascript_on_a_small_screen(
    entered: Entered, site: Site
) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    someone.receives("Suivi psychiatrique")
    page = entered(viewport=SMALL, java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_role("link", name="Espace patient").click()
    page.get_by_role("link", name="S’identifier").click()
    page.get_by_role("link", name=someone.key).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Camille")
    page.get_by_role("link", name="Suivi psychiatrique").click()
    page.get_by_role("link", name="Qui verra ce document ?").click()
    page.get_by_role("button", name="Masquer ce document").click()
    expect(page.get_by_role("status")).to_contain_text("Document masqué.")
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("status")).to_contain_text("tout est comme avant")


def test_a_doctor_opens_a_record_and_deposits_without_javascript(
    entered: Entered, site: Site, tmp_path: Path
) -> None:
    someone = Someone(site).opens()
    file = tmp_path / "compte rendu.pdf"
    file.write_bytes(someone.pdf("Consultation"))
    page = entered("medecin", java_script_enabled=False).new_page()
    page.goto("/pro")
    page.get_by_label("Matricule INS").fill(someone.ins.grouped)
    page.get_by_role("button", name="Chercher le dossier").click()
    page.get_by_label("Le patient est présent et d’accord").check()
    page.get_by_role("button", name="Ouvrir le dossier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Synthèse")
    expect(page.get_by_text("Aucun problème transmis")).to_be_visible()
    page.get_by_role("link", name="Déposer", exact=True).click()
    page.get_by_label("Type de document").select_option(
        label="CR ou fiche de consultation ou de visite"
    )
    page.get_by_role("button", name="Déposer le document").click()
    expect(page.get_by_role("alert").first).to_contain_text("erreurs à corriger")
    expect(page.get_by_label("Type de document")).to_have_value("11488-4")
    page.get_by_label("Titre").fill("Consultation")
    page.get_by_label("Visible par le patient et par les professionnels").check()
    page.get_by_label("Fichier PDF").set_input_files(file)
    page.get_by_role("button", name="Déposer le document").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Document déposé")


def test_an_agent_opens_a_record_without_javascript(entered: Entered, site: Site) -> None:
    someone = Someone(site, birth_name="Sansscript")
    page = entered("agent", java_script_enabled=False).new_page()
    page.goto("/guichet")
    page.get_by_role("link", name="Nouvelle personne").last.click()
    page.get_by_label("Carte nationale d’identité").check()
    page.get_by_label("Matricule INS").fill(someone.ins.matricule)
    page.get_by_label("Nom de naissance").fill("Sansscript")
    page.get_by_label("Prénoms de naissance").fill("Camille Jeanne")
    page.get_by_label("Féminin").check()
    page.get_by_label("Date de naissance").fill("1971-02-03")
    page.get_by_role("button", name="Vérifier l’identité").click()
    page.get_by_label("J’ai donné ces informations").check()
    page.get_by_label("Accord donné de vive voix").check()
    page.get_by_role("button", name="Ouvrir le dossier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dossier ouvert")
    expect(page.get_by_role("heading", name="Votre code", exact=True)).to_be_visible()


def _focused(page: Page) -> str:
    text = page.evaluate("(document.activeElement.textContent || '').trim().replace(/\\s+/g, ' ')")
    return str(text)


def _tab_to(page: Page, name: str, most: int = 40) -> int:
    for pressed in range(1, most + 1):
        page.keyboard.press("Tab")
        if _focused(page).startswith(name):
            return pressed
    raise AssertionError(f"{name!r} is not reached in {most} presses of Tab")


def test_a_document_is_opened_and_left_by_keyboard(entered: Entered, site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    page = entered(someone.key).new_page()
    page.goto(someone.home)
    page.keyboard.press("Tab")
    assert _focused(page) == "Aller au contenu"
    page.keyboard.press("Enter")
    assert _tab_to(page, "Bilan sanguin") <= 3
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bilan sanguin")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    _tab_to(page, "← Tous les documents", 2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Documents")


def test_on_a_shared_device_the_box_changes_the_button(entered: Entered) -> None:
    page = entered(java_script_enabled=False).new_page()
    page.goto("/connexion")
    usual = page.get_by_role("link", name="S’identifier", exact=True)
    shared = page.get_by_role("link", name="S’identifier sur cet appareil partagé")
    expect(usual).to_be_visible()
    expect(shared).to_be_hidden()
    page.get_by_label("Appareil partagé").check()
    expect(usual).to_be_hidden()
    expect(shared).to_have_attribute("href", "/connexion/aller?partage=oui")
    expect(shared).to_be_visible()


def test_the_summary_of_errors_has_the_focus(entered: Entered, site: Site) -> None:
    page = entered("medecin").new_page()
    page.goto("/pro")
    page.get_by_role("button", name="Chercher le dossier").click()
    expect(page.get_by_role("alert").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "ins"


def test_one_is_warned_before_the_session_ends_and_may_stay(entered: Entered, site: Site) -> None:
    someone = Someone(site).opens()
    page = entered(someone.key).new_page()
    page.clock.install()
    page.goto(someone.home)
    timer = page.locator("#timer")
    expect(timer).to_be_hidden()
    page.clock.fast_forward(13 * 60 * 1000 + 1000)
    expect(timer).to_be_visible()
    page.get_by_role("button", name="Rester connecté").click()
    expect(timer).to_be_hidden()


def test_a_receipt_prints_on_one_sheet_without_the_menus(entered: Entered, site: Site) -> None:
    page = entered().new_page()
    page.goto("/accessibilite")
    page.emulate_media(media="print")
    expect(page.locator(".foot")).to_be_hidden()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
