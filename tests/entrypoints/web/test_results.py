"""The holder's results: the list, a page for each analysis, what they say, and for whom they exist."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from itertools import product

import pytest

from dmp.acts.synthesis import read_synthesis
from dmp.domain.clinical.coding import CNAM_NABM
from dmp.domain.clinical.facts import Performed
from dmp.domain.clinical.results.analytes import ANALYTES
from dmp.domain.clinical.synthesis import Series, Synthesis, Trend
from dmp.domain.codes import Code
from dmp.domain.documents.visibility import Restriction
from dmp.entrypoints.web.results.explained import EXPLAINED
from dmp.entrypoints.web.results.words import place, usual
from tests.builders.clinical_facts import AT, TODAY, a_claim, a_series, a_source, declared
from tests.builders.synthesis import a_synthesis
from tests.entrypoints.web.people import Someone, lea
from tests.entrypoints.web.site import Browser, Site, without_what_varies
from tests.entrypoints.web.test_acting import a_carer
from tests.entrypoints.web.test_health_summary import words

Told = Callable[..., None]
HIDDEN_FROM_PARENTS = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """From here on every synthesis has these series."""

    def tell(*series: Series) -> None:
        made = Synthesis(at=AT, series=series)
        monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: made)

    return tell


def links(page: str) -> dict[str, str]:
    """The pages of analyses by their names, in the order of the list."""
    found = re.findall(r'class="title" href="([^"]+/resultats/[^"]+)">([^<]+)', page)
    return {unescape(label): path for path, label in found}


def opened(browser: Browser, home: str, label: str) -> str:
    """The page of an analysis."""
    return browser.get(links(browser.get(home + "/resultats").text)[label]).text


def a_measured(site: Site) -> tuple[Someone, Browser]:
    """Somebody whose laboratory sent haemoglobin and ferritin."""
    someone = Someone(site).opens()
    someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    return someone, site.browser(someone.key)


def test_the_list_names_each_analysis_with_its_last_value_in_words(site: Site) -> None:
    someone, browser = a_measured(site)
    page = browser.get(someone.home + "/resultats").text
    assert list(links(page)) == ["Ferritine", "Hémoglobine"], "out of range first"
    text = words(page)
    assert "Ferritine 9 µg/L" in text and "au-dessous des valeurs habituelles" in text
    assert "Hémoglobine 13,2 g/dL" in text and "dans les valeurs habituelles" in text
    assert "<svg" not in page and "<table" not in page, "it is read on a phone"


def test_a_page_explains_shows_asks_and_proves(site: Site) -> None:
    someone, browser = a_measured(site)
    page = opened(browser, someone.home, "Ferritine")
    text = words(page)
    assert "Au-dessous des valeurs habituelles" in text and "de 15 à 150 µg/L" in text
    assert page.count('class="fig scale"') == 1
    assert "Cette analyse montre les réserves de fer." in text and "Source : MedlinePlus" in text
    assert "Pourquoi ce résultat est-il au-dessous des valeurs habituelles ?" in text
    assert "Anne VASSEUR" in text, "who made it"
    address, mark = re.findall(r'href="([^"]+\?de=(resultats/[0-9a-f]{24}\.p\d+)[^"#]*)', page)[0]
    document = browser.get(unescape(address)).text
    where, _, anchor = mark.partition(".")
    assert f'class="back" href="{someone.home}/{where}#{anchor}"' in document
    assert f'id="{anchor}"' in page
    assert page.count("<tbody><tr>") == 1 and " style=" not in page


def test_the_trend_has_its_table_with_the_same_values(site: Site, told: Told) -> None:
    told(
        a_series(),
        replace(a_series("Poids", "29463-7", (82, 81), "kg", None, None), trend=Trend.UNKNOWN),
    )
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    page = opened(browser, someone.home, "HbA1c")
    curve = re.findall(r'<svg class="fig curve close".*?</svg>', page, re.DOTALL)[0]
    assert (
        curve.count("<circle") + curve.count("<polygon") == 4 == page.count('<tr><th scope="row"')
    )
    text = words(page)
    assert "Plus haut que la fois d’avant (7,6, le" in text and "jusqu’à 7 %" in text
    weight = words(opened(browser, someone.home, "Poids"))
    assert "Valeurs habituelles" not in weight and "Voir mes mesures" in weight


def test_no_address_tells_of_what_was_looked_for(site: Site) -> None:
    someone, browser = a_measured(site)
    paths = links(browser.get(someone.home + "/resultats").text).values()
    assert all(re.fullmatch(r"/espace/[^/]+/resultats/[0-9a-f]{24}", path) for path in paths)
    other, elsewhere = a_measured(site)
    there = links(elsewhere.get(other.home + "/resultats").text).values()
    assert not {path[-24:] for path in paths} & {path[-24:] for path in there}
    for word in ("718-7", "haemoglobin", "Ferritine", "inconnue"):
        assert browser.get(f"{someone.home}/resultats/{word}").status_code == 404
    # A new value moves no page.
    someone.receives("Bilan suivant", someone.laboratory(), "11502-2", days_ago=0)
    assert list(links(browser.get(someone.home + "/resultats").text).values()) == list(paths)


def test_what_parents_may_not_see_leaves_no_hint(site: Site) -> None:
    parent = Someone(site).opens()
    one, other = lea(site, parent), lea(site, parent)
    browser = site.browser(parent.key)
    entry = one.receives("Bilan", one.laboratory(), "11502-2")
    path = links(browser.get(one.home + "/resultats").text)["Ferritine"]
    assert browser.get(path).status_code == 200
    own = site.browser(one.key)
    asked = f"{one.home}/documents/{entry.document_id}/confidentialite"
    hiding = {"choix": "masquer", "envisager": "parents"}
    own.post(asked, hiding, page=asked + "?envisager=parents")
    # Her only source is hidden now: the page is as unknown as one that never was, the list as an empty one.
    unknown = browser.get(path[:-24] + "0" * 24)
    gone = browser.get(path)
    assert gone.status_code == unknown.status_code == 404
    assert plain(gone.text, one) == plain(unknown.text, one)
    shown, empty = (browser.get(who.home + "/resultats").text for who in (one, other))
    assert plain(shown, one) == plain(empty, other) and "Aucun résultat" in shown
    assert "Ferritine" in links(own.get(one.home + "/resultats").text)
    assert "Ferritine" not in browser.get(one.home + "/ma-sante").text


def plain(page: str, whose: Someone) -> str:
    """A page without what names the record, the moment and the refusal."""
    page = without_what_varies(page).replace(whose.home, "/espace/x")
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24}", "x", page)
    return re.sub(r"data-idle=\"\d+\"", "", page)


def test_a_carer_reads_with_a_key_of_his_own_and_a_stranger_does_not(site: Site) -> None:
    helped, hers = a_measured(site)
    _, browser = a_carer(site, helped)
    page = opened(browser, helped.home, "Ferritine")
    assert "Questions à poser à son médecin" in page and "Mes résultats" not in page
    path = links(hers.get(helped.home + "/resultats").text)["Ferritine"]
    assert browser.get(path).status_code == 404, "the address is of one reader"
    stranger = site.browser(Someone(site).opens().key)
    for address in (helped.home + "/resultats", path):
        assert stranger.get(address).status_code in (403, 404)


def test_what_is_not_announced_yet_does_not_exist_for_the_holder(site: Site) -> None:
    someone = Someone(site).opens()
    hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
    someone.receives("Bilan grave", someone.laboratory(), "11502-2", restrictions=hidden)
    page = site.browser(someone.key).get(someone.home + "/resultats").text
    assert links(page) == {} and "Bilan grave" not in page and "compte rendu" not in page


def test_reports_without_values_are_named_with_the_way_back(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    nothing = words(browser.get(someone.home + "/resultats").text)
    assert "Aucun résultat à lire ici comme un nombre." in nothing
    assert "Les laboratoires envoient leurs résultats" in nothing
    for number in range(12):
        someone.receives(f"Bilan numérisé {number}", type_code="11502-2", days_ago=3 + number)
    page = browser.get(someone.home + "/resultats").text
    assert "Le dossier contient 12 comptes rendus d’analyses" in words(page)
    assert page.count("?de=resultats.p") == 10 and "documents?categorie=BIOLOGIE" in page
    read = someone.receives("Bilan structuré", someone.laboratory(), "11502-2")
    page = browser.get(someone.home + "/resultats").text
    assert "Bilan numérisé 0" in page and str(read.document_id) not in page


def test_many_analyses_and_many_values_are_shown_page_by_page(site: Site, told: Told) -> None:
    many = [a_series(f"Analyse {n:02}", f"9{n:04}-1") for n in range(30)]
    told(a_series("Glucose", "2345-7", tuple(1 + n / 100 for n in range(120)), "g/L"), *many)
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    path = someone.home + "/resultats"
    first, second = links(browser.get(path).text), links(browser.get(path + "?page=2").text)
    assert len(first) == 25 and len(second) == 6 and not set(first) & set(second)
    for wrong in ("0", "3", "x", "-1", "²"):
        assert browser.get(f"{path}?page={wrong}").status_code == 400, wrong
    values = [browser.get(f"{first['Glucose']}?page={n}").text for n in (1, 2, 3)]
    assert [page.count('<tr><th scope="row"') for page in values] == [50, 50, 20]
    assert len(values[0].encode()) < 60_000
    back = re.findall(r'href="([^"]+\?de=[^"]+)"', values[1])[0]
    assert "avec=page%3D2" in back


NUMBERS = (float("nan"), float("inf"), -1e308, 1e308, 5e-324, 0.0)
UNITS = ("", "</svg><script>alert(1)</script>" + "u" * 3_000)


def test_hostile_values_stay_words_and_are_drawn_as_far_as_they_can_be(
    site: Site, told: Told
) -> None:
    made = []
    for rank, (number, unit) in enumerate(product(NUMBERS, UNITS)):
        label = f"<img src=x onerror=alert({rank})>"
        made.append(a_series(label, "", (1, number), unit, 1e308, -1e308))
        made.append(a_series(f"Autre {rank}", "", (number,), unit, number, None))
    told(*made)
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    listed = browser.get(someone.home + "/resultats")
    further = browser.get(someone.home + "/resultats?page=2") if len(made) > 25 else listed
    found = links(listed.text) | links(further.text)
    assert len(found) == len(made)
    for path in found.values():
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert "<script>alert" not in answer.text and "<img src" not in answer.text
        drawn = re.findall(r"<(?:rect|text|path|polyline|polygon|circle)[^>]*>", answer.text)
        assert not re.search(r'[" ,](nan|inf|-inf)[", ]', " ".join(drawn)), path


def test_values_in_words_and_units_that_do_not_meet_stand_apart(site: Site, told: Told) -> None:
    one = a_series("Sérologie", "16128-1", (1.0, 2.0), "index", None, None, Trend.UNKNOWN)
    said = one.points[0]._replace(value=None, text="positif", unit="")
    in_words = replace(one, points=(said,))
    told(one, in_words, a_series("", "", (1.0,), "index", None, None, Trend.UNKNOWN))
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    assert list(links(browser.get(someone.home + "/resultats").text)) == [
        "Sérologie",
        "Analyse sans nom",
    ]
    text = words(opened(browser, someone.home, "Sérologie"))
    assert "Elles sont montrées à part" in text and "En mots" in text and "positif" in text
    assert "Ce site n’a pas d’explication pour cette analyse." in text
    assert "À quoi sert cette analyse ?" in text
    assert "Le laboratoire n’a pas donné de valeurs habituelles." in text


def test_a_laboratory_s_mark_becomes_a_question_and_no_alarm(site: Site, told: Told) -> None:
    one = a_series("Potassium", "2823-3", (4.0, 7.1), "mmol/L", 3.5, 5.1)
    last = one.points[-1]._replace(interpretation="HH")
    told(replace(one, points=(one.points[0], last)))
    someone = Someone(site).opens()
    text = words(opened(site.browser(someone.key), someone.home, "Potassium"))
    assert "Le laboratoire a signalé ce résultat : que faut-il faire, et quand ?" in text
    assert "Pourquoi ce résultat a-t-il changé depuis la fois d’avant ?" in text
    assert "alerte" not in text.lower() and "danger" not in text.lower()


def test_a_test_that_was_paid_for_since_is_told(site: Site, told: Told) -> None:
    paid = Performed(
        label="HbA1c",
        on=TODAY - timedelta(days=3),
        code=Code("1577", CNAM_NABM),
        sources=(a_claim(),),
    )
    told(replace(a_series(), paid_since=paid))
    someone = Someone(site).opens()
    text = words(opened(site.browser(someone.key), someone.home, "HbA1c"))
    assert "Une analyse plus récente a été remboursée le 17 novembre 2026." in text


def test_what_she_said_herself_is_told_as_hers(site: Site, told: Told) -> None:
    one = a_series("Poids", "29463-7", (82,), "kg", None, None, Trend.UNKNOWN)
    told(replace(one, points=(one.points[0]._replace(sources=(declared(), a_source(3))),)))
    someone = Someone(site).opens()
    page = opened(site.browser(someone.key), someone.home, "Poids")
    text = words(page)
    assert "déclaré par vous" in text and "Volet de synthèse médicale" in text
    assert "Comprendre" not in text, "a weight needs no explanation"


def test_the_table_of_explanations_names_analyses_once_and_knows_its_sources() -> None:
    rows = {id(one): one for one in EXPLAINED.values()}.values()
    names = [name for one in rows for name in one.names]
    assert len(names) == len(set(names))
    keys = {one.key for one in ANALYTES}
    loinc = {code for one in ANALYTES for code in one.loinc}
    assert all(name in keys or re.fullmatch(r"\d{1,6}-\d", name) for name in names)
    assert not loinc & set(names), "an analyte is named by its key: no code of it would be found"
    assert keys <= set(names) and all(one.source and one.what for one in rows)


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (4, 6, "de 4 à 6 %"),
        (None, 6, "jusqu’à 6 %"),
        (4, None, "à partir de 4 %"),
        (None, None, ""),
    ],
)
def test_a_range_is_said_as_one_says_it(low: float | None, high: float | None, said: str) -> None:
    last = a_series(low=low, high=high).last
    assert usual(last).replace("\u00a0", " ") == said
    marked = last._replace(interpretation="A", low=None, high=None)
    assert place(marked) == "hors des valeurs habituelles"


def test_every_fact_of_the_former_page_is_still_reached(site: Site, told: Told) -> None:
    told(*a_synthesis().series)
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    found = links(browser.get(someone.home + "/resultats").text)
    assert set(found) == {one.label for one in a_synthesis().series}
    rows = sum(browser.get(path).text.count('<tr><th scope="row"') for path in found.values())
    assert rows == sum(len(one.points) for one in a_synthesis().series)


def test_a_proof_among_the_measures_leads_back_to_them(site: Site, told: Told) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Consultation", someone.note())
    one = a_series("Poids", "29463-7", (82,), "kg", None, None, Trend.UNKNOWN)
    sources = (a_source(document=entry.document_id, anchor=""),)
    told(replace(one, points=(one.points[0]._replace(sources=sources, at=site.house.now()),)))
    browser = site.browser(someone.key)
    path = f"{someone.home}/profil-medical/mesures/poids?periode=mois"
    mark, proof = re.findall(r'id="(p\d+)" href="([^"]+)"', browser.get(path).text)[0]
    assert f'class="back" href="{path}#{mark}"' in browser.get(unescape(proof)).text
