"""The VSM on the pages: proposed, put right, looked at, deposited; it replaces the doctor's own former one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.synthesis import read_synthesis
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.visibility import Restriction
from dmp.entrypoints.web.forms import Form
from dmp.entrypoints.web.synthesis.vsm_lines import content_of, parts_of
from dmp.formats.content import read_header
from tests.builders import a_caller
from tests.builders.clinical_facts import AT, a_problem, a_source
from tests.builders.synthesis import a_synthesis
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site

Told = Callable[[Synthesis], None]


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """From here on every synthesis is this one."""

    def tell(synthesis: Synthesis) -> None:
        monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: synthesis)

    tell(a_synthesis())
    return tell


def open_at(site: Site, person: str = "medecin") -> tuple[Someone, Browser, str]:
    """A patient of this doctor's, and the address of her pages."""
    someone = Someone(site, birth_date=date(1951, 3, 14)).opens().declares(DOCTOR)
    browser = site.browser(person)
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    path = str(answer.headers["location"])
    if person != "medecin":
        browser.post(path + "/acces", {"raison": "present", "duree": "30"})
    return someone, browser, path


def as_proposed(text: str) -> dict[str, Any]:
    """The form as it stands on the page, every proposed line kept."""
    fields: dict[str, Any] = {"visibilite": "visible"}
    for name in re.findall(r'name="((?:garder)\.[0-9a-f]+)" value="oui" checked', text):
        fields[name] = "oui"
    texts = re.findall(r'name="((?:texte|posologie)\.[0-9a-f]+)" value="([^"]*)"', text)
    return fields | dict(texts)


def documents(site: Site, someone: Someone) -> tuple[DocumentEntry, ...]:
    """The documents in force of her record, as the doctor finds them."""
    request = FindDocuments(of=someone.ins, query=DocumentQuery(types=("SYNTH",)))
    return site.do(find_documents, request, a_caller(DOCTOR)).entries


def content(site: Site, entry: DocumentEntry) -> bytes:
    """What was deposited."""
    request = RetrieveDocument(document=entry.document_id)
    return site.do(retrieve_document, request, a_caller(DOCTOR)).content


def test_it_is_proposed_looked_at_and_deposited(site: Site) -> None:
    someone, browser, path = open_at(site)
    form = browser.get(path + "/vsm").text
    fields = as_proposed(form) | {"libre.attention": "Chutes répétées\n\nVit seule"}
    preview = browser.post(path + "/vsm", fields | {"etape": "verifier"})
    assert preview.status_code == 200
    assert "Rien n’est encore déposé" in preview.text
    assert "Diabète de type 2" in preview.text and "<li>Vit seule</li>" in preview.text
    assert documents(site, someone) == ()
    receipt = browser.post(path + "/vsm", fields | {"etape": "deposer"})
    assert "Accusé de dépôt" in receipt.text and "/recu/" in receipt.url.path
    (entry,) = documents(site, someone)
    assert entry.authors[0].id == DOCTOR.id_nat
    header = read_header(content(site, entry), "text/xml")
    assert header.findings is not None
    assert "Diabète de type 2" in {one.label for one in header.findings.problems}
    assert "Apixaban" in {one.label for one in header.findings.prescribed}
    assert "Chutes répétées" in content(site, entry).decode()


def test_the_doctor_s_next_one_replaces_his_own_only(site: Site) -> None:
    someone, browser, path = open_at(site)
    fields = as_proposed(browser.get(path + "/vsm").text) | {"etape": "deposer"}
    browser.post(path + "/vsm", fields)
    (first,) = documents(site, someone)
    again = browser.get(path + "/vsm").text
    assert "sera remplacé" in again
    browser.post(path + "/vsm", fields)
    (second,) = documents(site, someone)
    assert second.document_id != first.document_id
    assert second.replaces == first.document_id
    other = site.browser("regulatrice")
    answer = other.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    theirs = str(answer.headers["location"])
    other.post(theirs + "/acces", {"raison": "present", "duree": "30"})
    assert "sera remplacé" not in other.get(theirs + "/vsm").text


def test_sent_twice_it_is_deposited_once(site: Site) -> None:
    someone, browser, path = open_at(site)
    fields = as_proposed(browser.get(path + "/vsm").text) | {"etape": "deposer"}
    hidden = browser.form(path + "/vsm")
    first = browser.post(path + "/vsm", {**hidden, **fields, "cle": "une-seule-fois"})
    second = browser.post(path + "/vsm", {**hidden, **fields, "cle": "une-seule-fois"})
    assert first.url == second.url
    assert len(documents(site, someone)) == 1


