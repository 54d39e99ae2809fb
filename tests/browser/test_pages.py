"""Every page in a browser: well made, accessible in every dress, and calling nobody outside."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from dmp.entrypoints.web import templating, visit
from dmp.entrypoints.web.preferences import COOKIE, Preferences
from tests.browser.conftest import Entered, Tour
from tests.browser.looking import (
    COLOURS,
    DRESSES,
    MOST_OCTETS_OF_HTML,
    MOST_REQUESTS,
    NARROW,
    WIDE,
    Checker,
    Watch,
    ill_made,
    structure,
    too_wide,
    unseen,
)
from tests.browser.stops import Stop, browser_of
from tests.browser.tour import GROUPS
from tests.entrypoints.web.site import Browser, Site

pytestmark = pytest.mark.browser
BY_GROUP = pytest.mark.parametrize(
    "group", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in GROUPS]
)


class Visitor:
    """One person in one window; every stop of hers is looked at in it."""

    def __init__(self, page: Page, host: str) -> None:
        self._page = page
        self._watch = Watch(page, host)
        self._checker = Checker(page)

    def wrong_at(self, stop: Stop) -> list[str]:
        """What is wrong with a page, loaded once, in every dress."""
        page = self._page
        self._dress("light", WIDE)
        self._watch.begin()
        answer = page.goto(stop.path, wait_until="load")
        assert answer is not None
        wrong = [*self._watch.complaints]
        if self._watch.requests > MOST_REQUESTS:
            wrong.append(f"{self._watch.requests} requests")
        if len(answer.body()) > MOST_OCTETS_OF_HTML:
            wrong.append(f"{len(answer.body())} octets")
        self._checker.load()
        for scheme, size in DRESSES:
            self._dress(scheme, size)
            wrong += [f"{scheme} {size['width']}: {v}" for v in self._checker.violations()]
        wrong += ill_made(structure(page))
        wrong += too_wide(page)
        wrong += unseen(page)
        return [f"{stop.name}: {one}" for one in wrong]

    def wrong_in_other_looks(self, stop: Stop) -> list[str]:
        """What is wrong with the colours and the width of a page for somebody who set everything."""
        self._dress("light", NARROW)
        self._page.goto(stop.path, wait_until="load")
        self._checker.load()
        wrong = self._checker.violations()
        self._dress("dark", NARROW)
        wrong += self._checker.violations("rule", COLOURS)
        wide = self._page.evaluate("document.documentElement.scrollWidth")
        if wide > NARROW["width"]:
            wrong.append(f"{wide} pixels wide: {self._page.evaluate(BEYOND)}")
        return [f"{stop.name}: {one}" for one in wrong]

    def _dress(self, scheme: str, size: dict[str, int]) -> None:
        self._page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        self._page.set_viewport_size(size)  # type: ignore[arg-type]


@BY_GROUP
def test_every_page_is_well_made_in_every_dress(
    entered: Entered, tour: Tour, site: Site, group: str
) -> None:
    host = urlsplit(site.address).netloc
    visitors: dict[str, Visitor] = {}
    wrong: list[str] = []
    for stop in tour(group):
        if stop.person not in visitors:
            page = entered(stop.person, reduced_motion="reduce").new_page()
            visitors[stop.person] = Visitor(page, host)
        wrong += visitors[stop.person].wrong_at(stop)
    assert not wrong, "\n".join(wrong)


BEYOND = """[...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.menu ul')).slice(0, 5).map(
    e => e.outerHTML.slice(0, 80)).join(' | ')"""
"""Where a page stands out to the right, for whoever has to mend it."""

OTHER_LOOKS = Preferences(
    language="fr_SIMPLE", size="tres-grande", contrast="fort", density="dense"
)


@BY_GROUP
def test_every_template_bears_the_other_looks(
    entered: Entered, tour: Tour, site: Site, group: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simplified French, the largest letters, high contrast and density together, once for each template."""
    drawn: list[str] = []
    rendered = templating.rendered

    def noted(template: str, **values: object) -> str:
        drawn.append(template)
        return rendered(template, **values)

    monkeypatch.setattr(visit, "rendered", noted)
    host = urlsplit(site.address).netloc
    cookie = {"name": COOKIE, "value": OTHER_LOOKS.written(), "url": site.address}
    visitors: dict[str, tuple[Browser, Visitor]] = {}
    seen: set[str] = set()
    wrong: list[str] = []
    for stop in tour(group):
        if stop.person not in visitors:
            context = entered(stop.person, reduced_motion="reduce")
            context.add_cookies([cookie])  # type: ignore[list-item]
            visitors[stop.person] = (
                browser_of(site, stop.person),
                Visitor(context.new_page(), host),
            )
        asking, visitor = visitors[stop.person]
        asking.get(stop.path)
        if drawn and drawn[-1] not in seen:
            seen.add(drawn[-1])
            wrong += visitor.wrong_in_other_looks(stop)
    assert seen
    assert not wrong, "\n".join(wrong)
