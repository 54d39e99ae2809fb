"""The first visit: four steps, left and taken up again, linked from home until it is finished."""

from __future__ import annotations

from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.domain.record.health_record import HealthRecord
from tests.entrypoints.web.people import Someone, lea
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_acting import a_carer

EMERGENCY = {"samu": "oui", "urgence": "non", "urgence_masques": "non"}


def begun(site: Site) -> tuple[Someone, Browser, str]:
    """Somebody whose record was just opened, her browser, the address of the visit."""
    someone = Someone(site).opens()
    return someone, site.browser(someone.key), someone.home + "/activation"


def choices_of(site: Site, someone: Someone) -> HealthRecord:
    return site.do(read_choices, ReadChoices(of=someone.record.record_id), someone.caller)  # type: ignore[union-attr]


def test_four_steps_do_what_their_own_pages_do(site: Site) -> None:
    someone, browser, path = begun(site)
    assert path in browser.get(someone.home).text
    first = browser.get(path)
    assert first.url.path == path + "/identite"
    assert someone.traits.birth_name in first.text and 'aria-current="step"' in first.text
    sharing = browser.post(path + "/identite", {"exact": "oui"})
    assert sharing.url.path == path + "/partage"
    emergency = browser.post(path + "/partage", {"visibilite": "masque"})
    assert emergency.url.path == path + "/urgence"
    assert choices_of(site, someone).preferences.mask_new_documents
    key = browser.post(path + "/urgence", EMERGENCY)
    assert key.url.path == path + "/cle"
    chosen = choices_of(site, someone).preferences
    assert chosen.emergency.regulation and not chosen.emergency.break_glass
    assert chosen.mask_new_documents, "a step changes nothing of another"
    assert "Passer cette étape et terminer" in key.text
    done = browser.post(path + "/cle")
    assert done.url.path == someone.home
    assert "Votre espace est prêt" in done.text and path not in done.text
    assert browser.get(path).url.path == someone.home


def test_it_is_left_and_taken_up_where_one_was(site: Site) -> None:
    someone, browser, path = begun(site)
    browser.post(path + "/identite", {"exact": "non"})
    again = site.browser(someone.key)
    page = again.get(path)
    assert page.url.path == path + "/partage"
    assert 'class="done"' in page.text
    home = again.post(path + "/partage", {"fin": "oui"})
    assert "ne vous est plus proposée" in home.text and path not in home.text


def test_a_step_that_lacks_an_answer_stays_with_what_was_chosen(site: Site) -> None:
    _, browser, path = begun(site)
    assert "Répondez oui ou non à cette question" in browser.post(path + "/identite").text
    answer = browser.post(path + "/urgence", {"samu": "non", "urgence": "oui"})
    assert answer.status_code == 400
    assert 'id="urgence_masques-erreur"' in answer.text
    assert 'name="samu" value="non" checked' in answer.text
    wrong = browser.post(path + "/identite", {"exact": "non"})
    assert "adressez-vous à un guichet" in wrong.text
    assert browser.get(path + "/inconnue").status_code == 404


def test_who_represents_has_three_steps_of_their_own(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    browser = site.browser(parent.key)
    path = child.home + "/activation"
    assert "étape 1 sur 3" in browser.get(path).text
    assert browser.get(path + "/cle").status_code == 404
    browser.post(path + "/identite", {"exact": "oui"})
    browser.post(path + "/partage", {"visibilite": "visible"})
    done = browser.post(path + "/urgence", EMERGENCY)
    assert done.url.path == child.home and path not in done.text
    hers = site.browser(child.key).get(child.home).text
    assert path in hers, "she makes her own visit when she comes"


def test_neither_a_carer_nor_a_stranger_visits_for_another(site: Site) -> None:
    helped = Someone(site).opens()
    _, carer = a_carer(site, helped, "gerer")
    stranger = site.browser(Someone(site).opens().key)
    for browser in (carer, stranger):
        assert browser.get(helped.home + "/activation").status_code in (403, 404)
        assert browser.get(helped.home + "/activation/partage").status_code in (403, 404)
    assert helped.home + "/activation" not in carer.get(helped.home).text
