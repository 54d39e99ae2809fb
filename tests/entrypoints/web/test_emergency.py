"""Emergency on the pages: stated, judged, shown on every page, ended; neutral where it is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.domain.access.policy import Ceilings
from dmp.domain.documents.visibility import Restriction
from dmp.domain.record.preferences import EmergencySwitches
from tests.builders import a_doctor
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_professional import _without_ins, found

LIFE = {"motif": "pronostic-vital"}
BAND = 'class="mode emergency"'
OTHER = a_doctor(id_nat="810100000073", name="Samir BELLO")


def opposes(site: Site, someone: Someone, **switches: bool) -> Someone:
    """The holder closed some of the emergency switches."""
    assert someone.record is not None
    request = SetPreferences(
        record_id=someone.record.record_id,
        mask_new_documents=False,
        emergency=EmergencySwitches(**switches),
    )
    site.do(set_preferences, request, someone.caller)
    return someone


def read_by_nobody(site: Site) -> Someone:
    """A record with one visible and one masked document, and no agreement."""
    someone = Someone(site).opens()
    someone.receives("Ordonnance", type_code="57833-6", by=OTHER)
    masked = frozenset({Restriction.MASKED})
    someone.receives("Suivi psychiatrique", restrictions=masked, by=OTHER)
    return someone


def test_the_entry_stands_on_the_first_access_page_and_on_the_neutral_one(site: Site) -> None:
    someone, nobody = Someone(site).opens(), Someone(site)
    browser = site.browser("medecin")
    assert "/urgence" not in browser.get("/pro").text
    for one in (someone, nobody):
        path = found(browser, one)
        assert f'href="{path}/urgence"' in browser.get(path).text
    agreed = Someone(site).opens().agrees(DOCTOR)
    assert "/urgence" not in browser.get(found(browser, agreed)).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Indiquez pourquoi vous accédez en urgence"),
        ({"motif": "curiosite"}, "Indiquez pourquoi vous accédez en urgence"),
        ({"motif": "autre"}, "10 caractères au moins"),
        ({"motif": "autre", "precision": "malaise"}, "10 caractères au moins"),
    ],
)
def test_a_statement_without_its_motive_opens_nothing(
    site: Site, fields: dict[str, str], sentence: str
) -> None:
    someone = read_by_nobody(site)
    browser = site.browser("medecin")
    path = found(browser, someone)
    answer = browser.post(path + "/urgence", fields)
    assert answer.status_code == 400
    assert sentence in answer.text and 'aria-invalid="true"' in answer.text
    assert browser.get(path + "/documents").url.path.endswith("/acces")


def test_during_the_emergency_every_page_says_so_and_nothing_is_changed(site: Site) -> None:
    someone = read_by_nobody(site)
    browser = site.browser("medecin")
    path = found(browser, someone)
    page = browser.get(path + "/urgence").text
    assert "Cet accès est tracé, notifié au patient et contrôlé." in page
    stated = {"motif": "autre", "precision": "Malaise sur la voie publique"}
    opened = browser.post(path + "/urgence", stated)
    assert opened.url.path == path + "/synthese"
    listed = browser.get(path + "/documents").text
    assert "Ordonnance" in listed and "psychiatrique" not in listed
    document = re.findall(r'class="title" href="([^"]+)"', listed)[0]
    for address in (path, document, path + "/deposer"):
        shown = browser.get(address).text
        assert BAND in shown, address
        assert "Malaise sur la voie publique" in shown
        assert re.search(r"jusqu’à \d\d:\d\d, encore <span data-minutes>60</span> min", shown)
    assert "/gerer" not in browser.get(document).text
    assert browser.get(document + "/gerer").status_code == 403
    assert browser.get(path + "/acces").url.path == path + "/synthese"
    assert browser.get(path + "/accord").status_code == 403
    assert browser.get(path + "/bloquer").status_code == 403
    assert "/mes-acces" not in opened.text
    other = Someone(site).opens()
    assert BAND not in browser.get(found(browser, other)).text


def test_it_ends_by_its_button_and_by_itself(site: Site) -> None:
    someone = read_by_nobody(site)
    browser = site.browser("medecin")
    path = found(browser, someone)
    browser.post(path + "/urgence", LIFE)
    ended = browser.post(path + "/urgence/fin", page=path + "/documents")
    assert "L’accès en urgence est terminé" in ended.text
    assert browser.get(path + "/documents").url.path.endswith("/acces")
    browser.post(path + "/urgence", LIFE)
    with site.later(timedelta(minutes=9)):
        assert "encore <span data-minutes>51</span> min" in browser.get(path + "/documents").text
    for minutes in range(9, 60, 9):
        with site.later(timedelta(minutes=minutes)):
            browser.get("/pro")
    with site.later(timedelta(minutes=60)):
        closed = browser.get(path + "/documents")
        assert closed.url.path.endswith("/acces")
        assert "Votre accès en urgence s’est terminé à" in closed.text
        assert BAND not in closed.text
        again = browser.post(path + "/urgence", LIFE)
        assert BAND in again.text
        assert "Ordonnance" in browser.get(path + "/documents").text


def test_the_holder_and_the_attending_doctor_are_told_once(site: Site) -> None:
    someone = read_by_nobody(site).declares(DOCTOR)
    site.professionals.people["urgentiste"] = {
        **site.professionals.people["medecin"],
        "SubjectNameID": "810100000131",
        "family_name": "Urgent",
    }
    browser = site.browser("urgentiste")
    path = found(browser, someone)
    browser.post(path + "/urgence", LIFE)
    browser.get(path + "/documents")
    home = site.browser("medecin").get("/pro")
    told = re.findall(r"<p>(Anne URGENT[^<]*)</p>\s*<p[^>]*>[^<]*<a href=\"([^\"]+)\"", home.text)
    assert len(told) == 1
    assert "a consulté en urgence le dossier d’un de vos patients" in told[0][0]
    assert someone.traits.birth_name.upper() not in home.text.partition("recents")[0]
    patient = site.browser("medecin").get(told[0][1])
    assert patient.url.path.endswith("/synthese")
    assert "DELORME" in patient.text
    assert site.browser("opticien").get(told[0][1]).status_code == 404


def test_refused_in_advance_looks_like_no_record_at_all(site: Site) -> None:
    nobody, opposed = Someone(site), opposes(site, read_by_nobody(site), break_glass=False)
    blocked = read_by_nobody(site).blocks(DOCTOR)
    closed = read_by_nobody(site)
    assert closed.record is not None
    site.do(close_record, CloseRecord(record_id=closed.record.record_id), closed.caller)
    browser = site.browser("medecin")
    pages, forms = [], []
    for someone in (nobody, opposed, blocked, closed):
        path = found(browser, someone)
        forms.append(_without_ins(browser.get(path + "/urgence").text))
        answer = browser.post(path + "/urgence", LIFE)
        pages.append((answer.status_code, len(answer.content), _without_ins(answer.text)))
        assert BAND not in browser.get(path + "/deposer").text
    assert {(status, text) for status, _, text in pages} == {(404, pages[0][2])}
    assert len({size for _, size, _ in pages}) == 1
    # The form tells blocked, closed and absent apart neither; the first access page knows the open one.
    assert len({forms[0], forms[2], forms[3]}) == 1


def test_the_regulating_doctor_enters_from_home_with_a_mission_number(site: Site) -> None:
    someone, opposed = read_by_nobody(site), opposes(site, read_by_nobody(site), regulation=False)
    browser = site.browser("regulatrice")
    fields = {"ins": someone.ins.matricule, "mission": "2026-0042"}
    answer = browser.post("/pro/regulation", fields, page="/pro")
    assert answer.url.path.endswith("/synthese")
    assert "Régulation du SAMU" in answer.text and "mission 2026-0042" in answer.text
    assert "Ordonnance" in browser.get(answer.url.path.replace("/synthese", "/documents")).text
    wrong = browser.post("/pro/regulation", {"ins": "12"}, page="/pro")
    assert wrong.status_code == 400 and 'id="ins-erreur"' in wrong.text
    pages = [
        browser.post("/pro/regulation", {"ins": one.ins.matricule}, page="/pro")
        for one in (opposed, Someone(site))
    ]
    assert [page.status_code for page in pages] == [404, 404]
    assert len({_without_ins(page.text) for page in pages}) == 1


def test_only_who_the_law_names_is_offered_an_emergency(site: Site) -> None:
    someone = Someone(site).opens()
    for who in ("medecin-travail", "coordonnatrice"):
        browser = site.browser(who)
        path = found(browser, someone)
        assert "/urgence" not in browser.get(path).text
        assert browser.get(path + "/urgence").status_code == 403
    doctor: Browser = site.browser("medecin")
    assert "/pro/regulation" not in doctor.get("/pro").text
    refused = doctor.post("/pro/regulation", {"ins": someone.ins.matricule}, page="/pro")
    assert refused.status_code == 403


def test_another_workplace_takes_no_emergency_along(site: Site) -> None:
    someone = read_by_nobody(site)
    browser = site.browser("remplacante")
    browser.post("/pro/situation", {"lieu": "0"})
    path = found(browser, someone)
    assert BAND in browser.post(path + "/urgence", LIFE).text
    browser.post("/pro/situation", {"lieu": "1"})
    assert browser.get(path + "/documents").url.path.endswith("/acces")


def test_above_the_ceiling_the_page_says_so_and_leaves_the_emergency(site: Site) -> None:
    site.professionals.people["presse"] = {
        **site.professionals.people["medecin"],
        "SubjectNameID": "810100000149",
    }
    browser = site.browser("presse")
    first, second = read_by_nobody(site), read_by_nobody(site)
    agreed = {"raison": "present", "duree": "1"}
    standing = site.house.standing
    policy = replace(standing.policy, ceilings=Ceilings(professional_hour=1))
    site.house.standing = replace(standing, policy=policy)
    try:
        opened = browser.post(found(browser, first) + "/acces", agreed)
        assert opened.url.path.endswith("/synthese") and opened.status_code == 200
        path = found(browser, second)
        stopped = browser.post(path + "/acces", agreed)
        assert stopped.status_code == 429 and stopped.headers["retry-after"] == "900"
        assert "Ordonnance" not in stopped.text and f'href="{path}/urgence"' in stopped.text
        assert BAND in browser.post(path + "/urgence", LIFE).text
    finally:
        site.house.standing = standing
