"""What people read: one gettext catalogue per language, read once.

The source language of the pages is French: their sentences are msgids and need no entry. Symbolic
msgids (`reason.record-closed`, `rule.professional_is_blocked`, `act.open-record.done`) have one each.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

LANGUAGE = "fr"


@cache
def catalogue(language: str = LANGUAGE) -> dict[str, str]:
    """Every entry of the catalogue of a language, by msgid.

    Raises:
        FileNotFoundError: there is no catalogue for this language.
    """
    path = files(__name__) / language / "LC_MESSAGES" / "dmp.po"
    with path.open("rb") as source:
        messages = read_po(source, locale=language)
    return {
        message.id: message.string
        for message in messages
        if isinstance(message.id, str) and isinstance(message.string, str) and message.string
    }


def knows(msgid: str, language: str = LANGUAGE) -> bool:
    """Whether the catalogue has an entry of its own for this msgid."""
    return msgid in catalogue(language)


def translate(msgid: str, /, **values: object) -> str:
    """The sentence of a msgid in French, its `{names}` filled.

    Without an entry the msgid is itself the sentence. A name without a value stays visible.
    """
    return catalogue().get(msgid, msgid).format_map(_Visible(values))


def word(kind: str, value: str) -> str:
    """The French word of a coded value, `kind.value`; the value itself when it has no entry."""
    return catalogue().get(f"{kind}.{value}", value)


class _Visible(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
