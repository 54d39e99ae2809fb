"""Logging in with the code of a letter: once, with the birth date; and everything that is tried instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import httpx
import pytest

from dmp.acts.counter.issue_access_code import IssueAccessCode, issue_access_code
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.domain.identity.caller import Caller, DeskAgent, Door, Strength, StructureRef
from dmp.domain.record.health_record import ClosingMotive
from dmp.entrypoints.web.device import entering
from tests.entrypoints.web.authenticator import Device
from tests.entrypoints.web.people import OPERATOR, Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_passkeys import asked, enters, sent

LOGIN = "/connexion/code"
FAILED = "ne vont pas ensemble, ou la lettre n’est plus valable"
AGENT = Caller(
    who=DeskAgent(
        id_nat="3750000069/77",
        name="Sami MOREL",
        structure=StructureRef(id_nat="1750000069", name="Caisse primaire du Val"),
    ),
    strength=Strength.INDIVIDUAL,
    door=Door.WEB,
)


@pytest.fixture(autouse=True)
def nobody_tried(monkeypatch: pytest.MonkeyPatch) -> str:
    """Failures of other tests do not count here, nor these there. Returns the kind that counts."""
    kind = uuid4().hex
    monkeypatch.setattr(entering, "attempts", replace(entering.attempts, kind=kind))
    return kind


def letter(site: Site, someone: Someone) -> str:
    """The code of a letter that a desk gave to this person."""
    request = IssueAccessCode(ins=someone.ins, traits=someone.traits)
    return site.do(issue_access_code, request, AGENT).code


def tries(browser: Browser, code: str, born: date, **more: str) -> httpx.Response:
    """Send the form of the page."""
    return browser.post(LOGIN, {"code": code, "naissance": born.isoformat(), **more})


def test_a_letter_opens_once_and_leads_to_a_passkey(site: Site) -> None:
    someone = Someone(site).opens()
    code, born = letter(site, someone), someone.traits.birth_date
    browser = site.browser()
    written = f"{code[:5].lower()} - {code[5:]}"
    arrived = tries(browser, written, born)
    assert arrived.url.path == f"{someone.home}/compte/cle"
    assert "Le code de la lettre ne sert plus" in arrived.text
    device = Device(site.address)
    added = sent(browser, arrived.url.path, arrived.text, device.creates(asked(arrived.text)))
    assert "La clé d’accès est ajoutée" in added.text
    assert enters(site.browser(), device).url.path == someone.home
    again = tries(site.browser(), code, born)
    assert again.status_code == 401 and FAILED in again.text
    notices = browser.get(f"{someone.home}/notifications").text
    assert "avec le code de la lettre" in notices
    assert "le code d’accès d’une lettre" in browser.get(f"{someone.home}/acces?qui=tous").text


def test_a_wrong_birth_date_is_answered_like_an_unknown_code_and_three_end_the_letter(
    site: Site,
) -> None:
    someone = Someone(site).opens()
    code, born = letter(site, someone), someone.traits.birth_date
    other = born + timedelta(days=1)
    unknown = tries(site.browser(), "ZZZZZ22222", born)
    wrong = [tries(site.browser(), code, other) for _ in range(3)]
    assert {answer.status_code for answer in (unknown, *wrong)} == {401}
    assert all(FAILED in answer.text for answer in (unknown, *wrong))
    assert len({len(answer.text) for answer in (unknown, *wrong)}) == 1
    assert tries(site.browser(), code, born).status_code == 401
    told = site.browser(someone.key).get(f"{someone.home}/acces?qui=tous").text
    assert "a vérifié le code d’accès d’une lettre" in told


def test_two_wrong_dates_leave_the_letter_its_last_try(site: Site) -> None:
    someone = Someone(site).opens()
    code, born = letter(site, someone), someone.traits.birth_date
    for _ in range(2):
        tries(site.browser(), code, born - timedelta(days=365))
    assert tries(site.browser(), code, born).url.path == f"{someone.home}/compte/cle"


def test_a_new_letter_ends_the_one_before(site: Site) -> None:
    someone = Someone(site).opens()
    first, second = letter(site, someone), letter(site, someone)
    born = someone.traits.birth_date
    assert tries(site.browser(), first, born).status_code == 401
    assert tries(site.browser(), second, born).status_code == 200


def test_a_letter_runs_out_after_thirty_days(site: Site) -> None:
    someone = Someone(site).opens()
    code = letter(site, someone)
    with site.later(timedelta(days=30, minutes=1)):
        assert tries(site.browser(), code, someone.traits.birth_date).status_code == 401


def test_the_letter_of_somebody_who_died_opens_nothing(site: Site) -> None:
    someone = Someone(site).opens()
    code = letter(site, someone)
    assert someone.record is not None
    request = CloseRecord(record_id=someone.record.record_id, motive=ClosingMotive.DEATH)
    site.do(close_record, request, OPERATOR)
    assert tries(site.browser(), code, someone.traits.birth_date).status_code == 401


def test_a_session_takes_five_wrong_codes(site: Site) -> None:
    someone = Someone(site).opens()
    code, born = letter(site, someone), someone.traits.birth_date
    browser = site.browser()
    answers = [tries(browser, f"AAAAA2222{n}", born) for n in range(5)]
    assert {answer.status_code for answer in answers} == {401}
    stopped = tries(browser, code, born)
    assert stopped.status_code == 429 and "Trop d’essais" in stopped.text
    assert tries(site.browser(), code, born).status_code == 200


def test_everybody_together_takes_so_many_wrong_codes_and_no_more(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = Someone(site).opens()
    code, born = letter(site, someone), someone.traits.birth_date
    monkeypatch.setattr(entering, "attempts", replace(entering.attempts, most_of_all=3))
    for number in range(3):
        assert tries(site.browser(), f"AAAAA2222{number}", born).status_code == 401
    assert tries(site.browser(), code, born).status_code == 429
    with site.later(timedelta(minutes=11)):
        assert tries(site.browser(), code, born).status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"code": "", "naissance": "1971-02-03"}, "Écrivez le code de la lettre."),
        ({"code": "AAAAA22222", "naissance": "hier"}, "Écrivez la date de naissance"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    site: Site, fields: dict[str, str], said: str
) -> None:
    answer = site.browser().post(LOGIN, fields)
    assert answer.status_code == 400 and said in answer.text
    assert f'value="{fields["naissance"]}"' in answer.text


def test_on_a_shared_device_the_session_is_shorter_and_everything_is_cleared(site: Site) -> None:
    someone = Someone(site).opens()
    code = letter(site, someone)
    browser = site.browser()
    arrived = tries(browser, code, someone.traits.birth_date, partage="oui")
    assert 'data-idle="300"' in arrived.text
    assert "un appareil à vous" in browser.get(f"{someone.home}/compte").text
    out = browser.post("/deconnexion", page=someone.home, follow_redirects=False)
    assert '"cookies"' in out.headers["clear-site-data"]
    assert '"storage"' in out.headers["clear-site-data"]


def test_the_box_of_the_login_page_goes_through_the_provider(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser()
    page = browser.get("/connexion").text
    assert 'id="partage"' in page and "/connexion/aller?partage=oui" in page
    begun = browser.get("/connexion/aller?partage=oui", follow_redirects=False)
    home = browser.get(site.holders.approve(begun.headers["location"], someone.key))
    assert 'data-idle="300"' in home.text
    with site.later(timedelta(minutes=6)):
        assert browser.get(someone.home).url.path == "/connexion"
