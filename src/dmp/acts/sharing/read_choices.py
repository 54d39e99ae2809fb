"""Show the holder his record's state, his choices and who has access. No document."""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.record.confidences import told_to
from dmp.domain.record.health_record import HealthRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChoices:
    """Which record: by the person, or by its identifier."""

    of: Ins | RecordId


async def _read_choices(_: ReadChoices, work: Work) -> HealthRecord:
    return told_to(work.record, work.caller)


read_choices = Act(
    name="read-choices",
    actions=always(Action.READ_CHOICES),
    target=lambda request: (
        OfPatient(request.of) if isinstance(request.of, Ins) else OfRecord(request.of)
    ),
    run=_read_choices,
    reads=True,
)
