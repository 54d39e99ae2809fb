"""Measured results: the table people read and the entries that say the same.

Source: CI-SIS, volet CR-BIO; IHE PaLM XD-LAB.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dmp.domain.codes import LOINC, Code
from dmp.formats.cda.clinical_document import Observation, Quantity, Section
from dmp.formats.cda.narrative.blocks import Block, table


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One laboratory result: value and bounds as printed, `interpretation` N, H, L, HH, LL or A."""

    code: Code
    value: str
    unit: str = "1"
    low: str = ""
    high: str = ""
    interpretation: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultGroup:
    """Results of one discipline: its LOINC code (18719-5 biochemistry, 18723-7 haematology...)."""

    code: Code
    results: tuple[Result, ...]
    comment: str = ""


def results_table(group: ResultGroup) -> Block:
    """The results with unit, reference range and, when one is known, the previous value."""
    previous = any(result.previous for result in group.results)
    head = ("Examen", "Résultat", "Valeurs de référence", *(("Antériorité",) if previous else ()))
    rows = [
        (
            result.code.display,
            _marked(result),
            _range(result),
            *((result.previous,) if previous else ()),
        )
        for result in group.results
    ]
    return table(head, *rows)


def _marked(result: Result) -> str:
    """The value with its unit, and in words when it is out of its range: never by colour alone."""
    unit = "" if result.unit == "1" else f" {result.unit}"
    mark = {"H": " (élevé)", "L": " (bas)", "HH": " (très élevé)", "LL": " (très bas)"}
    return f"{result.value}{unit}{mark.get(result.interpretation, '')}".replace("\n", " ")


def _range(result: Result) -> str:
    if result.low and result.high:
        return f"{result.low} – {result.high}"
    return f"> {result.low}" if result.low else f"< {result.high}" if result.high else ""


def result_entry(result: Result, at: datetime) -> Observation:
    """The coded result; what is not a number is written as text."""

    def quantity(text: str) -> Quantity | None:
        number = text.replace(",", ".").strip()
        return Quantity(number, result.unit) if _is_number(number) else None

    return Observation(
        code=result.code,
        value=quantity(result.value) or result.value,
        at=at,
        low=quantity(result.low),
        high=quantity(result.high),
        interpretation=result.interpretation,
    )


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()


def signs_section(signs: tuple[Result, ...], at: datetime) -> Section | None:
    """Weight, height, blood pressure and the like (LOINC codes); None without any."""
    if not signs:
        return None
    code = Code("8716-3", LOINC, "Constantes")
    return Section(
        title=code.display,
        code=code,
        blocks=(results_table(ResultGroup(code=code, results=signs)),),
        entries=tuple(result_entry(one, at) for one in signs),
    )
