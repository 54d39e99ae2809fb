"""Replacement, repetition, and the statuses an entry moves through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dmp.domain.documents.entry import Content, DocumentEntry, Status
from dmp.domain.documents.versions import (
    Named,
    is_same_document,
    moved,
    named_parents,
    replacement,
    superseded,
)
from dmp.domain.documents.visibility import Visibility
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import DocumentId, RecordId, UniqueId
from tests.domain.samples import COLLEAGUE, claimed, entry, header, uuid

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
    assert is_same_document(known, again, "DocumentReference")
    assert is_same_document(replace(known, status=Status.DEPRECATED), again, "DocumentReference")
    other = replace(known, unique_id=OLD_ID)
    assert not is_same_document(other, again, "DocumentReference")


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
        is_same_document(known, entry(), "DocumentReference")
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


def test_a_version_that_awaits_its_announcement_is_not_masked_as_well() -> None:
    masked = replace(PARENT, visibility=Visibility(masked=True))
    _, new = superseded(masked, entry(visibility=Visibility(hidden_from_patient=True)))
    assert new.visibility == Visibility(hidden_from_patient=True)
