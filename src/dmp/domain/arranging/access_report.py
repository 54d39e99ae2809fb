"""« Je ne connais pas cette personne »: an access that a holder reports, and the answer the operator owes.

It tells who acted, when and by which rule, and the holder's words; nothing of any document. Source: CSP
R1111-43 (traces told to the holder); Regulation (EU) 2016/679, articles 12 (3) and 15.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from dmp.domain.errors import Reason, Refused
from dmp.domain.journal.event import Trace

MAX_WORDS = 1000
MAX_ANSWER = 2000
MAX_OPEN = 50
"""Reports of one record that wait for an answer at once."""
PERSONS = frozenset({"professional", "coordinator", "secretary", "desk", "carer", "representative",
                     "structure", "bearer"})  # fmt: skip
"""Kinds of callers whose acts may be reported: somebody, not the service itself."""


class Doubt(StrEnum):
    """Why an access is reported."""

    UNKNOWN_PERSON = "unknown-person"
    NO_CARE = "no-care"
    TOO_MUCH = "too-much"
    OTHER = "other"


class ReportState(StrEnum):
    """How far a report is."""

    RECEIVED = "received"
    UNDER_WAY = "under-way"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessReport:
    """One report of one trace.

    `person_id`, `name`, `about` (profession, place) and `kind` are of whoever acted, as the trace has them;
    `act`, `rule` and `purpose` are its words. `words` are the reporter's. `secret`: of a trace of a minor's
    secret session, kept from those who act for him.
    """

    slip_id: UUID
    trace_id: UUID
    accessed_at: datetime
    person_id: str
    kind: str
    name: str
    about: str
    act: str
    rule: str
    purpose: str
    doubt: Doubt
    words: str
    reported_by: str
    reported_at: datetime
    secret: bool = False
    taken_at: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None

    @property
    def state(self) -> ReportState:
        """How far it is."""
        if self.answered_at is not None:
            return ReportState.ANSWERED
        return ReportState.RECEIVED if self.taken_at is None else ReportState.UNDER_WAY

    def taken(self, at: datetime) -> AccessReport:
        """Somebody of the operator looks into it. Raises Refused: REPORT_NOT_POSSIBLE."""
        if self.state is not ReportState.RECEIVED:
            raise Refused(Reason.REPORT_NOT_POSSIBLE, detail="it was taken already")
        return replace(self, taken_at=at)

    def answered(self, text: str, at: datetime) -> AccessReport:
        """With the answer, given once. Raises Refused: REPORT_NOT_POSSIBLE."""
        clean = text.strip()
        if self.answered_at is not None:
            raise Refused(Reason.REPORT_NOT_POSSIBLE, detail="it was answered already")
        if not 3 <= len(clean) <= MAX_ANSWER:
            raise Refused(Reason.REPORT_NOT_POSSIBLE, detail="an answer of 3 to 2000 characters")
        return replace(self, taken_at=self.taken_at or at, answer=clean, answered_at=at)


def report_of(
    trace: Trace, *, slip_id: UUID, doubt: Doubt, words: str, by: str, at: datetime
) -> AccessReport:
    """The report of a trace.

    Raises Refused: REPORT_NOT_POSSIBLE for one's own act, or one of the service; without words where nothing
    else says why; for words that are too long.
    """
    who = trace.caller
    clean = words.strip()
    if who.id == by or who.kind not in PERSONS:
        raise Refused(
            Reason.REPORT_NOT_POSSIBLE, detail="it is an act of oneself or of the service"
        )
    if doubt is Doubt.OTHER and len(clean) < 3:
        raise Refused(Reason.REPORT_NOT_POSSIBLE, field="precision", detail="say why in words")
    if len(clean) > MAX_WORDS:
        raise Refused(
            Reason.REPORT_NOT_POSSIBLE, field="precision", detail="1000 characters at most"
        )
    about = ", ".join(part for part in (who.profession_label, who.structure_name) if part)
    return AccessReport(
        slip_id=slip_id,
        trace_id=trace.trace_id,
        accessed_at=trace.at,
        person_id=who.id,
        kind=who.kind,
        name=who.name or who.structure_name,
        about=about,
        act=trace.act,
        rule=trace.rule,
        purpose=trace.purpose,
        doubt=doubt,
        words=clean,
        reported_by=by,
        reported_at=at,
        secret=trace.secret,
    )
