"""The professional's first page: the patients he saw lately, and what is new for them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.acts.sharing.withdraw_consent import WithdrawConsent, withdraw_consent
from dmp.domain.documents.visibility import Restriction
from dmp.domain.journal.event import Outcome
from tests.builders import a_doctor
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site, without_what_varies
from tests.entrypoints.web.test_professional import found

OTHER = a_doctor(id_nat="810100000149", name="Louis MERCIER")


def comes_to(browser: Browser, someone: Someone) -> str:
    """The professional opens the patient's record."""
    path = found(browser, someone)
    assert browser.get(path).url.path.endswith("/synthese")
    return path


def listed(page: str) -> str:
    """The part of the first page that lists patients."""
    return page.partition('id="recents"')[2].partition("</section>")[0]


def test_what_others_added_since_the_last_access_is_told(site: Site) -> None:
    someone = Someone(site, birth_name="Quillan").opens().agrees(DOCTOR)
    someone.receives("Bilan ancien", by=OTHER, days_ago=9)
    browser = site.browser("medecin")
    path = comes_to(browser, someone)
    home = listed(browser.get("/pro").text)
    assert "QUILLAN Camille" in home and path in home
    assert "Bilan ancien" not in home and "Rien de nouveau" in home
    someone.receives("Bilan neuf", by=OTHER)
    someone.receives("Déposé par moi", by=DOCTOR)
    home = listed(browser.get("/pro").text)
    assert "1 nouveau document" in home and "Bilan neuf" in home
    assert "Déposé par moi" not in home
    with site.later(timedelta(minutes=2)):
        comes_to(browser, someone)
        assert "Bilan neuf" not in listed(browser.get("/pro").text)


def test_a_masked_document_is_no_news(site: Site) -> None:
    someone = Someone(site, birth_name="Ravel").opens().agrees(DOCTOR)
    browser = site.browser("medecin")
    comes_to(browser, someone)
    before = listed(browser.get("/pro").text)
    someone.receives("Psychiatrie", by=OTHER, restrictions=frozenset({Restriction.MASKED}))
    after = listed(browser.get("/pro").text)
    assert without_what_varies(before) == without_what_varies(after)


def test_who_is_out_of_reach_is_not_in_the_list_and_leaves_no_hint(site: Site) -> None:
    blocked = Someone(site, birth_name="Bloquan").opens().agrees(DOCTOR)
    closed = Someone(site, birth_name="Clostan").opens().agrees(DOCTOR)
    withdrawn = Someone(site, birth_name="Retiran").opens().agrees(DOCTOR)
    kept = Someone(site, birth_name="Gardan").opens().agrees(DOCTOR)
    browser = site.browser("medecin")
    for someone in (blocked, closed, withdrawn, kept):
        comes_to(browser, someone)
    names = ("BLOQUAN", "CLOSTAN", "RETIRAN", "GARDAN")
    home = listed(browser.get("/pro").text)
    assert all(name in home for name in names)
    blocked.blocks(DOCTOR)
    assert closed.record is not None and withdrawn.record is not None
    site.do(close_record, CloseRecord(record_id=closed.record.record_id), closed.caller)
    site.do(
        withdraw_consent,
        WithdrawConsent(record_id=withdrawn.record.record_id, grantee_id=DOCTOR.id_nat),
        withdrawn.caller,
    )
    page = browser.get("/pro").text
    assert [name for name in names if name in page] == ["GARDAN"]
    # Asked about once, then forgotten: the holder's journal does not fill with refusals.
    browser.get("/pro")
    assert blocked.record is not None
    request = ReadTraces(record_id=blocked.record.record_id)
    traces = site.do(read_traces, request, blocked.caller).traces
    refused = [t for t in traces if t.act == "look-for-news" and t.outcome is Outcome.REFUSED]
    assert len(refused) == 1


def test_a_patient_is_taken_off_the_list_by_its_owner_alone(site: Site) -> None:
    someone = Someone(site, birth_name="Otan").opens().agrees(DOCTOR).agrees(OTHER)
    browser = site.browser("medecin")
    comes_to(browser, someone)
    page = listed(browser.get("/pro").text).partition("OTAN")[2]
    removal = re.findall(r'action="(/pro/recents/[^"]+)"', page)[0]
    stranger = site.browser("opticien")
    assert stranger.post(removal, page="/pro").status_code == 404
    forged = removal.replace("/retirer", "x/retirer")
    assert browser.post(forged, page="/pro").status_code == 404
    gone = browser.post(removal, page="/pro")
    assert "n’est plus dans votre liste" in gone.text
    assert "OTAN" not in listed(gone.text)
    comes_to(browser, someone)


def test_a_new_professional_has_no_recent_patient(site: Site) -> None:
    page = site.browser("medecin-assureur").get("/pro").text
    assert "Aucun patient récent" in page
    assert re.search(r'<input id="ins"[^>]* autofocus', page)


def test_an_emergency_is_under_way_and_not_a_recent_patient(site: Site) -> None:
    someone = Someone(site, birth_name="Urgan").opens()
    browser = site.browser("regulatrice")
    answer = browser.post("/pro/regulation", {"ins": someone.ins.matricule}, page="/pro")
    assert answer.url.path.endswith("/synthese")
    home = browser.get("/pro").text
    assert "URGAN" in home and "URGAN" not in listed(home)
    assert "Accès en cours" in home


def test_the_holder_reads_the_automatic_look_as_such(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    browser = site.browser("medecin")
    comes_to(browser, someone)
    browser.get("/pro")
    journal = site.browser(someone.key).get(someone.home + "/acces").text
    assert "accès automatique" in journal


def by_traits(browser: Browser, someone: Someone, **changes: str) -> Any:
    """Send the form of the search by traits."""
    traits = someone.traits
    fields = {
        "nom": traits.birth_name,
        "prenoms": traits.first_given_name,
        "sexe": traits.sex.value,
        "naissance": traits.birth_date.isoformat(),
        "lieu": "76540",
    }
    return browser.post("/pro/patients", {**fields, **changes})


def test_a_patient_is_found_by_all_his_traits_and_the_rest_looks_alike(site: Site) -> None:
    someone = Someone(site, birth_name="Traivan", birth_place="76540").opens().agrees(DOCTOR)
    blocked = Someone(site, birth_name="Traibloc", birth_place="76540").opens().blocks(DOCTOR)
    nobody = Someone(site, birth_name="Traivide", birth_place="76540")
    browser = site.browser("medecin")
    answer = by_traits(browser, someone)
    assert answer.url.path.endswith("/synthese")
    assert "Traivan" not in str(answer.url) and someone.ins.matricule not in str(answer.url)
    pages = []
    for other in (blocked, nobody):
        page = by_traits(browser, other)
        assert page.status_code == 404 and "Aucun dossier accessible" in page.text
        pages.append(without_what_varies(page.text).replace(other.traits.birth_name, ""))
    assert pages[0] == pages[1]
    for field in ("nom", "prenoms", "sexe", "naissance", "lieu"):
        wrong = by_traits(browser, someone, **{field: ""})
        assert wrong.status_code == 400 and f'id="{field}-erreur"' in wrong.text
    for who in ("agent", "secretaire", "coordonnatrice"):
        assert site.browser(who).get("/pro/patients").status_code == 403
