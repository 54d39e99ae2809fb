"""The synthesis before professionals: zones, room, proofs, variants; hostile words stay words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import httpx
import pytest

from dmp.acts.synthesis import read_synthesis
from dmp.domain.clinical.facts import Allergy, Problem, Provenance
from dmp.domain.clinical.synthesis import Proof, Synthesis
from dmp.domain.codes import Code
from tests.builders.clinical_facts import AT, CIM10, a_problem, a_source, an_alert
from tests.builders.synthesis import a_synthesis, some_news, some_series
from tests.entrypoints.web.people import DOCTOR, OPTICIAN, Someone
from tests.entrypoints.web.site import Browser, Site

Told = Callable[[Synthesis], None]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """From here on every synthesis is this one, whatever the record holds."""

    def tell(synthesis: Synthesis) -> None:
        monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: synthesis)

    tell(a_synthesis())
    return tell


def at(site: Site, person: str = "medecin") -> tuple[Browser, str]:
    """A patient open to this professional, and the address of the patient's pages."""
    someone = Someone(site, birth_date=date(1951, 3, 14)).opens().declares(DOCTOR)
    browser = site.browser(person)
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    path = str(answer.headers["location"])
    if person != "medecin":
        browser.post(path + "/acces", {"raison": "present", "duree": "30"})
    return browser, path


def page_of(site: Site, person: str = "medecin", end: str = "/synthese") -> httpx.Response:
    """A page about a new patient, as this professional."""
    browser, path = at(site, person)
    return browser.get(path + end)


def zones(text: str) -> list[str]:
    """The zones of a page, in order."""
    return re.findall(r'<section class="zone zone-([a-z-]+)"', text)


def zone(text: str, name: str) -> str:
    """One zone as markup."""
    found = re.search(rf'<section class="zone zone-{name}".*?</section>', text, re.DOTALL)
    assert found is not None, name
    return found[0]