def test_what_was_typed_comes_back_to_be_corrected(site: Site) -> None:
    _, browser, path = open_at(site)
    fields = as_proposed(browser.get(path + "/vsm").text) | {"libre.plan": "Revoir en mars"}
    back = browser.post(path + "/vsm", fields | {"etape": "corriger"})
    assert "Revoir en mars" in back.text
    assert back.text.count(" checked") >= len([one for one in fields if one.startswith("garder.")])


def test_an_empty_one_and_one_without_visibility_are_refused(site: Site, told: Told) -> None:
    someone, browser, path = open_at(site)
    empty = browser.post(path + "/vsm", {"visibilite": "visible", "etape": "deposer"})
    assert empty.status_code == 400 and "Gardez au moins une ligne" in empty.text
    fields = as_proposed(browser.get(path + "/vsm").text) | {"visibilite": "", "etape": "deposer"}
    assert browser.post(path + "/vsm", fields).status_code == 400
    assert documents(site, someone) == ()


def test_a_record_that_changed_in_between_is_looked_at_again(site: Site, told: Told) -> None:
    someone, browser, path = open_at(site)
    fields = as_proposed(browser.get(path + "/vsm").text) | {"etape": "deposer"}
    told(a_synthesis(problems=()))
    someone.receives("Courrier")
    answer = browser.post(path + "/vsm", fields)
    assert answer.status_code == 400 and "Le dossier a changé" in answer.text
    assert documents(site, someone) == ()


@pytest.mark.parametrize(
    ("restriction", "why"),
    [
        (Restriction.MASKED, "source masquée aux professionnels"),
        (Restriction.HIDDEN_FROM_PATIENT, "source que le patient ne connaît pas encore"),
    ],
)
def test_what_others_may_not_read_is_not_proposed_to_them(
    site: Site, told: Told, restriction: Restriction, why: str
) -> None:
    someone, browser, path = open_at(site)
    kept = someone.receives("Confidence", restrictions=frozenset({restriction}), days_ago=0)
    shown = someone.receives("Courrier", days_ago=0)
    alone = a_problem("Dépression", sources=(a_source(document=kept.document_id),))
    both = [a_source(document=one.document_id) for one in (kept, shown)]
    told(a_synthesis(problems=(alone, a_problem("Asthme", sources=tuple(both)))))
    form = browser.get(path + "/vsm").text
    assert form.count(why) == 1 and re.search(rf"Dépression [^\n]*{why}", form)
    fields = as_proposed(form)
    preview = browser.post(path + "/vsm", fields | {"etape": "verifier"})
    assert "<li>Asthme" in preview.text and "<li>Dépression" not in preview.text


def test_others_than_doctors_do_not_write_it(site: Site) -> None:
    _, browser, path = open_at(site, "pharmacienne")
    assert browser.get(path + "/vsm").status_code == 403
    assert "/vsm" not in browser.get(path + "/synthese").text
    someone = Someone(site).opens()
    regulating = site.browser("regulatrice")
    opened = regulating.post("/pro/regulation", {"ins": someone.ins.matricule}, page="/pro")
    home = opened.url.path.removesuffix("/synthese")
    assert regulating.get(home + "/vsm").status_code == 403, "an emergency is for reading"


def form_of(**fields: str) -> Form:
    """A form with these fields."""
    return Form({name: [value] for name, value in fields.items()}, {})


def test_words_that_were_changed_lose_their_code() -> None:
    parts = parts_of(a_synthesis())
    line = parts[0].lines[0]
    same = form_of(**{f"garder.{line.key}": "oui", f"texte.{line.key}": line.text})
    (kept,) = content_of(parts, same).problems
    assert kept.code is not None
    other = form_of(**{f"garder.{line.key}": "oui", f"texte.{line.key}": "Diabète équilibré"})
    (reworded,) = content_of(parts, other).problems
    assert (reworded.label, reworded.code) == ("Diabète équilibré", None)


def test_a_line_that_is_not_kept_is_not_written() -> None:
    parts = parts_of(a_synthesis())
    line = parts[0].lines[0]
    assert content_of(parts, form_of(**{f"texte.{line.key}": line.text})).problems == ()


def test_none_is_said_only_where_nothing_is_kept() -> None:
    parts = parts_of(a_synthesis())
    line = next(part for part in parts if part.name == "allergies").lines[0]
    said = form_of(**{"aucun.no_known_allergy": "oui"})
    assert content_of(parts, said).no_known_allergy
    both = form_of(**{"aucun.no_known_allergy": "oui", f"garder.{line.key}": "oui"})
    assert not content_of(parts, both).no_known_allergy
    assert not content_of(parts_of(Synthesis(at=AT)), form_of()).no_known_allergy
