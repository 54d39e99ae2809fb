"""What light and dark change: colours, and nothing else."""

from __future__ import annotations

from pathlib import Path

from dmp.entrypoints import web


def test_a_colour_scheme_shows_hides_and_moves_nothing() -> None:
    """Every colour is a pair, and nobody asks for the scheme otherwise: a window is one in both.

    The tests in a browser rest on this: they run the rules that are not about colours in one scheme.
    """
    folder = Path(web.__file__).parent
    files = [path for path in folder.rglob("*") if path.suffix in (".css", ".js", ".html", ".py")]
    asking = [path.name for path in files if "prefers-color-scheme" in path.read_text("utf-8")]
    assert asking == []
    assert "light-dark(" in (folder / "static" / "dmp.css").read_text("utf-8")
