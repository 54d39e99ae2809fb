"""Values of the domain as the JSON texts in which they rest, and back."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from dmp.acts.slips import Slip
from dmp.domain.clinical.material import Outline
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.identifiers import Ins
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.journal.event import Trace
from dmp.domain.record.emergency_access import EmergencyAccess
from dmp.domain.record.health_record import HealthRecord, Step
from dmp.domain.record.heirs import HeirRequest
from dmp.domain.record.notice import Notice
from dmp.domain.record.preferences import Preferences
from dmp.domain.record.profile import Profile
from dmp.domain.record.relations import Relations

_encoder: Final = msgspec.json.Encoder()
_record: Final = msgspec.json.Decoder(HealthRecord)
_entry: Final = msgspec.json.Decoder(DocumentEntry)
_trace: Final = msgspec.json.Decoder(Trace)
_profile: Final = msgspec.json.Decoder(Profile)
_notice: Final = msgspec.json.Decoder(Notice)
_access: Final = msgspec.json.Decoder(EmergencyAccess)
_request: Final = msgspec.json.Decoder(HeirRequest)

Kept = (
    HealthRecord
    | DocumentEntry
    | SubmissionSet
    | Trace
    | Profile
    | Notice
    | EmergencyAccess
    | HeirRequest
)


def text_of(value: Kept) -> str:
    """The JSON text of a value."""
    return _encoder.encode(value).decode("utf-8")


def octets_of(slip: Slip) -> bytes:
    """The JSON of a slip, in UTF-8."""
    return _encoder.encode(slip)


def record_of(text: str) -> HealthRecord:
    """A record from its sheet."""
    return _record.decode(text)


def entry_of(text: str) -> DocumentEntry:
    """A document's metadata from its text."""
    return _entry.decode(text)


def outline_of(text: str) -> Outline:
    """What the synthesis needs of a document's metadata, from the text of the whole."""
    return Outline.of(_entry.decode(text))


def trace_of(text: str) -> Trace:
    """A trace from its body."""
    return _trace.decode(text)


def profile_of(octets: bytes) -> Profile:
    """A profile from its unsealed octets."""
    return _profile.decode(octets)


def notice_of(text: str) -> Notice:
    """A notice from its body."""
    return _notice.decode(text)


def access_of(text: str) -> EmergencyAccess:
    """An emergency access from its body."""
    return _access.decode(text)


def request_of(text: str) -> HeirRequest:
    """A request of heirs from its body."""
    return _request.decode(text)


def tombstone(record: HealthRecord) -> HealthRecord:
    """What stays of a destroyed record: that it was, and the dates of its life. Nobody in it."""
    nobody = Traits(
        birth_name="-", given_names="-", sex=Sex.UNKNOWN, birth_date=date(1, 1, 1), birth_place=""
    )
    return HealthRecord(
        record_id=record.record_id,
        ins=Ins("", record.ins.root),
        traits=nobody,
        state=record.state,
        steps=tuple(
            Step(state=step.state, at=step.at, by="", by_name="", channel=step.channel)
            for step in record.steps
        ),
        preferences=Preferences(),
        relations=Relations(),
        version=record.version,
    )
