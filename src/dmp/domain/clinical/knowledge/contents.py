"""What an edition holds: plain rows by table, the form in which reference data is kept and compared.

Every reader of an official file makes this form; `assembly` makes the knowledge in memory from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One edition with its rows. Which tables and columns each kind has: `COLUMNS`."""

    edition: Edition
    tables: Mapping[str, tuple[Row, ...]]

    def rows(self, table: str) -> tuple[Row, ...]:
        """The rows of a table; none when the edition does not hold it."""
        return self.tables.get(table, ())


COLUMNS: Mapping[ReferenceKind, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        ReferenceKind.BDPM: {
            "products": ("cis", "name", "routes", "marketed"),
            "boxes": ("cip13", "cip7", "cis", "label", "marketed", "rate"),
            "components": ("cis", "code", "name", "dose", "nature", "link"),
            "groups": ("group", "cis", "type"),
            "official": ("cis", "atc"),
            "opinions": ("code", "page"),
            "conditions": ("cis", "condition"),
            "shortages": ("cis", "cip13", "state", "since"),
        },
        ReferenceKind.ANSM: {
            "pairs": ("a_term", "b_term", "a", "b", "levels", "mechanism", "conduct", "others"),
            "members": ("class_term", "member"),
            "headings": ("term", "heading", "kind"),
        },
        ReferenceKind.NABM: {"acts": ("code", "label", "most")},
        ReferenceKind.CCAM: {"acts": ("code", "label", "group")},
        ReferenceKind.CIM10: {"diagnoses": ("code", "label")},
        ReferenceKind.LONG_TERM: {"diagnoses": ("code", "label", "ald")},
        ReferenceKind.ATC: {
            "labels": ("code", "label"),
            "boxes": ("cip13", "atc"),
            "names": ("name", "atc"),
        },
        ReferenceKind.UCD: {"units": ("ucd7", "label", "atc")},
        ReferenceKind.LPP: {"devices": ("code", "label")},
        ReferenceKind.GHS: {"groups": ("code", "label")},
        ReferenceKind.NATURES: {"natures": ("code", "letter", "label")},
        ReferenceKind.SPECIALITIES: {"specialities": ("code", "label")},
        ReferenceKind.LOINC: {"alignment": ("nabm", "loinc", "label")},
        ReferenceKind.RULES: {
            "redundancy": (
                "rule_id", "comparison", "codes", "label", "min_days", "weight", "silent_in", "source", "state",
            ),
            "follow_up": (
                "rule_id", "label", "done_by", "from_months", "to_months", "sex", "condition", "every_months",
                "rank", "season_from", "source",
            ),
        },
        ReferenceKind.RPPS: {"persons": ("rpps", "name", "speciality")},
        ReferenceKind.FINESS: {"places": ("finess", "name", "town")},
    }
)  # fmt: skip

KEYS: Mapping[ReferenceKind, tuple[str, int]] = MappingProxyType(
    {
        ReferenceKind.BDPM: ("boxes", 1),
        ReferenceKind.ANSM: ("pairs", 2),
        ReferenceKind.NABM: ("acts", 1),
        ReferenceKind.CCAM: ("acts", 1),
        ReferenceKind.CIM10: ("diagnoses", 1),
        ReferenceKind.LONG_TERM: ("diagnoses", 1),
        ReferenceKind.ATC: ("labels", 1),
        ReferenceKind.UCD: ("units", 1),
        ReferenceKind.LPP: ("devices", 1),
        ReferenceKind.GHS: ("groups", 1),
        ReferenceKind.NATURES: ("natures", 1),
        ReferenceKind.SPECIALITIES: ("specialities", 1),
        ReferenceKind.LOINC: ("alignment", 2),
        ReferenceKind.RULES: ("redundancy", 1),
        ReferenceKind.RPPS: ("persons", 1),
        ReferenceKind.FINESS: ("places", 1),
    }
)
"""The table of each kind whose rows are its entries, and how many columns make the key of a row."""


def entries_of(kind: ReferenceKind, tables: Mapping[str, tuple[Row, ...]]) -> int:
    """How many entries an edition of these rows has: those of its main table."""
    return len(tables.get(KEYS[kind][0], ()))
