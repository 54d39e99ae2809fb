"""Values for tests: valid by default, one argument changes one thing. Invented people only."""

from __future__ import annotations

from tests.builders.documents import a_content, a_submission, an_entry, changed
from tests.builders.identifiers import an_ins, uuid7
from tests.builders.people import (
    HOLDER_INS,
    a_caller,
    a_doctor,
    a_holder,
    a_system,
    some_traits,
)
from tests.builders.records import NOW, a_caring, a_profile, a_record, a_step
from tests.builders.supervision import a_notice, a_request, an_emergency
from tests.builders.traces import a_trace

__all__ = [
    "HOLDER_INS",
    "NOW",
    "a_caller",
    "a_caring",
    "a_content",
    "a_doctor",
    "a_holder",
    "a_notice",
    "a_profile",
    "a_record",
    "a_request",
    "a_step",
    "a_submission",
    "a_system",
    "a_trace",
    "an_emergency",
    "an_entry",
    "an_ins",
    "changed",
    "some_traits",
    "uuid7",
]
