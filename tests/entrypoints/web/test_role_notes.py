"""Notes of a profession: an intervention, a transmission, a delivery; who writes them, and what they become."""

from __future__ import annotations

import re

import pytest

from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Site
from tests.entrypoints.web.test_chart import patient_of

SAID = {
    "pharmacienne": (
        "intervention",
        "Noter une intervention",
        {
            "probleme": "Ibuprofène demandé sous apixaban",
            "medicaments": "Ibuprofène\nApixaban",
            "intervention": "Refus de délivrance, paracétamol proposé",
            "suite": "Accepté par le patient",
        },
        "Intervention pharmaceutique",
    ),
    "infirmiere": (
        "transmission",
        "Ajouter une transmission",
        {"cible": "Plaie du talon", "donnees": "Bourgeonnante, 2 cm", "actions": "Pansement"},
        "Transmission infirmière",
    ),
    "opticien": (
        "delivrance",
        "Enregistrer la délivrance",
        {"ordonnance": "Du 3 mars 2026", "equipement": "OD −2,25\nOG −2,00"},
        "Délivrance d’un équipement optique",
    ),
}


@pytest.mark.parametrize("who", SAID)
def test_each_profession_deposits_its_own_note(site: Site, who: str) -> None:
    end, offer, texts, title = SAID[who]
    someone = Someone(site).opens()
    browser, path = patient_of(site, someone, who)
    for page in ("/synthese", "/deposer", "/documents"):
        assert f'href="{path}/{end}">{offer}</a>' in browser.get(path + page).text, page
    fields = {"date": "2026-03-02", "visibilite": "visible", **texts}
    preview = browser.post(f"{path}/{end}", {**fields, "etape": "verifier"})
    assert "Rien n’est encore déposé" in preview.text
    done = browser.post(f"{path}/{end}", {**fields, "etape": "deposer"})
    assert "Document déposé" in done.text
    listed = browser.get(path + "/documents").text
    document = re.findall(r'class="title" href="([^"]+)"', listed)[0]
    shown = browser.get(document).text
    for text in (title, *texts.values()):
        assert all(line in shown for line in text.split("\n")), text
    replaced = browser.get(document + "/remplacer")
    assert replaced.url.path == f"{path}/{end}" and "remplacera" in replaced.text


@pytest.mark.parametrize("who", SAID)
def test_no_other_profession_has_the_page(site: Site, who: str) -> None:
    someone = Someone(site).opens()
    browser, path = patient_of(site, someone, who)
    synthesis = browser.get(path + "/synthese").text
    for other, (end, _, texts, _) in SAID.items():
        if other == who:
            continue
        assert browser.get(f"{path}/{end}").status_code == 404, end
        sent = {"date": "2026-03-02", "visibilite": "visible", "etape": "deposer", **texts}
        assert browser.post(f"{path}/{end}", sent, page=path + "/deposer").status_code == 404
        assert f"{path}/{end}" not in synthesis


def test_what_lacks_is_said_and_nothing_typed_is_lost(site: Site) -> None:
    someone = Someone(site).opens()
    browser, path = patient_of(site, someone, "pharmacienne")
    sent = {
        "date": "2026-03-02",
        "visibilite": "visible",
        "probleme": "Doublon",
        "etape": "deposer",
    }
    answer = browser.post(path + "/intervention", sent)
    assert answer.status_code == 400
    assert "Remplissez cette rubrique." in answer.text and "Doublon" in answer.text
