"""What many lines must not hide: past allergies, devices in the body, procedures, and where imaging stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dmp.acts.synthesis import read_synthesis
from dmp.domain.clinical.coding import CCAM, CNAM_LPP, CNAM_NABM
from dmp.domain.clinical.facts import Allergy, Device, Performed
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.codes import Code
from dmp.entrypoints.web.synthesis.sheet import Sheet
from dmp.entrypoints.web.synthesis.zones import DOCTOR, SAMU, Zone
from tests.builders.clinical_facts import TODAY, a_source, a_treatment
from tests.builders.synthesis import a_synthesis
from tests.entrypoints.web.site import Site
from tests.entrypoints.web.test_synthesis import at, page_of, words, zone

OVER = Allergy(label="Lait de vache", since=date(2012, 1, 1), active=False, sources=(a_source(3),))


def tell(monkeypatch: pytest.MonkeyPatch, synthesis: Synthesis) -> None:
    monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: synthesis)


def banner(text: str) -> str:
    """The allergies in the banner, as they are read."""
    return words(text[text.index('<p class="allergies') :].split("</p>", maxsplit=1)[0])


def test_an_allergy_that_is_over_is_not_told_as_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(monkeypatch, a_synthesis(allergies=(OVER,), no_known_allergy=(a_source(4),)))
    browser, path = at(site)
    text = browser.get(path + "/synthese").text
    assert 'class="allergies has"' not in text
    said = banner(text)
    assert said.index("aucune allergie connue") < said.index("Lait de vache (2012, plus active)")
    copied = browser.get(path + "/synthese.txt").text
    assert "Allergies : aucune allergie connue" in copied
    assert "Lait de vache (2012, plus active)" in copied
    form = browser.get(path + "/vsm").text
    line = form[: form.index("Lait de vache")].rpartition("<input")[2]
    assert 'type="checkbox"' in line and "checked" not in line


def test_an_allergy_in_course_still_stands_out(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    latex = Allergy(label="Latex", sources=(a_source(3),))
    tell(monkeypatch, a_synthesis(allergies=(latex, OVER)))
    text = page_of(site).text
    assert 'class="allergies has"' in text
    assert "plus active" in banner(text)


def a_device(label: str, lpp: str, on: date = TODAY) -> Device:
    return Device(label=label, on=on, code=Code(lpp, CNAM_LPP, label), sources=(a_source(9),))


PACEMAKER = a_device("Stimulateur cardiaque double chambre", "3441412", date(2015, 6, 1))
BOXES = tuple(
    a_device(f"Lancettes, boîte {rank}", "1101826", date(2026, 10, 1 + rank)) for rank in range(8)
)


def test_boxes_do_not_push_an_implant_out_of_an_emergency() -> None:
    sheet = Sheet(synthesis=a_synthesis(devices=(*BOXES, PACEMAKER)), variant=SAMU)
    assert sheet.critical_devices == (PACEMAKER,)
    assert sheet.devices == (PACEMAKER, *BOXES)


def test_a_device_that_comes_each_week_is_told_once() -> None:
    weeks = tuple(
        a_device("Pression positive continue, forfait hebdomadaire", "1100040", date(2026, 10, day))
        for day in (22, 15, 8)
    )
    sheet = Sheet(synthesis=a_synthesis(devices=(*weeks, PACEMAKER)), variant=SAMU)
    assert sheet.critical_devices == (weeks[0], PACEMAKER)


def test_procedures_stand_before_analyses_and_what_is_cut_is_counted(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    tests = tuple(
        Performed(
            label=f"Analyse {rank}", on=TODAY, code=Code("1577", CNAM_NABM), sources=(a_source(5),)
        )
        for rank in range(70)
    )
    surgery = Performed(
        label="Prothèse totale de hanche", on=date(2018, 3, 5), code=Code("NEKA020", CCAM),
        sources=(a_source(6),),
    )  # fmt: skip
    tell(monkeypatch, a_synthesis(performed=(*tests, surgery), devices=()))
    told = words(page_of(site, end="/faits").text)
    assert told.index("Prothèse totale de hanche") < told.index("Analyse 0")
    assert "11 autres actes, plus anciens." in told


def test_imaging_stands_under_the_stays_unless_they_fill_the_column() -> None:
    full = Sheet(synthesis=a_synthesis(), variant=DOCTOR)
    assert [Zone.IMAGING in column for column in full.columns] == [False, False, True]
    few = replace(full.synthesis, problems=full.synthesis.problems[:2], stays=())
    light = Sheet(synthesis=few, variant=DOCTOR)
    assert light.columns == DOCTOR.columns
    assert [Zone.IMAGING in column for column in light.columns] == [True, False, False]


def test_a_posology_is_short_on_the_page_and_whole_in_the_table(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    dosage = "2 comprimés matin et soir au cours du repas"
    tell(monkeypatch, a_synthesis(treatments=(a_treatment(dosage=dosage),)))
    told = words(zone(page_of(site).text, "traitements"))
    assert "2 cp matin et soir" in told
    assert dosage in told
