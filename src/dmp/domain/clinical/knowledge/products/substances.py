"""From the name of a substance as BDPM writes it to the term that the thesaurus of interactions uses.

Source: BDPM, composition; ANSM, thesaurus. Salts, hydrates and esters do not count for interactions: the
thesaurus names the base molecule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dmp.domain.clinical.knowledge.spelling import normalised
from dmp.domain.tables import table

_SALTS = [
    "acetate",
    "acetonide",
    "acetylsalicylate",
    "adipate",
    "aspartate",
    "benzoate",
    "besilate",
    "besylate",
    "bicarbonate",
    "bitartrate",
    "bromhydrate",
    "bromure",
    "butyrate",
    "camsilate",
    "caproate",
    "carbonate",
    "cation",
    "chlorhydrate",
    "chlorure",
    "citrate",
    "cyclotate",
    "decanoate",
    "diacetate",
    "dibromhydrate",
    "dibunate",
    "dichlorhydrate",
    "dichlorure",
    "dicitrate",
    "difumarate",
    "digluconate",
    "dihydrogenophosphate",
    "dihydrogenocitrate",
    "dimaleate",
    "dimesilate",
    "dimesylate",
    "dinitrate",
    "diphosphate",
    "dipropionate",
    "disulfate",
    "ditosilate",
    "ditosylate",
    "edisilate",
    "embonate",
    "enantate",
    "esilate",
    "estolate",
    "ester",
    "ethylsuccinate",
    "formiate",
    "fumarate",
    "furoate",
    "gluceptate",
    "gluconate",
    "glucuronate",
    "glutamate",
    "glycerophosphate",
    "glycolate",
    "hemicitrate",
    "hemifumarate",
    "hemisuccinate",
    "hemisulfate",
    "hemitartrate",
    "heptanoate",
    "hexacetonide",
    "hexanoate",
    "hydrobromure",
    "hydrochlorure",
    "hydrogenocarbonate",
    "hydrogenofumarate",
    "hydrogenomaleate",
    "hydrogenosuccinate",
    "hydrogenosulfate",
    "hydrogenotartrate",
    "hydroxyde",
    "hydroxynaphtoate",
    "iodhydrate",
    "iodure",
    "isethionate",
    "isetionate",
    "lactate",
    "lactobionate",
    "laurate",
    "levulinate",
    "lysinate",
    "maleate",
    "malate",
    "mandelate",
    "mesilate",
    "mesylate",
    "methanesulfonate",
    "methylbromure",
    "metilsulfate",
    "methylsulfate",
    "monochlorhydrate",
    "mononitrate",
    "mucate",
    "napadisilate",
    "napsilate",
    "nicotinate",
    "nitrate",
    "oleate",
    "oenanthate",
    "orotate",
    "oxalate",
    "oxyde",
    "oxoglurate",
    "palmitate",
    "pamoate",
    "phenylpropionate",
    "phosphate",
    "pidolate",
    "pivalate",
    "polystyrene",
    "propionate",
    "pyroglutamate",
    "pyrophosphate",
    "saccharate",
    "salicylate",
    "sesquioleate",
    "stearate",
    "succinate",
    "sulfamate",
    "sulfate",
    "tannate",
    "tartrate",
    "teoclate",
    "tetraphosphate",
    "tosilate",
    "tosylate",
    "triacetate",
    "tribromhydrate",
    "trichlorhydrate",
    "trifluoroacetate",
    "trifluroacetate",
    "trinitrate",
    "trolamine",
    "undecanoate",
    "undecylenate",
    "valerate",
    "xinafoate",
]
_FORMS = [
    "anhydre",
    "base",
    "hydrate",
    "hydratee",
    "hemihydrate",
    "hemihydratee",
    "monohydrate",
    "monohydratee",
    "dihydrate",
    "dihydratee",
    "trihydrate",
    "trihydratee",
    "tetrahydrate",
    "tetrahydratee",
    "pentahydrate",
    "pentahydratee",
    "hexahydrate",
    "heptahydrate",
    "heptahydratee",
    "sesquihydrate",
    "sesquihydratee",
    "hemipentahydrate",
    "hemipentahydratee",
    "sodique",
    "disodique",
    "trisodique",
    "monosodique",
    "potassique",
    "dipotassique",
    "calcique",
    "magnesique",
    "lithique",
    "zincique",
    "ferreux",
    "ferrique",
    "argentique",
    "sodium",
    "potassium",
    "calcium",
    "magnesium",
    "zinc",
    "arginine",
    "lysine",
    "meglumine",
    "erbumine",
    "tert-butylamine",
    "tertbutylamine",
    "trometamol",
    "diolamine",
    "epolamine",
    "diethylamine",
    "olamine",
    "ammonium",
    "micronise",
    "micronisee",
    "microcristallin",
    "microcristalline",
    "cristallise",
    "cristallisee",
    "racemique",
    "dl-",
    "l-",
    "d-",
    "recombinante",
    "recombinant",
    "officinale",
    "purifie",
    "purifiee",
    "lyophilise",
    "concentre",
    "synthetique",
    "solubilise",
    "axetil",
    "cilexetil",
    "dipivoxil",
    "proxetil",
    "pivoxil",
    "medoxomil",
    "mofetil",
    "etexilate",
    "isopropylate",
    "pegol",
    "poudre",
    "seche",
    "sec",
    "liquide",
    "humaine",
    "humain",
]
_OF = r"(?:de |d'|du |d )"
_LEADING = re.compile(
    rf"^(?:solution de )?(?:{'|'.join(_SALTS)}) (?:acide |neutre |basique |sodique |disodique )?{_OF}(?=\w)"
)
_TRAILING_SALT = re.compile(
    rf" (?:mono|di|tri)?(?:{'|'.join(_SALTS)}) (?:acide |sodique |disodique )?(?:de|d'|du|d)(?:$| .*$)"
)
_TRAILING = re.compile(rf" (?:{'|'.join((*_FORMS, *_SALTS))})$")
_STEREO = re.compile(r"^(?:dl-|l-|d-|r-|s-|rs-)(?=[a-z]{4})")
_ACID_FIRST = re.compile(r"^acide (.+)$")
_ACID_LAST = re.compile(r"^(\S.*?) acide$")
_FAMILIES = ("insuline",)
"""Names of which the first word is the term: every insulin is `insuline`."""
_STEPS = 6


def aliases() -> dict[str, str]:
    """Names that no rule brings to the term of the thesaurus, with that term; our own table."""
    return {
        normalised(row["name"]): row["term"]
        for row in table("dmp.domain.clinical.knowledge.products", "aliases.csv").rows
    }


class SubstanceTerms:
    """The terms of one edition of the thesaurus, found by the names of other sources."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(terms)
        self._aliases = aliases()
        self._found: dict[str, str | None] = {}

    def of(self, name: str) -> str | None:
        """The term for a name, or None: the thesaurus has no such substance."""
        if name not in self._found:
            self._found[name] = self._resolved(normalised(name))
        return self._found[name]

    def _resolved(self, name: str) -> str | None:
        for form in forms_of(name):
            for spelled in (form, *_acid(form)):
                if spelled in self._terms:
                    return spelled
                alias = self._aliases.get(spelled)
                if alias is not None:
                    written = next((t for t in (alias, *_acid(alias)) if t in self._terms), None)
                    if written is not None:
                        return written
        family = name.partition(" ")[0]
        return family if family in _FAMILIES and family in self._terms else None


def forms_of(name: str) -> Iterator[str]:
    """A normalised name, then the same with salts, hydrates and esters taken away one after another."""
    yield name
    for _ in range(_STEPS):
        shorter = _STEREO.sub("", _LEADING.sub("", name))
        if shorter == name:
            shorter = _TRAILING_SALT.sub("", name)
        if shorter == name:
            shorter = _TRAILING.sub("", name)
        if shorter == name or not shorter:
            return
        name = shorter
        yield name


def bare(name: str) -> str:
    """The name of the molecule alone, for what the thesaurus does not name."""
    *_, last = forms_of(normalised(name))
    return last


def _acid(form: str) -> tuple[str, ...]:
    """`acide x` and `x acide` are the same."""
    first, last = _ACID_FIRST.match(form), _ACID_LAST.match(form)
    if first is not None:
        return (f"{first.group(1)} acide",)
    if last is not None:
        return (f"acide {last.group(1)}",)
    return ()
