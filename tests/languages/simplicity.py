"""What makes French simple here: short sentences, and few words that only the trade uses.

Source: Inclusion Europe, "Information for all" (one idea per sentence, short sentences, easy words); plain
language guides give fifteen words as the most that people read at once; the simplified version keeps below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dmp.locale import catalogue
from tests.languages.collected import collected

LONGEST = 12
"""Words of a sentence, at most. What follows a colon or a semicolon is counted as another sentence."""

SAID_TO_HOLDERS = (
    "holder/", "doorstep/", "templates/holder/", "templates/doorstep/", "adding/", "arranging/",
    "templates/adding/", "templates/arranging/", "correcting/holder", "templates/correcting/",
    "declaring/", "templates/declaring/", "transparency/", "templates/transparency/", "briefly/",
    "templates/briefly/", "card/", "templates/card/", "copying/", "templates/copying/",
    "device/account", "device/entering", "templates/device/", "door.py", "refusals.py", "visit.py",
    "history/", "templates/history/", "prevention/", "templates/prevention/", "activation/",
    "templates/activation/", "measuring/", "templates/measuring/", "results/", "templates/results/",
)  # fmt: skip
"""Where sentences for holders are written; professionals and desks read the usual French."""

KINDS = (
    "reason.", "notice.", "message.", "rule.", "act.", "change.", "explained.", "shared.", "life.",
)  # fmt: skip
"""Symbolic msgids that holders read."""


HARD = re.compile(
    r"clôtur|réactiv|aliment[eé]\b|titulaire|exploitant|ayants? droit|restreind|délivrance|habilit|en vertu"
    r"|tracé|consult(er|é|e)\b|motif|obsolète|désarchiv"
)
"""Words that the simplified version does without."""


def said_to_holders() -> Iterator[str]:
    """Every msgid that a holder may read."""
    for msgid, places in collected().items():
        symbolic = msgid.startswith(KINDS) and "dmp.po" in places
        if symbolic or any(place.startswith(SAID_TO_HOLDERS) for place in places):
            yield msgid


def simple(msgid: str) -> str:
    """The sentence of a msgid in the simplified version."""
    return catalogue("fr_SIMPLE").get(msgid) or catalogue().get(msgid, msgid)


def too_long(text: str) -> list[str]:
    """Sentences of a text that are longer than LONGEST."""
    parts = re.split(r"[.!?:;…](?:\s|$)|\n", text)
    return [part for part in parts if len(re.findall(r"[\w%{}()’'-]+", part)) > LONGEST]


def hard(text: str) -> bool:
    """Whether a text has a word that the simplified version does without, or a sentence that is too long."""
    return bool(HARD.search(text) or too_long(text))
