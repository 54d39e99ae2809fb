"""The synthesis in a real browser: all of it in sight, accessible in every dress, whole without JavaScript."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from dmp.acts.synthesis import read_synthesis
from tests.browser.conftest import Entered
from tests.browser.looking import COLOURS, CROSSED, DRESSES, Checker, dress, structure
from tests.browser.stops import reference
from tests.builders.synthesis import a_synthesis
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser

LAPTOP: ViewportSize = {"width": 1366, "height": 768}
CHART = (
    "chronologie?ans=20", "problemes", "biologie", "biologie/2823-3", "imagerie", "vaccinations",
    "prevention", "volontes",
)  # fmt: skip
OVERFLOW = """() => ({
  high: document.documentElement.scrollHeight - innerHeight,
  wide: document.documentElement.scrollWidth - innerWidth,
})"""


@pytest.fixture(autouse=True)
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every record holds more than the page has room for."""
    monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: a_synthesis())


def patient_of(site: Site, person: str = "medecin") -> tuple[Someone, str]:
    """Somebody open to this professional, and the address of her pages."""
    someone = Someone(
        site, birth_name="Durand", given_names="Jeanne", birth_date=date(1951, 3, 14)
    ).opens()
    someone.declares(DOCTOR)
    browser = site.browser(person)
    path = reference(browser, someone)
    if person != "medecin":
        browser.post(path + "/acces", {"raison": "present", "duree": "30"})
    return someone, path


@pytest.mark.parametrize("person", ["medecin", "pharmacienne", "opticien"])
@pytest.mark.parametrize("density", ["confort", "dense"])
def test_the_whole_page_is_in_sight_on_a_laptop(
    entered: Entered, site: Site, person: str, density: str
) -> None:
    _, path = patient_of(site, person)
    page = entered(person, viewport=LAPTOP).new_page()
    page.goto(f"{path}/synthese?affichage={density}")
    assert page.evaluate(OVERFLOW) == {"high": 0, "wide": 0}
    expect(page.get_by_text("Un dossier partagé peut être incomplet.")).to_be_in_viewport()


def test_the_demonstration_band_still_leaves_the_page_in_sight(
    entered: Entered, site: Site
) -> None:
    _, path = patient_of(site)
    page = entered("medecin", viewport=LAPTOP).new_page()
    page.goto(f"{path}/synthese")
    band = """() => { const band = document.createElement('div');
      band.className = 'demo'; const line = document.createElement('div');
      line.className = 'width'; line.textContent = 'Démonstration : toutes les données sont fictives.';
      band.append(line); document.querySelector('.band').after(band); }"""
    page.evaluate(band)
    assert page.evaluate(OVERFLOW)["high"] == 0


def test_nothing_is_inaccessible_when_it_is_full(entered: Entered, site: Site) -> None:
    someone, path = patient_of(site)
    found = []
    ends = ("synthese", "alertes", "faits", "traitements", "vsm", *CHART)
    for person, home, pages in (
        ("medecin", path, ends),
        (someone.key, someone.home, ("ma-sante", "resultats", "traitements")),
    ):
        page = entered(person, reduced_motion="reduce").new_page()
        checker = Checker(page)
        for end in pages:
            page.goto(f"{home}/{end}")
            checker.unfold()
            for scheme, size in CROSSED:
                dress(page, scheme, size)
                wrong = checker.violations("rule", COLOURS)
                found += [f"{end}, {scheme}: {one}" for one in wrong]
            for scheme, size in DRESSES:
                dress(page, scheme, size)
                found += [f"{end}, {scheme}: {one}" for one in checker.violations()]
                seen = structure(page)
                assert seen["width"] <= size["width"], end
                assert seen["twice"] == [], end
                assert not seen["unlabelled"] and not seen["bare"], end
                if size["width"] == 320:
                    assert seen["small"] == [], end
    assert not found, "\n".join(found)


