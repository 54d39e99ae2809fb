"""Laboratory values with their LOINC codes, units and usual bounds for adults.

Source: LOINC; bounds as French laboratories print them.
"""

from __future__ import annotations

from datetime import date

from dmp.remote.simulated.territory.diary import Diary
from dmp.remote.simulated.territory.papers import Result


def hba1c(value: float) -> Result:
    """Glycated haemoglobin, per cent."""
    return _result("Hémoglobine glyquée (HbA1c)", "4548-4", value, "%", 4.0, 6.0, 1)


def fasting_glucose(value: float) -> Result:
    """Fasting glucose, g/L."""
    return _result("Glycémie à jeun", "1558-6", value, "g/L", 0.70, 1.10, 2)


def kidney(creatinine: float, *, age: int, woman: bool) -> tuple[Result, Result]:
    """Creatinine in µmol/L, and the filtration rate estimated from it, mL/min for 1.73 m².

    Source: CKD-EPI equation of 2009, as French laboratories apply it.
    """
    knee, slope, factor = (0.7, -0.329, 1.018) if woman else (0.9, -0.411, 1.0)
    ratio = round(creatinine) / 88.4 / knee
    rate = 141 * min(ratio, 1) ** slope * max(ratio, 1) ** -1.209 * 0.993**age * factor
    high = 84.0 if woman else 104.0
    return (
        _result("Créatinine", "14682-9", creatinine, "umol/L", 45.0, high, 0),
        _result("Débit de filtration glomérulaire estimé", "62238-1", rate, "mL/min", 60, None, 0),
    )


def kidney_of(diary: Diary, day: date) -> tuple[Result, Result]:
    """The kidney function of the diary's person on that day."""
    person = diary.person
    return kidney(diary.creatinine(day), age=person.age_on(day), woman=person.is_woman)


def ldl(value: float) -> Result:
    """LDL cholesterol, g/L."""
    return _result("Cholestérol LDL", "13457-7", value, "g/L", None, 1.60, 2)


def hdl(value: float) -> Result:
    """HDL cholesterol, g/L."""
    return _result("Cholestérol HDL", "2085-9", value, "g/L", 0.40, None, 2)


def cholesterol(value: float) -> Result:
    """Total cholesterol, g/L."""
    return _result("Cholestérol total", "2093-3", value, "g/L", None, 2.00, 2)


def triglycerides(value: float) -> Result:
    """Triglycerides, g/L."""
    return _result("Triglycérides", "2571-8", value, "g/L", None, 1.50, 2)


def sodium(value: float) -> Result:
    """Sodium, mmol/L."""
    return _result("Sodium", "2951-2", value, "mmol/L", 136, 145, 0)


def potassium(value: float) -> Result:
    """Potassium, mmol/L."""
    return _result("Potassium", "2823-3", value, "mmol/L", 3.5, 5.1, 1)


def nt_probnp(value: float) -> Result:
    """NT-proBNP, ng/L."""
    return _result("NT-proBNP", "33762-6", value, "ng/L", None, 450, 0)


def haemoglobin(value: float, *, woman: bool) -> Result:
    """Haemoglobin, g/dL."""
    low, high = (11.5, 16.0) if woman else (13.0, 17.0)
    return _result("Hémoglobine", "718-7", value, "g/dL", low, high, 1)


def leukocytes(value: float) -> Result:
    """Leukocytes, G/L."""
    return _result("Leucocytes", "6690-2", value, "10*9/L", 4.0, 10.0, 1)


def platelets(value: float) -> Result:
    """Platelets, G/L."""
    return _result("Plaquettes", "777-3", value, "10*9/L", 150, 400, 0)


def crp(value: float) -> Result:
    """C-reactive protein, mg/L."""
    return _result("Protéine C réactive (CRP)", "1988-5", value, "mg/L", None, 5.0, 1)


def tsh(value: float) -> Result:
    """Thyrotropin, mUI/L."""
    return _result("TSH", "3016-3", value, "m[IU]/L", 0.40, 4.00, 2)


def ferritin(value: float) -> Result:
    """Ferritin, µg/L."""
    return _result("Ferritine", "2276-4", value, "ug/L", 20, 250, 0)


def albumin_ratio(value: float) -> Result:
    """Urinary albumin to creatinine ratio, mg/g."""
    return _result("Rapport albumine/créatinine urinaire", "9318-7", value, "mg/g", None, 30, 0)


def vitamin_d(value: float) -> Result:
    """25-hydroxyvitamin D, ng/mL."""
    return _result("Vitamine D (25-OH)", "1989-3", value, "ng/mL", 30, 60, 0)


def alt(value: float) -> Result:
    """Alanine aminotransferase, UI/L."""
    return _result("ALAT", "1742-6", value, "[IU]/L", None, 45, 0)


def _result(
    name: str,
    loinc: str,
    value: float,
    unit: str,
    low: float | None,
    high: float | None,
    digits: int,
) -> Result:
    rounded = round(value, digits)
    return Result(name=name, loinc=loinc, value=rounded, unit=unit, low=low, high=high)
