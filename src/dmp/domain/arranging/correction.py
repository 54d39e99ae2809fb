"""« Ceci est faux »: what a holder says is wrong in a document, and the answer that its author owes.

Every step is kept. A request says something of one document to its author; it shows him nothing else of
the record. Source: Regulation (EU) 2016/679, articles 12 (3) and 16; CSP R1111-37 (rectification).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from dmp.domain.documents.entry import Author, AuthorKind, DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import PS_ROOT
from dmp.domain.record.notice import OPERATOR

MAX_TEXT = 2000
ANSWER_WITHIN = timedelta(days=30)
"""An answer is owed within a month. Source: Regulation (EU) 2016/679, article 12 (3)."""
MAX_WAITING = 50
"""Requests of one record that wait at once."""


class Answer(StrEnum):
    """What an author answers."""

    CORRECTED = "corrected"
    NOTED = "noted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionAnswer:
    """One answer: what was done, and why, in words; by whom, when."""

    answer: Answer
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequest:
    """What somebody says is wrong in a document.

    `title` and `of` (when the act was) are the author's own words about his document, as they stood.
    `addressee` is the PS_IdNat of the author, or OPERATOR where the author is a structure, a device or
    unknown. `for_holder` tells that it was asked by somebody acting for the holder.
    """

    slip_id: UUID
    document: UUID
    title: str
    of: datetime
    author: str
    addressee: str
    text: str
    asked_by: str
    asked_at: datetime
    for_holder: bool = False
    answers: tuple[CorrectionAnswer, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether the author has answered."""
        return bool(self.answers)

    @property
    def due_at(self) -> datetime:
        """Until when an answer is owed."""
        return self.asked_at + ANSWER_WITHIN

    def answered(self, answer: Answer, text: str, by: str, at: datetime) -> CorrectionRequest:
        """With an answer more; a later one does not erase the earlier.

        Raises Refused: CORRECTION_NOT_POSSIBLE when a refusal or a note says nothing.
        """
        clean = said(text) if text.strip() or answer is not Answer.CORRECTED else ""
        one = CorrectionAnswer(answer=answer, text=clean, by=by, at=at)
        return replace(self, answers=(*self.answers, one))


def said(text: str) -> str:
    """A text as it is kept. Raises Refused: CORRECTION_NOT_POSSIBLE when it says nothing or too much."""
    clean = text.strip()
    if len(clean) < 3:
        raise Refused(Reason.CORRECTION_NOT_POSSIBLE, field="texte", detail="a text is missing")
    if len(clean) > MAX_TEXT:
        raise Refused(
            Reason.CORRECTION_NOT_POSSIBLE, field="texte", detail="a text of 2000 at most"
        )
    return clean


def owes_an_answer(entry: DocumentEntry) -> tuple[str, str]:
    """Who answers for a document: the identifier to which a request goes, and the name of the author.

    Raises Refused: CORRECTION_NOT_POSSIBLE for what the holder wrote himself: he replaces or deletes it.
    """
    if entry.authors and all(author.kind is AuthorKind.PATIENT for author in entry.authors):
        raise Refused(Reason.CORRECTION_NOT_POSSIBLE, detail="it is a document of the patient")
    person = _person(entry.authors)
    if person is not None:
        return person.id, person.display
    named = next((author.display for author in entry.authors if author.display), "")
    return OPERATOR, named


def _person(authors: Iterable[Author]) -> Author | None:
    return next(
        (
            author
            for author in authors
            if author.kind is AuthorKind.PROFESSIONAL and author.id_root == PS_ROOT and author.id
        ),
        None,
    )
