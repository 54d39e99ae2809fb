"""Traces as AuditEvent: who did what, when, on which document, by which rule, with which outcome.

A person is named, never numbered: the INS of a holder, a representative or a carer stands in no answer.
Source: FHIR R4 AuditEvent; CSP R1111-43.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import orjson

from dmp.domain.codes import ACCESS_MODE, TRE_G15_PROFESSION
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT
from dmp.domain.journal.event import Outcome, Trace, TracedCaller
from dmp.formats.fhir.dates import write_instant
from dmp.formats.fhir.strict_json import Json, JsonObject
from dmp.formats.fhir.systems import OURS, url_of

ACTS: Final = f"{OURS}:CodeSystem:act"
RULES: Final = f"{OURS}:CodeSystem:rule"
MOTIVES: Final = f"{OURS}:CodeSystem:motive"
CALLERS: Final = f"{OURS}:CodeSystem:caller"
_REST: Final = "http://terminology.hl7.org/CodeSystem/audit-event-type"
_OUTCOMES: Final = {Outcome.DONE: "0", Outcome.REFUSED: "4", Outcome.FAILED: "8"}
_NUMBERED: Final = frozenset({"professional", "coordinator", "secretary"})
"""Kinds of callers whose identifier is a PS_IdNat."""
_NAMED_ONLY: Final = frozenset({"holder", "representative", "carer"})


def write_traces(traces: Iterable[Trace], base_url: str, links: Iterable[tuple[str, str]]) -> bytes:
    """One page as a searchset, newest first. It has no total: what is not told is not counted either.

    Args:
        traces: as they are told to the reader.
        base_url: address of the door, with its last slash.
        links: relation and address.
    """
    entries: list[Json] = [
        {
            "fullUrl": f"urn:uuid:{trace.trace_id}",
            "resource": audit_event(trace, base_url),
            "search": {"mode": "match"},
        }
        for trace in traces
    ]
    bundle: JsonObject = {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": [{"relation": relation, "url": url} for relation, url in links],
    }
    if entries:
        bundle["entry"] = entries
    return orjson.dumps(bundle)


def audit_event(trace: Trace, base_url: str) -> JsonObject:
    """One trace."""
    event: JsonObject = {
        "resourceType": "AuditEvent",
        "id": str(trace.trace_id),
        "type": {"system": _REST, "code": "rest"},
        "subtype": [{"system": ACTS, "code": trace.act}],
        "recorded": write_instant(trace.at),
        "outcome": _OUTCOMES[trace.outcome],
    }
    if trace.reason:
        event["outcomeDesc"] = trace.reason
    purpose: list[Json] = [{"coding": [{"system": url_of(ACCESS_MODE), "code": trace.purpose}]}]
    if trace.motive:
        purpose.append({"coding": [{"system": MOTIVES, "code": trace.motive}]})
    if trace.purpose_reason:
        purpose.append({"text": trace.purpose_reason})
    event["purposeOfEvent"] = purpose
    event["agent"] = _agents(trace)
    event["source"] = {"observer": {"display": "Dossier médical partagé"}, "site": trace.door}
    entities = _entities(trace, base_url)
    if entities:
        event["entity"] = entities
    return event


def _agents(trace: Trace) -> list[Json]:
    caller = trace.caller
    person: JsonObject = {
        "type": {"coding": [{"system": CALLERS, "code": caller.kind}]},
        "who": _who(caller),
        "requestor": True,
    }
    if caller.profession:
        role: JsonObject = {"text": caller.profession_label or caller.profession}
        if caller.kind == "professional":
            coding: JsonObject = {"system": url_of(TRE_G15_PROFESSION), "code": caller.profession}
            role["coding"] = [coding]
        person["role"] = [role]
    if trace.rule:
        person["policy"] = [f"{RULES}:{trace.rule}"]
    if caller.name:
        person["name"] = caller.name
    agents: list[Json] = [person]
    if caller.structure_id:
        place: JsonObject = {
            "identifier": {
                "system": f"urn:oid:{STRUCTURE_ROOT}",
                "value": caller.structure_id,
            }
        }
        if caller.structure_name:
            place["display"] = caller.structure_name
        agents.append({"who": place, "requestor": False})
    if trace.software:
        agents.append({"who": {"display": trace.software}, "requestor": False})
    return agents


def _who(caller: TracedCaller) -> JsonObject:
    who: JsonObject = {"display": caller.name or caller.kind}
    if caller.kind in _NUMBERED and caller.id:
        who["identifier"] = {"system": f"urn:oid:{PS_ROOT}", "value": caller.id}
    elif caller.kind not in _NAMED_ONLY and caller.id and not caller.structure_id:
        who["identifier"] = {"value": caller.id}
    return who


def _entities(trace: Trace, base_url: str) -> list[Json]:
    found: list[Json] = []
    for document in trace.document_ids or ((trace.document_id,) if trace.document_id else ()):
        entity: JsonObject = {"what": {"reference": f"{base_url}DocumentReference/{document}"}}
        if document == trace.document_id and trace.document_title:
            entity["name"] = trace.document_title
        found.append(entity)
    if trace.detail:
        found.append({"description": trace.detail})
    return found
