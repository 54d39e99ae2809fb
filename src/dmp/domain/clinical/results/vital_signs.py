"""Measures of the body by their LOINC codes, in the order in which they are shown.

Source: LOINC, as the templates of measures of the CI-SIS use it.
"""

from __future__ import annotations

WEIGHT = ("29463-7", "3141-9")
BLOOD_PRESSURE, HEART_RATE, OXYGEN = ("8480-6", "8462-4"), "8867-4", ("2708-6", "59408-5")
TEMPERATURE, BREATHING, PAIN, HEIGHT = "8310-5", "9279-1", "72514-3", "8302-2"
VITAL_SIGNS = (
    *WEIGHT,
    *BLOOD_PRESSURE,
    HEART_RATE,
    *OXYGEN,
    TEMPERATURE,
    BREATHING,
    PAIN,
    HEIGHT,
)
BODY_MASS_INDEX = "39156-5"
"""Worked out of two of them: not one of them."""
