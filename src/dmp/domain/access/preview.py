"""Who will see this document, today and after a change of its visibility?

There is no second set of rules: each row is the answer of `decide` to a reader made up for the
question, so that the page can never promise what the house does not hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dmp.domain.access.actions import Action
from dmp.domain.access.decide import decide
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.policy import Policy
from dmp.domain.access.readers import Group, Professions, Reader, asked_of, readers_of
from dmp.domain.access.rules import Question
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.visibility import Visibility
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Purpose
from dmp.domain.record.health_record import HealthRecord

__all__ = ["Group", "Row", "Sight", "preview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Whether the reader sees the document, by which rule, and why not."""

    seen: bool
    rule: str
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One reader, or one group of readers. `name` is for people: "Les opticiens", "Dr Martin".

    `profession` is the line of the matrix of a group by profession (a code of TRE_G15) or by role.
    """

    group: Group
    name: str
    today: Sight
    after: Sight
    profession: str = ""

    @property
    def changes(self) -> bool:
        """Whether the change considered makes a difference to this reader."""
        return self.today.seen != self.after.seen


def preview(
    record: HealthRecord,
    entry: DocumentEntry,
    considered: Visibility,
    policy: Policy,
    at: datetime,
    known: Professions | None = None,
    instead: HealthRecord | None = None,
) -> tuple[Row, ...]:
    """Who sees a document at an instant, as it is and with the visibility considered.

    Rows: the holder, representatives, carers, authors and their structures, the attending doctor,
    administrators, blocked professionals, those from whom something is kept in particular, every
    profession and role with the holder's consent, and emergency access. Of several rows about one
    person the first counts. `known` tells professions that the document does not; `instead` is the record
    as it would be, when a change of the holder's other choices is considered.
    """
    to_be = instead or record
    today = DocumentFacts.of(entry)
    after = DocumentFacts.of(replace(entry, visibility=considered))
    rows: list[Row] = []
    seen: set[tuple[str, Purpose]] = set()
    for reader in readers_of(to_be, entry, policy, at, known):
        key = (reader.caller.id, reader.caller.purpose)
        if not reader.is_made_up:
            if key in seen:
                continue
            seen.add(key)
        rows.append(
            Row(
                group=reader.group,
                name=reader.name,
                profession=reader.line,
                today=_sight(reader, record, today, policy, at),
                after=_sight(reader, to_be, after, policy, at),
            )
        )
    return tuple(rows)


def _sight(
    reader: Reader, record: HealthRecord, facts: DocumentFacts, policy: Policy, at: datetime
) -> Sight:
    decision = decide(
        Question(
            action=Action.READ_DOCUMENT,
            caller=reader.caller,
            at=at,
            record=asked_of(record, reader, at),
            document=facts,
        ),
        policy,
    )
    return Sight(seen=decision.permitted, rule=decision.rule, reason=decision.reason)
