"""The list of a patient's documents for a professional: facets, what was read, folds, a look, a copy."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from dmp.domain.documents.visibility import Restriction
from dmp.entrypoints.web.professional.shelf import browsing
from tests.builders import a_doctor
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Site
from tests.entrypoints.web.test_chart import patient_of
from tests.entrypoints.web.test_synthesis import words

SPECIALIST = a_doctor(id_nat="810100000073", name="Samir BELLO")


def facet(text: str, name: str) -> dict[str, tuple[str, str]]:
    """The choices of a facet: their number and their address, by their words."""
    part = next(
        (
            one
            for one in re.findall(r'<section class="facet".*?</section>', text, re.DOTALL)
            if f">{name}</h3>" in one
        ),
        "",
    )
    found = re.findall(r'<a href="([^"]+)"[^>]*>(.*?) <span class="count">(\d+)</span>', part)
    return {said: (number, address.replace("&amp;", "&")) for address, said, number in found}


def titles(text: str) -> list[str]:
    """The titles of a list, in order."""
    return re.findall(r'class="title" href="[^"]+">([^<]+)', text)


def test_facets_count_what_their_reader_sees_and_nothing_else(site: Site) -> None:
    someone = Someone(site).opens().agrees(DOCTOR)
    someone.receives("Ordonnance A", type_code="57833-6", by=SPECIALIST)
    someone.receives("Ordonnance B", type_code="57833-6", by=SPECIALIST, days_ago=800)
    someone.receives("Consultation", by=SPECIALIST)
    masked = frozenset({Restriction.MASKED})
    someone.receives("Psychiatrie", by=SPECIALIST, restrictions=masked)
    browser, path = patient_of(site, someone)
    text = browser.get(path + "/documents").text
    kinds = facet(text, "Type")
    assert {number for number, _ in kinds.values()} == {"2", "1"}
    assert "Psychiatrie" not in text
    year = (datetime.now(UTC) - timedelta(days=800)).year
    number, address = facet(text, "Période")[str(year)]
    assert number == "1"
    narrowed = browser.get(address).text
    assert titles(narrowed) == ["Ordonnance B"]
    assert "retirer ce filtre" in narrowed
    both = browser.get(path + f"/documents?type=57833-6&du={year}-01-01&au={year}-12-31").text
    assert titles(both) == ["Ordonnance B"]
    none = browser.get(path + "/documents?type=57833-6&specialite=Inconnue").text
    assert "Aucun document ne correspond." in none
    assert browser.get(path + "/documents?type=inconnu").status_code == 400


def test_a_document_is_unread_until_this_reader_opens_it(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    first = someone.receives("Premier", by=SPECIALIST)
    someone.receives("Second", by=SPECIALIST, days_ago=2)
    someone.read_in_emergency(first, SPECIALIST)
    browser, path = patient_of(site, someone)
    text = browser.get(path + "/documents").text
    assert text.count(">Non lu<") == 2, "what others read does not count"
    browser.get(f"{path}/documents/{first.document_id}")
    after = browser.get(path + "/documents").text
    assert after.count(">Non lu<") == 1
    readings = facet(after, "Lecture")
    assert readings["Non lus par moi"][0] == "1" and readings["Lus par moi"][0] == "1"
    assert titles(browser.get(readings["Non lus par moi"][1]).text) == ["Second"]
    assert titles(browser.get(path + "/documents?lecture=lus").text) == ["Premier"]


def test_an_attempt_that_was_refused_is_no_reading(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Consultation", by=SPECIALIST)
    browser, path = patient_of(site, someone)
    refused = browser.get(f"{path}/documents/{entry.document_id}")
    assert refused.url.path == path + "/acces"
    someone.agrees(DOCTOR)
    assert browser.get(path + "/documents").text.count(">Non lu<") == 1


def test_versions_and_copies_are_folded_behind_one_line(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    content = someone.pdf("Compte rendu")
    for _ in range(2):
        someone.receives("Compte rendu", content)
    note = someone.receives("Note", someone.note())
    browser, path = patient_of(site, someone)
    fields = {"motif": "Fatigue", "conclusion": "Mieux", "visibilite": "visible"}
    today = datetime.now(UTC).date().isoformat()
    sent = {**fields, "date": today, "remplace": str(note.document_id), "etape": "deposer"}
    browser.post(path + "/note", sent)
    text = browser.get(path + "/documents?etat=tous").text
    assert "4 documents" in text
    assert len(titles(text)) == 2
    assert text.count("1 autre version ou copie") == 2


def test_an_episode_holds_what_was_done_in_one_place_on_one_day(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    for title in ("Note", "Suite"):
        someone.receives(title, someone.note())
    someone.receives("Ailleurs", days_ago=90)
    browser, path = patient_of(site, someone)
    text = browser.get(path + "/documents?regrouper=episode").text
    episodes = re.findall(r'<section class="episode".*?</section>', text, re.DOTALL)
    assert len(episodes) == 1
    assert sorted(titles(episodes[0])) == ["Note", "Suite"]


def test_a_look_inside_is_a_reading_and_warns_first(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    entry = someone.receives("Ordonnance", someone.pdf("Ordonnance", "Apixaban 5 mg."))
    hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
    waits = someone.receives("Biopsie", someone.pdf("Biopsie", "Adénome."), restrictions=hidden)
    browser, path = patient_of(site, someone)
    text = browser.get(f"{path}/documents?apercu={entry.document_id}").text
    assert "Aperçu : Ordonnance" in words(text) and "Apixaban 5 mg." in text
    assert text.count(">Non lu<") == 1, "it was read"
    warned = browser.get(f"{path}/documents?apercu={waits.document_id}").text
    assert "demande une vérification" in warned and "Adénome" not in warned
    for wrong in ("x", "00000000-0000-0000-0000-000000000001"):
        answer = browser.get(f"{path}/documents?apercu={wrong}")
        assert answer.status_code == 200 and "look-pane" not in answer.text
    journal = site.browser(someone.key).get(someone.home + "/acces?quoi=consultations").text
    assert "Ordonnance" in journal


def test_a_long_document_is_opened_rather_than_looked_at(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    entry = someone.receives("Bilan", someone.laboratory(), "11502-2")
    monkeypatch.setattr(browsing, "LONGEST_LOOK", 100)
    browser, path = patient_of(site, someone)
    text = browser.get(f"{path}/documents?apercu={entry.document_id}").text
    assert "Ce document est long" in text and "Ferritine" not in text


def test_one_goes_on_inside_the_list_one_came_from(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    for rank, (title, kind) in enumerate(
        (("A", "57833-6"), ("entre", "11488-4"), ("B", "57833-6"), ("C", "57833-6"))
    ):
        someone.receives(title, type_code=kind, days_ago=rank + 1)
    browser, path = patient_of(site, someone)
    text = browser.get(path + "/documents?type=57833-6").text
    first = re.findall(r'class="title" href="([^"]+)">A<', text)[0]
    page = browser.get(first).text
    assert 'rel="prev"' not in page
    following = re.search(r'<a href="([^"]+)" rel="next">([^<]+)', page)
    assert following is not None and following[2].endswith("B →")
    then = browser.get(following[1]).text
    assert "Suivant de la liste : C" in words(then) and "entre" not in words(then)
    assert f'class="back" href="{path}/documents?type=57833-6"' in then
    whole = browser.get(first.partition("?")[0]).text
    assert "Suivant de la liste : entre" in words(whole)


@pytest.mark.parametrize("end", ["", "/copier"])
def test_another_persons_document_is_not_shown_before_it_was_checked(site: Site, end: str) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    wrong = someone.note().replace(b"Delorme", b"Delporte")
    entry = someone.receives("Note", wrong)
    browser, path = patient_of(site, someone)
    page = browser.get(f"{path}/documents/{entry.document_id}{end}").text
    assert "diffère de celle du dossier" in page
    assert "Fatigue" not in page
    checked = re.findall(r'href="([^"]+identite=verifiee[^"]*)"', page)[0].replace("&amp;", "&")
    assert "Fatigue" in browser.get(checked).text
    look = browser.get(f"{path}/documents?apercu={entry.document_id}").text
    assert "Fatigue" not in look


def test_the_text_of_a_document_is_copied_line_by_line(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    entry = someone.receives("Bilan", someone.laboratory(), "11502-2")
    browser, path = patient_of(site, someone)
    page = browser.get(f"{path}/documents/{entry.document_id}/copier").text
    text = page.split("<textarea")[1].split("</textarea>")[0]
    assert "Hémoglobine" in text and "13.2" in text and "Ferritine basse." in text
    assert "&lt;td" not in text
