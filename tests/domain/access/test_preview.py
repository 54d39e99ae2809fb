"""Who will see this document? The rows of the page, held against the decisions."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.access.matrix import current_matrix, professions
from dmp.domain.access.preview import Group, Row, preview
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.visibility import Visibility
from dmp.domain.errors import Reason
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Block, EmergencySwitches, Preferences
from tests.domain.samples import COLLEAGUE, GP, NOW, SPECIALIST, consent, entry, record, relations

MASKED = Visibility(masked=True)
RECORD = record(
    relations=relations(consent(GP), attending=COLLEAGUE, parent=True),
    preferences=Preferences(blocks=(Block(person_id=SPECIALIST, name="B", since=NOW, by="h"),)),
)


def rows(
    considered: Visibility = MASKED,
    of: HealthRecord = RECORD,
    document: DocumentEntry | None = None,
) -> tuple[Row, ...]:
    return preview(of, document or entry(), considered, current_matrix(), NOW)


def row(group: Group, found: tuple[Row, ...], profession: str = "") -> Row:
    matching = [r for r in found if r.group is group and r.profession == profession]
    assert len(matching) == 1
    return matching[0]


def test_masking_leaves_the_holder_parent_author_structure_and_attending_doctor() -> None:
    found = rows()
    after = {r.group for r in found if r.after.seen}
    assert after == {
        Group.HOLDER,
        Group.REPRESENTATIVE,
        Group.AUTHOR,
        Group.AUTHOR_STRUCTURE,
        Group.ATTENDING_DOCTOR,
    }
    before = {r.group for r in found if r.today.seen}
    assert before == after | {Group.PROFESSION, Group.REGULATION, Group.BREAK_GLASS}


def test_every_profession_has_its_row_by_the_matrix() -> None:
    found = rows()
    listed = [r for r in found if r.group is Group.PROFESSION]
    assert [r.profession for r in listed] == list(professions())
    seeing = {r.profession for r in listed if r.today.seen}
    allowed = current_matrix().allowed
    assert seeing == {code for code, types in allowed.items() if "11488-4" in types}
    assert row(Group.PROFESSION, found, "28").name == "Les opticiens"
    assert row(Group.PROFESSION, found, "31").today.rule == "matrix_does_not_allow_type"
    assert row(Group.PROFESSION, found, "10").after.rule == "document_is_masked"
    assert row(Group.PROFESSION, found, "10").changes


def test_a_blocked_professional_is_shown_as_such() -> None:
    blocked = row(Group.BLOCKED, rows())
    assert blocked.today.reason is Reason.ACCESS_BLOCKED
    assert not blocked.changes


def test_the_author_keeps_his_own_without_consent() -> None:
    without = replace(RECORD, relations=relations(attending=COLLEAGUE))
    author = row(Group.AUTHOR, rows(of=without))
    assert author.today.seen
    assert author.after.seen
    assert author.name == "Ada SAMPLE"


def test_the_switches_decide_on_emergencies() -> None:
    switched = replace(
        RECORD,
        preferences=Preferences(
            emergency=EmergencySwitches(break_glass=False, masked_documents=True)
        ),
    )
    found = rows(of=switched)
    assert row(Group.BREAK_GLASS, found).today.reason is Reason.EMERGENCY_OPPOSED
    assert row(Group.REGULATION, found).after.seen


def test_an_author_who_is_the_attending_doctor_stands_once() -> None:
    both = replace(RECORD, relations=relations(attending=GP))
    people = [r for r in rows(of=both) if r.group in (Group.AUTHOR, Group.ATTENDING_DOCTOR)]
    assert [r.group for r in people] == [Group.AUTHOR]
    assert people[0].after.seen


def test_an_author_who_does_not_own_the_deposit_is_no_author_here() -> None:
    found = rows(document=entry(owner_ids=("ins:1",)))
    assert not [r for r in found if r.group in (Group.AUTHOR, Group.AUTHOR_STRUCTURE)]


@given(st.booleans(), st.booleans(), st.booleans())
def test_today_and_after_are_the_same_when_nothing_changes(
    masked: bool, patient: bool, representatives: bool
) -> None:
    seen = Visibility(
        masked=masked, hidden_from_patient=patient, hidden_from_representatives=representatives
    )
    for one in rows(considered=seen, document=entry(visibility=seen)):
        assert one.today == one.after
        assert not one.changes
    if not patient:
        assert not any(r.after.seen and not r.today.seen for r in rows(considered=MASKED))
