"""Rows of a file of measures, as devices and spreadsheets write them: read one by one, each with its fault.

A header names the columns; without one they are `mesure;date;heure;valeur;minimale`. The table that the pages
of measures offer to download is read as well.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from dmp.domain.identity.patient import folded
from dmp.domain.record.declared.checks import Lifetime, faults
from dmp.domain.record.declared.measures import SCALES, Measure, Measured
from dmp.entrypoints.web.declaring.fields import faulty, values
from dmp.entrypoints.web.declaring.measures import TITLES, fields_of
from dmp.entrypoints.web.wording import measure
from dmp.locale import sentence, translate

MOST_ROWS = 500
COLUMNS = ("mesure", "date", "heure", "valeur", "minimale")
_KNOWN = (*COLUMNS, "unite", "provenance")
_ALSO = {"maximale": "valeur", "type": "mesure", "jour": "date", "source": "provenance"}
_SEPARATORS = ";\t,"
_FROM_DOCUMENT = "document"


class State(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    KNOWN = "known"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its line in the file, its cells in the order of COLUMNS, the measure, or what is wrong."""

    line: int
    text: str
    state: State
    measure: Measure | None = None
    fault: str = ""


def decoded(content: bytes) -> str | None:
    """The text of a file; None when it is none. Spreadsheets write UTF-8 or Windows-1252."""
    if b"\x00" in content:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def rows_of(text: str, kept: Sequence[Measure], life: Lifetime) -> tuple[Row, ...]:
    """The rows of a text, without its header and empty lines; what is there already is known as such."""
    separator = _separator(text)
    seen = {_key(one) for one in kept}
    columns: Sequence[str] = COLUMNS
    found: list[Row] = []
    for number, written in enumerate(text.splitlines(), 1):
        if not written.strip(separator + " "):
            continue
        cells = _cells(written, separator)
        header = _header(cells) if not found else None
        if header is not None:
            columns = header
            continue
        row = _row(number, dict(zip(columns, cells, strict=False)), life)
        if row.measure is not None:
            key = _key(row.measure)
            state = State.KNOWN if key in seen else State.NEW
            seen.add(key)
            row = replace(row, state=state)
        found.append(row)
    return tuple(found)


def _cells(written: str, separator: str) -> list[str]:
    """The cells of one line: a quote that never ends spoils its own line, not the others."""
    try:
        return next(csv.reader([written], delimiter=separator))
    except (csv.Error, StopIteration):
        return written.split(separator)


def _separator(text: str) -> str:
    """What parts the columns: the sign that the first line has most of, a semicolon where it has none."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=lambda sign: (first.count(sign), sign == ";"))


def _header(cells: Sequence[str]) -> list[str] | None:
    """The columns that a first row names; None when it is a row of values."""
    words = [_ALSO.get(word, word) for word in (folded(cell).strip().lower() for cell in cells)]
    return words if {"date", "valeur"} <= set(words) else None


def _key(one: Measure) -> tuple[object, ...]:
    return one.what, one.on, one.at, one.value, one.second


def _row(line: int, cells: dict[str, str], life: Lifetime) -> Row:
    told = {name: cells.get(name, "").strip() for name in _KNOWN}
    text = ";".join(told[name] for name in COLUMNS)
    what = _what(told["mesure"])
    if what is None:
        wrong = translate(
            "« {word} » n’est pas une mesure connue. Écrivez par exemple poids ou tension.",
            word=told["mesure"][:40],
        )
        return Row(line=line, text=text, state=State.FAULTY, fault=wrong)
    fault = _unfit(what, told)
    if not fault:
        fields = fields_of(what)
        found, errors = values(fields, told)
        if not errors:
            entered = Measure(what=what, **found)
            errors = faulty(fields, faults(entered, life))
            if not errors:
                return Row(line=line, text=text, state=State.NEW, measure=entered)
        fault = " ".join(sentence(one) for one in errors.values())
    return Row(line=line, text=text, state=State.FAULTY, fault=fault)


def _unfit(what: Measured, told: dict[str, str]) -> str:
    """Why a measure of this kind cannot be taken over, whatever its value; empty where it can."""
    scale = SCALES[what]
    if scale.computed:
        return translate("Cet indice est calculé : retirez cette ligne.")
    if told["provenance"].lower() == _FROM_DOCUMENT:
        return translate("Cette valeur vient d’un document du dossier : retirez cette ligne.")
    unit = told["unite"]
    if unit and folded(unit) != folded(scale.unit):
        return translate("L’unité attendue est {unit} : convertissez la valeur.", unit=scale.unit)
    if scale.second is None and told["minimale"]:
        return translate("Cette mesure n’a qu’une valeur : laissez la minimale vide.")
    return ""


def _what(text: str) -> Measured | None:
    """The kind of measure that a word names: its word in addresses, or its label."""
    wanted = folded(text)
    for what, scale in SCALES.items():
        names = (what.value, what.value.replace("-", " "), scale.label, TITLES.get(what, ""))
        if wanted and wanted in {folded(name) for name in names if name}:
            return what
    return None


def written_row(one: Measure) -> str:
    """A measure as a row without header, to carry it from the preview to its confirmation."""
    hour = f"{one.at:%H:%M}" if one.at is not None else ""
    second = "" if one.second is None else repr(one.second)
    return ";".join((one.what.value, one.on.isoformat(), hour, repr(one.value), second))


def said_value(one: Measure) -> str:
    """`128/76 mmHg`."""
    second = f"/{measure(one.second)}" if one.second is not None else ""
    return f"{measure(one.value)}{second} {SCALES[one.what].unit}"
