"""The search inside documents on the pages: found, corrected, not found, narrowed, asked wrongly."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from dmp.domain.documents.visibility import Restriction
from tests.entrypoints.web.people import DOCTOR, OPTICIAN, Someone
from tests.entrypoints.web.site import Browser, Site


def _patient(browser: Browser, someone: Someone) -> str:
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    return str(answer.headers["location"])


def _search(browser: Browser, home: str, words: str, more: str = "") -> str:
    return browser.get(f"{home}/recherche?mots={quote(words)}{more}").text


def _marks(text: str) -> list[str]:
    return re.findall(r"<mark>([^<]+)</mark>", text)


def test_she_finds_her_ferritin_with_its_value_even_misspelt(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    someone.receives("Radiographie")
    browser = site.browser(someone.key)
    assert f'action="{someone.home}/recherche"' in browser.get(someone.home + "/documents").text
    for words in ("ferritine", "FERRITINE 9", "fer sérique"):
        text = _search(browser, someone.home, words)
        assert text.count('class="title"') == 1, words
        assert re.search(r"<mark>Ferritine</mark> · (?:<mark>)?9(?:</mark>)? ug/L", text), words
    text = _search(browser, someone.home, "feritine")
    assert "Aucun document ne contient « feritine »" in text
    assert "Essayé aussi : ferritine, fer sérique" in text
    assert "Ferritine" in _marks(text)


def test_nothing_found_says_what_was_tried(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Radiographie")
    text = _search(site.browser(someone.key), someone.home, "ferritine")
    assert "Aucun document ne contient « ferritine »" in text
    assert "Essayé aussi : fer sérique" in text
    assert "Voir la liste des documents" in text


def test_nothing_asked_explains_and_a_wrong_date_is_told_beside_its_field(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    assert "Que cherchez-vous" in browser.get(someone.home + "/recherche").text
    assert "Écrivez au moins un mot" in _search(browser, someone.home, "!?")
    answer = browser.get(someone.home + "/recherche?mots=bilan&du=hier")
    assert answer.status_code == 400
    assert 'id="du-erreur"' in answer.text
    assert 'value="hier"' in answer.text
    assert 'value="bilan"' in answer.text
    wrong = browser.get(someone.home + "/recherche?mots=a&du=2024-02-02&au=2024-02-01")
    assert 'id="au-erreur"' in wrong.text
    for query in ("categorie=RIEN", "etat=rien", "page=0", "page=x"):
        assert browser.get(f"{someone.home}/recherche?mots=a&{query}").status_code == 400


def test_categories_authors_and_periods_narrow(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Bilan sanguin", type_code="11502-2", days_ago=400)
    someone.receives("Bilan de santé", by=OPTICIAN, type_code="57833-6")
    browser = site.browser(someone.key)
    assert _search(browser, someone.home, "bilan").count('class="title"') == 2
    chips = _search(browser, someone.home, "bilan")
    assert re.search(r'Analyses <span class="count">1<', chips)
    for more in ("&categorie=BIOLOGIE", "&au=01/01/2026", "&au=2026-01-01"):
        text = _search(browser, someone.home, "bilan", more)
        assert text.count('class="title"') == 1, more
        assert "sanguin" in text
    assert _search(browser, someone.home, "bilan", "&auteur=personne").count('class="title"') == 0


def test_long_lists_of_results_have_pages(site: Site) -> None:
    someone = Someone(site).opens()
    for number in range(27):
        someone.receives(f"Bilan {number}")
    browser = site.browser(someone.key)
    first = _search(browser, someone.home, "bilan")
    assert first.count('class="title"') == 25
    assert "page=2" in first
    second = _search(browser, someone.home, "bilan", "&page=2")
    assert second.count('class="title"') == 2
    assert "Résultats précédents" in second


def test_what_is_typed_and_what_is_found_are_text_and_nothing_else(site: Site) -> None:
    someone = Someone(site).opens()
    hostile = '"><script>alert(1)</script>'
    someone.receives(f"Bilan {hostile}", someone.pdf("Bilan", f"Bilan {hostile} normal"))
    text = _search(site.browser(someone.key), someone.home, f"bilan {hostile}")
    assert "<script>alert" not in text
    assert text.count('class="title"') == 1


def test_a_doctor_searches_and_what_is_masked_leaves_no_hint(site: Site) -> None:
    pages = []
    masked = frozenset({Restriction.MASKED})
    for is_masked_there in (True, False):
        someone = Someone(site).opens().agrees(DOCTOR)
        someone.receives("Bilan", someone.pdf("Bilan", "Ferritine : 45"), days_ago=2)
        if is_masked_there:
            content = someone.pdf("Suivi", "Ferritine, psychiatrie, bilan")
            someone.receives("Suivi", content, restrictions=masked, by=OPTICIAN)
        browser = site.browser("medecin")
        path = _patient(browser, someone)
        text = "".join(
            _search(browser, path, words)
            for words in ("ferritine", "psychiatrie", "psychiatrje", "bilan suivi")
        )
        matricule = re.escape(someone.ins.matricule)
        for pattern in (
            re.escape(path), r"[0-9a-f-]{36}", r", [0-9a-f]{4}</span>", r'nonce="[^"]+"',
            r'value="[\w.-]{20,}"', r'class="number">[^<]+', matricule, r"\d{4}-\d\d-\d\d",
        ):  # fmt: skip
            text = re.sub(pattern, "", text)
        pages.append(text)
    assert "45" in pages[0]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("who", ["remplacante", "opticien"])
def test_who_has_no_agreement_is_led_to_ask_for_it(site: Site, who: str) -> None:
    someone = Someone(site).opens()
    someone.receives("Bilan")
    browser = site.browser(who)
    if who == "remplacante":
        browser.post("/pro/situation", {"lieu": "0"})
    path = _patient(browser, someone).removesuffix("/acces")
    answer = browser.get(path + "/recherche?mots=bilan")
    assert answer.url.path.endswith("/acces")
    assert "<mark>" not in answer.text


def test_another_person_is_not_let_into_a_record(site: Site) -> None:
    someone, other = Someone(site).opens(), Someone(site).opens()
    someone.receives("Bilan")
    browser = site.browser(other.key)
    for query in ("", "?mots=bilan", "?mots=bilan&du=hier"):
        answer = browser.get(someone.home + "/recherche" + query)
        assert answer.status_code == 404
        assert "Bilan" not in answer.text
