"""The holder's general choices: visibility of new documents, the three emergency switches.

CSP L1111-15, L1111-17 I.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import EmergencySwitches


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPreferences:
    """The choices as a whole."""

    record_id: RecordId
    mask_new_documents: bool
    emergency: EmergencySwitches


async def _set_preferences(request: SetPreferences, work: Work) -> HealthRecord:
    preferences = replace(
        work.record.preferences,
        mask_new_documents=request.mask_new_documents,
        emergency=request.emergency,
    )
    record = replace(work.record, preferences=preferences)
    work.records.change(record)
    return record


set_preferences = Act(
    name="set-preferences",
    actions=always(Action.WRITE_CHOICES),
    target=lambda request: OfRecord(request.record_id),
    run=_set_preferences,
)
