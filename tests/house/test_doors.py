"""Every door: its routes name their act and how one must be known; refusals and acts have words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from dmp.acts.catalogue import CATALOGUE
from dmp.acts.work import House, Rules
from dmp.domain.access.explain import OTHER_RULES
from dmp.domain.access.rules import RULES
from dmp.domain.errors import Category, Reason
from dmp.domain.journal.event import Outcome
from dmp.entrypoints.fhir.door import Place
from dmp.entrypoints.fhir.routes import fhir_door
from dmp.entrypoints.fhir.tokens import TokenVerifier
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.pages import PAGES
from dmp.entrypoints.web.refusals import STATUS
from dmp.formats.fhir.outcome import WIRE
from dmp.locale import knows
from tests.house.lints import ROOT

NAMES = {act.name for act in CATALOGUE}

WITHOUT_ACT = {
    "/", "/accessibilite", "/aide", "/aide/{sujet}", "/plan-du-site", "/mentions-legales",
    "/donnees-personnelles", "/etat-du-service", "/demo", "/preferences", "/preferences/langue",
    "/connexion", "/connexion/aller", "/pro/connexion", "/pro/connexion/aller", "/pro/appel",
    "/pro/verrouiller", "/manifest.webmanifest", "/sw.js", "/hors-ligne",
    "/icone-192.png", "/icone-512.png", "/icone-pleine.png",
    "/deconnexion", "/session", "/guichet/information", "/guichet/aide-terrain",
    "/guichet/a-finir/retirer", "/guichet/personnes/{person}/lettre",
    "/partage/fermer", "/carte",
    "/guichet/recus/{receipt}",
    "/pro/patients/{patient}/urgence/fin", "/pro/patients/{patient}/secret/fin",
}  # fmt: skip
"""Pages that read and write no record: login, choosing whom to look for, the receipt of a form, the end
of a mode."""

OPEN_TO_ALL = {
    "/", "/accessibilite", "/aide", "/aide/{sujet}", "/plan-du-site", "/mentions-legales",
    "/partage", "/partage/fermer", "/carte",
    "/donnees-personnelles", "/etat-du-service", "/demo", "/preferences", "/preferences/langue",
    "/connexion", "/connexion/aller", "/connexion/retour", "/connexion/cle", "/connexion/code",
    "/pro/connexion", "/pro/connexion/aller", "/pro/connexion/retour", "/deconnexion", "/session",
    "/pro/appel", "/manifest.webmanifest", "/sw.js", "/hors-ligne",
    "/icone-192.png", "/icone-512.png", "/icone-pleine.png",
}  # fmt: skip
"""Pages that ask nobody who he is."""

BY_COMMAND_OR_DATE = {
    "open-announced-record", "destroy-record", "suspend-record", "declare-attending-doctor",
    "explain-access", "reach-majority", "follow-announcement",
    "list-emergencies", "review-emergency", "list-heir-requests", "decide-heir-request",
    "list-reports-waiting", "take-access-report", "answer-access-report",
    "release-to-heirs", "publish-reimbursements", "derive-findings", "send-notice",
    "begin-delivery", "feed-claims", "end-delivery", "know-delivery", "list-deliveries",
}  # fmt: skip
"""Acts that neither people nor software ask for: the operator and the calendar do."""


class Nobody:
    """As much of a house as the floor plan of a door asks for."""

    rules = Rules()

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)


def places() -> dict[str, Place]:
    """The places of the FHIR door by their path."""
    router = fhir_door(
        cast(House, Nobody()),
        cast(TokenVerifier, cast(Any, None)),
        base_url="http://127.0.0.1/fhir",
    )
    found = {}
    for route in router.routes:
        path, endpoint = cast(Any, route).path, cast(Any, route).endpoint
        assert isinstance(endpoint, Place), path
        found[path] = endpoint
    return found


def acts_of_fhir() -> dict[str, str]:
    """The act of each `METHOD path` of the FHIR door that is not public."""
    return {
        f"{method} {path}": act
        for path, place in places().items()
        if not place._public
        for method, (act, _) in place._handlers.items()
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.method} {page.path}")
def test_a_page_names_its_acts_and_its_login(page: Page) -> None:
    listed = {id(act) for act in CATALOGUE}
    assert [act.name for act in page.acts if id(act) not in listed] == []
    assert bool(page.acts) == (page.path not in WITHOUT_ACT)
    assert (page.authentication is Authentication.NONE) == (page.path in OPEN_TO_ALL)


def test_the_lists_of_exceptions_are_not_stale() -> None:
    paths = {page.path for page in PAGES}
    assert paths >= WITHOUT_ACT
    assert paths >= OPEN_TO_ALL
    assert NAMES >= BY_COMMAND_OR_DATE


def test_a_place_of_the_fhir_door_names_an_act() -> None:
    acts = acts_of_fhir()
    assert len(acts) > 10
    assert {route: act for route, act in acts.items() if act not in NAMES} == {}


def test_only_the_statement_of_capabilities_is_public() -> None:
    assert {path for path, place in places().items() if place._public} == {"/metadata"}


def test_every_act_is_asked_for_somewhere() -> None:
    web = {act.name for page in PAGES for act in page.acts}
    fhir = set(acts_of_fhir().values())
    assert NAMES - web - fhir == BY_COMMAND_OR_DATE
    assert not BY_COMMAND_OR_DATE & (web | fhir)


def test_every_reason_has_its_row_at_every_door() -> None:
    assert set(WIRE) == set(Reason)
    assert set(STATUS) == set(Category)


def test_every_reason_has_its_french_sentence() -> None:
    assert [reason.value for reason in Reason if not knows(f"reason.{reason.value}")] == []


def test_every_act_has_its_french_sentences_for_the_holder() -> None:
    told = (Outcome.DONE.value, Outcome.REFUSED.value)
    missing = [
        f"act.{name}.{how}" for name in NAMES for how in told if not knows(f"act.{name}.{how}")
    ]
    assert missing == []


def test_every_rule_has_its_french_sentence() -> None:
    names = [rule.__name__ for rule in RULES] + list(OTHER_RULES)
    assert [name for name in names if not knows(f"rule.{name}")] == []


def test_every_door_says_its_norm_and_its_routes() -> None:
    for door in ("fhir", "web"):
        text = (ROOT / "src/dmp/entrypoints" / door / "README.md").read_text(encoding="utf-8")
        assert len(text.splitlines()) > 10, door
