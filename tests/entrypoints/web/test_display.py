"""Language and look of pages: chosen before a login, kept in the browser, never in an address."""

from __future__ import annotations

import pytest

from dmp.entrypoints.web.preferences import CHOICES, USUAL, Preferences, read_preferences
from dmp.locale import LANGUAGES
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site

HERE = {"Sec-Fetch-Site": "same-origin"}


def speaking(browser: Browser, language: str, page: str = "/") -> str:
    """Change the language by the foot of a page; returns the page one comes back to."""
    headers = {**HERE, "Referer": browser.site.address + page}
    return browser.http.post("/preferences/langue", data={"langue": language}, headers=headers).text


def test_the_foot_of_a_page_changes_the_language_and_leads_back(site: Site) -> None:
    browser = site.browser()
    text = speaking(browser, "en", "/aide?mots=lettres")
    assert '<html lang="en"' in text
    assert 'value="lettres"' in text
    assert "Skip to content" in text
    assert '<html lang="fr"' in speaking(browser, "fr_SIMPLE")


def test_the_language_holds_after_a_login_and_on_health_pages(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    text = speaking(browser, "en", someone.home + "/documents")
    assert '<html lang="en"' in text
    assert "<h1>Documents</h1>" in text
    assert "No document" in text
    refused = browser.get("/guichet")
    assert refused.status_code == 403 and "This page" in refused.text


def test_two_readers_speak_their_own_language_at_once(site: Site) -> None:
    one, other = site.browser(), site.browser()
    speaking(one, "en")
    for _ in range(3):
        assert '<html lang="en"' in one.get("/").text
        assert '<html lang="fr"' in other.get("/").text


@pytest.mark.parametrize("back", ["https://ailleurs.test/aide", "", "/\\ailleurs.test", "x"])
def test_one_is_led_to_pages_of_ours_only(site: Site, back: str) -> None:
    answer = site.client().post(
        "/preferences/langue", data={"langue": "en"}, headers={**HERE, "Referer": back}
    )
    assert answer.headers["location"] == "/preferences"


def test_one_is_not_led_to_an_address_that_only_takes_forms(site: Site) -> None:
    headers = {**HERE, "Referer": site.address + "/deconnexion"}
    answer = site.client().post("/preferences/langue", data={"langue": "en"}, headers=headers)
    assert answer.headers["location"] == "/preferences"


@pytest.mark.parametrize("path", ["/preferences", "/preferences/langue"])
def test_another_site_cannot_change_the_look(site: Site, path: str) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = site.client().post(path, data={"langue": "en"}, headers=headers)
    assert answer.status_code == 403
    assert "dmp-affichage" not in answer.headers.get("set-cookie", "")


def test_a_look_is_tried_before_it_is_kept(site: Site) -> None:
    browser = site.browser()
    wanted = {"langue": "en", "lettres": "grande", "couleurs": "sombre", "contraste": "fort"}
    tried = browser.http.post("/preferences", data={**wanted, "action": "essayer"}, headers=HERE)
    assert 'data-size="grande" data-theme="sombre" data-contrast="fort"' in tried.text
    assert '<html lang="en"' in tried.text
    assert '<html lang="fr" data-face="none">' in browser.get("/preferences").text
    kept = browser.http.post("/preferences", data=wanted, headers=HERE)
    assert 'role="status"' in kept.text
    assert 'data-theme="sombre"' in browser.get("/").text


def test_the_cookie_is_of_this_host_and_out_of_reach_of_scripts(site: Site) -> None:
    answer = site.client().post("/preferences", data={"langue": "en"}, headers=HERE)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/" in cookie
    assert site.client().get("/").headers["vary"] == "Cookie"


def test_choices_are_read_as_they_were_written() -> None:
    chosen = Preferences(language="en", size="tres-grande", theme="clair", contrast="fort")
    assert read_preferences(chosen.written()) == chosen


@pytest.mark.parametrize(
    "cookie", [None, "", "x", "de~x~y", "~~~~", '"><script>~', "en" * 80, "fr~fr~fr~fr~fr~fr"]
)
def test_a_cookie_that_is_not_understood_is_as_usual(cookie: str | None) -> None:
    assert read_preferences(cookie) == USUAL


def test_every_language_has_its_own_name_and_tag() -> None:
    assert len({language.name for language in LANGUAGES.values()}) == len(LANGUAGES)
    assert CHOICES["language"][0] == "fr"
