"""Who acts for the person at the counter: a representative, declared by an agent; a carer, whom she invites.

A pharmacist declares nobody and an agent invites nobody: the pages say who can.

Source: CSP R1111-40; code civil 371-1, 459.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from starlette.responses import Response

from dmp.acts.counter.check_identity import CheckIdentity, check_identity
from dmp.acts.relatives.declare_representative import (
    DeclareRepresentative,
    declare_representative,
)
from dmp.acts.sharing.check_access import check_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.patient import Traits
from dmp.domain.identity.verification import Answer
from dmp.domain.record.calendar import LOCAL
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import RepresentationKind
from dmp.entrypoints.web.desk.deeds import (
    REPRESENTATIVE,
    is_agent,
    may_be_represented,
    may_issue,
)
from dmp.entrypoints.web.desk.operations import finished, remember_operation
from dmp.entrypoints.web.desk.persons import is_minor, path_of, person_of, record_of
from dmp.entrypoints.web.desk.receipts import receipt_address
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.identity_form import read_ins, read_traits, roots
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.visit import Visit

LONGEST = 200
KINDS = {
    RepresentationKind.PARENT: "Parent, titulaire de l’autorité parentale",
    RepresentationKind.GUARDIAN: "Tuteur, par décision du juge avec représentation à la personne",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """A representative as the form states him."""

    ins: Ins
    traits: Traits
    kind: RepresentationKind
    proof: str
    end: datetime | None


async def representative(visit: Visit) -> Response:
    """Declare who represents the person; for a pharmacist, where that is done."""
    someone = person_of(visit)
    path = path_of(visit.part("person"))
    record = await record_of(visit, someone)
    may_declare = is_agent(visit) and may_be_represented(record, someone)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        if not may_declare or record is None:
            visit.notice(
                "La situation de la personne a changé. Voici ce qui est possible maintenant."
            )
            return visit.go_to(path)
        typed = await _checked(visit, errors)
        if typed is not None and await _declared(visit, record, typed, errors):
            finished(visit, path)
            address = receipt_address(visit, REPRESENTATIVE, someone, typed.traits.display)
            remember_operation(visit, visit.now, someone, address)
            return visit.go_to(address)
    minor = is_minor(visit, someone)
    return visit.render(
        "desk/representative.html",
        "Représentant légal",
        status=400 if errors else 200,
        person=someone,
        path=path,
        is_agent=is_agent(visit),
        is_minor=minor,
        may_declare=may_declare,
        standing=_standing(visit, record) if is_agent(visit) else (),
        kinds=[
            (kind.value, label, "")
            for kind, label in KINDS.items()
            if minor or kind is not RepresentationKind.PARENT
        ],
        chosen=visit.form.text("qualite") or ("parent" if minor else "guardian"),
        labels=KINDS,
        roots=roots(visit.options),
        typed=visit.form,
        errors=errors,
    )


def _standing(visit: Visit, record: HealthRecord | None) -> tuple[object, ...]:
    found = record.relations.representatives if record is not None else ()
    return tuple(one for one in found if one.in_force(visit.now))


async def _checked(visit: Visit, errors: dict[str, str]) -> _Typed | None:
    """The representative, as far as his identity holds; what must be corrected is said under each field."""
    form = visit.form
    ins, traits = read_ins(form, visit.options, errors), read_traits(form, visit.now, errors)
    kind = next((one for one in KINDS if one == form.text("qualite")), None)
    proof = form.text("justificatif")[:LONGEST]
    if kind is None:
        errors["qualite"] = "Indiquez à quel titre il représente la personne."
    if not proof:
        errors["justificatif"] = (
            "Indiquez la pièce vue : livret de famille, acte de naissance, ou décision du juge et sa date."
        )
    end = _end(visit, errors) if kind is RepresentationKind.GUARDIAN else None
    if not form.checked("pieces"):
        errors["pieces"] = "Cochez la case après avoir vu les pièces."
    if errors or ins is None or traits is None or kind is None:
        return None
    request = CheckIdentity(traits=traits, ins=ins, services=visit.options.identity)
    found = await visit.do(check_identity, request)
    if found.answer in (Answer.NOT_FOUND, Answer.SEVERAL) or found.differing:
        errors["ins"] = (
            "Le téléservice INS ne confirme pas que ce matricule est celui du représentant."
        )
        return None
    return _Typed(ins=ins, traits=traits, kind=kind, proof=proof, end=end)


def _end(visit: Visit, errors: dict[str, str]) -> datetime | None:
    """The day after the last one of the measure; None where it has no end."""
    text = visit.form.text("fin")
    if not text:
        return None
    try:
        last = typed_day(text)
    except ValueError:
        errors["fin"] = "Saisissez la date de fin de la mesure, par exemple 31/12/2030."
        return None
    if datetime.combine(last, time(), LOCAL) <= visit.now:
        errors["fin"] = "La date de fin de la mesure est passée."
    return datetime.combine(last, time(23, 59, 59), LOCAL)


async def _declared(
    visit: Visit, record: HealthRecord, typed: _Typed, errors: dict[str, str]
) -> bool:
    try:
        request = DeclareRepresentative(
            record_id=record.record_id,
            representative=typed.ins,
            name=typed.traits.display,
            kind=typed.kind,
            proof=typed.proof,
            end=typed.end,
        )
        await visit.do(declare_representative, request)
    except Refused as refused:
        if refused.reason is not Reason.RELATION_NOT_POSSIBLE:
            raise
        errors["qualite"] = (
            "Cette relation n’est pas possible : personne ne se représente soi-même, et un parent ne "
            "représente qu’un mineur."
        )
        return False
    return True


async def carer(visit: Visit) -> Response:
    """Who invites a carer, and how: a sheet to hand over."""
    someone = person_of(visit)
    record = await record_of(visit, someone)
    return visit.render(
        "desk/carer.html",
        "Proche aidant",
        person=someone,
        path=path_of(visit.part("person")),
        is_admitted=visit.house.policy.carers,
        at_most=visit.house.policy.carers_at_most,
        is_minor=is_minor(visit, someone),
        may_issue=may_issue(visit, record, someone),
        address=visit.options.base_url,
    )


_DESK = Authentication.DESK
_PERSON = "/guichet/personnes/{person}"
PAGES = (
    *form_page(
        _PERSON + "/representant",
        representative,
        _DESK,
        check_access,
        check_identity,
        declare_representative,
    ),
    Page(path=_PERSON + "/aidant", view=carer, authentication=_DESK, acts=(check_access,)),
)
