"""Every sentence that pages can say: of the templates, of the views, and the symbolic ones.

`python -m tests.languages.collected` lists what the catalogues lack.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jinja2.ext import babel_extract

from dmp.domain.clinical.synthesis import AlertClass
from dmp.locale import LANGUAGES, catalogue

WEB = Path(__file__).parents[2] / "src" / "dmp" / "entrypoints" / "web"
SYMBOLIC = re.compile(r"[a-z]+\.[^ ]")
"""What a symbolic msgid begins with: its kind."""


class Found(NamedTuple):
    """A sentence and the file that says it."""

    msgid: str
    where: str


_MARKED = re.compile(r"[àâçéèêëîïôùûÉÀ’«»]")
_SMALL = re.compile(
    r"\b(le|la|les|un|une|des|du|de|au|aux|et|ou|par|pour|avec|sans|sur|votre|vos|mon|ma|mes|ce|cette"
    r"|est|pas|ne|vous|il|elle|inconnu|inconnue|en)\b"
)
_TITLE = re.compile(r"[A-Z][a-z]{3,}|[A-Z][a-z]+( [a-z]+)+|[A-Z][a-z]+ [^{}]+[.?!]")

KEPT_IN_FRENCH = frozenset(
    {
        # Evidence that a record keeps, and texts that go into a French document.
        "oral, recueilli au guichet en présence de la personne",
        "écrit, bordereau signé conservé par la structure",
        "oral, recueilli par le professionnel en présence du patient",
        "électronique : case cochée par le titulaire connecté",
        # Parts of sentences that the journal puts in the place of others.
        "d’un document", "du document", "à un document", "au document", "un document", "le document",
        "n’avez ", "vous a ",
        # Headers and words of the protocol.
        "Accept", "Authorization", "Location", "Cookie", "Vary", "Origin",
        # Names of types and roots of words.
        "Visit", "Chip", "Criteria", "Listing", "sév",
    }
)  # fmt: skip
"""Literals of the views that no page says in another language."""

SILENT = frozenset({"synthesis/plain_text.py", "headers.py", "options.py", "copying/medium.py"})
"""Files whose literals are no sentences of pages: the text to copy is French whatever the page."""


def of_templates() -> Iterator[Found]:
    """Sentences in `_()` and `ngettext()` of the templates."""
    for path in sorted((WEB / "templates").rglob("*.html")):
        where = str(path.relative_to(WEB))
        with path.open("rb") as source:
            for _, _, message, _ in babel_extract(source, ("_", "gettext", "ngettext"), [], {}):
                parts = message if isinstance(message, tuple) else (message,)
                yield from (Found(part, where) for part in parts if isinstance(part, str))


def of_views() -> Iterator[Found]:
    """French literals of the views: whole constants that are no documentation."""
    for path in sorted(WEB.rglob("*.py")):
        where = str(path.relative_to(WEB))
        if where not in SILENT:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            aside, said = _aside(tree), _said(tree)
            texts = (
                n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in aside
            )
            for node in texts:
                if isinstance(node.value, str) and _is_sentence(node.value, id(node) in said):
                    yield Found(node.value, where)


def of_alerts() -> Iterator[Found]:
    """The words of the classes of alerts, which the domain names as pages say them."""
    for one in AlertClass:
        yield Found(one.value, "clinical/synthesis.py")


def of_symbols() -> Iterator[Found]:
    """Symbolic msgids: those of the French catalogue, whose own test says that it is whole."""
    yield from (Found(msgid, "dmp.po") for msgid in catalogue())


@cache
def collected() -> dict[str, tuple[str, ...]]:
    """Where each sentence is said, by msgid."""
    found: dict[str, set[str]] = {}
    for msgid, where in (*of_templates(), *of_views(), *of_alerts(), *of_symbols()):
        found.setdefault(msgid, set()).add(where)
    return {msgid: tuple(sorted(places)) for msgid, places in found.items()}


def missing(language: str) -> list[str]:
    """What this catalogue lacks."""
    known = catalogue(language)
    return [msgid for msgid in collected() if msgid not in known]


def obsolete(language: str) -> list[str]:
    """What this catalogue has and no page says."""
    return [msgid for msgid in catalogue(language) if msgid not in collected()]


def _is_sentence(text: str, is_said: bool) -> bool:
    if text in KEPT_IN_FRENCH or not re.search(r"[A-Za-zé]{2}", text):
        return False
    if is_said:
        return True
    if re.search(r"[<>%\\]|^[a-z_.-]+$", text):
        return False
    return bool(
        _MARKED.search(text) or (" " in text and _SMALL.search(text)) or _TITLE.fullmatch(text)
    )


_SAYING = ("translate", "sentence", "plural", "translated")


def _said(tree: ast.Module) -> frozenset[int]:
    """Constants that are given to a function which says them."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _SAYING:
            found |= {id(one) for argument in node.args for one in _branches(argument)}
    return frozenset(found)


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    """A value, or each of the values that a condition chooses between."""
    if isinstance(node, ast.IfExp):
        yield from (*_branches(node.body), *_branches(node.orelse))
    else:
        yield node


def _aside(tree: ast.Module) -> set[int]:
    """Constants that say nothing: documentation, parts of formatted strings, names of a type."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            found |= {id(part) for part in node.values}
        for hint in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if hint is not None:
                found |= {id(part) for part in ast.walk(hint)}
    return found


if __name__ == "__main__":
    for lacking in missing("en"):
        sys.stdout.write(f"en\tmissing\t{collected()[lacking][0]}\t{lacking!r}\n")
    for code in LANGUAGES:
        for left in obsolete(code) if code != "fr" else ():
            sys.stdout.write(f"{code}\tleft over\t\t{left!r}\n")
