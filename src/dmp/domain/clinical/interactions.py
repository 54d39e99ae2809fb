"""Interactions between the medicines of a person, by the ANSM thesaurus.

A substance is matched by itself and by every class that lists it. "AUTRES x" are two different members of
the class. Local routes are left out but for the exceptions that ANSM names. Food, drinks and "voie orale" are
advice to read, not alerts.

Source: ANSM, Thésaurus des interactions médicamenteuses, general information and pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from dmp.domain.clinical.knowledge.made_ready import MadeReady
from dmp.domain.clinical.knowledge.medicines import Medicine
from dmp.domain.clinical.knowledge.thesaurus import Level, Pair, Thesaurus
from dmp.domain.clinical.supply.routes import LOCAL_ROUTES, acts_locally

ANY_ROUTE = frozenset({"miconazole", "econazole", "povidone iodee", "merbromine", "thiomersal"})
"""Substances that interact whatever the route: the two antifungals, iodine and mercury antiseptics."""
BY_ROUTE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "ophtalmique": frozenset({"pilocarpine"}),
        "nasale": frozenset(
            {
                "esketamine", "desmopressine", "ephedrine", "dihydroergotamine", "fentanyl", "sumatriptan",
                "virus vivant attenue de la grippe",
            }
        ),
        "vaginale": frozenset({"benzalkonium", "cetalkonium", "nonoxynol 9"}),
    }
)  # fmt: skip
"""Substances that interact by one local route; beta-blockers in eye drops are found by their class."""
_INJECTABLE = frozenset({"intraveineuse", "intramusculaire", "sous-cutanee", "intraarterielle"})
_ROUTES_OF_TERM: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "voie bucco-dentaire ou sous-cutanee",
        frozenset(
            {
                "dentaire",
                "gingivale",
                "buccogingivale",
                "sous-cutanee",
                "infiltration",
                "perineurale",
            }
        ),
    ),
    ("voie intra-articulaire", frozenset({"intraarticulaire", "periarticulaire", "infiltration"})),
    ("voies orale et/ou nasale", frozenset({"orale", "nasale"})),
    ("voie im et iv", frozenset({"intramusculaire", "intraveineuse"})),
)
"""Terms that hold for some routes only: they say which, and then a local one may count."""
_NO_MEDICINE = (
    "alcool",
    "pamplemousse",
    "theine",
    "millepertuis tisane",
    "medicaments administres par voie orale",
)
VAGINAL = "medicaments utilises par voie vaginale"
INJECTED_IRON = "sels de fer par voie injectable"
_IRON = "fer"


@dataclass(frozen=True, slots=True)
class Interaction:
    """Two products, by their rank in what was asked, and every pair that they match: the gravest first, then
    those named by substance.
    """

    a: int
    b: int
    pairs: tuple[Pair, ...]

    @property
    def worst(self) -> Level:
        """The gravest level of all."""
        return self.pairs[0].worst


_Terms = Mapping[str, frozenset[str]]
"""By term, the substances of a product that have it."""


class InteractionIndex:
    """A thesaurus made ready to be asked: partners by term, terms and partners by product."""

    _MOST = 4_096

    def __init__(self, thesaurus: Thesaurus) -> None:
        self._classes = thesaurus.classes_of
        self._partners: dict[str, dict[str, list[Pair]]] = {}
        self._products: dict[tuple[tuple[str, ...], tuple[str, ...], bool], _Product] = {}
        for pair in thesaurus.pairs:
            if any(word in term for term in (pair.a_term, pair.b_term) for word in _NO_MEDICINE):
                continue
            partner = pair.a_term if pair.others else pair.b_term
            self._partners.setdefault(pair.a_term, {}).setdefault(partner, []).append(pair)
            if partner != pair.a_term:
                self._partners.setdefault(partner, {}).setdefault(pair.a_term, []).append(pair)

    def check(self, medicines: Sequence[Medicine]) -> list[Interaction]:
        """Every pair of products that interact, in the order asked."""
        products = [self._product(medicine) for medicine in medicines]
        who: dict[str, list[int]] = {}
        for rank, product in enumerate(products):
            for term in product.terms:
                who.setdefault(term, []).append(rank)
        found = []
        for i, a in enumerate(products):
            met = {j for term in a.partners.keys() & who.keys() for j in who[term] if j > i}
            for j in sorted(met):
                pairs = a.met(products[j])
                if len(pairs) > 1:
                    pairs.sort(key=self._gravest_first)
                if pairs:
                    found.append(Interaction(i, j, tuple(pairs)))
        return found

    def _gravest_first(self, pair: Pair) -> tuple[object, ...]:
        named = (pair.a_term in self._classes) + (pair.b_term in self._classes)
        return -pair.worst, pair.is_conditional, -named, pair.a_term, pair.b_term

    def _product(self, medicine: Medicine) -> _Product:
        local = acts_locally(medicine)
        key = medicine.substances, medicine.routes, local
        found = self._products.get(key)
        if found is None:
            if len(self._products) >= self._MOST:
                self._products.clear()
            found = self._products[key] = _Product(self._terms(medicine, local), self._partners)
        return found

    def _terms(self, medicine: Medicine, local: bool) -> _Terms:
        terms: dict[str, set[str]] = {}
        routes = frozenset(medicine.routes)
        for substance in medicine.substances:
            classes = self._classes.get(substance, frozenset())
            counts = not local or _counts_locally(substance, classes, routes)
            for term in (substance, *classes):
                only = next((allowed for words, allowed in _ROUTES_OF_TERM if words in term), None)
                if counts if only is None else (not routes or routes & only):
                    terms.setdefault(term, set()).add(substance)
            if substance == _IRON and routes & _INJECTABLE:
                terms.setdefault(INJECTED_IRON, set()).add(substance)
            if "vaginale" in routes:
                terms.setdefault(VAGINAL, set()).add(substance)
        return {term: frozenset(substances) for term, substances in terms.items()}


class _Product:
    """The terms of a product, and who they meet."""

    __slots__ = ("partners", "terms")

    def __init__(self, terms: _Terms, partners: Mapping[str, Mapping[str, list[Pair]]]) -> None:
        self.terms = terms
        self.partners: dict[str, list[tuple[frozenset[str], Pair]]] = {}
        for term, substances in terms.items():
            for partner, pairs in partners.get(term, {}).items():
                self.partners.setdefault(partner, []).extend((substances, pair) for pair in pairs)

    def met(self, other: _Product) -> list[Pair]:
        """The pairs between two different substances, one of each product."""
        found: dict[int, Pair] = {}
        for term, theirs in other.terms.items():
            for ours, pair in self.partners.get(term, ()):
                if len(ours | theirs) > 1 or pair.b_term == INJECTED_IRON:
                    found[id(pair)] = pair
        return list(found.values())


def _counts_locally(substance: str, classes: Iterable[str], routes: frozenset[str]) -> bool:
    """Whether a substance that acts locally interacts all the same, by the exceptions of ANSM."""
    if substance in ANY_ROUTE:
        return True
    if any(substance in BY_ROUTE.get(route, ()) for route in routes & LOCAL_ROUTES):
        return True
    is_beta_blocker = any(term.startswith("beta-bloquants") for term in classes)
    return is_beta_blocker and "ophtalmique" in routes


_indexes = MadeReady(InteractionIndex)


def index_of(thesaurus: Thesaurus) -> InteractionIndex:
    """The index of a thesaurus, made once for each object."""
    return _indexes.of(thesaurus)
