"""Facts of every kind, as generated values: what a VSM may hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from hypothesis import strategies as st

from dmp.domain.clinical.facts import (
    NOBODY,
    Agent,
    Allergy,
    Device,
    Performed,
    Prescribed,
    Problem,
    Result,
    Vaccination,
)
from dmp.domain.clinical.same.denials import denial
from dmp.domain.codes import LOINC, Code
from dmp.formats.cda.vsm import Vsm

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Cn", "Co", "Cf")),
    min_size=2, max_size=10,
).filter(lambda text: text.isprintable() and bool(text.split()) and "[" not in text)  # fmt: skip
labels = (
    st.lists(words, min_size=1, max_size=4).map(" ".join).filter(lambda text: denial(text) is None)
)
days = st.dates(date(1930, 1, 1), date(2025, 3, 3))
oids = st.integers(0, 10**9).map(lambda n: f"1.2.250.1.999.{n}")
T = TypeVar("T")


def only(kind: Callable[..., T]) -> Callable[..., T]:
    """Made of what is given alone: hypothesis would fill every value of a named tuple."""

    def made(**values: Any) -> T:
        return kind(**values)

    return made


codes = st.builds(
    Code,
    st.from_regex(r"[A-Z][A-Z0-9.]{0,10}", fullmatch=True).filter(lambda c: "GEN-" not in c),
    oids,
)
loinc = st.builds(Code, st.from_regex(r"[1-9][0-9]{3}-[0-9]", fullmatch=True), st.just(LOINC))
numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 4))
agents = st.just(NOBODY) | st.builds(
    Agent, name=labels, id=st.from_regex(r"8[0-9]{11}", fullmatch=True) | st.just(""),
    speciality=labels | st.just(""), place=labels | st.just(""),
)  # fmt: skip

problems = st.builds(
    Problem, label=labels, code=st.none() | codes, since=st.none() | days, active=st.booleans()
)
past = st.builds(
    Problem, label=labels, code=st.none() | codes, since=st.none() | days, until=st.none() | days,
    active=st.just(False),
)  # fmt: skip
allergies = st.builds(
    Allergy, label=labels, code=st.none() | codes, reaction=labels | st.just(""),
    severity=st.sampled_from(("", "léger", "modéré", "grave", "au cas par cas")),
    since=st.none() | days, active=st.booleans(),
)  # fmt: skip
treatments = st.builds(
    only(Prescribed), label=labels, codes=st.lists(codes, max_size=3, unique=True).map(tuple),
    dosage=labels | st.just(""), start=st.none() | days, stop=st.none() | days, prescriber=agents,
)  # fmt: skip
vaccinations = st.builds(
    Vaccination, label=labels, on=days, codes=st.lists(codes, max_size=3, unique=True).map(tuple),
    lot=st.from_regex(r"[A-Z0-9]{0,8}", fullmatch=True), rank=st.none() | st.integers(1, 9),
    targets=st.lists(labels, max_size=3, unique=True).map(tuple), performer=agents,
)  # fmt: skip
devices = st.builds(
    Device, label=labels, on=days, code=st.none() | codes,
    quantity=st.integers(1, 99).map(float),
)  # fmt: skip
procedures = st.builds(only(Performed), label=labels, on=days, code=codes, performer=agents)
instants = st.integers(0, 1_740_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
measured: dict[str, Any] = {
    "label": labels, "at": instants, "code": loinc,
    "interpretation": st.sampled_from(("", "N", "H", "L", "HH")),
}  # fmt: skip
results = st.one_of(
    st.builds(
        only(Result), **measured, value=numbers, unit=st.sampled_from(("", "g/L", "mm[Hg]", "10*9/L", "%")),
        low=st.none() | numbers, high=st.none() | numbers,
    ),
    st.builds(only(Result), **measured, text=labels.filter(lambda text: not text[0].isdigit())),
)  # fmt: skip


def several(kind: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Up to four facts of a kind, no two the same."""
    return st.lists(kind, max_size=4, unique=True).map(tuple)


lines = st.lists(labels, max_size=2).map(tuple)
contents = st.builds(
    Vsm, problems=several(problems), history=several(past), procedures=several(procedures),
    allergies=several(allergies), no_known_allergy=st.booleans(), no_known_problem=st.booleans(),
    treatments=several(treatments), no_treatment=st.booleans(), results=several(results),
    vital_signs=several(results), vaccinations=several(vaccinations), devices=several(devices),
    lifestyle=lines, risks=lines, family_history=lines, attention=lines, plan=lines,
)  # fmt: skip
