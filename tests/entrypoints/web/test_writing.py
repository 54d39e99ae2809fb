"""Notes written here, new versions of one's own documents, and changes taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dmp.domain.documents.visibility import Restriction
from tests.builders import a_doctor
from tests.entrypoints.web.people import DOCTOR, Someone, lea
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_professional import found

NOTE = {
    "date": "2026-03-02",
    "motif": "Toux depuis trois jours\nFièvre à 38,5",
    "examen": "Auscultation <libre> & régulière",
    "conclusion": "Bronchite aiguë",
    "conduite": "Paracétamol\nRevoir dans 5 jours",
    "visibilite": "visible",
}
OTHER = a_doctor(id_nat="810100000149", name="Louis MERCIER")


def at(site: Site, **traits: Any) -> tuple[Someone, Browser, str]:
    someone = Someone(site, **traits).opens().agrees(DOCTOR)
    browser = site.browser("medecin")
    return someone, browser, found(browser, someone)


def deposited(browser: Browser, path: str, **changes: str) -> Any:
    """Write the note, look at it once more, deposit it."""
    fields = {**NOTE, **changes}
    preview = browser.post(path + "/note", {**fields, "etape": "verifier"})
    assert preview.status_code == 200 and "Rien n’est encore déposé" in preview.text
    return browser.post(path + "/note", {**fields, "etape": "deposer"})


def documents_of(site: Site, someone: Someone) -> str:
    """The holder's list of documents."""
    return site.browser(someone.key).get(someone.home + "/documents").text


def test_a_note_is_looked_at_then_deposited_and_read_by_the_patient(site: Site) -> None:
    someone, browser, path = at(site)
    assert f'href="{path}/note"' in browser.get(path + "/deposer").text
    preview = browser.post(path + "/note", {**NOTE, "etape": "verifier"}).text
    assert "Bronchite aiguë" in preview and "&lt;libre&gt; &amp; régulière" in preview
    assert "Compte rendu de consultation" not in documents_of(site, someone)
    receipt = deposited(browser, path)
    assert "Accusé de dépôt" in receipt.text and "Visible par le patient" in receipt.text
    holder = site.browser(someone.key)
    address = re.findall(
        rf'href="({someone.home}/documents/[0-9a-f-]{{36}})[^"]*"', documents_of(site, someone)
    )[0]
    text = holder.get(address).text
    for words in ("Motif de consultation", "Fièvre à 38,5", "Revoir dans 5 jours", "libre"):
        assert words in text, words
    assert "<libre>" not in text


def test_a_note_sent_twice_is_one_document(site: Site) -> None:
    someone, browser, path = at(site)
    fields = {**browser.form(path + "/note"), **NOTE, "etape": "deposer"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    answers = [browser.http.post(path + "/note", data=fields, headers=headers) for _ in range(2)]
    assert answers[0].url == answers[1].url
    assert documents_of(site, someone).count("Compte rendu de consultation<") == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"motif": " "}, "Remplissez cette rubrique"),
        ({"conclusion": ""}, "Remplissez cette rubrique"),
        ({"examen": "x" * 3950}, "3 900 caractères au plus"),
        ({"date": "2999-01-01"}, "ne peut pas être à venir"),
        ({"visibilite": ""}, "Choisissez qui peut voir"),
    ],
)
def test_a_wrong_note_says_what_to_change_and_keeps_the_rest(
    site: Site, changes: dict[str, str], sentence: str
) -> None:
    _, browser, path = at(site)
    answer = browser.post(path + "/note", {**NOTE, **changes, "etape": "deposer"})
    assert answer.status_code == 400 and sentence in answer.text
    if "motif" not in changes:
        assert "Toux depuis trois jours\nFièvre" in answer.text


def test_what_no_document_may_hold_is_left_out(site: Site) -> None:
    someone, browser, path = at(site)
    receipt = deposited(browser, path, examen="Calme\x0b\x1f et \ufffe stable")
    assert "Accusé de dépôt" in receipt.text
    assert "Compte rendu de consultation" in documents_of(site, someone)


def test_a_note_before_an_announcement_is_hidden_from_the_patient(site: Site) -> None:
    someone, browser, path = at(site)
    deposited(browser, path, visibilite="annonce")
    assert "Compte rendu de consultation" not in documents_of(site, someone)


