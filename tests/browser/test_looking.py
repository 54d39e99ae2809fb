"""The checker finds what is wrong, and reads colours faster than it came, not otherwise."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.conftest import Entered
from tests.browser.looking import NARROW, REMEMBER, Checker

pytestmark = pytest.mark.browser

COLOURS = [
    "rgb(0, 0, 0)", "rgba(0, 0, 0, 0)", "rgb(20 90 50 / 40%)", "#fff", "#12345680", "hsl(0.4turn 50% 40%)",
    "oklch(0.6 0.2 240)", "color(display-p3 1 0 0)", "color-mix(in srgb, red, blue)", "papayawhip", "no colour",
]  # fmt: skip
READ = """(colours) => colours.map(text => [1, 2].map(() => {
  const colour = new axe.commons.color.Color();
  try { colour.parseString(text); } catch (error) { return error.message; }
  return [colour.r, colour.g, colour.b, colour.red, colour.green, colour.blue, colour.alpha];
}))"""
FAULTY = """<!doctype html><html lang="fr"><title>Essai</title>
  <style>p { color: #999; } .dark { background: #111; color: #333; }</style>
  <main><h1>Essai</h1><p>Pâle</p><p>Pâle encore</p><p class="dark">Sombre</p><img src=""></main></html>"""


def test_colours_are_what_the_checker_reads_by_itself(entered: Entered) -> None:
    page = entered().new_page()
    file = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    page.evaluate(file.read_text(encoding="utf-8"))
    by_itself = page.evaluate(READ, COLOURS)
    assert all(first == second for first, second in by_itself)
    assert len({str(first) for first, _ in by_itself}) == len(COLOURS)
    page.evaluate(REMEMBER)
    assert page.evaluate(READ, COLOURS) == by_itself


def test_each_fault_is_told_each_time(entered: Entered) -> None:
    page = entered(viewport=NARROW).new_page()
    page.set_content(FAULTY)
    checker = Checker(page)
    checker.load()
    for _ in range(2):
        told = [one.partition(" ")[0] for one in checker.violations()]
        assert told.count("color-contrast") == 3
        assert told.count("image-alt") == 1
        assert len(checker.violations("rule", ["color-contrast"])) == 3
