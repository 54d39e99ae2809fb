"""Measures from a file: limits first, row by row, nothing lost, nothing doubled; the growth of a child."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from itertools import pairwise

import httpx
import pytest

from dmp.domain.identity.patient import Sex
from dmp.domain.record.declared.checks import Lifetime
from dmp.domain.record.declared.growth import GROWING, band_at, bands_of
from dmp.domain.record.declared.measures import SCALES, Measure, Measured
from dmp.entrypoints.web.measuring.rows import State, decoded, rows_of, written_row
from tests.entrypoints.web.people import Someone, lea
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_acting import a_carer
from tests.entrypoints.web.test_medical_profile import kept

LIFE = Lifetime(birth=date(1960, 1, 1), today=date(2026, 11, 27))
FILE = """mesure;date;heure;valeur;minimale
tension;12/03/2026;08:30;128;76
poids;2026-03-12;;72,5;
poids;2026-03-12;;9999;
marche;2026-03-12;;12;
"""


def own(site: Site) -> tuple[Someone, Browser, str]:
    someone = Someone(site, birth_date=date(1960, 1, 1)).opens()
    return someone, site.browser(someone.key), someone.home + "/profil-medical/mesures/importer"


def send(browser: Browser, path: str, content: bytes) -> httpx.Response:
    files = {"fichier": ("mesures.csv", content, "text/csv")}
    return browser.post(path, files=files)


def carried(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r'<textarea name="lignes"[^>]*>([^<]*)<', page)]


def confirm(browser: Browser, path: str, page: str, **more: object) -> httpx.Response:
    fields = {"lignes": carried(page), "faire": "ajouter", **more}
    return browser.post(path, fields)


@pytest.mark.parametrize(
    "text",
    [
        "tension;12/03/2026;08:30;128;76",
        "Mesure\tDate\tValeur\tMinimale\tHeure\nTension artérielle\t2026-03-12\t128\t76\t8h30",
        "date,valeur,minimale,heure,mesure\n12/03/2026,128.0,76,08:30,TENSION",
        '"tension";"12/03/2026";"08:30";"128";"76"',
    ],
)
def test_spreadsheets_are_read_as_they_write(text: str) -> None:
    (row,) = rows_of(text, (), LIFE)
    assert row.state is State.NEW
    assert row.measure is not None
    assert (row.measure.what, row.measure.value, row.measure.second) == (
        Measured.BLOOD_PRESSURE, 128, 76,
    )  # fmt: skip
    (again,) = rows_of(written_row(row.measure), (row.measure,), LIFE)
    assert again.measure == row.measure and again.state is State.KNOWN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("poids;2026-02-30;;72;", "n’existe pas"),
        ("poids;;;72;", "Écrivez la date"),
        ("poids;2031-01-01;;72;", "futur"),
        ("poids;1950-01-01;;72;", "précède la naissance"),
        ("tension;2026-01-01;;120;", "minimale"),
        ("tension;2026-01-01;;70;120", "plus petite"),
        ("poids;2026-01-01;;72;70", "n’a qu’une valeur"),
        ("imc;2026-01-01;;22;", "calculé"),
        ("mesure;date;valeur;unite\npoids;2026-01-01;72;lb", "unité attendue est kg"),
        ("mesure;date;valeur;provenance\npoids;2026-01-01;72;document", "vient d’un document"),
        ('poids;2026-01-01;;"72;', "Écrivez un nombre"),
    ],
)
def test_each_fault_is_said_on_its_row(text: str, said: str) -> None:
    (row,) = rows_of(text, (), LIFE)
    assert row.state is State.FAULTY and said in row.fault
    assert row.text.startswith(("poids", "tension", "imc")), "nothing of it is lost"


def test_an_unending_quote_spoils_its_own_line_alone() -> None:
    rows = rows_of('poids;2026-01-01;;"72;\npoids;2026-01-02;;71;', (), LIFE)
    assert [row.state for row in rows] == [State.FAULTY, State.NEW]
    assert [row.line for row in rows] == [1, 2]


def test_the_same_row_twice_is_one_measure() -> None:
    rows = rows_of("poids;2026-01-01;;72;\npoids;01/01/2026;;72,0;", (), LIFE)
    assert [row.state for row in rows] == [State.NEW, State.KNOWN]
    there = Measure(what=Measured.WEIGHT, value=72, on=date(2026, 1, 1))
    assert rows_of("poids;2026-01-01;;72;", (there,), LIFE)[0].state is State.KNOWN


def test_what_is_no_text_is_said() -> None:
    assert decoded(b"PK\x03\x04\x00") is None
    assert decoded("poids;é".encode("cp1252")) == "poids;é"


def test_each_measure_has_its_form_whatever_its_unit(site: Site) -> None:
    """One is in per cent, which no sentence of the form may take for a place to fill."""
    someone, browser, _ = own(site)
    for what, scale in SCALES.items():
        if not scale.computed:
            page = browser.get(f"{someone.home}/profil-medical/mesures/{what.value}/ajouter")
            assert page.status_code == 200, what
            assert f"En {scale.unit}." in page.text.replace("\u00a0", " "), what


def test_limits_come_first_then_a_preview_then_what_is_right_is_added(site: Site) -> None:
    someone, browser, path = own(site)
    asked = browser.get(path).text
    assert "500 lignes" in asked and asked.index("500 lignes") < asked.index('type="file"')
    page = send(browser, path, FILE.encode())
    assert page.status_code == 400
    assert "Ligne 4 :" in page.text and "Ligne 5 :" in page.text and "marche" in page.text
    assert not kept(site, someone).measures, "nothing is kept before it is confirmed"
    done = confirm(browser, path, page.text)
    assert "2 mesures sont ajoutées" in done.text
    found = {(one.what, one.value, one.second) for one in kept(site, someone).measures}
    assert found == {(Measured.BLOOD_PRESSURE, 128, 76), (Measured.WEIGHT, 72.5, None)}
    again = confirm(browser, path, page.text)
    assert "tout était déjà dans le profil" in again.text
    assert len(kept(site, someone).measures) == 2
    twice = send(browser, path, FILE.encode()).text
    assert "2 déjà dans le profil" in twice and not carried(twice)


def test_a_row_is_put_right_in_the_page_and_the_others_are_not_lost(site: Site) -> None:
    someone, browser, path = own(site)
    page = send(browser, path, FILE.encode()).text
    right = {"texte": "poids;2026-03-12;;73;\npas;2026-03-12;;12;", "faire": "verifier"}
    checked = browser.post(path, {"lignes": carried(page), **right})
    assert "3 mesures à ajouter" in checked.text and "pas;2026-03-12" in checked.text
    rest = confirm(browser, path, checked.text, reste="pas;2026-03-12;;12;")
    assert len(kept(site, someone).measures) == 3
    assert "3 mesures sont ajoutées" in rest.text and "pas;2026-03-12" in rest.text


def test_a_file_that_cannot_be_taken_is_said_beside_its_field(site: Site) -> None:
    _, browser, path = own(site)
    for content, said in (
        (b"PK\x03\x04\x00\x00", "n’est pas un texte"),
        (b"\n\n", "Aucune ligne"),
        (b"x" * 120_000, "trop lourd"),
        (b"poids;2026-01-01;;72;\n" * 600, "500 au plus"),
    ):
        answer = send(browser, path, content)
        assert answer.status_code == 400 and 'id="fichier-erreur"' in answer.text
        assert said in answer.text
    nothing = browser.post(path, {"texte": ""})
    assert "Choisissez un fichier" in nothing.text
    hostile = send(browser, path, b"<script>alert(1)</script>;2026-01-01;;1;").text
    assert "<script>alert(1)" not in hostile


def test_a_file_for_one_child_is_not_taken_for_another(site: Site) -> None:
    parent = Someone(site).opens()
    one, other = lea(site, parent), lea(site, parent)
    browser = site.browser(parent.key)
    ends = "/profil-medical/mesures/importer"
    page = send(browser, one.home + ends, b"poids;2026-01-01;;50;").text
    form = browser.form(one.home + ends)
    refused = browser.http.post(
        other.home + ends,
        data={**form, "lignes": carried(page), "faire": "ajouter"},
        headers={"Origin": site.address, "Sec-Fetch-Site": "same-origin"},
    )
    assert refused.status_code == 403
    assert not kept(site, other).measures


def test_a_carer_who_only_sees_imports_nothing(site: Site) -> None:
    helped = Someone(site, birth_date=date(1960, 1, 1)).opens()
    _, browser = a_carer(site, helped, "voir")
    ends = "/profil-medical/mesures"
    assert ends + "/importer" not in browser.get(helped.home + ends).text
    answer = browser.post(
        helped.home + ends + "/importer",
        {"lignes": ["poids;2026-01-01;;72;"], "faire": "ajouter"},
    )
    assert answer.status_code == 403
    assert not kept(site, helped).measures


# --- Growth --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sex", [Sex.MALE, Sex.FEMALE])
@pytest.mark.parametrize("what", GROWING)
def test_a_band_holds_its_median_and_grows_older(what: Measured, sex: Sex) -> None:
    bands = bands_of(what, sex)
    assert bands[0].months == 0
    assert [band.months for band in bands] == sorted({band.months for band in bands})
    assert all(band.low < band.median < band.high for band in bands)
    if what is not Measured.BMI:
        assert all(a.median <= b.median for a, b in pairwise(bands))


def test_known_values_of_who_stand_in_the_bands() -> None:
    # Weight-for-age of boys, one year: -2 SD 7.7, median 9.6, +2 SD 12.0 (WHO 2006, table of z-scores).
    one_year = band_at(Measured.WEIGHT, Sex.MALE, 12)
    assert one_year is not None
    assert (one_year.low, one_year.median, one_year.high) == (7.7, 9.6, 12.0)
    # Height-for-age of girls, ten years: 125.8, 138.6, 151.4 (WHO 2007).
    ten = band_at(Measured.HEIGHT, Sex.FEMALE, 120)
    assert ten is not None and (ten.low, ten.median, ten.high) == (125.8, 138.6, 151.4)
    between = band_at(Measured.WEIGHT, Sex.MALE, 30)
    assert between is not None and 12.1 < between.median < 14.3
    assert band_at(Measured.HEAD, Sex.MALE, 61) is None, "WHO stops at five years"
    assert band_at(Measured.WEIGHT, Sex.UNKNOWN, 12) is None


def test_a_child_s_values_stand_by_age_beside_what_is_usual(site: Site) -> None:
    parent = Someone(site).opens()
    born = date(datetime.now(UTC).year - 3, 1, 2)
    child = Someone(site, given_names="Tom", birth_date=born, sex=Sex.MALE).opens()
    child.is_child_of(parent)
    browser = site.browser(parent.key)
    path = child.home + "/profil-medical/croissance"
    empty = browser.get(path).text
    assert "Recopiez le carnet de santé" in empty
    assert path in browser.get(child.home + "/profil-medical/mesures").text
    measures = child.home + "/profil-medical/mesures/importer"
    year = born.year + 1
    rows = f"poids;{year}-01-02;;9,6;\ntaille;{year}-01-02;;75,7;\npoids;{year}-07-02;;11;"
    browser.post(measures, {"lignes": [rows], "faire": "ajouter"})
    page = browser.get(path).text
    text = " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())
    assert "de 7,7 à 12" in text and "12 mois" in text
    assert "Organisation mondiale de la santé" in text
    assert page.count('class="fig curve"') == 3, "weight, height, and the index made of both"
    assert "Périmètre crânien" in text and " style=" not in page


def test_a_grown_person_has_no_growth_and_a_stranger_reads_none(site: Site) -> None:
    someone, browser, _ = own(site)
    path = someone.home + "/profil-medical/croissance"
    page = browser.get(path).text
    assert "de la naissance à dix-huit ans" in page and "<svg" not in page.split("<main")[1]
    assert path not in browser.get(someone.home + "/profil-medical/mesures").text
    stranger = site.browser(Someone(site).opens().key)
    assert stranger.get(path).status_code in (403, 404)
