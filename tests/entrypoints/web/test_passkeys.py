"""Passkeys of holders: added, used, revoked; and every way to use one that is not one's own."""

from __future__ import annotations

import html
import json
import re
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.domain.record.health_record import ClosingMotive
from tests.entrypoints.web.authenticator import PRESENT, Device, octets_of, text_of
from tests.entrypoints.web.people import OPERATOR, Someone
from tests.entrypoints.web.site import Browser, Site

LOGIN = "/connexion/cle"
_ASKED = re.compile(r'data-asked="([^"]+)"')


def asked(page: str) -> str:
    """What the ceremony of a page asks."""
    return html.unescape(_ASKED.findall(page)[-1])


def with_key(site: Site, someone: Someone, name: str = "Mon téléphone") -> Device:
    """A device with a passkey that its holder added."""
    device = Device(site.address)
    browser = site.browser(someone.key)
    added = adds(browser, someone, device, name)
    assert added.status_code == 200 and "La clé d’accès est ajoutée" in added.text
    return device


def adds(
    browser: Browser, someone: Someone, device: Device, name: str, **lies: Any
) -> httpx.Response:
    """Add a passkey, as the page does it."""
    path = f"{someone.home}/compte/cle"
    page = browser.get(path).text
    return sent(browser, path, page, device.creates(asked(page), **lies), nom=name)


def sent(browser: Browser, path: str, page: str, answer: str, **more: str) -> httpx.Response:
    """Send the form of a ceremony, without opening its page again."""
    fields = {
        "jeton": re.findall(r'name="jeton" value="([^"]+)"', page)[-1],
        "cle": re.findall(r'name="cle" value="([^"]+)"', page)[-1],
        "reponse": answer,
        **more,
    }
    headers = {"Origin": browser.site.address, "Sec-Fetch-Site": "same-origin"}
    return browser.http.post(path, data=fields, headers=headers)


def enters(browser: Browser, device: Device, **lies: Any) -> httpx.Response:
    """Log in with the passkey of a device."""
    page = browser.get(LOGIN).text
    return sent(browser, LOGIN, page, device.proves(asked(page), **lies))


def test_a_holder_comes_back_with_her_passkey(site: Site) -> None:
    someone = Someone(site).opens()
    device = with_key(site, someone)
    browser = site.browser()
    arrived = enters(browser, device)
    assert arrived.url.path == someone.home
    assert "Dernière connexion le" in arrived.text
    account = browser.get(f"{someone.home}/compte").text
    assert "Mon téléphone" in account and "dernière utilisation le" in account
    assert "avec une clé d’accès" in account and "avec votre identité numérique" in account
    own = browser.get(f"{someone.home}/acces?qui=tous").text
    assert "a ouvert une session avec une clé d’accès à votre dossier" in own
    assert "avez ajouté une clé d’accès" in own


def test_what_the_browser_is_asked_is_strict(site: Site) -> None:
    someone = Someone(site).opens()
    page = site.browser(someone.key).get(f"{someone.home}/compte/cle").text
    create = json.loads(asked(page))
    selection = create["authenticatorSelection"]
    assert selection["residentKey"] == selection["userVerification"] == "required"
    assert create["attestation"] == "none" and create["rp"]["id"] == "127.0.0.1"
    assert len(octets_of(create["challenge"])) == 32
    assert someone.ins.matricule not in page.replace(" ", "")
    get = json.loads(asked(site.browser().get(LOGIN).text))
    assert get["userVerification"] == "required" and get["allowCredentials"] == []


def test_the_handle_says_nothing_and_is_the_same_for_every_key_of_a_person(site: Site) -> None:
    someone = Someone(site).opens()
    first, second = with_key(site, someone), with_key(site, someone, "Ordinateur")
    assert first.handle == second.handle and len(octets_of(first.handle)) == 32
    assert with_key(site, Someone(site).opens()).handle != first.handle
    path = f"{someone.home}/compte/cle"
    excluded = json.loads(asked(site.browser(someone.key).get(path).text))["excludeCredentials"]
    ids = {text_of(first.credential_id), text_of(second.credential_id)}
    assert {one["id"] for one in excluded} == ids


