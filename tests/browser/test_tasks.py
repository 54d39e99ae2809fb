"""Tasks as people are asked to do them, and what they may cost.

Clicks, keys and pages are counted; seconds are those of the keystroke-level model, not of a clock, so that a
slow machine fails nothing and one more click does. Each is also counted on a slow line (`Hand.keeps_within`).
The ninth is in `test_counter_task`, the tenth in `test_copy_offline`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.reports.answer_report import ListWaiting, list_reports_waiting
from dmp.bootstrap.jobs import POST_INTERVAL
from dmp.domain.documents.visibility import Restriction
from dmp.domain.identity.caller import StructureRef
from dmp.domain.identity.patient import Sex
from tests.browser.conftest import Entered
from tests.browser.dossiers import FERRITIN, KEPT_FROM_PHARMACISTS, dossier_500
from tests.browser.hand import Hand, in_sight
from tests.browser.mail import letter_to, reached
from tests.browser.octets import Answer, octets
from tests.browser.printing import sheets
from tests.browser.stops import reference, session_of
from tests.builders import a_caller, a_doctor
from tests.entrypoints.web.people import DOCTOR, OPERATOR, Someone
from tests.entrypoints.web.site import Browser, Site

pytestmark = pytest.mark.browser

LAPTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
SMALL, TABLET = {"width": 320, "height": 640}, {"width": 768, "height": 1024}
PSYCHIATRIST = a_doctor(
    id_nat="810100000073",
    name="Samir BELLO",
    structure=StructureRef(id_nat="1750000135", name="Centre du Parc", sector="SA04"),
)


@pytest.fixture(scope="module")
def doctor(site: Site) -> Browser:
    """Anne Vasseur, logged in once."""
    return site.browser("medecin")


@pytest.fixture(scope="module")
def regulator(site: Site) -> Browser:
    """Maud Leroy of the SAMU, logged in once."""
    return site.browser("regulatrice")


@pytest.fixture(scope="module")
def many(site: Site) -> Someone:
    """Dossier 500."""
    return dossier_500(site)


def test_t1_five_facts_are_read_without_a_click(
    entered: Entered, doctor: Browser, durand: Someone
) -> None:
    """What the server takes for it is measured by `dmp bench synthesis`: no test gates on a clock."""
    page = entered(session_of(doctor), viewport=LAPTOP).new_page()
    hand = Hand(page)
    page.goto(reference(doctor, durand) + "/synthese")
    facts = {
        ".allergies .one": "Pénicilline",
        "#traitements [role=row]:has-text('anticoagulant')": "Apixaban",
        "#biologie tr:has-text('K⁺')": "6,2 ▲",
        "#sejours li": "Décompensation cardiaque",
        "#prevention li": "Vaccin contre le pneumocoque",
    }
    for place, said in facts.items():
        fact = page.locator(place).first
        expect(fact).to_contain_text(said)
        assert in_sight(fact), place
        hand.think()
    assert page.evaluate("scrollY") == 0
    assert (hand.clicks, hand.keys) == (0, 0)
    assert hand.keeps_within(30)


def test_t2_the_proof_of_the_first_alert_by_keyboard(
    entered: Entered, doctor: Browser, durand: Someone
) -> None:
    page = entered(session_of(doctor), viewport=LAPTOP).new_page()
    page.goto(reference(doctor, durand) + "/synthese")
    hand = Hand(page)
    hand.tab_until("a[href='#alertes']")
    hand.press("Enter")
    hand.tab_until("#alertes li:first-child a.proof")
    mark = page.evaluate("document.activeElement.id")
    with page.expect_navigation(url=re.compile("/documents/")):
        hand.press("Enter")
    assert hand.keys <= 8
    opened = hand.keys
    hand.think()
    hand.back()
    page.wait_for_url(re.compile("/synthese"))
    page.wait_for_function(f"document.activeElement.id === '{mark}'")
    assert hand.is_seen()
    assert hand.keys - opened <= 2
    assert hand.keeps_within(15)


def test_t3_a_document_is_hidden_on_a_small_screen_without_javascript(
    entered: Entered, site: Site, doctor: Browser
) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    someone.receives("Compte rendu du genou")
    _seen_by(doctor, someone)  # the first visit is told from the later ones
    without = _seen_by(doctor, someone)
    title = "Compte rendu de psychiatrie"
    entry = someone.receives(title, by=PSYCHIATRIST)
    page = entered(someone.key, viewport=SMALL, java_script_enabled=False).new_page()
    hand = Hand(page)
    page.goto(someone.home)
    hand.click(page.get_by_role("link", name=title).first)
    assert _fits(page)
    hand.click(page.get_by_role("link", name="Qui verra ce document ?"))
    assert _fits(page)
    hand.click(page.get_by_role("button", name="Masquer ce document"))
    hand.think()
    assert _fits(page)
    assert hand.loads <= 5
    assert hand.keeps_within(60)
    answer = {"BELLO auteur": "Oui", "Tous les autres professionnels": "Non", "SAMU": "Non"}
    for who, reads in answer.items():
        expect(page.get_by_role("row", name=re.compile(who))).to_contain_text(reads)
    assert _seen_by(doctor, someone) == without
    unknown = f"{reference(doctor, someone)}/documents/"
    told, nothing = (
        octets(doctor.get(unknown + str(one)), of_any=True) for one in (entry.document_id, uuid4())
    )
    assert told == nothing
    tapped = hand.clicks
    hand.click(page.get_by_role("button", name="Annuler"))
    assert hand.clicks - tapped == 1
    assert title in doctor.get(reference(doctor, someone) + "/documents").text


def _seen_by(doctor: Browser, someone: Someone) -> list[Answer]:
    """List with its counts, synthesis, search and chronology as this doctor gets them, to the octet."""
    path = reference(doctor, someone)
    ends = ("documents", "synthese", "recherche?mots=psychiatrie", "chronologie")
    return [octets(doctor.get(f"{path}/{end}")) for end in ends]


def _fits(page: Page) -> bool:
    page.wait_for_load_state()  # a press of a button does not wait for the page it leads to
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_t4_a_result_is_found_among_many_documents(entered: Entered, many: Someone) -> None:
    page = entered(many.key, viewport=PHONE).new_page()
    for typed in ("ferritine 2024", "feritine 2024"):
        hand = Hand(page)
        page.goto(many.home + "/documents")
        hand.write(page.get_by_label("Rechercher dans les documents"), typed)
        hand.press("Enter")
        excerpt = page.locator(".excerpt", has_text=f"{FERRITIN[2024]} ug/L").first
        expect(excerpt.locator("mark").first).to_have_text(re.compile("ferritine", re.IGNORECASE))
        expect(page.get_by_text("12 mars 2024 ·").first).to_be_in_viewport()
        assert in_sight(excerpt)
        assert page.evaluate("scrollY") == 0
        hand.think()
        assert hand.clicks <= 2
        assert hand.keeps_within(20)


def test_t5_an_access_is_found_and_reported(entered: Entered, site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    assert someone.record is not None
    reached(someone)
    entry = someone.receives("Compte rendu du genou", by=PSYCHIATRIST)
    request = RetrieveDocument(document=entry.document_id, within=someone.record.record_id)
    site.do(retrieve_document, request, a_caller(DOCTOR))
    page = entered(someone.key, viewport=LAPTOP).new_page()
    page.goto(someone.home)
    hand = Hand(page)
    hand.click(page.get_by_role("link", name="Accès au dossier"))
    answer = page.locator(".passage", has_text="Anne VASSEUR").first
    expect(answer).to_contain_text("a ouvert le document")
    expect(answer).to_contain_text("vous avez donné votre accord")
    assert in_sight(answer.locator("strong").first)
    hand.think()
    assert hand.clicks <= 2
    assert hand.keeps_within(25)
    before = hand.clicks
    hand.click(answer.get_by_role("link", name="Je ne connais pas cette personne"))
    hand.click(page.get_by_role("button", name="Envoyer le signalement"))
    expect(page.get_by_role("status")).to_be_visible()
    assert hand.clicks - before <= 2
    waiting = site.do(list_reports_waiting, ListWaiting(limit=1000), OPERATOR)
    assert someone.record.record_id in {one.record_id for one in waiting}
    letter = letter_to(someone)
    assert "Un signalement fait dans votre dossier a été reçu." in letter
    assert "VASSEUR" not in letter and "genou" not in letter
    assert POST_INTERVAL.total_seconds() <= 5
    page.goto(someone.home + "/acces/imprimer")
    assert sheets(page) <= 2
    page.goto(someone.home + "/notifications")
    expect(page.get_by_text("Votre signalement d’un accès a été reçu.")).to_be_visible()


def test_t6_anticoagulants_of_an_unconscious_patient(
    entered: Entered, site: Site, doctor: Browser, regulator: Browser, durand: Someone
) -> None:
    page = entered(session_of(regulator), viewport=TABLET).new_page()
    page.goto("/pro")
    hand = Hand(page)
    hand.write(page.get_by_label("Matricule INS"), durand.ins.matricule)
    hand.click(page.get_by_role("button", name="régulation du SAMU"))
    assert in_sight(page.locator("#critiques strong", has_text="Apixaban").first)
    hand.think()
    assert hand.clicks <= 4
    assert hand.keeps_within(20)
    holder = site.browser(durand.key)
    assert "Maud LEROY" in holder.get(durand.home + "/acces").text
    assert "ouvert en urgence" in holder.get(durand.home + "/notifications").text
    assert "médecin régulateur du SAMU, a consulté" in doctor.get("/pro").text
    assert "en urgence" in letter_to(durand)


def test_t6_an_emergency_that_is_refused_is_no_record_to_the_octet(
    site: Site, doctor: Browser, regulator: Browser
) -> None:
    someone = Someone(site)
    nobody = _in_an_emergency(doctor, someone), _in_regulation(regulator, someone)
    someone.opens()
    fields = {"samu": "non", "urgence": "non", "urgence_masques": "non"}
    browser = site.browser(someone.key)
    browser.post(someone.home + "/choix", {"visibilite": "visible", "deces": "oui", **fields})
    refused = _in_an_emergency(doctor, someone), _in_regulation(regulator, someone)
    assert refused == nobody
    assert all(answer[0] == 404 for answer, *_ in refused)
    told = browser.get(someone.home + "/acces?quoi=refus").text
    assert "Maud LEROY" in told and "Anne VASSEUR" in told


def _in_regulation(browser: Browser, someone: Someone) -> list[Answer]:
    fields = {"ins": someone.ins.matricule, "mission": "A12"}
    answer = browser.post("/pro/regulation", fields, page="/pro")
    return [octets(answer), *map(octets, answer.history), octets(browser.get("/pro"))]


def _in_an_emergency(browser: Browser, someone: Someone) -> list[Answer]:
    path = reference(browser, someone) + "/urgence"
    answer = browser.post(path, {"motif": "pronostic-vital"})
    return [octets(answer), *map(octets, answer.history), octets(browser.get("/pro"))]


def test_t7_two_children_in_two_tabs_are_never_mixed_up(entered: Entered, site: Site) -> None:
    parent = Someone(site).opens()
    lea = Someone(site, given_names="Léa", birth_date=_born(14)).opens().is_child_of(parent)
    tom = Someone(site, given_names="Tom", birth_date=_born(5), sex=Sex.MALE).opens()
    tom.is_child_of(parent)
    hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
    lea.receives("Entretien confidentiel", restrictions=hidden)
    own = site.browser(parent.key)
    given = {"contre": "ror", "nom": "Priorix", "date": f"{_born(12):%Y-%m-%d}"}
    own.post(lea.home + "/profil-medical/vaccinations/ajouter", given)
    context = entered(session_of(own), viewport=LAPTOP)
    first, second = context.new_page(), context.new_page()
    first.goto("/espace/profils")
    hand = Hand(first)
    hand.click(first.get_by_role("link", name="Léa").first)
    assert "Entretien confidentiel" not in first.content()
    hand.click(first.get_by_role("link", name="Vaccins", exact=True))
    expect(first.get_by_text("Priorix").first).to_be_visible()
    hand.think()
    assert hand.clicks <= 3 and hand.keeps_within(20)
    # A note is begun for Léa, and left; then one is added for Tom, in the other tab.
    first.goto(lea.home + "/documents/ajouter")
    _fill(Hand(first), lea, "Note de Léa")
    second.goto(lea.home)
    hand = Hand(second)
    hand.click(second.get_by_role("link", name="Changer de profil"))
    hand.click(second.get_by_role("link", name="Tom").first)
    hand.click(second.get_by_role("link", name="Ajouter un document", exact=True))
    assert hand.clicks <= 3
    _fill(hand, tom, "Note de Tom")
    hand.press("Enter")
    expect(second.get_by_role("heading", name="Note de Tom")).to_be_visible()
    assert hand.keeps_within(60)
    # What was opened for Léa is Léa's, whoever was looked at meanwhile; at Tom's address it is nobody's.
    fields = first.evaluate("Object.fromEntries(new FormData(document.querySelector('main form')))")
    words: dict[str, Any] = {name: one for name, one in fields.items() if isinstance(one, str)}
    origin = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    wrong = context.request.post(
        tom.home + "/documents/ajouter", multipart=words, headers=origin, max_redirects=0
    )
    assert wrong.status == 403
    first.bring_to_front()
    first.keyboard.press("Enter")
    expect(first.get_by_role("heading", name="Note de Léa")).to_be_visible()
    of_tom, of_lea = (own.get(child.home + "/documents").text for child in (tom, lea))
    assert "Note de Tom" in of_tom and "Note de Léa" not in of_tom
    assert "Note de Léa" in of_lea and "Note de Tom" not in of_lea
    assert "Entretien confidentiel" not in of_lea


def _born(years_ago: int) -> date:
    return date(datetime.now(UTC).year - years_ago, 1, 2)


def _fill(hand: Hand, child: Someone, title: str) -> None:
    """Fill the form of a document by keyboard; the focus stays in its title."""
    page = hand.page
    # Keys go to the tab in sight, and to the page before while that still stands.
    page.bring_to_front()
    expect(page.get_by_label("Fichier", exact=True)).to_be_visible()
    file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": child.pdf(title)}
    hand.skip()
    hand.tab_to("Fichier")
    page.get_by_label("Fichier", exact=True).set_input_files(file)  # type: ignore[arg-type] # a plain dict
    hand.tab_to("Catégorie")
    hand.press("ArrowDown")
    hand.tab_to("Titre")
    hand.type(title)


def test_t8_a_pharmacist_sees_what_forbids_a_medicine(
    entered: Entered, site: Site, doctor: Browser, durand: Someone
) -> None:
    browser = site.browser("pharmacienne")
    path = reference(browser, durand)
    browser.post(path + "/acces", {"raison": "present", "duree": "30"})
    page = entered(session_of(browser), viewport=LAPTOP).new_page()
    page.goto(path + "/documents")
    hand = Hand(page)
    hand.click(page.get_by_role("link", name="Synthèse", exact=True))
    assert in_sight(
        page.locator("#traitements [role=row]", has_text="Apixaban anticoagulant").first
    )
    assert in_sight(page.locator("tr", has_text="DFG").first)
    hand.think(2)
    assert hand.clicks <= 1
    assert hand.keeps_within(15)
    for closed in ("Séjours et passages", "Décompensation cardiaque"):
        assert closed not in page.content()
    searched = "recherche?mots=" + KEPT_FROM_PHARMACISTS.split()[-1]
    for end in ("synthese", "documents", "chronologie", searched):
        assert KEPT_FROM_PHARMACISTS not in _read(browser, f"{path}/{end}")
    assert KEPT_FROM_PHARMACISTS in _read(doctor, f"{reference(doctor, durand)}/{searched}")


def _read(browser: Browser, path: str) -> str:
    """A page as words: a hit of a search is marked within a title."""
    return re.sub(r"<[^>]+>", "", browser.get(path).text)
