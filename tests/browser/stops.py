"""A stop of the tour, and how one gets to the pages of a patient or of a person at the counter."""

from __future__ import annotations

from dataclasses import dataclass

from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site

_SESSION = "session:"


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of the tour: its name, who opens it (empty: nobody), its address.

    Who opens it is a person to log in, or a session that is open already (`session_of`).
    """

    name: str
    person: str
    path: str


def reference(browser: Browser, someone: Someone) -> str:
    """The address of a patient's pages, for the professional of this browser."""
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    return str(answer.headers["location"])


def counter(browser: Browser, someone: Someone) -> str:
    """The address of a person's pages at the counter."""
    traits = someone.traits
    fields = {
        "ins": someone.ins.matricule,
        "nom": traits.birth_name,
        "prenoms": traits.given_names,
        "sexe": traits.sex.value,
        "naissance": traits.birth_date.isoformat(),
        "piece": "carte-identite",
    }
    answer = browser.post("/guichet/identite", fields, follow_redirects=False)
    return str(answer.headers["location"])


def session_of(browser: Browser) -> str:
    """Whoever has this browser, with the session that is open in it."""
    return _SESSION + "; ".join(f"{name}={value}" for name, value in cookies_of(browser).items())


def cookies_of(browser: Browser) -> dict[str, str]:
    """What a browser keeps for this site."""
    return {cookie.name: cookie.value or "" for cookie in browser.http.cookies.jar}


def browser_of(site: Site, who: str) -> Browser:
    """A browser of whoever opens a stop."""
    if not who.startswith(_SESSION):
        return site.browser(who)
    browser = Browser(site)
    for cookie in who.removeprefix(_SESSION).split("; "):
        browser.http.cookies.set(*cookie.split("=", 1))
    return browser
