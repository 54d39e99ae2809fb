"""The holder's pages: what she does, what she then sees, and what others no longer do."""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.life.refuse_record import RefuseRecord, refuse_record
from dmp.domain.documents.visibility import Restriction
from tests.builders import a_caller, a_doctor
from tests.entrypoints.web.people import DOCTOR, OPTICIAN, Someone
from tests.entrypoints.web.site import Site


def test_she_opens_her_record_online_with_her_consent(site: Site) -> None:
    someone = Someone(site)
    browser = site.browser(someone.key)
    assert "Vous n’avez pas encore de dossier" in browser.get("/espace").text
    refused = browser.post("/espace/ouvrir")
    assert refused.status_code == 400
    assert "Cochez la case pour donner votre accord" in refused.text
    opened = browser.post("/espace/ouvrir", {"accord": "oui"})
    assert 'role="status"><p>Votre dossier est ouvert.' in opened.text
    assert opened.url.path.startswith("/espace/")


def test_a_form_sent_twice_does_its_act_once_and_answers_alike(site: Site) -> None:
    someone = Someone(site)
    browser = site.browser(someone.key)
    fields = {**browser.form("/espace/ouvrir"), "accord": "oui"}
    headers = {"Sec-Fetch-Site": "same-origin"}
    answers = [
        browser.http.post("/espace/ouvrir", data=fields, headers=headers, follow_redirects=False)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 1
    journal = browser.get(f"{answers[0].headers['location']}/acces?qui=moi").text
    assert journal.count("avez ouvert votre dossier") == 1
    assert journal.count("Comprendre<span") == 1


def test_she_refuses_and_may_change_her_mind(site: Site) -> None:
    someone = Someone(site)
    browser = site.browser(someone.key)
    answer = browser.post("/espace/refuser")
    assert "Votre opposition est enregistrée" in answer.text
    assert "Vous vous êtes opposé" in answer.text
    assert browser.post("/espace/ouvrir", {"accord": "oui"}).url.path != "/espace/ouvrir"


def test_documents_are_counted_searched_and_paged(site: Site) -> None:
    someone = Someone(site).opens()
    for number in range(27):
        someone.receives(f"Ordonnance {number:02}", type_code="57833-6", days_ago=number + 2)
    someone.receives("Bilan sanguin de contrôle", type_code="11502-2")
    browser = site.browser(someone.key)
    path = someone.home + "/documents"
    first = browser.get(path).text
    assert re.search(r'Toutes <span class="count">28', first)
    assert re.search(r'Analyses <span class="count">1<', first)
    assert first.count('class="title"') == 25
    following = re.search(r'href="([^"]+apres=[^"]+)"', first)
    assert following is not None
    second = browser.get(following[1].replace("&amp;", "&")).text
    assert second.count('class="title"') == 3
    assert browser.get(path + "?categorie=BIOLOGIE").text.count('class="title"') == 1
    assert "Aucun document ne correspond" in browser.get(path + "?categorie=DEPISTAG").text
    narrowed = browser.get(path + "/selection?recherche=CONTROLE").text
    assert narrowed.count("Bilan sanguin de contrôle") == 1
    assert browser.get(path + "?categorie=RIEN").status_code == 400
    assert browser.get(path + "?apres=hier").status_code == 400


def test_she_masks_a_document_knowing_who_will_see_it_then_undoes_it(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    other = OPTICIAN
    entry = someone.receives("Suivi psychiatrique")
    browser = site.browser(someone.key)
    path = f"{someone.home}/documents/{entry.document_id}/confidentialite"
    before = browser.get(path).text
    assert "Qui verra ce document" in before
    assert "S’il est masqué" in before
    assert "Aucun professionnel ne saura qu’un document est masqué" in before
    done = browser.post(path, {"choix": "masquer"})
    assert done.url.path.endswith("/resultat")
    assert "<strong>Document masqué.</strong>" in done.text
    assert "Annuler" in done.text
    assert "Masqué aux professionnels" in browser.get(someone.home + "/documents").text
    page = site.do(find_documents, FindDocuments(of=someone.ins), a_caller(DOCTOR))
    assert page.total == 1, "the author keeps his deposit"
    assert other.id_nat not in entry.owner_ids
    undone = browser.post(path, {"choix": "montrer"}, page=path + "/resultat")
    assert "<strong>Document visible.</strong>" in undone.text


def test_a_document_not_yet_announced_leaves_no_trace_on_her_pages(site: Site) -> None:
    someone = Someone(site).opens()
    hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
    entry = someone.receives("Anatomopathologie", restrictions=hidden)
    browser = site.browser(someone.key)
    for path in ("", "/documents", "/acces", "/acces?qui=tous"):
        assert "Anatomopathologie" not in browser.get(someone.home + path).text
    assert browser.get(f"{someone.home}/documents/{entry.document_id}").status_code == 404
    assert "Personne d’autre que vous" in browser.get(someone.home + "/acces").text


def test_a_cda_is_readable_and_its_attachment_opens(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    browser = site.browser(someone.key)
    page = browser.get(f"{someone.home}/documents/{entry.document_id}")
    assert "Ferritine" in page.text
    assert 'scope="col"' in page.text
    attachment = re.search(r'href="(/espace/[^"]+/pieces/0)"', page.text)
    assert attachment is not None
    answer = browser.get(attachment[1])
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert browser.get(attachment[1][:-1] + "7").status_code == 404
    assert browser.get(attachment[1][:-1] + "²").status_code == 404


def test_a_pdf_stands_as_pictures_of_its_pages_with_its_text_beside_them(site: Site) -> None:
    someone = Someone(site).opens()
    content = someone.pdf("Certificat", "Apte à la natation.")
    entry = someone.receives("Certificat", content, "89601-9")
    browser = site.browser(someone.key)
    path = f"{someone.home}/documents/{entry.document_id}"
    page = browser.get(path).text
    assert f'<img src="{path}/pages/1" width="1000" height="1416"' in page
    picture = browser.get(path + "/pages/1")
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["content-security-policy"].startswith("default-src 'none'")
    assert Image.open(BytesIO(picture.content)).size == (1000, 1416)
    for wrong in ("0", "2", "²", "-1", "9999"):
        assert browser.get(f"{path}/pages/{wrong}").status_code == 404, wrong
    assert "Apte à la natation." in page
    assert browser.get(path + "/lecture").headers["content-disposition"].startswith("inline")
    assert browser.get(path + "/original").content == content


def test_another_persons_name_in_a_document_is_shouted(site: Site) -> None:
    someone = Someone(site).opens()
    note = someone.note().replace(b"Delorme", b"Delporte")
    entry = someone.receives("Note", note)
    page = site.browser(someone.key).get(f"{someone.home}/documents/{entry.document_id}").text
    assert "diffère de celle du dossier" in page
    assert "Différence sur : nom." in page


def test_she_blocks_a_professional_who_then_finds_nothing(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    browser = site.browser(someone.key)
    page = browser.get(someone.home + "/professionnels").text
    link = re.search(r'href="([^"]+/bloquer)"', page)
    assert link is not None
    assert "même en urgence" in browser.get(link[1]).text
    done = browser.post(link[1])
    assert "ne peut plus consulter votre dossier" in done.text
    doctor = site.browser("medecin")
    path = doctor.post("/pro", {"ins": someone.ins.matricule})
    assert path.status_code == 404
    unblock = re.search(r'action="([^"]+/debloquer)"', done.text)
    assert unblock is not None
    undone = browser.post(unblock[1], page=someone.home + "/professionnels")
    assert "Un nouvel accord de votre part" in undone.text
    assert doctor.post("/pro", {"ins": someone.ins.matricule}).url.path.endswith("/acces")


def test_she_ends_an_access(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    browser = site.browser(someone.key)
    page = browser.get(someone.home + "/professionnels").text
    action = re.search(r'action="([^"]+/retirer)"', page)
    assert action is not None
    assert "a pris fin" in browser.post(action[1], page=someone.home + "/professionnels").text


def test_an_emergency_and_a_refusal_stand_out_in_the_journal(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Certificat", type_code="89601-9")
    someone.read_in_emergency(entry, a_doctor(id_nat="810100000073", name="Samir BELLO"))
    site.browser("opticien").post("/pro", {"ins": someone.ins.matricule})
    browser = site.browser(someone.key)
    page = browser.get(someone.home + "/acces").text
    assert "Accès en urgence" in page
    assert "Motif indiqué : Patiente inconsciente" in page
    assert "Hugo BERTIN" in page
    assert "accès en urgence, selon vos choix" in page
    only = browser.get(someone.home + "/acces?quoi=urgences").text
    assert "Hugo BERTIN" not in only
    none = browser.get(someone.home + "/acces?du=2020-01-01&au=2020-01-02").text
    assert "Aucun accès ne correspond" in none
    assert browser.get(someone.home + "/acces?du=2026-02-31").status_code == 400


def test_her_contact_is_kept_and_its_errors_keep_what_was_typed(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    path = someone.home + "/profil"
    typed = {"courriel": "camille@exemple", "telephone": "bientôt", "avis_sms": "oui"}
    wrong = browser.post(path, typed)
    assert wrong.status_code == 400
    assert "Il y a 2 erreurs à corriger" in wrong.text
    assert 'value="bientôt"' in wrong.text and 'value="camille@exemple"' in wrong.text
    right = {**typed, "courriel": "c@exemple.fr", "telephone": "06 12 34 56 78"}
    assert "Les coordonnées sont enregistrées" in browser.post(path, right).text
    kept = browser.get(path).text
    assert 'value="c@exemple.fr"' in kept and "/profil-medical" in kept


def test_her_choices_are_kept(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    path = someone.home + "/choix"
    assert browser.post(path, {"visibilite": "masque"}).status_code == 400
    chosen = {"visibilite": "masque", "urgence": "non", "samu": "oui", "urgence_masques": "non"}
    assert "Vos choix sont enregistrés" in browser.post(path, chosen).text
    entry = someone.receives("Après le choix")
    assert entry.visibility.masked


def test_she_closes_reactivates_and_asks_for_erasure(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Bilan")
    browser = site.browser(someone.key)
    assert browser.post(someone.home + "/cloture").status_code == 400
    closed = browser.post(someone.home + "/cloture", {"confirmation": "oui", "motif": "essai"})
    assert "Votre dossier est clôturé depuis le" in closed.text
    assert browser.get(someone.home + "/documents").status_code == 403
    asked = browser.post(someone.home + "/suppression", {"confirmation": "oui"})
    assert "Votre dossier va être supprimé" in asked.text
    kept = browser.post(someone.home + "/suppression/annulation", page=someone.home)
    assert "reste clôturé" in kept.text
    again = browser.post(someone.home + "/reouverture", {"accord": "oui"})
    assert "de nouveau ouvert" in again.text
    assert "Bilan" in browser.get(someone.home + "/documents").text


def test_a_refused_record_leads_to_the_page_that_opens_one(site: Site) -> None:
    someone = Someone(site)
    request = RefuseRecord(ins=someone.ins, traits=someone.traits)
    record = site.do(refuse_record, request, someone.caller)
    answer = site.browser(someone.key).get(f"/espace/{record.record_id}")
    assert answer.url.path == "/espace/ouvrir"
