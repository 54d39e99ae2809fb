"""Nine tasks as people are asked to do them, counted against what they may cost.

Clicks, keys and pages that are loaded are counted; seconds are those of the keystroke-level model, not of a
clock, so that a slow machine fails nothing and one more click does.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.reports.answer_report import ListWaiting, list_reports_waiting
from dmp.acts.synthesis import read_synthesis
from dmp.domain.documents.visibility import Restriction
from tests.browser.conftest import Entered
from tests.browser.hand import Hand, in_sight
from tests.browser.stops import reference
from tests.builders import a_caller, a_doctor
from tests.builders.synthesis import a_synthesis
from tests.entrypoints.web.people import DOCTOR, OPERATOR, Someone
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser

LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
DOCUMENTS = 60
"""Of the record in which one is looked for; the search itself is measured on many more elsewhere."""


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every record holds more than the page has room for."""
    monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: a_synthesis())


def _found_by_doctor(site: Site) -> str:
    someone = Someone(site, birth_name="Durand", given_names="Jeanne").opens().declares(DOCTOR)
    return reference(site.browser("medecin"), someone)


@pytest.mark.usefixtures("full")
def test_t1_five_facts_are_read_without_a_click(entered: Entered, site: Site) -> None:
    page = entered("medecin", viewport=LAPTOP).new_page()
    page.goto(_found_by_doctor(site) + "/synthese")
    hand = Hand(page)
    facts = [
        page.locator(".allergies .one").first,
        page.get_by_text("Apixaban").first,
        page.locator("#biologie tr", has_text="K⁺").first,
        page.locator("#sejours li").first,
        page.locator("#prevention li").first,
    ]
    for fact in facts:
        assert in_sight(fact), fact
        hand.think()
    assert page.evaluate("scrollY") == 0
    assert (hand.clicks, hand.keys) == (0, 0)
    assert hand.seconds <= 30


@pytest.mark.usefixtures("full")
def test_t2_the_proof_of_the_first_alert_by_keyboard(entered: Entered, site: Site) -> None:
    page = entered("medecin", viewport=LAPTOP).new_page()
    page.goto(_found_by_doctor(site) + "/synthese")
    hand = Hand(page)
    hand.press("Tab")
    while not page.evaluate("document.activeElement.matches('a[href=\"#alertes\"]')"):
        hand.press("Tab")
        assert hand.keys <= 3
    hand.press("Enter")
    while not page.evaluate("document.activeElement.matches('#alertes a.proof')"):
        hand.press("Tab")
        assert hand.keys <= 8
    mark = page.evaluate("document.activeElement.id")
    assert in_sight(page.locator(f"#{mark}"))
    with page.expect_navigation(url=re.compile("/documents/")):
        hand.press("Enter")
    assert hand.keys <= 8
    # Two keys in a window, Alt and the arrow; without one, Chromium has no shortcut for it.
    page.go_back()
    page.wait_for_url(re.compile("/synthese"))
    page.wait_for_function(f"document.activeElement.id === '{mark}'")


def test_t3_a_document_is_hidden_on_a_small_screen_without_javascript(
    entered: Entered, site: Site
) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    psychiatrist = a_doctor(id_nat="810100000073", name="Samir BELLO")
    someone.receives("Suivi psychiatrique", by=psychiatrist)
    small = {"width": 320, "height": 640}
    page = entered(someone.key, viewport=small, java_script_enabled=False).new_page()
    hand = Hand(page)
    page.goto(someone.home)
    hand.click(page.get_by_role("link", name="Suivi psychiatrique").first)
    hand.click(page.get_by_role("link", name="Qui verra ce document ?"))
    hand.click(page.get_by_role("button", name="Masquer ce document"))
    hand.think()
    assert hand.loads <= 5
    assert hand.seconds <= 60
    expect(page.get_by_text("Qui voit ce document maintenant").first).to_be_visible()
    doctor = site.browser("medecin")
    path = reference(doctor, someone)
    for end in ("documents", "synthese", "recherche?mots=psychiatrique"):
        assert "Suivi psychiatrique" not in doctor.get(f"{path}/{end}").text
    page.get_by_role("button", name="Annuler").click()
    assert "Suivi psychiatrique" in doctor.get(path + "/documents").text


