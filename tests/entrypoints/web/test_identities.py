"""From the claims of a professional's provider to who he is in his place of work."""

from __future__ import annotations

from typing import Any

import pytest

from dmp.domain.identity.caller import Coordinator, Professional, Secretary
from dmp.domain.identity.capacity import Capacity
from dmp.entrypoints.web.login.identities import caller_of, professional_of
from dmp.entrypoints.web.login.oidc import LoginFailed
from tests.entrypoints.web.issuer import professional_claims

PLACE = {"structure": "1750000010", "name": "Cabinet des Lilas"}


def who_is(place: dict[str, str], **claims: Any) -> object:
    """The caller behind these claims."""
    said = professional_claims("810100000016", "Vasseur", "Anne", {**PLACE, **place}, **claims)
    return caller_of(professional_of(said, test_mode=True)).who


@pytest.mark.parametrize(
    ("sector", "stated", "capacity"),
    [
        ("SA07", "", Capacity.CARE),
        ("SA13", "", Capacity.OCCUPATIONAL),
        ("SA15", "", Capacity.PMI),
        ("SA24", "", Capacity.BARRED),
        ("SA07", "care-home-coordination", Capacity.CARE_HOME_COORDINATION),
        ("SA07", "fire-service", Capacity.FIRE_SERVICE),
        ("SA13", "care", Capacity.OCCUPATIONAL),
        ("SA07", "pmi", Capacity.CARE),
        ("SA24", "fire-service", Capacity.BARRED),
    ],
)
def test_the_capacity_comes_from_the_sector_and_from_two_statements(
    sector: str, stated: str, capacity: Capacity
) -> None:
    who = who_is({"sector": f"{sector}^1.2.250.1.71.4.2.4"}, capacite=stated)
    assert isinstance(who, Professional)
    assert who.capacity is capacity


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"profession": "", "role": "330^1.2.250.1.213.1.6.1.107"}, "330"),
        ({"profession": "", "role": "309"}, "309"),
        ({"profession": "41^1.2.250.1.213.1.6.1.4"}, "41"),
    ],
)
def test_a_coordination_professional_is_known_by_the_role(place: dict[str, str], code: str) -> None:
    who = who_is(place)
    assert isinstance(who, Coordinator)
    assert who.role.code == code


def test_a_role_beside_a_profession_takes_nothing_away() -> None:
    assert isinstance(who_is({"role": "330^1.2.250.1.213.1.6.1.107"}), Professional)


def test_an_unknown_role_is_nobody() -> None:
    with pytest.raises(LoginFailed):
        who_is({"profession": "", "role": "999"})


def test_a_regulating_claim_is_a_professional_s_only() -> None:
    who = who_is({}, Acces_Regulation_Medicale="VRAI")
    assert isinstance(who, Professional) and who.may_regulate
    role = {"profession": "", "role": "330"}
    assert isinstance(who_is(role, Acces_Regulation_Medicale="VRAI"), Coordinator)


def test_a_secretary_acts_under_her_structure() -> None:
    claims = {
        "role": "secretaire",
        "SubjectOrganizationID": "1750000010",
        "SubjectOrganization": "Cabinet des Lilas",
    }
    who = who_is({}, **claims)
    assert isinstance(who, Secretary)
    assert who.structure.id_nat == "1750000010"
    with pytest.raises(LoginFailed):
        who_is({}, **{**claims, "SubjectOrganizationID": "?"})
