"""What can be done at a counter for a person: each deed with its address, its words, when it makes sense."""

from __future__ import annotations

from dataclasses import dataclass

from dmp.domain.identity.caller import DeskAgent
from dmp.domain.record.health_record import ClosingMotive, HealthRecord, State
from dmp.entrypoints.web.desk.persons import SeenPerson, differs, is_minor
from dmp.entrypoints.web.visit import Visit

MOTIVES = {
    ClosingMotive.HOLDER_REQUEST: "À la demande de la personne",
    ClosingMotive.REPRESENTATIVE_REQUEST: "À la demande de son représentant",
    ClosingMotive.DEATH: "Décès",
}


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
            button="Ouvrir le dossier et imprimer le reçu",
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
OPENING = DEEDS["ouvrir"]

HEIRS = Deed(
    code="ayants-droit",
    title="Demande d’un ayant droit",
    button="Enregistrer la demande",
    done="Demande d’un ayant droit enregistrée",
    states=(State.CLOSED,),
    agents_only=True,
)
"""After a death; it has a form of its own."""

REPRESENTATIVE = Deed(
    code="representant",
    title="Représentant légal",
    button="Déclarer le représentant",
    done="Représentant légal déclaré",
    states=(State.OPEN,),
    agents_only=True,
)
"""Of a minor or of a protected adult; it has a form of its own."""

RECEIPTS = {deed.code: deed for deed in (*DEEDS.values(), HEIRS, REPRESENTATIVE)}
"""What receipts are printed for."""


def is_agent(visit: Visit) -> bool:
    """Whether an agent of the health insurance stands at the counter, not a pharmacist."""
    return isinstance(visit.caller.who, DeskAgent)


def may_file_for_heirs(record: HealthRecord | None, person: SeenPerson) -> bool:
    """Whether the record was closed by the death of this very person."""
    closure = record.closure if record is not None else None
    if record is None or closure is None or record.state is not State.CLOSED:
        return False
    return closure.motive is ClosingMotive.DEATH and not differs(record, person)


def may_issue(visit: Visit, record: HealthRecord | None, person: SeenPerson) -> bool:
    """Whether a code is offered: the record is open, its holder of age, the identity sure and the same."""
    return (
        record is not None
        and record.state is State.OPEN
        and person.is_certain
        and not differs(record, person)
        and not record.is_minor(visit.now, visit.house.policy.majority_age)
    )


def may_be_represented(record: HealthRecord | None, person: SeenPerson) -> bool:
    """Whether a representative may be declared: the record is open, the identity sure and the same."""
    is_open = record is not None and record.state is State.OPEN
    return is_open and person.is_certain and not differs(record, person)


def offered(visit: Visit, record: HealthRecord | None, person: SeenPerson) -> tuple[Deed, ...]:
    """What the page of the person offers: after a death the request of heirs stands first."""
    deeds = possible(visit, record, person)
    if may_file_for_heirs(record, person) and is_agent(visit) and person.is_certain:
        return (HEIRS, *deeds)
    return deeds


def possible(visit: Visit, record: HealthRecord | None, person: SeenPerson) -> tuple[Deed, ...]:
    """The deeds that make sense now, for whoever stands here and for an identity that is sure."""
    if not person.is_certain or differs(record, person):
        return ()
    state = record.state if record is not None else _ABSENT
    return tuple(
        deed
        for deed in DEEDS.values()
        if state in deed.states and (is_agent(visit) or not deed.agents_only)
    )


def misses_representative(visit: Visit, record: HealthRecord | None, person: SeenPerson) -> bool:
    """Whether this is a minor for whom nobody acts yet."""
    if not is_minor(visit, person):
        return False
    representatives = record.relations.representatives if record is not None else ()
    return not any(one.in_force(visit.now) for one in representatives)
