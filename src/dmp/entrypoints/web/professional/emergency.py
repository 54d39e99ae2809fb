"""Breaking the glass, and the regulation of SAMU: the statement, its judgement by the rules, its end.

Source: CSP L1111-17 I; EX_0.3-1050 (the mode is shown during the whole access).
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.person.read_notices import read_inbox
from dmp.acts.recents.list_accesses import NoteAccess, note_access
from dmp.acts.sharing.check_access import check_access
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Motive, Professional, Purpose
from dmp.entrypoints.web.login.sessions import EmergencyStatement
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.professional import finding, modes
from dmp.entrypoints.web.professional.choosing import recents
from dmp.entrypoints.web.professional.patient import (
    Patient,
    ins_of_address,
    neutral,
    path_of,
    patient_of,
    reference_to,
    render,
)
from dmp.entrypoints.web.record.identity_form import read_ins
from dmp.entrypoints.web.refusals import NEUTRAL
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

SHORTEST_REASON = 10
LONGEST_REASON = 300
LONGEST_MISSION = 40
_READ_ONLY = "Accès en urgence ouvert, en lecture seule, pour 60 minutes."


async def state(visit: Visit) -> Response:
    """State an emergency. The form is the same whether or not there is a record behind."""
    ins = ins_of_address(visit)
    if not modes.may_state_emergency(visit):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        stated = _stated(visit, errors)
        if stated is not None:
            return await begun(visit, visit.part("patient"), ins, stated)
    return render(
        visit,
        "professional/emergency.html",
        "Accès en urgence",
        status=400 if errors else 200,
        patient=await _shown(visit),
        matricule=ins.matricule,
        path=path_of(visit.part("patient")),
        motives=modes.MOTIVES,
        typed=visit.form,
        errors=errors,
    )


async def _shown(visit: Visit) -> Patient | None:
    """The patient for the banner, when he may be known here without an emergency."""
    try:
        return await patient_of(visit)
    except Refused as refused:
        if refused.reason not in NEUTRAL:
            raise
        return None


def _stated(visit: Visit, errors: dict[str, str]) -> EmergencyStatement | None:
    """What the form says; what must be corrected is said under each field."""
    motive = next((one for one in Motive if one == visit.form.text("motif")), None)
    reason = " ".join(visit.form.text("precision").split())[:LONGEST_REASON]
    if motive is None:
        errors["motif"] = "Indiquez pourquoi vous accédez en urgence."
    elif motive is Motive.OTHER and len(reason) < SHORTEST_REASON:
        errors["precision"] = translate(
            "Écrivez le motif en {number} caractères au moins.", number=SHORTEST_REASON
        )
    if motive is None or errors:
        return None
    return EmergencyStatement(
        purpose=Purpose.BREAK_GLASS.value,
        since=visit.now,
        motive=motive.value,
        reason=reason,
    )


async def begun(visit: Visit, reference: str, ins: Ins, stated: EmergencyStatement) -> Response:
    """Begin the emergency, if the rules grant it: a first reading asks them."""
    modes.state_emergency(visit, reference, stated)
    try:
        await visit.do(find_documents, FindDocuments(of=ins, query=DocumentQuery(count=1)))
        await visit.do(note_access, NoteAccess(ins=ins))
    except Refused as refused:
        modes.forget_emergency(visit, reference)
        if refused.reason in NEUTRAL:
            return neutral(visit, reference)
        raise
    visit.notice(_READ_ONLY)
    return visit.go_to(f"{path_of(reference)}/synthese")


async def regulate(visit: Visit) -> Response:
    """The regulating doctor's own short way: an INS, a number of the mission perhaps."""
    who = visit.caller.who
    if not isinstance(who, Professional) or not who.may_regulate:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    errors: dict[str, str] = {}
    ins = read_ins(visit.form, visit.options, errors)
    if ins is None:
        return await finding.home_page(visit, errors)
    return await begun(visit, reference_to(visit, ins), ins, regulation_of(visit))


def regulation_of(visit: Visit) -> EmergencyStatement:
    """The mode of a regulating doctor, with the number of the mission when the form holds one."""
    mission = " ".join(visit.form.text("mission").split())[:LONGEST_MISSION]
    return EmergencyStatement(
        purpose=Purpose.REGULATION.value,
        since=visit.now,
        reason=f"mission {mission}" if mission else "",
    )


async def end(visit: Visit) -> Response:
    """End the emergency at once."""
    ins_of_address(visit)
    modes.forget_emergency(visit, visit.part("patient"))
    visit.notice("L’accès en urgence est terminé.")
    return visit.go_to("/pro")


_PRO = Authentication.PROFESSIONAL
_EMERGENCY = "/pro/patients/{patient}/urgence"
PAGES = (
    *form_page(_EMERGENCY, state, _PRO, check_access, find_documents, note_access),
    Page(path=_EMERGENCY + "/fin", view=end, authentication=_PRO, method="POST"),
    Page(
        path="/pro/regulation",
        view=regulate,
        authentication=_PRO,
        method="POST",
        acts=(find_documents, note_access, read_inbox, *recents.HOME_ACTS),
    ),
)
