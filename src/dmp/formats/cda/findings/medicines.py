"""Medicines prescribed or listed as treatments, and medicines delivered.

Source: IHE PCC medications (1.3.6.1.4.1.19376.1.5.3.1.4.7) and supply (…4.7.3); CI-SIS FR-Traitement,
eP-MED-DM, eDISP-MED, LDL-SES.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import NOBODY, Dispensed, Prescribed
from dmp.domain.clinical.same.denials import denial
from dmp.formats.cda.document import child, v3
from dmp.formats.cda.findings.dosage import dosage_of
from dmp.formats.cda.findings.participants import (
    ASSIGNED_AUTHOR,
    AUTHOR,
    author_of,
    performer_of,
    product_of,
)
from dmp.formats.cda.findings.place import Place, is_negated
from dmp.formats.cda.findings.statements import (
    ADMINISTRATION,
    SUPPLY,
    has_happened,
    is_gone,
    related,
)
from dmp.formats.cda.findings.vaccinations import is_vaccination, vaccination
from dmp.formats.cda.findings.words import (
    CODE,
    TIME,
    attribute,
    day_of,
    instant_of,
    number_of,
    period_of,
)
from dmp.formats.cda.hl7time import PARIS

PRESCRIPTION: Final = "57828-6"
DISCHARGE_LETTER: Final = "11490-0"
"""Type of the letter of discharge (LDL-SES)."""
_CONSUMABLE, _PRODUCT_OF_SUPPLY, _QUANTITY = v3("consumable"), v3("product"), v3("quantity")
_AUTHOR_TIME = v3("time")
_MOST_BOXES = 1000.0


def treatment(place: Place, statement: etree._Element) -> None:
    """A medicine prescribed, or taken."""
    _treatment(place, statement, ended=False)


def ended_treatment(place: Place, statement: etree._Element) -> None:
    """A medicine given during a stay, or stopped in it: it ends with the document when nothing is said.

    A letter of discharge lists what was stopped, whenever it was begun; elsewhere what has no day was given
    that day.
    """
    _treatment(place, statement, ended=True)


def _treatment(place: Place, statement: etree._Element, *, ended: bool) -> None:
    if statement.tag != ADMINISTRATION or is_negated(statement) or is_gone(statement):
        return
    if is_vaccination(statement):
        if has_happened(statement):
            vaccination(place, statement)
        return
    code = child(statement, CODE)
    if code is not None and code.get("code", "").startswith("no-"):
        return  # "no known medication", "no information"
    product = product_of(place, child(statement, _CONSUMABLE))
    if product is None or (not product.codes and denial(product.label) is not None):
        return
    start, stop = _days(statement)
    if ended:
        is_given = stop is None and place.reading.type_code != DISCHARGE_LETTER
        stop = stop or place.reading.day
        start = start or (stop if is_given else None)
    prescriber = author_of(statement)
    if prescriber is NOBODY and place.code == PRESCRIPTION:
        prescriber = place.author if place.author != NOBODY else place.reading.author
    place.add(
        "prescribed",
        Prescribed(
            label=product.label,
            codes=product.codes,
            dosage=dosage_of(place, statement),
            start=start,
            stop=stop,
            prescriber=prescriber,
            sources=place.sources,
        ),
    )


def _days(statement: etree._Element) -> tuple[date | None, date | None]:
    for time in statement.iterchildren(TIME):
        start, stop = period_of(time)
        if start is not None or stop is not None:
            return start, stop
    return None, None


def dispensing(place: Place, statement: etree._Element) -> None:
    """A delivery of a medicine."""
    if statement.tag != SUPPLY or is_negated(statement) or not has_happened(statement):
        return
    product = product_of(place, child(statement, _PRODUCT_OF_SUPPLY))
    if product is None:
        return
    quantity = child(statement, _QUANTITY)
    boxes = None if quantity is None else number_of(quantity.get("value"))
    order = next(related(statement, ("REFR",), ADMINISTRATION), None)
    pharmacy = author_of(statement)
    if pharmacy == NOBODY:
        pharmacy = performer_of(statement)
    if pharmacy == NOBODY:
        pharmacy = place.author if place.author != NOBODY else place.reading.author
    place.add(
        "dispensed",
        Dispensed(
            label=product.label,
            on=_delivered_on(place, statement),
            codes=product.codes,
            boxes=boxes if boxes is not None and 0 < boxes <= _MOST_BOXES else 1,
            prescribed_on=_written_on(order),
            prescriber=author_of(order),
            pharmacy=pharmacy,
            sources=place.sources,
        ),
    )


def _delivered_on(place: Place, statement: etree._Element) -> date:
    """The day of the delivery: its own, else that of the act that the document is about."""
    at = instant_of(child(statement, TIME)) or place.reading.at
    return at.astimezone(PARIS).date()


def _written_on(holder: etree._Element | None) -> date | None:
    author = None if holder is None else child(holder, AUTHOR)
    if author is None or child(author, ASSIGNED_AUTHOR) is None:
        return None
    return day_of(attribute(child(author, _AUTHOR_TIME), "value"))
