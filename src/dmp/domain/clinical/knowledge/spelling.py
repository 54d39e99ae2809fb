"""One way to write names, so that those of different sources meet: no accents, no capitals, no brackets."""

from __future__ import annotations

import re
import unicodedata

_LEFT_OUT = dict.fromkeys(map(ord, '()[],;:.…"«»/*'), " ")
_LETTERS = {
    **_LEFT_OUT,
    **{ord(c): "'" for c in "’`ʼ"},
    **{ord(c): "-" for c in "‐‑–—"},
    ord("œ"): "oe",
    ord("æ"): "ae",
    ord("µ"): "u",
    ord("α"): "alpha",
    ord("β"): "beta",
}
_CUT_WORD = re.compile(r"(?<=[a-z])- (?=[a-z])")  # a word that a line of print cut at its hyphen


def normalised(name: str) -> str:
    """The name as terms are compared: `MACROLIDES (SAUF SPIRAMYCINE)` is `macrolides sauf spiramycine`."""
    text = name.lower().translate(_LETTERS)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    text = " ".join(text.split())
    return _CUT_WORD.sub("-", text) if "- " in text else text
