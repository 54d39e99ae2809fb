"""From an act under way to its trace: frozen copies of who, what and why."""

from __future__ import annotations

from dmp.acts.work import Work
from dmp.domain.errors import Refused
from dmp.domain.identifiers import NO_RECORD, TraceId
from dmp.domain.identity.caller import (
    Caller,
    DeskAgent,
    Holder,
    Operator,
    Professional,
    Representative,
    StructureSystem,
    SystemJob,
)
from dmp.domain.journal.event import Outcome, Trace, TracedCaller


def frozen(caller: Caller) -> TracedCaller:
    """The caller as he was at that instant."""
    structure = caller.structure
    structure_id = structure.id_nat if structure else ""
    structure_name = structure.name if structure else ""
    kind, name, profession, label = "anonymous", "", "", ""
    match caller.who:
        case Holder(name=name):
            kind = "holder"
        case Representative(name=name):
            kind = "representative"
        case Professional() as who:
            kind, name = "professional", who.name
            profession, label = who.profession.code, who.profession.display
            if who.know_how is not None and who.know_how.display:
                label = who.know_how.display
        case StructureSystem(structure=ref):
            kind, name = "structure", ref.name
        case DeskAgent(name=name):
            kind = "desk"
        case Operator(name=name):
            kind = "operator"
        case SystemJob(name=name):
            kind = "system"
    return TracedCaller(
        kind=kind,
        id=caller.id,
        name=name,
        profession=profession,
        profession_label=label,
        structure_id=structure_id,
        structure_name=structure_name,
    )


def traced(
    work: Work, act_name: str, outcome: Outcome, refusal: Refused | None, detail: str
) -> Trace:
    """The trace of an act at its end. One document is named; of several, the number is kept."""
    documents = work.traced_documents or (
        (work.known_document,) if work.known_document is not None else ()
    )
    detail = work.traced_detail or detail
    one = documents[0] if len(documents) == 1 else None
    if len(documents) > 1:
        detail = f"{detail} {len(documents)} documents".strip()
    record_id = work.traced_record or (
        work.known_record.record_id if work.known_record is not None else NO_RECORD
    )
    return Trace(
        trace_id=TraceId(work.new_uuid()),
        record_id=record_id,
        at=work.now,
        caller=frozen(work.caller),
        door=work.caller.door.value,
        means=work.caller.means,
        strength=int(work.caller.strength),
        purpose=work.caller.purpose.value,
        purpose_reason=work.caller.purpose_reason,
        software=work.caller.software,
        act=act_name,
        outcome=outcome,
        rule=work.decision.rule,
        reason=refusal.reason.value if refusal is not None else "",
        matrix_version=work.decision.matrix_version,
        document_id=str(one.document_id) if one else "",
        document_type=one.type_code.code if one else "",
        document_title=one.title if one else "",
        detail=detail,
    )
