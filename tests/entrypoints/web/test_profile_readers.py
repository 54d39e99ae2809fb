"""Who sees what of a medical profile: the holder, those who act for her, professionals, nobody else."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest

from dmp.domain.record.declared.changes import Deny, PutLine, Share
from dmp.domain.record.declared.lines import Allergy
from dmp.domain.record.declared.sections import Section
from tests.entrypoints.web.people import DOCTOR, Someone, lea
from tests.entrypoints.web.site import Site, without_what_varies
from tests.entrypoints.web.test_acting import a_carer
from tests.entrypoints.web.test_medical_profile import (
    FORMS,
    PAGES,
    changes,
    kept,
    marked,
    own,
    patient_of,
)


def test_an_unshared_section_is_byte_identical_to_one_that_was_never_filled(site: Site) -> None:
    """The attack: what the holder keeps from professionals is guessed by comparing pages."""
    secret, plain = (
        Someone(site, birth_date=date(1951, 3, 14)).opens().declares(DOCTOR) for _ in range(2)
    )
    for someone in (secret, plain):
        changes(site, someone, PutLine(section=Section.ALLERGIES, line=Allergy(substance="Latex")))
    browser = site.browser(secret.key)
    path = secret.home + "/profil-medical"
    browser.post(path + "/maladies/ajouter", {"nom": "Zona ophtalmique", "etat": "oui"})
    browser.post(path + "/traitements/ajouter", {"nom": "Millepertuis"})
    browser.post(path + "/handicaps/ajouter", {"genre": "implant", "nom": "Stimulateur"})
    browser.post(path + "/hospitalisations/ajouter", {"motif": "Cure", "debut": "2019"})
    browser.post(path + "/vaccinations/ajouter", {"contre": "rage", "date": "2019"})
    browser.post(path + "/mesures/poids/ajouter", {"valeur": "81", "date": "2026-01-02"})
    browser.post(path + "/personnes-a-prevenir/ajouter", {"nom": "Luc", "telephone": "0612345678"})
    browser.post(
        path + "/groupe-sanguin",
        {"groupe": "AB-", "vu": marked(browser.get(path + "/groupe-sanguin").text)},
    )
    directives = secret.home + "/volontes/directives"
    browser.post(directives, {"texte": "Refus", "vu": marked(browser.get(directives).text)})
    changes(site, secret, Deny(section=Section.FAMILY))
    for section in Section:
        if section is not Section.ALLERGIES:
            changes(site, secret, Share(section=section, shared=False))
    shown = [_views(site, someone) for someone in (secret, plain)]
    for (end, one), (_, other) in zip(*shown, strict=True):
        assert one == other, end
        assert "Millepertuis" not in one and "Zona" not in one, end
    # The holder still sees all of it.
    assert "Millepertuis" in browser.get(secret.home + "/ma-sante").text
    assert "Non partagée" in browser.get(path).text


def _views(site: Site, someone: Someone) -> list[tuple[str, str]]:
    doctor, patient = patient_of(site, someone)
    ends = (
        "/profil", "/synthese", "/faits", "/alertes", "/traitements", "/resultats", "/vsm",
        "/recherche?mots=millepertuis", "/documents",
    )  # fmt: skip
    answers = [(end, doctor.get(patient + end)) for end in ends]
    assert [end for end, answer in answers if answer.status_code != 200] == []
    return [(end, _plain(someone, answer.text)) for end, answer in answers]


def _plain(someone: Someone, page: str) -> str:
    page = without_what_varies(page)
    matricule = someone.ins.matricule
    for words in (someone.traits.display, someone.traits.birth_name.upper(), matricule):
        page = page.replace(words, "X")
    return re.sub(r'<span class="number">INS[^<]*</span>', "", page.replace("\u00a0", " "))


def test_a_shared_section_reaches_the_doctor_and_not_the_optician(site: Site) -> None:
    someone, browser, path = own(site)
    someone.declares(DOCTOR)
    browser.post(path + "/traitements/ajouter", {"nom": "Millepertuis", "sans_ordonnance": "oui"})
    doctor, patient = patient_of(site, someone)
    declared = doctor.get(patient + "/profil").text
    assert "Millepertuis" in declared and "déclaré par le patient" in declared
    assert "Millepertuis" in doctor.get(patient + "/synthese").text
    optician, same = patient_of(site, someone, "opticien")
    optician.post(same + "/acces", {"raison": "present", "duree": "30"})
    assert optician.get(same + "/profil").status_code == 404
    assert "/profil" not in optician.get(same + "/synthese").text


@pytest.mark.parametrize(("level", "writes"), [("voir", False), ("aider", False), ("gerer", True)])
def test_a_carer_reads_and_writes_by_her_level(site: Site, level: str, writes: bool) -> None:
    holder = Someone(site, birth_date=date(1951, 3, 14)).opens()
    changes(site, holder, PutLine(section=Section.ALLERGIES, line=Allergy(substance="Latex")))
    _, browser = a_carer(site, holder, level)
    path = holder.home + "/profil-medical"
    page = browser.get(path + "/allergies").text
    assert "Latex" in page
    assert ("Ajouter une allergie" in page) is writes
    added = browser.post(path + "/allergies/ajouter", {"substance": "Arachide"})
    profile = kept(site, holder)
    assert (len(profile.allergies) == 2) is writes
    assert (added.status_code == 200) is writes
    if writes:
        assert (
            "Déclaré par Paul GIRARD (proche aidant)" in _spaces(added.text)
            or "proche aidant" in added.text
        )
    # Sharing and wishes are the holder's own, whatever the level.
    browser.post(path + "/allergies/partage", {"partage": "non"}, page=path + "/allergies/ajouter")
    refused = browser.post(holder.home + "/volontes/autres", {"volontes": "x"})
    assert refused.status_code in (403, 404, 409)
    after = kept(site, holder)
    assert after.is_shared(Section.ALLERGIES) and not after.wishes.other


def _spaces(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_parent_fills_the_profile_of_a_child(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    browser = site.browser(parent.key)
    for path in (*PAGES, *FORMS[:-4]):
        answer = browser.get(child.home + path)
        assert answer.status_code == 200, path
        assert "Vous agissez pour" in answer.text, path
    added = browser.post(
        child.home + "/profil-medical/allergies/ajouter", {"substance": "Arachide"}
    )
    assert "(représentant légal)" in added.text
    # Advance directives are of adults.
    assert browser.get(child.home + "/volontes/directives").status_code == 404
    assert "personnes majeures" in browser.get(child.home + "/volontes").text


def test_the_profile_of_another_record_is_out_of_reach(site: Site) -> None:
    victim, _, _ = own(site)
    profile = changes(
        site, victim, PutLine(section=Section.ALLERGIES, line=Allergy(substance="Latex"))
    )
    line = profile.allergies[0].line_id
    _, browser, path = own(site)
    home = victim.home + "/profil-medical"
    for end in ("", "/allergies", f"/allergies/{line}", "/mesures/poids/tableau"):
        answer = browser.get(home + end)
        assert answer.status_code in (403, 404)
        assert "Latex" not in answer.text
    # The line of another record under one's own address, and a form of one's own sent to another record.
    assert browser.get(f"{path}/allergies/{line}").status_code == 404
    sent = browser.post(
        home + "/allergies/ajouter", {"substance": "x"}, page=path + "/allergies/ajouter"
    )
    assert sent.status_code in (403, 404)
    assert len(kept(site, victim).allergies) == 1
    assert browser.get(f"{path}/allergies/{UUID(int=7)}").status_code == 404