@pytest.mark.parametrize(
    "lies",
    [
        {"origin": "https://ailleurs.example"},
        {"rp_id": "ailleurs.example"},
        {"challenge": text_of(b"c" * 32)},
        {"type": "webauthn.create"},
        {"flags": PRESENT},
        {"flags": 0},
        {"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"},
        {"handle": text_of(b"h" * 32)},
        {"handle": ""},
    ],
    ids=lambda lies: "-".join(f"{name}-{str(value)[:12]}" for name, value in lies.items()),
)
def test_a_false_proof_opens_nothing(site: Site, lies: dict[str, Any]) -> None:
    someone = Someone(site).opens()
    device = with_key(site, someone)
    browser = site.browser()
    refused = enters(browser, device, **lies)
    assert refused.status_code == 401 and "n’a pas été reconnue" in refused.text
    assert browser.get(someone.home).url.path == "/connexion"


def test_a_counter_that_goes_back_is_a_copy(site: Site) -> None:
    someone = Someone(site).opens()
    device = with_key(site, someone)
    device.count = 6
    assert enters(site.browser(), device).url.path == someone.home
    assert enters(site.browser(), device, count=7).status_code == 401
    assert enters(site.browser(), device, count=3).status_code == 401
    assert enters(site.browser(), device).url.path == someone.home


def test_a_device_that_counts_nothing_is_taken(site: Site) -> None:
    someone = Someone(site).opens()
    device = with_key(site, someone)
    device.counts, device.count = False, 0
    assert enters(site.browser(), device).url.path == someone.home
    assert enters(site.browser(), device).url.path == someone.home


def test_a_proof_is_used_once(site: Site) -> None:
    someone = Someone(site).opens()
    device = with_key(site, someone)
    device.counts = False
    browser = site.browser()
    page = browser.get(LOGIN).text
    proof = device.proves(asked(page))
    assert sent(browser, LOGIN, page, proof).url.path == someone.home
    other = site.browser()
    fresh = other.get(LOGIN).text
    assert sent(other, LOGIN, fresh, proof).status_code == 401
    # The session of the first login is another one now; its form is no longer its own.
    assert sent(browser, LOGIN, page, proof).status_code == 403


def test_a_challenge_that_failed_once_is_spent(site: Site) -> None:
    someone = Someone(site).opens()
    device = with_key(site, someone)
    browser = site.browser()
    page = browser.get(LOGIN).text
    good = device.proves(asked(page))
    spoiled = device.proves(asked(page), handle=text_of(b"h" * 32))
    failed = sent(browser, LOGIN, page, spoiled)
    assert failed.status_code == 401
    assert sent(browser, LOGIN, failed.text, good).status_code == 401


def test_a_challenge_of_another_session_is_worth_nothing(site: Site) -> None:
    someone = Someone(site).opens()
    device = with_key(site, someone)
    theirs, mine = site.browser(), site.browser()
    proof = device.proves(asked(theirs.get(LOGIN).text))
    assert sent(mine, LOGIN, mine.get(LOGIN).text, proof).status_code == 401


def test_a_challenge_runs_out(site: Site) -> None:
    someone = Someone(site).opens()
    device = with_key(site, someone)
    browser = site.browser()
    page = browser.get(LOGIN).text
    with site.later(timedelta(minutes=6)):
        assert sent(browser, LOGIN, page, device.proves(asked(page))).status_code == 401


