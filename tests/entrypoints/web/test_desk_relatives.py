"""At the counter: who represents, who helps, what is said, and a statement that is not agreed with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_counter import at_the_counter
from tests.entrypoints.web.test_desk_day import OPENING


def child(site: Site, name: str) -> Someone:
    """Somebody of nine."""
    born = datetime.now(UTC).date().replace(day=1)
    return Someone(site, birth_name=name, birth_date=born.replace(year=born.year - 9))


def declared(parent: Someone, **changes: str) -> dict[str, str]:
    """The form of a parent."""
    return {
        "qualite": "parent",
        "ins": parent.ins.grouped,
        "nom": parent.traits.birth_name,
        "prenoms": parent.traits.given_names,
        "sexe": parent.traits.sex.value,
        "naissance": parent.traits.birth_date.isoformat(),
        "justificatif": "Livret de famille",
        "pieces": "oui",
        **changes,
    }


def opened(browser: Browser, someone: Someone) -> str:
    """The record of a child is opened with the agreement of her parent."""
    path = at_the_counter(browser, someone, piece="livret-famille")
    without = browser.post(path + "/ouvrir", OPENING)
    assert without.status_code == 400 and "représentant légal qui donne l’accord" in without.text
    receipt = browser.post(path + "/ouvrir", {**OPENING, "representant": "Anne Minard"})
    assert "Dossier ouvert" in receipt.text and "/code" not in receipt.text
    return path


def test_an_agent_opens_for_a_child_and_declares_the_parent(site: Site) -> None:
    parent, young = Someone(site, birth_name="Minard").opens(), child(site, "Minard")
    browser = site.browser("agent")
    path = opened(browser, young)
    assert "représentant légal à déclarer" in browser.get("/guichet").text
    assert "nul ne peut lire son dossier" in browser.get(path).text
    page = path + "/representant"
    for missing in ("justificatif", "pieces", "ins"):
        assert browser.post(page, declared(parent, **{missing: ""})).status_code == 400
    site.counter.unknown.add(parent.ins.matricule)
    unknown = browser.post(page, declared(parent))
    assert unknown.status_code == 400 and "ne confirme pas" in unknown.text
    site.counter.unknown.clear()
    receipt = browser.post(page, declared(parent))
    assert "Représentant légal déclaré" in receipt.text and "MINARD Camille" in receipt.text
    assert "Personne n’est déclaré" not in browser.get(page).text
    assert "Rien à finir" in browser.get("/guichet").text
    profiles = site.browser(parent.key).get("/espace/profils").text
    assert "Camille" in profiles and "9\u00a0ans" in profiles


def test_nobody_represents_himself_and_no_parent_an_adult(site: Site) -> None:
    someone, other = Someone(site, birth_name="Adulte").opens(), Someone(site, birth_name="Tuteur")
    browser = site.browser("agent")
    page = at_the_counter(browser, someone) + "/representant"
    guardian = {"qualite": "guardian", "justificatif": "Jugement du 3 mars 2026"}
    assert 'value="parent"' not in browser.get(page).text
    assert browser.post(page, declared(other)).status_code == 400
    assert browser.post(page, declared(someone, **guardian)).status_code == 400
    passed = browser.post(page, declared(other, **guardian, fin="2020-01-01"))
    assert passed.status_code == 400 and "est passée" in passed.text
    assert "Représentant légal déclaré" in browser.post(page, declared(other, **guardian)).text


def test_a_pharmacist_is_told_where_a_representative_is_declared(site: Site) -> None:
    young = child(site, "Officine")
    browser = site.browser("pharmacienne")
    path = opened(browser, young)
    page = browser.get(path + "/representant").text
    assert "Une pharmacie ne déclare pas" in page and "caisse d’assurance maladie" in page
    parent = Someone(site, birth_name="Officine")
    sent = browser.post(path + "/representant", declared(parent), page=path + "/cloturer")
    assert sent.status_code in (200, 403) and "Représentant légal déclaré" not in sent.text
    assert "caisse d’assurance maladie le fait" in browser.get(path).text


@pytest.mark.parametrize("who", ["agent", "pharmacienne"])
def test_a_counter_invites_no_carer_and_hands_over_how_it_is_done(site: Site, who: str) -> None:
    someone = Someone(site, birth_name="Aidée").opens()
    browser = site.browser(who)
    path = at_the_counter(browser, someone)
    page = browser.get(path + "/aidant").text
    assert "Un guichet n’invite pas de proche aidant" in page and "Inviter un proche" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    stranger = site.browser("pharmacienne" if who == "agent" else "agent")
    for end in ("/aidant", "/representant", "/code"):
        assert stranger.get(path + end).status_code == 404


def test_the_field_phrases_and_the_second_screen_speak_three_languages(site: Site) -> None:
    browser = site.browser("agent")
    page = browser.get("/guichet/aide-terrain").text
    assert "Phrases prêtes" in page and "Vous ne lisez aucun document" in page
    assert (
        "la caisse d’assurance maladie"
        in site.browser("pharmacienne").get("/guichet/aide-terrain").text
    )
    simple = browser.get("/guichet/information").text
    assert 'lang="fr"' in simple and "Qui peut le lire" in simple
    english = browser.get("/guichet/information?langue=en").text
    assert "Who can read it" in english and '<html lang="en"' in english
    # What the person reads does not change what the agent reads.
    assert "Mes opérations du jour" in browser.get("/guichet").text


def test_a_statement_that_is_not_agreed_with_carries_the_difference(site: Site) -> None:
    browser = site.browser("pharmacienne")
    page = "/guichet/releve/contester?mois=2026-01"
    for wrong, said in (("douze", "Saisissez un nombre"), ("0", "il n’y a pas d’écart")):
        answer = browser.post(
            "/guichet/releve/contester", {"mois": "2026-01", "attendu": wrong}, page=page
        )
        assert answer.status_code == 400 and said in answer.text
    told = {"mois": "2026-01", "attendu": "12", "precision": "Le 14, deux ouvertures."}
    after = browser.post("/guichet/releve/contester", told, page=page)
    assert after.url.path == "/guichet/releve" and "Écart signalé" in after.text
    assert "attendait 12" in after.text and "en comptait 0" in after.text
    assert "0 ouverture ce mois" in after.text
    assert "Écart signalé" not in browser.get("/guichet/releve?mois=2025-12").text
    agent = site.browser("agent")
    assert agent.get("/guichet/releve/contester").status_code == 403
