"""Traces."""

from __future__ import annotations

from typing import Any

from dmp.domain.identifiers import NO_RECORD, RecordId, TraceId
from dmp.domain.journal.event import Outcome, Trace, TracedCaller
from dmp.domain.journal.leaf import FORM
from tests.builders.identifiers import uuid7
from tests.builders.records import NOW


def a_trace(record_id: RecordId = NO_RECORD, **changes: Any) -> Trace:
    """A reading done by a doctor; newer than every trace made before."""
    values: dict[str, Any] = {
        "trace_id": TraceId(uuid7()),
        "record_id": record_id,
        "at": NOW,
        "caller": TracedCaller(
            kind="professional",
            id="810100000017",
            name="Dr Anne Vasseur",
            profession="10",
            profession_label="Médecine générale",
            structure_id="1750000016",
            structure_name="Cabinet des Lilas",
        ),
        "door": "fhir",
        "means": "jwt:iua",
        "strength": 2,
        "purpose": "normal",
        "purpose_reason": "",
        "software": "LogicielTest 1.0",
        "act": "find-documents",
        "outcome": Outcome.DONE,
        "form": FORM,
        "rule": "authorised_professional_reads_by_the_matrix",
    }
    return Trace(**{**values, **changes})
