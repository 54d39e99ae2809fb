"""The pack as editions, in the form that loaded ones have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from hashlib import sha256

from dmp.domain.clinical.knowledge.contents import COLUMNS, Content, Row, entries_of
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.domain.clinical.knowledge.spelling import normalised
from dmp.domain.tables import table

_PACKAGE = "dmp.domain.clinical.knowledge.pack"
_K = ReferenceKind
Tables = Mapping[str, tuple[Row, ...]]


@cache
def shipped() -> Mapping[ReferenceKind, Content]:
    """Every edition of the pack."""
    tables: dict[ReferenceKind, Tables] = {
        _K.BDPM: _medicines(),
        _K.ANSM: _thesaurus(),
        _K.NABM: {"acts": _columns("biology.csv", "code", "label", "most")},
        _K.LOINC: {"alignment": tuple(_alignment())},
        _K.CCAM: {"acts": _columns("procedures.csv", "code", "label", "group")},
        _K.CIM10: {"diagnoses": _columns("diagnoses.csv", "code", "label")},
        _K.LONG_TERM: {"diagnoses": _columns("diagnoses.csv", "code", "label", "ald")},
        _K.ATC: {"labels": _columns("atc.csv", "code", "label")},
        _K.UCD: {"units": _columns("hospital.csv", "ucd7", "label", "atc")},
        _K.LPP: {"devices": _columns("devices.csv", "code", "label")},
        _K.GHS: {"groups": _columns("stays.csv", "code", "label")},
        _K.NATURES: {"natures": _columns("natures.csv", "code", "letter", "label")},
        _K.SPECIALITIES: {"specialities": _columns("specialities.csv", "code", "label")},
        _K.RULES: {
            name: _columns(f"{name}.csv", *COLUMNS[_K.RULES][name])
            for name in ("redundancy", "follow_up")
        },
    }
    return {kind: _content(kind, row, tables[kind]) for kind, row in _editions()}


def _editions() -> Iterator[tuple[ReferenceKind, dict[str, str]]]:
    for row in table(_PACKAGE, "editions.csv").rows:
        yield ReferenceKind(row["kind"]), row


def _content(kind: ReferenceKind, row: Mapping[str, str], tables: Tables) -> Content:
    edition = Edition(
        kind=kind,
        on=date.fromisoformat(row["on"]),
        label=row["label"],
        source=row["source"],
        entries=entries_of(kind, tables),
        digest=sha256(repr(sorted(tables.items())).encode()).hexdigest(),
    )
    return Content(edition=edition, tables=tables)


def _columns(name: str, *columns: str) -> tuple[Row, ...]:
    return tuple(tuple(row[column] for column in columns) for row in table(_PACKAGE, name).rows)


def _medicines() -> Tables:
    """One row per box in the pack; products, boxes, components and codes as BDPM has them."""
    rows = table(_PACKAGE, "medicines.csv").rows
    return {
        "products": tuple(
            {r["cis"]: (r["cis"], r["name"], r["routes"], "1") for r in rows}.values()
        ),
        "boxes": tuple((r["cip13"], r["cip13"][5:12], r["cis"], r["box"], "1", "") for r in rows),
        "components": tuple(
            dict.fromkeys(
                (r["cis"], "", substance, "", "SA", str(link))
                for r in rows
                for link, substance in enumerate(r["substances"].split("+"), 1)
            )
        ),
        "official": tuple(dict.fromkeys((r["cis"], r["atc"]) for r in rows if r["atc"])),
    }


def _thesaurus() -> Tables:
    pairs = []
    for row in table(_PACKAGE, "interactions.csv").rows:
        term, partner = normalised(row["a"]), normalised(row["b"])
        others = partner.startswith("autres ")
        pairs.append(
            (
                term,
                term if others else partner,
                row["a"],
                row["b"],
                row["levels"],
                row["mechanism"],
                row["conduct"],
                "1" if others else "",
            )
        )
    members = {
        (normalised(row["class"]), member)
        for row in table(_PACKAGE, "classes.csv").rows
        for member in row["members"].split(";")
    }
    return {"pairs": tuple(pairs), "members": tuple(sorted(members))}


def _alignment() -> Iterator[Row]:
    for row in table(_PACKAGE, "biology.csv").rows:
        for loinc in filter(None, row["loinc"].split(";")):
            yield row["code"], loinc, ""
