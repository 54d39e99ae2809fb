"""What each role finds on its pages, and what is not in them at all."""

from __future__ import annotations

import re

import pytest

from tests.entrypoints.web.issuer import professional_claims
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_professional import found

ROLES = {
    "specialiste": ("810100000164", "10", "SM05", "SA07"),
    "infirmiere": ("810100000172", "60", "", "SA07"),
}


@pytest.fixture(autouse=True)
def known(site: Site) -> None:
    """A specialist and a nurse are known at their provider."""
    for key, (number, profession, know_how, sector) in ROLES.items():
        place = {
            "structure": "1750000168",
            "name": "Maison du Val",
            "profession": profession,
            "sector": sector,
        }
        if know_how:
            place |= {"know_how": know_how, "know_how_label": "Cardiologie"}
        site.professionals.people[key] = professional_claims(number, "Role", key.title(), place)


def reads(site: Site, who: str) -> tuple[Browser, str]:
    """A patient with a little of everything, whose record this role reads."""
    someone = Someone(site).opens()
    someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    someone.receives("Ordonnance", type_code="57833-6")
    someone.receives("Consultation", someone.note())
    browser = site.browser(who)
    path = found(browser, someone)
    browser.post(path + "/acces", {"raison": "present", "duree": "30"})
    return browser, path


def menu_of(page: str) -> list[str]:
    """The entries of the menu, as they are read."""
    menu = page.partition('<nav class="menu"')[2].partition("</nav>")[0]
    return [" ".join(words.split()) for words in re.findall(r"<a [^>]*>([^<]+)</a>", menu)]


@pytest.mark.parametrize(
    ("who", "offered", "not_offered"),
    [
        (
            "specialiste",
            {
                "Trouver un patient",
                "Synthèse",
                "Chronologie",
                "Problèmes",
                "Traitements",
                "Biologie",
                "Imagerie",
                "Vaccins",
                "Prévention",
                "Volontés",
                "Documents",
                "Mes accès",
            },
            {"Guichet"},
        ),
        ("infirmiere", {"Synthèse", "Mes accès"}, {"Guichet"}),
        (
            "pharmacienne",
            {"Synthèse", "Traitements", "Biologie", "Guichet"},
            {"Relevé des ouvertures"},
        ),
        (
            "opticien",
            {"Synthèse", "Mes accès"},
            {
                "Guichet",
                "Traitements",
                "Biologie",
                "Chronologie",
                "Problèmes",
                "Imagerie",
                "Vaccins",
                "Prévention",
                "Volontés",
                "Déclaré",
            },
        ),
    ],
)
def test_the_menu_offers_what_the_role_has(
    site: Site, who: str, offered: set[str], not_offered: set[str]
) -> None:
    browser, path = reads(site, who)
    answer = browser.get(path + "/synthese")
    assert answer.status_code == 200
    menu = set(menu_of(answer.text))
    assert offered <= menu
    assert not menu & not_offered


def test_a_pharmacist_sees_kidneys_and_critical_treatments_at_once(site: Site) -> None:
    browser, path = reads(site, "pharmacienne")
    page = browser.get(path + "/synthese").text
    shown = re.findall(r'<section class="zone zone-([a-z-]+)"', page)
    assert "rein-poids" in shown
    assert {"critiques", "traitements"} & set(shown)


def test_what_the_matrix_keeps_from_an_optician_is_not_in_his_pages(site: Site) -> None:
    browser, path = reads(site, "opticien")
    for end in ("/synthese", "/documents", "/faits", "/alertes", "/copier"):
        text = browser.get(path + end).text
        for absent in ("Ferritine", "Bilan sanguin", "zone-biologie", "Fatigue"):
            assert absent not in text, (end, absent)
    assert browser.get(path + "/recherche?mots=ferritine").text.count("Bilan sanguin") == 0


@pytest.mark.parametrize("who", ["specialiste", "infirmiere", "opticien"])
def test_no_role_of_care_reaches_the_counter(site: Site, who: str) -> None:
    browser = site.browser(who)
    for address in ("/guichet", "/guichet/releve", "/guichet/releve.csv"):
        assert browser.get(address).status_code == 403


def test_own_accesses_are_exported_and_only_ones_own(site: Site) -> None:
    browser, path = reads(site, "specialiste")
    browser.get(path + "/documents")
    assert "/mes-acces.csv" in browser.get(path + "/mes-acces").text
    sheet = browser.get(path + "/mes-acces.csv")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert "attachment" in sheet.headers["content-disposition"]
    lines = sheet.text.splitlines()
    assert lines[0].lstrip("\ufeff").startswith('"Date";"Heure";"Action"')
    assert len(lines) > 3
    assert "VASSEUR" not in sheet.text.upper()
    assert site.browser("opticien").get(path + "/mes-acces.csv").status_code == 404


def test_a_regulating_doctor_reaches_the_emergency_first_and_by_identity_too(site: Site) -> None:
    someone = Someone(site, birth_name="Samuvan", birth_place="76540").opens()
    browser = site.browser("regulatrice")
    home = browser.get("/pro").text
    first = home.index('formaction="/pro/regulation"')
    assert first < home.index("Chercher le dossier")
    assert "Accéder pour la régulation" not in site.browser("medecin").get("/pro/patients").text
    traits = {
        "nom": "Samuvan",
        "prenoms": someone.traits.first_given_name,
        "sexe": someone.traits.sex.value,
        "naissance": someone.traits.birth_date.isoformat(),
        "lieu": "76540",
        "regulation": "oui",
        "mission": "1234",
    }
    answer = browser.post("/pro/patients", traits)
    assert answer.url.path.endswith("/synthese") and "mission 1234" in answer.text
    doctor = site.browser("medecin").post("/pro/patients", traits)
    assert doctor.url.path.endswith("/acces"), "no other doctor regulates by a forged field"