def test_the_note_of_a_minor_says_what_his_parents_see(site: Site) -> None:
    minor = lea(site, Someone(site).opens()).agrees(DOCTOR)
    browser = site.browser("medecin")
    path = found(browser, minor)
    assert browser.post(path + "/note", {**NOTE, "etape": "deposer"}).status_code == 400
    preview = browser.post(
        path + "/note", {**NOTE, "representants": "cache", "etape": "verifier"}
    ).text
    assert "Non visible par ses représentants légaux" in preview


def test_who_may_not_read_writes_no_note(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser("medecin")
    path = found(browser, someone)
    assert browser.get(path + "/note").url.path == path + "/acces"
    someone.blocks(DOCTOR)
    assert browser.get(path + "/note").status_code == 404
    assert site.browser("secretaire").get(path + "/note").status_code in (403, 404)


def test_a_note_takes_the_place_of_ones_own(site: Site) -> None:
    someone, browser, path = at(site)
    deposited(browser, path)
    page = browser.get(path + "/documents").text
    document = re.findall(r"/documents/([0-9a-f-]{36})", page)[0]
    there = browser.get(f"{path}/documents/{document}/remplacer")
    assert there.url.path == path + "/note" and "remplacera" in there.text
    again = deposited(browser, path, remplace=document, conclusion="Pneumopathie")
    assert "Accusé de dépôt" in again.text
    assert documents_of(site, someone).count("Compte rendu de consultation<") == 1
    stale = browser.post(path + "/note", {**NOTE, "remplace": document, "etape": "verifier"})
    assert stale.status_code in (404, 409)


def test_a_pdf_takes_the_place_of_ones_own(site: Site) -> None:
    someone, browser, path = at(site)
    entry = someone.receives("Bilan", by=DOCTOR)
    there = f"{path}/documents/{entry.document_id}"
    assert there + "/remplacer" in browser.get(there).text
    fields = {"titre": "Bilan corrigé", "date": "2026-03-02", "visibilite": "visible"}
    none = browser.post(there + "/remplacer", fields, files={})
    assert none.status_code == 400
    files = {"fichier": ("b.pdf", someone.pdf("Corrigé"), "application/pdf")}
    done = browser.post(there + "/remplacer", fields, files=files)
    assert "Accusé de dépôt" in done.text
    page = documents_of(site, someone)
    assert "Bilan corrigé" in page and ">Bilan<" not in page


def test_nobody_replaces_what_another_deposited(site: Site) -> None:
    someone, browser, path = at(site)
    entry = someone.receives("Bilan d’un autre", by=OTHER)
    there = f"{path}/documents/{entry.document_id}"
    assert "/remplacer" not in browser.get(there).text
    assert browser.get(there + "/remplacer").status_code == 403
    forged = browser.post(
        path + "/note", {**NOTE, "remplace": str(entry.document_id), "etape": "deposer"}
    )
    assert forged.status_code == 403
    stranger = Someone(site).opens().agrees(DOCTOR)
    elsewhere = stranger.receives("Ailleurs", by=DOCTOR)
    for wrong in (str(elsewhere.document_id), "x", "0" * 36):
        assert browser.get(f"{path}/note?remplace={wrong}").status_code == 404
    masked = someone.receives("Masqué", by=OTHER, restrictions=frozenset({Restriction.MASKED}))
    assert browser.get(f"{path}/note?remplace={masked.document_id}").status_code == 404


@pytest.mark.parametrize(
    ("change", "done"),
    [("mask", "masqué aux professionnels"), ("archive", "Document archivé")],
)
def test_a_change_is_taken_back_from_its_result(site: Site, change: str, done: str) -> None:
    someone, browser, path = at(site)
    entry = someone.receives("Bilan", by=DOCTOR)
    there = f"{path}/documents/{entry.document_id}"
    result = browser.post(there + "/gerer", {"changement": change})
    assert done in result.text and "Annuler ce changement" in result.text
    back = re.findall(r'name="changement" value="([a-z-]+)"', result.text)[0]
    undone = browser.post(there + "/gerer", {"changement": back})
    assert done not in undone.text
    assert "Annuler ce changement" not in browser.get(there + "?fait=delete").text
    assert "Annuler ce changement" not in browser.get(there).text
