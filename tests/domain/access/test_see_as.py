"""The record as others see it: the same answers as `decide`, and nothing the asking person may not see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dmp.domain.access.policy import Policy
from dmp.domain.access.readers import Group
from dmp.domain.access.see_as import Considered, Glimpse, ReaderRef, glimpsed, reader_named
from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.visibility import Visibility
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import (
    Audience,
    Block,
    Covered,
    EmergencySwitches,
    Mask,
    Preferences,
)
from tests.domain.samples import (
    COLLEAGUE,
    GP,
    NOW,
    NURSE,
    PARENT_INS,
    SPECIALIST,
    consent,
    entry,
    record,
    relations,
    uuid,
)

NOTE = entry(document_id=DocumentId(uuid(201)), owner_ids=("nobody",))
MASKED = replace(NOTE, document_id=DocumentId(uuid(202)), visibility=Visibility(masked=True))
SYNTHESIS = replace(NOTE, document_id=DocumentId(uuid(203)), type_code=Code("68599-0", LOINC))
OWN = replace(NOTE, document_id=DocumentId(uuid(204)), owner_ids=(SPECIALIST,))
SECRET = replace(
    NOTE,
    document_id=DocumentId(uuid(205)),
    visibility=Visibility(hidden_from_representatives=True),
)
ALL = (NOTE, MASKED, SYNTHESIS, OWN, SECRET)
RECORD = record(
    relations=relations(consent(GP), consent(NURSE), attending=COLLEAGUE, parent=True),
)


def glimpse(
    ref: ReaderRef,
    of: HealthRecord = RECORD,
    considered: Considered | None = None,
    policy: Policy | None = None,
) -> Glimpse:
    change = considered or Considered()
    return glimpsed(
        reader_named(ref, of, NOW),
        change.of_record(of, NOW),
        map(change.of_document, ALL),
        policy or Policy(),
        NOW,
    )


def seen(ref: ReaderRef, of: HealthRecord = RECORD, change: Considered | None = None) -> set[int]:
    """Which of ALL, by their number."""
    return {one.document_id.int for one in glimpse(ref, of, change).documents}


DOCTOR = ReaderRef(group=Group.PROFESSIONAL, id=GP, line="10")
OTHER = ReaderRef(group=Group.PROFESSIONAL, id=SPECIALIST, line="10")
NURSES = ReaderRef(group=Group.PROFESSION, line="60")
SAMU = ReaderRef(group=Group.REGULATION)


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        (ReaderRef(group=Group.HOLDER), {201, 202, 203, 204, 205}),
        (ReaderRef(group=Group.REPRESENTATIVE, id=PARENT_INS.matricule), {201, 202, 203, 204}),
        (ReaderRef(group=Group.ATTENDING_DOCTOR), {201, 202, 203, 204, 205}),
        (DOCTOR, {201, 203, 204, 205}),
        (ReaderRef(group=Group.PROFESSIONAL, id=NURSE, line="60"), {201, 204, 205}),
        (NURSES, {201, 204, 205}),
        (ReaderRef(group=Group.ROLE, line="R85:330"), {201, 204, 205}),
        (SAMU, {201, 203, 204, 205}),
        (ReaderRef(group=Group.BREAK_GLASS, line="60"), {201, 204, 205}),
    ],
    ids=lambda value: value.group.value if isinstance(value, ReaderRef) else "",
)
def test_everybody_sees_what_the_rules_say(ref: ReaderRef, expected: set[int]) -> None:
    assert seen(ref) == expected


def test_who_has_no_agreement_is_told_why_and_keeps_his_own() -> None:
    found = glimpse(OTHER)
    assert found.reason is Reason.ACCESS_NOT_AUTHORISED
    assert [one.document_id.int for one in found.documents] == [204]


@pytest.mark.parametrize(
    ("group", "identity"),
    [(Group.REPRESENTATIVE, "someone"), (Group.CARER, PARENT_INS.matricule)],
)
def test_who_has_no_relation_sees_no_record(group: Group, identity: str) -> None:
    found = glimpse(ReaderRef(group=group, id=identity), policy=Policy(carers=True))
    assert (found.documents, found.reason) == ((), Reason.RECORD_NOT_FOUND)


CATEGORY = "CPT_REND"


@pytest.mark.parametrize(
    ("ref", "change", "expected"),
    [
        (DOCTOR, Considered(masked=frozenset({NOTE.document_id})), {203, 204, 205}),
        (DOCTOR, Considered(shown=frozenset({MASKED.document_id})), {201, 202, 203, 204, 205}),
        (DOCTOR, Considered(masked_categories=frozenset({CATEGORY})), {203}),
        (DOCTOR, Considered(shown_categories=frozenset({CATEGORY})), {201, 202, 203, 204, 205}),
        (DOCTOR, Considered(blocked=frozenset({GP})), set()),
        (DOCTOR, Considered(withdrawn=frozenset({GP})), set()),
        (OTHER, Considered(masked_categories=frozenset({CATEGORY})), {204}),
        (SAMU, Considered(emergency=EmergencySwitches(regulation=False)), set()),
        (
            SAMU,
            Considered(emergency=EmergencySwitches(masked_documents=True)),
            {201, 202, 203, 204, 205},
        ),
    ],
)
def test_a_change_is_considered_and_changes_nothing(
    ref: ReaderRef, change: Considered, expected: set[int]
) -> None:
    before = seen(ref)
    assert seen(ref, RECORD, change) == expected
    assert seen(ref) == before


def mask(covered: Covered, target: str, audience: Audience, whom: str) -> Mask:
    return Mask(audience=audience, audience_id=whom, covered=covered, target=target, start=NOW)


@pytest.mark.parametrize(
    ("covered", "target", "left"),
    [
        (Covered.DOCUMENT, str(NOTE.document_id), {204, 205}),
        (Covered.CATEGORY, CATEGORY, set()),
        (Covered.EVERYTHING, "", set()),
    ],
)
def test_what_would_be_kept_from_some_is_kept_from_them_alone(
    covered: Covered, target: str, left: set[int]
) -> None:
    one = mask(covered, target, Audience.PROFESSIONAL, NURSE)
    nurse = ReaderRef(group=Group.PROFESSIONAL, id=NURSE, line="60")
    assert seen(nurse, RECORD, Considered(kept=(one,))) == left
    assert seen(NURSES, RECORD, Considered(kept=(one,))) == {201, 204, 205}
    all_nurses = mask(covered, target, Audience.PROFESSION, "60")
    assert seen(nurse, RECORD, Considered(kept=(all_nurses,))) == left
    assert seen(NURSES, RECORD, Considered(kept=(all_nurses,))) == left
    assert seen(DOCTOR, RECORD, Considered(kept=(all_nurses,))) == {201, 203, 204, 205}
    kept = replace(RECORD, preferences=Preferences(masks=(all_nurses,)))
    assert seen(NURSES, kept, Considered(shown_again=(all_nurses,))) == {201, 204, 205}


def test_unblocking_gives_no_agreement_back() -> None:
    block = Block(person_id=GP, name="B", by="h", start=NOW)
    blocked = replace(
        RECORD, preferences=Preferences(blocks=(block,)), relations=relations(consent(NURSE))
    )
    assert glimpse(DOCTOR, blocked).reason is Reason.ACCESS_BLOCKED
    after = glimpse(DOCTOR, blocked, Considered(unblocked=frozenset({GP})))
    assert after.reason is Reason.ACCESS_NOT_AUTHORISED


def test_what_waits_for_its_announcement_is_not_considered_masked() -> None:
    waiting = replace(NOTE, visibility=Visibility(hidden_from_patient=True))
    change = Considered(masked=frozenset({NOTE.document_id}))
    assert change.of_document(waiting) == waiting


@pytest.mark.parametrize(
    ("ref", "reason"),
    [
        (ReaderRef(group=Group.PROFESSION), Reason.PARAMETER_MISSING),
        (ReaderRef(group=Group.PROFESSION, line="99"), Reason.PARAMETER_INVALID),
        (ReaderRef(group=Group.PROFESSIONAL, line="10"), Reason.PARAMETER_MISSING),
        (ReaderRef(group=Group.REPRESENTATIVE), Reason.PARAMETER_MISSING),
        (ReaderRef(group=Group.AUTHOR_STRUCTURE), Reason.PARAMETER_MISSING),
        (ReaderRef(group=Group.ADMINISTRATOR), Reason.PARAMETER_MISSING),
    ],
)
def test_a_reader_that_is_nobody_is_refused(ref: ReaderRef, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        reader_named(ref, RECORD, NOW)
    assert refused.value.reason is reason


def test_the_structure_of_a_professional_counts() -> None:
    of_a_team = record(relations=relations(consent("1750300550", to_team=True)))
    member = replace(OTHER, structure_id="1750300550")
    assert glimpse(OTHER, of_a_team).reason is Reason.ACCESS_NOT_AUTHORISED
    assert seen(member, of_a_team) == {201, 203, 204, 205}


def test_names_are_those_the_record_knows() -> None:
    attending = reader_named(ReaderRef(group=Group.ATTENDING_DOCTOR), RECORD, NOW)
    assert (attending.name, attending.caller.id) == ("Dr", COLLEAGUE)
    parent = ReaderRef(group=Group.REPRESENTATIVE, id=PARENT_INS.matricule)
    assert reader_named(parent, RECORD, NOW).name == "P"
    assert reader_named(NURSES, RECORD, NOW).name == "Les infirmiers"
