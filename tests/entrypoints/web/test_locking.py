"""A professional's session that is locked: nothing is shown or done, in no tab, until it is unlocked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from dmp.acts.login.unlocking import (
    ChoosePin,
    ReadUnlocking,
    RevokeUnlockKey,
    choose_pin,
    read_unlocking,
    revoke_unlock_key,
)
from tests.builders import a_caller
from tests.entrypoints.web.authenticator import Device
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_passkeys import asked, sent
from tests.entrypoints.web.test_professional import found

PIN = "7294"
LOCKED = "/pro/verrouille"


@pytest.fixture(autouse=True)
def nothing_unlocks(site: Site) -> Iterator[None]:
    """The doctor of the other tests has neither a PIN nor a key, before and after."""
    yield
    caller = a_caller(DOCTOR)
    site.do(choose_pin, ChoosePin(pin="", salt=""), caller)
    for key in site.do(read_unlocking, ReadUnlocking(), caller).passkeys:
        site.do(revoke_unlock_key, RevokeUnlockKey(passkey_id=key.slip_id), caller)


def chooses(browser: Browser, pin: str, again: str = "") -> httpx.Response:
    """Choose a PIN on the page of the settings."""
    fields = {"nouveau": pin, "confirmation": again or pin}
    return browser.post("/pro/parametres/code", fields, page="/pro/parametres")


def at_a_patient(site: Site) -> tuple[Browser, str]:
    """A doctor with a PIN, on the synthesis of a patient."""
    someone = Someone(site, birth_name="Verroux").opens().agrees(DOCTOR)
    browser = site.browser("medecin")
    assert "enregistré" in chooses(browser, PIN).text
    path = found(browser, someone) + "/synthese"
    assert "VERROUX" in browser.get(path).text
    return browser, path


def locks(browser: Browser, page: str = "/pro") -> httpx.Response:
    """Press « Verrouiller » on a page."""
    return browser.post("/pro/verrouiller", {"page": page}, page=page)


def test_locked_nothing_of_the_patient_is_shown_and_the_pin_leads_back(site: Site) -> None:
    browser, path = at_a_patient(site)
    locked = locks(browser, path)
    assert locked.url.path == LOCKED and "VERROUX" not in locked.text
    assert path not in locked.text.replace("%2F", "/").partition("<main")[0]
    for address in (path, "/pro", "/pro/parametres", path + "?de=x"):
        answer = browser.get(address)
        assert answer.url.path == LOCKED and "VERROUX" not in answer.text
    browser.get(path)
    back = browser.post(LOCKED, {"code": PIN})
    assert back.url.path == path and "VERROUX" in back.text


def test_two_tabs_are_both_locked(site: Site) -> None:
    browser, path = at_a_patient(site)
    other = site.client(browser.http.cookies["dmp"], follow_redirects=True)
    assert "VERROUX" in other.get(path).text
    locks(browser)
    assert "VERROUX" not in other.get(path).text
    browser.post(LOCKED, {"code": PIN})
    assert "VERROUX" in other.get(path).text


def test_a_form_sent_while_locked_does_nothing(site: Site) -> None:
    browser, path = at_a_patient(site)
    form = browser.form("/pro/parametres")
    locks(browser)
    headers = {"Sec-Fetch-Site": "same-origin"}
    changed = {**form, "nouveau": "8351", "confirmation": "8351"}
    answer = browser.http.post("/pro/parametres/code", data=changed, headers=headers)
    assert answer.url.path == LOCKED
    assert browser.post(LOCKED, {"code": "8351"}).status_code == 401
    assert browser.post(LOCKED, {"code": PIN}).status_code == 200
    locks(browser)
    search = browser.http.post("/pro", data={**form, "ins": "x"}, headers=headers)
    assert search.url.path == LOCKED
    assert path.startswith("/pro/patients/")


def test_three_wrong_pins_end_the_session(site: Site) -> None:
    browser, path = at_a_patient(site)
    locks(browser)
    answers = [browser.post(LOCKED, {"code": wrong}) for wrong in ("1357", "", "abcd")]
    assert [answer.status_code for answer in answers] == [401, 401, 200]
    assert "Essais restants : 2" in answers[0].text
    assert answers[2].url.path == "/pro/connexion"
    assert "la session est terminée" in answers[2].text
    assert browser.get(path).url.path == "/pro/connexion"


def test_a_session_locks_by_itself_and_lives_on(site: Site) -> None:
    browser, path = at_a_patient(site)
    with site.later(timedelta(minutes=11)):
        assert browser.get(path).url.path == LOCKED
        assert browser.get("/session").status_code == 401
        assert browser.post(LOCKED, {"code": PIN}).url.path == path
        assert "VERROUX" in browser.get(path).text
    with site.later(timedelta(minutes=50)):
        assert browser.get(path).url.path == "/pro/connexion"


def test_the_timer_of_a_page_unlocks_nothing(site: Site) -> None:
    browser, path = at_a_patient(site)
    with site.later(timedelta(minutes=11)):
        assert browser.get("/session").status_code == 401
        assert browser.get(path).url.path == LOCKED


def test_without_a_means_to_unlock_a_session_ends_as_before(site: Site) -> None:
    browser = site.browser("medecin")
    locked = locks(browser)
    assert "ni code ni clé d’accès" in locked.text and "S’identifier de nouveau" in locked.text
    with site.later(timedelta(minutes=11)):
        assert browser.get("/pro").url.path == "/pro/connexion"


def test_a_passkey_unlocks(site: Site) -> None:
    browser, path = at_a_patient(site)
    device = Device(site.address)
    page = browser.get("/pro/parametres/cle").text
    added = sent(browser, "/pro/parametres/cle", page, device.creates(asked(page)), nom="Badge")
    assert "Badge" in added.text
    locked = locks(browser, path).text
    stranger = Device(site.address, handle=device.handle)
    refused = sent(browser, LOCKED + "/cle", locked, stranger.proves(asked(locked)))
    assert refused.status_code == 401
    back = sent(browser, LOCKED + "/cle", refused.text, device.proves(asked(refused.text)))
    assert back.url.path == path


def test_a_challenge_of_an_unlocking_is_used_once(site: Site) -> None:
    browser, path = at_a_patient(site)
    device = Device(site.address, counts=False)
    page = browser.get("/pro/parametres/cle").text
    sent(browser, "/pro/parametres/cle", page, device.creates(asked(page)))
    locked = locks(browser, path).text
    proof = device.proves(asked(locked))
    assert sent(browser, LOCKED + "/cle", locked, proof).url.path == path
    again = locks(browser, path).text
    assert sent(browser, LOCKED + "/cle", again, proof).status_code == 401


@pytest.mark.parametrize(
    ("pin", "again", "said"),
    [
        ("123", "123", "de 4 à 8 chiffres"),
        ("123456789", "123456789", "de 4 à 8 chiffres"),
        ("12a4", "12a4", "de 4 à 8 chiffres"),
        ("5555", "5555", "trop simple"),
        ("2345", "2345", "trop simple"),
        ("9876", "9876", "trop simple"),
        ("7294", "7295", "différents"),
    ],
)
def test_a_pin_that_will_not_do_is_told_why(site: Site, pin: str, again: str, said: str) -> None:
    answer = chooses(site.browser("medecin"), pin, again)
    assert answer.status_code == 400 and said in answer.text


def test_a_pin_is_kept_as_its_digest_alone(site: Site) -> None:
    at_a_patient(site)

    async def kept() -> list[str]:
        unit = site.house.unit()
        try:
            rows = await unit.own_slips._reader.all(  # what the table itself holds
                "SELECT body FROM own_slip WHERE kind = %s", ("unlock-pin",)
            )
            return [str(row[0]) for row in rows]
        finally:
            await unit.close()

    bodies = site.call(kept)
    assert len(bodies) == 1 and f'"{PIN}"' not in bodies[0] and '"salt"' in bodies[0]


def test_the_pin_of_one_professional_unlocks_nobody_else(site: Site) -> None:
    at_a_patient(site)
    other = site.browser("opticien")
    locks(other)
    assert other.post(LOCKED, {"code": PIN}).status_code == 401


def test_a_holder_has_nothing_to_lock(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    page = browser.get(someone.home).text
    assert "Verrouiller" not in page
    assert browser.get("/pro/parametres").status_code == 403


def test_locking_is_asked_by_a_form_of_the_session_alone(site: Site) -> None:
    browser, path = at_a_patient(site)
    forged = browser.http.post(
        "/pro/verrouiller", data={"page": path}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert forged.status_code == 403
    assert browser.get(path).url.path == path


def test_a_locked_session_goes_back_to_no_other_site(site: Site) -> None:
    browser, _ = at_a_patient(site)
    for page in ("//ailleurs.example", "https://ailleurs.example", "/espace"):
        browser.post("/pro/verrouiller", {"page": page}, page="/pro")
        assert browser.post(LOCKED, {"code": PIN}).url.path == "/pro"
