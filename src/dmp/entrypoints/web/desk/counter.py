"""At the counter: who is the person, how her record stands, what she decides, and a paper for her.

A desk agent sees no health content; a pharmacist opens and reactivates, and does the rest elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from starlette.responses import Response

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.inform_person import InformPerson, inform_person
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.life.refuse_record import RefuseRecord, refuse_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.domain.counter.opening import works_in_a_pharmacy
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, InsRoot
from dmp.domain.identity.caller import DeskAgent
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.record.health_record import ClosingMotive, HealthRecord, State
from dmp.entrypoints.web.desk.operations import remember_operation
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.identity_form import Person, read_ins, read_traits
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import today

MAX_REASON = 500
CONSENTS = {
    "oral": "oral, recueilli au guichet en présence de la personne",
    "ecrit": "écrit, bordereau signé conservé par la structure",
}
CONSENT_LABELS = {
    "oral": "Accord donné de vive voix, en ma présence",
    "ecrit": "Accord écrit, bordereau signé",
}
MOTIVES = {
    ClosingMotive.HOLDER_REQUEST: "À la demande de la personne",
    ClosingMotive.REPRESENTATIVE_REQUEST: "À la demande de son représentant",
    ClosingMotive.DEATH: "Décès",
}


class _Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A person inside a sealed reference."""

    matricule: str
    root: str
    birth_name: str
    given_names: str
    sex: str
    birth_date: date
    birth_place: str
    used_name: str


class CounterReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the person takes home; it travels sealed in the address of the receipt."""

    deed: str
    name: str
    matricule: str
    at: datetime
    by: str
    consent: str = ""
    asked_by: str = ""
    letter_path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that can be done at the counter: its address, its words, when it makes sense."""

    code: str
    title: str
    button: str
    done: str
    states: tuple[State | None, ...]
    needs_consent: bool = False
    agents_only: bool = False


_ABSENT = None
DEEDS = {
    deed.code: deed
    for deed in (
        Deed(
            code="ouvrir",
            title="Ouvrir le dossier",
            button="Ouvrir le dossier",
            done="Dossier ouvert",
            states=(_ABSENT, State.INFORMED, State.REFUSED),
            needs_consent=True,
        ),
        Deed(
            code="reactiver",
            title="Réactiver le dossier",
            button="Réactiver le dossier",
            done="Dossier réactivé",
            states=(State.CLOSED, State.SUSPENDED, State.ERASURE_PENDING),
            needs_consent=True,
        ),
        Deed(
            code="informer",
            title="Enregistrer l’information de la personne",
            button="Enregistrer l’information",
            done="Information enregistrée",
            states=(_ABSENT,),
            agents_only=True,
        ),
        Deed(
            code="refuser",
            title="Enregistrer une opposition",
            button="Enregistrer l’opposition",
            done="Opposition enregistrée",
            states=(_ABSENT, State.INFORMED),
            agents_only=True,
        ),
        Deed(
            code="cloturer",
            title="Clôturer le dossier",
            button="Clôturer le dossier",
            done="Dossier clôturé",
            states=(State.OPEN, State.SUSPENDED),
            agents_only=True,
        ),
    )
}


HEIRS = Deed(
    code="ayants-droit",
    title="Demande d’un ayant droit",
    button="Enregistrer la demande",
    done="Demande d’un ayant droit enregistrée",
    states=(State.CLOSED,),
    agents_only=True,
)
"""After a death; it has a form of its own."""


def identity_errors(visit: Visit) -> tuple[Person | None, dict[str, str]]:
    """The person as she was typed from her papers, or what must be corrected under each field."""
    errors: dict[str, str] = {}
    ins = read_ins(visit.form, visit.options, errors)
    traits = read_traits(visit.form, visit.now, errors)
    if not visit.form.checked("piece"):
        errors["piece"] = "Cochez la case après avoir vu une pièce d’identité."
    if ins is None or traits is None or errors:
        return None, errors
    return Person(ins=ins, traits=traits), errors


def path_of(reference: str) -> str:
    """Address of a person's pages at the counter."""
    return f"/guichet/personnes/{reference}"


