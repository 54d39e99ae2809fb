"""« Masquer pour ce patient »: for one reader and one patient; it comes back when the facts change."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dmp.acts.synthesis import read_synthesis
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.clinical.watching.hiding import (
    LONGEST,
    AlertHidden,
    HidingReason,
    facts_of,
    hidden_id,
    without_hidden,
)
from tests.builders.clinical_facts import AT, TODAY, an_alert
from tests.builders.synthesis import a_synthesis
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_professional import found

HIDDEN = {"key": "ansm:hidden", "sentence": "Association à masquer"}
GRAVE = an_alert(**HIDDEN)
OTHER = an_alert(key="ansm:other", sentence="Autre association")
Told = Callable[[Synthesis], None]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """From here on every synthesis is this one."""

    def tell(synthesis: Synthesis) -> None:
        monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: synthesis)

    tell(a_synthesis(alerts=(GRAVE, OTHER)))
    return tell


def opened(site: Site) -> tuple[Browser, str, Someone]:
    someone = Someone(site).opens().declares(DOCTOR)
    browser = site.browser("medecin")
    return browser, found(browser, someone), someone


def hides(browser: Browser, path: str, sentence: str, reason: str = "known") -> str:
    """Put an alert aside; the page that follows."""
    page = browser.get(path + "/alertes").text
    section = next(part for part in page.split("<section") if sentence in part)
    address = re.findall(r'href="([^"]+/masquer)"', section)[0]
    return str(browser.post(address, {"raison": reason}).text)


def shown(page: str) -> list[str]:
    """The alerts that stand as such on the page of alerts."""
    whole = page.partition('id="masquees"')[0]
    return [one.sentence for one in (GRAVE, OTHER) if f"</strong> {one.sentence}" in whole]


def test_an_alert_is_put_aside_for_its_reader_alone_and_shown_again(site: Site, told: Told) -> None:
    browser, path, someone = opened(site)
    assert shown(browser.get(path + "/alertes").text) == [GRAVE.sentence, OTHER.sentence]
    page = hides(browser, path, GRAVE.sentence)
    assert shown(page) == [OTHER.sentence]
    assert "1 alerte que vous avez masquée" in page and "Déjà connue" in page
    sheet = browser.get(path + "/synthese").text
    assert GRAVE.sentence not in sheet and "1 alerte masquée par vous" in sheet
    # Neither a colleague nor another patient of his own sees any difference.
    colleague = site.browser("remplacante")
    colleague.post("/pro/situation", {"lieu": "0"})
    there = found(colleague, someone)
    colleague.post(there + "/acces", {"raison": "present", "duree": "30"})
    assert shown(colleague.get(there + "/alertes").text) == [GRAVE.sentence, OTHER.sentence]
    assert "masquée" not in colleague.get(there + "/alertes").text
    other_patient = opened(site)[1]
    assert GRAVE.sentence in shown(browser.get(other_patient + "/alertes").text)
    again = re.findall(r'action="([^"]+/afficher)"', page)[0]
    assert colleague.post(again, page=there + "/deposer").status_code == 403
    back = browser.post(again, page=path + "/alertes").text
    assert shown(back) == [GRAVE.sentence, OTHER.sentence] and "masquée" not in back
    journal = site.browser(someone.key).get(someone.home + "/acces").text
    assert "a masqué pour lui-même une alerte" in journal
    assert GRAVE.sentence not in journal


def test_the_address_of_an_alert_names_no_medicine(site: Site, told: Told) -> None:
    browser, path, _ = opened(site)
    page = browser.get(path + "/alertes").text
    addresses = re.findall(r'href="([^"]+/masquer)"', page)
    assert len(addresses) == 2
    assert not any("ansm" in address or "hidden" in address for address in addresses)
    assert browser.post(addresses[0]).status_code == 400
    assert browser.get(addresses[0][:-9] + "x/masquer").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"level": "CI"},
        {"sentence": "Association à masquer, plus grave"},
        {"on": TODAY},
        {"rule_id": "ansm/another"},
    ],
)
def test_it_comes_back_when_what_it_says_changes(
    site: Site, told: Told, changes: dict[str, str]
) -> None:
    browser, path, someone = opened(site)
    hides(browser, path, GRAVE.sentence, "not-relevant")
    told(a_synthesis(alerts=(an_alert(**{**HIDDEN, **changes}), OTHER)))
    someone.receives("Un document de plus")  # what was remembered is over
    page = browser.get(path + "/alertes").text
    assert "masquée" not in page
    told(a_synthesis(alerts=(GRAVE, OTHER)))
    someone.receives("Encore un document")
    assert shown(browser.get(path + "/alertes").text) == [OTHER.sentence]


def test_in_an_emergency_nothing_is_put_aside(site: Site, told: Told) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    browser = site.browser("medecin")
    path = found(browser, someone)
    hides(browser, path, GRAVE.sentence, "discussed")
    assert shown(browser.get(path + "/alertes").text) == [OTHER.sentence]
    browser.post(path + "/urgence", {"motif": "pronostic-vital"})
    page = browser.get(path + "/alertes").text
    assert shown(page) == [GRAVE.sentence, OTHER.sentence] and "/masquer" not in page


def test_it_comes_back_after_a_year() -> None:
    hidden = AlertHidden(
        slip_id=hidden_id("8100", GRAVE.key),
        by="8100",
        key=GRAVE.key,
        facts=facts_of(GRAVE),
        reason=HidingReason.KNOWN,
        at=AT,
        until=AT + LONGEST,
    )
    synthesis = a_synthesis(alerts=(GRAVE, OTHER))
    aside = without_hidden(synthesis, [hidden], AT + LONGEST - timedelta(seconds=1))
    assert aside.alerts == (OTHER,) and [one.alert for one in aside.set_aside] == [GRAVE]
    assert replace(aside, alerts=synthesis.alerts, set_aside=()) == synthesis
    assert without_hidden(synthesis, [hidden], AT + LONGEST) == synthesis


def test_who_may_not_read_puts_nothing_aside(site: Site, told: Told) -> None:
    browser, path, someone = opened(site)
    address = re.findall(r'href="([^"]+/masquer)"', browser.get(path + "/alertes").text)[0]
    someone.blocks(DOCTOR)
    assert browser.get(address).status_code == 404
    coordinator = site.browser("coordonnatrice")
    there = found(coordinator, someone)
    coordinator.post(there + "/acces", {"raison": "present", "duree": "30"})
    assert "/masquer" not in coordinator.get(there + "/alertes").text
