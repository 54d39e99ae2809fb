"""A day is asked, shown back and refused in one way on every page, whichever of its two forms is typed."""

from __future__ import annotations

import re
from datetime import date

import pytest

from dmp.entrypoints.web.record.typed_day import as_field, typed_day
from dmp.entrypoints.web.synthesis.proofs import narrowed_by
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Site


@pytest.mark.parametrize(
    "text",
    [
        "12/03/2026",
        "2026-03-12",
        "12/3/2026",
        "12.03.2026",
        "12-03-2026",
        "12 03 2026",
        " 2026/3/12 ",
    ],
)
def test_a_day_is_read_however_it_is_typed(text: str) -> None:
    assert typed_day(text) == date(2026, 3, 12)
    assert as_field(text) == "2026-03-12"


@pytest.mark.parametrize(
    "text",
    ["", "hier", "30/02/2026", "2026-02-30", "03/2026", "2026", "12/03/26", "20260312", "1/1"],
)
def test_what_is_no_whole_day_of_a_calendar_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        typed_day(text)
    assert as_field(text) == ""


PAGES = ("/acces", "/documents", "/histoire", "/remboursements", "/recherche")


def test_both_forms_are_read_and_shown_back_as_a_date_field_on_every_page(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    for page in PAGES:
        asked = f"{someone.home}{page}?mots=bilan&du="
        typed, iso = browser.get(asked + "12%2F03%2F2024"), browser.get(asked + "2024-03-12")
        for answer in (typed, iso):
            assert answer.status_code == 200, page
            field = re.search(r'<input id="du"[^>]*>', answer.text)
            assert field is not None, page
            assert 'type="date" value="2024-03-12"' in field[0], page


def test_a_day_that_is_none_stays_as_typed_and_the_example_is_as_people_type(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    for page in PAGES:
        text = browser.get(f"{someone.home}{page}?mots=bilan&du=30%2F02%2F2024").text
        field = re.search(r'<input id="du"[^>]*>', text)
        error = re.search(r'id="du-erreur">([^<]+)', text)
        assert field is not None and 'type="text" value="30/02/2024"' in field[0], page
        assert error is not None and re.search(r"12/03/20\d\d", error[1]), page
        assert not re.search(r"\d{4}-\d{2}-\d{2}", error[1]), page


def test_no_sentence_of_ours_asks_for_a_day_otherwise(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    sent = {"nom": "X", "prenom": "Y", "naissance": "hier", "niveau": "voir", "fin": "demain"}
    answer = browser.post(f"{someone.home}/proches/inviter", sent)
    assert "31/05/1965" in answer.text and "1965-05-31" not in answer.text


def test_a_day_as_typed_narrows_a_page_on_the_way_to_a_proof_and_back() -> None:
    assert (
        narrowed_by({"du": "12/03/2024", "au": "2024-05-01"}) == "du=12%2F03%2F2024&au=2024-05-01"
    )
    assert narrowed_by({"du": "//ailleurs", "au": "12/03/2024/x"}) == ""
