"""The patient a professional works on: found by INS, named by a sealed reference in the address.

What a professional may not know looks the same in every case: no record, closed, opposed, blocked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import HTMLResponse, Response

from dmp.acts.sharing.check_access import AccessStatus, CheckAccess, check_access
from dmp.domain.clinical.material import DECLARED
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, InsRoot
from dmp.domain.identity.caller import Professional, Purpose
from dmp.domain.record.health_record import State
from dmp.domain.record.relations import Authorisation
from dmp.entrypoints.web.chart.contents import Leaf, leaves_of, zones_of
from dmp.entrypoints.web.login.sessions import REMEMBERED_PATIENTS
from dmp.entrypoints.web.page import View
from dmp.entrypoints.web.professional import modes
from dmp.entrypoints.web.refusals import NEUTRAL, status_of
from dmp.entrypoints.web.synthesis.zones import Variant, Zone, variant_for
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import age, day, refusal
from dmp.locale import translate


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A patient whose record is open and not closed to this professional.

    `basis` says in words by what he may read; `may_be_secret` that a secret session is possible;
    `zones` are those whose facts the reader may meet, `leaves` the pages of the chart that he has.
    """

    ins: Ins
    reference: str
    status: AccessStatus
    age: str
    basis: str = ""
    is_administrator: bool = False
    is_minor: bool = False
    may_be_secret: bool = False
    in_emergency: bool = False
    is_secret: bool = False
    zones: frozenset[Zone] = frozenset()
    leaves: frozenset[Leaf] = frozenset()
    reads_declared: bool = False

    def has(self, leaf: str) -> bool:
        """Whether this reader has a leaf of the chart, by the end of its address."""
        return leaf in self.leaves

    @property
    def shows_treatments(self) -> bool:
        """Whether this reader has a page of treatments."""
        return not self.zones.isdisjoint({Zone.TREATMENTS, Zone.CRITICAL})

    @property
    def is_authorised(self) -> bool:
        """Whether the professional has the patient's agreement now."""
        return self.status.authorisation is Authorisation.VALID

    @property
    def may_read(self) -> bool:
        """Whether he may read now: by agreement, or in an emergency that he stated."""
        return self.is_authorised or self.in_emergency

    @property
    def may_block(self) -> bool:
        """Whether he may shut another professional out: attending doctor or administrator."""
        acts_for_holder = self.status.is_attending_doctor or self.is_administrator
        return acts_for_holder and not self.in_emergency

    @property
    def path(self) -> str:
        """Address of this patient's pages."""
        return path_of(self.reference)


def path_of(reference: str) -> str:
    """Address of the pages of a patient."""
    return f"/pro/patients/{reference}"


def reference_to(visit: Visit, ins: Ins) -> str:
    """The reference of a patient in this professional's addresses."""
    return visit.seal("patient", f"{ins.matricule}|{ins.root.value}")


def ins_behind(visit: Visit, reference: str) -> Ins:
    """The INS behind a reference. Raises Refused: RECORD_NOT_FOUND."""
    matricule, _, root = visit.unseal("patient", reference).partition("|")
    return Ins(matricule, InsRoot(root))


def ins_of_address(visit: Visit) -> Ins:
    """The INS behind the reference of the address. From here on acts carry the modes of this patient.

    Raises Refused: RECORD_NOT_FOUND.
    """
    reference = visit.part("patient")
    ins = ins_behind(visit, reference)
    modes.take_on(visit, reference)
    return ins


async def patient_of(visit: Visit) -> Patient:
    """The patient of the address. Raises Refused with a reason of NEUTRAL when he is out of reach."""
    ins = ins_of_address(visit)
    status = await visit.do(check_access, CheckAccess(ins=ins))
    record, policy = status.record, visit.house.policy
    if record.state is not State.OPEN:
        raise Refused(Reason.RECORD_NOT_FOUND)
    if status.authorisation is Authorisation.FORBIDDEN:
        raise Refused(Reason.ACCESS_BLOCKED)
    is_minor = record.is_minor(visit.now, policy.majority_age)
    permitted = _permitted(visit)
    zones = zones_of(variant_of(visit), permitted)
    reads_declared = DECLARED.type_code in permitted
    return Patient(
        ins=ins,
        reference=visit.part("patient"),
        status=status,
        age=age(record.traits.birth_date, visit.now),
        basis=_basis(visit, status),
        is_administrator=record.relations.is_administrator(visit.caller.id, visit.now),
        is_minor=is_minor,
        may_be_secret=is_minor
        and policy.minors
        and isinstance(visit.caller.who, Professional)
        and not record.is_minor(visit.now, policy.secret_from_age),
        in_emergency=visit.caller.purpose is not Purpose.NORMAL,
        is_secret=visit.caller.secret,
        zones=zones,
        leaves=leaves_of(zones, permitted, reads_declared=reads_declared),
        reads_declared=reads_declared,
    )


