"""A hand on a keyboard and a mouse: what a task costs, counted; seconds by the keystroke-level model.

Source: S. Card, T. Moran, A. Newell, The Psychology of Human-Computer Interaction (1983), the keystroke-level
model: a key 0.28 s, pointing 1.1 s, moving the hand between mouse and keyboard 0.4 s, making up one's mind
1.35 s. The time of the server is left out: it is measured elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

KEY, POINT, HOME, MIND = 0.28, 1.1, 0.4, 1.35


@dataclass
class Hand:
    """Does a task and counts: clicks, keys, decisions, pages that were loaded."""

    page: Page
    clicks: int = 0
    keys: int = 0
    homings: int = 0
    decisions: int = 0
    loads: int = 0
    _on_mouse: bool = True

    def __post_init__(self) -> None:
        self.page.on("load", self._loaded)

    def _loaded(self, _: Page) -> None:
        self.loads += 1

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