def reference_to(visit: Visit, person: Person) -> str:
    """The reference of a person in the addresses of whoever is logged in."""
    traits = person.traits
    sealed = _Sealed(
        matricule=person.ins.matricule,
        root=person.ins.root.value,
        birth_name=traits.birth_name,
        given_names=traits.given_names,
        sex=traits.sex.value,
        birth_date=traits.birth_date,
        birth_place=traits.birth_place,
        used_name=traits.used_name,
    )
    return visit.seal("person", msgspec.json.encode(sealed).decode())


def person_of(visit: Visit) -> Person:
    """The person behind the reference of the address. Raises Refused: RECORD_NOT_FOUND."""
    kept = msgspec.json.decode(visit.unseal("person", visit.part("person")), type=_Sealed)
    traits = Traits(
        birth_name=kept.birth_name,
        given_names=kept.given_names,
        sex=Sex(kept.sex),
        birth_date=kept.birth_date,
        birth_place=kept.birth_place,
        used_name=kept.used_name,
    )
    return Person(ins=Ins(kept.matricule, InsRoot(kept.root)), traits=traits)


async def record_of(visit: Visit, person: Person) -> HealthRecord | None:
    """Her record, or None when there is none."""
    try:
        return (await visit.do(check_access, CheckAccess(ins=person.ins))).record
    except Refused as refused:
        if refused.reason is Reason.RECORD_NOT_FOUND:
            return None
        raise


def may_file_for_heirs(record: HealthRecord | None, person: Person) -> bool:
    """Whether the record was closed by the death of this very person."""
    closure = record.closure if record is not None else None
    if record is None or closure is None or record.state is not State.CLOSED:
        return False
    return closure.motive is ClosingMotive.DEATH and not differs(record, person)


def may_issue(visit: Visit, record: HealthRecord | None, person: Person) -> bool:
    """Whether a letter with a code is offered: the record is open, its holder of age, the identity the same."""
    return (
        record is not None
        and record.state is State.OPEN
        and not differs(record, person)
        and not record.is_minor(visit.now, visit.house.policy.majority_age)
    )


def _offered(visit: Visit, record: HealthRecord | None, person: Person) -> tuple[Deed, ...]:
    """What the page of the person offers: after a death the request of heirs stands first."""
    deeds = _possible(visit, record)
    if may_file_for_heirs(record, person) and isinstance(visit.caller.who, DeskAgent):
        return (HEIRS, *deeds)
    return deeds


def _possible(visit: Visit, record: HealthRecord | None) -> tuple[Deed, ...]:
    state = record.state if record is not None else _ABSENT
    is_agent = isinstance(visit.caller.who, DeskAgent)
    return tuple(
        deed
        for deed in DEEDS.values()
        if state in deed.states and (is_agent or not deed.agents_only)
    )


async def person(visit: Visit) -> Response:
    """How the person's record stands, and what she may decide."""
    someone = person_of(visit)
    record = await record_of(visit, someone)
    wrong = differences(record.traits, someone.traits) if record is not None else ()
    return visit.render(
        "desk/person.html",
        someone.traits.display,
        person=someone,
        record=record,
        wrong=wrong,
        deeds=() if wrong else _offered(visit, record, someone),
        may_issue=may_issue(visit, record, someone),
        is_paid=works_in_a_pharmacy(visit.caller),
        path=path_of(visit.part("person")),
    )


async def decide_for_person(visit: Visit) -> Response:
    """One decision of the person: its consequences, her consent, then the paper."""
    deed = DEEDS.get(visit.part("deed"))
    if deed is None:
        raise Refused(Reason.RECORD_NOT_FOUND)
    someone = person_of(visit)
    record = await record_of(visit, someone)
    if deed not in _possible(visit, record) or differs(record, someone):
        visit.notice("La situation de la personne a changé. Voici ce qui est possible maintenant.")
        return visit.go_to(path_of(visit.part("person")))
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        errors = _missing(visit, deed)
        if not errors:
            return await _decided(visit, deed, someone, record)
    return visit.render(
        "desk/deed.html",
        deed.title,
        status=400 if errors else 200,
        deed=deed,
        person=someone,
        consents=CONSENT_LABELS,
        motives=MOTIVES,
        typed=visit.form,
        path=path_of(visit.part("person")),
        errors=errors,
    )


def differs(record: HealthRecord | None, person: Person) -> bool:
    """Whether the traits that were typed are not those of the record."""
    return record is not None and bool(differences(record.traits, person.traits))


