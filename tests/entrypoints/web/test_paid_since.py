"""A test that was paid for after the last value of its analyte is told beside it, wherever a doctor reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dmp.acts.synthesis import read_synthesis
from tests.builders.clinical import a_test
from tests.builders.clinical_facts import a_source
from tests.builders.synthesis import a_synthesis, some_series
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Site


def test_a_test_paid_for_since_is_told_beside_the_last_value(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = a_test(sources=(a_source(77, title="Historique des remboursements"),))
    first, *others = some_series()
    told = a_synthesis(series=(replace(first, paid_since=paid), *others))
    monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: told)
    someone = Someone(site, birth_date=date(1951, 3, 14)).opens().declares(DOCTOR)
    browser = site.browser("medecin")
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    path = str(answer.headers["location"])
    for end, words in (
        ("/synthese", f"remboursés depuis : {paid.on:%d/%m/%Y} <span"),
        ("/synthese.txt", "; remboursé le "),
        (f"/biologie/{first.code}", "Examen remboursé depuis"),
    ):
        text = browser.get(path.removesuffix("/synthese") + end).text
        assert text.replace("\u202f", " ").count(words) == 1, end
