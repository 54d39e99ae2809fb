"""Notices as Communication: that something happened, never what stands in a document.

Source: FHIR R4 Communication; CSP R1111-48 (notice of an emergency access), R1111-53 (announcement).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import orjson

from dmp.domain.codes import ACCESS_MODE
from dmp.domain.record.notice import Notice
from dmp.formats.fhir.dates import write_instant
from dmp.formats.fhir.strict_json import Json, JsonObject
from dmp.formats.fhir.systems import OURS, url_of

NOTICES: Final = f"{OURS}:CodeSystem:notice"


def write_notices(notices: Iterable[Notice], self_url: str) -> bytes:
    """Notices as a searchset, newest first, without a total."""
    entries: list[Json] = [
        {
            "fullUrl": f"urn:uuid:{notice.notice_id}",
            "resource": communication(notice),
            "search": {"mode": "match"},
        }
        for notice in notices
    ]
    bundle: JsonObject = {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": [{"relation": "self", "url": self_url}],
    }
    if entries:
        bundle["entry"] = entries
    return orjson.dumps(bundle)


def communication(notice: Notice) -> JsonObject:
    """One notice."""
    written: JsonObject = {
        "resourceType": "Communication",
        "id": str(notice.notice_id),
        "status": "completed",
        "category": [{"coding": [{"system": NOTICES, "code": notice.kind.value}]}],
        "subject": {"reference": f"Patient/{notice.record_id}"},
        "sent": write_instant(notice.at),
    }
    by = ", ".join(part for part in (notice.by, notice.place) if part)
    if by:
        written["about"] = [{"display": by}]
    if notice.purpose:
        reason: JsonObject = {"system": url_of(ACCESS_MODE), "code": notice.purpose}
        written["reasonCode"] = [{"coding": [reason]}]
    return written
