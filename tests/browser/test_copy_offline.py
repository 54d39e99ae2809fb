"""The tenth task: a copy of the record is taken away and read without a network and without a script."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from dmp.formats.xdm.metadata import RIM
from tests.browser.conftest import Entered
from tests.browser.hand import Hand
from tests.browser.looking import violations
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1366, "height": 768}
SUBSET = "IHE_XDM/SUBSET01"
LINKS = 3
"""From the index every document is so many links away, at most."""


@pytest.fixture
def copy(entered: Entered, site: Site, tmp_path: Path) -> Path:
    """A copy as a holder takes it, unpacked."""
    someone = Someone(site).opens()
    for title in ("Radio du genou", "Échographie"):
        someone.receives(title)
    someone.receives("Compte rendu lisible", someone.note())
    page = entered(someone.key, viewport=LAPTOP, accept_downloads=True).new_page()
    page.goto(someone.home)
    hand = Hand(page)
    hand.click(page.get_by_role("link", name="Télécharger une copie"))
    with page.expect_download() as taken:
        hand.click(page.locator("main form button").last)
    assert hand.clicks <= 4
    unpacked = tmp_path / "copie"
    with zipfile.ZipFile(taken.value.path()) as medium:
        medium.extractall(unpacked)
    return unpacked


def test_t10_every_document_is_near_and_is_what_the_metadata_say(
    copy: Path, chromium: Browser
) -> None:
    with chromium.new_context(offline=True, java_script_enabled=False) as still:
        reached, pages = _walked(still.new_page(), copy)
    registered = dict(_registered(copy))
    assert len(registered) == 3
    assert registered.keys() <= reached
    for name, said in registered.items():
        content = (copy / name).read_bytes()
        assert hashlib.sha1(content, usedforsecurity=False).hexdigest() == said
    with chromium.new_context(offline=True, viewport={"width": 320, "height": 640}) as looked:
        page = looked.new_page()
        for name in sorted(pages):
            page.goto((copy / name).as_uri())
            assert violations(page) == [], name


def _walked(page: Page, copy: Path) -> tuple[set[str], set[str]]:
    """What can be reached from the index, and which of it are pages."""
    reached, pages = {"INDEX.HTM"}, set()
    near = {"INDEX.HTM"}
    for _ in range(LINKS):
        found: set[str] = set()
        for name in sorted(near):
            if name.endswith(".HTM"):
                pages.add(name)
                page.goto((copy / name).as_uri())
                found |= set(_targets(page, copy))
        near = found - reached
        reached |= found
    return reached, pages | {name for name in reached if name.endswith(".HTM")}


def _targets(page: Page, copy: Path) -> Iterator[str]:
    for link in page.locator("a[href]").all():
        target = page.evaluate(
            "([base, to]) => new URL(to, base).href", [page.url, link.get_attribute("href")]
        )
        path = Path(re.sub(r"^file://|#.*$", "", str(target)))
        assert path.is_file(), f"{page.url} leads to nothing: {target}"
        yield str(path.relative_to(copy))


def _registered(copy: Path) -> Iterator[tuple[str, str]]:
    """Each document of the metadata with its hash."""
    root = etree.parse(copy / SUBSET / "METADATA.XML").getroot()
    for entry in root.iter(f"{{{RIM}}}ExtrinsicObject"):
        slots = {
            slot.get("name"): str(slot.findtext(f".//{{{RIM}}}Value"))
            for slot in entry.findall(f"{{{RIM}}}Slot")
        }
        yield f"{SUBSET}/{slots['URI']}", slots["hash"]
