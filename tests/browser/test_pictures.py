"""A picture of every page for people to look at: a phone and a desk, light and dark, and an index of them.

Collected only by `./dmp test --screenshots`.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Entered, Tour
from tests.browser.stops import Stop
from tests.browser.tour import GROUPS

pytestmark = pytest.mark.browser

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
DRESSES: tuple[tuple[str, dict[str, int], Literal["light", "dark"]], ...] = (
    ("telephone-clair", PHONE, "light"),
    ("telephone-sombre", PHONE, "dark"),
    ("bureau-clair", DESK, "light"),
    ("bureau-sombre", DESK, "dark"),
)


def test_every_page_has_its_pictures(entered: Entered, tour: Tour) -> None:
    folder = Path(os.environ["DMP_PICTURES"])
    pages: dict[str, Page] = {}
    taken: dict[str, list[tuple[Stop, list[str]]]] = {}
    for group in GROUPS:
        for stop in tour(group):
            if stop.person not in pages:
                pages[stop.person] = entered(stop.person, reduced_motion="reduce").new_page()
            files = _taken(pages[stop.person], stop, folder)
            taken.setdefault(group, []).append((stop, files))
    (folder / "index.html").write_text(_index(taken), encoding="utf-8")
    written = [name for stops in taken.values() for _, names in stops for name in names]
    assert len(written) == len(DRESSES) * sum(len(tour(group)) for group in GROUPS)
    assert all((folder / name).stat().st_size > 1000 for name in written)


def _taken(page: Page, stop: Stop, folder: Path) -> list[str]:
    page.goto(stop.path, wait_until="load")
    files = []
    for name, size, scheme in DRESSES:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)  # type: ignore[arg-type]
        files.append(f"{stop.name}-{name}.jpg")
        page.screenshot(path=folder / files[-1], full_page=True, type="jpeg", quality=70)
    return files


def _index(taken: dict[str, list[tuple[Stop, list[str]]]]) -> str:
    parts = [
        "<!doctype html>",
        '<html lang="fr">',
        '<meta charset="utf-8">',
        "<title>Pages</title>",
    ]
    parts.append("<style>body{font-family:sans-serif}img{width:20rem;border:1px solid}</style>")
    for group, stops in taken.items():
        parts.append(f"<h1>{escape(group)}</h1>")
        for stop, files in stops:
            parts.append(f"<h2>{escape(stop.name)}</h2><p>")
            parts += [
                f'<a href="{escape(name)}"><img loading="lazy" src="{escape(name)}" alt="{escape(name)}"></a>'
                for name in files
            ]
            parts.append("</p>")
    return "\n".join(parts)
