"""Value sets of the metadata: which codes a field may carry. One CSV per field, with its editions.

Source: jeux de valeurs of the DMP (JDV_J52 to J66) and of the CI-SIS (JDV_J02 to J10), joined where
documents in circulation follow the one or the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from dmp.domain.codes import TRE_G15_PROFESSION, Code
from dmp.domain.tables import table

FACILITY_TYPE = "facility_type"
PRACTICE_SETTING = "practice_setting"
FORMAT_CODE = "format_code"
CONFIDENTIALITY = "confidentiality"
CONTENT_TYPE = "content_type"
CLASS_CODE = "class_code"
AUTHOR_ROLE = "author_role"
AVAILABILITY = "availability"
PROFESSION = "profession"


@dataclass(frozen=True, slots=True)
class ValueSet:
    """The codes that one field may carry.

    `older` are codes of earlier editions: taken with a warning. The label of each code is the
    latest official one.
    """

    name: str
    version: str
    codes: frozenset[Code]
    older: frozenset[Code]
    by_code: dict[str, tuple[Code, ...]]  # one code may stand in two systems

    def __contains__(self, code: object) -> bool:
        return code in self.codes

    def __iter__(self) -> Iterator[Code]:
        return iter(sorted(self.codes, key=lambda c: (c.system, c.code)))

    def find(self, code: str, system: str = "") -> Code | None:
        """The code with its label: in this system, or in whatever one when no system is given."""
        known = self.by_code.get(code, ())
        return next((c for c in known if system in ("", c.system)), None)


@cache
def value_set(name: str) -> ValueSet:
    """The value set of a field, by one of the names above."""
    if name == PROFESSION:
        about = table("dmp.domain.access", "professions.csv")
    else:
        about = table("dmp.domain.value_sets", f"{name}.csv")
    by_code: dict[str, tuple[Code, ...]] = {}
    older: set[Code] = set()
    for row in about.rows:
        code = Code(row["code"], row.get("system", TRE_G15_PROFESSION), row["label"])
        by_code[code.code] = (*by_code.get(code.code, ()), code)
        if row.get("older") == "yes":
            older.add(code)
    codes = frozenset(code for same in by_code.values() for code in same)
    return ValueSet(name, about.said("version"), codes, frozenset(older), by_code)
