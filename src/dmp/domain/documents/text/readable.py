"""The text of a document, and how it is folded for a search.

The folded form has accents stripped, letters in lower case and everything that is neither letter nor digit
as a blank, character by character: what stands at an offset of one form stands there in the other.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_CHARACTERS: Final = 300_000
"""So much of a document is searched, about a hundred pages; what follows is left out."""
TEXT_FORM: Final = 1
"""Raised when more is read of a document than before: texts of an earlier form are read again."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """The text of one document, at most `MAX_CHARACTERS`. Empty for a scanned picture."""

    shown: str = ""


OE: Final = "\x9c"
"""The letter œ as it is searched: one character, as in the text."""


def _searched(character: str) -> str:
    """A letter or digit as it is searched, one for one; a blank for the rest."""
    if character in "µ":
        return character
    plain = unicodedata.normalize("NFKD", character)[:1].casefold()[:1]
    return plain if (plain.isalnum() and plain.isascii()) or plain in "æøðþ" else " "


def _beyond(error: UnicodeError) -> tuple[str, int]:
    """Letters beyond Latin-1, one for one."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_searched, error.object[error.start : error.end])), error.end


codecs.register_error("dmp.fold", _beyond)
_FOLDED: Final = b"".join(
    OE.encode("latin-1") if chr(octet) == OE else _searched(chr(octet)).encode("latin-1")
    for octet in range(256)
)
# The signs of French typography that Latin-1 does not hold: one by one they would take long.
_TYPOGRAPHY: Final = (
    ("’", "'"), ("œ", OE), ("Œ", OE), ("μ", "µ"), ("–", " "), ("—", " "), ("…", " "), ("•", " "),
    ("€", " "), ("≥", " "), ("≤", " "), ("“", " "), ("”", " "), ("\u202f", " "), ("\u2009", " "),
)  # fmt: skip


def fold(text: str) -> str:
    """`text` as it is searched, character by character: `Hémoglobine A1c` gives `hemoglobine a1c`.

    Letters of other scripts are blanks.
    """
    # By octets and whole passes: hundreds of documents are folded with every search.
    if not text.isascii():
        for written, searched in _TYPOGRAPHY:
            text = text.replace(written, searched)
    return text.encode("latin-1", "dmp.fold").translate(_FOLDED).decode("latin-1")


_LIGATURES: Final = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
}  # fmt: skip
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_CUT_WORD = re.compile("[\u00ad\u0002\ufffe][ \t]*\n?")
# Signs of control, halves of pairs, and accents left without their letter.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]+"
)
# Where a text holds nothing else, nothing is to be done but to make blanks single.
_USUAL: Final = bytes((0x0A, *range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x100)))
_USUAL_SIGNS: Final = "œŒ’–—…€≥≤μ"


def readable(text: str) -> DocumentText:
    """The text with composed letters, words joined that were cut at the end of a line, blanks single."""
    text = text[: 2 * MAX_CHARACTERS]
    if _is_usual(text):
        return DocumentText(_single_blanks(text)[:MAX_CHARACTERS])
    text = _LIGATURE.sub(lambda found: _LIGATURES[found.group()], _CUT_WORD.sub("", text))
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return DocumentText("\n".join(filter(None, lines))[:MAX_CHARACTERS])


# Every deposit passes here: a text is gone over as a whole or by lines, not word by word.
def _is_usual(text: str) -> bool:
    octets = text.encode("latin-1", "ignore")
    if octets.translate(None, _USUAL):
        return False
    return len(octets) + sum(map(text.count, _USUAL_SIGNS)) == len(text)


def _single_blanks(text: str) -> str:
    """The lines of a usual text, single blanks between their words, the empty ones left out."""
    text = text.replace("\xa0", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return "\n".join(filter(None, [line.strip() for line in text.split("\n")]))
