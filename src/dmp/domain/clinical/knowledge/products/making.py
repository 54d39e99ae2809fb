"""The catalogue of medicines made of the editions of BDPM, UCD and ATC."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from dmp.domain.clinical.knowledge.contents import Content, Row
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.medicines import Medicine
from dmp.domain.clinical.knowledge.products.catalogue import Catalogue, Products
from dmp.domain.clinical.knowledge.products.names import NameIndex, head_of
from dmp.domain.clinical.knowledge.products.propagation import (
    OFFICIAL_LENGTH,
    Composition,
    Found,
    most_common,
    propagated,
)
from dmp.domain.clinical.knowledge.products.substances import SubstanceTerms, bare
from dmp.domain.clinical.knowledge.spelling import normalised

_K = ReferenceKind
_HOMEOPATHIC = ("HOMÉOPATHIQUE", "HOMEOPATHIQUE")
_BRAND_LEAST = 4
_INJECTED = "INJ"
_LOCAL = (
    (("D", "M02"), ("cutanee", "transdermique")),
    (("S01",), ("ophtalmique", "intravitreenne", "conjonctivale")),
    (("S02",), ("auriculaire",)),
    (("S03",), ("ophtalmique", "auriculaire")),
    (("R01",), ("nasale",)),
    (("G01",), ("vaginale",)),
    (
        ("A01", "R02"),
        ("buccale", "gingivale", "dentaire", "oropharyngee", "buccogingivale", "periodontale"),
    ),
)
"""The groups of ATC for local use, and the routes by which their products are given."""
_ALL_LOCAL = frozenset(
    {"cutanee", "ophtalmique", "auriculaire", "nasale", "vaginale", "gingivale", "dentaire"}
)


def catalogue_of(contents: Mapping[ReferenceKind, Content], terms: SubstanceTerms) -> Catalogue:
    """The catalogue of these editions; `terms` are those of the thesaurus in force."""
    products = _rows(contents, _K.BDPM, "products")
    boxes = _rows(contents, _K.BDPM, "boxes")
    made_of = _Composed(_rows(contents, _K.BDPM, "components"), terms)
    heads = {row[0]: head_of(row[1]) for row in products}
    codes = _codes(contents, products, boxes, made_of, heads)
    medicines: dict[str, Medicine] = {}
    for cis, name, routes, _ in products:
        found = codes.get(cis)
        medicines[cis] = Medicine(
            key=cis,
            name=name,
            substances=made_of.substances.get(cis, ()),
            routes=tuple(routes.split(";")) if routes else (),
            atc=found.atc if found is not None else "",
            atc_method=found.method if found is not None else "",
        )
    atc_substances = _substances_of_codes(medicines.values())
    names = _names(products, medicines, made_of, heads)
    units = {
        code: _unit(code, label, atc, atc_substances, names)
        for code, label, atc in _rows(contents, _K.UCD, "units")
    }
    sold = {cis for _, _, cis, _, marketed, _ in boxes if marketed}
    return Catalogue(
        Products(
            medicines=medicines,
            boxes={cip13: (cis, label) for cip13, _, cis, label, _, _ in boxes},
            short_boxes={cip7: cip13 for cip13, cip7, *_ in boxes},
            units=units,
            atc_labels=_pairs(_rows(contents, _K.ATC, "labels")),
            atc_substances=atc_substances,
            names=names,
            unmapped=frozenset(
                substance for cis in sold for substance in made_of.unmapped.get(cis, ())
            ),
        )
    )


class _Composed:
    """What products are made of: their substances by CIS, and how each substance is named in the sources."""

    def __init__(self, components: Iterable[Row], terms: SubstanceTerms) -> None:
        self.substances: dict[str, tuple[str, ...]] = {}
        self.unmapped: dict[str, list[str]] = {}
        self.compositions: dict[str, tuple[set[tuple[str, str]], set[str]]] = {}
        self.names: dict[str, str] = {}
        self.molecules: dict[str, frozenset[str]] = {}
        linked: dict[str, dict[str, list[tuple[str, str]]]] = {}
        for cis, code, name, dose, nature, link in components:
            if any(word in name for word in _HOMEOPATHIC):
                continue
            linked.setdefault(cis, {}).setdefault(link or name, []).append((nature, name))
            if nature == "SA":
                doses, codes = self.compositions.setdefault(cis, (set(), set()))
                doses.add((code, dose))
                codes.add(code)
        found: dict[tuple[str, ...], tuple[str, bool, str]] = {}
        for cis, links in linked.items():
            named, molecules = [], set()
            for key in (part for written in links.values() for part in _parts(written)):
                if key not in found:
                    found[key] = self._substance(key, terms)
                substance, known, molecule = found[key]
                named.append(substance)
                molecules.add(molecule)
                if not known:
                    self.unmapped.setdefault(cis, []).append(substance)
            self.substances[cis] = tuple(sorted(set(named)))
            self.molecules[cis] = frozenset(molecules)

    def _substance(self, written: tuple[str, ...], terms: SubstanceTerms) -> tuple[str, bool, str]:
        """The term of a component, else the name of its molecule; whether the thesaurus has it; the
        molecule.
        """
        term = next((t for name in written if (t := terms.of(name)) is not None), None)
        substance = term or bare(written[0])
        for name in written:
            self.names.setdefault(normalised(name), substance)
            self.names.setdefault(bare(name), substance)
        self.names[substance] = substance
        return substance, term is not None, bare(written[0])


def _parts(written: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The names of each component of one link: a therapeutic fraction (FT) is tried before the salt (SA) that
    carries it; a complex of two molecules has one salt and two fractions.
    """
    fractions = sorted({name for nature, name in written if nature == "FT"})
    salts = sorted({name for nature, name in written if nature != "FT"})
    if len(fractions) == 1:
        return [(*fractions, *salts)]
    return [(name,) for name in fractions or salts]


