"""Replacement, repetition, and the statuses an entry moves through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dmp.domain.documents.entry import Content, DocumentEntry, Status
from dmp.domain.documents.versions import (
    Named,
    announced,
    is_same_document,
    moved,
    named_parents,
    replacement,
    superseded,
    with_versions,
)
from dmp.domain.documents.visibility import Visibility
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId, RecordId, UniqueId
from dmp.domain.record.preferences import Preferences
from tests.domain.samples import COLLEAGUE, GP, NOW, claimed, entry, header, uuid

OLD_ID = UniqueId("1.2.250.1.213.1.1.9.76")
PARENT = entry(unique_id=OLD_ID, document_id=DocumentId(uuid(50)))
HERE = PARENT.record_id
FOUND: dict[Named, DocumentEntry] = {OLD_ID: PARENT, PARENT.document_id: PARENT}


def refused(reason: Reason, found: dict[Named, DocumentEntry], named: Named = OLD_ID) -> None:
    with pytest.raises(Refused) as caught:
        replacement(claimed(replaces=named), header(), record_id=HERE, found=found)
    assert caught.value.reason is reason


@pytest.mark.parametrize("named", [OLD_ID, PARENT.document_id])
def test_the_metadata_name_the_parent(named: Named) -> None:
    found = replacement(claimed(replaces=named), header(), record_id=HERE, found=FOUND)
    assert found.parent is PARENT
    assert found.warnings == ()


def test_an_archived_parent_may_be_replaced() -> None:
    archived = replace(PARENT, status=Status.ARCHIVED)
    found = replacement(
        claimed(replaces=OLD_ID), header(), record_id=HERE, found={OLD_ID: archived}
    )
    assert found.parent is archived


def test_a_parent_that_is_unknown_deleted_or_elsewhere_is_not_found() -> None:
    refused(Reason.REPLACED_NOT_FOUND, {})
    refused(Reason.REPLACED_NOT_FOUND, {OLD_ID: replace(PARENT, status=Status.DELETED)})
    refused(Reason.REPLACED_NOT_FOUND, {OLD_ID: replace(PARENT, record_id=RecordId(uuid(9)))})


def test_a_parent_that_was_replaced_already_is_not_current() -> None:
    refused(Reason.REPLACED_NOT_CURRENT, {OLD_ID: replace(PARENT, status=Status.DEPRECATED)})


def test_nothing_replaces_itself() -> None:
    own = header().unique_id
    assert own is not None
    refused(Reason.METADATA_INVALID, {own: replace(PARENT, unique_id=own)}, own)
    said = header(replaces=(own,))
    assert replacement(claimed(), said, record_id=HERE, found={own: PARENT}).parent is None


def test_metadata_and_cda_that_name_different_known_parents_contradict_each_other() -> None:
    other_id = UniqueId("1.2.250.1.213.1.1.9.70")
    other = replace(PARENT, document_id=DocumentId(uuid(51)), unique_id=other_id)
    with pytest.raises(Refused) as caught:
        replacement(
            claimed(replaces=OLD_ID),
            header(replaces=(other_id,)),
            record_id=HERE,
            found={**FOUND, other_id: other},
        )
    assert caught.value.reason is Reason.HEADER_CONTRADICTS_METADATA


def test_a_parent_named_by_the_cda_alone() -> None:
    said = header(replaces=(OLD_ID,))
    known = replacement(claimed(), said, record_id=HERE, found=FOUND)
    assert known.parent is PARENT
    assert "superseded as if" in known.warnings[0]
    unknown = replacement(claimed(), said, record_id=HERE, found={})
    assert unknown.parent is None
    assert "does not hold" in unknown.warnings[0]
    elsewhere = replace(PARENT, record_id=RecordId(uuid(9)))
    assert replacement(claimed(), said, record_id=HERE, found={OLD_ID: elsewhere}) == unknown
    late = replace(PARENT, status=Status.DEPRECATED)
    superseded_already = replacement(claimed(), said, record_id=HERE, found={OLD_ID: late})
    assert superseded_already.parent is None
    assert "superseded already" in superseded_already.warnings[0]


def test_every_named_parent_is_looked_up_once() -> None:
    other = UniqueId("1.2.3")
    both = named_parents(claimed(replaces=OLD_ID), header(replaces=(OLD_ID, other)))
    assert both == (OLD_ID, other)
    assert named_parents(claimed(), header()) == ()


def test_the_same_bytes_under_the_same_identifier_are_the_same_document() -> None:
    known, again = entry(), entry(document_id=DocumentId(uuid(60)))
    assert is_same_document(known, again, "DocumentReference", (GP,))
    assert is_same_document(
        replace(known, status=Status.DEPRECATED), again, "DocumentReference", (GP,)
    )
    other = replace(known, unique_id=OLD_ID)
    assert not is_same_document(other, again, "DocumentReference", (GP,))


def test_naming_the_author_does_not_make_the_sender_one() -> None:
    known = entry()
    assert GP in known.owner_ids
    with pytest.raises(Refused):
        is_same_document(known, entry(), "DocumentReference", (COLLEAGUE,))


@pytest.mark.parametrize(
    "known",
    [
        entry(content=Content(size=1, sha1="0" * 40, sha256="0" * 64)),
        entry(record_id=RecordId(uuid(9))),
        entry(status=Status.DELETED),
        entry(owner_ids=(COLLEAGUE,)),
    ],
)
def test_an_identifier_is_taken_by_another_document_record_author_or_a_deleted_one(
    known: DocumentEntry,
) -> None:
    with pytest.raises(Refused) as caught:
        is_same_document(known, entry(), "DocumentReference", (GP,))
    assert caught.value.reason is Reason.UNIQUE_ID_TAKEN


ALLOWED = {
    (Status.APPROVED, Status.DEPRECATED),
    (Status.APPROVED, Status.ARCHIVED),
    (Status.APPROVED, Status.DELETED),
    (Status.ARCHIVED, Status.APPROVED),
    (Status.ARCHIVED, Status.DEPRECATED),
    (Status.ARCHIVED, Status.DELETED),
    (Status.DEPRECATED, Status.DELETED),
}


@pytest.mark.parametrize("to", list(Status))
@pytest.mark.parametrize("start", list(Status))
def test_every_move_of_status(start: Status, to: Status) -> None:
    before = entry(status=start)
    if start is to:
        assert moved(before, to) is before
    elif (start, to) in ALLOWED:
        assert moved(before, to).status is to
        assert moved(before, to).archived is (to is Status.ARCHIVED)
    else:
        with pytest.raises(Refused) as caught:
            moved(before, to)
        assert caught.value.reason is Reason.CHANGE_NOT_ALLOWED


def test_what_was_masked_stays_masked_in_its_next_version() -> None:
    masked = replace(PARENT, visibility=Visibility(masked=True, hidden_from_representatives=True))
    old, new = superseded(masked, entry())
    assert old.status is Status.DEPRECATED
    assert new.replaces == masked.document_id
    assert new.replaces_unique_id == OLD_ID
    assert new.visibility.masked
    assert new.visibility.hidden_from_representatives


WAITS = Visibility(hidden_from_patient=True)
SECRET = Visibility(hidden_from_representatives=True)


@pytest.mark.parametrize("restricted", [WAITS, SECRET], ids=["patient", "representatives"])
@pytest.mark.parametrize("seen", [Visibility(), Visibility(masked=True)], ids=["open", "masked"])
def test_a_new_version_is_not_hidden_from_who_sees_the_old(
    seen: Visibility, restricted: Visibility
) -> None:
    with pytest.raises(Refused) as caught:
        superseded(replace(PARENT, visibility=seen), entry(visibility=restricted))
    assert caught.value.reason is Reason.VISIBILITY_CONFLICT
    assert "new document" in caught.value.sentence


def test_what_waits_may_be_corrected_and_waits_no_longer_for_it() -> None:
    first = replace(PARENT, visibility=WAITS, submitted_at=NOW - timedelta(days=20))
    old, new = superseded(first, entry(visibility=WAITS))
    assert old.visibility == new.visibility == WAITS
    assert new.waits_since == old.waits_since == first.submitted_at
    _, third = superseded(new, entry(visibility=WAITS))
    assert third.waits_since == first.submitted_at
    late = replace(first, submitted_at=NOW - timedelta(days=32))
    with pytest.raises(Refused):  # its month is over: the patient sees it
        superseded(late, entry(visibility=WAITS))


def test_a_version_that_is_shown_shows_what_it_replaces() -> None:
    waiting = replace(PARENT, visibility=WAITS)
    old, new = superseded(waiting, entry())
    assert old.visibility == new.visibility == Visibility()


def test_a_masked_version_masks_what_it_replaces() -> None:
    old, new = superseded(PARENT, entry(visibility=Visibility(masked=True)))
    assert old.visibility.masked
    assert new.visibility.masked
    waiting = replace(PARENT, visibility=WAITS)
    old, _ = superseded(waiting, entry(visibility=Visibility(masked=True)))
    assert old.visibility == Visibility(masked=True)


def test_what_is_announced_takes_the_holders_choice_for_new_documents() -> None:
    waiting = entry(visibility=WAITS)
    assert announced(waiting, Preferences()).visibility == Visibility()
    masking = (
        Preferences(mask_new_documents=True),
        Preferences(masked_categories=("CPT_REND",)),
    )
    for choice in masking:
        assert announced(waiting, choice).visibility == Visibility(masked=True)
    other = Preferences(masked_categories=("BIOLOGIE",))
    assert announced(waiting, other).visibility == Visibility()
    assert announced(entry(), masking[0]) == entry()


def test_versions_are_found_through_their_chain_both_ways() -> None:
    first = entry(document_id=DocumentId(uuid(71)))
    second = entry(document_id=DocumentId(uuid(72)), replaces=first.document_id)
    third = entry(document_id=DocumentId(uuid(73)), replaces=second.document_id)
    alone = entry(document_id=DocumentId(uuid(74)))
    among = (alone, first, third, second)
    assert with_versions([third], among) == (third, second, first)
    assert with_versions([first], among) == (first, second, third)
    assert with_versions([second, alone], among) == (second, alone, first, third)
    assert with_versions([third], [third, first]) == (third,)
