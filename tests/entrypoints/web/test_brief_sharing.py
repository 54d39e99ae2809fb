"""A one-time code: given, opened once, read in one browser, stopped; and what attackers make of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.domain.documents.visibility import Restriction
from dmp.domain.record.health_record import ClosingMotive
from dmp.entrypoints.web.briefly import bearing
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site

_CODE = re.compile(r'<p class="code">([0-9A-Z-]+)</p>')
READING = "/partage/lecture"


@pytest.fixture(autouse=True)
def _nothing_was_tried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(bearing, "attempts", replace(bearing.attempts, kind=uuid4().hex))
    yield


def given(site: Site, someone: Someone, **fields: Any) -> tuple[str, str]:
    """A code that she gave, and the address of its page."""
    path = f"{someone.home}/partage-temporaire"
    data = {"pour": "Dr Nouveau", "portee": "everything", "duree": "1j", **fields}
    page = site.browser(someone.key).post(path, data)
    assert page.status_code == 200, page.text
    return _CODE.findall(page.text)[0], page.url.path


def opened(site: Site, code: str) -> tuple[Browser, httpx.Response]:
    """A browser of somebody unknown, who enters a code."""
    browser = Browser(site)
    return browser, enter(browser, code)


def enter(browser: Browser, code: str) -> httpx.Response:
    headers = {"Origin": browser.site.address, "Sec-Fetch-Site": "same-origin"}
    return browser.http.post("/partage", data={"code": code}, headers=headers)


def test_a_code_is_shown_once_and_opens_what_was_shared(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Compte rendu visible")
    someone.receives("Compte rendu masqué", restrictions=frozenset({Restriction.MASKED}))
    code, address = given(site, someone)
    assert len(code.replace("-", "")) >= 10
    again = site.browser(someone.key).get(address).text
    assert code not in again
    assert "<svg" not in again
    browser, page = opened(site, code.lower().replace("-", " "))
    assert page.url.path == READING
    assert page.headers["cache-control"] == "no-store"
    assert "Compte rendu visible" in page.text
    assert "Compte rendu masqué" not in page.text
    document = re.findall(rf'href="({READING}/[^"]+)"', page.text)[0]
    assert browser.get(document).status_code == 200
    assert browser.get(document + "/original").content.startswith(b"%PDF")
    told = site.browser(someone.key)
    journal = told.get(f"{someone.home}/acces").text
    assert "Par le code que vous avez donné à Dr Nouveau" in journal
    assert "Compte rendu visible" in journal
    assert "Le code de partage temporaire" in told.get(f"{someone.home}/notifications").text


def test_a_code_is_used_once_and_its_holder_is_told_of_a_second_use(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Compte rendu visible")
    code, _ = given(site, someone)
    first, page = opened(site, code)
    assert page.status_code == 200
    second, refused = opened(site, code)
    assert refused.status_code == 400
    assert "Code déjà utilisé" in refused.text
    assert "dmp-partage" not in second.http.cookies
    assert second.get(READING).url.path == "/partage"
    assert first.get(READING).url.path == READING, "the first reader goes on"
    notices = site.browser(someone.key).get(f"{someone.home}/notifications").text
    assert "déjà utilisé a été présenté une nouvelle fois" in notices


def test_a_cookie_is_worth_nothing_without_its_secret(site: Site) -> None:
    someone, other = Someone(site).opens(), Someone(site).opens()
    other.receives("Document d’une autre personne")
    code, _ = given(site, someone)
    browser, _ = opened(site, code)
    record, share, held = browser.http.cookies["dmp-partage"].split(".")
    assert other.record is not None
    for forged in (
        f"{record}.{share}.{'A' * len(held)}",
        f"{record}.{uuid4()}.{held}",
        f"{other.record.record_id}.{share}.{held}",
        f"{record}.{share}.",
        "x",
        "..",
    ):
        thief = Browser(site)
        thief.http.cookies.set("dmp-partage", forged, path="/partage")
        page = thief.get(READING)
        assert page.url.path == "/partage", forged
        assert "autre personne" not in page.text


def test_it_ends_by_itself_or_when_it_is_stopped(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Compte rendu visible")
    code, address = given(site, someone, duree="1h")
    browser, _ = opened(site, code)
    document = re.findall(rf'href="({READING}/[^"]+)"', browser.get(READING).text)[0]
    with site.later(timedelta(hours=1, minutes=1)):
        assert browser.get(document).url.path == "/partage"
    code, address = given(site, someone)
    browser, _ = opened(site, code)
    stopped = site.browser(someone.key).post(f"{address}/fin", page=address)
    assert "Le partage est arrêté" in stopped.text
    assert browser.get(READING).url.path == "/partage"
    refused = opened(site, code)[1]
    assert "Ce code n’ouvre aucun partage" in refused.text


def test_codes_that_open_nothing_are_answered_alike(site: Site) -> None:
    someone = Someone(site).opens()
    ran_out, _ = given(site, someone, duree="1h")
    closing = Someone(site).opens()
    closed, _ = given(site, closing)
    assert closing.record is not None
    request = CloseRecord(
        record_id=closing.record.record_id, motive=ClosingMotive.HOLDER_REQUEST, reason=""
    )
    site.do(close_record, request, closing.caller)
    with site.later(timedelta(hours=2)):
        pages = [opened(site, code)[1] for code in (ran_out, closed, "ZZZZ-ZZZZ-ZZZZ", "é'--")]
    assert {page.status_code for page in pages} == {400}
    nonce = re.compile(r'nonce="[^"]+"')
    assert len({nonce.sub("", page.text) for page in pages}) == 1


def test_guessing_is_bounded(site: Site) -> None:
    someone = Someone(site).opens()
    code, _ = given(site, someone)
    browser = Browser(site)
    for _ in range(bearing.attempts.most_of_one):
        assert enter(browser, "ABCD-EFGH-JKMN").status_code == 400
    assert enter(browser, code).status_code == 429
    assert Browser(site).get("/partage").status_code == 200
    with site.later(timedelta(minutes=16)):
        assert enter(browser, code).status_code == 200


def test_documents_chosen_by_name_and_nothing_else(site: Site) -> None:
    someone, other = Someone(site).opens(), Someone(site).opens()
    chosen = someone.receives("Choisi et masqué", restrictions=frozenset({Restriction.MASKED}))
    left = someone.receives("Pas choisi")
    foreign = other.receives("Document d’une autre personne")
    hidden = someone.receives(
        "Pas encore annoncé", restrictions=frozenset({Restriction.HIDDEN_FROM_PATIENT})
    )
    path = f"{someone.home}/partage-temporaire"
    for impossible in (foreign, hidden):
        data = {
            "pour": "Kiné", "portee": "documents", "duree": "1j",
            "documents": [str(chosen.document_id), str(impossible.document_id)],
        }  # fmt: skip
        refused = site.browser(someone.key).post(path, data)
        assert refused.status_code == 400
        assert impossible.title not in refused.text
    code, _ = given(site, someone, portee="documents", documents=[str(chosen.document_id)])
    browser, page = opened(site, code)
    assert "Choisi et masqué" in page.text
    assert "Pas choisi" not in page.text
    for unseen in (left, foreign, hidden):
        for end in ("", "/original", "/lecture", "/pages/1", "/pieces/0"):
            answer = browser.get(f"{READING}/{unseen.document_id}{end}")
            assert answer.status_code == 404
            assert unseen.title not in answer.text


def test_a_summary_shows_no_document(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Compte rendu visible")
    code, _ = given(site, someone, portee="summary")
    browser, page = opened(site, code)
    assert "Traitements en cours" in page.text
    assert "Compte rendu visible" not in page.text
    assert browser.get(f"{READING}/{entry.document_id}").status_code == 404


def test_what_is_missing_is_said_beside_its_field(site: Site) -> None:
    someone = Someone(site).opens()
    path = f"{someone.home}/partage-temporaire"
    browser = site.browser(someone.key)
    assert "Vous n’avez donné aucun code" in browser.get(path).text
    wrong = browser.post(path, {"pour": "", "portee": "documents", "duree": "9j"})
    assert wrong.status_code == 400
    for sentence in ("à qui vous donnez", "au moins un document", "Choisissez une durée"):
        assert sentence in wrong.text
    stranger = Someone(site).opens()
    assert site.browser(stranger.key).get(path).status_code == 404


def test_the_browser_forgets_when_told(site: Site) -> None:
    someone = Someone(site).opens()
    code, _ = given(site, someone)
    browser, _ = opened(site, code)
    headers = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    browser.http.post("/partage/fermer", data={"fermer": "oui"}, headers=headers)
    assert browser.get(READING).url.path == "/partage"
    foreign = {"Origin": "https://ailleurs.example", "Sec-Fetch-Site": "cross-site"}
    answer = Browser(site).http.post("/partage", data={"code": code}, headers=foreign)
    assert answer.status_code == 403
