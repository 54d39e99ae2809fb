"""The medical profile: sections, "none", two tabs, absurd values, hostile words; who sees what is shared."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest

from dmp.acts.person.change_profile import ChangeProfile, change_profile
from dmp.acts.person.profile import ReadProfile, read_profile
from dmp.acts.synthesis import read_synthesis as reading
from dmp.domain.clinical.coding import ATC
from dmp.domain.clinical.facts import Allergy as FoundAllergy
from dmp.domain.clinical.facts import Provenance, Vaccination
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.codes import Code
from dmp.domain.record.declared.changes import Change, PutLine
from dmp.domain.record.declared.lines import Allergy
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.profile import Profile
from tests.builders.clinical_facts import a_source
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Browser, Site

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
LISTED = (
    "allergies", "maladies", "traitements", "hospitalisations", "handicaps", "antecedents-familiaux",
)  # fmt: skip
PAGES = (
    "/profil-medical", *(f"/profil-medical/{word}" for word in LISTED), "/profil-medical/groupe-sanguin",
    "/profil-medical/habitudes-de-vie", "/profil-medical/mesures", "/profil-medical/mesures/poids",
    "/profil-medical/mesures/tension", "/profil-medical/mesures/imc", "/vaccinations", "/volontes", "/profil",
)  # fmt: skip
FORMS = (
    *(f"/profil-medical/{word}/ajouter" for word in LISTED), "/profil-medical/vaccinations/ajouter",
    "/profil-medical/personnes-a-prevenir/ajouter", "/profil-medical/mesures/tension/ajouter",
    "/volontes/directives", "/volontes/personne-de-confiance", "/volontes/don-d-organes", "/volontes/autres",
)  # fmt: skip


def kept(site: Site, someone: Someone) -> Profile:
    """The profile as it stands."""
    return site.do(read_profile, ReadProfile(record_id=someone.record.record_id), someone.caller)  # type: ignore[union-attr]


def changes(site: Site, someone: Someone, change: Change) -> Profile:
    """The profile after a change by its holder."""
    request = ChangeProfile(record_id=someone.record.record_id, change=change)  # type: ignore[union-attr]
    return site.do(change_profile, request, someone.caller)


def own(site: Site) -> tuple[Someone, Browser, str]:
    """Somebody with an open record, her browser, the address of her profile."""
    someone = Someone(site, birth_date=date(1951, 3, 14)).opens()
    return someone, site.browser(someone.key), someone.home + "/profil-medical"


def test_every_page_stands_and_says_what_is_missing(site: Site) -> None:
    someone, browser, _ = own(site)
    for path in (*PAGES, *FORMS):
        answer = browser.get(someone.home + path)
        assert answer.status_code == 200, path
        assert " style=" not in answer.text, path
    assert "0 rubrique sur 10" in browser.get(someone.home + "/profil-medical").text
    empty = browser.get(someone.home + "/profil-medical/allergies").text
    assert "ce n’est pas la même chose que « aucune allergie connue »" in empty
    assert browser.get(someone.home + "/profil-medical/inconnue").status_code == 404
    assert browser.get(someone.home + "/profil-medical/mesures/inconnue").status_code == 404
    assert browser.get(someone.home + "/volontes/inconnue").status_code == 404


def test_a_line_is_added_changed_and_taken_away(site: Site) -> None:
    _, browser, path = own(site)
    typed = {
        "substance": "Pénicilline",
        "reaction": "urticaire",
        "gravite": "severe",
        "depuis": "03/2015",
    }
    added = browser.post(path + "/allergies/ajouter", typed)
    assert "ajouté à votre profil" in added.text
    assert "urticaire, réaction sévère, depuis mars" in added.text.replace("\u00a0", " ")
    assert "Déclaré par vous, le" in added.text
    assert "1 rubrique sur 10" in browser.get(path).text
    line = re.search(rf"{path}/allergies/([0-9a-f-]{{36}})\"", added.text)
    assert line is not None
    edit = f"{path}/allergies/{line[1]}"
    page = browser.get(edit).text
    assert 'value="03/2015"' in page and 'value="severe" checked' in page
    seen = re.search(r'name="vu" value="([0-9a-f]+)"', page)
    assert seen is not None
    changed = browser.post(edit, {**typed, "reaction": "choc", "vu": seen[1]})
    assert "La modification est enregistrée" in changed.text and "choc" in changed.text
    question = browser.get(edit + "/retirer").text
    assert "Pénicilline" in question
    marked = re.search(r'name="vu" value="([0-9a-f]+)"', question)
    assert marked is not None
    gone = browser.post(edit + "/retirer", {"vu": marked[1]})
    assert "La ligne est retirée" in gone.text and "Pénicilline" not in gone.text


def test_none_is_said_aloud_taken_back_and_ended_by_a_line(site: Site) -> None:
    someone, browser, path = own(site)
    said = browser.post(path + "/allergies/aucune", page=path + "/allergies").text
    assert "Aucune allergie connue." in said
    assert kept(site, someone).no_known_allergy
    back = browser.post(
        path + "/allergies/aucune", {"aucune": "non"}, page=path + "/allergies"
    ).text
    assert "Non, aucune allergie connue" in back
    browser.post(path + "/allergies/aucune", page=path + "/allergies")
    browser.post(path + "/allergies/ajouter", {"substance": "Arachide"})
    profile = kept(site, someone)
    assert not profile.no_known_allergy and profile.denial(Section.ALLERGIES) is None
    blood = path + "/groupe-sanguin"
    assert browser.post(blood + "/aucune", page=blood).status_code == 404


def test_the_second_of_two_tabs_is_told_and_loses_nothing(site: Site) -> None:
    someone, browser, path = own(site)
    profile = changes(
        site, someone, PutLine(section=Section.ALLERGIES, line=Allergy(substance="Latex"))
    )
    edit = f"{path}/allergies/{profile.allergies[0].line_id}"
    seen = marked(browser.get(edit).text)
    assert (
        browser.post(edit, {"substance": "Latex", "reaction": "premier", "vu": seen}).status_code
        == 200
    )
    second = browser.post(edit, {"substance": "Latex", "reaction": "second", "vu": seen})
    assert second.status_code == 409
    assert "modifiée entre-temps" in second.text
    assert "premier" in second.text and 'value="second"' in second.text
    assert kept(site, someone).allergies[0].reaction == "premier"
    again = browser.post(
        edit, {"substance": "Latex", "reaction": "second", "vu": marked(second.text)}
    )
    assert again.status_code == 200
    assert kept(site, someone).allergies[0].reaction == "second"


@pytest.mark.parametrize(
    ("end", "first", "second"),
    [
        ("/profil-medical/groupe-sanguin", {"groupe": "A+"}, {"groupe": "O-"}),
        (
            "/profil-medical/habitudes-de-vie",
            {"tabac": "never"},
            {"tabac": "daily", "precisions": "b"},
        ),
        ("/volontes/don-d-organes", {"position": "opposed"}, {"position": "undecided"}),
        ("/volontes/autres", {"volontes": "un"}, {"volontes": "deux"}),
        ("/volontes/directives", {"texte": "un"}, {"texte": "deux", "lieu": "tiroir"}),
        (
            "/volontes/personne-de-confiance",
            {"nom": "Luc", "telephone": "0612345678"},
            {"nom": "Anne", "telephone": "0612345679"},
        ),
        ("/profil", {"courriel": "a@exemple.fr"}, {"courriel": "b@exemple.fr"}),
    ],
)
def test_a_section_of_one_form_is_changed_once(
    site: Site, end: str, first: dict[str, str], second: dict[str, str]
) -> None:
    someone, browser, _ = own(site)
    seen = marked(browser.get(someone.home + end).text)
    assert browser.post(someone.home + end, {**first, "vu": seen}).status_code == 200
    refused = browser.post(someone.home + end, {**second, "vu": seen})
    assert refused.status_code == 409
    assert "modifiée" in refused.text or "modifiées" in refused.text
    for value in second.values():
        assert f'value="{value}" checked' in refused.text or value in refused.text
    done = browser.post(someone.home + end, {**second, "vu": marked(refused.text)})
    assert done.status_code == 200


def marked(page: str) -> str:
    """What the form of a page saw when it was shown."""
    found = re.search(r'name="vu" value="([0-9a-f]+)"', page)
    assert found is not None
    return found[1]


TOMORROW = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()


@pytest.mark.parametrize(
    ("end", "typed", "said"),
    [
        ("allergies", {"substance": ""}, "Écrivez à quoi vous êtes allergique."),
        ("allergies", {"substance": "Latex", "depuis": "hier"}, "Écrivez une date comme"),
        ("allergies", {"substance": "Latex", "depuis": "31/02/2015"}, "Cette date n’existe pas"),
        ("allergies", {"substance": "Latex", "depuis": "2999"}, "dans le futur"),
        ("allergies", {"substance": "Latex", "depuis": "1900"}, "précède la naissance"),
        ("allergies", {"substance": "Latex", "gravite": "mortelle"}, "Choisissez une réponse"),
        ("allergies", {"substance": "x" * 300}, "trop long"),
        ("maladies", {"nom": "Asthme", "depuis": "2010", "fin": "2001"}, "La fin doit suivre"),
        ("antecedents-familiaux", {"parent": "mother", "maladie": "AVC", "age": "400"}, "0 à 130"),
        ("antecedents-familiaux", {"parent": "", "maladie": "AVC"}, "lien de parenté"),
        ("vaccinations", {"contre": "autre", "date": "2015"}, "nom du vaccin"),
        ("vaccinations", {"contre": "grippe", "date": ""}, "au moins l’année"),
        ("personnes-a-prevenir", {"nom": "Luc", "telephone": "bientôt"}, "en chiffres"),
        ("mesures/poids", {"valeur": "9000", "date": "2026-01-02"}, "de 0,3 à 650"),
        ("mesures/poids", {"valeur": "lourd", "date": "2026-01-02"}, "Écrivez un nombre"),
        ("mesures/poids", {"valeur": "-3", "date": "2026-01-02"}, "de 0,3 à 650"),
        ("mesures/poids", {"valeur": "70", "date": TOMORROW}, "dans le futur"),
        ("mesures/poids", {"valeur": "70", "date": "2026"}, "le jour, le mois et l’année"),
        ("mesures/poids", {"valeur": "70", "date": "2026-01-02", "heure": "25:00"}, "l’heure"),
        ("mesures/tension", {"valeur": "12", "minimale": "8", "date": "2026-01-02"}, "de 40 à 300"),
        (
            "mesures/tension",
            {"valeur": "120", "minimale": "130", "date": "2026-01-02"},
            "plus petite",
        ),
        ("mesures/douleur", {"valeur": "11", "date": "2026-01-02"}, "de 0 à 10"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_typed_is_lost(
    site: Site, end: str, typed: dict[str, str], said: str
) -> None:
    someone, browser, path = own(site)
    answer = browser.post(f"{path}/{end}/ajouter", typed)
    assert answer.status_code == 400
    assert said in answer.text.replace("\u00a0", " ")
    assert 'class="error-text"' in answer.text
    for value in typed.values():
        assert not value or value == "mortelle" or f'value="{value}"' in answer.text, value
    profile = kept(site, someone)
    assert not profile.allergies and not profile.measures and not profile.persons_to_warn


def test_the_same_allergy_twice_is_offered_to_be_changed(site: Site) -> None:
    _, browser, path = own(site)
    browser.post(path + "/allergies/ajouter", {"substance": "Pénicilline"})
    twice = browser.post(path + "/allergies/ajouter", {"substance": "PENICILLINE"})
    assert twice.status_code == 400
    assert "modifiez la ligne qui existe" in twice.text


def test_hostile_words_stay_words(site: Site) -> None:
    someone, browser, path = own(site)
    someone.declares(DOCTOR)
    browser.post(path + "/allergies/ajouter", {"substance": HOSTILE, "reaction": HOSTILE})
    browser.post(path + "/maladies/ajouter", {"nom": HOSTILE, "note": HOSTILE})
    browser.post(path + "/handicaps/ajouter", {"genre": "implant", "nom": HOSTILE})
    others = someone.home + "/volontes/autres"
    browser.post(others, {"volontes": HOSTILE, "vu": marked(browser.get(others).text)})
    shown = [
        browser.get(someone.home + end).text
        for end in (
            "/profil-medical/allergies",
            "/profil-medical/maladies",
            "/volontes",
            "/ma-sante",
        )
    ]
    doctor, patient = patient_of(site, someone)
    shown += [doctor.get(patient + end).text for end in ("/profil", "/synthese", "/faits")]
    for page in shown:
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert(1)" not in page and "<img src=x" not in page


def patient_of(site: Site, someone: Someone, who: str = "medecin") -> tuple[Browser, str]:
    """A professional's browser, and the address of his patient."""
    doctor = site.browser(who)
    answer = doctor.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    return doctor, str(answer.headers["location"])