def words(markup: str) -> str:
    """A markup as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup).replace("\u00a0", " ").split())


def test_it_is_the_first_page_of_a_patient(site: Site, told: Told) -> None:
    browser, path = at(site)
    assert browser.get(path).url.path == path + "/synthese"


def test_a_doctor_meets_the_zones_in_order_and_none_overflows(site: Site, told: Told) -> None:
    text = page_of(site).text
    order = [
        "alertes",
        "problemes",
        "sejours",
        "traitements",
        "nouveau",
        "biologie",
        "imagerie",
        "prevention",
    ]
    assert zones(text) == order
    counted = {name: zone(text, name).count("<li") for name in order}
    assert counted["alertes"] == 3
    assert counted["problemes"] == 8
    assert counted["sejours"] == 3
    assert counted["imagerie"] == 2
    assert counted["nouveau"] == 5
    assert zone(text, "traitements").count('role="row"') == 1 + 10
    assert zone(text, "biologie").count('<th scope="row">') == 8
    assert "Toutes les alertes (7)" in text
    assert "Les 9 problèmes" in text
    assert "Un dossier partagé peut être incomplet." in text
    assert "15 septembre 2023" in text and "clopidogrel et oméprazole" in text
    assert len(text.encode()) < 60_000


def test_no_style_attribute_stands_in_a_page(site: Site, told: Told) -> None:
    browser, path = at(site)
    for end in ("/synthese", "/traitements", "/resultats", "/alertes", "/faits", "/vsm"):
        assert " style=" not in browser.get(path + end).text, end


def test_alerts_begin_with_their_class_and_the_gravest_stands_first(site: Site, told: Told) -> None:
    lines = re.findall(r"<li.*?</li>", zone(page_of(site).text, "alertes"), re.DOTALL)
    assert [words(line).split(" ")[0] for line in lines] == ["Contre-indication", "Doublon", "À"]
    assert "Spironolactone + ramipril" in words(lines[0])
    assert "/documents/" in lines[0]


def test_the_page_of_alerts_gives_rule_level_conduct_edition_and_proofs(
    site: Site, told: Told
) -> None:
    text = words(page_of(site, end="/alertes").text)
    assert "Toutes les alertes (7)" in text
    assert "ASDEC-PE (association déconseillée, précaution d’emploi)" in text
    assert "ansm/spironolactone/iec" in text
    assert "Vérifier la kaliémie" in text
    assert "Kaliémie 5,4, 21 octobre 2026" in text
    assert "Association à prendre en compte n° 2" in text, "the side list stands here"


def test_nothing_to_alert_is_said_with_the_number_of_rules(site: Site, told: Told) -> None:
    told(a_synthesis(alerts=()))
    sentence = "Aucune alerte calculée — 214 règles évaluées sur données structurées."
    browser, path = at(site)
    assert sentence in browser.get(path + "/synthese").text
    assert sentence in browser.get(path + "/alertes").text


def test_only_side_alerts_do_not_count_as_none(site: Site, told: Told) -> None:
    told(a_synthesis(alerts=(an_alert(side=True),)))
    text = page_of(site).text
    assert "Aucune alerte à voir maintenant" in text
    assert "Aucune alerte calculée" not in text


@pytest.mark.parametrize(
    ("allergies", "none", "sentence"),
    [
        ((), (), "Allergies non renseignées"),
        ((), (a_source(),), "aucune allergie connue (Dr Claire MARTIN, 21 octobre 2026)"),
        ((Allergy(label="Pénicilline", sources=(a_source(),)),), (), "Allergies Pénicilline"),
    ],
    ids=["silence", "none", "some"],
)
def test_silence_about_allergies_is_not_none(
    site: Site, told: Told, allergies: tuple[Allergy, ...], none: tuple[object, ...], sentence: str
) -> None:
    told(a_synthesis(allergies=allergies, no_known_allergy=none))
    assert sentence in words(page_of(site).text)


def test_without_facts_each_zone_says_what_it_has_instead(site: Site, told: Told) -> None:
    titles = some_news(3)
    empty = Synthesis(
        at=AT,
        evaluated_rules=3,
        last_access=datetime(2026, 3, 12, 8, tzinfo=UTC),
        latest_report_titles=titles,
        latest_laboratory_titles=titles,
        latest_prescription_titles=titles,
    )
    told(empty)
    text = page_of(site).text
    said = {
        "problemes": "Derniers comptes rendus : Bilan sanguin",
        "traitements": "Délivrances non transmises. Aucun traitement connu",
        "biologie": "Derniers comptes rendus de biologie : Bilan sanguin",
        "sejours": "Aucun séjour transmis.",
        "imagerie": "Aucun examen d’imagerie transmis.",
        "nouveau": "Rien de nouveau depuis le 12 mars 2026.",
    }
    for name, sentence in said.items():
        shown = re.sub(r"\(document \d+\) ", "", words(zone(text, name)))
        assert sentence in shown, name
    assert "Dernières ordonnances" in text
    assert "Un dossier partagé peut être incomplet." in text


def test_every_proof_goes_to_its_section_and_back_to_itself(site: Site, told: Told) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    entry = someone.receives("Note", someone.note())
    proof = a_source(anchor="29299-5", document=entry.document_id)
    told(a_synthesis(problems=(a_problem(sources=(proof,)),)))
    browser = site.browser("medecin")
    path = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    home = path.headers["location"]
    text = zone(browser.get(home + "/synthese").text, "problemes")
    link = re.search(r'<a class="proof" id="(p\d+)" href="([^"]+)"', text)
    assert link is not None
    assert link[2].endswith(f"{entry.document_id}?de=synthese.{link[1]}#section-29299-5")
    document = browser.get(link[2]).text
    assert f'href="{home}/synthese#{link[1]}">← Synthèse' in document
    assert 'id="section-29299-5"' in document


@pytest.mark.parametrize("asked", ["synthese", "autre.p1", "synthese.p1/../x", "//x.p1"])
def test_a_way_back_leads_to_pages_of_ours_only(site: Site, told: Told, asked: str) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    entry = someone.receives("Note", someone.note())
    browser = site.browser("medecin")
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    home = str(answer.headers["location"])
    text = browser.get(f"{home}/documents/{entry.document_id}", params={"de": asked}).text
    assert f'class="back" href="{home}/documents"' in text


def test_provenance_is_a_word_and_declared_facts_have_no_document(site: Site, told: Told) -> None:
    found = a_source(provenance=Provenance.EXTRACTED)
    told(a_synthesis(problems=(a_problem(sources=(found,)),)))
    text = page_of(site).text
    assert "extrait" in words(zone(text, "problemes"))
    assert "extrait automatiquement (à vérifier)" in words(text)
    assert '<span class="proof"><span aria-hidden="true">✎</span> déclaré</span>' in text


def test_hostile_words_stay_words_on_every_page(site: Site, told: Told) -> None:
    full = a_synthesis()
    hostile = a_source(title=HOSTILE, author=HOSTILE, anchor='"><script>')
    told(
        replace(
            full,
            alerts=(
                an_alert(sentence=HOSTILE, conduct=HOSTILE, mechanism=HOSTILE, edition=HOSTILE),
            ),
            problems=(a_problem(HOSTILE, long_term=HOSTILE, sources=(hostile,)),),
            treatments=tuple(
                replace(one, label=HOSTILE, dosage=HOSTILE, sources=(hostile,))
                for one in full.treatments
            ),
            series=tuple(
                replace(
                    one, label=HOSTILE, points=tuple(p._replace(unit=HOSTILE) for p in one.points)
                )
                for one in some_series()
            ),
            allergies=(Allergy(label=HOSTILE, reaction=HOSTILE, sources=(hostile,)),),
            persons_to_warn=((HOSTILE, HOSTILE, HOSTILE),),
            editions=(f"ANSM {HOSTILE}",),
        )
    )
    browser, path = at(site)
    for end in ("/synthese", "/traitements", "/resultats", "/alertes", "/faits", "/copier", "/vsm"):
        text = browser.get(path + end).text
        assert "<script>alert" not in text and "<img src=x" not in text, end
        assert "&lt;script&gt;" in text, end


def test_a_problem_narrows_the_zones_by_a_mark_that_says_nothing(site: Site, told: Told) -> None:
    thyroid = a_problem("Hypothyroïdie", code=Code("E03", CIM10), since=None)
    told(a_synthesis(problems=(a_problem(), thyroid)))
    browser, path = at(site)
    whole = browser.get(path + "/synthese").text
    links = re.findall(r'href="([^"]+\?probleme=([0-9a-f]{12}))">([^<]+)', whole)
    assert [label for _, _, label in links] == ["Fibrillation atriale", "Hypothyroïdie"]
    narrowed = browser.get(links[1][0]).text
    assert "Vue limitée à :" in narrowed
    assert "Lévothyroxine" in zone(narrowed, "traitements")
    assert "Apixaban" not in zone(narrowed, "traitements")
    assert "TSH" in zone(narrowed, "biologie") and "HbA1c" not in zone(narrowed, "biologie")
    assert zone(narrowed, "alertes").count("<li") == 3, "alerts are never narrowed"
    for name in (
        "sejours",
        "imagerie",
    ):  # what is there and about something else is not said to be absent
        assert "Rien qui s’y rapporte." in zone(narrowed, name)
        assert "transmis" not in zone(narrowed, name)
    unknown = browser.get(path + "/synthese?probleme=000000000000").text
    assert "Vue limitée à" not in unknown


def test_density_is_remembered(site: Site, told: Told) -> None:
    browser, path = at(site)
    assert 'class="compact flat"' in browser.get(path + "/synthese").text
    assert 'class="compact flat dense"' in browser.get(path + "/synthese?affichage=dense").text
    assert 'class="compact flat dense"' in browser.get(path + "/synthese").text
    assert 'class="compact flat"' in browser.get(path + "/synthese?affichage=confort").text


def test_the_text_to_copy_says_the_same_and_no_more(site: Site, told: Told) -> None:
    browser, path = at(site)
    answer = browser.get(path + "/synthese.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    for part in (
        "PROBLÈMES ACTIFS",
        "- Diabète de type 2 : 2008 · ALD 8",
        "- Contre-indication : Spironolactone + ramipril",
        "- HbA1c : 7,9 % (intervalle ≤ 7), 21 octobre 2026",
        "Un dossier partagé peut être incomplet.",
    ):
        assert part in answer.text
    assert "PROBLÈMES ACTIFS" in browser.get(path + "/copier").text
    assert "BIOLOGIE" not in page_of(site, "opticien", "/synthese.txt").text
    assert "HbA1c" not in page_of(site, "opticien", "/synthese.txt").text


def test_a_pharmacist_meets_treatments_first_and_what_is_doubled(site: Site, told: Told) -> None:
    text = page_of(site, "pharmacienne").text
    assert zones(text)[:1] == ["traitements"]
    assert {"alertes", "rein-poids", "vaccins"} <= set(zones(text))
    first = re.findall(r"<li.*?</li>", zone(text, "alertes"), re.DOTALL)[0]
    assert words(first).startswith("Doublon")
    assert "DFG" in zone(text, "rein-poids") and "Poids" in zone(text, "rein-poids")


def test_an_optician_finds_only_what_is_permitted(site: Site, told: Told) -> None:
    browser, path = at(site, "opticien")
    text = browser.get(path + "/synthese").text
    assert zones(text) == ["optique", "vue"]
    for word in ("HbA1c", "Spironolactone", "Metformine", "Diabète", "CHU de Rouen", "ANSM"):
        assert word not in text, word
    lenses, unsaid, orthoptics = re.findall(r"<li.*?</li>", zone(text, "optique"), re.DOTALL)
    assert "Verres correcteurs : valable jusqu’au" in words(lenses)
    assert "S’il s’agit de verres correcteurs : valable jusqu’au" in words(unsaid)
    assert "valable" not in orthoptics
    assert "Fond d’œil" in zone(text, "vue")
    for end in ("/alertes", "/faits", "/traitements", "/resultats", "/copier"):
        shown = browser.get(path + end).text
        for word in ("HbA1c", "Spironolactone", "Metformine", "Diabète", "CHU de Rouen"):
            assert word not in shown, (end, word)


def test_the_regulating_doctor_meets_one_column_in_order_of_need(site: Site, told: Told) -> None:
    someone = Someone(site, birth_date=date(1951, 3, 14)).opens()
    browser = site.browser("regulatrice")
    text = browser.post("/pro/regulation", {"ins": someone.ins.matricule}, page="/pro").text
    assert zones(text)[:6] == [
        "allergies",
        "critiques",
        "problemes",
        "directives",
        "proches",
        "groupe",
    ]
    assert 'class="compact single"' in text
    assert 'href="tel:+33612345678"' in text
    assert "déclaré, à redéterminer avant toute transfusion" in text
    assert "<svg" not in zone(text, "critiques"), "no figure above the fold"
    assert "/vsm" not in text


def test_whoever_may_not_read_finds_no_synthesis(site: Site, told: Told) -> None:
    someone = Someone(site).opens().blocks(OPTICIAN)
    browser = site.browser("opticien")
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    path = str(answer.headers["location"])
    for end in ("/synthese", "/alertes", "/faits", "/copier", "/synthese.txt", "/traitements"):
        assert browser.get(path + end).status_code == 404, end
    secretary = site.browser("secretaire")
    other = Someone(site).opens()
    answer = secretary.post("/pro", {"ins": other.ins.matricule}, follow_redirects=False)
    assert secretary.get(answer.headers["location"] + "/synthese").status_code == 403


def test_a_reading_is_in_the_journal_of_the_holder(site: Site, told: Told) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    browser = site.browser("medecin")
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    browser.get(answer.headers["location"] + "/synthese")
    journal = site.browser(someone.key).get(someone.home + "/acces?quoi=consultations").text
    assert "Anne VASSEUR" in journal


def test_the_problem_of_an_unknown_document_is_no_fault(site: Site, told: Told) -> None:
    told(a_synthesis(problems=(Problem(label="Asthme", sources=(a_source(UUID(int=5).int),)),)))
    assert "Asthme" in page_of(site).text


def test_after_a_prescription_the_receipt_tells_what_it_brings(site: Site, told: Told) -> None:
    browser, path = at(site)
    titled = {
        "type": "57833-6",
        "titre": "Ordonnance",
        "date": "2026-03-02",
        "visibilite": "visible",
    }
    files = {"fichier": ("a.pdf", Someone(site).pdf("Ordonnance"), "application/pdf")}
    receipt = browser.post(path + "/deposer", titled, files=files)
    assert "Aucune interaction trouvée" in receipt.text, "a PDF says nothing in structured form"
    listed = browser.get(path + "/documents").text
    document = re.findall(rf'class="title" href="{path}/documents/([^"]+)"', listed)[0]
    told(a_synthesis(alerts=(an_alert(proofs=(proof_in(UUID(document)),)), an_alert())))
    browser.post(path + "/deposer", titled | {"type": "11488-4"}, files=files)
    again = browser.get(receipt.url.path).text
    assert again.count('<span class="sentence">') == 1, "of this document only"
    assert "Spironolactone + ramipril" in again


def proof_in(document: UUID) -> Proof:
    """What an alert rests on, in this document."""
    return Proof(label="Spironolactone", sources=(a_source(document=document),))