def test_a_challenge_of_a_login_adds_no_key(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    adding = browser.get(f"{someone.home}/compte/cle").text
    login = browser.get(LOGIN).text
    device = Device(site.address)
    options = json.loads(asked(adding)) | {"challenge": json.loads(asked(login))["challenge"]}
    answer = device.creates(json.dumps(options))
    refused = sent(browser, f"{someone.home}/compte/cle", adding, answer)
    assert refused.status_code == 400 and "n’a pas pu être ajoutée" in refused.text


@pytest.mark.parametrize(
    "lies", [{"origin": "https://ailleurs.example"}, {"flags": PRESENT}, {"type": "webauthn.get"}]
)
def test_a_false_registration_adds_nothing(site: Site, lies: dict[str, Any]) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    refused = adds(browser, someone, Device(site.address), "Téléphone", **lies)
    assert refused.status_code == 400
    assert 'value="Téléphone"' in refused.text
    assert "Aucune clé d’accès" in browser.get(f"{someone.home}/compte").text


@pytest.mark.parametrize("answer", ["", "{}", "[]", "nul", '{"id":1}', "x" * 20_000, "[" * 9_000])
def test_nonsense_is_refused_like_a_false_proof(site: Site, answer: str) -> None:
    browser = site.browser()
    assert sent(browser, LOGIN, browser.get(LOGIN).text, answer).status_code == 401


def test_a_revoked_key_opens_nothing_at_once(site: Site) -> None:
    someone = Someone(site).opens()
    device = with_key(site, someone)
    browser = site.browser(someone.key)
    account = browser.get(f"{someone.home}/compte").text
    key = re.findall(r'name="cle_acces" value="([^"]+)"', account)[0]
    page = f"{someone.home}/compte"
    gone = browser.post(page + "/cle/retirer", {"cle_acces": key}, page=page)
    assert "n’ouvre plus rien" in gone.text and "Aucune clé d’accès" in gone.text
    assert enters(site.browser(), device).status_code == 401
    notices = browser.get(f"{someone.home}/notifications").text
    assert "clé d’accès à votre dossier a été ajoutée" in notices
    assert "clé d’accès à votre dossier a été retirée" in notices


def test_a_key_is_revoked_by_its_owner_alone(site: Site) -> None:
    mine, theirs = Someone(site).opens(), Someone(site).opens()
    with_key(site, theirs)
    account = site.browser(theirs.key).get(f"{theirs.home}/compte").text
    key = re.findall(r'name="cle_acces" value="([^"]+)"', account)[0]
    browser = site.browser(mine.key)
    own = f"{mine.home}/compte"
    stolen = {"cle_acces": key}
    assert browser.post(own + "/cle/retirer", stolen, page=own + "/cle").status_code == 409
    form = browser.form(own + "/cle")
    answer = browser.http.post(
        f"{theirs.home}/compte/cle/retirer",
        data={**form, **stolen},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 403
    assert browser.get(f"{theirs.home}/compte").status_code == 404


def test_the_same_key_is_not_added_twice(site: Site) -> None:
    first, second = Someone(site).opens(), Someone(site).opens()
    device = with_key(site, first)
    again = adds(site.browser(second.key), second, device, "La même")
    assert again.status_code == 400
    assert "Aucune clé d’accès" in site.browser(second.key).get(f"{second.home}/compte").text


def test_a_closed_record_is_entered_to_reopen_it_and_that_of_the_dead_is_not(site: Site) -> None:
    closed, dead = Someone(site).opens(), Someone(site).opens()
    devices = [with_key(site, one) for one in (closed, dead)]
    assert closed.record is not None and dead.record is not None
    site.do(close_record, CloseRecord(record_id=closed.record.record_id), closed.caller)
    request = CloseRecord(record_id=dead.record.record_id, motive=ClosingMotive.DEATH)
    site.do(close_record, request, OPERATOR)
    arrived = enters(site.browser(), devices[0])
    assert arrived.url.path == closed.home and "clôturé" in arrived.text
    assert enters(site.browser(), devices[1]).status_code == 401


def test_a_parent_has_no_account_in_her_childs_record(site: Site) -> None:
    parent = Someone(site).opens()
    child = Someone(site, given_names="Zoé", birth_date=date(2018, 5, 4)).opens()
    child.is_child_of(parent)
    assert site.browser(parent.key).get(f"{child.home}/compte").status_code == 403


def test_without_javascript_the_page_says_what_to_do(site: Site) -> None:
    page = site.browser().get(LOGIN).text
    assert "demande un navigateur récent, avec JavaScript" in page
    assert re.search(r'<form[^>]* data-passkey="get"[^>]* hidden>', page)
    assert 'href="/connexion"' in page


def test_a_login_from_another_site_is_refused(site: Site) -> None:
    browser = site.browser()
    page = browser.get(LOGIN).text
    answer = browser.http.post(
        LOGIN,
        data={"jeton": re.findall(r'name="jeton" value="([^"]+)"', page)[0], "reponse": "{}"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
