"""A counter's day: operations, the letter with the code, the statement; and what must not be possible there."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_counter import at_the_counter

OPENING = {"accord": "oral", "information": "oui", "homonyme": "oui"}


def counted(browser: Browser) -> int:
    """How many openings the statement of this month counts."""
    sheet = browser.get("/guichet/releve.csv").text
    return int(re.findall(r'"Total";"(\d+)"', sheet)[0])


def letter_of(browser: Browser, path: str) -> str:
    """Issue a letter and read its code."""
    page = browser.post(path + "/code", {"present": "oui"})
    assert page.url.path == path + "/lettre"
    return str(re.findall(r"<strong>(\w{5}-\w{5})</strong>", page.text)[0])


def test_a_pharmacy_is_paid_once_also_when_the_form_is_sent_twice(site: Site) -> None:
    someone = Someone(site)
    browser = site.browser("pharmacienne")
    before = counted(browser)
    path = at_the_counter(browser, someone)
    fields = {**browser.form(path + "/ouvrir"), **OPENING}
    headers = {"Sec-Fetch-Site": "same-origin"}
    for _ in range(2):
        browser.http.post(path + "/ouvrir", data=fields, headers=headers)
    assert counted(browser) == before + 1
    page = browser.get(path).text
    assert "est déjà ouvert depuis le" in page and "0 €" in page
    assert browser.post(path + "/ouvrir", OPENING, page=path + "/code").url.path == path
    assert counted(browser) == before + 1
    agent = site.browser("agent")
    there = at_the_counter(agent, someone)
    assert "0 €" not in agent.get(there).text
    agent.post(there + "/cloturer", {"confirmation": "oui", "motif": "holder-request"})
    again = browser.post(path + "/reactiver", OPENING)
    assert "Dossier réactivé" in again.text
    assert counted(browser) == before + 1


def test_the_statement_is_the_pharmacys_own_and_says_when_it_is_empty(site: Site) -> None:
    browser = site.browser("pharmacienne")
    path = at_the_counter(browser, Someone(site))
    browser.post(path + "/ouvrir", OPENING)
    page = browser.get("/guichet/releve").text
    assert re.search(r"ouvertures? à 1,00\xa0€", page)
    assert "0 ouverture ce mois" in browser.get("/guichet/releve?mois=2020-01").text
    csv = browser.get("/guichet/releve.csv?mois=2020-01")
    assert csv.headers["content-disposition"].startswith('attachment; filename="ouvertures-2020')
    assert '"Total";"0"' in csv.text
    for wrong in ("hier", "2020-13", "2020"):
        assert browser.get(f"/guichet/releve?mois={wrong}").status_code == 400
    agent = site.browser("agent")
    assert "releve" not in agent.get("/guichet").text
    assert agent.get("/guichet/releve").status_code == 403
    assert agent.get("/guichet/releve.csv").status_code == 403


def test_the_operations_of_the_day_name_nobody_beyond_the_session(site: Site) -> None:
    someone = Someone(site, birth_name="Xavelin")
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    browser.post(path + "/ouvrir", OPENING)
    home = browser.get("/guichet").text
    assert "Dossier ouvert · C. X." in home and "Revoir le reçu" in home
    assert "Xavelin" not in home and someone.ins.matricule not in home
    receipt = re.findall(r'href="(/guichet/recus/[^"]+)"', home)[0]
    assert "XAVELIN" in browser.get(receipt).text
    later = site.browser("agent").get("/guichet").text
    assert "Dossier ouvert" in later and "C. X." not in later and "/recus/" not in later


def test_a_new_agent_has_done_nothing_today(site: Site) -> None:
    site.professionals.people["agent-neuf"] = {
        **site.professionals.people["agent"],
        "SubjectNameID": "3750000069/78",
    }
    assert "Aucune opération aujourd’hui" in site.browser("agent-neuf").get("/guichet").text


def test_the_letter_is_shown_once_and_its_code_stands_in_no_address(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    assert browser.post(path + "/code").status_code == 400
    page = browser.post(path + "/code", {"present": "oui"})
    code = re.findall(r"<strong>(\w{5}-\w{5})</strong>", page.text)[0]
    assert code not in str(page.url) and code.replace("-", "") not in str(page.url)
    for words in ("Valable jusqu’au", "date de naissance", "clôturer votre dossier", "/aide"):
        assert words in page.text
    again = browser.get(path + "/lettre")
    assert again.status_code == 410
    assert code not in again.text and "a déjà été montrée" in again.text
    assert letter_of(browser, path) != code
    journal = site.browser(someone.key).get(someone.home + "/acces").text
    assert "lettre avec un code d’accès" in journal


def test_a_letter_sent_twice_is_one_letter(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    fields = {**browser.form(path + "/code"), "present": "oui"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    first, second = (
        browser.http.post(path + "/code", data=fields, headers=headers) for _ in range(2)
    )
    assert first.status_code == 200 and second.status_code == 410
    journal = site.browser(someone.key).get(someone.home + "/acces").text
    assert "a remis une lettre" in journal and "(2 fois)" not in journal


def test_the_letter_of_one_person_is_not_shown_as_anothers(site: Site) -> None:
    one, other = Someone(site).opens(), Someone(site).opens()
    browser = site.browser("agent")
    path, there = at_the_counter(browser, one), at_the_counter(browser, other)
    fields = {**browser.form(path + "/code"), "present": "oui"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    browser.http.post(path + "/code", data=fields, headers=headers, follow_redirects=False)
    assert browser.get(there + "/lettre").status_code == 410
    assert browser.get(path + "/lettre").status_code == 200


@pytest.mark.parametrize("end", ["", "/code", "/lettre", "/ouvrir"])
def test_a_forged_or_borrowed_reference_is_nobody(site: Site, end: str) -> None:
    someone = Someone(site).opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    assert browser.get(path[:-1] + ("A" if path[-1] != "A" else "B") + end).status_code == 404
    assert site.browser("pharmacienne").get(path + end).status_code == 404


def test_no_letter_for_a_minor_a_closed_record_or_other_traits(site: Site) -> None:
    minor = Someone(site, birth_date=Someone(site).traits.birth_date.replace(year=2015)).opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, minor)
    assert "/code" not in browser.get(path).text
    assert browser.get(path + "/code").url.path == path
    someone = Someone(site).opens()
    wrong = at_the_counter(browser, someone, nom="Autre")
    assert browser.get(wrong + "/code").url.path == wrong
    there = at_the_counter(browser, Someone(site))
    assert browser.get(there + "/code").url.path == there


def test_a_desk_agent_reads_nothing(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Secret du dossier")
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    assert "Secret du dossier" not in browser.get(path).text
    assert browser.get("/pro").status_code == 403
    for address in (
        someone.home,
        someone.home + "/documents",
        path.replace("/guichet/personnes", "/pro/patients") + "/synthese",
        path.replace("/guichet/personnes", "/pro/patients") + "/documents",
    ):
        assert browser.get(address).status_code in (403, 404)


def test_a_professional_of_care_has_no_counter(site: Site) -> None:
    browser = site.browser("medecin")
    for address in ("/guichet", "/guichet/releve", "/guichet/information"):
        assert browser.get(address).status_code == 403


def test_the_information_is_in_plain_words_and_about_nobody(site: Site) -> None:
    someone = Someone(site)
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    assert 'href="/guichet/information"' in browser.get(path + "/ouvrir").text
    page = browser.get("/guichet/information").text
    assert "Qui peut le lire" in page and someone.traits.birth_name not in page


def test_the_history_of_a_record_is_told_without_names(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    browser.post(path + "/cloturer", {"confirmation": "oui", "motif": "holder-request"})
    page = browser.get(path).text
    history = page.partition("Historique")[2]
    assert "dossier ouvert" in history and "dossier clôturé" in history
    assert "Sami" not in history.partition("</details>")[0]


def enters(site: Site, code: str, birth_date: str) -> Any:
    """Somebody at home types the code of a letter."""
    return site.browser().post("/connexion/code", {"code": code, "naissance": birth_date})


def test_the_letter_lets_its_person_in_once_and_nobody_else(site: Site) -> None:
    someone = Someone(site, birth_name="Lettrier").opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    old = letter_of(browser, path)
    code = letter_of(browser, path)
    born = someone.traits.birth_date.isoformat()
    assert enters(site, old, born).status_code == 401
    assert enters(site, code, "1990-01-01").status_code == 401
    assert enters(site, "AAAAA-AAAAA", born).status_code == 401
    inside = enters(site, code, born)
    assert inside.status_code == 200 and someone.home in str(inside.url)
    assert enters(site, code, born).status_code == 401


def test_three_wrong_birth_dates_end_a_letter(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("agent")
    code = letter_of(browser, at_the_counter(browser, someone))
    for year in (1980, 1981, 1982):
        assert enters(site, code, f"{year}-01-01").status_code == 401
    assert enters(site, code, someone.traits.birth_date.isoformat()).status_code == 401
