"""Chromium before the test site. Without a browser these tests are skipped, unless one is required."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.stops import Stop, browser_of, cookies_of
from tests.browser.tour import GROUPS
from tests.entrypoints.web.conftest import site
from tests.entrypoints.web.site import Site

__all__ = ["site"]

# Pictures are taken when somebody wants to look at them, not to find faults.
collect_ignore = [] if os.environ.get("DMP_PICTURES") else ["test_pictures.py"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("DMP_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        if os.environ.get("DMP_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium was found, and DMP_REQUIRE_BROWSER=1 demands one")
        pytest.skip("no Chromium was found; install it to run the tests with a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


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
