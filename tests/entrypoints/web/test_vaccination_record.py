"""The vaccination record: its frieze, and the statement to print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from dmp.acts.synthesis import read_synthesis
from dmp.domain.clinical.synthesis import Synthesis
from dmp.entrypoints.web.figures.doses import Dose, frieze
from dmp.locale import unbroken
from tests.builders.clinical_facts import AT
from tests.builders.synthesis import a_synthesis
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Site
from tests.entrypoints.web.test_acting import a_carer
from tests.entrypoints.web.test_health_summary import words

Told = Callable[[Synthesis], None]
HOSTILE = "</svg><script>alert(1)</script>"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """From here on every synthesis is this one."""

    def tell(synthesis: Synthesis) -> None:
        monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: synthesis)

    return tell


def test_a_mark_for_each_dose_and_another_for_what_nobody_confirms() -> None:
    rows = [
        ("Rougeole", [Dose(on=date(1990, 3, 1)), Dose(on=date(1995, 3, 1))]),
        (HOSTILE, [Dose(on=date(2024, 3, 1), confirmed=False)]),
        ("Sans date", []),
    ]
    found = etree.fromstring(str(frieze(rows, date(2026, 11, 20))))
    assert len(found.findall("circle")) == 2 and len(found.findall("rect")) == 1
    label = found.get("aria-label", "")
    assert unbroken("Rougeole : 2 doses") in label and "Sans date" not in label
    texts = [one.text or "" for one in found.iter("text")]
    assert any(one.startswith("</svg><script>") for one in texts), "hostile words stay words"
    assert "2026" in texts
    assert frieze([("Sans date", [])], date(2026, 11, 20)) == ""


def test_the_statement_has_what_was_given_and_says_what_it_leaves_out(
    site: Site, told: Told
) -> None:
    first = a_synthesis().vaccinations[0]
    given = replace(first, label="Priorix", delivered_only=False, lot="AB12")
    delivered = replace(first, label="Shingrix", delivered_only=True)
    told(Synthesis(at=AT, vaccinations=(given, delivered)))
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    record = browser.get(someone.home + "/vaccinations").text
    assert "/vaccinations/certificat" in record and 'class="fig curve"' in record
    page = browser.get(someone.home + "/vaccinations/certificat").text
    text = words(page)
    assert "Priorix, lot AB12" in text and "Shingrix" not in text
    assert "1 vaccin délivré en pharmacie sans preuve" in text
    assert someone.traits.display in text and "n’est pas signé par un professionnel" in text
    assert someone.ins.matricule not in page


def test_without_a_vaccine_there_is_nothing_to_print(site: Site, told: Told) -> None:
    told(Synthesis(at=AT))
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    assert "/vaccinations/certificat" not in browser.get(someone.home + "/vaccinations").text
    page = words(browser.get(someone.home + "/vaccinations/certificat").text)
    assert "Aucun vaccin fait n’est connu." in page
    _, carer = a_carer(site, someone)
    assert carer.get(someone.home + "/vaccinations/certificat").status_code == 200
    stranger = site.browser(Someone(site).opens().key)
    assert stranger.get(someone.home + "/vaccinations/certificat").status_code in (403, 404)
