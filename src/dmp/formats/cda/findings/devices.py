"""Devices delivered, implanted or worn, and procedures done.

Source: CI-SIS FR-Dispositif-medical, FR-Acte; LPP, EMDN, CCAM; IPS value set "absent or unknown".
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import Device, Performed, Problem
from dmp.domain.clinical.same.denials import denial
from dmp.domain.codes import Code
from dmp.formats.cda.document import along, child, v3
from dmp.formats.cda.findings.participants import author_of, performer_of
from dmp.formats.cda.findings.place import Place, is_negated
from dmp.formats.cda.findings.statements import (
    OBSERVATION,
    PROCEDURE,
    STATUS,
    SUPPLY,
    concerns_another,
    has_happened,
)
from dmp.formats.cda.findings.words import (
    CODE,
    TIME,
    VALUE,
    all_codes,
    coded,
    instant_of,
    number_of,
    period_of,
)
from dmp.formats.cda.hl7time import PARIS

HISTORY: Final = "47519-4"
"""Section of past procedures: there every entry is one, whatever codes it."""
# CCAM, NABM, SNOMED CT, and the codes that mean "other procedure".
_ACTS: Final = frozenset(
    ("1.2.250.1.215.300.1", "1.2.250.1.213.2.5", "1.2.250.1.213.2.7", "2.16.840.1.113883.6.96")
)
LPP: Final = frozenset(("1.2.250.1.215.200.2.1", "1.2.250.1.215.300.4"))
_PARTICIPANT, _ROLE, _DEVICE = v3("participant"), v3("participantRole"), v3("playingDevice")
_QUANTITY = v3("quantity")
_ABSENT = ("no-known-", "no-device-info", "no-procedure-info")


def device(place: Place, statement: etree._Element) -> None:
    """A device that the person has: delivered or implanted, or observed on the person."""
    if is_negated(statement) or not has_happened(statement):
        return
    if statement.tag == SUPPLY:
        for participant in statement.iterchildren(_PARTICIPANT):
            element = along(participant, _ROLE, _DEVICE, CODE)
            if element is not None:
                _keep_device(place, statement, element)
                return
    elif statement.tag == OBSERVATION:
        value, element = child(statement, VALUE), child(statement, CODE)
        if value is not None and value.get("value") == "true" and element is not None:
            _keep_device(place, statement, element)


def _keep_device(place: Place, statement: etree._Element, element: etree._Element) -> None:
    codes = all_codes(element)
    if any(code.code.startswith(_ABSENT) for code in codes):
        return
    code = next((one for one in codes if one.system in LPP), codes[0] if codes else None)
    label = place.label(element, codes[0] if codes else None, statement)
    if not label or (not codes and denial(label) is not None):
        return
    start, _ = period_of(child(statement, TIME))
    quantity = child(statement, _QUANTITY)
    count = None if quantity is None else number_of(quantity.get("value"))
    place.add(
        "devices",
        Device(
            label=label,
            on=start or place.reading.day,
            code=code,
            quantity=count if count is not None and 0 < count < 1000 else 1,
            sources=place.sources,
        ),
    )


def procedure(place: Place, statement: etree._Element) -> None:
    """An act done; without a day it is told as an antecedent."""
    if statement.tag != PROCEDURE or is_negated(statement) or concerns_another(statement):
        return
    status = child(statement, STATUS)
    if not has_happened(statement) or (status is not None and status.get("code") == "active"):
        return
    element = child(statement, CODE)
    code = coded(element)
    label = place.label(element, code, statement)
    if not label or (code.code.startswith(_ABSENT) if code else denial(label) is not None):
        return
    if place.code != HISTORY and (code is None or code.system not in _ACTS):
        return
    at = instant_of(child(statement, TIME))
    if at is None:
        past = Problem(label=label, code=code, active=False, sources=place.sources)
        place.add("problems", past)
        return
    performer = performer_of(statement)
    place.add(
        "performed",
        Performed(
            label=label,
            on=at.astimezone(PARIS).date(),
            code=code or Code("", ""),
            performer=performer if performer.display else author_of(statement),
            sources=place.sources,
        ),
    )
