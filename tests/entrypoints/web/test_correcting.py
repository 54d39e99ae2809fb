"""« Ceci est faux » on the pages: asked in words, answered by the author, followed by who asked."""

from __future__ import annotations

import re

import httpx

from dmp.domain.documents.visibility import Restriction
from tests.entrypoints.web.people import DOCTOR, Someone, lea
from tests.entrypoints.web.site import Browser, Site

TEXT = "Je n’ai jamais pris ce <médicament>."


def asked(browser: Browser, someone: Someone, document: object, text: str = TEXT) -> httpx.Response:
    return browser.post(f"{someone.home}/documents/{document}/corriger", {"texte": text})


def to_answer(browser: Browser, title: str) -> str:
    """The address of a request in the list of whoever has to answer."""
    page = browser.get("/pro/corrections").text
    found = re.findall(rf'class="title" href="([^"]+)">{title}<', page)
    assert found, page
    return str(found[0])


def test_it_is_asked_answered_and_followed(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    entry = someone.receives("Ordonnance du genou")
    browser = site.browser(someone.key)
    path = f"{someone.home}/documents/{entry.document_id}"
    assert "Ceci est faux" in browser.get(path).text
    form = browser.get(path + "/corriger").text
    assert "ANNE VASSEUR" in form and "rien d’autre de votre dossier" in form
    sent = asked(browser, someone, entry.document_id)
    assert "Votre demande est envoyée" in sent.text
    assert "Je n’ai jamais pris ce &lt;médicament&gt;." in sent.text
    assert "En attente de réponse" in sent.text
    doctor = site.browser("medecin")
    assert "Un patient vous signale une erreur" in doctor.get("/pro").text
    address = to_answer(doctor, "Ordonnance du genou")
    page = doctor.get(address).text
    assert "&lt;médicament&gt;" in page
    assert someone.traits.birth_name not in page and someone.ins.matricule not in page
    assert doctor.post(address).status_code == 400
    silent = doctor.post(address, {"reponse": "refused", "texte": ""})
    assert silent.status_code == 400 and 'id="texte-erreur"' in silent.text
    assert 'value="refused" checked' in silent.text
    done = doctor.post(address, {"reponse": "refused", "texte": "Pris le 3 mars, noté au dossier."})
    assert "Votre réponse est enregistrée" in done.text and "Répondues" in done.text
    followed = browser.get(someone.home + "/corrections").text
    assert (
        "Refusé" in followed and "Pris le 3 mars" in followed and "&lt;médicament&gt;" in followed
    )
    assert "Une réponse a été donnée" in browser.get(someone.home + "/notifications").text
    opened = doctor.get(address + "/document")
    assert opened.url.path.endswith(f"/documents/{entry.document_id}")


def test_an_author_without_access_answers_and_sees_nothing_else(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    entry = someone.receives("Certificat de sport")
    someone.receives("Autre papier")
    browser = site.browser(someone.key)
    asked(browser, someone, entry.document_id)
    someone.blocks(DOCTOR)
    doctor = site.browser("medecin")
    address = to_answer(doctor, "Certificat de sport")
    page = doctor.get(address).text
    assert "Autre papier" not in page
    neutral = doctor.get(address + "/document")
    assert neutral.status_code in (403, 404)
    assert "Autre papier" not in neutral.text
    done = doctor.post(address, {"reponse": "corrected"})
    assert "Votre réponse est enregistrée" in done.text


def test_a_colleague_finds_no_request_of_another(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Radio du pied")
    asked(site.browser(someone.key), someone, entry.document_id)
    address = to_answer(site.browser("medecin"), "Radio du pied")
    optician = site.browser("opticien")
    assert "Radio du pied" not in optician.get("/pro/corrections").text
    for path in (address, "/pro/corrections/x", address + "/document"):
        answer = optician.get(path)
        assert answer.status_code == 404, path
        assert "Radio du pied" not in answer.text
    assert optician.post(address, {"reponse": "corrected"}, page="/pro").status_code == 404


def test_a_text_is_needed_and_kept(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Bilan")
    browser = site.browser(someone.key)
    nothing = asked(browser, someone, entry.document_id, "  ")
    assert nothing.status_code == 400 and 'id="texte-erreur"' in nothing.text
    long = asked(browser, someone, entry.document_id, "é" * 2001)
    assert long.status_code == 400 and "é" * 2001 in long.text
    asked(browser, someone, entry.document_id)
    again = asked(browser, someone, entry.document_id)
    assert "vous avez déjà envoyé cette demande" in again.text


def test_what_does_not_exist_for_the_reader_is_not_corrected(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    own, browser = site.browser(child.key), site.browser(parent.key)
    listed = own.get(child.home + "/documents").text
    secret = re.search(r'href="[^"]+/([0-9a-f-]{36})">Contraception<', listed)
    assert secret is not None
    assert "Votre demande est envoyée" in asked(own, child, secret[1], "Date fausse").text
    assert browser.get(f"{child.home}/documents/{secret[1]}/corriger").status_code == 404
    page = browser.get(child.home + "/corrections").text
    assert "Contraception" not in page and "Aucune demande de correction" in page
    hidden = child.receives("Annonce", restrictions=frozenset({Restriction.HIDDEN_FROM_PATIENT}))
    assert own.get(f"{child.home}/documents/{hidden.document_id}/corriger").status_code == 404


def test_a_form_of_one_child_is_not_sent_to_another(site: Site) -> None:
    parent = Someone(site).opens()
    first, second = lea(site, parent), lea(site, parent)
    entry, other = first.receives("Bilan"), second.receives("Bilan")
    browser = site.browser(parent.key)
    path = f"{first.home}/documents/{entry.document_id}/corriger"
    fields = {**browser.form(path), "texte": TEXT}
    answer = browser.http.post(
        f"{second.home}/documents/{other.document_id}/corriger",
        data=fields,
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 403
    assert "Aucune demande de correction" in browser.get(second.home + "/corrections").text
