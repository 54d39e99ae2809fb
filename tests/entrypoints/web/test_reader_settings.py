"""How a professional wants his pages: kept for him alone, in force at every login; and his own accesses."""

from __future__ import annotations

import re

from dmp.acts.sharing.withdraw_consent import WithdrawConsent, withdraw_consent
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_professional import found

SETTINGS, OWN = "/pro/parametres", "/pro/mes-acces"


def keeps(browser: Browser, fields: dict[str, object]) -> str:
    """Send the form of the settings."""
    return browser.post(SETTINGS + "/lecture", fields, page=SETTINGS).text


def test_settings_follow_their_reader_and_nobody_else(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    someone.receives("Bilan", someone.laboratory(), "11502-2")
    browser = site.browser("medecin")
    path = found(browser, someone)
    assert "data-shortcuts" in browser.get("/pro").text
    said = keeps(browser, {"densite": "confort", "favoris": ["tsh", "hba1c"]})
    assert "Vos réglages sont enregistrés" in said
    again = site.browser("medecin")
    sheet = again.get(path + "/synthese").text
    assert 'data-sheet="confort"' in sheet and "data-shortcuts" not in sheet
    settings = again.get(SETTINGS).text
    assert re.search(r'value="hba1c" checked', settings) and re.search(
        r'value="confort" checked', settings
    )
    other = site.browser("remplacante")
    other.post("/pro/situation", {"lieu": "0"})
    assert "data-sheet" not in other.get("/pro").text
    keeps(again, {"densite": "dense", "raccourcis": "oui"})
    assert 'class="compact flat dense"' in site.browser("medecin").get(path + "/synthese").text
    keeps(again, {"densite": "selon-ecran", "raccourcis": "oui"})


def test_favourites_come_after_what_is_out_of_range(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    someone.receives("Bilan", someone.laboratory(), "11502-2")
    browser = site.browser("medecin")
    keeps(browser, {"favoris": ["haemoglobin"], "raccourcis": "oui"})
    page = browser.get(found(browser, someone) + "/synthese").text
    assert 0 < page.index("Ferritine") < page.index("Hémoglobine")
    many = ["hba1c", "gfr", "potassium", "ldl", "haemoglobin", "tsh", "glucose", "inr", "urea"]
    refused = browser.post(SETTINGS + "/lecture", {"favoris": many}, page=SETTINGS)
    assert refused.status_code == 400 and "Choisissez 8 analyses au plus" in refused.text
    assert refused.text.count("checked") >= len(many)
    keeps(browser, {"raccourcis": "oui"})


def test_who_only_deposits_has_no_settings_of_reading(site: Site) -> None:
    browser = site.browser("secretaire")
    page = browser.get(SETTINGS).text
    assert "Analyses favorites" not in page and "Code de déverrouillage" in page
    assert browser.post(SETTINGS + "/lecture", {}, page=SETTINGS).status_code == 403
    assert browser.get(OWN).status_code == 403


def test_own_accesses_over_all_patients_name_those_who_are_open_now(site: Site) -> None:
    one = Someone(site, birth_name="Vulcain").opens().agrees(DOCTOR)
    two = Someone(site, birth_name="Wagner").opens().agrees(DOCTOR)
    gone = Someone(site, birth_name="Xerxes").opens().agrees(DOCTOR)
    one.receives("Titre tout à fait secret")
    browser = site.browser("medecin")
    for someone in (one, two, gone):
        browser.get(found(browser, someone))
    page = browser.get(OWN).text
    assert all(name in page for name in ("VULCAIN", "WAGNER", "XERXES"))
    assert "Titre tout à fait secret" not in page and one.ins.matricule not in page
    assert two.record is not None
    withdrawal = WithdrawConsent(record_id=two.record.record_id, grantee_id=DOCTOR.id_nat)
    site.do(withdraw_consent, withdrawal, two.caller)
    gone.blocks(DOCTOR)
    page = browser.get(OWN).text
    assert "VULCAIN" in page and "WAGNER" not in page and "XERXES" not in page
    assert "Dossier qui ne vous est plus ouvert" in page
    sheet = browser.get(OWN + ".csv").text
    assert "VULCAIN" in sheet and "WAGNER" not in sheet and "Titre" not in sheet
    other = site.browser("opticien").get(OWN).text
    assert "VULCAIN" not in other


def test_an_emergency_stands_in_the_list_and_filters_find_it(site: Site) -> None:
    someone = Someone(site, birth_name="Yersin").opens()
    browser = site.browser("medecin")
    path = found(browser, someone).removesuffix("/acces")
    browser.post(path + "/urgence", {"motif": "pronostic-vital"})
    page = browser.get(OWN + "?quoi=urgences").text
    assert "Dossier qui ne vous est plus ouvert" in page and "YERSIN" not in page
    assert browser.get(OWN + "?du=demain").status_code == 400
    assert "Aucun accès ne correspond" in browser.get(OWN + "?du=2099-01-01").text
    assert browser.get(OWN + "?apres=rien").status_code == 400


def test_the_list_goes_on_page_by_page_without_repeating(site: Site) -> None:
    someone = Someone(site, birth_name="Zephyr").opens().agrees(DOCTOR)
    browser = site.browser("medecin")
    path = found(browser, someone)
    browser.get(path)
    for _ in range(30):
        browser.get(path + "/documents?categorie=DEPISTAG")
    first = browser.get(OWN + "?quoi=consultations").text
    assert first.count('class="number soft"') == 25
    after = re.findall(r'href="(/pro/mes-acces\?[^"]*apres=[^"]+)"', first)[0].replace("&amp;", "&")
    second = browser.get(after).text
    assert second.count('class="number soft"') > 0 and "Revenir aux plus récents" in second


def test_the_first_page_counts_the_corrections_that_wait(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    entry = someone.receives("Ordonnance")
    address = f"{someone.home}/documents/{entry.document_id}/corriger"
    site.browser(someone.key).post(address, {"texte": "Ce n’est pas mon genou."})
    home = site.browser("medecin").get("/pro").text
    assert "Corrections à répondre" in home and "votre réponse" in home
    menu = home.partition("Menu professionnel")[2].partition("</nav>")[0]
    for path in ("/pro/corrections", OWN, SETTINGS, "/aide"):
        assert f'href="{path}"' in menu