def _codes(
    contents: Mapping[ReferenceKind, Content],
    products: tuple[Row, ...],
    boxes: tuple[Row, ...],
    made_of: _Composed,
    heads: Mapping[str, str],
) -> dict[str, Found]:
    """The ATC code of each product by CIS, with how it was found."""
    by_box = _pairs(_rows(contents, _K.ATC, "boxes"))
    insurer = {cis: by_box[cip13] for cip13, _, cis, *_ in boxes if cip13 in by_box}
    routes = {cis: of_routes for cis, _, of_routes, _ in products}
    compositions = {
        cis: Composition(
            doses=frozenset(doses),
            codes=frozenset(codes),
            names=frozenset(made_of.substances.get(cis, ())),
            routes=routes.get(cis, ""),
        )
        for cis, (doses, codes) in made_of.compositions.items()
    }
    return propagated(
        official=_pairs(_rows(contents, _K.BDPM, "official")),
        insurer=insurer,
        groups={cis: group for group, cis, _ in _rows(contents, _K.BDPM, "groups")},
        compositions=compositions,
        brands=_brand_codes(heads, _rows(contents, _K.ATC, "names"), compositions),
    )


def _pairs(rows: Iterable[Row]) -> dict[str, str]:
    """The second cells of rows by their first."""
    return {row[0]: row[1] for row in rows}


def _brand_codes(
    heads: Mapping[str, str], names: Iterable[Row], compositions: Mapping[str, Composition]
) -> dict[str, str]:
    """The code that stands for the name a product begins with: the only one, or the only one that fits
    its routes.
    """
    coded: dict[str, set[str]] = {}
    for name, atc in names:
        if len(name) >= _BRAND_LEAST and len(atc) == OFFICIAL_LENGTH:
            coded.setdefault(name, set()).add(atc)
    found: dict[str, str] = {}
    for cis, head in heads.items() if coded else ():
        if cis not in compositions:
            continue
        words = head.split()
        for count in range(len(words), 0, -1):
            codes = coded.get(" ".join(words[:count]))
            if codes is not None:
                several = len(codes) > 1
                routes = compositions[cis].routes
                fitting = [atc for atc in codes if not several or _fits(atc, routes)]
                if len(fitting) == 1:
                    found[cis] = fitting[0]
                break
    return found


def _fits(atc: str, routes: str) -> bool:
    """Whether a code of a local group stands for a product of local use, and the others for the other
    routes.
    """
    local = next((words for groups, words in _LOCAL if atc.startswith(groups)), None)
    if local is not None:
        return any(word in routes for word in local)
    return not routes or any(route not in _ALL_LOCAL for route in routes.split(";"))


def _substances_of_codes(medicines: Iterable[Medicine]) -> dict[str, tuple[str, ...]]:
    """The substances that an ATC code mostly stands for."""
    counted: dict[str, Counter[tuple[str, ...]]] = {}
    for medicine in medicines:
        if medicine.atc and medicine.substances:
            counted.setdefault(medicine.atc, Counter())[medicine.substances] += 1
    return {atc: most.most_common(1)[0][0] for atc, most in counted.items()}


def _names(
    products: Iterable[Row],
    medicines: Mapping[str, Medicine],
    made_of: _Composed,
    heads: Mapping[str, str],
) -> NameIndex:
    """The index of names; products on the market come first under a brand."""
    brands: dict[str, list[tuple[str, str]]] = {}
    wholes: dict[str, str] = {}
    usual: dict[frozenset[str], list[Medicine]] = {}
    for cis, name, _, _ in sorted(products, key=lambda row: (row[3] == "", row[0])):
        medicine = medicines[cis]
        if not medicine.substances:
            continue
        wholes.setdefault(normalised(name), cis)
        brands.setdefault(heads[cis], []).append((cis, name))
        for made in {frozenset(medicine.substances), made_of.molecules[cis]}:
            usual.setdefault(made, []).append(medicine)
    return NameIndex(
        brands={name: tuple(found) for name, found in brands.items()},
        wholes=wholes,
        substances=made_of.names,
        usual={made: _usual(found) for made, found in usual.items()},
    )


def _usual(medicines: list[Medicine]) -> tuple[str, tuple[str, ...]]:
    """The code and the routes that most medicines of the same substances have, oral ones first."""
    oral = [m for m in medicines if "orale" in m.routes] or medicines
    routes = Counter(m.routes for m in oral).most_common(1)[0][0]
    return most_common(m.atc for m in oral if m.atc), routes


def _unit(
    code: str,
    label: str,
    atc: str,
    atc_substances: Mapping[str, tuple[str, ...]],
    names: NameIndex,
) -> Medicine:
    """A hospital unit: its substances are those of its code, else those that its label names."""
    named = names.find(label)
    substances = atc_substances.get(atc, ())
    if not substances and named is not None:
        substances = named.substances
    return Medicine(
        key=f"ucd:{code}",
        name=label,
        substances=substances,
        routes=("parenterale",) if _INJECTED in label.upper() else (),
        atc=atc,
        atc_method="official" if atc else "",
    )


def _rows(
    contents: Mapping[ReferenceKind, Content], kind: ReferenceKind, table: str
) -> tuple[Row, ...]:
    content = contents.get(kind)
    return () if content is None else content.rows(table)
