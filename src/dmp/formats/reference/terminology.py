"""Terminologies as the service of the ANS (SMT) gives them in FHIR: NABM, CCAM, CIM-10, ATC.

Either a ValueSet with its whole expansion (what `ValueSet/$expand` answers) or a CodeSystem with its concepts.
Beside the codes of claims they hold chapters, blocks, nodes of rules, activities and phases: these are left
aside. An expansion that holds less than it announces was cut and is refused.

Source: smt.esante.gouv.fr/fhir (HL7 FHIR R4, ValueSet.expansion, CodeSystem.concept; properties in the form
of R5, extension-ValueSet.expansion.contains.property).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from dmp.domain.clinical.knowledge.contents import Row
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.formats.reference.dates import day_of
from dmp.formats.reference.decoding import inflated
from dmp.formats.reference.faults import refused
from dmp.formats.reference.given import Given

_RESOURCE = re.compile(r'\s*\{.{0,400}?"resourceType"\s*:\s*"(?:ValueSet|CodeSystem)"', re.DOTALL)
_WHICH = re.compile(r'smt\.esante\.gouv\.fr/terminologie-(nabm|ccam|cim-10|atc)(?:\?vs|/)?"')
_PROPERTY = "extension-ValueSet.expansion.contains.property"
_DEEPEST = 64
_K = ReferenceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What is kept of a terminology: how its edition is cited, the table, and which codes are of claims."""

    kind: ReferenceKind
    title: str
    table: str
    code: re.Pattern[str]


_TERMINOLOGIES: Mapping[str, _Kept] = {
    "nabm": _Kept(
        kind=_K.NABM, table="acts", code=re.compile(r"\d{4}"),
        title="Assurance maladie, nomenclature des actes de biologie (NABM), terminologie de l'ANS",
    ),
    "ccam": _Kept(
        kind=_K.CCAM, table="acts", code=re.compile(r"[A-Z]{4}\d{3}"),
        title="Classification commune des actes médicaux (CCAM), terminologie de l'ANS",
    ),
    "cim-10": _Kept(
        kind=_K.CIM10, table="diagnoses", code=re.compile(r"[A-Z]\d{2}(?:\.?[A-Z0-9+]{1,5})?"),
        title="ATIH, CIM-10 FR à usage PMSI, terminologie de l'ANS",
    ),
    "atc": _Kept(
        kind=_K.ATC, table="labels", title="Classification ATC, terminologie de l'ANS",
        code=re.compile(r"[A-Z](?:\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?)?"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminology:
    """The codes and labels of one edition, its day (None: not said) and how it is cited before its day."""

    kind: ReferenceKind
    title: str
    table: str
    rows: tuple[Row, ...]
    on: date | None = None


def terminology_in(head: str) -> ReferenceKind | None:
    """Which terminology a file is, by its beginning; None: none of them."""
    found = _WHICH.search(head) if _RESOURCE.match(head) else None
    return None if found is None else _TERMINOLOGIES[found[1]].kind


def read_terminology(given: Given) -> Terminology:
    """Read a terminology.

    Raises:
        FileRefused: no JSON, cut, or without a code of claims.
    """
    name = given.name
    try:
        resource = msgspec.json.decode(inflated(name, given.content()))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise refused(name, "unreadable JSON.") from None
    found = _WHICH.search(f'{resource.get("url")}"') if isinstance(resource, dict) else None
    if found is None:
        raise refused(name, "does not say which terminology it is.")
    kept = _TERMINOLOGIES[found[1]]
    expansion = resource.get("expansion")
    listed = expansion.get("contains") if isinstance(expansion, dict) else resource.get("concept")
    every = list(_concepts(name, listed))
    _check_whole(name, resource, len(every))
    rows: dict[str, Row] = {}
    for concept in every:
        code, label = concept.get("code"), concept.get("display")
        if isinstance(code, str) and isinstance(label, str) and kept.code.fullmatch(code):
            row = _row(kept.kind, code, " ".join(label.split()), concept)
            rows.setdefault(row[0], row)
    if not rows:
        raise refused(name, "no readable code.")
    return Terminology(
        kind=kept.kind,
        title=kept.title,
        table=kept.table,
        rows=tuple(rows.values()),
        on=day_of(str(resource.get("date") or "")),
    )


def _concepts(name: str, listed: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Every concept, those below another one too."""
    if listed is None:
        return
    if not isinstance(listed, list) or depth > _DEEPEST:
        raise refused(name, "no readable list of concepts.")
    for concept in listed:
        if not isinstance(concept, dict):
            raise refused(name, "no readable list of concepts.")
        yield concept
        yield from _concepts(name, concept.get("contains", concept.get("concept")), depth + 1)


def _check_whole(name: str, resource: Mapping[str, Any], held: int) -> None:
    expansion = resource.get("expansion")
    announced = expansion.get("total") if isinstance(expansion, dict) else resource.get("count")
    if isinstance(announced, int) and held < announced:
        raise refused(name, f"holds {held} concepts of {announced}; it was cut.")


def _row(kind: ReferenceKind, code: str, label: str, concept: Mapping[str, Any]) -> Row:
    if kind is _K.NABM:
        most = _property(concept, "nombreMaximumParFacturation")
        return code.lstrip("0") or "0", label, most if most.isdigit() and int(most) > 0 else ""
    if kind is _K.CCAM:
        return code, label, ""
    if kind is _K.CIM10:
        return code.replace(".", ""), label
    return code, label


def _property(concept: Mapping[str, Any], wanted: str) -> str:
    """A property of a concept, as R5 or as its extension in R4 has it; empty when there is none."""
    for one in _objects(concept.get("property")):
        if one.get("code") == wanted:
            return _value(one)
    for extension in _objects(concept.get("extension")):
        if str(extension.get("url")).endswith(_PROPERTY):
            parts = {str(part.get("url")): part for part in _objects(extension.get("extension"))}
            if _value(parts.get("code", {})) == wanted:
                return _value(parts.get("value", {}))
    return ""


def _objects(listed: object) -> list[Mapping[str, Any]]:
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _value(part: Mapping[str, Any]) -> str:
    value = next((value for key, value in part.items() if key.startswith("value")), "")
    return str(value) if isinstance(value, str | int) else ""
