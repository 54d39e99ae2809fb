"""ATC: French labels, the code of each box, and the names by which medicines of a code go.

Read from Open Medic, from IR_PHA_R, from a table `code;libelle`, or from a JSON of names by code.

Source: Open Medic (Assurance maladie, Licence Ouverte); IR_PHA_R (SNDS); ATC classification (WHO).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from dmp.domain.clinical.knowledge.contents import Row
from dmp.domain.clinical.knowledge.spelling import normalised
from dmp.formats.reference.faults import refused
from dmp.formats.reference.tables import Sheet

ATC = re.compile(r"[A-Z](?:\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?)?")
_CIP13 = re.compile(r"34009\d{8}")
_LEVELS = 5
_OPEN_MEDIC = ("ATC5", "CIP13")
_IR_PHA = ("PHA_CIP_C13", "PHA_ATC_CLA")
_LABELS = ("code", "libelle")
_DEEP = re.compile(r"[A-Z]\d{2}[A-Z]")
_TRIED = 400
_MOSTLY = 0.95  # of the keys: published lists hold a few misprints
Tables = Mapping[str, tuple[Row, ...]]


def is_atc(sheet: Sheet) -> bool:
    """Whether a table is one of those that say ATC codes."""
    if sheet.has(*_OPEN_MEDIC) or sheet.has(*_IR_PHA):
        return True
    return sheet.has(*_LABELS) and _codes_are_atc(sheet)


def _codes_are_atc(sheet: Sheet) -> bool:
    """CIM-10 and ATC both begin with a letter and two digits: a letter follows in ATC only."""
    for count, (code,) in enumerate(sheet.columns("code")):
        if count > _TRIED:
            return False
        if _DEEP.match(code):
            return ATC.fullmatch(code) is not None
    return False


def read_atc(sheet: Sheet) -> Tables:
    """Labels and boxes of a table.

    Raises:
        FileRefused: no code of ATC in it.
    """
    labels: dict[str, str] = {}
    boxes: dict[str, str] = {}
    for code, label, cip13 in _cells(sheet):
        if ATC.fullmatch(code):
            if label:
                labels.setdefault(code, _tidy(label))
            if _CIP13.fullmatch(cip13):
                boxes.setdefault(cip13, code)
    if not labels and not boxes:
        raise refused(sheet.name, "no readable ATC code.")
    return {"labels": tuple(sorted(labels.items())), "boxes": tuple(sorted(boxes.items()))}


def _cells(sheet: Sheet) -> Iterator[tuple[str, str, str]]:
    """(code, label, CIP13) of every row, whichever table it is."""
    if sheet.has(*_OPEN_MEDIC):
        pairs = [f"{word}ATC{level}" for level in range(1, _LEVELS + 1) for word in ("", "L_")]
        for *cells, cip13 in sheet.columns("ATC5", optional=(*pairs, "CIP13")):
            for place in range(1, len(cells) - 1, 2):
                yield cells[place].upper(), cells[place + 1], ""
            yield cells[0].upper(), "", cip13
    elif sheet.has(*_IR_PHA):
        for cip13, code, label in sheet.columns(*_IR_PHA, optional=("PHA_ATC_LIB",)):
            yield code.upper(), label, cip13.removesuffix(".0")
    else:
        for code, label in sheet.columns(*_LABELS):
            yield code.upper(), label, ""


def read_names(name: str, text: str) -> Tables | None:
    """Labels and names of a JSON object `{code: [name…]}` or `{code: label}`; None when it is something else.

    Raises:
        FileRefused: an object of ATC codes that cannot be read.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise refused(name, "unreadable JSON.") from None
    if not isinstance(found, dict) or not found:
        return None
    coded = {key: value for key, value in found.items() if ATC.fullmatch(key)}
    if len(coded) < _MOSTLY * len(found):
        return None
    labels: list[Row] = []
    names: dict[str, set[str]] = {}
    for code, value in coded.items():
        every = [value] if isinstance(value, str) else value
        if not isinstance(every, list) or not all(isinstance(one, str) for one in every):
            raise refused(name, f"the names of {code} are no texts.")
        # Brands are in capitals; the last name in small letters is that of the substance.
        small = [one for one in every if one.upper() != one]
        if small:
            labels.append((code, _tidy(small[-1])))
        for one in every:
            names.setdefault(normalised(one), set()).add(code)
    return {
        "labels": tuple(sorted(labels)),
        "names": tuple(sorted((n, c) for n, codes in names.items() for c in sorted(codes))),
    }


def _tidy(label: str) -> str:
    text = " ".join(label.split())
    return text.capitalize() if text.isupper() or text.islower() else text
