"""Plain and rich text: its words alone, set on pages of a PDF.

Of rich text the letters and the paragraphs are kept; pictures, fields, objects and styles are not read.
Source: RTF 1.9.1 (groups, control words, letters by their number).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dmp.domain.errors import Reason, Refused
from dmp.formats.pdf import write_pdf
from dmp.formats.received.kinds import Kind

MAX_CHARACTERS: Final = 300_000

_TOKEN: Final = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|\\'(?P<octet>[0-9A-Fa-f]{2})"
    rb"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\(?P<sign>[^a-zA-Z'])"
    rb"|(?P<text>[^\\{}\r\n]+)|[\r\n]+|(?P<stray>\\)"
)
_UNREAD: Final = frozenset(
    (
        b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer",
        b"headerl", b"headerr", b"footerl", b"footerr", b"fldinst", b"themedata", b"datastore",
        b"generator", b"listtable", b"listoverridetable", b"rsidtbl", b"xmlnstbl", b"objdata",
    )
)  # fmt: skip
"""Groups whose letters are not part of the text."""
_BREAKS: Final = {
    b"par": "\n",
    b"line": "\n",
    b"row": "\n",
    b"page": "\n\n",
    b"sect": "\n\n",
    b"tab": " ",
    b"cell": " ",
}
_LETTERS: Final = {
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
}


def pages_of(content: bytes, kind: Kind, title: str) -> bytes:
    """The text of a file as a PDF.

    Raises:
        Refused: CONTENT_EMPTY without a word; CONTENT_TOO_LARGE over 300 000 characters.
    """
    text = _rich(content) if kind is Kind.RTF else _plain(content)
    cleaned = "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")
    if not cleaned.strip():
        raise Refused(Reason.CONTENT_EMPTY)
    if len(cleaned) > MAX_CHARACTERS:
        raise Refused(Reason.CONTENT_TOO_LARGE, size=len(cleaned), limit=MAX_CHARACTERS)
    return write_pdf(title, cleaned.strip("\n").split("\n"))


def _plain(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").replace("\r\n", "\n").replace("\r", "\n")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Reader:
    """Reads the words of rich text, one token after the other."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._unread = [False]
        self._skipped = [1]  # how many letters stand in for one that is written by its number
        self._waiting = 0

    def take(self, token: re.Match[bytes]) -> None:
        if token["open"]:
            self._unread.append(self._unread[-1])
            self._skipped.append(self._skipped[-1])
        elif token["close"]:
            if len(self._unread) > 1:
                self._unread.pop()
                self._skipped.pop()
        elif token["word"] is not None:
            self._word(token["word"], token["number"])
        elif token["octet"] is not None:
            self._say(bytes.fromhex(token["octet"].decode()).decode("cp1252", "replace"), True)
        elif token["sign"] is not None:
            self._sign(token["sign"])
        elif token["text"] is not None:
            self._say(token["text"].decode("cp1252", "replace"), True)

    def _say(self, text: str, may_stand_in: bool = False) -> None:
        if may_stand_in and self._waiting:
            left = min(self._waiting, len(text))
            self._waiting -= left
            text = text[left:]
        if text and not self._unread[-1]:
            self.parts.append(text)

    def _word(self, word: bytes, number: bytes | None) -> None:
        if word in _UNREAD:
            self._unread[-1] = True
        elif word in _BREAKS:
            self._say(_BREAKS[word])
        elif word in _LETTERS:
            self._say(_LETTERS[word])
        elif word == b"uc":
            self._skipped[-1] = min(max(int(number or b"1"), 0), 10)
        elif word == b"u" and number is not None:
            code = int(number) % 65536
            self._say(chr(code) if not 0xD800 <= code < 0xE000 else "?")
            self._waiting = self._skipped[-1]

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._unread[-1] = True
        elif sign == b"~":
            self._say("\u00a0")
        elif sign in (b"{", b"}", b"\\"):
            self._say(sign.decode())
        elif sign in (b"\n", b"\r"):
            self._say("\n")


def _rich(content: bytes) -> str:
    reader = _Reader()
    for token in _TOKEN.finditer(content):
        reader.take(token)
    return "".join(reader.parts)
