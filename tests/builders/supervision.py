"""Notices, emergency accesses, requests of heirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from dmp.domain.identifiers import NO_RECORD, RecordId
from dmp.domain.record.emergency_access import EmergencyAccess
from dmp.domain.record.heirs import HeirPurpose, HeirRequest
from dmp.domain.record.notice import Notice, NoticeKind
from tests.builders.records import NOW


def a_notice(record_id: RecordId = NO_RECORD, **changes: Any) -> Notice:
    """The holder is told of a first access; another notice each time."""
    values: dict[str, Any] = {
        "notice_id": uuid4(),
        "record_id": record_id,
        "at": NOW,
        "kind": NoticeKind.FIRST_ACCESS,
        "by": "Dr Anne Vasseur",
        "place": "Cabinet des Lilas",
        "purpose": "normal",
    }
    return Notice(**{**values, **changes})


def an_emergency(record_id: RecordId, **changes: Any) -> EmergencyAccess:
    """A doctor opened a record in an emergency; another access each time."""
    values: dict[str, Any] = {
        "access_id": uuid4(),
        "record_id": record_id,
        "person_id": "810100000017",
        "name": "Dr Anne Vasseur",
        "profession": "Médecin",
        "structure_id": "1750000016",
        "structure_name": "Cabinet des Lilas",
        "purpose": "bris_de_glace",
        "motive": "hors-d-etat-d-exprimer-sa-volonte",
        "reason": "inconsciente",
        "opened_at": NOW,
        "ends_at": NOW + timedelta(hours=4),
    }
    return EmergencyAccess(**{**values, **changes})


def a_request(record_id: RecordId, **changes: Any) -> HeirRequest:
    """A daughter asks for the cause of a death; another request each time."""
    values: dict[str, Any] = {
        "request_id": uuid4(),
        "record_id": record_id,
        "name": "Jeanne Delorme",
        "relation": "fille",
        "proofs": "acte de notoriété",
        "purpose": HeirPurpose.CAUSE_OF_DEATH,
        "filed_at": NOW,
        "filed_by": "support:a",
    }
    return HeirRequest(**{**values, **changes})
