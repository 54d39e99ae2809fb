"""One window in which whoever opens a stop of the tour comes after the other, and what is wrong there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

from tests.browser.looking import (
    COLOURS,
    CROSSED,
    DRESSES,
    ENLARGED,
    MOST_OCTETS_OF_HTML,
    MOST_REQUESTS,
    NARROW,
    Checker,
    Watch,
    dress,
    ill_made,
    structure,
    too_wide,
    unseen,
)
from tests.browser.stops import Stop, browser_of, cookies_of
from tests.entrypoints.web.site import Site

BEYOND = """[...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.menu ul')).slice(0, 5).map(
    e => e.outerHTML.slice(0, 80)).join(' | ')"""
"""Where a page stands out to the right, for whoever has to mend it."""

AS_USUAL = """() => {
  for (const name of ['size', 'contrast', 'density']) delete document.documentElement.dataset[name];
}"""
"""The marks by which the style sheet knows what somebody set are taken away."""


class Visitor:
    """One window for everybody: a window each would begin cold each time, which costs more than a page."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self._context, self._site = context, site
        self._page: Page = context.new_page()
        self._watch = Watch(self._page, urlsplit(site.address).netloc)
        self._checker = Checker(self._page)
        self._who = ""
        self._kept: dict[str, list[Any]] = {"": []}

    def wrong_at(self, stop: Stop) -> list[str]:
        """What is wrong with a page, loaded once: every rule in two dresses, and the way of the keyboard."""
        page = self._page
        (scheme, size), narrow = DRESSES
        self._comes_as(stop.person)
        dress(page, scheme, size)
        self._watch.begin()
        answer = page.goto(stop.path, wait_until="load")
        assert answer is not None
        wrong = [*self._watch.complaints]
        if self._watch.requests > MOST_REQUESTS:
            wrong.append(f"{self._watch.requests} requests")
        if len(answer.body()) > MOST_OCTETS_OF_HTML:
            wrong.append(f"{len(answer.body())} octets")
        self._checker.unfold()
        wrong += self._wrong_in(scheme, size)
        dress(page, *narrow)
        wrong += self._wrong_in(*narrow)
        wrong += ill_made(structure(page))
        page.set_viewport_size(ENLARGED)  # type: ignore[arg-type] # a plain dict of sizes
        wrong += too_wide(page)
        return [f"{stop.name}: {one}" for one in wrong]

    def wrong_in_other_looks(self, stop: Stop, cookie: dict[str, str]) -> list[str]:
        """What is wrong with a page for somebody who set everything; the cookie says what was set.

        Then its colours as they are usually, in the dresses in which pages are not looked at one by one.
        """
        page = self._page
        self._comes_as(stop.person)
        self._context.add_cookies([cookie])  # type: ignore[list-item] # a plain dict
        dress(page, "light", NARROW)
        page.goto(stop.path, wait_until="load")
        self._checker.unfold()
        wrong = self._checker.violations()
        dress(page, "dark", NARROW)
        wrong += self._checker.violations("rule", COLOURS)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > NARROW["width"]:
            wrong.append(f"{wide} pixels wide: {page.evaluate(BEYOND)}")
        page.evaluate(AS_USUAL)
        for scheme, size in CROSSED:
            dress(page, scheme, size)
            found = self._checker.violations("rule", COLOURS)
            wrong += [f"{scheme} {size['width']}: {one}" for one in found]
        return [f"{stop.name}: {one}" for one in wrong]

    def _wrong_in(self, scheme: str, size: dict[str, int]) -> list[str]:
        wrong = self._checker.violations() + unseen(self._page)
        return [f"{scheme} {size['width']}: {one}" for one in wrong]

    def _comes_as(self, who: str) -> None:
        """The next one sits down: what the one before had is put away, nothing of it stays in the window."""
        if who == self._who:
            return
        self._kept[self._who] = list(self._context.cookies())
        if who not in self._kept:
            kept = cookies_of(browser_of(self._site, who)).items()
            self._kept[who] = [
                {"name": name, "value": value, "url": self._site.address} for name, value in kept
            ]
        self._page.goto("about:blank")
        self._checker.forget(self._site.address)
        self._context.add_cookies(self._kept[who])
        self._who = who
