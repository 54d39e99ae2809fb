"""At the counter: how the record of a person stands, what she decides, and a paper for her.

A desk agent sees no health content; a pharmacist opens and reactivates, and does the rest elsewhere.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.counter.issue_access_code import issue_access_code
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.inform_person import InformPerson, inform_person
from dmp.acts.life.open_record import open_record
from dmp.acts.life.refuse_record import RefuseRecord, refuse_record
from dmp.acts.life.reopen_record import reopen_record
from dmp.acts.sharing.check_access import check_access
from dmp.domain.counter.opening import works_in_a_pharmacy
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.matching import differences
from dmp.domain.record.health_record import ClosingMotive, HealthRecord
from dmp.entrypoints.web.desk import deeds as desk_deeds
from dmp.entrypoints.web.desk.deeds import DEEDS, MOTIVES, OPENING, Deed, is_agent
from dmp.entrypoints.web.desk.opening import code_at_once, missing, open_or_reopen, opening_values
from dmp.entrypoints.web.desk.operations import (
    Left,
    finished,
    leave_unfinished,
    remember_operation,
)
from dmp.entrypoints.web.desk.persons import (
    SeenPerson,
    is_minor,
    path_of,
    person_of,
    record_of,
)
from dmp.entrypoints.web.desk.receipts import receipt_address
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit

MAX_REASON = 500


async def person(visit: Visit) -> Response:
    """How the person's record stands, and what she may decide; the form of an opening stands there at once."""
    someone = person_of(visit)
    record = await record_of(visit, someone)
    wrong = differences(record.traits, someone.traits) if record is not None else ()
    deeds = desk_deeds.offered(visit, record, someone)
    opens = OPENING in deeds
    return visit.render(
        "desk/person.html",
        someone.traits.display,
        person=someone,
        record=record,
        wrong=wrong,
        deed=OPENING if opens else None,
        deeds=tuple(deed for deed in deeds if deed is not OPENING),
        may_issue=desk_deeds.may_issue(visit, record, someone),
        may_be_represented=desk_deeds.may_be_represented(record, someone),
        misses_representative=desk_deeds.misses_representative(visit, record, someone),
        is_agent=is_agent(visit),
        is_paid=works_in_a_pharmacy(visit.caller),
        has_teleservice=visit.options.identity.teleservice is not None,
        carers=visit.house.policy.carers,
        path=path_of(visit.part("person")),
        typed=visit.form,
        errors={},
        opening=opening_values(visit, OPENING, someone),
    )


async def decide_for_person(visit: Visit) -> Response:
    """One decision of the person: its consequences, her consent, then the paper."""
    deed = DEEDS.get(visit.part("deed"))
    if deed is None:
        raise Refused(Reason.RECORD_NOT_FOUND)
    someone = person_of(visit)
    record = await record_of(visit, someone)
    if deed not in desk_deeds.possible(visit, record, someone):
        return _overtaken(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        errors = _missing(visit, deed, someone)
        if not errors:
            return await _decided(visit, deed, someone, record)
    return visit.render(
        "desk/deed.html",
        deed.title,
        status=400 if errors else 200,
        deed=deed,
        person=someone,
        motives=MOTIVES,
        typed=visit.form,
        path=path_of(visit.part("person")),
        opening=opening_values(visit, deed, someone),
        errors=errors,
    )


def _overtaken(visit: Visit) -> Response:
    visit.notice("La situation de la personne a changé. Voici ce qui est possible maintenant.")
    return visit.go_to(path_of(visit.part("person")))


def _missing(visit: Visit, deed: Deed, person: SeenPerson) -> dict[str, str]:
    if deed.needs_consent:
        return missing(visit, deed, person)
    errors: dict[str, str] = {}
    if not visit.form.checked("confirmation"):
        errors["confirmation"] = "Cochez la case pour confirmer la décision de la personne."
    if deed.code == "cloturer" and visit.form.text("motif") not in set(MOTIVES):
        errors["motif"] = "Choisissez le motif de la clôture."
    return errors


async def _decided(
    visit: Visit, deed: Deed, person: SeenPerson, record: HealthRecord | None
) -> Response:
    """Do it and lead to its receipt; where another counter was faster, say so."""
    path = path_of(visit.part("person"))
    try:
        done = await _done(visit, deed, person, record)
    except Refused as refused:
        if refused.reason not in _OVERTAKEN:
            raise
        return _overtaken(visit)
    address = receipt_address(visit, deed, person)
    remember_operation(visit, done.steps[-1].at, person, address)
    finished(visit, path)
    if deed.needs_consent and not await code_at_once(visit, person):
        _leave(visit, person, done, path)
    return visit.go_to(address)


def _leave(visit: Visit, person: SeenPerson, record: HealthRecord, path: str) -> None:
    """What is left to do once a record is open."""
    if not is_minor(visit, person):
        leave_unfinished(visit, person, path, Left.CODE)
    elif is_agent(visit) and desk_deeds.misses_representative(visit, record, person):
        leave_unfinished(visit, person, path, Left.REPRESENTATIVE)


_OVERTAKEN = frozenset({Reason.RECORD_ALREADY_OPEN, Reason.TRANSITION_NOT_POSSIBLE})


async def _done(
    visit: Visit, deed: Deed, person: SeenPerson, record: HealthRecord | None
) -> HealthRecord:
    ins, traits = person.ins, person.traits
    match deed.code, record:
        case ("ouvrir", _) | ("reactiver", HealthRecord()):
            return await open_or_reopen(visit, deed, person, record)
        case "informer", _:
            return await visit.do(inform_person, InformPerson(ins=ins, traits=traits))
        case "refuser", _:
            return await visit.do(refuse_record, RefuseRecord(ins=ins, traits=traits))
        case "cloturer", HealthRecord(record_id=record_id):
            motive = ClosingMotive(visit.form.text("motif"))
            reason = visit.form.text("precision")[:MAX_REASON]
            request = CloseRecord(record_id=record_id, motive=motive, reason=reason)
            return await visit.do(close_record, request)
        case _:
            raise Refused(Reason.RECORD_NOT_FOUND)


_DESK = Authentication.DESK
PAGES = (
    Page(
        path="/guichet/personnes/{person}", view=person, authentication=_DESK, acts=(check_access,)
    ),
    *form_page(
        "/guichet/personnes/{person}/{deed}",
        decide_for_person,
        _DESK,
        check_access,
        open_record,
        reopen_record,
        inform_person,
        refuse_record,
        close_record,
        issue_access_code,
    ),
)
