"""Each lint of the house, shown a breach, names it; and stays silent without it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house import lints

Lint = Callable[[Path], list[str]]

BREACHES: list[tuple[Lint, str, str, str]] = [
    (lints.too_long, "src/dmp/long.py", "x = 1\n" * 401, "src/dmp/long.py"),
    (
        lints.long_functions,
        "src/dmp/story.py",
        "def tell() -> None:\n" + "    print()\n" * 41,
        "story.py:1 tell",
    ),
    (lints.badly_named, "src/dmp/utils.py", "", "src/dmp/utils.py"),
    (lints.badly_named, "src/dmp/common/names.py", "", "src/dmp/common/names.py"),
    (lints.badly_named, "src/dmp/record_manager.py", "", "record_manager.py"),
    (
        lints.external_addresses,
        "src/dmp/web/templates/page.html",
        '<script src="https://cdn.example.com/x.js"></script>',
        "page.html:1",
    ),
    (
        lints.external_addresses,
        "src/dmp/web/static/page.css",
        "body { background: url(//example.com/x.png) }",
        "page.css:1",
    ),
    (lints.machine_traces, "docs/page.md", "see /ho" + "me/somebody/x", "docs/page.md:1"),
    (
        lints.machine_traces,
        "requirements.lock",
        "--extra-index" + "-url https://example.com",
        "requirements.lock:1",
    ),
    (lints.unused_templates, "src/dmp/web/templates/lost.html", "<p>", "lost.html"),
    (lints.broken_links, "docs/page.md", "[away](nowhere.md)", "docs/page.md: nowhere.md"),
    (lints.broken_links, "docs/page.md", "# Title\n[up](#titel)", "docs/page.md: #titel"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree without any breach."""
    files = {
        "src/dmp/record.py": "def name() -> str:\n    return 'page.html'\n",
        "src/dmp/web/templates/page.html": '<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        "docs/page.md": "# Title\n[here](page.md#title) and [out](https://example.com)\n",
        "requirements.lock": "starlette==1.0 --hash=sha256:00\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


@pytest.mark.parametrize(
    ("lint", "name", "text", "expected"),
    BREACHES,
    ids=[f"{lint.__name__}-{name}" for lint, name, _, _ in BREACHES],
)
def test_a_planted_breach_is_caught(
    tree: Path, lint: Lint, name: str, text: str, expected: str
) -> None:
    assert lint(tree) == []
    (tree / name).parent.mkdir(parents=True, exist_ok=True)
    (tree / name).write_text(text, encoding="utf-8")
    found = lint(tree)
    assert len(found) == 1
    assert expected in found[0]


def test_a_folder_that_is_too_full_is_caught(tree: Path) -> None:
    assert lints.too_full(tree) == []
    for number in range(lints.FOLDER):
        (tree / f"src/dmp/act_{number}.py").write_text("", encoding="utf-8")
    assert len(lints.too_full(tree)) == 1
