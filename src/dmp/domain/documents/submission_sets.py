"""The submission as a whole: how many documents, of whom, from whom.

Source: IHE ITI TF-3 (SubmissionSet); JDV_J59; DMP TD2.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dmp.domain.codes import Code
from dmp.domain.documents.deposit import depositor_as_author
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.documents.submission import Submission
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import STRUCTURE_ROOT, SubmissionId, UniqueId
from dmp.domain.identity.caller import Caller
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.value_sets import CONTENT_TYPE, FACILITY_TYPE, value_set


def check_submission(
    submission: Submission, *, max_documents: int, max_document_octets: int
) -> None:
    """What is known of a submission before any content is read.

    Raises:
        Refused: SUBMISSION_EMPTY, SUBMISSION_TOO_LARGE, CONTENT_TOO_LARGE, UNIQUE_ID_TAKEN (twice in
            one submission), PATIENT_MISMATCH.
    """
    documents = submission.documents
    if not documents:
        raise Refused(Reason.SUBMISSION_EMPTY)
    if len(documents) > max_documents:
        raise Refused(Reason.SUBMISSION_TOO_LARGE, found=len(documents), limit=max_documents)
    seen: set[UniqueId] = set()
    for claimed in documents:
        if len(claimed.content) > max_document_octets:
            raise Refused(
                Reason.CONTENT_TOO_LARGE,
                field=f"{claimed.path}.content.attachment",
                size=len(claimed.content),
                limit=max_document_octets,
            )
        if claimed.unique_id in seen:
            raise Refused(Reason.UNIQUE_ID_TAKEN, field=f"{claimed.path}.masterIdentifier")
        if claimed.unique_id is not None:
            seen.add(claimed.unique_id)
        if claimed.ins is not None and claimed.ins != submission.ins:
            raise Refused(
                Reason.PATIENT_MISMATCH,
                field=f"{claimed.path}.subject",
                where="document's metadata",
            )


def submission_set(
    submission: Submission,
    entries: Sequence[DocumentEntry],
    *,
    record: HealthRecord,
    submission_id: SubmissionId,
    unique_id: UniqueId,
    now: datetime,
    depositor: Caller,
) -> SubmissionSet:
    """The submission set of these entries; `unique_id` serves when the sender gives none.

    Raises:
        Refused: CODE_UNKNOWN, METADATA_MISSING (nobody can be named as its author).
    """
    structure = depositor.structure
    author = submission.author or depositor_as_author(depositor)
    if author is None:
        raise Refused(Reason.METADATA_MISSING, field="List.source")
    own_source = f"{STRUCTURE_ROOT}.{structure.id_nat}" if structure else STRUCTURE_ROOT
    return SubmissionSet(
        record_id=record.record_id,
        submission_id=submission_id,
        unique_id=submission.unique_id or unique_id,
        source_id=submission.source_id or own_source,
        content_type=_content_type(submission, entries),
        author=author,
        submitted_at=now,
        title=submission.title,
        comments=submission.comments,
        document_ids=tuple(entry.document_id for entry in entries),
    )


def _content_type(submission: Submission, entries: Sequence[DocumentEntry]) -> Code:
    """The kind of activity: as claimed, else the facility of the documents.

    Producers put the code of the facility there, so that value set is taken as well.
    """
    claimed = submission.content_type
    if claimed is None:
        return entries[0].facility_type if entries else _UNSTATED
    for name in (CONTENT_TYPE, FACILITY_TYPE):
        found = value_set(name).find(claimed.code, claimed.system)
        if found is not None:
            return found
    raise Refused(
        Reason.CODE_UNKNOWN, field="List.type", code=claimed.code[:64], value_set="JDV_J59"
    )


_UNSTATED = Code("07", "1.2.250.1.213.2.2")
"""Outpatient consultation: the commonest activity, where a submission brings nothing new."""
