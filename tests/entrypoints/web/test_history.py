"""The whole history and the imaging exams: each thing once, filtered, proved, in the reader's own scope."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import escape, unescape

import pytest

from dmp.acts.synthesis import read_synthesis
from dmp.domain.clinical.facts import Imaging, Provenance
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.documents.visibility import Restriction
from dmp.entrypoints.web.history.lines import Kind, enumerated, lines_of
from tests.builders.claims import a_line, a_stay, an_act
from tests.builders.clinical_facts import AT, TODAY, a_claim, a_source
from tests.builders.synthesis import a_synthesis
from tests.entrypoints.web.feeding import ago, fed_with
from tests.entrypoints.web.people import Someone, lea
from tests.entrypoints.web.site import Site, without_what_varies
from tests.entrypoints.web.test_acting import a_carer
from tests.entrypoints.web.test_health_summary import words

Told = Callable[[Synthesis], None]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """From here on every synthesis is this one."""

    def tell(synthesis: Synthesis) -> None:
        monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: synthesis)

    tell(a_synthesis())
    return tell


def an_exam(days_ago: int, label: str = "Scanner thoracique", **changes: object) -> Imaging:
    values = {
        "label": label,
        "on": TODAY - timedelta(days=days_ago),
        "modality": "CT",
        "region": "thorax",
        "sources": (a_source(70 + days_ago),),
    }
    return Imaging(**{**values, **changes})  # type: ignore[arg-type]


def titles(page: str) -> list[str]:
    return re.findall(r'class="title"[^>]*>(?:<a [^>]*>)?([^<]+)', page)


def test_deliveries_are_one_line_of_their_month() -> None:
    lines = [line for line in lines_of(a_synthesis(), ()) if line.kind is Kind.MEDICINE]
    assert len(lines) == len({line.on.replace(day=1) for line in lines}) > 3
    assert all(line.of_month and "Apixaban" in line.details[0] for line in lines[-2:])
    assert enumerated(tuple("abcdefgh")) == "a, b, c, d, e, f et 2 de plus"


def test_a_laboratory_s_values_are_no_measures_and_a_weight_is() -> None:
    lines = lines_of(a_synthesis(), ())
    laboratory = " ".join(line.details[0] for line in lines if line.kind is Kind.LABORATORY)
    measures = " ".join(line.details[0] for line in lines if line.kind is Kind.MEASURE)
    assert "HbA1c" in laboratory and "Poids" not in laboratory
    assert "Poids" in measures and "HbA1c" not in measures


def test_a_laboratory_report_and_its_reimbursement_are_one_line(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    fed_with(site, someone, an_act(start=ago(site, 2)))
    page = site.browser(someone.key).get(someone.home + "/histoire?genre=biologie").text
    assert len(titles(page)) == 1
    assert "Hémoglobine" in page and "Ferritine" in page


def test_a_proof_leads_back_to_the_history_as_it_was_narrowed(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Certificat", days_ago=3)
    browser, home = site.browser(someone.key), someone.home
    year = (site.house.now() - timedelta(days=3)).year
    asked = f"genre=documents&du={year}-01-01&au={year}-12-31"
    page = browser.get(f"{home}/histoire?{asked}&mots=cach%C3%A9").text
    link = re.findall(r'<a id="(p\d+)" href="([^"]+)"', page)[0]
    document = browser.get(unescape(link[1])).text
    assert f'class="back" href="{home}/histoire?{escape(asked)}#{link[0]}"' in document
    # Whoever changes the address is led to no other page, and nothing foreign is written into this one.
    for wrong in ("//ailleurs", "genre=%22%3E%3Cscript%3E", "genre=a&mots=b&suite=//ailleurs"):
        path = link[1].partition("?")[0]
        answer = browser.get(path, params={"de": "histoire.p1", "avec": wrong})
        back = re.findall(r'class="back" href="([^"]+)"', answer.text)
        assert back[0] in (f"{home}/histoire#p1", f"{home}/histoire?genre=a#p1")


def test_everything_stands_by_year_and_month_each_thing_once(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Certificat", days_ago=3)
    someone.receives("Vieux courrier", days_ago=800)
    fed_with(site, someone, a_line(start=ago(site, 40)), a_stay(start=ago(site, 60)))
    browser = site.browser(someone.key)
    page = browser.get(someone.home + "/histoire").text
    shown = titles(page)
    assert "Certificat" in shown and "Vieux courrier" in shown
    assert "Médicaments remis par la pharmacie" in shown
    assert "Historique des remboursements" not in shown, "it proves the other lines"
    years = re.findall(r"<h2>(\d{4})</h2>", page)
    assert years == sorted(years, reverse=True) and len(years) == len(set(years))
    assert re.search(r'href="/espace/[^"]+/documents/[^"]+\?de=histoire\.p\d+', page)
    assert " style=" not in page
    proof = re.findall(r'href="([^"]+\?de=histoire\.p\d+[^"]*)"', page)[0]
    assert "Histoire de santé" in words(browser.get(proof.split("#")[0]).text)


def test_kind_and_period_stand_in_the_address(site: Site) -> None:
    someone = Someone(site).opens()
    for number in range(30):
        someone.receives(f"Courrier {number:02}", days_ago=10 + number)
    someone.receives("Vieux courrier", days_ago=800)
    browser = site.browser(someone.key)
    path = someone.home + "/histoire"
    first = browser.get(path).text
    assert len(titles(first)) == 25 and "Lignes plus anciennes" in first
    assert "31 lignes" in words(first)
    second = browser.get(path + "?page=2").text
    assert len(titles(second)) == 6 and not set(titles(first)) & set(titles(second))
    old = ago(site, 700).isoformat()
    assert titles(browser.get(f"{path}?genre=documents&au={old}").text) == ["Vieux courrier"]
    assert "Rien ne correspond" in browser.get(f"{path}?genre=documents&au=1990-01-01").text
    assert browser.get(path + "?genre=autre").status_code == 400
    assert browser.get(path + "?page=x").status_code == 400
    wrong = browser.get(path + "?du=hier&genre=documents")
    assert wrong.status_code == 400 and 'value="hier"' in wrong.text
    assert 'id="du-erreur"' in wrong.text
    turned = browser.get(path + "?du=2026-02-01&au=2026-01-01")
    assert 'id="au-erreur"' in turned.text


def test_an_empty_history_says_so(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    assert "Rien n’est encore connu." in words(browser.get(someone.home + "/histoire").text)
    imaging = words(browser.get(someone.home + "/imagerie").text)
    assert "Aucun examen d’imagerie n’est connu." in imaging


def test_an_exam_shows_its_report_first_and_those_of_the_same_kind(site: Site, told: Told) -> None:
    now = an_exam(10, conclusion="Pas d’embolie.")
    before = an_exam(400, conclusion="Nodule de 4 mm.")
    other = an_exam(20, "IRM du genou", modality="MR", region="genou")
    claim = an_exam(
        200, sources=(a_claim(provenance=Provenance.CLAIMS, on=date(2026, 5, 1)),), conclusion=""
    )
    told(Synthesis(at=AT, imaging=(now, before, other, claim)))
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    page = browser.get(someone.home + "/imagerie").text
    links = re.findall(r'class="title" href="(/espace/[^"]+/imagerie/[0-9a-f]{24})">([^<]+)', page)
    assert [label for _, label in links] == [
        "Scanner thoracique", "IRM du genou", "Scanner thoracique", "Scanner thoracique",
    ]  # fmt: skip
    text = words(browser.get(links[0][0]).text)
    report, images, others = (text.index(word) for word in (
        "Pas d’embolie.", "Images non partagées par le centre", "Examens du même genre",
    ))  # fmt: skip
    assert report < images < others < text.index("Nodule de 4 mm.")
    assert "IRM du genou" not in text
    reimbursed = words(browser.get(links[2][0]).text)
    assert "Le compte rendu n’est pas dans ce dossier" in reimbursed
    alone = words(browser.get(links[1][0]).text)
    assert "Aucun autre examen de ce genre n’est connu." in alone
    history = browser.get(someone.home + "/histoire").text
    assert links[0][0] in history


def test_the_address_of_an_exam_is_of_one_record_and_one_reader(site: Site, told: Told) -> None:
    told(Synthesis(at=AT, imaging=(an_exam(10),)))
    one, other = Someone(site).opens(), Someone(site).opens()
    browser = site.browser(one.key)
    page = browser.get(one.home + "/imagerie").text
    reference = re.findall(r"/imagerie/([0-9a-f]{24})", page)[0]
    stranger = site.browser(other.key)
    assert stranger.get(f"{other.home}/imagerie/{reference}").status_code == 404
    assert stranger.get(f"{one.home}/imagerie/{reference}").status_code in (403, 404)
    assert stranger.get(one.home + "/histoire").status_code in (403, 404)
    assert browser.get(one.home + "/imagerie/inconnue").status_code == 404


def test_what_parents_may_not_see_leaves_no_hint_in_a_history(site: Site) -> None:
    parent = Someone(site).opens()
    one, other = lea(site, parent), lea(site, parent)
    hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
    one.receives("Interruption", one.laboratory(), "11502-2", restrictions=hidden, days_ago=900)
    browser = site.browser(parent.key)
    for end in ("/histoire", "/histoire?genre=documents", "/imagerie", "/prevention"):
        first, second = browser.get(one.home + end).text, browser.get(other.home + end).text
        assert "Contraception" not in first and "Interruption" not in first
        assert _plain(first, one) == _plain(second, other), end
    assert "Interruption" in site.browser(one.key).get(one.home + "/histoire?genre=documents").text


def _plain(page: str, whose: Someone) -> str:
    """A page without what names the record and its documents."""
    page = without_what_varies(page).replace(whose.home, "/espace/x")
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "document", page)
    return re.sub(r"data-idle=\"\d+\"", "", page)


def test_a_carer_reads_the_history_of_whom_he_helps(site: Site) -> None:
    helped = Someone(site).opens()
    helped.receives("Certificat")
    _, browser = a_carer(site, helped)
    page = browser.get(helped.home + "/histoire")
    assert page.status_code == 200 and "Certificat" in page.text
    assert browser.get(helped.home + "/imagerie").status_code == 200
