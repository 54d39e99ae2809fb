"""The leaves of a patient's chart: what each holds, what proves it, who has it, and how it is found again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import escape, unescape

import pytest

from dmp.acts.synthesis import read_synthesis
from dmp.domain.clinical.facts import Allergy, Provenance
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.documents.visibility import Restriction
from tests.builders.clinical_facts import a_problem, a_series, a_source
from tests.builders.synthesis import a_synthesis, some_imaging
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_synthesis import HOSTILE, at, words

Told = Callable[[Synthesis], None]
LEAVES = (
    "/chronologie",
    "/problemes",
    "/biologie",
    "/biologie/2823-3",
    "/imagerie",
    "/vaccinations",
    "/prevention",
    "/volontes",
)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """From here on every synthesis is this one, whatever the record holds."""

    def tell(synthesis: Synthesis) -> None:
        monkeypatch.setattr(read_synthesis, "synthesis_of", lambda *_: synthesis)

    tell(a_synthesis())
    return tell


def patient_of(site: Site, someone: Someone, person: str = "medecin") -> tuple[Browser, str]:
    """A browser of this professional, and the address of her pages."""
    browser = site.browser(person)
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    path = str(answer.headers["location"])
    if person != "medecin":
        browser.post(path + "/acces", {"raison": "present", "duree": "30"})
    return browser, path


def test_every_leaf_has_its_facts_and_its_proofs(site: Site, told: Told) -> None:
    browser, path = at(site)
    expected = {
        "/chronologie": ("Fibrillation atriale", "CHU de Rouen", "Apixaban", "Mammographie"),
        "/problemes": ("Diabète de type 2", "E11", "Cholécystectomie", "Pénicilline"),
        "/biologie": ("HbA1c", "Potassium", "Poids"),
        "/biologie/2823-3": ("5,4", "mmol/L", "3,5–5,1"),
        "/imagerie": ("Échographie cardiaque", "Mammographie", "42 %"),
        "/vaccinations": ("Boostrix", "Vaccin antigrippal"),
        "/prevention": ("Dépistage du cancer colorectal", "Programme national de dépistage"),
    }
    for end, facts in expected.items():
        answer = browser.get(path + end)
        text = words(answer.text)
        assert answer.status_code == 200, end
        assert [one for one in facts if one not in text] == [], end
        assert " style=" not in answer.text, end
        assert len(answer.text.encode()) < 60_000, end
    menu = browser.get(path + "/synthese").text
    assert [end for end in LEAVES if end.count("/") == 1 and path + end not in menu] == []


def test_an_empty_record_says_so_on_every_leaf(site: Site) -> None:
    browser, path = at(site)
    said = {
        "/chronologie": "Rien n’est daté dans cette période.",
        "/problemes": "Aucun problème transmis sous forme structurée.",
        "/biologie": "Aucun compte rendu d’analyses n’est visible.",
        "/imagerie": "Aucun examen d’imagerie transmis.",
        "/vaccinations": "Aucune vaccination transmise.",
        "/prevention": "Dépistages et suivi",
        "/volontes": "Non renseigné",
    }
    for end, sentence in said.items():
        assert sentence in words(browser.get(path + end).text), end
    assert browser.get(path + "/biologie/2823-3").status_code == 404
    assert browser.get(path + "/imagerie/f00").status_code == 404
    assert browser.get(path + "/imagerie/comparer").status_code == 404


def test_a_leaf_that_a_profession_may_not_fill_is_nowhere(site: Site, told: Told) -> None:
    browser, path = at(site, "opticien")
    pages = [browser.get(path + end).text for end in ("/synthese", "/documents", "/faits")]
    for end in (*LEAVES, "/imagerie/comparer?a=x&b=y", "/intervention", "/transmission"):
        assert browser.get(path + end).status_code == 404, end
        assert [text for text in pages if path + end in text] == [], end
    pharmacist, there = at(site, "pharmacienne")
    for end in LEAVES:
        assert pharmacist.get(there + end).status_code == 200, end


def test_whoever_may_not_read_has_no_leaf(site: Site, told: Told) -> None:
    someone = Someone(site).opens().blocks(DOCTOR)
    browser, path = patient_of(site, someone)
    for end in (*LEAVES, "/documents", "/intervention"):
        assert browser.get(path + end).status_code == 404, end
    other = Someone(site).opens()
    stranger, there = patient_of(site, other)
    for end in (*LEAVES, "/documents"):
        assert stranger.get(there + end).url.path == there + "/acces", end
    secretary = site.browser("secretaire")
    for end in (*LEAVES, "/documents"):
        assert secretary.get(there + end).status_code in (403, 404), end


def test_hostile_words_stay_words(site: Site, told: Told) -> None:
    full = a_synthesis()
    hostile = a_source(title=HOSTILE, author=HOSTILE, anchor='"><script>')
    exam = full.imaging[0]._replace(
        label=HOSTILE,
        conclusion=HOSTILE,
        region=HOSTILE,
        modality=HOSTILE,
        sources=(hostile,),
    )
    told(
        replace(
            full,
            problems=(a_problem(HOSTILE, long_term=HOSTILE, sources=(hostile,)),),
            series=tuple(
                replace(
                    one,
                    label=HOSTILE,
                    points=tuple(p._replace(unit=HOSTILE, sources=(hostile,)) for p in one.points),
                )
                for one in full.series
            ),
            imaging=(exam,),
            stays=tuple(replace(one, place=HOSTILE, reason=HOSTILE) for one in full.stays),
            vaccinations=tuple(replace(v, label=HOSTILE, lot=HOSTILE) for v in full.vaccinations),
            due=tuple(replace(one, label=HOSTILE, source=HOSTILE) for one in full.due),
            allergies=(Allergy(label=HOSTILE, reaction=HOSTILE, sources=(hostile,)),),
        )
    )
    browser, path = at(site)
    key = re.findall(r"/imagerie/(f[0-9a-f]+)", browser.get(path + "/imagerie").text)[0]
    for end in (*LEAVES[:-1], f"/imagerie/{key}", "/chronologie?ans=20"):
        text = browser.get(path + end).text
        assert "<script>alert" not in text and "<img src=x" not in text, end
        assert "&lt;script&gt;" in text, end


# --- Laboratory ------------------------------------------------------------------------------------


def test_units_that_cannot_be_converted_stand_apart(site: Site, told: Told) -> None:
    one = a_series("Anticorps", "5124-7", (3, 4), "UI/mL", None, 5)
    other = a_series("Anticorps", "5124-7", (30, 41), "index", None, 50)
    told(a_synthesis(series=(one, other)))
    browser, path = at(site)
    text = browser.get(path + "/biologie/5124-7").text
    titles = re.findall(r'<h2 id="serie-\d-titre">([^<]+)', text)
    assert [words(title) for title in titles] == ["En UI/mL", "En index"]
    assert "séparées, jamais mêlées" in text
    first, second = text.split('id="serie-2"')
    assert "41" not in words(first.split('id="serie-1"')[1])
    assert "index" in words(second)


def test_each_value_has_the_range_of_its_laboratory(site: Site, told: Told) -> None:
    series = a_series("Ferritine", "2276-4", (12, 60), "µg/L", 30, 300)
    elsewhere = series.points[0]._replace(
        low=15,
        high=150,
        sources=(a_source(5, author="Laboratoire du Port", title="Bilan"),),
    )
    told(a_synthesis(series=(replace(series, points=(elsewhere, series.points[1])),)))
    browser, path = at(site)
    text = browser.get(path + "/biologie/2276-4").text
    rows = [words(row) for row in re.findall(r"<tr><th scope=\"row\".*?</tr>", text, re.DOTALL)]
    assert "30–300" in rows[0] and "15–150" in rows[1]
    assert "Laboratoire du Port" in rows[1] and "au-dessous de l’intervalle" in rows[1]
    assert text.count('class="fig-band"') == 2
    assert "change avec le laboratoire" in text


def test_the_table_moves_by_days_and_narrows_to_what_is_out(site: Site, told: Told) -> None:
    many = a_series("Glucose", "2345-7", tuple(1 + n / 10 for n in range(12)), "g/L", None, 3)
    told(a_synthesis(series=(many, a_series())))
    browser, path = at(site)
    text = browser.get(path + "/biologie").text
    assert text.count('<th scope="col" class="number">') == 8
    older = re.findall(r'href="([^"]+avant=[^"]+)#mesures"', text)[0].replace("&amp;", "&")
    then = browser.get(older).text
    assert then.count('<th scope="col" class="number">') == 4
    assert "Jours plus récents" in then and "Jours plus anciens" not in then
    assert "À d’autres dates" in then, "what these days lack is still named"
    narrowed = browser.get(path + "/biologie?valeurs=hors").text
    assert "HbA1c" in narrowed
    assert browser.get(path + "/biologie?tableau=mesures&avant=hier").status_code == 400


def test_a_report_without_values_is_listed_and_the_former_address_leads_here(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    someone.receives("Bilan numérisé", type_code="11502-2")
    read = someone.receives("Bilan structuré", someone.laboratory(), "11502-2")
    masked = frozenset({Restriction.MASKED})
    someone.receives("Sérologie", type_code="11502-2", restrictions=masked)
    browser, path = patient_of(site, someone)
    answer = browser.get(path + "/resultats")
    assert answer.url.path == path + "/biologie"
    listed = answer.text.split('id="comptes-rendus"')[1]
    assert "Bilan numérisé" in listed and str(read.document_id) not in listed
    assert "Ferritine" in answer.text
    pharmacist, there = patient_of(site, someone, "pharmacienne")
    assert "Sérologie" not in pharmacist.get(there + "/biologie").text


def test_a_proof_leads_back_to_the_laboratory_as_it_was_narrowed(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    someone.receives("Bilan numérisé", type_code="11502-2")
    someone.receives("Bilan structuré", someone.laboratory(), "11502-2")
    browser, path = patient_of(site, someone)
    asked = "valeurs=hors&tableau=analyses&avant=2199-01-01"
    table = browser.get(f"{path}/biologie?{asked}&mots=cach%C3%A9").text
    report = re.findall(r'<a id="(p\d+)" href="([^"]+/documents/[^"]+)"', table)[0]
    back = f'class="back" href="{path}/biologie?{escape(asked)}'
    assert f"{back}#{report[0]}" in browser.get(unescape(report[1])).text
    one = re.findall(r'href="([^"]+/biologie/2276-4[^"]*)"', table)[0]
    analysis = browser.get(unescape(one)).text
    assert f'{back}"' in analysis, "from the analysis to the table"
    proof = re.findall(r'id="(p\d+)" href="([^"#]+)', analysis)[0]
    document = browser.get(unescape(proof[1])).text
    assert f'class="back" href="{path}/biologie/2276-4?{escape(asked)}#{proof[0]}"' in document


# --- Imaging ---------------------------------------------------------------------------------------


def test_two_exams_stand_side_by_side_the_older_one_first(site: Site, told: Told) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    entries = [someone.receives(f"Écho {n}", someone.note()) for n in (1, 2)]
    first = some_imaging()[0]
    told(
        a_synthesis(
            imaging=tuple(
                first._replace(
                    on=first.on - timedelta(days=200 * rank),
                    conclusion=f"Conclusion {rank}",
                    sources=(a_source(document=entry.document_id),),
                )
                for rank, entry in enumerate(entries)
            )
        )
    )
    browser, path = patient_of(site, someone)
    text = browser.get(path + "/imagerie").text
    link = re.findall(r'href="([^"]+/imagerie/comparer[^"]+)"', text)
    assert len(link) == 1, "only the newest has an earlier one of its kind"
    compared = browser.get(link[0].replace("&amp;", "&")).text
    assert compared.index("Conclusion 1") < compared.index("Conclusion 0")
    assert compared.count('class="reader"') == 2
    ids = re.findall(r' id="([^"]+)"', compared)
    assert len(ids) == len(set(ids)), "an anchor stands once"
    journal = site.browser(someone.key).get(someone.home + "/acces?quoi=consultations").text
    assert "Écho 1" in journal and "Écho 2" in journal, "reports that are shown were read"


def test_a_proof_leads_back_to_imaging_as_it_was_narrowed(site: Site, told: Told) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    entries = [someone.receives(f"Écho {n}", someone.note()) for n in (1, 2)]
    first = some_imaging()[0]._replace(modality="US")
    exams = [
        first._replace(
            on=first.on - timedelta(days=200 * rank),
            sources=(a_source(document=entry.document_id),),
        )
        for rank, entry in enumerate(entries)
    ]
    told(a_synthesis(imaging=(*exams, some_imaging()[0]._replace(modality="CT", sources=()))))
    browser, path = patient_of(site, someone)
    kind = "examen=%C3%89chographie"
    listed = browser.get(f"{path}/imagerie?{kind}").text
    exam = unescape(re.findall(r'class="title" href="([^"]+)"', listed)[0])
    compared = unescape(re.findall(r'href="([^"]+/comparer[^"]+)"', listed)[0])
    for page in (f"{path}/imagerie?{kind}", exam, compared):
        text = browser.get(page).text
        assert page.endswith(kind)
        proofs = re.findall(r'id="(p\d+)" href="([^"#]+)', text)
        assert proofs, page
        for mark, proof in proofs:
            document = browser.get(unescape(proof)).text
            assert f'class="back" href="{escape(page)}#{mark}"' in document
    for page in (exam, compared):
        assert f'class="back" href="{path}/imagerie?{kind}"' in browser.get(page).text
    # What is not a word takes no part, and nothing leads out of the patient's pages.
    odd = {"de": "imagerie/comparer.p1", "avec": "a=%2F%2Failleurs&b=x&examen=%3Cscript%3E"}
    document = browser.get(f"{path}/documents/{entries[0].document_id}", params=odd).text
    assert f'class="back" href="{path}/imagerie/comparer?b=x#p1"' in document


def test_a_report_that_is_not_announced_is_not_shown_beside_the_exam(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
    someone.receives("Scanner", someone.pdf("Scanner", "Nodule."), "18748-4", restrictions=hidden)
    browser, path = patient_of(site, someone)
    exam = re.findall(r'class="title" href="([^"]+)"', browser.get(path + "/imagerie").text)[0]
    text = browser.get(exam).text
    assert "Un avertissement précède la lecture" in text and "Nodule" not in text


def test_an_exam_known_by_its_reimbursement_alone_has_no_report(site: Site, told: Told) -> None:
    claimed = a_source(90, provenance=Provenance.CLAIMS)
    told(a_synthesis(imaging=(some_imaging()[0]._replace(sources=(claimed,)),)))
    browser, path = at(site)
    listed = browser.get(path + "/imagerie").text
    exam = re.findall(r'class="title" href="([^"]+)"', listed)[0]
    assert "sans compte rendu" in listed
    assert "Aucun compte rendu transmis" in browser.get(exam).text


# --- Chronology ------------------------------------------------------------------------------------


def test_the_frieze_is_moved_narrowed_and_said_again_in_a_table(site: Site, told: Told) -> None:
    browser, path = at(site)
    whole = browser.get(path + "/chronologie?ans=20").text
    figures = re.findall(r'<div role="group" aria-label="([^"]+)"><svg class="frieze"', whole)
    assert figures == [
        "Problèmes", "Séjours et passages", "Traitements", "Examens, résultats et vaccins",
    ]  # fmt: skip
    marks = re.findall(r'<a href="([^"]+)" id="(p\d+)" class="proof frieze-mark">', whole)
    assert len(marks) > 20
    assert all(f"?de=chronologie.{mark}" in address for address, mark in marks)
    only = browser.get(path + "/chronologie?bande=sejours").text
    assert only.count('class="frieze"') == 1 and "Apixaban" not in words(only)
    table = words(whole.split('id="tableau"')[1])
    assert "Séjours et passages CHU de Rouen" in table
    former = re.findall(r'href="([^"]+fin=[^"]+)"', whole)[0].replace("&amp;", "&")
    before = words(browser.get(former).text)
    assert "Cholécystectomie" in before and "Apixaban" not in before
    assert (
        "Rien n’est daté dans cette période."
        in browser.get(path + "/chronologie?fin=1970-01-01").text
    )
    for wrong in ("ans=3", "bande=rien", "fin=hier", "page=x"):
        assert browser.get(f"{path}/chronologie?{wrong}").status_code == 400, wrong


def test_the_frieze_narrows_to_a_problem(site: Site, told: Told) -> None:
    browser, path = at(site)
    listed = browser.get(path + "/problemes").text
    links = re.findall(r'href="([^"]+/chronologie\?probleme=[0-9a-f]{12})"', listed)
    narrowed = words(browser.get(links[0]).text)
    assert "Vue limitée à : Diabète de type 2" in narrowed
    assert "Metformine" in narrowed and "Lévothyroxine" not in narrowed


# --- Wishes ----------------------------------------------------------------------------------------


def test_directives_are_yes_with_their_document_and_silence_is_not_no(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    browser, path = patient_of(site, someone)
    assert "Rien n’indique s’il existe des directives" in browser.get(path + "/volontes").text
    own = site.browser(someone.key)
    titled = {"type": "EXPPAT_3", "titre": "Mes directives", "date": "2026-03-02"}
    files = {"fichier": ("a.pdf", someone.pdf("Directives"), "application/pdf")}
    own.post(someone.home + "/documents/ajouter", titled | {"visibilite": "visible"}, files=files)
    persons = someone.home + "/profil-medical/personnes-a-prevenir/ajouter"
    own.post(persons, {"nom": "Luc Delorme", "telephone": "0612345678"})
    text = browser.get(path + "/volontes").text
    assert "<strong>Oui</strong>" in text and "Mes directives" in text
    assert 'href="tel:0612345678"' in text and "Luc Delorme" in text
    assert "Luc Delorme" not in browser.get(path + "/profil").text, "said once, on one page"
