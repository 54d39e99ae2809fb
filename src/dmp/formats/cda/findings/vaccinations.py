"""Vaccinations done: what was not done, or is planned, is none.

Source: IHE PCC immunizations (1.3.6.1.4.1.19376.1.5.3.1.4.12); CI-SIS FR-Vaccination, volet VAC; certificates
of the child's examinations (CSE), which tell doses without their days.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import NOBODY, Vaccination
from dmp.formats.cda.document import child, v3
from dmp.formats.cda.findings.participants import author_of, performer_of, product_of
from dmp.formats.cda.findings.place import Place, is_negated
from dmp.formats.cda.findings.statements import (
    ACT,
    ADMINISTRATION,
    OBSERVATION,
    concerns_another,
    has_happened,
    related,
)
from dmp.formats.cda.findings.words import CODE, TIME, VALUE, instant_of, number_of
from dmp.formats.cda.hl7time import PARIS

_ACT_CODES: Final = "2.16.840.1.113883.5.4"
_KINDS: Final = frozenset(("IMMUNIZ", "INITIMMUNIZ", "BOOSTER"))
_RANK: Final = "30973-2"
_CONSUMABLE = v3("consumable")
_MOST_TARGETS = 12


def is_vaccination(statement: etree._Element) -> bool:
    """Whether an administration is one of a vaccine."""
    code = child(statement, CODE)
    return code is not None and code.get("code") in _KINDS


def vaccination(place: Place, statement: etree._Element) -> None:
    """A vaccination that was done."""
    if statement.tag != ADMINISTRATION or is_negated(statement) or not has_happened(statement):
        return
    code = child(statement, CODE)
    if code is not None and code.get("code", "").startswith("no-"):
        return
    product = product_of(place, child(statement, _CONSUMABLE))
    if product is None or concerns_another(statement):
        return
    at = instant_of(child(statement, TIME))
    targets = _targets(place, statement)
    if not targets and product.class_name and product.class_name != product.label:
        targets = (product.class_name,)
    performer = performer_of(statement)
    place.add(
        "vaccinations",
        Vaccination(
            label=product.label,
            on=place.reading.day if at is None else at.astimezone(PARIS).date(),
            undated=at is None,
            codes=product.codes,
            lot=product.lot,
            rank=_rank(statement),
            targets=targets,
            performer=performer if performer != NOBODY else author_of(statement),
            sources=place.sources,
        ),
    )


def _rank(statement: etree._Element) -> int | None:
    for observation in related(statement):
        code, value = child(observation, CODE), child(observation, VALUE)
        if code is not None and code.get("code") == _RANK and value is not None:
            rank = number_of(value.get("value"))
            return int(rank) if rank is not None and 0 < rank < 100 else None
    return None


def _targets(place: Place, statement: etree._Element) -> tuple[str, ...]:
    """The diseases that the vaccination prevents, where they are said as its reasons."""
    found: dict[str, None] = {}
    for reason in related(statement, ("RSON",), ACT):
        found[place.label(child(reason, CODE))] = None
    for reason in related(statement, ("RSON",), OBSERVATION):
        found[place.label(child(reason, VALUE))] = None
    return tuple(target for target in found if target)[:_MOST_TARGETS]
