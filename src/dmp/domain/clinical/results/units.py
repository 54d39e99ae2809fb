"""Units of laboratory values: known ones are converted, others are kept apart.

Source: UCUM; molar masses of glucose 180.16, cholesterol 386.65, triglycerides 885.4, creatinine 113.12,
urea 60.06, urate 168.11, calcium 40.08, haemoglobin (monomer) 16 114 g/mol; IFCC and NGSP for HbA1c.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MASS_UNITS: dict[str, float] = {
    "g/l": 1.0, "mg/l": 1e-3, "ug/l": 1e-6, "ng/l": 1e-9, "g/dl": 10.0, "mg/dl": 1e-2, "ug/dl": 1e-5,
    "ng/ml": 1e-6, "ug/ml": 1e-3, "mg/ml": 1.0, "g/100ml": 10.0, "mg/100ml": 1e-2,
}  # fmt: skip
"""In grams per litre."""
_MOLAR_UNITS: dict[str, float] = {
    "mol/l": 1.0, "mmol/l": 1e-3, "umol/l": 1e-6, "nmol/l": 1e-9, "pmol/l": 1e-12, "meq/l": 1e-3,
}  # fmt: skip
"""In moles per litre (milliequivalents of ions of one charge)."""
_OTHER: dict[str, tuple[str, float]] = {
    "10*9/l": ("cells", 1e9), "g/l cells": ("cells", 1e9), "giga/l": ("cells", 1e9), "10*3/ul": ("cells", 1e9),
    "10*3/mm3": ("cells", 1e9), "/mm3": ("cells", 1e6), "/ul": ("cells", 1e6), "10*12/l": ("cells", 1e12),
    "t/l": ("cells", 1e12), "tera/l": ("cells", 1e12), "10*6/ul": ("cells", 1e12),
    "%": ("ratio", 1e-2), "l/l": ("ratio", 1.0),
    "miu/l": ("activity", 1e-3), "mui/l": ("activity", 1e-3), "uiu/ml": ("activity", 1e-3),
    "uui/ml": ("activity", 1e-3),
    "mu/l": ("activity", 1e-3), "ui/l": ("activity", 1.0), "u/l": ("activity", 1.0), "iu/l": ("activity", 1.0),
    "ml/min": ("flow", 1.0), "ml/min/1.73m2": ("by-surface", 1.0), "ml/min/{1.73_m2}": ("by-surface", 1.0),
    "kg": ("weight", 1.0), "g": ("weight", 1e-3), "cm": ("length", 1e-2), "m": ("length", 1.0),
    "mm[hg]": ("pressure", 1.0), "mmhg": ("pressure", 1.0),
}  # fmt: skip
MOLAR_MASS: dict[str, float] = {
    "glucose": 180.16,
    "cholesterol": 386.65,
    "ldl": 386.65,
    "hdl": 386.65,
    "triglycerides": 885.4,
    "creatinine": 113.12,
    "urea": 60.06,
    "urate": 168.11,
    "calcium": 40.08,
    "potassium": 39.1,
    "sodium": 22.99,
    "haemoglobin": 16_114.0,
}
_IFCC_SLOPE, _IFCC_INTERCEPT = 0.0915, 2.15
"""HbA1c: NGSP (%) = 0,0915 x IFCC (mmol/mol) + 2,15."""


@lru_cache(maxsize=1_024)
def plain_unit(unit: str) -> str:
    """A unit as it is compared: micro written `u`, no blanks, powers written `10*9`."""
    text = (
        unit.strip().lower().replace("µ", "u").replace("μ", "u").replace("²", "2").replace("³", "3")
    )
    text = text.replace("10^", "10*").replace("10e", "10*").replace(",", ".").replace("[iu]", "iu")
    text = re.sub(r"\s+", "", text)
    return text.replace("m[iu]", "miu").replace("1.73m²", "1.73m2")


def converted(value: float, unit: str, wanted: str, analyte: str) -> float | None:
    """`value` in the unit `wanted`; None when nobody knows how to go from one to the other."""
    source, target = plain_unit(unit), plain_unit(wanted)
    if source == target:
        return value
    if analyte == "hba1c":
        return _glycated(value, source, target)
    amount = _amount(value, source)
    if amount is not None:
        return _in_unit(amount, target, analyte)
    a, b = _OTHER.get(source), _OTHER.get(target)
    if a is None or b is None or a[0] != b[0]:
        return None
    return value * a[1] / b[1]


def _glycated(value: float, source: str, target: str) -> float | None:
    if source == "%" and target == "mmol/mol":
        return (value - _IFCC_INTERCEPT) / _IFCC_SLOPE
    if source == "mmol/mol" and target == "%":
        return value * _IFCC_SLOPE + _IFCC_INTERCEPT
    return None


def _amount(value: float, source: str) -> tuple[str, float] | None:
    """The value as a mass or an amount per litre, with which of the two it is."""
    if source in _MASS_UNITS:
        return "mass", value * _MASS_UNITS[source]
    if source in _MOLAR_UNITS:
        return "moles", value * _MOLAR_UNITS[source]
    return None


def _in_unit(amount: tuple[str, float], target: str, analyte: str) -> float | None:
    kind, value = amount
    wanted = "mass" if target in _MASS_UNITS else "moles" if target in _MOLAR_UNITS else ""
    if not wanted:
        return None
    if kind != wanted:
        mass = MOLAR_MASS.get(analyte)
        if mass is None:
            return None
        value = value / mass if wanted == "moles" else value * mass
    return value / (_MASS_UNITS if wanted == "mass" else _MOLAR_UNITS)[target]