def _missing(visit: Visit, deed: Deed) -> dict[str, str]:
    errors: dict[str, str] = {}
    if deed.needs_consent:
        if visit.form.text("accord") not in CONSENTS:
            errors["accord"] = "Indiquez comment la personne a donné son accord."
        if not visit.form.checked("information"):
            errors["information"] = "Cochez la case après avoir remis l’information."
    elif not visit.form.checked("confirmation"):
        errors["confirmation"] = "Cochez la case pour confirmer la décision de la personne."
    if deed.code == "cloturer" and visit.form.text("motif") not in set(MOTIVES):
        errors["motif"] = "Choisissez le motif de la clôture."
    return errors


async def _decided(
    visit: Visit, deed: Deed, person: Person, record: HealthRecord | None
) -> Response:
    """Do it and lead to its receipt; where another counter was faster, say so."""
    try:
        done = await _done(visit, deed, person, record)
    except Refused as refused:
        if refused.reason not in _OVERTAKEN:
            raise
        visit.notice("La situation de la personne a changé. Voici ce qui est possible maintenant.")
        return visit.go_to(path_of(visit.part("person")))
    address = receipt_address(visit, deed, person)
    remember_operation(visit, done.steps[-1].at, person, address)
    return visit.go_to(address)


_OVERTAKEN = frozenset({Reason.RECORD_ALREADY_OPEN, Reason.TRANSITION_NOT_POSSIBLE})


async def _done(
    visit: Visit, deed: Deed, person: Person, record: HealthRecord | None
) -> HealthRecord:
    consent = CONSENTS.get(visit.form.text("accord"), "")
    ins, traits = person.ins, person.traits
    match deed.code, record:
        case "ouvrir", _:
            return await visit.do(open_record, OpenRecord(ins=ins, traits=traits, consent=consent))
        case "informer", _:
            return await visit.do(inform_person, InformPerson(ins=ins, traits=traits))
        case "refuser", _:
            return await visit.do(refuse_record, RefuseRecord(ins=ins, traits=traits))
        case "reactiver", HealthRecord(record_id=record_id):
            return await visit.do(reopen_record, ReopenRecord(record_id=record_id, consent=consent))
        case "cloturer", HealthRecord(record_id=record_id):
            motive = ClosingMotive(visit.form.text("motif"))
            reason = visit.form.text("precision")[:MAX_REASON]
            request = CloseRecord(record_id=record_id, motive=motive, reason=reason)
            return await visit.do(close_record, request)
        case _:
            raise Refused(Reason.RECORD_NOT_FOUND)


def receipt_address(visit: Visit, deed: Deed, person: Person, asked_by: str = "") -> str:
    """The address of the paper to print for what was done; `asked_by` is an heir's name."""
    receipt = CounterReceipt(
        deed=deed.code,
        name=person.traits.display,
        matricule=person.ins.matricule,
        at=visit.now,
        by=visit.who_name(),
        consent=CONSENT_LABELS.get(visit.form.text("accord"), "") if deed.needs_consent else "",
        asked_by=asked_by,
        letter_path=_letter_path(visit, deed, person),
    )
    sealed = visit.seal("counter-receipt", msgspec.json.encode(receipt).decode())
    return f"/guichet/recus/{sealed}"


def _letter_path(visit: Visit, deed: Deed, person: Person) -> str:
    """Where a letter with a code is issued after this deed; empty for a minor and where none makes sense."""
    is_minor = person.traits.is_minor_on(today(visit.now), visit.house.policy.majority_age)
    if deed.code not in ("ouvrir", "reactiver") or is_minor:
        return ""
    return f"{path_of(visit.part('person'))}/code"


async def receipt(visit: Visit) -> Response:
    """The receipt, to print and hand over."""
    kept = visit.unseal("counter-receipt", visit.part("receipt"))
    found = msgspec.json.decode(kept, type=CounterReceipt)
    deed = HEIRS if found.deed == HEIRS.code else DEEDS[found.deed]
    return visit.render(
        "desk/receipt.html", "Reçu", receipt=found, deed=deed, letter_path=found.letter_path
    )


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
    ),
    Page(path="/guichet/recus/{receipt}", view=receipt, authentication=_DESK),
)
