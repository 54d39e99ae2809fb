"""Chromium before the test site. Without a browser these tests are skipped, unless one is required."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from dmp.cli.develop.suite import browser
from dmp.entrypoints.web import templating, visit
from dmp.entrypoints.web.preferences import COOKIE
from tests.browser.crawling import pattern_of
from tests.browser.dossiers import jeanne
from tests.browser.mail import reached
from tests.browser.stops import Stop, browser_of, cookies_of
from tests.browser.tour import GROUPS
from tests.entrypoints.web.conftest import site
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser as Asking
from tests.entrypoints.web.site import Site
from tests.sharing import TOGETHER

__all__ = ["site"]

# Pictures are taken when somebody wants to look at them, not to find faults.
collect_ignore = [] if os.environ.get("DMP_PICTURES") else ["test_pictures.py"]


LONGEST = (
    "whole-tour",
    "test_nothing_is_inaccessible_when_it_is_full",
    "suivi-titulaire",
    "synthese",
    "suivi-soignant",
    "titulaire",
    "durand",
)
"""What takes longest, the longest first: what is shared, tests, parts of the tour. Its other parts follow."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that nobody works alone at the end; and each is marked, or no run would take it."""
    for item in items:
        if Path(__file__).parent in item.path.parents and not item.get_closest_marker("browser"):
            raise pytest.UsageError(f"{item.nodeid} lacks the mark `browser`")
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    called = getattr(item, "callspec", None)
    part = called.params.get("group", "") if called else ""
    name = part or TOGETHER.get(item.nodeid.partition("::")[0], item.name)
    return LONGEST.index(name) if name in LONGEST else len(LONGEST) + (not part)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium, without a window."""
    path = browser()
    if path is None:
        if os.environ.get("DMP_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium was found, and DMP_REQUIRE_BROWSER=1 demands one")
        pytest.skip("no Chromium was found; install it to run the tests with a browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


Entered = Callable[..., BrowserContext]


@pytest.fixture
def entered(chromium: Browser, site: Site) -> Iterator[Entered]:
    """Opens a context as somebody who is logged in; all are closed at the end."""
    contexts: list[BrowserContext] = []

    def enter(person: str = "", **options: Any) -> BrowserContext:
        context = chromium.new_context(locale="fr-FR", base_url=site.address, **options)
        contexts.append(context)
        if person:
            kept = cookies_of(browser_of(site, person)).items()
            context.add_cookies(
                [{"name": name, "value": value, "url": site.address} for name, value in kept]
            )
        return context

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def durand(site: Site) -> Someone:
    """Jeanne Durand with her 132 documents, who can be reached by mail."""
    return reached(jeanne(site))


Tour = Callable[[str], list[Stop]]


@pytest.fixture(scope="session")
def tour(site: Site) -> Tour:
    """The stops of a part of the tour; its people are made once."""
    known: dict[str, list[Stop]] = {}

    def stops(group: str) -> list[Stop]:
        if group not in known:
            known[group] = GROUPS[group](site)
        return known[group]

    return stops


@dataclass(frozen=True, slots=True)
class Sent:
    """A page as it was sent; `template` is the file that drew it."""

    stop: Stop
    pattern: str
    text: str
    template: str


def fetched(site: Site, tour: Tour, look: str = "") -> list[Sent]:
    """Every page of the tour as a browser without JavaScript gets it; `look` says how it is wanted."""
    browsers: dict[str, Asking] = {}
    found = []
    with drawing() as drawn:
        for stop in (stop for group in GROUPS for stop in tour(group)):
            if stop.person not in browsers:
                browsers[stop.person] = browser_of(site, stop.person)
                if look:
                    browsers[stop.person].http.cookies.set(COOKIE, look)
            answer = browsers[stop.person].get(stop.path)
            assert answer.headers["content-type"].startswith("text/html"), stop
            assert answer.status_code < 500, stop
            found.append(
                Sent(stop, pattern_of(answer.url.path), answer.content.decode(), drawn[-1])
            )
    return found


@pytest.fixture(scope="session")
def sent(site: Site, tour: Tour) -> list[Sent]:
    """Every page of the tour."""
    return fetched(site, tour)


@contextmanager
def drawing() -> Iterator[list[str]]:
    """The templates that are drawn in the block, as they come."""
    drawn: list[str] = []
    rendered = templating.rendered

    def noted(template: str, **values: object) -> str:
        drawn.append(template)
        return rendered(template, **values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(visit, "rendered", noted)
        yield drawn
