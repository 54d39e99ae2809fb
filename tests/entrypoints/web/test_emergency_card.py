"""The emergency card: made, printed, made anew, scanned; neutral to whoever is nobody here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest

from dmp.acts.card.come_by_card import ComeByCard, come_by_card
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.person.profile import SaveProfile, save_profile
from dmp.domain.arranging.emergency_content import (
    AllergyOnCard,
    EmergencyCardContent,
    PersonOnCard,
    TreatmentOnCard,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.health_record import ClosingMotive
from dmp.domain.record.profile import Allergy, PersonToWarn, Profile
from dmp.entrypoints.web.card import scanning
from dmp.entrypoints.web.card.words import LONGEST, card_text
from tests.builders import NOW, a_caller
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site

_NUMBER = re.compile(r'<p class="code">([0-9A-Z-]+)</p>')


@pytest.fixture(autouse=True)
def _nothing_was_tried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(scanning, "attempts", replace(scanning.attempts, kind=uuid4().hex))
    yield


def with_profile(site: Site) -> Someone:
    someone = Someone(site).opens()
    assert someone.record is not None
    profile = Profile(
        persons_to_warn=(PersonToWarn(name="Paul Martin", phone="0612345678"),),
        allergies=(Allergy(substance="Pénicilline", reaction="choc"),),
    )
    request = SaveProfile(record_id=someone.record.record_id, profile=profile)
    site.do(save_profile, request, someone.caller)
    return someone


def made(site: Site, someone: Someone) -> str:
    page = site.browser(someone.key).post(
        f"{someone.home}/carte-urgence/preparer", page=f"{someone.home}/carte-urgence"
    )
    return str(_NUMBER.findall(page.text)[0])


def scanned(browser: Browser, number: str) -> httpx.Response:
    """A professional who is logged in sends the number of a card."""
    return browser.post("/pro/carte", {"code": number})


def test_an_empty_card_says_what_to_complete(site: Site) -> None:
    someone = Someone(site).opens()
    page = site.browser(someone.key).get(f"{someone.home}/carte-urgence")
    assert "Complétez allergies et personne à prévenir" in page.text
    assert "<svg" not in page.text


def test_the_card_that_leads_to_the_record_says_nothing_of_health(site: Site) -> None:
    someone = with_profile(site)
    browser = site.browser(someone.key)
    number = made(site, someone)
    page = browser.get(f"{someone.home}/carte-urgence").text
    assert 'role="img"' in page
    for word in ("Pénicilline", "Paul Martin", someone.ins.matricule):
        assert word not in page
    told = browser.get(f"{someone.home}/carte-urgence?type=texte&format=a5").text
    assert "Pénicilline" in told
    assert "Toute personne qui trouve" in told
    assert "style=" not in page + told
    again = made(site, someone)
    assert again != number
    doctor = site.browser("medecin")
    assert scanned(doctor, number).status_code == 400
    assert scanned(doctor, again).url.path.endswith("/urgence")


def test_a_scan_is_neutral_then_a_professional_states_the_emergency(site: Site) -> None:
    someone = with_profile(site)
    number = made(site, someone)
    public = Browser(site)
    page = public.get("/carte")
    assert page.status_code == 200
    assert someone.traits.birth_name not in page.text
    headers = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    answers = [
        Browser(site).http.post(
            "/carte", data={"code": code}, headers=headers, follow_redirects=False
        )
        for code in (number, "ZZZZ-ZZZZ-ZZZZ")
    ]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {(303, "/pro/carte")}
    led = public.http.post("/carte", data={"code": number}, headers=headers)
    assert led.url.path == "/pro/connexion"
    page = public.log_in("medecin", "/pro/carte")
    assert number.replace("-", "") in page.text
    urgent = scanned(public, number)
    assert urgent.url.path.endswith("/urgence")
    assert someone.ins.matricule not in str(urgent.url)
    assert "dmp-carte" not in public.http.cookies
    holder = site.browser(someone.key)
    assert (
        "Votre carte d’urgence a été utilisée" in holder.get(f"{someone.home}/notifications").text
    )
    assert "a utilisé la carte d’urgence" in holder.get(f"{someone.home}/acces").text


def test_cards_that_lead_nowhere_are_answered_alike(site: Site) -> None:
    blocking, closing, revoking = (with_profile(site) for _ in range(3))
    numbers = [made(site, someone) for someone in (blocking, closing, revoking)]
    blocking.blocks(DOCTOR)
    assert closing.record is not None
    request = CloseRecord(
        record_id=closing.record.record_id, motive=ClosingMotive.HOLDER_REQUEST, reason=""
    )
    site.do(close_record, request, closing.caller)
    site.browser(revoking.key).post(
        f"{revoking.home}/carte-urgence/annuler", page=f"{revoking.home}/carte-urgence"
    )
    doctor = site.browser("medecin")
    said = set()
    for number in (*numbers, "ZZZZ-ZZZZ-ZZZZ"):
        page = scanned(doctor, number)
        assert page.status_code == 400
        said |= set(re.findall(r'id="code-erreur">([^<]+)<', page.text))
    assert len(said) == 1


def test_a_card_ends_after_a_year_and_guessing_is_bounded(site: Site) -> None:
    someone = with_profile(site)
    number = made(site, someone)
    with site.later(timedelta(days=366)), pytest.raises(Refused) as refused:
        site.do(come_by_card, ComeByCard(number=number), a_caller(DOCTOR))
    assert refused.value.reason is Reason.CARD_UNKNOWN
    assert site.do(come_by_card, ComeByCard(number=number), a_caller(DOCTOR)) == someone.ins
    doctor = site.browser("medecin")
    for _ in range(scanning.attempts.most_of_one):
        assert scanned(doctor, "ZZZZ-ZZZZ-ZZZZ").status_code == 400
    assert scanned(doctor, number).status_code == 429


def test_the_content_for_the_device_is_the_holder_s_alone(site: Site) -> None:
    someone = with_profile(site)
    path = f"{someone.home}/carte-urgence/contenu"
    answer = site.browser(someone.key).get(path)
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert body["content"]["allergies"][0]["label"] == "Pénicilline"
    assert len(body["text"]) <= LONGEST
    other = Someone(site).opens()
    assert site.browser(other.key).get(path).status_code == 404
    assert Browser(site).get(path, follow_redirects=False).status_code == 303
    assert site.browser("medecin").get(path).status_code == 403


def test_the_text_holds_in_a_code_with_the_gravest_first() -> None:
    content = EmergencyCardContent(
        initials="M. D.",
        birth_year=1956,
        allergies=tuple(
            AllergyOnCard(label=f"Allergène numéro {n}", severe=n < 4) for n in range(30)
        ),
        treatments=(TreatmentOnCard(label="Warfarine 5 mg", kind="anticoagulant"),),
        persons=(PersonOnCard(name="Paul Martin", phone="0612345678"),),
    )
    text = card_text(content, NOW)
    assert len(text) <= LONGEST
    assert text.startswith("URGENCE M. D.")
    for part in ("Allergène numéro 3", "Warfarine", "0612345678"):
        assert part in text
    assert text.splitlines()[1].startswith("Allergies graves")
