"""The OpenID Connect client: one honest login, and every lie refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from time import time
from typing import Any

import msgspec
import pytest
from joserfc.jwk import ECKey

from dmp.acts.tracing import frozen
from dmp.domain.identity.caller import Caller
from dmp.entrypoints.web.login.identities import caller_of, holder_of, professional_of
from dmp.entrypoints.web.login.sessions import ProfessionalIdentity
from dmp.remote.simulated.directory import caller_of as demo_caller
from dmp.remote.simulated.oidc.identities import Identity, holders, professionals
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Site

FAILED = "La connexion n’a pas abouti"


@pytest.fixture
def honest(site: Site) -> Iterator[Site]:
    """The site, its providers honest again afterwards."""
    yield site
    for issuer in (site.holders, site.professionals):
        issuer.lies, issuer.signs_with, issuer.other_userinfo = {}, None, ""


def test_a_holder_logs_in_and_meets_her_record(honest: Site) -> None:
    someone = Someone(honest).opens()
    assert honest.browser().log_in(someone.key).url.path == someone.home


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "un-autre"},
        {"nonce": None},
        {"iss": "https://ailleurs.test"},
        {"aud": "un-autre-client"},
        {"exp": int(time()) - 3600},
        {"exp": None},
        {"sub": None},
        {"azp": "un-autre-client", "aud": ["dmp-essai", "un-autre-client"]},
    ],
    # A name with the time in it may be another one in the next worker.
    ids=[
        "other-nonce",
        "no-nonce",
        "issuer",
        "audience",
        "expired",
        "no-expiry",
        "nobody",
        "party",
    ],
)
def test_a_false_id_token_is_refused(honest: Site, lies: dict[str, Any]) -> None:
    someone = Someone(honest).opens()
    honest.holders.lies = lies
    answer = honest.browser().log_in(someone.key)
    assert answer.status_code == 401
    assert FAILED in answer.text


def test_an_id_token_signed_by_another_key_is_refused(honest: Site) -> None:
    someone = Someone(honest).opens()
    honest.holders.signs_with = ECKey.generate_key("P-256", {"kid": "essai"})
    assert honest.browser().log_in(someone.key).status_code == 401


def test_userinfo_about_another_subject_is_refused(honest: Site) -> None:
    someone = Someone(honest).opens()
    honest.holders.other_userinfo = "une-autre"
    assert honest.browser().log_in(someone.key).status_code == 401


def test_a_callback_is_good_once(honest: Site) -> None:
    someone = Someone(honest).opens()
    browser = honest.browser()
    begun = browser.get("/connexion/aller", follow_redirects=False)
    back = honest.holders.approve(begun.headers["location"], someone.key)
    assert browser.get(back).status_code == 200
    assert browser.get(back).status_code == 401


def test_a_callback_with_another_state_is_refused(honest: Site) -> None:
    someone = Someone(honest).opens()
    browser = honest.browser()
    begun = browser.get("/connexion/aller", follow_redirects=False)
    back = honest.holders.approve(begun.headers["location"], someone.key)
    assert browser.get(back.split("state=")[0] + "state=un-autre").status_code == 401
    assert browser.get(back).status_code == 401


def test_a_callback_in_another_browser_is_refused(honest: Site) -> None:
    someone = Someone(honest).opens()
    begun = honest.browser().get("/connexion/aller", follow_redirects=False)
    back = honest.holders.approve(begun.headers["location"], someone.key)
    assert honest.browser().get(back).status_code == 401


def test_a_code_of_another_login_fails_its_proof(honest: Site) -> None:
    someone = Someone(honest).opens()
    mine, theirs = honest.browser(), honest.browser()
    first = mine.get("/connexion/aller", follow_redirects=False).headers["location"]
    second = theirs.get("/connexion/aller", follow_redirects=False).headers["location"]
    stolen = honest.holders.approve(first, someone.key).partition("code=")[2].partition("&")[0]
    own_state = honest.holders.approve(second, someone.key).partition("state=")[2]
    assert theirs.get(f"/connexion/retour?code={stolen}&state={own_state}").status_code == 401


def test_a_login_of_one_face_does_not_open_the_other(honest: Site) -> None:
    someone = Someone(honest).opens()
    browser = honest.browser()
    begun = browser.get("/connexion/aller", follow_redirects=False)
    back = honest.holders.approve(begun.headers["location"], someone.key)
    assert browser.get(back.replace("/connexion/", "/pro/connexion/")).status_code == 401


def test_the_person_may_cancel(honest: Site) -> None:
    browser = honest.browser()
    begun = browser.get("/connexion/aller", follow_redirects=False).headers["location"]
    state = begun.partition("state=")[2].partition("&")[0]
    answer = browser.get(f"/connexion/retour?error=access_denied&state={state}")
    assert "Vous avez annulé la connexion" in answer.text


@pytest.mark.parametrize(
    "changes", [{"ins_matricule": "2"}, {"birthdate": "hier"}, {"given_name": ""}]
)
def test_an_incomplete_identity_is_refused_with_a_way_out(
    honest: Site, changes: dict[str, str]
) -> None:
    someone = Someone(honest)
    honest.holders.people[someone.key] |= changes
    answer = honest.browser().log_in(someone.key)
    assert answer.status_code == 401
    assert "guichet" in answer.text


def test_a_professional_with_several_places_chooses_one(honest: Site) -> None:
    browser = honest.browser()
    answer = browser.log_in("remplacante", "/pro")
    assert answer.url.path == "/pro/situation"
    assert browser.get("/pro").url.path == "/pro/situation"
    assert browser.post("/pro/situation", {"lieu": "9"}).status_code == 400
    chosen = browser.post("/pro/situation", {"lieu": "1"})
    assert chosen.url.path == "/pro"
    assert "Clinique des Peupliers" in chosen.text


@pytest.mark.parametrize(
    ("practices", "cause", "remedy"),
    [
        ([], "pas inscrit au répertoire national", "Votre ordre vous inscrit"),
        (
            [{"codeProfession": "10", "activities": []}],
            "Aucune situation d’exercice en cours",
            "demandez à votre employeur",
        ),
    ],
)
def test_who_cannot_come_in_is_told_why_and_who_mends_it(
    honest: Site, practices: list[object], cause: str, remedy: str
) -> None:
    honest.professionals.people["sans"] = {
        "SubjectNameID": "810100000016",
        "family_name": "Sans",
        "given_name": "Lieu",
        "SubjectRefPro": {"exercices": practices},
    }
    page = honest.browser().log_in("sans").text
    assert cause in page and "Qui peut le corriger" in page and remedy in page


@pytest.mark.parametrize(
    ("error", "cause", "remedy"),
    [
        ("access_denied", "Vous avez annulé la connexion", "sans doute expirée"),
        ("temporarily_unavailable", "ne répond pas", "Rien n’est en cause chez vous"),
    ],
)
def test_a_refused_card_and_a_provider_that_is_down_are_told_apart(
    honest: Site, error: str, cause: str, remedy: str
) -> None:
    browser = honest.browser()
    begun = browser.get("/pro/connexion/aller", follow_redirects=False)
    state = re.findall(r"state=([^&]+)", begun.headers["location"])[0]
    page = browser.get(f"/pro/connexion/retour?error={error}&state={state}").text
    assert cause in page and remedy in page


def test_an_agent_arrives_at_the_counter(honest: Site) -> None:
    assert honest.browser().log_in("agent").url.path == "/guichet"


@pytest.mark.parametrize("identity", professionals(), ids=lambda identity: identity.key)
def test_every_professional_of_the_demo_becomes_a_caller(identity: Identity) -> None:
    who = professional_of(identity.claims, test_mode=True)
    if isinstance(who, ProfessionalIdentity):
        who = msgspec.structs.replace(who, chosen=len(who.workplaces) - 1)
    expected = demo_caller(identity.key)
    assert caller_of(who).id == expected.id
    assert frozen_name(caller_of(who)) == frozen_name(expected)


def test_every_holder_of_the_demo_becomes_a_caller() -> None:
    for identity in holders(1, 120):
        caller = caller_of(holder_of(identity.claims, test_mode=True))
        assert caller.id == f"ins:{identity.claims['ins_matricule']}"


def frozen_name(caller: Caller) -> str:
    """The name that a trace keeps."""
    return frozen(caller).name
