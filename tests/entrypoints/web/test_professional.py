"""The professional's pages: neutral where they must be, exact where they may be."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.refuse_record import RefuseRecord, refuse_record
from dmp.domain.documents.visibility import Restriction
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import MAX_DOCUMENT, Browser, Site, without_what_varies

DEPOSIT = {
    "type": "11488-4",
    "titre": "Consultation du jour",
    "date": "2026-03-02",
    "visibilite": "visible",
}


def found(browser: Browser, someone: Someone) -> str:
    """The address of the patient's pages."""
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    return str(answer.headers["location"])


def deposit(browser: Browser, path: str, content: bytes, **changes: Any) -> Any:
    """Send the form of a deposit."""
    files = {"fichier": ("document.pdf", content, "application/pdf")}
    return browser.post(path + "/deposer", {**DEPOSIT, **changes}, files=files)


def test_an_ins_with_a_wrong_key_is_explained_beside_the_field(site: Site) -> None:
    browser = site.browser("medecin")
    answer = browser.post("/pro", {"ins": "2 79 03 51 215 189 88"})
    assert answer.status_code == 400
    assert "la clé est 89" in answer.text
    assert 'aria-describedby="ins-aide ins-erreur" aria-invalid="true"' in answer.text
    assert 'value="2 79 03 51 215 189 88"' in answer.text
    assert 'href="#ins"' in answer.text
    assert browser.post("/pro", {"ins": "12"}).status_code == 400
    assert browser.post("/pro").status_code == 400


def test_the_ins_never_stands_in_an_address(site: Site) -> None:
    someone = Someone(site).opens()
    path = found(site.browser("medecin"), someone)
    assert someone.ins.matricule not in path
    assert someone.ins.matricule[:13] not in path


def _without_ins(page: str) -> str:
    return re.sub(
        r"(?:\d\xa0)?(?:\d\d\xa0){3}\d{3}\xa0\d{3}\xa0\d\d", "", without_what_varies(page)
    )


def test_no_record_closed_refused_and_blocked_look_alike(site: Site) -> None:
    nobody = Someone(site)
    closed = Someone(site).opens().agrees(DOCTOR)
    assert closed.record is not None
    site.do(close_record, CloseRecord(record_id=closed.record.record_id), closed.caller)
    refused = Someone(site)
    site.do(refuse_record, RefuseRecord(ins=refused.ins, traits=refused.traits), refused.caller)
    blocked = Someone(site).opens().agrees(DOCTOR).blocks(DOCTOR)
    browser = site.browser("medecin")
    for end in ("", "/acces", "/documents", "/documents/x", "/ouvrir", "/deposer"):
        pages = []
        for someone in (nobody, closed, refused, blocked):
            answer = browser.get(found(browser, someone) + end)
            pages.append((answer.status_code, _without_ins(answer.text)))
        assert len(set(pages)) == 1, end


def test_opening_what_is_already_there_tells_a_blocked_professional_nothing(site: Site) -> None:
    blocked = Someone(site).opens().blocks(DOCTOR)
    browser = site.browser("medecin")
    path = found(browser, blocked)
    for name in ("Delorme", "Autre"):
        identity = {
            "nom": name,
            "prenoms": "Camille",
            "sexe": "F",
            "naissance": "1971-02-03",
            "accord": "oui",
        }
        answer = browser.post(path + "/ouvrir", identity)
        assert answer.status_code == 404
        assert "Ce dossier n’est pas accessible" in answer.text


