"""Provide documents to a person's record, as one whole: all registered, or none.

IHE ITI-65 / ITI-105 / ITI-41, DMP TD2.1, TD2.2 ("alimentation"). Who: professionals and structures,
blocked ones too (feeding is a duty); the holder for documents of his own. One trace a submission.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfPatient, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.documents.submission import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Provided:
    """What became of one document: its entry, remarks for the sender, and whether it was there already.

    `replaced` is the entry that it superseded.
    """

    entry: DocumentEntry
    warnings: tuple[str, ...] = ()
    was_known: bool = False
    replaced: DocumentEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The registered submission, its documents in the order given."""

    submission: SubmissionSet
    documents: tuple[Provided, ...]


async def _provide(submission: Submission, work: Work) -> Receipt:
    raise LookupError("written with the submission rules")


provide_documents: Act[Submission, Receipt] = Act(
    name="provide-documents",
    actions=always(Action.DEPOSIT),
    target=lambda submission: OfPatient(submission.ins),
    run=_provide,
    transactions=("ITI-65", "ITI-105", "TD2.1", "TD2.2"),
)
