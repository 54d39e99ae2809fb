"""The copy of a record: what exists for its reader, whole, under names of ours, readable without a server."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from datetime import date

import httpx
from lxml import etree

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.domain.documents.visibility import Restriction
from dmp.domain.record.health_record import ClosingMotive
from dmp.formats.xdm.metadata import RIM
from tests.entrypoints.web.people import Someone, lea
from tests.entrypoints.web.site import Site

SUBSET = "IHE_XDM/SUBSET01"


def taken(site: Site, someone: Someone, **fields: object) -> httpx.Response:
    path = f"{someone.home}/telecharger"
    return site.browser(someone.key).post(path, {"masques": "oui", **fields})


def opened(answer: httpx.Response) -> zipfile.ZipFile:
    assert answer.headers["content-type"] == "application/zip", answer.text[:500]
    assert answer.headers["cache-control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def text_of(medium: zipfile.ZipFile) -> str:
    return "".join(
        medium.read(name).decode("utf-8", "replace")
        for name in medium.namelist()
        if not name.endswith((".PDF", ".XML")) or name.endswith("METADATA.XML")
    )


def test_the_copy_holds_everything_as_it_was_deposited(site: Site) -> None:
    someone = Someone(site).opens()
    pdf = someone.receives("Radio du genou")
    cda = someone.receives("Compte rendu lisible", someone.note())
    someone.receives("Masqué mais à moi", restrictions=frozenset({Restriction.MASKED}))
    someone.receives("Annonce", restrictions=frozenset({Restriction.HIDDEN_FROM_PATIENT}))
    medium = opened(taken(site, someone))
    assert medium.testzip() is None
    names = medium.namelist()
    assert {"README.TXT", "INDEX.HTM", f"{SUBSET}/METADATA.XML", "PAGES/DOSSIER.JSON"} <= set(names)
    root = etree.fromstring(medium.read(f"{SUBSET}/METADATA.XML"))
    entries = root.findall(f".//{{{RIM}}}ExtrinsicObject")
    assert len(entries) == 3
    for entry in entries:
        slots = {
            slot.get("name"): [str(value.text) for value in slot.iter(f"{{{RIM}}}Value")]
            for slot in entry.findall(f"{{{RIM}}}Slot")
        }
        content = medium.read(f"{SUBSET}/{slots['URI'][0]}")
        assert hashlib.sha1(content, usedforsecurity=False).hexdigest() == slots["hash"][0]
        assert str(len(content)) == slots["size"][0]
    index = medium.read("INDEX.HTM").decode()
    for title in ("Radio du genou", "Compte rendu lisible", "Masqué mais à moi"):
        assert title in index
    assert "Annonce" not in text_of(medium)
    pages = [name for name in names if re.fullmatch(r"PAGES/DOC\d{5}\.HTM", name)]
    assert len(pages) == 1
    assert "<script" not in text_of(medium)
    for target in re.findall(r'(?:href|src)="([^"#]+)"', index):
        assert target in names, target
    data = json.loads(medium.read("PAGES/DOSSIER.JSON"))
    assert {one["id"] for one in data["documents"]} >= {pdf.unique_id.value, cda.unique_id.value}
    journal = site.browser(someone.key).get(f"{someone.home}/acces?qui=moi").text
    assert "avez téléchargé une copie du dossier" in journal


def test_a_copy_made_to_be_shown_does_not_tell_of_what_is_masked(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Compte rendu visible")
    someone.receives("Secret bien gardé", restrictions=frozenset({Restriction.MASKED}))
    medium = opened(taken(site, someone, masques=""))
    assert "Compte rendu visible" in text_of(medium)
    assert "Secret bien gardé" not in text_of(medium)
    assert "PAGES/ACCES.CSV" not in medium.namelist()


def test_a_period_and_categories_narrow_the_copy(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Récent", days_ago=2)
    someone.receives("Ancien", days_ago=400)
    someone.receives("Analyse", type_code="11502-2", days_ago=2)
    only = opened(taken(site, someone, categories=["BIOLOGIE"])).read("INDEX.HTM").decode()
    assert "Analyse" in only
    assert "Récent" not in only
    recent = date.fromordinal(date.today().toordinal() - 30).isoformat()  # noqa: DTZ011
    late = opened(taken(site, someone, du=recent)).read("INDEX.HTM").decode()
    assert "Récent" in late
    assert "Ancien" not in late
    wrong = taken(site, someone, du="hier", au="")
    assert wrong.status_code == 400
    assert "12/03/2026" in wrong.text


def test_no_title_becomes_a_path(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("../../../etc/passwd")
    someone.receives("..\\..\\C:\\x.exe<script>alert(1)</script>")
    medium = opened(taken(site, someone))
    for name in medium.namelist():
        assert re.fullmatch(r"(?:[A-Z0-9_]+/)*[A-Z0-9_]+\.[A-Z]+", name), name
    for name in medium.namelist():
        assert not name.endswith(".HTM") or b"<script" not in medium.read(name)


def test_others_take_nothing_and_a_closed_record_says_why(site: Site) -> None:
    someone, other = Someone(site).opens(), Someone(site).opens()
    assert site.browser(other.key).get(f"{someone.home}/telecharger").status_code == 404
    assert site.browser("medecin").get(f"{someone.home}/telecharger").status_code == 403
    assert someone.record is not None
    browser = site.browser(someone.key)
    form = browser.form(f"{someone.home}/telecharger")
    request = CloseRecord(
        record_id=someone.record.record_id, motive=ClosingMotive.HOLDER_REQUEST, reason=""
    )
    site.do(close_record, request, someone.caller)
    assert "Rouvrir le dossier" in browser.get(f"{someone.home}/telecharger").text
    headers = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    refused = browser.http.post(
        f"{someone.home}/telecharger", data={**form, "masques": "oui"}, headers=headers
    )
    assert refused.status_code == 403


def test_a_parent_copies_nothing_that_is_hidden_from_him(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    child.receives("Confidence", restrictions=frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES}))
    child.receives("Vaccin")
    page = site.browser(parent.key)
    medium = opened(page.post(f"{child.home}/telecharger", {"masques": "oui"}))
    assert "Vaccin" in text_of(medium)
    for hidden in ("Confidence", "Contraception"):
        assert hidden not in text_of(medium)
    data = json.loads(medium.read("PAGES/DOSSIER.JSON"))
    assert parent.ins.matricule not in json.dumps(data)
