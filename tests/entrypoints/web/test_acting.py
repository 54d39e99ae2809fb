"""Acting for somebody else: who may, what it shows, what it never shows; forms of two people never mix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.acts.sharing.keep_from import KeepFrom, keep_from
from dmp.domain.access.policy import Policy
from dmp.domain.documents.visibility import Restriction
from dmp.domain.record.preferences import Audience, Covered
from tests.builders import a_caller, a_doctor
from tests.entrypoints.web.people import DOCTOR, OPTICIAN, Someone, lea
from tests.entrypoints.web.site import Browser, Site, without_what_varies

SECRET = "Contraception"
PAGES_OF_A_RECORD = (
    "", "/documents", "/documents?etat=tous", "/documents/selection", "/acces?qui=tous",
    "/professionnels", "/confidentialite", "/confidentialite/categorie", "/proches", "/profil",
    "/documents/ajouter", "/documents?tri=titre", "/dossiers", "/corrections",
    "/choix", "/notifications", "/voir-comme", "/voir-comme?qui=break-glass", "/qui-peut-voir",
)  # fmt: skip


@contextmanager
def without_carers(site: Site) -> Iterator[None]:
    """The same site where carers are not admitted."""
    before = site.house.standing
    site.house.standing = replace(before, policy=Policy())
    try:
        yield
    finally:
        site.house.standing = before


def invited(browser: Browser, holder: Someone, carer: Someone, level: str = "voir") -> str:
    """The code of an invitation, as the page shows it."""
    fields = {
        "nom": carer.traits.birth_name,
        "prenom": carer.traits.first_given_name,
        "naissance": carer.traits.birth_date.isoformat(),
        "niveau": level,
        "fin": (datetime.now(UTC) + timedelta(days=90)).date().isoformat(),
    }
    page = browser.post(holder.home + "/proches/inviter", fields)
    found = re.search(r'class="number code">([A-Z0-9]{5}-[A-Z0-9]{5})<', page.text)
    assert found is not None, page.text
    return found[1]


def answered(carer: Browser, code: str, answer: str = "oui") -> str:
    """What the carer reads after her answer."""
    return carer.post("/espace/invitation", {"code": code, "reponse": answer}).text


def a_carer(site: Site, holder: Someone, level: str = "voir") -> tuple[Someone, Browser]:
    """Somebody who accepted to help."""
    carer = Someone(site, given_names="Paul", birth_name="Girard").opens()
    browser = site.browser(carer.key)
    answered(browser, invited(site.browser(holder.key), holder, carer, level))
    return carer, browser


def test_a_parent_finds_the_child_among_the_profiles(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    browser = site.browser(parent.key)
    listed = browser.get("/espace/profils").text
    assert child.traits.display in listed
    assert "votre fille" in listed
    home = browser.get(child.home).text
    assert "Vous agissez pour" in home
    assert "<strong>Léa, 16" in home
    assert "(votre fille)" in home
    assert "<title>Pour Léa : Accueil" in home
    assert 'data-profile="representative"' in home
    own = browser.get(parent.home).text
    assert "Vous agissez pour" not in own
    assert "data-profile" not in own
    assert "vous êtes le titulaire" not in browser.get(child.home + "/acces?qui=tous").text


def test_every_page_of_a_child_says_for_whom_one_acts(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    browser = site.browser(parent.key)
    for path in PAGES_OF_A_RECORD:
        answer = browser.get(child.home + path)
        assert answer.status_code == 200, path
        assert "Vous agissez pour" in answer.text, path
    missing = browser.get(f"{child.home}/documents/{parent.record.record_id}")  # type: ignore[union-attr]
    assert missing.status_code == 404
    assert "Vous agissez pour" in missing.text


def test_a_parent_meets_nothing_of_what_the_child_hides(site: Site) -> None:
    parent, other_parent = Someone(site).opens(), Someone(site).opens()
    child, plain = lea(site, parent), lea(site, other_parent)
    # The second child has no secret at all.
    secret = next(entry for entry in documents_of(site, child) if entry[1] == SECRET)
    request = KeepFrom(
        record_id=child.record.record_id,  # type: ignore[union-attr]
        audience=Audience.PROFESSIONAL,
        audience_id=OPTICIAN.id_nat,
        name=OPTICIAN.name,
        covered=Covered.DOCUMENT,
        target=secret[0],
    )
    site.do(keep_from, request, child.caller)
    consent = GrantConsent(record_id=child.record.record_id)  # type: ignore[union-attr]
    gynaecologist = a_doctor(id_nat="810100000131", name="Ada SECRETE")
    site.do(grant_consent, consent, a_caller(gynaecologist, secret=True))
    browser = site.browser(parent.key)
    for path in PAGES_OF_A_RECORD:
        text = browser.get(child.home + path).text
        assert SECRET not in text, path
        assert "SECRETE" not in text, path
        assert OPTICIAN.name not in text, path
        assert "eprésentants légaux</span>" not in text, path
    assert browser.get(f"{child.home}/documents/{secret[0]}").status_code == 404
    counted = re.search(r"1 document<|Voir le document", browser.get(child.home).text)
    assert counted is not None
    assert plain.record is not None


def documents_of(site: Site, someone: Someone) -> list[tuple[str, str]]:
    """Identifiers and titles of the documents that she sees herself."""
    text = site.browser(someone.key).get(someone.home + "/documents").text
    return re.findall(r'class="title" href="[^"]+/([0-9a-f-]{36})">([^<]+)', text)


def test_two_children_who_differ_in_a_secret_look_the_same_to_the_parent(site: Site) -> None:
    parent = Someone(site).opens()
    born = lea(site, Someone(site).opens()).traits.birth_date
    with_secret = Someone(site, given_names="Léa", birth_date=born).opens().is_child_of(parent)
    without = Someone(site, given_names="Léa", birth_date=born).opens().is_child_of(parent)
    hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
    entry = with_secret.receives(SECRET, restrictions=hidden)
    browser = site.browser(parent.key)

    def told(someone: Someone, path: str) -> str:
        page = without_what_varies(browser.get(someone.home + path).text)
        page = page.replace(someone.home, "/espace/x").replace(someone.ins.matricule, "ins")
        page = re.sub(r'value="(pro|representative)\.[\w-]+"', "", page)
        page = re.sub(r'<span class="number">[^<]*</span>', "", page)
        return re.sub(r"\d{2}:\d{2}", "hh:mm", page)

    for path in PAGES_OF_A_RECORD:
        if path != "/acces?qui=tous":  # the parent's own visits differ in number
            assert told(with_secret, path) == told(without, path), path
    assert browser.get(f"{with_secret.home}/documents/{entry.document_id}").status_code == 404


def test_a_stranger_cannot_enter_by_the_address(site: Site) -> None:
    parent, stranger = Someone(site).opens(), Someone(site).opens()
    child = lea(site, parent)
    browser = site.browser(stranger.key)
    for path in PAGES_OF_A_RECORD:
        answer = browser.get(child.home + path)
        assert answer.status_code == 404, path
        assert "Léa" not in answer.text, path


def test_the_right_of_a_parent_ends_at_majority_whatever_is_written(site: Site) -> None:
    parent = Someone(site).opens()
    today = datetime.now(UTC).date()
    born = date(today.year - 18, today.month, min(today.day, 28)) - timedelta(days=5)
    with site.later(timedelta(days=-60)):
        child = Someone(site, given_names="Léa", birth_date=born).opens().is_child_of(parent)
    browser = site.browser(parent.key)
    assert browser.get(child.home).status_code == 404
    assert child.home not in browser.get("/espace/profils").text


def test_a_form_of_the_child_sent_to_the_parents_own_record_changes_nothing(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    browser = site.browser(parent.key)
    own = browser.get(parent.home + "/choix").text
    # Two tabs: the form stands on the child's page, the address is that of the parent's record.
    wanted = {"visibilite": "masque", "urgence": "non", "samu": "non", "urgence_masques": "oui"}
    answer = browser.post(parent.home + "/choix", wanted, page=child.home + "/choix")
    assert answer.status_code == 403
    answer = browser.post(child.home + "/choix", wanted, page=parent.home + "/choix")
    assert answer.status_code == 403
    assert without_what_varies(browser.get(parent.home + "/choix").text) == without_what_varies(own)
    # Sent where they belong, each changes its own record alone.
    assert browser.post(child.home + "/choix", wanted).status_code == 200
    assert without_what_varies(browser.get(parent.home + "/choix").text) == without_what_varies(own)


def test_what_a_page_of_one_record_carries_means_nothing_in_another(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent).agrees(DOCTOR)
    browser = site.browser(parent.key)
    link = re.search(
        r'professionnels/([\w-]+)/bloquer"', browser.get(child.home + "/professionnels").text
    )
    assert link is not None
    assert browser.get(f"{child.home}/professionnels/{link[1]}/bloquer").status_code == 200
    assert browser.get(f"{parent.home}/professionnels/{link[1]}/bloquer").status_code == 404


def test_a_child_keeps_a_document_from_her_parents_and_takes_it_back(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    browser, other = site.browser(child.key), site.browser(parent.key)
    document = next(one for one, title in documents_of(site, child) if title == "Vaccination")
    path = f"{child.home}/documents/{document}"
    assert other.get(path).status_code == 200
    page = browser.get(path + "/confidentialite?envisager=parents").text
    assert "Cacher ce document à vos représentants légaux" in page
    done = browser.post(
        path + "/confidentialite",
        {"choix": "masquer", "envisager": "parents"},
        page=path + "/confidentialite?envisager=parents",
    )
    assert "non visible par vos représentants légaux" in done.text
    assert other.get(path).status_code == 404
    key = re.search(r'name="fait" value="([^"]+)"', done.text)
    assert key is not None
    browser.post(child.home + "/confidentialite/annuler", {"fait": key[1]}, page=str(done.url))
    assert other.get(path).status_code == 200
    # The parent has no such choice, and asking for it does nothing.
    assert "parents" not in re.findall(
        r'<option value="([^"]+)"', other.get(path + "/confidentialite").text
    )
    answer = other.post(path + "/confidentialite", {"choix": "masquer", "envisager": "parents"})
    assert answer.status_code == 403
    assert site.browser(child.key).get(path).status_code == 200


def test_a_carer_is_invited_answers_and_sees_by_the_level(site: Site) -> None:
    holder = Someone(site, given_names="Jeanne").opens()
    holder.receives("Ordonnance", type_code="57833-6")
    carer = Someone(site, given_names="Paul", birth_name="Girard").opens()
    browser = site.browser(holder.key)
    code = invited(browser, holder, carer)
    pending = browser.get(holder.home + "/proches").text
    assert "Invitations en attente" in pending
    assert code not in pending, "the code is shown once"
    theirs = site.browser(carer.key)
    assert theirs.get(holder.home).status_code == 404
    assert "Vous pouvez agir pour" in answered(theirs, code.lower().replace("-", " "))
    home = theirs.get(holder.home).text
    assert "vous êtes son proche aidant" in home
    assert "Ordonnance" in home
    for path in (
        "/acces",
        "/professionnels",
        "/choix",
        "/confidentialite",
        "/proches",
        "/voir-comme",
    ):
        assert theirs.get(holder.home + path).status_code == 403, path
    assert "Paul" in browser.get(holder.home + "/notifications").text
    assert "Aucune invitation en cours" in answered(theirs, code), "used once"


def test_an_invitation_answers_nobody_else(site: Site) -> None:
    holder = Someone(site).opens()
    carer = Someone(site, given_names="Paul", birth_name="Girard").opens()
    stranger = Someone(site, given_names="Luc", birth_name="Autre").opens()
    code = invited(site.browser(holder.key), holder, carer)
    wrong = answered(site.browser(stranger.key), code)
    unknown = answered(site.browser(stranger.key), "ABCDE-23456")
    assert "Aucune invitation en cours" in wrong
    typed = re.compile(r'name="code" type="text" value="[^"]+"')
    assert typed.sub("", without_what_varies(wrong)) == typed.sub("", without_what_varies(unknown))
    assert site.browser(stranger.key).get(holder.home).status_code == 404


def test_both_sides_end_the_help(site: Site) -> None:
    holder = Someone(site).opens()
    _, theirs = a_carer(site, holder, "gerer")
    end = re.search(r'action="([^"]+/fin)"', theirs.get(holder.home).text)
    assert end is not None
    assert "Vous n’avez plus accès à ce dossier" in theirs.post(end[1], page=holder.home).text
    assert theirs.get(holder.home).status_code == 404
    _, again = a_carer(site, holder)
    browser = site.browser(holder.key)
    end = re.search(r'action="([^"]+/fin)"', browser.get(holder.home + "/proches").text)
    assert end is not None
    assert again.get(holder.home).status_code == 200
    browser.post(end[1], page=holder.home + "/proches")
    assert again.get(holder.home).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"nom": ""}, "Écrivez le nom de naissance"),
        ({"prenom": ""}, "Écrivez le premier prénom"),
        ({"naissance": "hier"}, "Écrivez sa date de naissance"),
        ({"niveau": "tout"}, "Choisissez ce que la personne pourra faire"),
        ({"fin": ""}, "Choisissez une date de fin"),
        ({"fin": "2999-01-01"}, "Choisissez une date de fin"),
        ({"fin": "2020-01-01"}, "Choisissez une date de fin"),
    ],
)
def test_an_invitation_says_what_is_wrong(site: Site, wrong: dict[str, str], sentence: str) -> None:
    holder = Someone(site).opens()
    fields = {
        "nom": "Girard",
        "prenom": "Paul",
        "naissance": "1965-05-31",
        "niveau": "voir",
        "fin": (datetime.now(UTC) + timedelta(days=30)).date().isoformat(),
    }
    answer = site.browser(holder.key).post(holder.home + "/proches/inviter", {**fields, **wrong})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert (
        "Invitations en attente" not in site.browser(holder.key).get(holder.home + "/proches").text
    )


def test_where_carers_are_not_admitted_nothing_of_them_is_shown(site: Site) -> None:
    holder = Someone(site).opens()
    _, theirs = a_carer(site, holder)
    with without_carers(site):
        browser = site.browser(holder.key)
        assert "aidant" not in browser.get(holder.home + "/proches").text
        assert browser.get(holder.home + "/proches/inviter").status_code == 403
        assert "aidant" not in browser.get("/espace/profils").text
        assert browser.get("/espace/invitation").status_code == 404
        assert theirs.get(holder.home).status_code == 404
    assert theirs.get(holder.home).status_code == 200


def test_a_carer_ends_no_other_relation_and_reads_no_choice(site: Site) -> None:
    holder = Someone(site).opens()
    _, first = a_carer(site, holder)
    second_person = Someone(site, given_names="Zoé", birth_name="Noir").opens()
    second = site.browser(second_person.key)
    answered(second, invited(site.browser(holder.key), holder, second_person))
    ends = re.search(r'action="([^"]+/fin)"', second.get(holder.home).text)
    assert ends is not None
    fields = {"jeton": first.forged(holder.home.removeprefix("/espace/"))}
    assert first.post(ends[1], fields, page=holder.home).status_code in (400, 403, 409)
    assert second.get(holder.home).status_code == 200


def test_a_parent_closes_the_record_and_it_leaves_the_list(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    browser = site.browser(parent.key)
    closed = browser.post(child.home + "/cloture", {"confirmation": "oui"})
    assert "Le dossier de Léa est clôturé" in closed.text
    assert child.home not in closed.text
    assert browser.get(child.home).status_code == 404
    assert "Bonjour" in browser.get(parent.home).text
    assert "clôturé" in site.browser(child.key).get(child.home).text
