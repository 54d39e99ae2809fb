"""Units of a box, from the labels of BDPM."""

from __future__ import annotations

import pytest

from dmp.domain.clinical.knowledge.products.boxes import units_of


@pytest.mark.parametrize(
    ("label", "units"),
    [
        ("plaquette(s) PVC PVDC aluminium de 30 comprimé(s)", 30),
        ("3 plaquette(s) thermoformée(s) de 28  comprimé(s)", 84),
        ("30 plaquette(s) thermoformée(s) aluminium de 1 comprimé(s)", 30),
        ("1 flacon(s) en verre brun de 20  comprimé(s)", 20),
        ("plaquette(s) PVC polyéthylène PVDC aluminium de 30 x 1 comprimés (dose unitaire)", 30),
        ("plaquette(s) de 21 comprimés roses et de 7 comprimés blancs", 28),
        ("30 sachet(s) papier aluminium polyéthylène de 153,45 mg", 30),
        ("2 ampoule(s) en verre brun de 2 ml", 2),
        (
            "60 récipient(s) unidose(s) polyéthylène de 0,25 ml (6 sachets aluminium de 10 unidoses)",
            60,
        ),
        ("1 flacon pulvérisateur de 18 ml (200 pulvérisations)", 200),
        ("3 inhalateur(s) de 120 dose(s)", 360),
        ("1 seringue(s) préremplie(s) en verre de 0,5 ml", 1),
        ("plaquette(s) de 1 000 comprimé(s)", 1000),
        ("200 doses", 200),
        ("1 flacon(s) en verre de 100 ml", None),
        ("1 tube(s) aluminium de 50 g", None),
        ("5 cartouche(s) en verre dans stylo pré-rempli de 3 ml", None),
        ("plaquette(s) de 99999999 comprimés", None),
        ("", None),
    ],
)
def test_units_are_read_from_the_label(label: str, units: float | None) -> None:
    assert units_of(label) == units