@pytest.mark.parametrize("word", ["ferritine", "feritine"])
def test_t4_a_result_is_found_among_many_documents(entered: Entered, site: Site, word: str) -> None:
    someone = Someone(site).opens()
    for number in range(DOCUMENTS if word == "ferritine" else 3):
        someone.receives(f"Ordonnance n° {number}", type_code="57833-6", days_ago=900 - number)
    someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    page = entered(someone.key, viewport=PHONE).new_page()
    page.goto(someone.home + "/documents")
    hand = Hand(page)
    hand.write(page.get_by_label("Rechercher dans les documents"), word)
    hand.press("Enter")
    expect(
        page.locator("mark", has_text=re.compile("ferritine", re.IGNORECASE)).first
    ).to_be_visible()
    expect(page.locator(".excerpt").first).to_contain_text("9")
    hand.think()
    assert hand.clicks <= 2
    assert hand.seconds <= 20


def test_t5_an_access_is_found_and_reported(entered: Entered, site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    assert someone.record is not None
    entry = someone.receives("Compte rendu du genou")
    request = RetrieveDocument(document=entry.document_id, within=someone.record.record_id)
    site.do(retrieve_document, request, a_caller(DOCTOR))
    page = entered(someone.key, viewport=LAPTOP).new_page()
    page.goto(someone.home)
    hand = Hand(page)
    hand.click(page.get_by_role("link", name="Accès au dossier"))
    answer = page.locator(".passage", has_text="Anne VASSEUR").first
    expect(answer).to_contain_text("a ouvert le document")
    assert in_sight(answer.locator("strong").first)
    hand.think()
    assert hand.clicks <= 2
    assert hand.seconds <= 25
    before = hand.clicks
    hand.click(answer.get_by_role("link", name="Je ne connais pas cette personne"))
    hand.click(page.get_by_role("button", name="Envoyer le signalement"))
    expect(page.get_by_role("status")).to_be_visible()
    assert hand.clicks - before <= 2
    waiting = site.do(list_reports_waiting, ListWaiting(limit=1000), OPERATOR)
    assert someone.record.record_id in {one.record_id for one in waiting}


@pytest.mark.usefixtures("full")
def test_t6_anticoagulants_of_an_unconscious_patient(entered: Entered, site: Site) -> None:
    someone = Someone(site).opens()
    page = entered("regulatrice", viewport={"width": 768, "height": 1024}).new_page()
    page.goto("/pro")
    hand = Hand(page)
    hand.write(page.get_by_label("Matricule INS"), someone.ins.matricule)
    hand.click(page.get_by_role("button", name="régulation du SAMU"))
    assert in_sight(page.locator("#critiques strong", has_text="Apixaban").first)
    hand.think()
    assert hand.clicks <= 4
    assert hand.seconds <= 20
    told = site.browser(someone.key).get(someone.home + "/notifications").text
    assert "ouvert en urgence" in told


def test_t7_two_children_in_two_tabs_are_never_mixed_up(entered: Entered, site: Site) -> None:
    parent = Someone(site).opens()
    born = datetime.now(UTC).date() - timedelta(days=2000)
    children = {}
    for name in ("Léa", "Tom"):
        child = Someone(site, given_names=name, birth_date=born).opens()
        children[name] = child.is_child_of(parent)
        child.receives(f"Vaccin ROR de {name}")
    hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
    children["Léa"].receives("Entretien confidentiel", restrictions=hidden)
    context = entered(parent.key, viewport=LAPTOP)
    first, second = context.new_page(), context.new_page()
    hands = {}
    for page, name in ((first, "Léa"), (second, "Tom")):
        page.goto("/espace/profils")
        hands[name] = Hand(page)
        hands[name].click(page.get_by_role("link", name=re.compile(name)).first)
        expect(page.get_by_text(f"Vaccin ROR de {name}").first).to_be_visible()
        assert "Entretien confidentiel" not in page.content()
    other = Hand(second)
    other.click(second.get_by_role("link", name="Documents", exact=True))
    other.click(second.get_by_role("link", name="Ajouter un document"))
    assert all(hand.clicks <= 3 for hand in (*hands.values(), other))
    # A form that was opened for Léa, sent after Tom was looked at, is Léa's or nobody's.
    first.goto(children["Léa"].home + "/documents")
    first.get_by_role("link", name="Ajouter un document").click()
    first.get_by_label("Catégorie").select_option(index=1)
    first.get_by_label("Titre").fill("Note de Léa")
    first.get_by_label("Visible par les professionnels autorisés").check()
    first.get_by_label("Fichier", exact=False).first.set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": children["Léa"].pdf("Note")}
    )
    first.get_by_role("button", name="Ajouter le document").click()
    own = site.browser(parent.key)
    assert "Note de Léa" not in own.get(children["Tom"].home + "/documents").text
    assert "Note de Léa" in own.get(children["Léa"].home + "/documents").text


