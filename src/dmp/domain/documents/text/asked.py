"""What is looked for: words and "phrases", all of which must be there, each in one of several ways.

A word of three letters or more is also found as the beginning of a longer one; the words of a phrase stand
next to one another. Words that say nothing (le, de, et) are left out beside others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, product
from typing import Final

from dmp.domain.documents.text.readable import OE, fold
from dmp.domain.documents.text.synonyms import longest_expression, synonyms

MAX_TYPED: Final = 200
MAX_CLAUSES: Final = 12
PREFIX_FROM: Final = 3
"""Shorter words are found as whole words only."""
_NOTHING_SAID: Final = frozenset(
    [
        "a",
        "au",
        "aux",
        "avec",
        "c",
        "ce",
        "ces",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "en",
        "entre",
        "et",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "m",
        "ma",
        "mes",
        "mon",
        "n",
        "ne",
        "nos",
        "notre",
        "ou",
        "par",
        "pas",
        "pour",
        "qu",
        "que",
        "qui",
        "s",
        "sa",
        "sans",
        "se",
        "ses",
        "son",
        "sur",
        "t",
        "un",
        "une",
        "vos",
        "votre",
        "y",
    ]
)
_TYPED = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”|([^\s"«»“”]+)')


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words next to one another, folded; `is_prefix`: the last one may go on."""

    words: tuple[str, ...]
    is_prefix: bool = True

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it stands in a folded text between two blanks; offsets leave the first blank out."""
        if not any(needle in text for needle in _needles(self)):
            return
        for match in _expression(self).finditer(text):
            yield match.start(1) - 1, match.end(1) - 1

    def count(self, text: str, most: int) -> int:
        """How often it stands in a folded text between two blanks; `most` at most."""
        if not any(needle in text for needle in _needles(self)):
            return 0
        return sum(1 for _ in islice(_expression(self).finditer(text), most))


@lru_cache(maxsize=512)
def _expression(pattern: Pattern) -> re.Pattern[str]:
    words = " +".join(re.escape(word) for word in pattern.words)
    words = words.replace(re.escape(OE), "oe").replace("oe", f"(?:oe|{OE})")
    is_prefix = pattern.is_prefix and len(pattern.words[-1]) >= PREFIX_FROM
    return re.compile(f" ({words}{'[^ ]*' if is_prefix else ''})(?= )")


@lru_cache(maxsize=512)
def _needles(pattern: Pattern) -> tuple[str, ...]:
    """One of these stands in whatever text holds the pattern: to leave the others out at once."""
    longest = max(pattern.words, key=len).replace(OE, "oe")
    parts = longest.split("oe", 3)
    ways = product(("oe", OE), repeat=len(parts) - 1)
    return tuple(
        " " + "".join(part + letter for part, letter in zip(parts, (*way, ""), strict=True))
        for way in ways
    )


Alternative = tuple[Pattern, ...]
"""Patterns that must all be there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One thing asked: as typed, or in another way. `word` is the single folded word, else empty."""

    typed: str
    alternatives: tuple[Alternative, ...]
    word: str = ""
    others: tuple[str, ...] = ()

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """Every pattern of every alternative."""
        return tuple(dict.fromkeys(p for one in self.alternatives for p in one))

    def corrected(self, words: tuple[str, ...]) -> Clause:
        """The clause with other spellings of its word, and the synonyms of these."""
        others = tuple(dict.fromkeys(other for word in words for other in synonyms((word,))))
        return replace(
            self,
            alternatives=(
                *((Pattern((word,), is_prefix=False),) for word in words),
                *map(_alternative, others),
            ),
            others=others,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """All clauses must hold."""

    clauses: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return bool(self.clauses)

    @property
    def others(self) -> tuple[str, ...]:
        """What is looked for besides what was typed, as people write it."""
        return tuple(dict.fromkeys(other for clause in self.clauses for other in clause.others))


Names = Callable[[str], tuple[str, ...]]
"""Other names of a folded word that no group of synonyms has: those of a medicine, from reference data."""


def no_names(_: str) -> tuple[str, ...]:
    """No word has another name."""
    return ()


def asked(typed: str, names: Names = no_names) -> Asked:
    """What a person typed, as clauses. At most `MAX_TYPED` characters and `MAX_CLAUSES` clauses count."""
    clauses: list[Clause] = []
    words: list[str] = []
    for match in _TYPED.finditer(typed[:MAX_TYPED]):
        bare = match.group(4)
        if bare is not None and not _is_figure(bare):
            words += fold(bare).split()
            continue
        clauses += _of_words(words, names)
        words = []
        phrase = tuple(fold(bare or match.group(1, 2, 3)[match.lastindex - 1]).split())  # type: ignore[operator] # one of the groups matched
        if phrase:
            clauses.append(Clause(typed=" ".join(phrase), alternatives=((Pattern(phrase),),)))
    clauses += _of_words(words, names)
    telling = [one for one in clauses if one.word not in _NOTHING_SAID or not one.word]
    return Asked(clauses=tuple((telling or clauses)[:MAX_CLAUSES]))


def _is_figure(word: str) -> bool:
    """Whether a word without blanks is a figure or a name with one, `5,2` or `covid-19`: a phrase."""
    return len(fold(word).split()) > 1 and any(c.isdigit() for c in word)


def _of_words(words: list[str], names: Names) -> list[Clause]:
    """A clause for each expression that has synonyms, and for each word beside them."""
    clauses: list[Clause] = []
    at = 0
    while at < len(words):
        length, others = longest_expression(words[at:])
        others = others or names(words[at])
        taken = words[at : at + max(length, 1)]
        telling = [word for word in taken if word not in _NOTHING_SAID] or taken
        typed: Alternative = tuple(Pattern((word,)) for word in telling)
        clauses.append(
            Clause(
                typed=" ".join(taken),
                alternatives=(typed, *map(_alternative, others)),
                word=taken[0] if len(taken) == 1 else "",
                others=others,
            )
        )
        at += len(taken)
    return clauses


def _alternative(expression: str) -> Alternative:
    """Another way to say it: as a phrase; a short one, an abbreviation, as a whole word."""
    words = tuple(fold(expression).split())
    return (Pattern(words, is_prefix=len(words[-1]) > 4),)
