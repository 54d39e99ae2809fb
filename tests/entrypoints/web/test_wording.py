"""What people read in place of what machines write."""

from __future__ import annotations

import pytest

from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.wording import printed_unit, refusal


@pytest.mark.parametrize(
    ("ucum", "printed"),
    [
        ("ug/L", "µg/L"),
        ("umol/L", "µmol/L"),
        ("m[IU]/L", "mUI/L"),
        ("mm[Hg]", "mmHg"),
        ("Cel", "°C"),
        ("10*9/L", "10⁹/L"),
        ("10*12/L", "10¹²/L"),
        ("mL/min/{1.73_m2}", "mL/min/1,73 m²"),
        ("{score}", ""),
        ("/min", "/min"),
        ("{beats}/min", "/min"),
        ("mg/{creat}", "mg"),
        ("%", "%"),
        ("mmol/L", "mmol/L"),
        ("", ""),
    ],
)
def test_a_unit_is_printed_as_laboratories_do(ucum: str, printed: str) -> None:
    assert printed_unit(ucum) == printed


def test_no_english_stands_in_the_sentence_of_a_short_matricule() -> None:
    said = refusal(Refused(Reason.INS_MALFORMED, detail="3 characters"))
    assert "(3 saisis)" in said and "characters" not in said
