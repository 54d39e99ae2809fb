"""My health in short: plain words, questions in place of alerts, for the holder and who acts for her."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from dmp.acts.synthesis import read_synthesis
from dmp.domain.clinical.synthesis import AlertClass, Synthesis
from dmp.entrypoints.web.results.words import in_words
from dmp.entrypoints.web.synthesis.holder import questions, supplied
from dmp.locale import speak
from tests.builders.clinical_facts import AT, TODAY, a_series, a_treatment, an_alert, some_supplies
from tests.builders.synthesis import a_synthesis
from tests.entrypoints.web.people import Someone, lea
from tests.entrypoints.web.site import Site

Told = Callable[[Synthesis], None]
PAGES = ("/ma-sante", "/resultats", "/traitements")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """From here on every synthesis is this one."""

    def tell(synthesis: Synthesis) -> None:
        monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: synthesis)

    tell(a_synthesis())
    return tell


def words(markup: str) -> str:
    """A page as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup).replace("\u00a0", " ").split())


def test_she_reads_the_same_facts_in_plain_words(site: Site, told: Told) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    page = browser.get(someone.home + "/ma-sante").text
    text = words(page)
    assert "Ma santé en résumé" in text
    for fact in ("Diabète de type 2", "Metformine", "Pénicilline", "CHU de Rouen", "HbA1c"):
        assert fact in text, fact
    assert "au-dessus des valeurs habituelles, plus haut que la fois d’avant (7,6" in text
    assert "Dr Claire MARTIN, 21 octobre 2026" in text, "who said it and when"
    assert "déclaré par vous" in text
    assert re.search(r'href="/espace/[^"]+/documents/[^"]+\?de=ma-sante\.p\d+#section-', page)
    assert "Un dossier partagé peut être incomplet." in text
    assert len(page.encode()) < 60_000


def test_no_alert_is_spoken_of(site: Site, told: Told) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    for end in PAGES:
        text = browser.get(someone.home + end).text
        for one in (AlertClass.CONTRAINDICATION, AlertClass.INTERACTION, AlertClass.CRITICAL):
            assert one.value not in text, end
        assert "hyperkaliémie" not in text and "alerte" not in text.lower(), end
    asked = words(browser.get(someone.home + "/ma-sante").text)
    assert "À demander à mon médecin" in asked
    assert "Que signifie mon dernier résultat de HbA1c ?" in asked


def test_questions_are_asked_once_and_hold_no_alert_wording() -> None:
    frightening = an_alert(sentence="DANGER", mechanism="MORT", conduct="ARRÊTER")
    found = questions(a_synthesis(alerts=(frightening, frightening, an_alert(side=True))))
    assert len(found) == len(set(found))
    assert not any(word in " ".join(found) for word in ("DANGER", "MORT", "ARRÊTER"))
    assert words(found[0]) == (
        "Mes traitements sont-ils toujours adaptés ensemble : Ramipril délivré, Kaliémie 5,4 ?"
    )


@pytest.mark.parametrize(
    ("ago", "days", "is_due"),
    [(5, 30, False), (25, 30, True), (30, 30, True), (35, 30, True), (400, 30, False)],
)
def test_the_end_of_the_boxes_is_spoken_of_when_it_is_near(
    ago: int, days: int, is_due: bool
) -> None:
    supplies = some_supplies(TODAY - timedelta(days=ago), 1, days=days)
    found = supplied(a_treatment(supplies=supplies), TODAY)
    assert found is not None and found.is_due is is_due
    assert found.days == days - ago and found.until == TODAY + timedelta(days=days - ago)
    assert supplied(a_treatment(supplies=()), TODAY) is None
    endless = some_supplies(date(9999, 12, 1), 1, days=100)
    assert supplied(a_treatment(supplies=endless), TODAY) is not None


@pytest.mark.parametrize(
    ("values", "change"),
    [((7.0, 8.0), "plus haut"), ((8.0, 7.0), "plus bas"), ((7.0, 7.0), "identique")],
)
def test_the_last_value_is_held_against_the_one_before(
    values: tuple[float, ...], change: str
) -> None:
    assert change in in_words(a_series(values=values))


def test_a_single_value_is_held_against_none() -> None:
    assert "fois d’avant" not in in_words(a_series(values=(7.0,)))


def test_questions_are_asked_in_the_language_of_the_page() -> None:
    with speak("en"):
        assert questions(a_synthesis())[0].startswith("Do my treatments")


def test_silence_is_said_as_silence(site: Site, told: Told) -> None:
    told(Synthesis(at=AT))
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    text = words(browser.get(someone.home + "/ma-sante").text)
    assert "Personne n’a indiqué s’il y a des allergies, ou s’il n’y en a pas." in text
    assert "Aucun traitement en cours n’est connu." in text
    assert "À demander à mon médecin" not in text
    assert "Aucun résultat à lire" in words(browser.get(someone.home + "/resultats").text)
    assert "ne sont pas dans ce dossier" in words(browser.get(someone.home + "/traitements").text)


def test_the_summary_leads_to_each_analysis_and_treatments_have_their_table(
    site: Site, told: Told
) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    led = re.findall(
        r'href="([^"]+/resultats/[0-9a-f]{24})"', browser.get(someone.home + "/ma-sante").text
    )
    assert len(led) == 8 and browser.get(led[0]).status_code == 200
    treatments = browser.get(someone.home + "/traitements").text
    assert treatments.count('class="fig bars"') == 11
    now = treatments.split('id="en-cours"')[1].split('id="frise"')[0]
    current = sum(one.is_current for one in a_synthesis().treatments)
    assert now.count("<li><strong>") == current and "Imprimer ma liste" in now
    assert "Prescrit par Dr Paul ROUSSEL." in words(now)
    assert "sans délivrance du" in words(treatments)


def test_a_parent_reads_the_child_s_and_is_told_whose_it_is(site: Site, told: Told) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    browser = site.browser(parent.key)
    text = words(browser.get(child.home + "/ma-sante").text)
    assert "La santé de Léa en résumé" in text
    assert "Vous agissez pour Léa" in text
    assert "À demander à son médecin" in text
    assert "déclaré par le titulaire" in text
    assert "Ses traitements" in text and "Mes traitements" not in text.split("Profil")[0]


def test_a_carer_who_sees_reads_it_and_a_stranger_does_not(site: Site, told: Told) -> None:
    helped = Someone(site, given_names="Jeanne", birth_name="Moulin").opens()
    carer, stranger = Someone(site).opens(), Someone(site).opens()
    invitation = {
        "nom": carer.traits.birth_name,
        "prenom": carer.traits.first_given_name,
        "naissance": carer.traits.birth_date.isoformat(),
        "niveau": "voir",
        "fin": (datetime.now(UTC) + timedelta(days=60)).date().isoformat(),
    }
    invited = site.browser(helped.key).post(helped.home + "/proches/inviter", invitation).text
    code = re.findall(r'class="number code">([^<]+)<', invited)[0]
    browser = site.browser(carer.key)
    browser.post("/espace/invitation", {"code": code, "reponse": "oui"})
    for end in PAGES:
        assert browser.get(helped.home + end).status_code == 200, end
        assert site.browser(stranger.key).get(helped.home + end).status_code in (403, 404), end