@pytest.mark.usefixtures("full")
def test_t8_a_pharmacist_sees_what_forbids_a_medicine(entered: Entered, site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("pharmacienne")
    path = reference(browser, someone)
    browser.post(path + "/acces", {"raison": "present", "duree": "30"})
    page = entered("pharmacienne", viewport=LAPTOP).new_page()
    page.goto(path + "/documents")
    hand = Hand(page)
    hand.click(page.get_by_role("link", name="Synthèse", exact=True))
    assert in_sight(page.get_by_text("Apixaban").first)
    assert in_sight(page.get_by_text("DFG").first)
    hand.think(2)
    assert hand.clicks <= 1
    assert hand.seconds <= 15
    for closed in ("Séjours et passages", "Imagerie"):
        assert closed not in page.locator("main").inner_text()


def test_t9_an_agent_opens_a_record_by_keyboard(entered: Entered, site: Site) -> None:
    someone = Someone(site, birth_name="Neuvier")
    site.counter.knows(someone.ins, someone.traits)
    site.counter.lays("neuvier", someone.ins, someone.traits)
    page = entered("agent", viewport=LAPTOP).new_page()
    page.goto("/guichet/identite")
    wrong = someone.ins.matricule[:13] + f"{(int(someone.ins.matricule[13:]) + 1) % 97:02d}"
    page.get_by_label("Matricule INS").fill(wrong)
    page.get_by_role("button", name="Vérifier l’identité").click()
    expect(page.locator("#ins-erreur")).to_contain_text(someone.ins.matricule[13:])
    page.goto("/guichet")
    hand = Hand(page)
    _tab_to(hand, "Carte dans le lecteur")
    hand.press("End")
    _tab_to_link(hand, "Lire la carte")
    hand.press("Enter")
    page.wait_for_url(re.compile("/guichet/identite"))
    _tab_to(hand, "Carte nationale d’identité")
    hand.press("Space")
    hand.press("Enter")
    page.wait_for_url(re.compile("/guichet/personnes/"))
    _tab_to(hand, "J’ai donné ces informations")
    hand.press("Space")
    _tab_to(hand, "Accord donné de vive voix")
    hand.press("Space")
    hand.press("Enter")
    page.wait_for_url(re.compile("/recus/"))
    assert hand.loads <= 4
    assert hand.seconds <= 90
    expect(page.get_by_role("heading", name="Votre code", exact=True)).to_be_visible()


def _tab_to(hand: Hand, label: str, most: int = 30) -> None:
    """Press Tab until the field with this label has the focus."""
    said = "((document.activeElement.labels || [])[0] || {}).textContent || ''"
    for _ in range(most):
        if label in hand.page.evaluate(said):
            return
        hand.press("Tab")
    raise AssertionError(f"{label!r} is not reached by keyboard")


def _tab_to_link(hand: Hand, name: str, most: int = 30) -> None:
    for _ in range(most):
        if hand.page.evaluate("document.activeElement.textContent.trim()") == name:
            return
        hand.press("Tab")
    raise AssertionError(f"{name!r} is not reached by keyboard")


def test_an_emergency_that_is_refused_looks_like_no_record(site: Site) -> None:
    """T6, the other half: what a doctor of the SAMU is answered tells nothing."""
    refusing, nobody = Someone(site).opens(), Someone(site)
    fields = {"samu": "non", "urgence": "non", "urgence_masques": "non"}
    browser = site.browser(refusing.key)
    assert "choix" in browser.get(refusing.home + "/choix").text
    browser.post(refusing.home + "/choix", {"visibilite": "visible", "deces": "oui", **fields})
    answers = []
    for who in (refusing, nobody):
        answer = site.browser("regulatrice").post(
            "/pro/regulation", {"ins": who.ins.matricule}, page="/pro"
        )
        answers.append((answer.status_code, re.findall(r"<h1>.*?</h1>", answer.text)))
    assert answers[0] == answers[1]
