"""The whole journal in the holder's hands: nothing runs, nothing hidden shows, nothing is missing."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.domain.documents.visibility import Restriction
from tests.builders import a_caller
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Site


def rows_of(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_everything_told_is_in_the_sheet_and_on_the_page(site: Site) -> None:
    someone = Someone(site).opens().agrees()
    assert someone.record is not None
    entry = someone.receives("Compte rendu du genou")
    request = RetrieveDocument(document=entry.document_id, within=someone.record.record_id)
    site.do(retrieve_document, request, a_caller(DOCTOR))
    browser = site.browser(someone.key)
    answer = browser.get(f"{someone.home}/acces/export.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    heading, *rows = rows_of(answer.content)
    assert heading[0] == "Date"
    assert {len(row) for row in rows} == {len(heading)}
    assert any("VASSEUR" in row[2] and row[5] == "Compte rendu du genou" for row in rows)
    assert someone.ins.matricule not in answer.text
    page = browser.get(f"{someone.home}/acces/imprimer").text
    assert "Compte rendu du genou" in page
    assert "VASSEUR" in page
    assert "export.csv" in page
    assert "a copié l’historique" not in page
    own = browser.get(f"{someone.home}/acces?qui=moi").text
    assert "avez copié l’historique des accès" in own


def test_a_name_that_is_a_formula_runs_nowhere(site: Site) -> None:
    someone = Someone(site).opens()
    assert someone.record is not None
    someone.receives('=HYPERLINK("http://ailleurs.example")')
    villain = replace(
        DOCTOR,
        id_nat="810100000990",
        name="=1+1",
    )
    request = RetrieveDocument(
        document=someone.receives("Note").document_id, within=someone.record.record_id
    )
    someone.agrees(villain)
    site.do(retrieve_document, request, a_caller(villain))
    content = site.browser(someone.key).get(f"{someone.home}/acces/export.csv").content
    cells = [cell for row in rows_of(content) for cell in row]
    assert "'=1+1" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))] == []


def test_what_the_holder_does_not_know_yet_leaves_no_hint(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Annonce", restrictions=frozenset({Restriction.HIDDEN_FROM_PATIENT}))
    browser = site.browser(someone.key)
    for end in ("export.csv", "imprimer"):
        assert "Annonce" not in browser.get(f"{someone.home}/acces/{end}").text
    other = Someone(site).opens()
    for end in ("export.csv", "imprimer"):
        assert site.browser(other.key).get(f"{someone.home}/acces/{end}").status_code == 404
