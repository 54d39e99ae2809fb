"""Words that deny: `Pas d'allergie connue` is no allergy, `Absence de rein gauche` is a problem."""

from __future__ import annotations

import pytest

from dmp.domain.clinical.same.denials import Denial, denial

NONE, SOME, SILENCE = Denial.NONE, Denial.SOME, Denial.SILENCE


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("Pas d'allergie connue", NONE),
        ("Pas d’allergie connue à ce jour", NONE),
        ("Aucune allergie ni intolérance connue", NONE),
        ("Allergies : aucune connue", NONE),
        ("Allergies : non", NONE),
        ("Aucune", NONE),
        ("NÉANT", NONE),
        ("R.A.S.", NONE),
        ("Rien à signaler", NONE),
        ("Absence d'antécédent notable", NONE),
        ("Sans particularité", NONE),
        ("Pas de traitement au long cours", NONE),
        ("Pas d'allergie à la pénicilline", SOME),
        ("Aucune allergie médicamenteuse connue", SOME),
        ("Aucune intolérance connue", SOME),
        ("Pas de diabète", SOME),
        ("Non renseigné", SILENCE),
        ("Allergies non renseignées", SILENCE),
        ("Non connu(e)", SILENCE),
        ("NC", SILENCE),
    ],
)
def test_what_is_denied(words: str, meant: Denial) -> None:
    assert denial(words) is meant


@pytest.mark.parametrize(
    "words",
    [
        "Pénicilline", "Nickel", "Noix", "Intolérance au lactose", "Allergie non précisée", "Rasagiline",
        "Absence de rein gauche", "Absences épileptiques", "Sans domicile fixe",
        "Insuffisance rénale non précisée",
        "Non-observance du traitement", "Nulliparité", "Nécrose", "Diabète, pas de rétinopathie",
        "Pas d'allergie connue. " + "Long récit de la consultation. " * 5,
    ],
)  # fmt: skip
def test_what_names_something_denies_nothing(words: str) -> None:
    assert denial(words) is None
