"""At the counter: desks and pharmacies."""

from __future__ import annotations

from uuid import UUID

import pytest

from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.domain.identifiers import RecordId
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site

IDENTITY = "/guichet/identite"


def identity(someone: Someone, **changes: str) -> dict[str, str]:
    """What is typed from a paper of identity."""
    return {
        "ins": someone.ins.grouped,
        "nom": someone.traits.birth_name,
        "prenoms": someone.traits.given_names,
        "sexe": someone.traits.sex.value,
        "naissance": someone.traits.birth_date.isoformat(),
        "piece": "carte-identite",
        **changes,
    }


def at_the_counter(browser: Browser, someone: Someone, **changes: str) -> str:
    """The address of the person's pages."""
    answer = browser.post(IDENTITY, identity(someone, **changes), follow_redirects=False)
    assert answer.status_code == 303
    return str(answer.headers["location"])


@pytest.mark.parametrize("who", ["agent", "pharmacienne"])
def test_a_record_is_opened_once_with_consent_and_a_receipt(site: Site, who: str) -> None:
    someone = Someone(site)
    browser = site.browser(who)
    path = at_the_counter(browser, someone)
    assert "Cette personne n’a pas de dossier" in browser.get(path).text
    assert browser.post(path + "/ouvrir", {"accord": "oral"}).status_code == 400
    fields = {
        **browser.form(path + "/ouvrir"),
        "accord": "oral",
        "information": "oui",
        "homonyme": "oui",
    }
    answers = [
        browser.http.post(path + "/ouvrir", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
        for _ in range(2)
    ]
    assert answers[0].url == answers[1].url
    assert "Dossier ouvert" in answers[0].text and "Reçu" in answers[0].text
    assert "Bonjour" in site.browser(someone.key).get("/espace").text
    holder = site.browser(someone.key)
    home = holder.get("/espace")
    channel = "guichet" if who == "agent" else "pharmacie"
    assert channel in home.text
    assert "a ouvert votre dossier" in holder.get(home.url.path + "/acces").text
    record_id = RecordId(UUID(home.url.path.rpartition("/")[2]))
    page = site.do(read_traces, ReadTraces(record_id=record_id), someone.caller)
    assert [trace.act for trace in page.traces].count("open-record") == 1


def test_differing_traits_stop_everything(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, someone, nom="Autre", naissance="1980-01-01")
    page = browser.get(path).text
    assert "ne correspond pas à celle du dossier" in page
    assert page.count("✕ Différent") == 2
    assert "Clôturer" not in page
    answer = browser.get(path + "/cloturer")
    assert answer.url.path == path


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ins": "279035121518988"}, "la clé est 89"),
        ({"nom": ""}, "Saisissez le nom de naissance"),
        ({"prenoms": ""}, "au moins le premier prénom"),
        ({"sexe": "X"}, "Choisissez le sexe"),
        ({"naissance": "31/02/1980"}, "Saisissez la date de naissance"),
        ({"naissance": "2999-01-01"}, "ne peut pas être à venir"),
        ({"lieu": "Paris"}, "Le code du lieu a 5 caractères"),
        ({"piece": ""}, "Choisissez la pièce d’identité"),
    ],
)
def test_a_wrong_identity_says_what_to_change_and_keeps_the_rest(
    site: Site, changes: dict[str, str], sentence: str
) -> None:
    someone = Someone(site)
    answer = site.browser("agent").post(IDENTITY, identity(someone, **changes))
    assert answer.status_code == 400
    assert sentence in answer.text
    if "prenoms" not in changes:
        assert 'value="Camille Jeanne"' in answer.text


def test_an_agent_closes_reactivates_informs_and_records_an_opposition(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    assert browser.post(path + "/cloturer", {"confirmation": "oui"}).status_code == 400
    closed = browser.post(path + "/cloturer", {"confirmation": "oui", "motif": "holder-request"})
    assert "Dossier clôturé" in closed.text
    assert "Dossier clôturé" in browser.get(path).text
    again = browser.post(path + "/reactiver", {"accord": "ecrit", "information": "oui"})
    assert "Accord écrit" in again.text
    told = at_the_counter(browser, Someone(site))
    assert (
        "Information enregistrée" in browser.post(told + "/informer", {"confirmation": "oui"}).text
    )
    assert "il s’ouvrira le" in browser.get(told).text
    assert "Opposition enregistrée" in browser.post(told + "/refuser", {"confirmation": "oui"}).text


def test_a_pharmacist_neither_closes_nor_refuses(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("pharmacienne")
    path = at_the_counter(browser, someone)
    page = browser.get(path).text
    assert "Clôturer" not in page
    assert browser.get(path + "/cloturer").url.path == path
    assert browser.get(path + "/inconnu").status_code == 404


def test_a_receipt_of_another_agent_is_nothing(site: Site) -> None:
    someone = Someone(site)
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    consent = {"accord": "oral", "information": "oui", "homonyme": "oui"}
    receipt = browser.post(path + "/ouvrir", consent)
    assert site.browser("pharmacienne").get(receipt.url.path).status_code == 404


HEIR = {
    "demandeur": "Paul Delorme",
    "lien": "heritier",
    "preuves": "Acte de décès, acte de notoriété",
    "finalite": "memory",
    "pieces": "oui",
}


def test_a_request_of_heirs_is_filed_after_a_death_only(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("agent")
    path = at_the_counter(browser, someone)
    assert "ayants-droit" not in browser.get(path).text
    assert browser.get(path + "/ayants-droit").url.path == path
    browser.post(path + "/cloturer", {"confirmation": "oui", "motif": "holder-request"})
    assert "ayants-droit" not in browser.get(path).text
    browser.post(path + "/reactiver", {"accord": "oral", "information": "oui", "homonyme": "oui"})
    browser.post(path + "/cloturer", {"confirmation": "oui", "motif": "death"})
    assert "Demande d’un ayant droit" in browser.get(path).text
    for field in HEIR:
        wrong = browser.post(path + "/ayants-droit", {**HEIR, field: ""})
        assert wrong.status_code == 400 and f'id="{field}-erreur"' in wrong.text
    done = browser.post(path + "/ayants-droit", HEIR)
    assert "Demande d’un ayant droit enregistrée" in done.text and "Paul Delorme" in done.text
    pharmacist = site.browser("pharmacienne")
    there = at_the_counter(pharmacist, someone)
    assert "ayants-droit" not in pharmacist.get(there).text
    assert pharmacist.get(there + "/ayants-droit").status_code == 404
