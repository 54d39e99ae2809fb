"""A hand on a keyboard and a mouse: what a task costs, counted; seconds by the keystroke-level model.

Source: S. Card, T. Moran, A. Newell, The Psychology of Human-Computer Interaction (1983), the keystroke-level
model: a key 0.28 s, pointing 1.1 s, moving the hand between mouse and keyboard 0.4 s, making up one's mind
1.35 s. The time of the server is left out: it is measured elsewhere. On a slow line every request for a page
takes three seconds more, redirections too; that is counted and added, never waited for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Request

KEY, POINT, HOME, MIND = 0.28, 1.1, 0.4, 1.35
_SEEN = """() => { const at = document.activeElement, box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  return at !== document.body && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth; }"""
_LABEL = "((document.activeElement.labels || [])[0] || {}).textContent || ''"
_MOST = 30
"""So many presses of Tab lead to anything on a page, or it is said not to be reached."""
LATENCY = 3.0
"""Seconds that a request takes on a slow line."""


@dataclass
class Hand:
    """Does a task and counts: clicks, keys, decisions, pages that were loaded, requests for pages."""

    page: Page
    clicks: int = 0
    keys: int = 0
    homings: int = 0
    decisions: int = 0
    loads: int = 0
    requests: int = 0
    _on_mouse: bool = True

    def __post_init__(self) -> None:
        self.page.on("load", self._loaded)
        self.page.on("request", self._asked)

    def _loaded(self, _: Page) -> None:
        self.loads += 1

    def _asked(self, request: Request) -> None:
        self.requests += request.is_navigation_request() and request.frame.parent_frame is None

    def click(self, target: Locator) -> None:
        """Make up one's mind, point and press."""
        self._move(to_mouse=True)
        self.decisions += 1
        self.clicks += 1
        target.click()

    def write(self, target: Locator, text: str) -> None:
        """Point at a field and type a text into it."""
        self.click(target)
        self._move(to_mouse=False)
        self.keys += len(text)
        target.fill(text)

    def press(self, key: str, times: int = 1) -> None:
        """Press a key; a chord is as many keys as it has."""
        self._move(to_mouse=False)
        for _ in range(times):
            self.keys += key.count("+") + 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self._move(to_mouse=False)
        self.keys += len(text)
        self.page.keyboard.type(text)

    def back(self) -> None:
        """Go back: Alt and the arrow, two keys in a window; without one, Chromium has no shortcut for it."""
        self._move(to_mouse=False)
        self.keys += 2
        self.page.go_back()

    def is_seen(self) -> bool:
        """Whether something has the focus, within the window and with an outline."""
        return bool(self.page.evaluate(_SEEN))

    def skip(self) -> None:
        """Leave the menu out by the first link of the page."""
        self.press("Tab")
        assert self.page.evaluate("document.activeElement.getAttribute('href')") == "#contenu"
        self.press("Enter")

    def tab_to(self, label: str) -> None:
        """Press Tab until the field with this label has the focus."""
        self._tab(lambda: label in self.page.evaluate(_LABEL), label)

    def tab_to_link(self, name: str) -> None:
        """Press Tab until the link with this name has the focus."""
        said = "document.activeElement.textContent.trim()"
        self._tab(lambda: self.page.evaluate(said) == name, name)

    def tab_until(self, selector: str) -> None:
        """Press Tab until what is selected has the focus, which is seen at every step."""
        is_there = "at => document.activeElement.matches(at)"
        for _ in range(_MOST):
            self.press("Tab")
            assert self.is_seen()
            if self.page.evaluate(is_there, selector):
                return
        raise AssertionError(f"{selector!r} is not reached by keyboard")

    def _tab(self, reached: Callable[[], bool], name: str) -> None:
        for _ in range(_MOST):
            if reached():
                return
            self.press("Tab")
        raise AssertionError(f"{name!r} is not reached by keyboard")

    def think(self, times: int = 1) -> None:
        """Read something and draw a conclusion."""
        self.decisions += times

    def _move(self, *, to_mouse: bool) -> None:
        self.homings += to_mouse is not self._on_mouse
        self._on_mouse = to_mouse

    @property
    def seconds(self) -> float:
        """What the task takes a practised person."""
        return (
            self.clicks * (POINT + KEY)
            + self.keys * KEY
            + self.homings * HOME
            + self.decisions * MIND
        )

    def keeps_within(self, target: float) -> bool:
        """Whether it takes so many seconds at most, and twice as many on a slow line."""
        return self.seconds <= target and self.seconds + self.requests * LATENCY <= 2 * target


def in_sight(target: Locator) -> bool:
    """Whether the whole of an element stands in the window as it is."""
    box = target.bounding_box()
    size = target.page.viewport_size
    assert size is not None
    return (
        box is not None
        and box["x"] >= 0
        and box["y"] >= 0
        and box["y"] + box["height"] <= size["height"]
        and box["x"] + box["width"] <= size["width"]
    )
