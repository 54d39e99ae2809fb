"""A pregnancy is told in weeks, with their day and what dates it, wherever its problem is read."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest

from dmp.acts.synthesis import read_synthesis
from dmp.domain.clinical.facts import Problem
from dmp.domain.clinical.synthesis import Pregnancy
from dmp.domain.codes import Code
from tests.builders.clinical_facts import CIM10, a_problem, a_source
from tests.builders.synthesis import a_synthesis
from tests.entrypoints.web.site import Site
from tests.entrypoints.web.test_synthesis import at, page_of, words, zone


def test_a_pregnancy_is_told_in_weeks_with_its_day_and_its_proof(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem(label="Grossesse", code=Code("Z33", CIM10), sources=(a_source(),))
    dated = a_source(title="Échographie du premier trimestre", document=UUID(int=77))
    pregnancy = Pregnancy(stated=problem, weeks=24, on=date(2026, 3, 12), sources=(dated,))
    told = a_synthesis(problems=(a_problem(), problem), pregnancy=pregnancy)
    monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: told)
    browser, path = at(site)
    whole = browser.get(path + "/synthese").text
    lines = re.findall(r"<li.*?</li>", zone(whole, "problemes"), re.DOTALL)
    assert ", 24 SA (12/03/2026)" in words(lines[1]) and "SA (" not in words(lines[0])
    assert str(UUID(int=77)) in lines[1]
    assert "24 SA (12/03/2026)" in words(browser.get(path + "/problemes").text)
    assert "Grossesse, 24 SA (12/03/2026)" in browser.get(path + "/synthese.txt").text


def test_where_nothing_dates_it_no_weeks_are_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem(label="Grossesse", code=Code("Z33", CIM10), sources=(a_source(),))
    told = a_synthesis(problems=(problem,))
    monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: told)
    read = words(page_of(site).text)
    assert "Grossesse" in read and " SA (" not in read
