"""The submission as a whole: one valid one, one change, one refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dmp.domain.codes import TRE_R02_SECTOR, Code
from dmp.domain.documents.entry import SubmissionSet
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.submission_sets import check_submission, submission_set
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import SubmissionId, UniqueId
from dmp.domain.identity.caller import Caller
from tests.domain.samples import (
    DESK,
    DOCTOR,
    INS,
    NOW,
    PRACTICE,
    STRANGER_INS,
    claimed,
    entry,
    record,
    uuid,
)

ONE = Submission(ins=INS, documents=(claimed(),))


def refused(documents: tuple[ClaimedDocument, ...], octets: int = 1000) -> Reason:
    with pytest.raises(Refused) as caught:
        check_submission(
            replace(ONE, documents=documents), max_documents=2, max_document_octets=octets
        )
    assert "{" not in caught.value.sentence
    return caught.value.reason


def registered(submission: Submission = ONE, by: Caller = DOCTOR) -> SubmissionSet:
    return submission_set(
        submission,
        (entry(),),
        record=record(),
        submission_id=SubmissionId(uuid(3)),
        unique_id=UniqueId("2.25.9"),
        now=NOW,
        depositor=by,
    )


def test_a_submission_within_its_limits_passes() -> None:
    other = claimed(unique_id=UniqueId("1.2.3"))
    check_submission(
        replace(ONE, documents=(claimed(), other)), max_documents=2, max_document_octets=1000
    )


def test_empty_large_doubled_or_mixed_submissions_are_refused() -> None:
    assert refused(()) is Reason.SUBMISSION_EMPTY
    assert refused((claimed(),) * 3) is Reason.SUBMISSION_TOO_LARGE
    assert refused((claimed(),), octets=3) is Reason.CONTENT_TOO_LARGE
    assert refused((claimed(), claimed())) is Reason.UNIQUE_ID_TAKEN
    assert refused((claimed(ins=STRANGER_INS),)) is Reason.PATIENT_MISMATCH


def test_two_documents_without_an_identifier_are_two_documents() -> None:
    nameless = replace(ONE, documents=(claimed(unique_id=None),) * 2)
    check_submission(nameless, max_documents=2, max_document_octets=1000)


def test_what_is_left_out_comes_from_the_depositor_and_the_documents() -> None:
    made = registered()
    assert made.unique_id == UniqueId("2.25.9")
    assert made.author.id == DOCTOR.id
    assert made.source_id == f"1.2.250.1.71.4.2.2.{PRACTICE.id_nat}"
    assert made.content_type == entry().facility_type
    assert made.document_ids == (entry().document_id,)


@pytest.mark.parametrize(
    ("code", "system"),
    [("07", "1.2.250.1.213.2.2"), ("SA01", TRE_R02_SECTOR), ("EXP_PATIENT", "")],
)
def test_the_kind_of_activity_and_that_of_the_facility_are_taken(code: str, system: str) -> None:
    assert registered(replace(ONE, content_type=Code(code, system))).content_type.code == code


def test_an_unknown_kind_of_activity_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        registered(replace(ONE, content_type=Code("999", "1.2.250.1.213.2.2")))
    assert caught.value.reason is Reason.CODE_UNKNOWN


def test_who_writes_no_documents_is_no_author() -> None:
    with pytest.raises(Refused) as caught:
        registered(by=DESK)
    assert caught.value.reason is Reason.METADATA_MISSING
