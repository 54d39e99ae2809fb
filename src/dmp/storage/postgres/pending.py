"""What a unit has collected and not yet committed."""

from __future__ import annotations

from dataclasses import dataclass, field

from dmp.domain.documents.entry import DocumentEntry, SubmissionSet
from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.profile import Profile


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
    submissions: list[SubmissionSet] = field(default_factory=list)
    profiles: dict[RecordId, Profile] = field(default_factory=dict)

    def is_empty(self) -> bool:
        """Whether nothing was collected."""
        return not (
            self.created
            or self.changed
            or self.destroyed
            or self.added
            or self.metadata
            or self.submissions
            or self.profiles
        )

    def touched(self) -> set[RecordId]:
        """Records written to, whose state decided that they may be."""
        return {
            *(entry.record_id for entry, _ in self.added),
            *(entry.record_id for entry, _ in self.metadata),
            *(submission.record_id for submission in self.submissions),
            *self.profiles,
        }

    def to_verify(self) -> dict[RecordId, int]:
        """The versions that were taken from memory."""
        return {record_id: self.seen[record_id] for record_id in self.assumed}

    def clear(self) -> None:
        """Forget the writes; what was read stays known."""
        for collected in (self.created, self.changed, self.destroyed, self.profiles):
            collected.clear()
        self.added.clear()
        self.metadata.clear()
        self.submissions.clear()