def test_measures_of_home_and_laboratory_share_one_curve(site: Site) -> None:
    someone, browser, path = own(site)
    for day, value in (("2026-01-02", "82,4"), ("2026-03-02", "81"), ("2026-05-02", "79,8")):
        added = browser.post(f"{path}/mesures/poids/ajouter", {"valeur": value, "date": day})
        assert added.status_code == 200
    page = browser.get(f"{path}/mesures/poids").text
    assert page.count('class="fig-declared"') == 3
    assert page.count("<tr><th") == 3 + 1
    browser.post(f"{path}/mesures/taille/ajouter", {"valeur": "172", "date": "2026-01-01"})
    assert "27,9" in browser.get(f"{path}/mesures/imc").text
    assert browser.get(f"{path}/mesures/imc/ajouter").status_code == 404
    table = browser.get(f"{path}/mesures/poids/tableau")
    assert table.headers["content-type"].startswith("text/csv")
    assert "Poids;2026-05-02;79,8;kg;déclaré par le patient" in table.text
    tension = {"valeur": "128", "minimale": "76", "date": "2026-05-02", "heure": "08:30"}
    shown = browser.post(f"{path}/mesures/tension/ajouter", tension).text
    assert "02/05/2026 08:30 : 128/76" in shown
    line = kept(site, someone).measures[-1]
    edit = f"{path}/mesures/tension/{line.line_id}"
    gone = browser.post(edit, {"retirer": "oui", "vu": marked(browser.get(edit).text)})
    assert "La mesure est retirée" in gone.text
    # The address of a measure of one kind does not open it as another.
    assert (
        browser.get(f"{path}/mesures/douleur/{kept(site, someone).measures[0].line_id}").status_code
        == 404
    )


