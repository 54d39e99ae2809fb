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

PHONE, DESK = {"width": 320, "height": 693}, {"width": 1366, "height": 768}
"""The narrowest screen in use: what is cut or crowded on a phone is seen there first."""
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
        page.set_viewport_size(size)  # type: ignore[arg-type] # a plain dict of sizes
        files.append(f"{stop.name}-{name}.jpg")
        page.screenshot(path=folder / files[-1], full_page=True, type="jpeg", quality=70)
    return files


STYLE = """
:root { color-scheme: light dark; font-family: sans-serif; }
body { margin: 1.5rem; }
nav { columns: 14rem; }
nav h2 { font-size: 1rem; margin: 0; }
nav h2 { break-after: avoid; }
nav ul { margin: 0 0 1rem; padding: 0; list-style: none; }
.row { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; }
img { object-fit: cover; object-position: top; border: 1px solid gray; }
.telephone img { inline-size: 11rem; block-size: 22rem; }
.bureau img { inline-size: 26rem; block-size: 14.6rem; }
"""


def _index(taken: dict[str, list[tuple[Stop, list[str]]]]) -> str:
    """All pictures on one page, each with what one sees first; a click shows the whole of it."""
    pages = sum(map(len, taken.values()))
    parts = [
        '<!doctype html><html lang="fr"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>Images des pages</title><style>{STYLE}</style>",
        f"<h1>{pages} pages, {len(DRESSES)} images de chacune</h1><nav>",
    ]
    for group, stops in taken.items():
        names = "".join(f'<li><a href="#{_id(stop)}">{escape(stop.name)}</a>' for stop, _ in stops)
        parts.append(f"<h2>{escape(group)}</h2><ul>{names}</ul>")
    parts.append("</nav>")
    for group, stops in taken.items():
        parts.append(f"<h2>{escape(group)}</h2>")
        for stop, files in stops:
            parts.append(f'<h3 id="{_id(stop)}">{escape(stop.name)}</h3><div class="row">')
            for (dress, _, _), name in zip(DRESSES, files, strict=True):
                picture = f'<img loading="lazy" src="{escape(name)}" alt="">'
                parts.append(
                    f'<figure class="{dress.partition("-")[0]}"><a href="{escape(name)}">{picture}'
                    f"<figcaption>{dress.replace('-', ', ')}</figcaption></a></figure>"
                )
            parts.append("</div>")
    return "\n".join(parts)


def _id(stop: Stop) -> str:
    return escape(stop.name.replace(" ", "-"))
