"""Stops of the holder's own space: history, imaging, prevention, first visit, growth, measures from a file."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from dmp.domain.claims.reimbursement import Kind, System
from dmp.domain.identity.patient import Sex
from tests.browser.stops import Stop
from tests.builders.claims import a_line, a_stay, an_act
from tests.entrypoints.web.feeding import ago, fed_with
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site

MEASURES = "/profil-medical/mesures/importer"
VACCINE = {"contre": "ror", "nom": "Priorix", "date": "2020-05-02"}


def of_own_space(site: Site) -> list[Stop]:
    """What the walk along links does not meet: somebody of seventy, nobody's history, a growing child."""
    born = date(datetime.now(UTC).year - 70, 1, 2)
    someone, empty = Someone(site, birth_date=born).opens(), Someone(site).opens()
    browser = site.browser(someone.key)
    home = someone.home
    _fed(site, someone)
    browser.post(home + "/profil-medical/vaccinations/ajouter", VACCINE)
    exam = re.findall(r'href="([^"]+/imagerie/[0-9a-f]{24})"', browser.get(home + "/imagerie").text)
    page = browser.get(home + "/prevention").text
    rule = re.findall(r'name="ligne" value="([^"]+)"', page)[0]
    browser.post(home + "/prevention", {"choix": "refuser", "ligne": rule})
    site.browser(empty.key).post(empty.home + "/prevention", {"choix": "arreter"})
    paths = {
        "histoire": "/histoire",
        "histoire-erreur": "/histoire?genre=medicaments&du=hier",
        "imagerie": "/imagerie",
        "prevention": "/prevention",
        "vaccins": "/vaccinations",
        "vaccins-releve": "/vaccinations/certificat",
        "documents-episodes": "/documents?regrouper=episode",
        "visite-urgence": "/activation/urgence",
        "visite-cle": "/activation/cle",
    }
    return [
        *(Stop(name, someone.key, home + path) for name, path in paths.items()),
        Stop("imagerie-examen", someone.key, exam[0]),
        Stop("prevention-arretee", empty.key, empty.home + "/prevention"),
        Stop("histoire-vide", empty.key, empty.home + "/histoire"),
        Stop("resultats-aucun", empty.key, empty.home + "/resultats"),
        *_results(site),
        *_of_a_child(site),
    ]


def _results(site: Site) -> list[Stop]:
    """Analyses: of a laboratory, of her own, and reports of which no value is read."""
    scanned, measured = Someone(site).opens(), Someone(site).opens()
    scanned.receives("Bilan numérisé", type_code="11502-2")
    measured.receives("Bilan", measured.laboratory(), "11502-2")
    browser = site.browser(measured.key)
    for days, value in enumerate(("72,5", "72", "71,4")):
        taken = {"valeur": value, "date": ago(site, 30 * days + 1).isoformat()}
        browser.post(measured.home + "/profil-medical/mesures/poids/ajouter", taken)
    listed = browser.get(measured.home + "/resultats").text
    pages = re.findall(r'class="title" href="([^"]+/resultats/[^"]+)"', listed)
    return [
        Stop("resultats-a-lire", scanned.key, scanned.home + "/resultats"),
        *(Stop(f"resultat-{number}", measured.key, path) for number, path in enumerate(pages)),
    ]


def _fed(site: Site, someone: Someone) -> None:
    exam = {"kind": Kind.IMAGING, "system": System.CCAM, "code": "ZBQK002"}
    lines = [
        line
        for months in range(1, 20)
        for line in (a_line(start=ago(site, 30 * months)), an_act(start=ago(site, 30 * months)))
    ]
    seen = (an_act(start=ago(site, 20), **exam), an_act(start=ago(site, 300), **exam))
    fed_with(site, someone, *lines, *seen, a_stay(start=ago(site, 400), end=ago(site, 395)))


def _of_a_child(site: Site) -> list[Stop]:
    parent = Someone(site).opens()
    born = date(datetime.now(UTC).year - 3, 1, 2)
    child = Someone(site, given_names="Tom", birth_date=born, sex=Sex.MALE).opens()
    child.is_child_of(parent)
    browser = site.browser(parent.key)
    _grown(browser, child, born.year + 1)
    return [
        Stop("croissance", parent.key, child.home + "/profil-medical/croissance"),
        Stop("enfant-prevention", parent.key, child.home + "/prevention"),
    ]


def _grown(browser: Browser, child: Someone, year: int) -> None:
    rows = "\n".join(
        f"{what};{year}-{month:02}-02;;{value};"
        for what, value in (("poids", 9.6), ("taille", 75.7), ("perimetre-cranien", 46))
        for month in (1, 5, 9)
    )
    browser.post(child.home + MEASURES, {"lignes": [rows], "faire": "ajouter"})