def test_a_vaccine_declared_settles_the_calendar(site: Site) -> None:
    someone, browser, path = own(site)
    before = browser.get(someone.home + "/vaccinations").text
    assert "Rappel diphtérie, tétanos, polio" in before
    done = {"contre": "dtp", "date": (datetime.now(UTC) - timedelta(days=90)).date().isoformat()}
    after = browser.post(path + "/vaccinations/ajouter", done).text
    assert "Vaccins faits" in after and "Diphtérie, tétanos, polio" in after
    assert _due(before) - _due(after) == 1


def _due(page: str) -> int:
    found = re.search(r'id="a-faire">.*?</section>', page, re.DOTALL)
    assert found is not None
    return found[0].count("<li>")


def test_what_documents_say_is_taken_over_with_one_button(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = a_source()
    declared = said._replace(document=None, provenance=Provenance.DECLARED)
    synthesis = Synthesis(
        at=datetime.now(UTC),
        allergies=(
            FoundAllergy(label=f"Iode {HOSTILE}", reaction="rougeur", sources=(said,)),
            FoundAllergy(label="Latex", sources=(said, declared)),
        ),
        vaccinations=(
            Vaccination(
                label="Repevax", on=date(2024, 5, 2), codes=(Code("J07CA02", ATC),), sources=(said,)
            ),
        ),
    )
    monkeypatch.setattr(reading, "synthesis_of", lambda *_: synthesis)
    someone, browser, path = own(site)
    page = browser.get(path + "/allergies").text
    assert "Trouvé dans vos documents" in page and "&lt;script&gt;" in page
    offered = re.findall(r'name="(substance|reaction)" value="([^"]*)"', page)
    assert [name for name, _ in offered] == ["substance", "reaction"], "only what is not declared"
    fields = {name: unescape(value) for name, value in offered}
    assert browser.post(path + "/allergies/ajouter", fields).status_code == 200
    assert kept(site, someone).allergies[0].substance == f"Iode {HOSTILE}"
    assert "Trouvé dans vos documents" not in browser.get(path + "/allergies").text
    carnet = browser.get(someone.home + "/vaccinations").text
    taken = re.findall(r'<input type="hidden" name="(contre|nom|date)" value="([^"]*)"', carnet)
    assert dict(taken) == {"contre": "dtp-coqueluche", "nom": "Repevax", "date": "2024-05-02"}
    browser.post(path + "/vaccinations/ajouter", dict(taken))
    assert "Trouvé dans vos documents" not in browser.get(someone.home + "/vaccinations").text
