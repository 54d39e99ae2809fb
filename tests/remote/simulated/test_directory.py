"""Callers by key."""

from __future__ import annotations

import pytest

from dmp.domain.identity.caller import (
    Coordinator,
    DeskAgent,
    Holder,
    Insurer,
    Professional,
    Purpose,
    Representative,
    Secretary,
    Strength,
    StructureSystem,
    SupportOfficer,
)
from dmp.remote.simulated.directory import UnknownKey, caller_of, known_keys, person_of
from dmp.remote.simulated.territory import population


@pytest.mark.parametrize("member", known_keys(), ids=lambda member: member.key)
def test_everybody_on_the_list_is_a_caller_of_the_kind_announced(member: object) -> None:
    kinds: dict[str, object] = {
        "holder": Holder, "professional": Professional | Coordinator | Secretary, "desk": DeskAgent,
        "structure": StructureSystem, "insurer": Insurer, "support": SupportOfficer,
    }  # fmt: skip
    key, kind = member.key, member.kind  # type: ignore[attr-defined]  # a CastMember
    assert isinstance(caller_of(key).who, kinds[kind])  # type: ignore[arg-type]  # a class or a union


def test_a_structure_alone_is_not_authenticated_in_person() -> None:
    assert caller_of("hopital").strength is Strength.STRUCTURE
    assert caller_of("flux-assurance").strength is Strength.STRUCTURE
    assert caller_of("dr-benoit").strength is Strength.INDIVIDUAL


def test_a_professional_acts_at_one_of_his_places() -> None:
    first, second = caller_of("dr-martin"), caller_of("dr-martin", place=1)
    assert first.id == second.id
    assert first.structure != second.structure
    with pytest.raises(UnknownKey):
        caller_of("dr-martin", place=2)
    with pytest.raises(UnknownKey):
        caller_of("dr-martin", place=-1)


def test_a_parent_acts_for_himself_or_for_a_child() -> None:
    assert isinstance(caller_of("sandrine-moreau", representing=True).who, Representative)
    assert isinstance(caller_of("sandrine-moreau").who, Holder)


def test_purpose_and_reason_are_kept() -> None:
    caller = caller_of("dr-benoit", purpose=Purpose.BREAK_GLASS, purpose_reason="Inconscient")
    assert (caller.purpose, caller.purpose_reason) == (Purpose.BREAK_GLASS, "Inconscient")


def test_inhabitants_are_found_by_their_key() -> None:
    person = list(population())[-1]
    assert person_of(person.key) == person


@pytest.mark.parametrize("key", ["", "personne", "h99999-1", "dr-martin "])
def test_unknown_keys_are_told_so(key: str) -> None:
    with pytest.raises(UnknownKey):
        caller_of(key)
