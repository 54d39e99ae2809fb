"""Until when lenses may be delivered, by age on the day of the prescription; what concerns sight."""

from __future__ import annotations

from datetime import date

import pytest

from dmp.domain.clinical.facts import Findings, Prescribed
from dmp.domain.clinical.optical_prescription import (
    is_of_sight,
    is_optical,
    names_lenses,
    valid_until,
)
from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author, AuthorKind, DocumentEntry
from tests.builders.clinical import a_document


@pytest.mark.parametrize(
    ("birth", "on", "until"),
    [
        (date(2012, 6, 2), date(2026, 6, 1), date(2027, 6, 1)),
        (date(2010, 6, 2), date(2026, 6, 1), date(2027, 6, 1)),
        (date(2010, 6, 1), date(2026, 6, 1), date(2031, 6, 1)),
        (date(1983, 6, 2), date(2026, 6, 1), date(2031, 6, 1)),
        (date(1983, 6, 1), date(2026, 6, 1), date(2029, 6, 1)),
        (date(1951, 3, 14), date(2024, 2, 29), date(2027, 2, 28)),
    ],
    ids=["child", "day-before-16", "16", "42", "43", "leap-day"],
)
def test_the_age_on_the_day_of_the_prescription_decides(birth: date, on: date, until: date) -> None:
    assert valid_until(birth, on) == until


def _by(profession: str, title: str, code: str, class_code: str) -> DocumentEntry:
    author = Author(kind=AuthorKind.PROFESSIONAL, family="Lemoine", specialty=Code(profession, "x"))
    return a_document(
        1,
        title=title,
        type_code=Code(code, "x"),
        class_code=Code(class_code, "x"),
        authors=(author,),
    )


GP, EYE_DOCTOR, ORTHOPTIST = "G15_10/SM54", "G15_10/SM38", "G15_91"
DROPS = Findings(prescribed=(Prescribed("Timolol collyre"),))


@pytest.mark.parametrize(
    ("entry", "findings", "optical", "sight"),
    [
        (_by(GP, "Ordonnance de médicaments", "57833-6", "42"), None, False, False),
        (_by(GP, "Ordonnance de lunettes", "57828-6", "42"), None, True, False),
        (_by(EYE_DOCTOR, "Ordonnance", "57828-6", "42"), None, True, False),
        (_by(EYE_DOCTOR, "Ordonnance", "57833-6", "42"), DROPS, False, False),
        (_by(GP, "Séances", "PRESC-ORTHOPTIE", "42"), None, True, False),
        (_by(GP, "Syndrome grippal", "11488-4", "10"), None, False, False),
        (_by(GP, "Compte rendu", "78513-9", "10"), None, False, True),
        (_by(GP, "Dépistage de la rétinopathie", "11488-4", "10"), None, False, True),
        (_by(ORTHOPTIST, "Bilan", "47420-5", "10"), None, False, True),
        (_by("G15_28", "Suivi", "11488-4", "10"), None, False, True),
        (_by("G15_10/SM28", "Suivi", "11488-4", "10"), None, False, False),
    ],
)
def test_what_concerns_sight_is_told_by_type_author_and_title(
    entry: DocumentEntry, findings: Findings | None, optical: bool, sight: bool
) -> None:
    assert is_optical(entry, findings) is optical
    assert is_of_sight(entry) is sight


@pytest.mark.parametrize("title", ["Ordonnance", "Ordonnance de médicaments", "Déverrouillage"])
def test_only_a_title_that_names_lenses_is_one_of_lenses(title: str) -> None:
    assert names_lenses("Verres correcteurs") and names_lenses("Lentilles de contact")
    assert not names_lenses(title)
