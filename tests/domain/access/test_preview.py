"""Who will see this document? The rows of the page, held against the decisions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.access.matrix import professions, roles
from dmp.domain.access.policy import Policy
from dmp.domain.access.preview import Group, Row, preview
from dmp.domain.access.readers import professions_told
from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.visibility import Visibility
from dmp.domain.errors import Reason
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import (
    Audience,
    Block,
    Covered,
    EmergencySwitches,
    Mask,
    Preferences,
)
from dmp.domain.record.relations import CarerLevel, Caring, Invitation
from tests.domain.samples import (
    AUTHOR,
    COLLEAGUE,
    GP,
    NOW,
    NURSE,
    OPTICIAN,
    SPECIALIST,
    consent,
    entry,
    record,
    relations,
    uuid,
)

MASKED = Visibility(masked=True)
RECORD = record(
    relations=relations(consent(GP), attending=COLLEAGUE, parent=True),
    preferences=Preferences(blocks=(Block(person_id=SPECIALIST, name="B", start=NOW, by="h"),)),
)


def rows(
    considered: Visibility = MASKED,
    of: HealthRecord = RECORD,
    document: DocumentEntry | None = None,
) -> tuple[Row, ...]:
    return preview(of, document or entry(), considered, Policy(), NOW)


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
    others = {Group.PROFESSION, Group.ROLE, Group.REGULATION, Group.BREAK_GLASS}
    assert before == after | others


def test_every_profession_has_its_row_by_the_matrix() -> None:
    found = rows()
    listed = [r for r in found if r.group is Group.PROFESSION]
    assert [r.profession for r in listed] == list(professions())
    seeing = {r.profession for r in listed if r.today.seen}
    allowed = Policy().matrices.at(NOW).allowed
    assert seeing == {code for code in professions() if "11488-4" in allowed[code]}
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


def test_roles_have_their_rows_by_the_matrix() -> None:
    found = rows()
    listed = [r for r in found if r.group is Group.ROLE]
    assert [r.profession for r in listed] == list(roles())
    assert row(Group.ROLE, found, "R85:330").today.seen
    assert not row(Group.ROLE, found, "R85:330").after.seen
    synthesis = entry(type_code=Code("68599-0", LOINC))
    assert not row(Group.ROLE, rows(document=synthesis), "R85:330").today.seen


def test_carers_have_their_rows_where_there_are_carers() -> None:
    helping = Caring(
        caring_id=uuid(5), level=CarerLevel.SEE, birth_name="B", first_given_name="L",
        birth_date=date(1980, 1, 1), code_digest="", answer_by=NOW, matricule="m", name="Luc B",
        invitation=Invitation.ACCEPTED, start=NOW - timedelta(days=1), end=NOW + timedelta(days=9),
    )  # fmt: skip
    invited = replace(helping, invitation=Invitation.PENDING, name="nobody yet")
    cared = replace(RECORD, relations=replace(RECORD.relations, carers=(helping, invited)))
    assert not [r for r in rows(of=cared) if r.group is Group.CARER]
    found = preview(cared, entry(), MASKED, Policy(carers=True), NOW)
    carer = row(Group.CARER, found)
    assert (carer.name, carer.today.seen, carer.after.seen) == ("Luc B", True, True)
    secret = entry(visibility=Visibility(hidden_from_representatives=True))
    found = preview(cared, secret, MASKED, Policy(carers=True), NOW)
    assert not row(Group.CARER, found).today.seen


def test_what_is_kept_from_a_profession_or_a_professional_is_told() -> None:
    document = entry()
    masks = (
        Mask(audience=Audience.PROFESSION, audience_id="60", covered=Covered.CATEGORY,
             target="CPT_REND", start=NOW),
        Mask(audience=Audience.PROFESSIONAL, audience_id=NURSE, covered=Covered.DOCUMENT,
             target=str(document.document_id), name="Noé", start=NOW),
    )  # fmt: skip
    kept = replace(RECORD, preferences=Preferences(masks=masks))
    found = rows(of=kept, document=document)
    assert row(Group.PROFESSION, found, "60").today.rule == "category_is_masked_to_this_reader"
    assert row(Group.PROFESSION, found, "10").today.seen
    named = row(Group.PROFESSIONAL, found)
    assert (named.name, named.today.rule) == ("Noé", "document_is_masked_to_this_reader")


def test_an_administrator_sees_masked_documents_of_the_profession_that_is_known() -> None:
    governed = replace(RECORD, relations=relations(consent(OPTICIAN), administrator=OPTICIAN))
    synthesis = entry(type_code=Code("68599-0", LOINC))

    def seen(known: dict[str, str] | None) -> bool:
        found = preview(governed, synthesis, MASKED, Policy(), NOW, known)
        return row(Group.ADMINISTRATOR, found).after.seen

    assert seen(None)  # as far as is known he may be a doctor
    assert not seen({OPTICIAN: "28"})


def test_documents_tell_the_professions_of_their_authors() -> None:
    nurse = replace(AUTHOR, id=NURSE, specialty=Code("G15_60", "x"))
    unknown = replace(AUTHOR, id=OPTICIAN, specialty=Code("G15_99", "x"))
    told = professions_told([entry(), entry(authors=(nurse, unknown))])
    assert told == {GP: "10", NURSE: "60"}


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
