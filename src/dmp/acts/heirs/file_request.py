"""Register what an heir, a concubin or a PACS partner asks for after a death.

CSP L1110-4 V, L1111-18. Who: a desk, the operator; only on a record closed by death. Shows no content.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import ClosingMotive, HealthRecord
from dmp.domain.record.heirs import HeirPurpose, HeirRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHeirRequest:
    """Who asks, as what to the deceased, on which proofs (by name), for which of the law's purposes."""

    record_id: RecordId
    name: str
    relation: str
    proofs: str
    purpose: HeirPurpose


async def _file(request: FileHeirRequest, work: Work) -> HeirRequest:
    closed_by_death(work.record)
    for parameter, text in (
        ("name of the heir", request.name),
        ("relation to the deceased", request.relation),
        ("proofs", request.proofs),
    ):
        if not text.strip():
            raise Refused(Reason.PARAMETER_MISSING, parameter=parameter)
    filed = HeirRequest(
        request_id=work.new_uuid(),
        record_id=work.record.record_id,
        name=request.name.strip(),
        relation=request.relation.strip(),
        proofs=request.proofs.strip(),
        purpose=request.purpose,
        filed_at=work.now,
        filed_by=work.caller.id,
    )
    work.unit.heirs.file(filed)
    return filed


def closed_by_death(record: HealthRecord) -> None:
    """The record was closed because its holder died. Raises Refused: HEIRS_NOT_ENTITLED."""
    if record.closure is None or record.closure.motive is not ClosingMotive.DEATH:
        raise Refused(Reason.HEIRS_NOT_ENTITLED)


file_heir_request = Act(
    name="file-heir-request",
    actions=always(Action.FILE_HEIR_REQUEST),
    target=lambda request: OfRecord(request.record_id),
    run=_file,
    detail=lambda request: request.purpose.value,
)
