"""The medicines of one edition of BDPM, with what the other references say of them.

Medicines are made when they are asked for: an edition has some sixteen thousand products, a process meets
few.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dmp.domain.clinical.knowledge.medicines import Medicine
from dmp.domain.clinical.knowledge.products.boxes import units_of
from dmp.domain.clinical.knowledge.products.names import NameIndex
from dmp.domain.codes import Code

_CIP13 = re.compile(r"34009\d{8}")
_UCD13 = re.compile(r"34008(\d{7})\d")
_CIS = re.compile(r"6\d{7}")
_ATC = re.compile(r"[A-Z]\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?")
_SEVEN = re.compile(r"\d{7}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """What the references say, by their codes; `boxes` are (CIS, label) by CIP13, `short_boxes` CIP13 by
    CIP7.

    `units` are hospital units by UCD of 7 digits; `atc_substances` the substances an ATC code stands for.
    """

    medicines: Mapping[str, Medicine]
    boxes: Mapping[str, tuple[str, str]]
    short_boxes: Mapping[str, str]
    units: Mapping[str, Medicine]
    atc_labels: Mapping[str, str]
    atc_substances: Mapping[str, tuple[str, ...]]
    names: NameIndex
    unmapped: frozenset[str] = (
        frozenset()
    )  # substances on the market that the thesaurus does not name


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Finds medicines in the loaded references; see `Medicines`."""

    products: Products
    _boxes: dict[str, Medicine] = field(default_factory=dict)
    _labels: dict[str, Medicine | None] = field(default_factory=dict)
    _answers: dict[tuple[str, ...], Medicine | None] = field(default_factory=dict)

    def by_cip13(self, cip13: str) -> Medicine | None:
        """The medicine in this box, with its units."""
        made = self._boxes.get(cip13)
        if made is None and cip13 in self.products.boxes:
            cis, label = self.products.boxes[cip13]
            product = self.products.medicines.get(cis)
            if product is not None:
                made = self._boxes[cip13] = replace(product, units=units_of(label))
        return made

    def by_codes(self, codes: Sequence[Code], label: str = "") -> Medicine | None:
        """The medicine that any of these codes names: a box, a hospital unit, a product, then an ATC code;
        else by its label.
        """
        asked = (*[code.code for code in codes], label)
        found = self._answers.get(asked, _NOT_ASKED)
        if found is _NOT_ASKED:
            if len(self._answers) >= _MOST_LABELS:
                self._answers.clear()
            found = self._answers[asked] = self._found([code.strip() for code in asked[:-1]], label)
        return found

    def _found(self, written: Sequence[str], label: str) -> Medicine | None:
        for find in (self._boxed, self._unit, self.products.medicines.get):
            for one in written:
                found = find(one)
                if found is not None:
                    return found
        named = self.by_label(label) if label else None
        for one in written:
            if _ATC.fullmatch(one):
                return self._of_atc(one, label, named)
        return named

    def by_label(self, label: str) -> Medicine | None:
        """The medicine whose name, or whose substance, a label begins with."""
        if label not in self._labels:
            if len(self._labels) >= _MOST_LABELS:
                self._labels.clear()
            self._labels[label] = self._named(label)
        return self._labels[label]

    def atc_label(self, atc: str) -> str:
        """The French name of an ATC group or substance; empty when not known."""
        return self.products.atc_labels.get(atc, "")

    def _boxed(self, code: str) -> Medicine | None:
        if _CIP13.fullmatch(code):
            return self.by_cip13(code)
        if _SEVEN.fullmatch(code):
            return self.by_cip13(self.products.short_boxes.get(code, ""))
        return None

    def _unit(self, code: str) -> Medicine | None:
        thirteen = _UCD13.fullmatch(code)
        if thirteen is not None:
            return self.products.units.get(thirteen.group(1))
        short = code.lstrip("0")
        return self.products.units.get(short) if _SEVEN.fullmatch(short) else None

    def _of_atc(self, atc: str, label: str, named: Medicine | None) -> Medicine:
        """What an ATC code says; the label adds substances and routes where it names the same."""
        if named is not None and named.atc == atc:
            return named
        substances = self.products.atc_substances.get(atc, ())
        if not substances and named is not None and atc.startswith(named.atc[:5] or "-"):
            substances = named.substances
        return Medicine(
            key=f"atc:{atc}",
            name=label or self.atc_label(atc) or atc,
            substances=substances,
            routes=named.routes if named is not None else (),
            atc=atc,
            atc_method="given",
        )

    def _named(self, label: str) -> Medicine | None:
        found = self.products.names.find(label)
        if found is None:
            return None
        if found.cis:
            return self.products.medicines[found.cis]
        return Medicine(
            key=f"atc:{found.atc}" if found.atc else "substance:" + "+".join(found.substances),
            name=label,
            substances=found.substances,
            routes=found.routes,
            atc=found.atc,
            atc_method="name" if found.atc else "",
        )


_MOST_LABELS = 20_000
_NOT_ASKED = Medicine(key="", name="")
"""Stands for "not asked yet", which None does not."""
