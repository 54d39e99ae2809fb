"""The documentation tells the truth: generated pages are fresh, commands exist, settings are real."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from dmp.cli import app
from dmp.cli.develop.access_pages import PARTS, woven
from dmp.cli.develop.docs import WOVEN, reference_pages
from dmp.domain.access.rules import RULES
from dmp.settings import descriptions, unknown_names
from tests.house import lints

ROOT = lints.ROOT


@pytest.mark.parametrize("name", sorted(reference_pages()))
def test_a_generated_page_is_fresh(name: str) -> None:
    page = ROOT / "docs" / "reference" / name
    assert page.read_text(encoding="utf-8") == reference_pages()[name], "run ./dmp docs"


@pytest.mark.parametrize("name", WOVEN)
def test_the_tables_of_a_page_are_made_from_the_code(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert woven(text) == text, "run ./dmp docs"
    assert sorted(re.findall(r"<!-- made: ([a-z-]+) -->", text)) == sorted(PARTS)
    assert text.count("<!-- end -->") == len(PARTS)


def test_a_table_that_drifts_is_seen() -> None:
    text = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    for rule in RULES:
        row = f"| `{rule.__name__}` |"
        assert row in text
        assert woven(text.replace(row, "| `forgotten` |")) == text
    with pytest.raises(KeyError):
        woven("<!-- made: nothing -->\n<!-- end -->")


def test_a_decision_says_what_was_decided_and_what_follows() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [p.name for p in pages if "**Decided.**" not in p.read_text(encoding="utf-8")] == []


def known_commands() -> set[tuple[str, ...]]:
    """Every command, as words."""
    found: set[tuple[str, ...]] = set()

    def walk(command: Any, path: tuple[str, ...]) -> None:
        found.add(path)
        for name, child in getattr(command, "commands", {}).items():
            walk(child, (*path, name))

    walk(typer.main.get_command(app), ())
    return found


def is_known(words: tuple[str, ...], known: set[tuple[str, ...]]) -> bool:
    """Whether the words are a command, perhaps followed by its arguments."""
    runnable = {path for path in known if path and not any(p[:-1] == path for p in known if p)}
    return any(words[: len(path)] == path for path in runnable)


@pytest.mark.parametrize("page", lints.pages(ROOT), ids=lambda page: page.name)
def test_the_commands_a_page_shows_exist(page: Path) -> None:
    known = known_commands()
    assert [words for words in lints.commands_named(page) if not is_known(words, known)] == []


def test_an_unknown_command_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\n./dmp demo --people 3\n$ ./dmp fly away\n```\n", encoding="utf-8")
    known = known_commands()
    found = lints.commands_named(page)
    assert found == {("demo",), ("fly", "away")}
    assert [words for words in found if not is_known(words, known)] == [("fly", "away")]


def test_the_readme_shows_the_two_commands() -> None:
    shown = lints.commands_named(ROOT / "README.md")
    assert {("demo",), ("test",)} <= shown


def test_settings_named_in_the_documentation_exist() -> None:
    named = {
        name
        for page in lints.pages(ROOT)
        for name in re.findall(r"\bDMP_[A-Z_]+\b", page.read_text(encoding="utf-8"))
    }
    assert unknown_names(dict.fromkeys(named, "")) == []


def test_every_setting_has_a_meaning_that_ends_as_a_sentence() -> None:
    assert [d.name for _, _, d in descriptions() if not d.meaning.endswith(".")] == []


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in text
    for article in range(1, 16):
        assert re.search(rf"^{article}\. [A-Z]", text, re.MULTILINE), article
    assert "Appendix" in text
    assert text.rstrip().endswith("EUPL version.")
