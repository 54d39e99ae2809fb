"""What people read: one gettext catalogue per language, read once.

The source language of the pages is French: their sentences are msgids and need no entry. Symbolic
msgids (`reason.record-closed`, `rule.professional_is_blocked`, `act.open-record.done`) have one each.
Two further catalogues say the same otherwise: `fr_SIMPLE`, French in shorter and simpler sentences, and
`en`. What they do not say is said in French.

French is written here with plain spaces and said with those that do not break: before `:` `;` `?` `!` and
inside quotation marks. They are put in once, when the catalogues are read.

The language belongs to the task at hand: a door sets it for each request (`speak`), and every sentence
made during this request is in it. Elsewhere (messages, commands, other doors) it is French.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

LANGUAGE = "fr"
"""The source language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of the pages: its catalogue, its BCP 47 tag, Babel's locale, its own name."""

    code: str
    tag: str
    formats: str
    name: str


LANGUAGES: Mapping[str, Language] = {
    language.code: language
    for language in (
        Language(code="fr", tag="fr", formats="fr", name="Français"),
        Language(code="fr_SIMPLE", tag="fr", formats="fr", name="Français simplifié"),
        Language(code="en", tag="en", formats="en_GB", name="English"),
    )
}

_spoken: ContextVar[Language] = ContextVar("language", default=LANGUAGES[LANGUAGE])


def spoken() -> Language:
    """The language of the task at hand."""
    return _spoken.get()


@contextmanager
def speak(code: str) -> Iterator[Language]:
    """Say everything in this language until the end of the block.

    Raises:
        KeyError: there is no such language.
    """
    language = LANGUAGES[code]
    token = _spoken.set(language)
    try:
        yield language
    finally:
        _spoken.reset(token)


@cache
def catalogue(language: str = LANGUAGE) -> dict[str, str]:
    """Every entry of the catalogue of a language, by msgid; a plural under each of its two msgids.

    Raises:
        FileNotFoundError: there is no catalogue for this language.
    """
    path = files(__name__) / language / "LC_MESSAGES" / "dmp.po"
    with path.open("rb") as source:
        messages = read_po(source, locale=LANGUAGES[language].formats)
    found: dict[str, str] = {}
    for message in messages:
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        given = message.string or ""
        strings = (given,) if isinstance(given, str) else tuple(given)
        found.update({msgid: text for msgid, text in zip(ids, strings, strict=True) if text})
    found.pop("", None)
    return found


def unbroken(text: str) -> str:
    """A French text in which no line begins with a sign of punctuation.

    Source: Lexique des règles typographiques en usage à l’Imprimerie nationale, « Ponctuation »: a thin
    space before `;` `?` `!`, a word space before `:` and inside `« »`, none of which breaks.
    """
    text = re.sub(r"(?<=\S) (?=[;?!])", "\u202f", text)
    return re.sub(r"(?<=\S) (?=[:»])|(?<=«) ", "\u00a0", text)


@cache
def _sentences(language: str) -> dict[str, str]:
    """What is said otherwise than its msgid, in French where the language has no entry.

    The msgids are known by the English catalogue, which has them all: what somebody typed is none of them.
    """
    if language == "en":
        return {**_sentences(LANGUAGE), **catalogue(language)}
    written = {msgid: msgid for msgid in catalogue("en")}
    french = {**written, **catalogue(LANGUAGE), **catalogue(language)}
    said = {msgid: unbroken(text) for msgid, text in french.items()}
    return {msgid: text for msgid, text in said.items() if text != msgid}


def knows(msgid: str, language: str = LANGUAGE) -> bool:
    """Whether the catalogue has an entry of its own for this msgid."""
    return msgid in catalogue(language)


def sentence(msgid: str) -> str:
    """The sentence of a msgid as it stands, its names unfilled. Without an entry the msgid is the sentence."""
    return _sentences(_spoken.get().code).get(msgid, msgid)


def plural(one: str, many: str, number: int) -> str:
    """The sentence for this number: French counts zero with one, English with many."""
    is_one = number == 1 if _spoken.get().code == "en" else number < 2
    return sentence(one if is_one else many)


def translate(msgid: str, /, **values: object) -> str:
    """The sentence of a msgid in the language of the task, its `{names}` filled.

    Without an entry the msgid is itself the sentence. A name without a value stays visible.
    """
    return sentence(msgid).format_map(_Visible(values))


def word(kind: str, value: str) -> str:
    """The word of a coded value, `kind.value`; the value itself when it has no entry."""
    return _sentences(_spoken.get().code).get(f"{kind}.{value}", value)


class _Visible(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
