"""Every page in a real browser: nothing inaccessible, nothing foreign, nothing too wide."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

from tests.browser.conftest import RULES, Entered
from tests.browser.tour import Stop
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser

STRUCTURE = """() => {
  const heads = [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1]);
  const links = {};
  for (const a of document.querySelectorAll('a[href]')) {
    const text = a.textContent.trim().replace(/\\s+/g, ' ');
    (links[text] ||= new Set()).add(a.getAttribute('href'));
  }
  return {
    title: document.title,
    lang: document.documentElement.lang,
    heads,
    width: document.documentElement.scrollWidth,
    twice: Object.entries(links).filter(([, to]) => to.size > 1).map(([text]) => text),
    unlabelled: [...document.querySelectorAll('input:not([type=hidden]),select,textarea')]
      .filter(field => !field.labels.length && !field.getAttribute('aria-label')).length,
    small: [...document.querySelectorAll('button,.button,summary,.menu a,.chips a')]
      .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
      .map(e => e.textContent.trim()),
    bare: [...document.querySelectorAll('table')]
      .filter(t => !t.closest('.reader') && (!t.caption || !t.querySelector('th[scope]'))).length,
  };
}"""

AXE = """rules => axe.run({runOnly: rules}).then(
  found => found.violations.map(v => v.id + ' ' + v.nodes[0].html)
)"""


def _visited(entered: Entered, tour: list[Stop], **options: Any) -> dict[str, Page]:
    pages: dict[str, Page] = {}
    contexts = {person: entered(person, **options) for person in {stop.person for stop in tour}}
    for stop in tour:
        pages[stop.name] = contexts[stop.person].new_page()
    return pages


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_no_page_has_an_accessibility_violation(
    entered: Entered, tour: list[Stop], axe: str, scheme: str, width: int
) -> None:
    found = []
    viewport = {"width": width, "height": 800}
    # The checker is injected, which the policy of the pages would forbid.
    pages = _visited(entered, tour, color_scheme=scheme, viewport=viewport, bypass_csp=True)
    for stop in tour:
        page = pages[stop.name]
        page.goto(stop.path)
        page.evaluate(axe)
        found += [f"{stop.name}: {violation}" for violation in page.evaluate(AXE, RULES)]
        page.close()
    assert found == []


def test_every_page_is_well_made_at_320_pixels(entered: Entered, tour: list[Stop]) -> None:
    wrong, titles = [], {}
    pages = _visited(entered, tour, viewport={"width": 320, "height": 640})
    for stop in tour:
        page = pages[stop.name]
        page.goto(stop.path)
        seen = page.evaluate(STRUCTURE)
        page.close()
        titles[stop.name] = seen["title"]
        heads = seen["heads"]
        skipped = [b for a, b in pairwise(heads) if b > a + 1]
        if heads.count(1) != 1 or heads[0] != 1 or skipped:
            wrong.append(f"{stop.name}: headings {heads}")
        if seen["width"] > 320:
            wrong.append(f"{stop.name}: {seen['width']} pixels wide")
        if seen["lang"] != "fr" or not seen["title"].endswith("Dossier médical partagé"):
            wrong.append(f"{stop.name}: {seen['lang']} {seen['title']}")
        wrong += [f"{stop.name}: link text twice: {text}" for text in seen["twice"]]
        wrong += [f"{stop.name}: small target: {text}" for text in seen["small"]]
        if seen["unlabelled"] or seen["bare"]:
            wrong.append(f"{stop.name}: unlabelled field or bare table")
    assert wrong == []


def test_no_page_breaks_its_policy_or_calls_another_host(
    entered: Entered, tour: list[Stop], site: Site
) -> None:
    wrong: list[str] = []
    pages = _visited(entered, tour)
    for stop in tour:
        page = pages[stop.name]
        _watch(page, stop.name, urlsplit(site.address).netloc, wrong)
        answer = page.goto(stop.path, wait_until="load")
        assert answer is not None
        if len(answer.body()) > 100_000:
            wrong.append(f"{stop.name}: {len(answer.body())} octets")
        page.close()
    assert wrong == []


def _watch(page: Page, name: str, host: str, wrong: list[str]) -> None:
    """Note what a page complains of, and whom it calls."""

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "server responded" not in message.text:
            wrong.append(f"{name}: {message.text}")

    def asked(request: Request) -> None:
        inside = request.url.startswith(("chrome-extension:", "chrome:", "blob:", "data:"))
        if not inside and urlsplit(request.url).netloc != host:
            wrong.append(f"{name}: {request.url}")

    page.on("console", said)
    page.on("request", asked)
    page.on("pageerror", lambda error: wrong.append(f"{name}: {error}"))
