"""What a unit has collected and not yet committed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from dmp.acts.slips import Slip
from dmp.domain.claims.deliveries import Delivery, FedLines
from dmp.domain.clinical.facts import Findings
from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.documents.text.readable import DocumentText
from dmp.domain.identifiers import NO_RECORD, RecordId
from dmp.domain.record.emergency_access import EmergencyAccess
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.heirs import HeirRequest
from dmp.domain.record.notice import Notice
from dmp.domain.record.outgoing import Settled
from dmp.domain.record.profile import Profile
from dmp.storage.postgres.recent_openings import Opening


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipWritten:
    """A slip of a record or of an owner; `version` is the one read, 0 for a new one. `slip` None removes it."""

    kind: str
    slip_id: UUID
    version: int
    slip: Slip | None
    record_id: RecordId | None = None
    owner: str = ""
    code_digest: str = ""
    addressee: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        """Where it stands: rows are locked in this order."""
        return str(self.record_id or ""), self.owner, self.kind, str(self.slip_id)


@dataclass(slots=True, kw_only=True)
class Pending:
    """Writes in the words of the domain.

    `seen` are the versions of the records that were read; `assumed` those that came from memory, to be
    verified by the commit.
    """

    seen: dict[RecordId, int] = field(default_factory=dict)
    assumed: set[RecordId] = field(default_factory=set)
    created: dict[RecordId, HealthRecord] = field(default_factory=dict)
    changed: dict[RecordId, HealthRecord] = field(default_factory=dict)
    destroyed: dict[RecordId, HealthRecord] = field(default_factory=dict)
    added: list[tuple[DocumentEntry, bytes]] = field(default_factory=list)
    metadata: list[tuple[DocumentEntry, DocumentEntry]] = field(default_factory=list)
    findings: list[tuple[DocumentEntry, Findings]] = field(default_factory=list)
    texts: list[tuple[DocumentEntry, DocumentText]] = field(default_factory=list)
    published: list[tuple[RecordId, datetime]] = field(default_factory=list)
    submissions: list[SubmissionSet] = field(default_factory=list)
    profiles: dict[RecordId, Profile] = field(default_factory=dict)
    profiles_seen: dict[RecordId, str] = field(default_factory=dict)
    announced: list[DocumentEntry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    emergencies: list[EmergencyAccess] = field(default_factory=list)
    reviews: list[tuple[EmergencyAccess, EmergencyAccess]] = field(default_factory=list)
    filed: list[HeirRequest] = field(default_factory=list)
    decisions: list[tuple[HeirRequest, HeirRequest]] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    fed: list[FedLines] = field(default_factory=list)
    slips: list[SlipWritten] = field(default_factory=list)
    slips_seen: dict[tuple[RecordId | str, str, UUID], int] = field(default_factory=dict)
    openings: list[Opening] = field(default_factory=list)

    def only_reads(self) -> bool:
        """Whether nothing was collected but openings, which go with the traces of reads."""
        return not any((*self._by_record(), *self._in_order()))

    def _by_record(self) -> tuple[dict[RecordId, HealthRecord] | dict[RecordId, Profile], ...]:
        return self.created, self.changed, self.destroyed, self.profiles

    def _in_order(self) -> tuple[list[Any], ...]:
        return (
            self.added,
            self.metadata,
            self.findings,
            self.texts,
            self.published,
            self.submissions,
            self.announced,
            self.notices,
            self.emergencies,
            self.reviews,
            self.filed,
            self.decisions,
            self.settled,
            self.deliveries,
            self.fed,
            self.slips,
        )

    def must_go_alone(self) -> bool:
        """Whether a destruction was collected together with something else."""
        others = (self.created, self.changed, self.profiles, *self._in_order(), self.openings)
        return bool(self.destroyed) and any(others)

    def touched(self) -> set[RecordId]:
        """Records written to, whose state decided that they may be."""
        named = {
            *(entry.record_id for entry, _ in self.added),
            *(entry.record_id for entry, _ in self.metadata),
            *(entry.record_id for entry, _ in self.findings),
            *(entry.record_id for entry, _ in self.texts),
            *(record_id for record_id, _ in self.published),
            *(submission.record_id for submission in self.submissions),
            *self.profiles,
            *(entry.record_id for entry in self.announced),
            *(notice.record_id for notice in self.notices),
            *(access.record_id for access in self.emergencies),
            *(request.record_id for request in self.filed),
            *(slip.record_id for slip in self.slips if slip.record_id is not None),
        }
        return named - {NO_RECORD}

    def to_verify(self) -> dict[RecordId, int]:
        """The versions that were taken from memory."""
        return {record_id: self.seen[record_id] for record_id in self.assumed}

    def clear(self) -> None:
        """Forget the writes; what was read stays known."""
        for collected in (*self._by_record(), *self._in_order(), self.openings):
            collected.clear()
