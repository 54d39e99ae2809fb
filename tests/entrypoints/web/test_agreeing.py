"""First access and agreements: for oneself, the team, a colleague; blocks by the attending doctor."""

from __future__ import annotations

from typing import Any

import pytest

from dmp.acts.sharing.appoint_administrator import AppointAdministrator, appoint_administrator
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.domain.identity.capacity import Capacity
from dmp.domain.record.health_record import HealthRecord
from tests.entrypoints.web.people import CABINET, DOCTOR, OPTICIAN, Someone
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_professional import found

MINE = {"raison": "present", "duree": "30"}
COLLEAGUE = {**MINE, "pour": "confrere", "rpps": "10100000073", "nom": "Dr Samir BELLO"}


def record_of(site: Site, someone: Someone) -> HealthRecord:
    """The record as it stands."""
    return site.do(check_access, CheckAccess(ins=someone.ins), someone.caller).record


def at(site: Site, someone: Someone, who: str = "medecin") -> tuple[Browser, str]:
    browser = site.browser(who)
    return browser, found(browser, someone)


def test_the_standing_is_said_in_words(site: Site) -> None:
    someone = Someone(site).opens()
    browser, path = at(site, someone)
    assert "Vous n’avez pas encore l’accord de ce patient" in browser.get(path).text
    opened = browser.post(path + "/acces", MINE)
    assert "Accord du patient jusqu’au" in opened.text
    declared = Someone(site).opens().declares(DOCTOR)
    path = found(browser, declared)
    assert "Vous êtes son médecin traitant" in browser.get(path).text


def test_an_agreement_is_collected_for_a_colleague_who_was_spoken_of(site: Site) -> None:
    someone = Someone(site).opens().agrees()
    browser, path = at(site, someone)
    assert browser.post(path + "/accord", COLLEAGUE).status_code == 400
    done = browser.post(path + "/accord", {**COLLEAGUE, "informe": "oui"})
    assert "L’accord pour Dr Samir BELLO est enregistré" in done.text
    given = record_of(site, someone).relations.consents[-1]
    assert given.grantee_id == "810100000073" and given.told_of_restrictions
    assert given.collected_by == DOCTOR.id_nat


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rpps": "123"}, "Saisissez les 11 chiffres"),
        ({"rpps": "10100000074"}, "clé de contrôle"),
        ({"nom": ""}, "Saisissez son nom"),
        ({"pour": "voisin"}, "Indiquez pour qui"),
        ({"pour": "moi"}, "Indiquez pour qui"),
        ({"informe": ""}, "après avoir informé la personne"),
        ({"duree": "9999"}, "Choisissez une durée"),
        ({"raison": ""}, "Indiquez pourquoi"),
    ],
)
def test_a_wrong_statement_says_what_to_change_and_records_nothing(
    site: Site, changes: dict[str, str], sentence: str
) -> None:
    someone = Someone(site).opens().agrees()
    browser, path = at(site, someone)
    answer = browser.post(path + "/accord", {**COLLEAGUE, "informe": "oui", **changes})
    assert answer.status_code == 400 and sentence in answer.text
    assert len(record_of(site, someone).relations.consents) == 1


def test_a_blocked_colleague_is_not_told_of(site: Site) -> None:
    someone = Someone(site).opens().agrees().blocks(OPTICIAN)
    browser, path = at(site, someone)
    fields = {**COLLEAGUE, "rpps": OPTICIAN.id_nat[1:], "informe": "oui"}
    answer = browser.post(path + "/accord", fields)
    assert answer.status_code == 400
    assert "Cet accord n’a pas pu être enregistré" in answer.text and "bloqu" not in answer.text


@pytest.mark.parametrize(
    ("who", "capacity"),
    [("medecin-travail", Capacity.OCCUPATIONAL), ("medecin-pompier", Capacity.FIRE_SERVICE)],
)
def test_some_capacities_must_tell_how_to_restrict(
    site: Site, who: str, capacity: Capacity
) -> None:
    someone = Someone(site).opens()
    browser, path = at(site, someone, who)
    page = browser.get(path).text
    assert "comment elle peut restreindre cet accès" in page
    assert 'value="equipe"' not in page.partition('name="duree"')[0].partition('name="pour"')[2]
    assert browser.post(path + "/acces", MINE).status_code == 400
    assert browser.post(path + "/acces", {**MINE, "pour": "equipe"}).status_code == 400
    opened = browser.post(path + "/acces", {**MINE, "informe": "oui"})
    assert opened.url.path.endswith("/synthese")
    assert record_of(site, someone).relations.consents[-1].capacity is capacity


