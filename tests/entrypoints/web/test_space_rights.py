"""Who may choose for a space, read its prevention, and take a deletion back: everybody by name."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from dmp.acts.act import Act
from dmp.acts.documents.restore_document import (
    ListDeletions,
    RestoreDocument,
    list_deletions,
    restore_document,
)
from dmp.acts.space.choose import (
    Choice,
    ChooseForSpace,
    ReadSpaceChoices,
    choose_for_space,
    read_space_choices,
)
from dmp.acts.space.read_prevention import ReadPrevention, read_prevention
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Caller, Carer, Holder, Representative
from tests.builders import a_caller
from tests.doors import family as cast
from tests.entrypoints.web.people import DOCTOR, OPERATOR, Someone, lea
from tests.entrypoints.web.site import Site
from tests.entrypoints.web.test_acting import a_carer


def asked(record_id: RecordId) -> list[tuple[Act[Any, Any], Any]]:
    """Each act with what is asked of it."""
    return [
        (read_space_choices, ReadSpaceChoices(record_id=record_id)),
        (choose_for_space, ChooseForSpace(record_id=record_id, choice=Choice.READ_NOTICES)),
        (read_prevention, ReadPrevention(record_id=record_id)),
        (list_deletions, ListDeletions(record_id=record_id)),
        (restore_document, RestoreDocument(record_id=record_id, document=uuid4())),
    ]


def allowed(site: Site, record_id: RecordId, caller: Caller) -> set[str]:
    """The acts that a caller may ask for."""
    found = set()
    for act, request in asked(record_id):
        try:
            site.do(act, request, caller)
        except Refused as refused:
            # Nothing was deleted: whoever may restore finds nothing to restore.
            if refused.reason is not Reason.DOCUMENT_NOT_FOUND or act is not restore_document:
                continue
        found.add(act.name)
    return found


EVERYTHING = {
    "read-space-choices", "choose-for-space", "read-prevention", "list-deletions", "restore-document",
}  # fmt: skip
READING = {"read-space-choices", "read-prevention", "list-deletions"}


def test_the_holder_and_who_represents_her_may_all_of_it(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    assert child.record is not None
    record_id = child.record.record_id
    assert allowed(site, record_id, child.caller) == EVERYTHING
    represents = a_caller(Representative(ins=parent.ins, name=parent.traits.display))
    assert allowed(site, record_id, represents) == EVERYTHING


@pytest.mark.parametrize(
    ("level", "may"),
    [
        ("voir", READING),
        ("aider", READING),
        ("gerer", READING | {"restore-document"}),
    ],
)
def test_a_carer_reads_and_brings_back_at_the_level_that_manages(
    site: Site, level: str, may: set[str]
) -> None:
    helped = Someone(site).opens()
    carer, _ = a_carer(site, helped, level)
    assert helped.record is not None
    caller = a_caller(Carer(ins=carer.ins, name=carer.traits.display))
    assert allowed(site, helped.record.record_id, caller) == may


def test_nobody_else_may_anything_of_it(site: Site) -> None:
    someone = Someone(site).opens().agrees()
    stranger = Someone(site).opens()
    assert someone.record is not None
    others = {
        "doctor with consent": a_caller(DOCTOR),
        "another holder": a_caller(Holder(ins=stranger.ins, name=stranger.traits.display)),
        "operator": OPERATOR,
        "desk": cast.DESK,
        "structure's software": cast.SYSTEM,
    }
    for name, caller in others.items():
        may = allowed(site, someone.record.record_id, caller)
        assert may == set(), name