def test_first_access_asks_why_and_for_how_long(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Bilan")
    browser = site.browser("medecin")
    path = found(browser, someone)
    page = browser.get(path)
    assert page.url.path.endswith("/acces")
    assert "Le patient sera informé de cet accès" in page.text
    assert browser.get(path + "/documents").url.path.endswith("/acces")
    assert browser.post(path + "/acces", {"duree": "30"}).status_code == 400
    opened = browser.post(path + "/acces", {"raison": "present", "duree": "30"})
    assert opened.url.path.endswith("/synthese")
    assert "Bilan" in opened.text
    assert "DELORME Camille" in browser.get("/pro").text
    assert browser.get(path + "/acces").url.path.endswith("/synthese")


def test_the_consent_of_the_team_opens_to_the_team(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("medecin")
    path = found(browser, someone)
    browser.post(path + "/acces", {"raison": "present", "pour": "equipe", "duree": "1"})
    page = site.browser(someone.key).get(someone.home + "/professionnels").text
    assert "Toute l’équipe de soins" in page and "Cabinet des Lilas" in page


def test_a_masked_document_leaves_no_hint(site: Site) -> None:
    masked = frozenset({Restriction.MASKED})
    with_one, without = Someone(site).opens(), Someone(site).opens()
    for someone in (with_one, without):
        someone.receives("Bilan", days_ago=2)
    with_one.receives("Suivi psychiatrique", restrictions=masked)
    browser = site.browser("remplacante")
    browser.post("/pro/situation", {"lieu": "0"})
    pages = []
    for someone in (with_one, without):
        path = found(browser, someone)
        browser.post(path + "/acces", {"raison": "present", "duree": "1"})
        browser.get(path + "/documents")
        text = _without_ins(browser.get(path + "/documents").text)
        pages.append(re.sub(r"[0-9a-f-]{36}|, [0-9a-f]{4}</span>|, \w{4}<", "", text))
        assert "psychiatrique" not in text
        assert (
            "Aucun document ne contient" in browser.get(path + "/recherche?mots=psychiatrique").text
        )
    assert pages[0] == pages[1]


def test_a_document_not_yet_announced_warns_the_professional(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
    entry = someone.receives("Anatomopathologie", restrictions=hidden)
    browser = site.browser("medecin")
    path = f"{found(browser, someone)}/documents/{entry.document_id}"
    warned = browser.get(path).text
    assert "Le patient ne connaît pas encore ce document" in warned
    assert "/pages/1" not in warned and "/original" not in warned
    assert "/pages/1" in browser.get(path + "?averti=oui").text
    done = browser.post(path + "/gerer", {"changement": "show-to-patient"})
    assert "Document visible par le patient" in done.text
    assert "Anatomopathologie" in site.browser(someone.key).get(someone.home + "/documents").text


def test_a_deposit_is_registered_once_and_gives_its_receipt(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("medecin")
    path = found(browser, someone)
    fields = {**browser.form(path + "/deposer"), **DEPOSIT}
    content = someone.pdf("Consultation")
    answers = []
    for _ in range(2):
        files = {"fichier": ("a.pdf", content, "application/pdf")}
        headers = {"Sec-Fetch-Site": "same-origin"}
        answers.append(
            browser.http.post(path + "/deposer", data=fields, files=files, headers=headers)
        )
    assert answers[0].status_code == 200
    assert answers[0].url == answers[1].url
    assert "Accusé de dépôt" in answers[0].text
    assert "Visible par le patient" in answers[0].text
    page = site.browser(someone.key).get(someone.home + "/documents").text
    assert page.count("Consultation du jour<") == 1
    assert site.browser("opticien").get(answers[0].url.path).status_code == 404


def test_a_blocked_professional_still_deposits(site: Site) -> None:
    someone = Someone(site).opens().blocks(DOCTOR)
    browser = site.browser("medecin")
    answer = deposit(browser, found(browser, someone), someone.pdf("Acte"))
    assert "Accusé de dépôt" in answer.text


def test_a_deposit_without_a_record_is_refused_and_keeps_what_was_typed(site: Site) -> None:
    someone = Someone(site)
    browser = site.browser("medecin")
    answer = deposit(browser, found(browser, someone), someone.pdf("Acte"))
    assert answer.status_code == 404
    assert "aucun dossier n’accepte de document" in answer.text
    assert 'value="Consultation du jour"' in answer.text


@pytest.mark.parametrize(
    ("content", "changes", "status", "sentence"),
    [
        (b"<html><script>alert(1)</script></html>", {}, 400, "n’est pas un PDF"),
        (b"", {}, 400, "n’est pas un PDF"),
        (b"%PDF-1.4 rien", {}, 400, "Le fichier ne peut pas être lu"),
        (b"%PDF-" + b"x" * MAX_DOCUMENT, {}, 413, "Le fichier dépasse 300"),
        (b"%PDF-" + b"x" * (MAX_DOCUMENT * 2), {}, 413, "Le fichier dépasse 300"),
        (b"%PDF-", {"type": "DOCPAT01"}, 400, "Choisissez le type"),
        (b"%PDF-", {"titre": " "}, 400, "Donnez un titre"),
        (b"%PDF-", {"date": "2999-01-01"}, 400, "ne peut pas être à venir"),
        (b"%PDF-", {"date": "hier"}, 400, "Saisissez la date de l’acte"),
        (b"%PDF-", {"visibilite": "x"}, 400, "Choisissez qui peut voir"),
        (b"%PDF-", {"cadre": "x|y"}, 400, "Choisissez une valeur de la liste"),
    ],
)
def test_a_bad_deposit_says_what_to_change_and_keeps_the_rest(
    site: Site, content: bytes, changes: dict[str, str], status: int, sentence: str
) -> None:
    someone = Someone(site).opens()
    browser = site.browser("medecin")
    answer = deposit(browser, found(browser, someone), content, **changes)
    assert answer.status_code == status
    assert sentence in answer.text.replace("\xa0", " ")
    assert "au moins" not in answer.text
    if "titre" not in changes:
        assert 'value="Consultation du jour"' in answer.text


def test_active_content_is_refused(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("medecin")
    active = someone.pdf("Acte").replace(
        b"/Type /Catalog", b"/OpenAction << /S /JavaScript /JS (x) >> /Type /Catalog"
    )
    answer = deposit(browser, found(browser, someone), active)
    assert answer.status_code == 400
    assert "élément interdit" in answer.text


def test_the_author_masks_archives_and_deletes_his_own_deposit(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    entry = someone.receives("Bilan")
    browser = site.browser("medecin")
    path = f"{found(browser, someone)}/documents/{entry.document_id}"
    assert "Document masqué" in browser.post(path + "/gerer", {"changement": "mask"}).text
    assert "Document archivé" in browser.post(path + "/gerer", {"changement": "archive"}).text
    assert browser.post(path + "/gerer", {"changement": "x"}).status_code == 400
    unsure = browser.post(path + "/gerer", {"changement": "delete"})
    assert unsure.status_code == 400
    gone = browser.post(path + "/gerer", {"changement": "delete", "confirmation": "oui"})
    assert "Document supprimé" in gone.text
    assert browser.get(path).status_code == 404


def test_a_document_of_another_patient_is_not_found_here(site: Site) -> None:
    someone, other = Someone(site).opens().agrees(DOCTOR), Someone(site).opens().agrees(DOCTOR)
    entry = other.receives("Bilan")
    browser = site.browser("medecin")
    path = found(browser, someone)
    for end in ("", "/lecture", "/original", "/gerer"):
        assert browser.get(f"{path}/documents/{entry.document_id}{end}").status_code == 404


def test_a_professional_opens_then_reactivates_a_record(site: Site) -> None:
    someone = Someone(site)
    browser = site.browser("medecin")
    path = found(browser, someone)
    identity = {
        "nom": "Delorme",
        "prenoms": "Camille Jeanne",
        "sexe": "F",
        "naissance": "1971-02-03",
        "lieu": "75101",
    }
    assert browser.post(path + "/ouvrir", identity).status_code == 400
    opened = browser.post(path + "/ouvrir", {**identity, "accord": "oui"})
    assert opened.url.path.endswith("/acces")
    holder = site.browser(someone.key)
    home = holder.get("/espace").url.path
    holder.post(home + "/cloture", {"confirmation": "oui"})
    again = browser.post(path + "/ouvrir", {**identity, "accord": "oui"})
    assert again.url.path.endswith("/acces")
