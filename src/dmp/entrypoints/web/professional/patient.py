"""The patient a professional works on: found by INS, named by a sealed reference in the address.

What a professional may not know looks the same in every case: no record, closed, opposed, blocked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.sharing.check_access import AccessStatus, CheckAccess, check_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, InsRoot
from dmp.domain.record.health_record import State
from dmp.domain.record.relations import Authorisation
from dmp.entrypoints.web.login.sessions import REMEMBERED_PATIENTS
from dmp.entrypoints.web.page import View
from dmp.entrypoints.web.refusals import NEUTRAL
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import age


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A patient whose record is open and not closed to this professional."""

    ins: Ins
    reference: str
    status: AccessStatus
    age: str

    @property
    def is_authorised(self) -> bool:
        """Whether the professional may read now."""
        return self.status.authorisation is Authorisation.VALID

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


def ins_of_address(visit: Visit) -> Ins:
    """The INS behind the reference of the address. Raises Refused: RECORD_NOT_FOUND."""
    matricule, _, root = visit.unseal("patient", visit.part("patient")).partition("|")
    return Ins(matricule, InsRoot(root))


async def patient_of(visit: Visit) -> Patient:
    """The patient of the address. Raises Refused with a reason of NEUTRAL when he is out of reach."""
    ins = ins_of_address(visit)
    status = await visit.do(check_access, CheckAccess(ins=ins))
    if status.record.state is not State.OPEN:
        raise Refused(Reason.RECORD_NOT_FOUND)
    if status.authorisation is Authorisation.FORBIDDEN:
        raise Refused(Reason.ACCESS_BLOCKED)
    return Patient(
        ins=ins,
        reference=visit.part("patient"),
        status=status,
        age=age(status.record.traits.birth_date, visit.now),
    )


def remember(visit: Visit, patient: Patient) -> None:
    """Keep the patient among those opened in this session."""
    label = patient.status.record.traits.display
    state = visit.live.state
    others = tuple(known for known in state.recent if known[0] != patient.reference)
    recent = ((patient.reference, label), *others)[:REMEMBERED_PATIENTS]
    if recent != state.recent:
        state.recent = recent
        visit.live.changed = True


def neutral(visit: Visit) -> Response:
    """The one page for every record that is out of reach."""
    ins = ins_of_address(visit)
    return visit.render(
        "professional/neutral.html",
        "Dossier non accessible",
        status=404,
        matricule=ins.matricule,
        path=path_of(visit.part("patient")),
    )


def about_patient(view: Callable[[Visit, Patient], Awaitable[Response]]) -> View:
    """A view about a patient: out of reach → the neutral page; not authorised → ask access first."""

    async def seen(visit: Visit) -> Response:
        try:
            patient = await patient_of(visit)
            return await view(visit, patient)
        except Refused as refused:
            if refused.reason is Reason.ACCESS_NOT_AUTHORISED:
                return visit.go_to(f"{path_of(visit.part('patient'))}/acces")
            if refused.reason in NEUTRAL:
                return neutral(visit)
            raise

    return seen
