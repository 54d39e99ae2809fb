"""Facts as a hostile author may write them, on every page of facts: each is answered, and words stay words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dmp.acts.synthesis import read_synthesis
from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.domain.clinical.assembling import synthesis_of
from dmp.domain.clinical.coding import CIM10, CIP13, CNAM_CCAM, CNAM_NABM
from dmp.domain.clinical.facts import (
    Allergy,
    Device,
    Dispensed,
    Findings,
    Imaging,
    Performed,
    Prescribed,
    Problem,
    Result,
    Stay,
    Vaccination,
)
from dmp.domain.codes import LOINC, Code
from tests.builders.clinical import a_material, a_source
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site

WORDS = (
    "</svg><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    " {{ 7 * 7 }} {% raw %} %(nom)s {nom} \u202e&#x0;",
    "É" * 2_000,
    "",
)
DAYS = (date(1850, 1, 1), date(2026, 2, 28), date(2199, 12, 31))
NUMBERS = (0.0, -1e308, 1e308, 5e-324)
PROFESSIONAL = (
    "synthese", "synthese.txt", "copier", "alertes", "faits", "traitements", "vsm", "chronologie",
    "chronologie?ans=20", "biologie", "biologie/4548-4", "resultats", "imagerie", "problemes", "vaccinations",
    "prevention",
)  # fmt: skip
HOLDER = (
    "ma-sante", "resultats", "traitements", "prevention", "histoire", "imagerie", "vaccinations",
    "vaccinations/certificat",
)  # fmt: skip


def hostile(words: str) -> Findings:
    """One fact of each kind for each day, with these words wherever there are words."""
    told = {day: (a_source(n + 1, day, title=words, author=words),) for n, day in enumerate(DAYS)}
    return Findings(
        allergies=tuple(
            Allergy(label=words, reaction=words, severity=words, since=day, sources=told[day])
            for day in DAYS
        ),
        problems=tuple(
            Problem(label=words, code=Code("E119", CIM10, words), since=day, until=until, sources=told[day])
            for day, until in zip(DAYS, (date.max, None, DAYS[0]), strict=True)
        ),
        prescribed=tuple(
            Prescribed(label=words, dosage="1 comprimé tous les 0 jours" + words, start=day, sources=told[day])
            for day in DAYS
        ),
        dispensed=tuple(
            Dispensed(label=words, on=day, codes=(Code(words, CIP13),), boxes=1000, sources=told[day])
            for day in DAYS
        ),
        results=tuple(
            Result(
                label=words, at=datetime(day.year, day.month, day.day, tzinfo=UTC), code=Code("4548-4", LOINC),
                value=number, unit=words[:40], low=1e308, high=-1e308, interpretation=words[:8],
                sources=told[day],
            )
            for day, number in zip((*DAYS, DAYS[1]), NUMBERS, strict=True)
        ),
        vaccinations=tuple(
            Vaccination(label=words, on=day, lot=words, targets=(words,), rank=-1, sources=told[day])
            for day in DAYS
        ),
        stays=tuple(
            Stay(place=words, start=day, end=end, nature=words, reason=words, sources=told[day])
            for day, end in zip(DAYS, (DAYS[0], date.max, None), strict=True)
        ),
        imaging=tuple(
            Imaging(
                label=words, on=day, code=Code("ZBQK002", CNAM_CCAM), modality=words[:16], region=words,
                conclusion=words, sources=told[day],
            )
            for day in DAYS
        ),
        performed=tuple(
            Performed(label=words, on=day, code=Code("1577", CNAM_NABM), quantity=-1e308, sources=told[day])
            for day in DAYS
        ),
        devices=tuple(Device(label=words, on=day, quantity=1e308, sources=told[day]) for day in DAYS),
    )  # fmt: skip


@pytest.fixture
def visits(site: Site) -> list[tuple[Browser, str]]:
    """Every page of facts: the doctor's and the holder's of one record."""
    someone = Someone(site, birth_date=date(1951, 3, 14)).opens().declares(DOCTOR)
    doctor = site.browser("medecin")
    opened = doctor.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    patient = str(opened.headers["location"])
    holder = site.browser(someone.key)
    return [
        *((doctor, f"{patient}/{end}") for end in PROFESSIONAL),
        *((holder, f"{someone.home}/{end}") for end in HOLDER),
    ]


@pytest.mark.parametrize("words", WORDS, ids=["markup", "long", "empty"])
def test_every_page_of_facts_answers_and_words_stay_words(
    visits: list[tuple[Browser, str]], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = synthesis_of(a_material(hostile(words)), shipped_knowledge())
    monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: made)
    for browser, path in visits:
        answer = browser.get(path)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/plain"):
            assert answer.headers["x-content-type-options"] == "nosniff"
            continue
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text, path
