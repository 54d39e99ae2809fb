"""Filters, folders, pins, several documents at once: in the reader's own scope, without a hint of more."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from uuid import uuid4

import httpx

from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.visibility import Restriction
from dmp.domain.identity.caller import StructureRef
from tests.builders import a_doctor
from tests.entrypoints.web.people import DOCTOR, Someone, lea
from tests.entrypoints.web.site import Browser, Site, without_what_varies
from tests.entrypoints.web.test_acting import a_carer

OTHER = a_doctor(
    id_nat="810100000149",
    name="Samir BELLO",
    structure=StructureRef(id_nat="1750000150", name="Cabinet du Pré", sector="SA07"),
)


def titles(page: str) -> list[str]:
    return re.findall(r'class="title" href="[^"]+">([^<]+)<span', page)


def ids(*entries: DocumentEntry) -> list[str]:
    return [str(entry.document_id) for entry in entries]


def selected(
    browser: Browser, home: str, choice: str, *documents: str, **more: str
) -> httpx.Response:
    fields = {"documents": list(documents), "choix": choice, **more}
    return browser.post(home + "/documents/selection", fields)


def filled(site: Site) -> Someone:
    someone = Someone(site).opens()
    someone.receives("Bilan de mars", type_code="11502-2", days_ago=30)
    someone.receives("Analyse récente", type_code="11502-2", by=OTHER, days_ago=2)
    someone.receives("Zona", days_ago=400, restrictions=frozenset({Restriction.MASKED}))
    hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
    secretive = a_doctor(id_nat="810100000156", name="Ada SECRETE")
    someone.receives("Anatomopathologie", restrictions=hidden, by=secretive)
    return someone


def test_a_list_is_filtered_by_author_period_and_visibility(site: Site) -> None:
    someone = filled(site)
    browser = site.browser(someone.key)
    path = someone.home + "/documents"
    page = browser.get(path).text
    assert "SECRETE" not in page
    author = re.findall(r'<option value="([^"]*BELLO[^"]*)"', page)
    assert len(author) == 1
    by_author = browser.get(path, params={"auteur": author[0]}).text
    assert titles(by_author) == ["Analyse récente"]
    assert re.search(r">\s*1 document\s*<", by_author)
    masked = browser.get(path + "?visibilite=masques").text
    assert titles(masked) == ["Zona"]
    assert titles(browser.get(path + "?visibilite=visibles").text) == [
        "Analyse récente",
        "Bilan de mars",
    ]
    assert titles(browser.get(path + "?au=2020-01-01").text) == []
    assert len(titles(browser.get(path + "?du=2020-01-01").text)) == 3
    assert titles(browser.get(path + "?tri=titre").text) == [
        "Analyse récente",
        "Bilan de mars",
        "Zona",
    ]
    assert titles(browser.get(path + "?tri=anciens").text)[0] == "Zona"
    both = browser.get(path + "?categorie=BIOLOGIE&tri=titre").text
    assert titles(both) == ["Analyse récente", "Bilan de mars"]


def test_an_empty_answer_says_which_filter_to_remove(site: Site) -> None:
    someone = filled(site)
    browser = site.browser(someone.key)
    page = browser.get(someone.home + "/documents?categorie=BIOLOGIE&au=2020-01-01").text
    assert "Aucun document ne correspond" in page
    removed = re.findall(r'<li><a href="([^"]+)">(?:Catégorie|Jusqu’au) : ', page)
    assert len(removed) == 2
    assert titles(browser.get(removed[1].replace("&amp;", "&")).text) == [
        "Analyse récente",
        "Bilan de mars",
    ]


def test_a_wrong_filter_is_said_at_its_field(site: Site) -> None:
    someone = filled(site)
    browser = site.browser(someone.key)
    path = someone.home + "/documents"
    wrong = browser.get(path + "?du=hier")
    assert wrong.status_code == 400
    assert 'id="du-erreur"' in wrong.text and 'value="hier"' in wrong.text
    assert 'id="au-erreur"' in browser.get(path + "?du=2026-02-01&au=2026-01-01").text
    for unknown in ("tri=rien", "visibilite=rien", "page=0", "page=x", "page=²"):
        assert browser.get(f"{path}?{unknown}").status_code == 400, unknown


def test_a_sorted_list_goes_on_page_by_page(site: Site) -> None:
    someone = Someone(site).opens()
    for number in range(27):
        someone.receives(f"Ordonnance {number:02}", type_code="57833-6", days_ago=number + 1)
    browser = site.browser(someone.key)
    first = browser.get(someone.home + "/documents?tri=titre").text
    following = re.search(r'href="([^"]+page=2)"', first)
    assert following is not None
    second = browser.get(following[1].replace("&amp;", "&")).text
    assert titles(second) == ["Ordonnance 25", "Ordonnance 26"]


def test_professionals_filter_what_exists_for_them(site: Site) -> None:
    someone = filled(site).agrees(OTHER)
    someone.declares(DOCTOR)
    browser = site.browser("medecin")
    path = browser.post("/pro", {"ins": someone.ins.matricule}).url.path.split("/documents")[0]
    base = re.match(r"/pro/patients/[\w-]+", path)
    assert base is not None
    page = browser.get(base[0] + "/documents?tri=titre").text
    assert "Analyse récente" in titles(page)
    assert 'name="visibilite"' not in page


def test_a_folder_is_made_filled_renamed_and_ended(site: Site) -> None:
    someone = filled(site)
    browser = site.browser(someone.key)
    assert "Aucun dossier pour le moment" in browser.get(someone.home + "/dossiers").text
    made = browser.post(someone.home + "/dossiers", {"nom": "Genou"})
    assert "Dossier créé." in made.text and "Ce dossier est vide." in made.text
    taken = browser.post(someone.home + "/dossiers", {"nom": "genou"})
    assert taken.status_code == 409
    assert re.search(r'id="nom-erreur">[^<]*Un dossier porte déjà ce nom', taken.text)
    assert 'value="genou"' in taken.text
    assert browser.post(someone.home + "/dossiers", {"nom": " "}).status_code == 400
    document = browser.get(someone.home + "/documents").text
    one = re.findall(r'class="title" href="([^"]+)"', document)[0]
    folder = made.url.path
    put = browser.post(one + "/ranger", {"dossier": folder.rpartition("/")[2], "nom": ""})
    assert "Document rangé." in put.text and ">Genou</a>" in put.text
    inside = browser.get(folder).text
    assert len(titles(inside)) == 1
    assert browser.post(folder, {"choix": "renommer", "nom": "Genou droit"}).status_code == 200
    listed = browser.get(someone.home + "/dossiers").text
    assert "Genou droit" in listed and "1 document" in listed
    out = browser.post(folder, {"sortir": one.rpartition("/")[2]})
    assert "Ce dossier est vide." in out.text
    gone = browser.post(folder, {"choix": "supprimer"})
    assert "Les documents restent" in gone.text
    assert browser.get(folder).status_code == 404
    assert browser.get(one).status_code == 200


def test_a_pin_stands_on_top_of_the_list(site: Site) -> None:
    someone = filled(site)
    browser = site.browser(someone.key)
    path = someone.home + "/documents"
    one = re.findall(r'class="title" href="([^"]+)"', browser.get(path).text)[-1]
    pinned = browser.post(one + "/epingle", {"choix": "epingler"}, page=one)
    assert "Ne plus épingler" in pinned.text
    page = browser.get(path).text
    assert "Épinglés" in page and titles(page)[0] == titles(page)[-1]
    assert "Épinglés" not in browser.get(path + "?visibilite=masques").text
    browser.post(one + "/epingle", {"choix": "retirer"}, page=one)
    assert "Épinglés" not in browser.get(path).text
    assert browser.post(one + "/epingle", {"choix": "autre"}, page=one).status_code == 400


def test_folders_and_pins_tell_a_parent_nothing_of_a_secret(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    own = site.browser(child.key)
    listed = own.get(child.home + "/documents").text
    secret = re.search(r'href="([^"]+)">Contraception<', listed)
    assert secret is not None
    own.post(secret[1] + "/ranger", {"dossier": "", "nom": "Mes secrets"})
    own.post(secret[1] + "/epingle", {"choix": "epingler"}, page=secret[1])
    assert "Mes secrets" in own.get(child.home + "/dossiers").text
    browser = site.browser(parent.key)
    folder = re.search(r'href="([^"]+/dossiers/[^"]+)"', own.get(child.home + "/dossiers").text)
    assert folder is not None
    for path in ("/documents", "/dossiers", "/documents/selection", "/acces?qui=tous"):
        page = browser.get(child.home + path).text
        assert "Mes secrets" not in page and "Contraception" not in page, path
        assert "Épinglés" not in page, path
    assert browser.get(folder[1]).status_code == 404
    assert browser.get(secret[1] + "/ranger").status_code == 404
    put = browser.post(
        child.home + "/documents/selection",
        {"documents": secret[1].rpartition("/")[2], "choix": "ranger", "nom": "Essai"},
    )
    assert put.status_code == 404


def test_several_are_put_away_masked_and_shown(site: Site) -> None:
    someone = Someone(site).opens()
    one, two = someone.receives("Un"), someone.receives("Deux")
    browser = site.browser(someone.key)
    put = selected(browser, someone.home, "ranger", *ids(one, two), nom="Suivi")
    assert "Documents rangés." in put.text and sorted(titles(put.text)) == ["Deux", "Un"]
    empty = selected(browser, someone.home, "ranger", *ids(one))
    assert empty.status_code == 400
    assert f'value="{one.document_id}" checked' in empty.text
    assert re.search(r'id="dossier-erreur"', empty.text)
    masked = selected(browser, someone.home, "masquer", *ids(one, two))
    assert "2 documents sont maintenant masqués" in masked.text
    shown = selected(browser, someone.home, "montrer", *ids(one))
    assert "1 document est de nouveau visible" in shown.text
    assert "Cochez au moins un document" in selected(browser, someone.home, "masquer").text
    assert selected(browser, someone.home, "rien", *ids(one)).status_code == 400


def test_several_are_taken_along_in_one_file(site: Site) -> None:
    someone = Someone(site).opens()
    first = someone.receives("../../Bilan: <urgent>", content := someone.pdf("Bilan"))
    second = someone.receives("../../Bilan: <urgent>")
    note = someone.receives("Note", someone.note())
    browser = site.browser(someone.key)
    answer = selected(browser, someone.home, "telecharger", *ids(first, second, note))
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment")
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        names = archive.namelist()
        assert len(set(names)) == 3
        assert all("/" not in name and ".." not in name and "\\" not in name for name in names)
        assert {name.rpartition(".")[2] for name in names} == {"pdf", "xml"}
        assert archive.read(names[0]) == content
    journal = browser.get(someone.home + "/acces?qui=moi").text
    assert "Bilan: &lt;urgent&gt;" in journal and "Note" in journal


def test_the_selection_of_another_record_does_nothing(site: Site) -> None:
    someone, other = Someone(site).opens(), Someone(site).opens()
    own, foreign = someone.receives("Le mien"), other.receives("Le sien")
    browser = site.browser(someone.key)
    for choice in ("masquer", "ranger", "telecharger"):
        answer = selected(browser, someone.home, choice, *ids(own, foreign), nom="Suivi")
        assert answer.status_code == 404, choice
        assert "Le sien" not in answer.text
    assert "Suivi" not in browser.get(someone.home + "/dossiers").text
    path = someone.home + "/documents/selection/archive"
    for query in ("", f"?d={foreign.document_id}", "?d=x", f"?d={uuid4()}"):
        assert browser.get(path + query).status_code in (400, 404), query
    many = "&".join(f"d={uuid4()}" for _ in range(51))
    assert browser.get(f"{path}?{many}").status_code == 400


def test_a_carer_takes_along_but_arranges_nothing(site: Site) -> None:
    holder = Someone(site).opens()
    entry = holder.receives("Bilan")
    _, browser = a_carer(site, holder)
    page = browser.get(holder.home + "/documents/selection").text
    assert 'value="masquer"' not in page and 'value="ranger"' not in page
    assert selected(browser, holder.home, "telecharger", *ids(entry)).status_code == 200
    for choice in ("masquer", "ranger"):
        assert selected(browser, holder.home, choice, *ids(entry), nom="x").status_code == 403
    folders = browser.get(holder.home + "/dossiers")
    assert folders.status_code == 200 and 'name="nom"' not in folders.text


def test_a_document_leads_to_its_neighbours_and_versions(site: Site) -> None:
    someone = Someone(site).opens()
    oldest = someone.receives("Premier", days_ago=9)
    middle = someone.receives("Deuxième", days_ago=5)
    newest = someone.receives("Troisième", days_ago=1)
    hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
    someone.receives("Anatomopathologie", restrictions=hidden, days_ago=3)
    page = site.browser(someone.key).get(f"{someone.home}/documents/{middle.document_id}").text
    assert f'documents/{newest.document_id}" rel="prev">' in page
    assert f'documents/{oldest.document_id}" rel="next">' in page
    assert "Anatomopathologie" not in page


def test_a_parent_sees_the_same_whatever_a_child_does_with_a_secret(site: Site) -> None:
    parent = Someone(site).opens()
    born = lea(site, Someone(site).opens()).traits.birth_date
    with_secret = Someone(site, given_names="Léa", birth_date=born).opens().is_child_of(parent)
    without = Someone(site, given_names="Léa", birth_date=born).opens().is_child_of(parent)
    hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
    entry = with_secret.receives("Contraception", restrictions=hidden)
    own = site.browser(with_secret.key)
    path = f"{with_secret.home}/documents/{entry.document_id}"
    own.post(path + "/ranger", {"dossier": "", "nom": "Secrets"})
    own.post(path + "/epingle", {"choix": "epingler"}, page=path)
    own.post(path + "/corriger", {"texte": "La date est fausse."})
    browser = site.browser(parent.key)

    def told(someone: Someone, end: str) -> str:
        page = without_what_varies(browser.get(someone.home + end).text)
        page = page.replace(someone.home, "/espace/x").replace(someone.ins.matricule, "ins")
        return re.sub(r"\d{2}:\d{2}", "hh:mm", page)

    ends = (
        "/documents",
        "/documents?tri=titre",
        "/documents/selection",
        "/dossiers",
        "/corrections",
    )
    for end in (*ends, "/documents?auteur=Anne", "/notifications"):
        assert told(with_secret, end) == told(without, end), end
    # A name that she took is free for them.
    for someone in (with_secret, without):
        made = browser.post(someone.home + "/dossiers", {"nom": "Secrets"})
        assert "Dossier créé." in made.text


def test_looking_at_pages_is_told_in_passing(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    entry = someone.receives("Ordonnance")
    doctor = site.browser("medecin")
    base = re.match(
        r"/pro/patients/[\w-]+", doctor.post("/pro", {"ins": someone.ins.matricule}).url.path
    )
    assert base is not None
    path = f"{base[0]}/documents/{entry.document_id}"
    page = doctor.get(path).text
    assert f'src="{path}/pages/1" width="1000"' in page
    assert doctor.get(path + "/pages/1").headers["content-type"] == "image/png"
    journal = site.browser(someone.key).get(someone.home + "/acces").text
    assert "a regardé les pages du document" in journal
    someone.blocks(DOCTOR)
    assert doctor.get(path + "/pages/1").status_code == 404
