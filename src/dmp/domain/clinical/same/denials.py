"""Words that say that there is nothing, or that nothing is said: the same as the codes of "none known".

Software that leaves a free text where a code belongs writes `Pas d'allergie connue` where the name of an
allergy stands; holders type it as well.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from dmp.domain.clinical.coding import folded_label


class Denial(Enum):
    """What words say instead of naming a thing."""

    NONE = "none"  # there is none of the kind that is asked
    SOME = "some"  # one thing, or some, are denied: nothing is said of the others
    SILENCE = "silence"  # nothing is known, or told


_SILENT = re.compile(
    r"(?:non|pas|jamais) (?:ete )?"
    r"(?:renseigne|precise|connu|communique|evalue|documente|determine|recherche|transmis|fourni)e?s?"
    r"|non|inconnu(?:e|s|es)?|indetermine(?:e|s|es)?|ne sait pas|nsp|n ?c|n a|sans objet"
    r"|a (?:completer|preciser)"
)
_WHOLE = re.compile(
    r"neant|nihil|r ?a ?s|rien(?: a signaler)?|nul(?:le|s|les)?|negatifs?|sans particularites?"
)
_BEGINS = re.compile(r"(?:pas (?:de|d)|aucun(?:e|s|es)?|jamais (?:de|d)|nie|dement)\b")
_MAY_BEGIN = re.compile(r"(?:absence (?:de|d)|sans)\b")
"""`Absence de rein gauche` and `Sans domicile fixe` deny nothing: only the words of a kind make a denial."""
_OF_A_KIND = re.compile(
    r"(?:(?:allerg|intoleran|hypersensib|idiosyncras|antecedent|traitement|probleme|patholog|maladie"
    r"|connu|notable|particulari?t?|signal|rapporte|declare|identifie|retrouve|actif|active|actuel|chronique"
    r"|personnel|habituel|significati)\w*"
    r"|atcd|medicaments?|de|d|du|des|la|le|l|les|ou|et|ni|a|ce|jour|en|cours|sante|long|fond|aucune?|au|par"
    r"|patiente?)"
)
_KIND_FIRST = re.compile(r"(?:allergies?|intolerances?|antecedents?|atcd|traitements?|problemes?) ")
_ENDINGS = re.compile(r"\((?:e|s|es)\)")
_INTOLERANCE, _ALLERGY = "intoleran", ("allerg", "hypersensib")
_LONGEST = 120
"""Characters: what is longer is a text, and tells more than a denial."""


@lru_cache(maxsize=4_096)
def denial(words: str) -> Denial | None:
    """What the words deny; None where they name something."""
    if len(words) > _LONGEST:
        return None
    text = folded_label(_ENDINGS.sub("", words))
    if _SILENT.fullmatch(text):
        return Denial.SILENCE
    kind = _KIND_FIRST.match(text)
    rest = text if kind is None else text[kind.end() :]
    if rest != text and _SILENT.fullmatch(rest):
        # `Allergies : non` denies them; `Allergie non précisée` is one.
        return Denial.NONE if rest == "non" else None if "precis" in rest else Denial.SILENCE
    if _WHOLE.fullmatch(rest):
        return Denial.NONE
    begins = _BEGINS.match(rest)
    found = begins or _MAY_BEGIN.match(rest)
    if found is None:
        return None
    is_narrow = _INTOLERANCE in rest and not any(word in rest for word in _ALLERGY)
    if not is_narrow and all(map(_OF_A_KIND.fullmatch, rest[found.end() :].split())):
        return Denial.NONE
    return Denial.SOME if begins or is_narrow else None
