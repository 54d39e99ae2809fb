"""The holder's rights on the pages: who may read, what is kept from whom, and through whose eyes one looks."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.domain.identity.caller import Professional
from tests.builders import a_caller, a_doctor
from tests.entrypoints.web.people import DOCTOR, OPTICIAN, Someone
from tests.entrypoints.web.site import Browser, Site

COLLEAGUE = a_doctor(id_nat="810100000149", name="Ada NOEL")


def reads(site: Site, someone: Someone, who: Professional) -> set[str]:
    """Titles that this professional finds."""
    page = site.do(find_documents, FindDocuments(of=someone.ins), a_caller(who))
    return {entry.title for entry in page.entries}


def choice(browser: Browser, path: str, label: str) -> str:
    """The value of an option of a page."""
    found = re.search(rf'<option value="([^"]+)"[^>]*>{re.escape(label)}', browser.get(path).text)
    assert found is not None, label
    return found[1]


def key_of(text: str) -> dict[str, str]:
    """What the button "Annuler" of a page sends."""
    found = re.search(r'name="fait" value="([^"]+)"', text)
    assert found is not None
    return {"fait": found[1]}


def test_she_authorises_a_professional_met_before_until_a_day(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Bilan", by=COLLEAGUE)
    someone.receives("Autre", by=DOCTOR)
    browser = site.browser(someone.key)
    listed = browser.get(someone.home + "/professionnels").text
    link = re.search(r'href="([^"]+/autoriser)">Autoriser Ada NOEL', listed)
    assert link is not None
    assert "Choisissez une date de fin" in browser.post(link[1], {"accord": "oui"}).text
    end = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    assert "Cochez la case" in browser.post(link[1], {"fin": end}).text
    late = (datetime.now(UTC) + timedelta(days=900)).date().isoformat()
    assert browser.post(link[1], {"fin": late, "accord": "oui"}).status_code == 400
    done = browser.post(link[1], {"fin": end, "accord": "oui"})
    assert "Ada NOEL peut consulter ce dossier" in done.text
    assert "accord donné en ligne" in done.text
    assert "par vous-même" in done.text
    assert reads(site, someone, COLLEAGUE) == {"Bilan", "Autre"}
    withdraw = re.search(r'action="([^"]+/retirer)"', done.text)
    assert withdraw is not None
    browser.post(withdraw[1], page=someone.home + "/professionnels")
    assert "Autoriser Ada NOEL" in browser.get(someone.home + "/professionnels").text


def test_she_names_an_administrator_and_dismisses_him(site: Site) -> None:
    someone = Someone(site).opens().agrees(COLLEAGUE)
    browser = site.browser(someone.key)
    path = someone.home + "/professionnels"
    link = re.search(r'href="([^"]+/administrateur)"', browser.get(path).text)
    assert link is not None
    assert "Lire aussi les documents masqués" in browser.get(link[1]).text
    assert browser.post(link[1]).status_code == 400
    done = browser.post(link[1], {"confirmation": "oui"}).text
    assert "Administrateur du dossier" in done
    end = re.search(r'action="([^"]+/administrateur/fin)"', done)
    assert end is not None
    after = browser.post(end[1], page=path).text
    assert "Administrateur du dossier" not in after
    assert "Son accès ordinaire est inchangé" in after


def test_a_blocked_professional_cannot_become_administrator(site: Site) -> None:
    someone = Someone(site).opens().agrees(COLLEAGUE)
    browser = site.browser(someone.key)
    path = someone.home + "/professionnels"
    link = re.search(r'href="([^"]+/administrateur)"', browser.get(path).text)
    assert link is not None
    someone.blocks(COLLEAGUE)
    answer = browser.post(link[1], {"confirmation": "oui"})
    assert answer.status_code == 400
    assert "Cette relation n’est pas possible" in answer.text


def test_she_keeps_a_document_from_one_profession_then_undoes_it(site: Site) -> None:
    someone = Someone(site).opens().agrees(OPTICIAN)
    kept = someone.receives("Ophtalmologie")
    someone.receives("Autre")
    assert reads(site, someone, OPTICIAN) >= {"Ophtalmologie"}
    browser = site.browser(someone.key)
    path = f"{someone.home}/documents/{kept.document_id}/confidentialite"
    considered = browser.get(path + "?envisager=ligne.28").text
    assert "s’il était caché aux opticiens" in considered
    assert 'class="changes"' in considered
    done = browser.post(path, {"choix": "masquer", "envisager": "ligne.28"})
    assert "Document : caché aux opticiens." in done.text
    assert "Ophtalmologie" not in reads(site, someone, OPTICIAN)
    assert "Ce document est caché aux opticiens." in browser.get(path).text
    overview = browser.get(someone.home + "/confidentialite").text
    assert "caché aux opticiens" in overview
    browser.post(someone.home + "/confidentialite/annuler", key_of(done.text), page=str(done.url))
    assert "Ophtalmologie" in reads(site, someone, OPTICIAN)


def test_she_keeps_a_document_from_one_professional_and_shows_it_again(site: Site) -> None:
    someone = Someone(site).opens().agrees(COLLEAGUE)
    kept = someone.receives("Confidence")
    browser = site.browser(someone.key)
    path = f"{someone.home}/documents/{kept.document_id}/confidentialite"
    who = choice(browser, path, "Ada NOEL")
    done = browser.post(path, {"choix": "masquer", "envisager": who})
    assert "Document : caché à Ada NOEL." in done.text
    assert reads(site, someone, COLLEAGUE) == set()
    overview = someone.home + "/confidentialite"
    mask = re.search(r'name="masque" value="([^"]+)"', browser.get(overview).text)
    assert mask is not None
    shown = browser.post(overview + "/montrer", {"masque": mask[1]}, page=overview)
    assert "de nouveau visible par Ada NOEL" in shown.text
    assert reads(site, someone, COLLEAGUE) == {"Confidence"}
    assert "Rien n’est caché à quelqu’un en particulier" in browser.get(overview).text


def test_the_attending_doctor_is_not_among_those_one_can_keep_from(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR).agrees(COLLEAGUE)
    kept = someone.receives("Confidence")
    browser = site.browser(someone.key)
    page = browser.get(f"{someone.home}/documents/{kept.document_id}/confidentialite").text
    labels = re.findall(r'<option value="pro\.[^"]+"[^>]*>([^<]+)', page)
    assert any("Ada NOEL" in label for label in labels)
    assert not any(DOCTOR.name in label for label in labels)


def test_what_was_sent_together_is_offered_and_masked_with_it(site: Site) -> None:
    someone = Someone(site).opens().agrees(COLLEAGUE)
    first = someone.receives("Consultation", days_ago=10)
    second = someone.receives("Analyse du même jour", type_code="11502-2", days_ago=10)
    other = someone.receives("Ancien", days_ago=300)
    browser = site.browser(someone.key)
    path = f"{someone.home}/documents/{first.document_id}/confidentialite"
    page = browser.get(path).text
    assert f'name="avec" value="{second.document_id}"' in page
    assert f'value="{other.document_id}"' not in page
    fields = {"choix": "masquer", "avec": [str(second.document_id), str(other.document_id)]}
    done = browser.post(path, fields)
    assert reads(site, someone, COLLEAGUE) == {"Ancien"}, "what is no part of the episode stays"
    assert "Avec lui" in done.text
    browser.post(someone.home + "/confidentialite/annuler", key_of(done.text), page=str(done.url))
    assert reads(site, someone, COLLEAGUE) == {"Consultation", "Analyse du même jour", "Ancien"}


def test_several_documents_are_masked_together_and_only_they_come_back(site: Site) -> None:
    someone = Someone(site).opens().agrees(COLLEAGUE)
    entries = [someone.receives(f"Document {number}", days_ago=number + 1) for number in range(4)]
    browser = site.browser(someone.key)
    path = someone.home + "/documents/selection"
    before = {"choix": "masquer", "documents": [str(entries[0].document_id)]}
    browser.post(path, before)
    nothing = browser.post(path, {"choix": "masquer"})
    assert nothing.status_code == 400
    assert "Cochez au moins un document" in nothing.text
    ticked = [str(entry.document_id) for entry in entries[:3]]
    done = browser.post(path, {"choix": "masquer", "documents": ticked})
    assert "2 documents sont maintenant masqués" in done.text
    assert reads(site, someone, COLLEAGUE) == {"Document 3"}
    browser.post(someone.home + "/confidentialite/annuler", key_of(done.text), page=str(done.url))
    assert reads(site, someone, COLLEAGUE) == {"Document 1", "Document 2", "Document 3"}


def test_a_category_is_masked_now_and_in_future(site: Site) -> None:
    someone = Someone(site).opens().agrees(COLLEAGUE)
    someone.receives("Analyse 1", type_code="11502-2")
    someone.receives("Consultation")
    browser = site.browser(someone.key)
    path = someone.home + "/confidentialite/categorie"
    assert browser.post(path, {"categorie": "", "presents": "oui"}).status_code == 400
    assert browser.post(path, {"categorie": "BIOLOGIE"}).status_code == 400
    done = browser.post(path, {"categorie": "BIOLOGIE", "presents": "oui", "futurs": "oui"})
    assert "1 document est maintenant masqué" in done.text
    someone.receives("Analyse 2", type_code="11502-2")
    assert reads(site, someone, COLLEAGUE) == {"Consultation"}
    overview = browser.get(someone.home + "/confidentialite").text
    assert "Sont masqués dès leur arrivée" in overview
    browser.post(someone.home + "/confidentialite/annuler", key_of(done.text), page=str(done.url))
    someone.receives("Analyse 3", type_code="11502-2")
    assert reads(site, someone, COLLEAGUE) == {"Consultation", "Analyse 1", "Analyse 3"}


def test_everything_is_kept_from_one_profession(site: Site) -> None:
    someone = Someone(site).opens().agrees(OPTICIAN)
    someone.receives("Consultation")
    browser = site.browser(someone.key)
    path = someone.home + "/confidentialite/categorie"
    refused = browser.post(path, {"categorie": "tout", "presents": "oui"})
    assert refused.status_code == 400
    done = browser.post(path, {"categorie": "tout", "qui": "ligne.28"})
    assert "Tout le dossier : caché aux opticiens." in done.text
    assert reads(site, someone, OPTICIAN) == set()


def test_another_session_cannot_undo_what_was_done(site: Site) -> None:
    someone = Someone(site).opens().agrees(COLLEAGUE)
    entry = someone.receives("Consultation")
    browser = site.browser(someone.key)
    path = someone.home + "/documents/selection"
    done = browser.post(path, {"choix": "masquer", "documents": [str(entry.document_id)]})
    again = site.browser(someone.key)
    answer = again.post(
        someone.home + "/confidentialite/annuler", key_of(done.text), page=someone.home + "/choix"
    )
    assert answer.status_code == 400
    assert reads(site, someone, COLLEAGUE) == set()


def test_she_sees_her_record_as_others_do_before_and_after(site: Site) -> None:
    someone = Someone(site).opens().agrees(COLLEAGUE)
    someone.receives("Analyse", type_code="11502-2")
    masked = someone.receives("Confidence")
    browser = site.browser(someone.key)
    select = {"choix": "masquer", "documents": [str(masked.document_id)]}
    browser.post(someone.home + "/documents/selection", select)
    path = someone.home + "/voir-comme"
    who = choice(browser, path, "Ada NOEL")
    page = browser.get(path, params={"qui": who}).text
    titles = re.findall(r'class="title" href="[^"]+">([^<]+)', page)
    assert titles == ["Analyse"]
    page = browser.get(path, params={"qui": who, "si": "masquer.BIOLOGIE"}).text
    assert "Ne serait plus visible" in page
    assert "0 document visible" in page
    page = browser.get(path, params={"qui": who, "si": "bloquer"}).text
    assert "bloqué" in page
    opposed = browser.get(path, params={"qui": "break-glass", "si": "urgence-non"}).text
    assert "vos choix ferment le dossier" in opposed
    assert reads(site, someone, COLLEAGUE) == {"Analyse"}, "nothing changed"
    assert browser.get(path, params={"qui": "tout-le-monde"}).status_code == 400
    assert browser.get(path, params={"qui": who, "si": "rien"}).status_code == 400


def test_the_matrix_is_told_in_plain_words(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    path = someone.home + "/qui-peut-voir"
    assert "Les opticiens" in browser.get(path).text
    page = browser.get(path + "?qui=28").text
    assert "Les opticiens peuvent voir…" in page
    assert "Les opticiens ne peuvent pas voir…" in page
    assert "(supposé)" in page
    assert "Ce qui est supposé" in page
    assert "Conseil d’État" in page
    assert "Version du tableau : 2025-10-15" in page
    assert browser.get(path + "?qui=999").status_code == 400


def test_an_emergency_is_told_and_stands_out_with_its_motive(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Consultation")
    browser = site.browser(someone.key)
    assert "Accès en urgence" not in browser.get(someone.home + "/notifications").text
    someone.read_in_emergency(entry, COLLEAGUE)
    told = browser.get(someone.home + "/notifications").text
    assert "Accès en urgence" in told
    assert "Ada NOEL" in told
    assert "Consultation" not in told, "that something happened, never what"
    assert "Avis récents" in browser.get(someone.home).text
    journal = browser.get(someone.home + "/acces").text
    assert "Accès en urgence des trente derniers jours" in journal
    assert "Motif indiqué : Patiente inconsciente" in journal


@pytest.mark.parametrize("answer", ["oui", "non"])
def test_her_word_on_heirs_and_categories_is_kept(site: Site, answer: str) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    path = someone.home + "/choix"
    switches = {"visibilite": "visible", "urgence": "oui", "samu": "oui", "urgence_masques": "non"}
    chosen = {**switches, "categories": ["BIOLOGIE", "CERT_MED"], "heritiers": answer}
    page = browser.post(path, chosen).text
    for code in ("BIOLOGIE", "CERT_MED"):
        assert f'name="categories" value="{code}" checked' in page
    assert f'name="heritiers" value="{answer}" checked' in page
    assert browser.post(path, {**switches, "categories": "RIEN"}).status_code == 400
