"""From an act under way to its trace: frozen copies of who, what and why."""

from __future__ import annotations

from dataclasses import replace

from dmp.acts.work import Work
from dmp.domain.errors import Refused
from dmp.domain.identifiers import NO_RECORD, TraceId
from dmp.domain.identity.caller import (
    Caller,
    Carer,
    CodeBearer,
    Coordinator,
    DeskAgent,
    Holder,
    Insurer,
    Operator,
    Professional,
    Representative,
    Secretary,
    StructureSystem,
    SupportOfficer,
    SystemJob,
)
from dmp.domain.journal.event import Outcome, Trace, TracedCaller
from dmp.domain.journal.leaf import FORM


def frozen(caller: Caller) -> TracedCaller:
    """The caller as he was at that instant."""
    structure = caller.structure
    structure_id = structure.id_nat if structure else ""
    structure_name = structure.name if structure else ""
    who = caller.who
    profession, label = "", ""
    if isinstance(who, Professional):
        profession, label = who.profession.code, who.profession.display
        if who.know_how is not None and who.know_how.display:
            label = who.know_how.display
    elif isinstance(who, Coordinator):
        profession, label = who.role.code, who.role.display
    return TracedCaller(
        kind=_KINDS.get(type(who), "anonymous"),
        id=caller.id,
        name=_name(caller),
        profession=profession,
        profession_label=label,
        structure_id=structure_id,
        structure_name=structure_name,
    )


_KINDS: dict[type, str] = {
    Holder: "holder",
    Representative: "representative",
    Carer: "carer",
    Professional: "professional",
    Coordinator: "coordinator",
    Secretary: "secretary",
    StructureSystem: "structure",
    Insurer: "insurer",
    DeskAgent: "desk",
    SupportOfficer: "support",
    Operator: "operator",
    SystemJob: "system",
    CodeBearer: "bearer",
}


def _name(caller: Caller) -> str:
    match caller.who:
        case StructureSystem(structure=place) | Insurer(structure=place):
            return place.name
        case who:
            return getattr(who, "name", "")


def _named(work: Work) -> Caller:
    """The caller; whoever bears a code under the name that its giver wrote, never one of his own."""
    who, record = work.caller.who, work.known_record
    if not isinstance(who, CodeBearer) or record is None:
        return work.caller
    share = record.relations.share(who.share_id)
    name = share.given_to if share is not None else ""
    return replace(work.caller, who=replace(who, name=name))


def _is_by_a_minors_code(work: Work) -> bool:
    """Whether somebody reads by a code that a minor gave herself: those who act for her are not told of it."""
    who, record = work.caller.who, work.known_record
    if not isinstance(who, CodeBearer) or record is None:
        return False
    share = record.relations.share(who.share_id)
    is_hers = share is not None and share.by_holder
    return is_hers and record.is_minor(work.now, work.policy.majority_age)


def traced(
    work: Work, act_name: str, outcome: Outcome, refusal: Refused | None, detail: str
) -> Trace:
    """The trace of an act at its end. Of one document type and title are kept, of several the identifiers."""
    documents = work.traced_documents or (
        (work.known_document,) if work.known_document is not None else ()
    )
    detail = work.traced_detail or detail
    one = documents[0] if len(documents) == 1 else None
    record_id = work.traced_record or (
        work.known_record.record_id if work.known_record is not None else NO_RECORD
    )
    return Trace(
        trace_id=TraceId(work.new_uuid()),
        record_id=record_id,
        at=work.now,
        caller=frozen(_named(work)),
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
        document_ids=tuple(str(document.document_id) for document in documents),
        motive=work.caller.motive.value if work.caller.motive else "",
        secret=work.caller.secret or work.traced_secret or _is_by_a_minors_code(work),
        form=FORM,
    )