def variant_of(visit: Visit) -> Variant:
    """The synthesis as whoever is logged in meets it, in the mode under way."""
    who = visit.caller.who
    return variant_for(
        who,
        visit.house.policy.matrices.at(visit.now),
        in_emergency=visit.caller.purpose is not Purpose.NORMAL
        or (isinstance(who, Professional) and who.may_regulate),
    )


def _permitted(visit: Visit) -> frozenset[str]:
    """The types of document that the matrix lets this profession consult."""
    matrix = visit.house.policy.matrices.at(visit.now)
    return matrix.types_for(matrix.line_of(visit.caller.who))


def _basis(visit: Visit, status: AccessStatus) -> str:
    """By what he may read, in the words of the banner; empty when he may not, or by what is said elsewhere."""
    who, record = visit.caller.who, status.record
    if status.is_attending_doctor:
        return translate("Vous êtes son médecin traitant")
    if status.authorisation is not Authorisation.VALID:
        return ""
    if isinstance(who, Professional):
        consent = record.consent_in_force(who.id_nat, who.structure.id_nat, visit.now, who.capacity)
    else:
        consent = record.consent_in_force(visit.caller.id, "", visit.now)
    if consent is None or consent.end is None:
        return translate("Accord du patient")
    said = "Accord du patient jusqu’au {end}"
    if consent.to_team:
        said = "Accord du patient à votre équipe jusqu’au {end}"
    return translate(said, end=day(consent.end))


def render(
    visit: Visit, template: str, title: str, *, status: int = 200, **values: object
) -> HTMLResponse:
    """A page about the patient of the address; it carries the bands of the modes under way."""
    reference = visit.part("patient")
    mode = modes.mode_of(visit, reference, path_of(reference))
    return visit.render(template, title, status=status, mode=mode, **values)


def remember(visit: Visit, patient: Patient) -> None:
    """Keep the patient among those opened in this session."""
    label = patient.status.record.traits.display
    state = visit.live.state
    others = tuple(known for known in state.recent if known[0] != patient.reference)
    recent = ((patient.reference, label), *others)[:REMEMBERED_PATIENTS]
    if recent != state.recent:
        state.recent = recent
        visit.live.changed = True


def neutral(visit: Visit, reference: str = "") -> Response:
    """The one page for every record that is out of reach, whatever the reason and the mode."""
    reference = reference or visit.part("patient")
    return visit.render(
        "professional/neutral.html",
        "Dossier non accessible",
        status=404,
        matricule=ins_behind(visit, reference).matricule,
        path=path_of(reference),
        may_open=isinstance(visit.caller.who, Professional),
        may_state_emergency=modes.may_state_emergency(visit),
    )


def about_patient(view: Callable[[Visit, Patient], Awaitable[Response]]) -> View:
    """A view about a patient: out of reach → the neutral page; not authorised → ask access first."""

    async def seen(visit: Visit) -> Response:
        try:
            patient = await patient_of(visit)
            return await view(visit, patient)
        except Refused as refused:
            answer = _answered(visit, refused)
            if answer is None:
                raise
            return answer

    return seen


_ASKS_FIRST = frozenset({Reason.ACCESS_NOT_AUTHORISED, Reason.EMERGENCY_ENDED})


def _answered(visit: Visit, refused: Refused) -> Response | None:
    reference = visit.part("patient")
    if refused.reason in _ASKS_FIRST:
        return visit.go_to(f"{path_of(reference)}/acces")
    if refused.reason in NEUTRAL:
        # Refused in spite of a stated emergency: it was not granted, and nothing of it stays.
        modes.forget_emergency(visit, reference)
        return neutral(visit)
    if refused.reason is Reason.SECRET_SESSION_NOT_POSSIBLE and visit.caller.secret:
        modes.end_secret(visit, reference)
        visit.notice("La connexion secrète a pris fin : elle n’est possible qu’avec un mineur.")
        return visit.go_to(path_of(reference))
    if refused.reason is Reason.CEILING_REACHED:
        return visit.render(
            "professional/ceiling.html",
            "Trop de dossiers ouverts",
            status=status_of(refused),
            sentence=refusal(refused),
            path=path_of(reference),
            may_state_emergency=modes.may_state_emergency(visit),
        )
    return None