def test_a_barred_place_of_work_opens_nothing(site: Site) -> None:
    someone = Someone(site).opens()
    browser, path = at(site, someone, "medecin-assureur")
    assert "la loi interdit tout accès" in browser.get("/pro").text
    for end in ("", "/acces", "/documents", "/urgence"):
        assert browser.get(path + end).status_code == 403


def block(**changes: str) -> dict[str, Any]:
    fields = {"professionnel": "autre", "rpps": OPTICIAN.id_nat[1:], "nom": OPTICIAN.name}
    return {**fields, "confirmation": "oui", **changes}


def test_the_attending_doctor_blocks_and_others_do_not(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR).agrees(OPTICIAN)
    browser, path = at(site, someone)
    assert "/bloquer" in browser.get(path + "/documents").text
    assert OPTICIAN.name in browser.get(path + "/bloquer").text
    assert browser.post(path + "/bloquer", block(confirmation="")).status_code == 400
    assert "ne peut plus consulter ce dossier" in browser.post(path + "/bloquer", block()).text
    own, there = at(site, someone, "opticien")
    assert own.get(there).status_code == 404
    agreed = Someone(site).opens().agrees(OPTICIAN).agrees(DOCTOR)
    browser, path = at(site, agreed)
    assert "/bloquer" not in browser.get(path).text
    assert browser.get(path + "/bloquer").status_code == 403
    assert browser.post(path + "/bloquer", block(), page="/pro").status_code == 403


def test_an_administrator_has_a_badge_and_blocks_but_not_the_attending_doctor(site: Site) -> None:
    someone = Someone(site).opens().declares(DOCTOR)
    optician, path = at(site, someone, "opticien")
    optician.post(path + "/acces", MINE)
    assert someone.record is not None
    request = AppointAdministrator(
        record_id=someone.record.record_id, person_id=OPTICIAN.id_nat, name=OPTICIAN.name
    )
    site.do(appoint_administrator, request, someone.caller)
    assert "Administrateur désigné par le patient" in optician.get(path).text
    refused = optician.post(path + "/bloquer", block(rpps=DOCTOR.id_nat[1:], nom=DOCTOR.name))
    assert refused.status_code == 400
    assert "only" not in refused.text
    done = optician.post(path + "/bloquer", block(rpps="10100000073", nom="Samir BELLO"))
    assert "ne peut plus consulter" in done.text


def test_own_accesses_are_said_to_the_professional(site: Site) -> None:
    someone = Someone(site).opens().agrees()
    entry = someone.receives("Bilan")
    browser, path = at(site, someone)
    browser.get(f"{path}/documents/{entry.document_id}")
    page = browser.get(path + "/mes-acces").text
    assert "Vous avez ouvert le document" in page and "Bilan" in page
    assert "votre" not in page.partition("<main")[2].partition("</main>")[0].lower()
    other, there = at(site, someone, "opticien")
    mine = other.get(there + "/mes-acces").text
    assert "Bilan" not in mine
    assert browser.get(path + "/mes-acces?apres=x").status_code == 400


def test_a_coordinator_reads_and_collects_for_herself_alone(site: Site) -> None:
    someone = Someone(site).opens()
    someone.receives("Consultation", by=DOCTOR)
    browser, path = at(site, someone, "coordonnatrice")
    page = browser.get(path).text
    assert 'name="pour"' not in page
    opened = browser.post(path + "/acces", MINE)
    assert opened.url.path.endswith("/synthese")
    for end in ("/accord", "/bloquer", "/ouvrir", "/secret"):
        assert browser.get(path + end).status_code == 403, end
        assert f"{path}{end}" not in opened.text
    assert "/ouvrir" not in browser.get(found(browser, Someone(site))).text


def test_a_secretary_deposits_and_does_nothing_else(site: Site) -> None:
    someone = Someone(site).opens()
    entry = someone.receives("Bilan annuel")
    browser, path = at(site, someone, "secretaire")
    home = browser.get("/pro").text
    assert "Déposer pour un patient" in home and CABINET.name in home
    assert browser.get(path).url.path == path + "/deposer"
    form = browser.get(path + "/deposer").text
    assert "Bilan annuel" not in form and "DELORME" not in form
    files = {"fichier": ("a.pdf", someone.pdf("Courrier"), "application/pdf")}
    fields = {"type": "11488-4", "titre": "Courrier", "date": "2026-03-02", "visibilite": "visible"}
    receipt = browser.post(path + "/deposer", fields, files=files)
    assert "Accusé de dépôt" in receipt.text
    ends = ("/documents", f"/documents/{entry.document_id}", "/acces", "/urgence", "/secret")
    for end in (*ends, "/ouvrir", "/accord", "/bloquer", "/mes-acces"):
        assert browser.get(path + end).status_code == 403, end
    assert browser.get("/guichet").status_code == 403
