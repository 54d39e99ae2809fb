"""A trace: who did what, on what, by which rule, with which outcome. Frozen copies only.

Source: CSP R1111-43 (every action is traced and kept in the record); EHDS annex II (logging).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dmp.domain.identifiers import RecordId, TraceId


class Outcome(StrEnum):
    """How an act ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedCaller:
    """Who asked, copied when it happened: a trace does not change when people do."""

    kind: str  # holder, representative, professional, structure, desk, operator, system, anonymous
    id: str
    name: str
    profession: str = ""
    profession_label: str = ""
    structure_id: str = ""
    structure_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One act or one refusal. `at` is in UTC. Object texts are those of that instant.

    `document_ids` are all the documents concerned; type and title stand for a single one. `secret` marks
    what was done in a minor's secret session, and what is a minor's own: those who act for her are not told.
    `form` tells by which list of fields the leaf was made.
    """

    trace_id: TraceId
    record_id: RecordId
    at: datetime
    caller: TracedCaller
    door: str
    means: str
    strength: int
    purpose: str
    purpose_reason: str
    software: str
    act: str
    outcome: Outcome
    rule: str
    reason: str = ""
    matrix_version: str = ""
    document_id: str = ""
    document_type: str = ""
    document_title: str = ""
    detail: str = ""
    document_ids: tuple[str, ...] = ()
    motive: str = ""
    secret: bool = False
    form: int = 1
