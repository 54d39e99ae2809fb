"""Every page in a real browser: nothing inaccessible, nothing foreign, nothing too wide or too heavy."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Entered, Tour
from tests.browser.looking import (
    DRESSES,
    MOST_OCTETS_OF_HTML,
    MOST_REQUESTS,
    NARROW,
    WIDE,
    Checker,
    Watch,
    ill_made,
    structure,
)
from tests.browser.stops import Stop
from tests.browser.tour import GROUPS
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser


class Visitor:
    """One person in one window; every stop of hers is looked at in it."""

    def __init__(self, page: Page, axe: str, host: str) -> None:
        self._page = page
        self._watch = Watch(page, host)
        self._checker = Checker(page, axe)

    def wrong_at(self, stop: Stop) -> list[str]:
        """What is wrong with a page, loaded once, in every dress."""
        page = self._page
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        self._watch.begin()
        answer = page.goto(stop.path, wait_until="load")
        assert answer is not None
        wrong = [*self._watch.complaints]
        if self._watch.requests > MOST_REQUESTS:
            wrong.append(f"{self._watch.requests} requests")
        if len(answer.body()) > MOST_OCTETS_OF_HTML:
            wrong.append(f"{len(answer.body())} octets")
        self._checker.load()
        for scheme, size, rules in DRESSES:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)  # type: ignore[arg-type]
            wrong += [f"{scheme} {size['width']}: {v}" for v in self._checker.violations(rules)]
            if size is NARROW and scheme == "dark":
                wrong += ill_made(structure(page))
        return [f"{stop.name}: {one}" for one in wrong]


@pytest.mark.parametrize("group", GROUPS)
def test_every_page_is_well_made_in_every_dress(
    entered: Entered, tour: Tour, axe: str, site: Site, group: str
) -> None:
    host = urlsplit(site.address).netloc
    visitors: dict[str, Visitor] = {}
    wrong: list[str] = []
    for stop in tour(group):
        if stop.person not in visitors:
            page = entered(stop.person, reduced_motion="reduce").new_page()
            visitors[stop.person] = Visitor(page, axe, host)
        wrong += visitors[stop.person].wrong_at(stop)
    assert wrong == []
