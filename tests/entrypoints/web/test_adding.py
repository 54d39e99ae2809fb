"""Adding a document or a photo, and taking it back: what is said, what is kept, what is never taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.domain.documents.entry import DocumentEntry
from dmp.formats.pdf import write_pdf
from tests.builders import a_caller
from tests.entrypoints.web.people import DOCTOR, Someone, lea
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_acting import a_carer
from tests.formats.test_pdf import pdf

PDF = write_pdf("Ordonnance", ["Amoxicilline 1 g"])
TYPED = {
    "type": "DOCPAT02",
    "titre": "Ordonnance d’avril",
    "date": "2026-04-02",
    "visibilite": "visible",
}


def photo(**more: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", **more)
    return out.getvalue()


def added(
    browser: Browser,
    home: str,
    content: bytes = PDF,
    name: str = "ordonnance.pdf",
    field: str = "fichier",
    **typed: str,
) -> httpx.Response:
    return browser.post(
        f"{home}/documents/ajouter", {**TYPED, **typed}, files={field: (name, content, "x/y")}
    )


def entries(site: Site, someone: Someone, caller: Any = None) -> tuple[DocumentEntry, ...]:
    return site.do(find_documents, FindDocuments(of=someone.ins), caller or someone.caller).entries


def test_limits_are_said_before_a_file_is_chosen(site: Site) -> None:
    someone = Someone(site).opens()
    page = site.browser(someone.key).get(someone.home + "/documents/ajouter").text
    before = page[: page.index('type="file"')]
    assert "PDF, image (JPEG, PNG, TIFF) ou texte (TXT, RTF) : 300\u00a0Ko au plus" in before
    assert 'accept=".pdf,.jpg,.jpeg,.png,.tif,.tiff,.txt,.rtf"' in page
    assert 'capture="environment"' in page
    assert (
        f'href="{someone.home}/documents/ajouter"'
        in site.browser(someone.key).get(someone.home + "/documents").text
    )


def test_a_document_is_added_and_read(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    browser = site.browser(someone.key)
    page = added(browser, someone.home)
    assert "Le document est ajouté." in page.text
    assert "Ordonnance d’avril" in page.text
    (entry,) = entries(site, someone)
    assert entry.type_code.code == "DOCPAT02"
    assert entry.mime_type == "application/pdf"
    assert entry.owner_ids == (someone.caller.id,)
    assert entries(site, someone, a_caller(DOCTOR)) == (entry,)


def test_a_photo_is_added_and_stands_as_a_picture(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    exif = Image.Exif()
    exif[0x010F] = "APPAREIL"
    page = added(browser, someone.home, photo(exif=exif), "IMG_0001.jpg", "photo", titre="")
    assert "Ordonnances et soins du 02/04/2026" in page.text
    picture = re.search(r'<img src="([^"]+/pages/1)"', page.text)
    assert picture is not None
    assert browser.get(picture[1]).content.startswith(b"\x89PNG")
    original = browser.get(page.url.path + "/original")
    assert original.content.startswith(b"%PDF-") and b"APPAREIL" not in original.content


def test_sent_twice_it_is_added_once(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    path = someone.home + "/documents/ajouter"
    fields = {**browser.form(path), **TYPED}
    for _ in range(2):
        browser.http.post(
            path,
            data=fields,
            files={"fichier": ("a.pdf", PDF, "x/y")},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
    assert len(entries(site, someone)) == 1


def test_a_browser_that_sends_the_empty_choice_too_is_understood(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    files = {
        "fichier": ("a.pdf", PDF, "application/pdf"),
        "photo": ("", b"", "application/octet-stream"),
    }
    page = browser.post(someone.home + "/documents/ajouter", TYPED, files=files)
    assert "Le document est ajouté." in page.text


SCRIPT = pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>")


def test_a_script_in_a_pdf_does_not_enter(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    page = added(browser, someone.home, SCRIPT, "a.pdf")
    assert "Le document est ajouté." in page.text
    assert b"JavaScript" not in browser.get(page.url.path + "/original").content


def bomb() -> bytes:
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


REFUSED: dict[str, tuple[bytes | Callable[[], bytes], str, str]] = {
    "svg": (b"<svg onload='alert(1)'/>", "a.svg", "Ce type de fichier n’est pas accepté"),
    "html as text": (
        b"<!doctype html><script>1</script>",
        "a.txt",
        "Ce type de fichier n’est pas accepté",
    ),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "IMG_1.HEIC", "Le plus compatible"),
    "program": (b"MZ\x90\0\3\0", "a.exe", "Ce type de fichier n’est pas accepté"),
    "picture called a pdf": (photo(), "a.pdf", "ne correspond pas à son nom"),
    "html before a pdf": (b"<html>" + PDF, "a.pdf", "Ce type de fichier n’est pas accepté"),
    "picture that grows": (bomb, "a.png", "image trop grande une fois ouverte"),
    "damaged": (b"%PDF-1.7\n" + b"\0" * 99, "a.pdf", "PDF endommagé"),
    "too large": (b"%PDF-1.7\n" + b"0" * 310_000, "a.pdf", "Le fichier dépasse 300"),
    "empty text": (b"  \n", "a.txt", "Ce fichier est vide"),
}


@pytest.mark.parametrize(("content", "name", "sentence"), REFUSED.values(), ids=REFUSED)
def test_other_files_are_refused_beside_the_field_and_nothing_typed_is_lost(
    site: Site, content: bytes | Callable[[], bytes], name: str, sentence: str
) -> None:
    someone = Someone(site).opens()
    sent = content if isinstance(content, bytes) else content()
    page = added(site.browser(someone.key), someone.home, sent, name, visibilite="masque")
    assert page.status_code in (400, 413, 415)
    assert re.search(rf'id="fichier-erreur">[^<]*{sentence}', page.text), page.text
    assert 'value="Ordonnance d’avril"' in page.text
    assert 'value="DOCPAT02" selected' in page.text
    assert 'value="2026-04-02"' in page.text
    assert 'value="masque" checked' in page.text
    assert entries(site, someone) == ()


def test_a_path_in_the_name_of_a_file_goes_nowhere(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    page = added(browser, someone.home, PDF, "../../etc/passwd.pdf", titre="../../etc/<b>passwd")
    assert "Le document est ajouté." in page.text
    assert "<b>passwd" not in page.text
    sent = browser.get(page.url.path + "/original").headers["content-disposition"]
    assert "/" not in sent.partition("filename=")[2].partition(";")[0]


WRONG = {
    "type": ({"type": "11488-4"}, "type-erreur"),
    "no type": ({"type": ""}, "type-erreur"),
    "profile": ({"type": "DOCPAT08"}, "type-erreur"),
    "future": ({"date": "2999-01-01"}, "date-erreur"),
    "no date": ({"date": "demain"}, "date-erreur"),
    "nobody": ({"visibilite": "personne"}, "visibilite-erreur"),
    "secret of an adult": ({"visibilite": "cache"}, "visibilite-erreur"),
}


@pytest.mark.parametrize(("typed", "place"), WRONG.values(), ids=WRONG)
def test_each_error_stands_at_its_field(site: Site, typed: dict[str, str], place: str) -> None:
    someone = Someone(site).opens()
    path = someone.home + "/documents/ajouter"
    files = {"fichier": ("a.pdf", PDF, "x/y")}
    page = site.browser(someone.key).post(path, {**TYPED, **typed}, files=files)
    assert page.status_code == 400
    assert f'id="{place}"' in page.text
    assert entries(site, someone) == ()


def test_two_files_are_one_too_many_and_none_is_missing(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    files = {"fichier": ("a.pdf", PDF, "x/y"), "photo": ("b.jpg", photo(), "x/y")}
    both = browser.post(someone.home + "/documents/ajouter", TYPED, files=files)
    assert "pas les deux" in both.text
    none = browser.post(
        someone.home + "/documents/ajouter", TYPED, files={"fichier": ("", b"", "x/y")}
    )
    assert "Choisissez un fichier, ou prenez une photo" in none.text


def test_forms_of_two_children_do_not_mix(site: Site) -> None:
    parent = Someone(site).opens()
    first, second = lea(site, parent), lea(site, parent)
    browser = site.browser(parent.key)
    fields = {**browser.form(first.home + "/documents/ajouter"), **TYPED}
    before = len(entries(site, second))
    answer = browser.http.post(
        second.home + "/documents/ajouter",
        data=fields,
        files={"fichier": ("a.pdf", PDF, "x/y")},
        headers={"Origin": site.address, "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 403
    assert len(entries(site, second)) == before
    assert "Le document est ajouté." in added(browser, first.home).text
    assert "Ordonnance d’avril" in {entry.title for entry in entries(site, first)}
    assert "Ordonnance d’avril" not in {entry.title for entry in entries(site, second)}


def test_a_minor_adds_what_her_parents_do_not_know(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    assert (
        'value="cache"' not in site.browser(parent.key).get(child.home + "/documents/ajouter").text
    )
    page = added(site.browser(child.key), child.home, titre="Test", visibilite="cache")
    assert "Le document est ajouté." in page.text
    listed = site.browser(parent.key).get(child.home + "/documents?etat=tous").text
    assert ">Test<" not in listed
    refused = added(site.browser(parent.key), child.home, visibilite="cache")
    assert refused.status_code == 400


def test_a_carer_adds_by_his_level(site: Site) -> None:
    holder = Someone(site).opens()
    _, seeing = a_carer(site, holder)
    assert seeing.get(holder.home + "/documents/ajouter").status_code == 403
    assert "/documents/ajouter" not in seeing.get(holder.home + "/documents").text
    _, helping = a_carer(site, holder, "aider")
    page = helping.get(holder.home + "/documents/ajouter").text
    assert 'name="visibilite"' not in page
    assert "Le document est ajouté." in added(helping, holder.home).text
    assert len(entries(site, holder)) == 1


def test_a_stranger_adds_nothing(site: Site) -> None:
    holder, stranger = Someone(site).opens(), Someone(site).opens()
    browser = site.browser(stranger.key)
    assert browser.get(holder.home + "/documents/ajouter").status_code == 404
    fields = {**browser.form(stranger.home + "/documents/ajouter"), **TYPED}
    answer = browser.http.post(
        holder.home + "/documents/ajouter",
        data=fields,
        files={"fichier": ("a.pdf", PDF, "x/y")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code in (403, 404)
    assert entries(site, holder) == ()


def test_she_archives_brings_back_and_deletes_what_she_added(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    path = added(browser, someone.home).url.path
    page = browser.get(path + "/supprimer").text
    assert "ne s’annule plus" in page
    assert browser.post(path + "/supprimer").status_code == 400
    unsure = browser.post(path + "/supprimer", {"choix": "supprimer"})
    assert "Cochez la case pour confirmer" in unsure.text
    archived = browser.post(path + "/supprimer", {"choix": "archiver"})
    assert "Document archivé" in archived.text
    assert "Ordonnance d’avril" not in browser.get(someone.home + "/documents").text
    back = browser.post(path + "/desarchiver", page=path)
    assert "Document désarchivé" in back.text
    gone = browser.post(path + "/supprimer", {"choix": "supprimer", "confirmation": "oui"})
    assert "Document supprimé." in gone.text
    assert browser.get(path).status_code == 404


def test_a_document_of_a_professional_is_corrected_not_deleted(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Ordonnance")
    browser = site.browser(someone.key)
    path = f"{someone.home}/documents/{entry.document_id}"
    page = browser.get(path + "/supprimer").text
    assert "Demander une correction" in page and 'name="choix"' not in page
    sent = browser.post(
        path + "/supprimer", {"choix": "supprimer", "confirmation": "oui"}, page=path
    )
    assert sent.status_code == 403
    assert browser.get(path).status_code == 200
