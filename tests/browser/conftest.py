"""Chromium before the test site. Without a browser these tests are skipped, unless one is required."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.tour import Stop, stops
from tests.entrypoints.web.conftest import site
from tests.entrypoints.web.site import Site

__all__ = ["site"]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    path = os.environ.get("DMP_CHROMIUM") or shutil.which("chromium")
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
            token = site.browser(person).http.cookies["dmp"]
            context.add_cookies([{"name": "dmp", "value": token, "url": site.address}])
        return context

    yield enter
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def tour(site: Site) -> list[Stop]:
    """Every page, with people made for the tour."""
    return stops(site)


@pytest.fixture(scope="session")
def axe() -> str:
    """The checker of accessibility."""
    folder = Path(axe_core_python.__file__).parent
    return (folder / "axe.min.js").read_text(encoding="utf-8")