def test_a_tablet_in_an_emergency_shows_what_saves_first(entered: Entered, site: Site) -> None:
    someone, _ = patient_of(site)
    browser = site.browser("regulatrice")
    opened = browser.post("/pro/regulation", {"ins": someone.ins.matricule}, page="/pro")
    context = entered(viewport={"width": 768, "height": 1024})
    token = browser.http.cookies["dmp"]
    context.add_cookies([{"name": "dmp", "value": token, "url": site.address}])
    page = context.new_page()
    page.goto(opened.url.path)
    expect(page.locator("#allergies .one").first).to_contain_text("Pénicilline")
    expect(page.locator("#allergies .one").first).to_be_in_viewport()
    expect(page.locator("#critiques strong").first).to_have_text("Apixaban")
    expect(page.locator("#critiques strong").first).to_be_in_viewport()
    size = page.evaluate("getComputedStyle(document.querySelector('.zone')).fontSize")
    assert size == "20px"


def test_one_goes_to_a_proof_and_comes_back_to_the_same_link(entered: Entered, site: Site) -> None:
    _, path = patient_of(site)
    page = entered("medecin", viewport=LAPTOP).new_page()
    page.goto(f"{path}/synthese")
    pressed = _tab_to(page, "#alertes a.proof")
    assert pressed <= 32  # by the way to the alerts it takes eight: see the second task
    mark = page.evaluate("document.activeElement.id")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/documents/"))
    page.go_back()
    page.wait_for_url(re.compile(r"/synthese"))
    page.wait_for_function(f"document.activeElement.id === '{mark}'")


def _tab_to(page: Page, selector: str) -> int:
    """Press Tab until an element has the focus; how often."""
    for count in range(1, 48):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches('{selector}')"):
            return count
    raise AssertionError(f"{selector} is not reached")


PHONE: ViewportSize = {"width": 320, "height": 640}


def test_a_phone_folds_the_bands_and_loses_nothing(entered: Entered, site: Site) -> None:
    """Who the patient is in three rows, who is logged in with the ways out in two; the rest is a key away."""
    _, path = patient_of(site)
    page = entered("medecin", viewport=PHONE, java_script_enabled=False).new_page()
    page.goto(f"{path}/documents")
    assert page.locator("header.band").evaluate("one => one.offsetHeight") <= 96
    assert page.locator(".patient").evaluate("one => one.offsetHeight") <= 96
    banner = page.locator(".patient")
    for words in (re.compile("DURAND Jeanne"), re.compile("née le.*1951")):
        expect(banner.get_by_text(words)).to_be_visible()
    for name in ("Verrouiller", "Se déconnecter"):
        expect(page.get_by_role("button", name=name)).to_be_visible()
    insides = (banner.get_by_text(re.compile("^INS ")), page.get_by_role("link", name="Paramètres"))
    for inside, folded in zip(insides, (".patient summary", ".who summary"), strict=True):
        expect(inside.last).to_be_hidden()
        page.locator(folded).focus()
        page.keyboard.press("Enter")
        expect(inside.last).to_be_visible()
    page.set_viewport_size(LAPTOP)
    page.reload()
    for inside in insides:
        expect(inside.last).to_be_visible()
    expect(page.locator(".folds > summary").first).to_be_hidden()


def test_printed_it_is_one_sheet(entered: Entered, site: Site) -> None:
    _, path = patient_of(site)
    page = entered("medecin", viewport=LAPTOP).new_page()
    page.goto(f"{path}/synthese")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_it_is_whole_without_javascript(entered: Entered, site: Site) -> None:
    _, path = patient_of(site)
    page = entered("medecin", viewport=LAPTOP, java_script_enabled=False).new_page()
    page.goto(f"{path}/synthese")
    page.get_by_role("link", name=re.compile("^Fibrillation atriale")).click()
    expect(page.get_by_text("Vue limitée à :")).to_be_visible()
    page.get_by_role("link", name="Tout afficher").click()
    page.get_by_role("link", name="Toutes les alertes (7)").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Toutes les alertes")
    page.go_back()
    page.get_by_role("link", name="Rédiger le VSM").click()
    page.get_by_label("Points de vigilance").fill("Chutes répétées")
    page.get_by_role("button", name="Vérifier avant de déposer").click()
    expect(page.get_by_text("Rien n’est encore déposé.")).to_be_visible()
    page.get_by_role("button", name="Valider et déposer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Document déposé")
