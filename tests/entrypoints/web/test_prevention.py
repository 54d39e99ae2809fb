"""Prevention: why, what to do, declined and taken back; each side for itself; professionals see it all."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import httpx
import pytest

from dmp.acts.space import read_prevention as reading
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.synthesis import AlertClass
from dmp.domain.errors import Reason, Refused
from tests.builders import a_caller
from tests.entrypoints.web.people import DOCTOR, Someone, lea
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_acting import a_carer
from tests.entrypoints.web.test_health_summary import words

SHINGLES = "Vaccin contre le zona, 1re dose"


def aged(site: Site, years: int = 70, **traits: object) -> Someone:
    born = date(datetime.now(UTC).year - years, 1, 2)
    return Someone(site, birth_date=born, **traits).opens()


def rule_of(page: str, label: str) -> str:
    """The rule that a form of the page names for this line."""
    found = re.findall(r'name="ligne" value="([^"]+)">(?:(?!</form>).)*?: ([^<]+)</span>', page)
    return str(next(rule for rule, name in found if name == label))


def choose(browser: Browser, home: str, choice: str, line: str = "") -> httpx.Response:
    return browser.post(home + "/prevention", {"choix": choice, "ligne": line})


def test_what_is_due_says_why_and_what_to_do(site: Site) -> None:
    someone = aged(site)
    page = site.browser(someone.key).get(someone.home + "/prevention").text
    text = words(page)
    assert SHINGLES in text
    assert "Proposé à tous, à partir de 65 ans. Source : Calendrier des vaccinations" in text
    assert "Prévoir : Un médecin, un pharmacien" in text
    assert "Une invitation arrive par la poste" in text, "a screening"
    assert " style=" not in page


def test_a_line_declined_leaves_her_pages_and_comes_back(site: Site) -> None:
    someone = aged(site)
    browser = site.browser(someone.key)
    home = someone.home
    rule = rule_of(browser.get(home + "/prevention").text, SHINGLES)
    told = choose(browser, home, "refuser", rule)
    assert "Cette ligne ne vous est plus proposée" in told.text
    assert "Ce qui n’est plus proposé" in words(told.text)
    for end in ("", "/ma-sante"):
        assert SHINGLES not in browser.get(home + end).text, end
    due = words(browser.get(home + "/vaccinations").text).split("Vaccins faits")[0]
    assert SHINGLES not in due
    back = choose(browser, home, "reprendre", rule)
    assert "de nouveau proposée" in back.text
    for end in ("/ma-sante", "/vaccinations"):
        assert SHINGLES in words(browser.get(home + end).text), end


def test_a_professional_sees_what_is_due_all_the_same(site: Site) -> None:
    someone = aged(site).agrees()
    browser = site.browser(someone.key)
    choose(
        browser,
        someone.home,
        "refuser",
        rule_of(browser.get(someone.home + "/prevention").text, SHINGLES),
    )
    choose(browser, someone.home, "arreter")
    found = site.do(read_synthesis, ReadSynthesis(of=someone.ins), a_caller(DOCTOR))
    assert SHINGLES in {one.label for one in found.due}
    own = site.do(read_synthesis, ReadSynthesis(of=someone.record.record_id), someone.caller)  # type: ignore[union-attr]
    assert not own.due
    assert all(alert.alert_class is not AlertClass.DUE for alert in own.alerts)


def test_nothing_is_offered_when_she_does_not_want_it_and_confidentiality_says_so(
    site: Site,
) -> None:
    someone = aged(site)
    browser = site.browser(someone.key)
    stopped = browser.post(
        someone.home + "/prevention",
        {"choix": "arreter", "retour": "confidentialite"},
        page=someone.home + "/confidentialite",
    )
    assert stopped.url.path.endswith("/confidentialite")
    assert "La prévention n’est pas proposée ici." in words(stopped.text)
    page = words(browser.get(someone.home + "/prevention").text)
    assert "La prévention n’est pas proposée ici." in page and SHINGLES not in page
    choose(browser, someone.home, "proposer")
    assert SHINGLES in browser.get(someone.home + "/prevention").text


def test_nothing_due_is_said_as_up_to_date(site: Site) -> None:
    someone = aged(site, 23)
    browser = site.browser(someone.key)
    page = browser.get(someone.home + "/prevention").text
    for line in re.findall(
        r'value="refuser"><input type="hidden" name="ligne" value="([^"]+)"', page
    ):
        choose(browser, someone.home, "refuser", line)
    assert "À jour" in words(browser.get(someone.home + "/prevention").text)


def test_who_represents_declines_for_their_own_pages_alone(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    theirs, hers = site.browser(parent.key), site.browser(child.key)
    page = theirs.get(child.home + "/prevention").text
    assert "Vous agissez pour" in page
    rule = re.findall(r'name="ligne" value="([^"]+)"', page)[0]
    choose(theirs, child.home, "refuser", rule)
    assert (
        f'value="reprendre"><input type="hidden" name="ligne" value="{rule}"'
        in theirs.get(child.home + "/prevention").text
    )
    her_page = hers.get(child.home + "/prevention").text
    assert f'value="refuser"><input type="hidden" name="ligne" value="{rule}"' in her_page
    assert "Ce qui n’est plus proposé" not in her_page


def test_a_form_of_one_child_does_nothing_to_another(site: Site) -> None:
    parent = Someone(site).opens()
    one, other = lea(site, parent), lea(site, parent)
    browser = site.browser(parent.key)
    form = browser.form(one.home + "/prevention")
    refused = browser.http.post(
        other.home + "/prevention",
        data={**form, "choix": "arreter"},
        headers={"Origin": site.address, "Sec-Fetch-Site": "same-origin"},
    )
    assert refused.status_code == 403
    assert "n’est pas proposée" not in words(browser.get(other.home + "/prevention").text)


def test_a_carer_reads_and_chooses_nothing_and_a_stranger_reads_nothing(site: Site) -> None:
    helped = aged(site)
    _, browser = a_carer(site, helped, "gerer")
    page = browser.get(helped.home + "/prevention").text
    assert 'value="refuser"' not in page and 'value="arreter"' not in page
    answer = choose(browser, helped.home, "arreter")
    assert answer.status_code == 403
    stranger = Someone(site).opens()
    assert site.browser(stranger.key).get(helped.home + "/prevention").status_code in (403, 404)


def test_an_unknown_line_or_choice_is_refused(site: Site) -> None:
    someone = aged(site)
    browser = site.browser(someone.key)
    assert choose(browser, someone.home, "refuser", "Z99").status_code == 400
    assert choose(browser, someone.home, "autre").status_code == 400


def test_the_home_page_stands_when_prevention_cannot_be_said(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = aged(site)
    browser = site.browser(someone.key)
    home = browser.get(someone.home).text
    assert "À faire" in home and someone.home + "/prevention" in home

    async def cut_off(*_: object) -> None:
        raise Refused(Reason.UNAVAILABLE)

    monkeypatch.setattr(reading, "synthesis_before", cut_off)
    answer = browser.get(someone.home)
    assert answer.status_code == 200
    assert "Cette partie n’est pas disponible pour le moment." in words(answer.text)
    assert "Derniers accès" in answer.text
