"""The pages of the history of reimbursements: words, filters, empty and wrong, and what is masked."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.domain.claims.reimbursement import Kind, System
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.entrypoints.web.reimbursements.shown import SHOWN
from tests.builders.claims import PHARMACY, a_line, a_stay, an_act, some_knowledge
from tests.entrypoints.web.feeding import ago, fed_with
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Site, without_what_varies
from tests.entrypoints.web.test_professional import found

_KNOWN = some_knowledge()


def _known() -> Knowledge:
    return _KNOWN


@pytest.fixture(autouse=True)
def knowing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site knows the codes of the lines."""
    monkeypatch.setattr(site.house, "standing", replace(site.house.standing, knowing=_known))


def test_lines_are_told_in_words_by_month_and_lead_to_the_document(site: Site) -> None:
    someone = Someone(site).opens()
    start, end = ago(site, 300), ago(site, 295)
    entry = fed_with(
        site,
        someone,
        a_line(start=ago(site, 40), quantity=2),
        a_line(code="3400999999999", start=ago(site, 40)),
        a_stay(start=start, end=end),
    )
    page = site.browser(someone.key).get(someone.home + "/remboursements").text
    assert "AMOXICILLINE INVENTÉE 1 g, comprimé" in page
    assert "quantité 2" in page
    assert "Pharmacie des Lilas" in page
    assert "prescrit par Anne VASSEUR (Médecine générale)" in page
    assert "Libellé inconnu" in page
    assert "code 3400999999999" in page
    assert "Interventions sur le côlon, niveau 2" in page
    assert page.index("AMOXICILLINE") < page.index("Interventions sur le côlon")
    assert page.count('<h2 id="mois-') == 2
    assert f'href="{someone.home}/documents/{entry.document_id}"' in page
    assert re.search(r'Médicaments <span class="count">2<', page)


def test_lines_are_filtered_by_heading_and_period(site: Site) -> None:
    someone = Someone(site).opens()
    fed_with(
        site,
        someone,
        a_line(start=ago(site, 10)),
        an_act(start=ago(site, 20)),
        an_act(start=ago(site, 200)),
    )
    browser = site.browser(someone.key)
    path = someone.home + "/remboursements"
    care = browser.get(path + "?rubrique=soins").text
    assert "AMOXICILLINE" not in care
    assert care.count(">Consultation<") == 2
    lately = browser.get(f"{path}?rubrique=soins&du={ago(site, 100)}").text
    assert lately.count(">Consultation<") == 1
    assert f'value="{ago(site, 100)}"' in lately
    assert re.search(r'Médicaments <span class="count">1<', lately)
    nothing = browser.get(f"{path}?au={ago(site, 600)}")
    assert "Aucun remboursement ne correspond." in nothing.text
    assert nothing.status_code == 200


def test_what_cannot_be_asked_is_explained(site: Site) -> None:
    someone = Someone(site).opens()
    fed_with(site, someone, a_line(start=ago(site, 10)))
    browser = site.browser(someone.key)
    path = someone.home + "/remboursements"
    wrong = browser.get(path + "?du=2026-02-30&au=demain")
    assert wrong.status_code == 400
    for said in (
        "Le début de la période n’est pas une date.",
        "La fin de la période n’est pas une date.",
    ):
        assert wrong.text.count(said) == 2  # in the summary and beside the field
    assert 'value="2026-02-30"' in wrong.text
    backwards = browser.get(path + "?du=2026-03-02&au=2026-03-01")
    assert backwards.status_code == 400
    assert "La fin de la période est avant son début." in backwards.text
    for query in ("?rubrique=rien", "?page=0", "?page=x"):
        assert browser.get(path + query).status_code == 400, query


def test_many_lines_come_page_by_page(site: Site) -> None:
    someone = Someone(site).opens()
    lines = [
        a_line(kind=Kind.BIOLOGY, system=System.NABM, code=str(n), start=ago(site, 30 + n))
        for n in range(1, SHOWN + 4)
    ]
    fed_with(site, someone, *lines)
    browser = site.browser(someone.key)
    path = someone.home + "/remboursements"
    first = browser.get(path + "?rubrique=biologie").text
    assert first.count('<strong class="title">') == SHOWN
    following = re.search(r'href="([^"]+page=2)"', first)
    assert following is not None
    second = browser.get(following[1].replace("&amp;", "&")).text
    assert second.count('<strong class="title">') == 3
    assert "Revenir aux plus récents" in second
    assert "ne correspond" in browser.get(path + "?page=9").text


def test_before_any_feeding_the_page_says_so(site: Site) -> None:
    someone = Someone(site).opens()
    page = site.browser(someone.key).get(someone.home + "/remboursements")
    assert page.status_code == 200
    assert "Aucun remboursement ici pour le moment." in page.text


def test_masked_it_is_for_the_professional_as_if_there_were_none(site: Site) -> None:
    fed_one, bare = (Someone(site).opens().agrees(DOCTOR) for _ in range(2))
    entry = fed_with(site, fed_one, a_line(start=ago(site, 10)))
    browser = site.browser("medecin")
    path = found(browser, fed_one) + "/remboursements"
    assert "AMOXICILLINE" in browser.get(path).text
    mask = UpdateMetadata(
        document=entry.document_id, changes=(Change.MASK,), within=entry.record_id
    )
    site.do(update_metadata, mask, fed_one.caller)
    other = found(browser, bare) + "/remboursements"
    for query in ("", "?rubrique=medicaments", "?du=2020-01-01", "?page=2"):
        seen, unseen = browser.get(path + query), browser.get(other + query)
        assert seen.status_code == unseen.status_code
        assert _of(seen.text, fed_one) == _of(unseen.text, bare), query
        assert "AMOXICILLINE" not in seen.text
        assert PHARMACY not in seen.text
    own = site.browser(fed_one.key).get(fed_one.home + "/remboursements").text
    assert "AMOXICILLINE" in own
    assert "Masqué aux professionnels" in own


def _of(page: str, someone: Someone) -> str:
    """A page without what names the person."""
    page = re.sub(r'<span class="number">INS[^<]+</span>', "", without_what_varies(page))
    return page.replace(someone.traits.display, "X")


def test_who_has_no_agreement_is_asked_for_it_first(site: Site) -> None:
    someone = Someone(site).opens()
    fed_with(site, someone, a_line(start=ago(site, 10)))
    browser = site.browser("medecin")
    answer = browser.get(found(browser, someone) + "/remboursements")
    assert answer.url.path.endswith("/acces")
    assert "AMOXICILLINE" not in answer.text
