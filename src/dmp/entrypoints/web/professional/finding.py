"""Find a patient by INS; open a record for him."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.person.read_notices import read_inbox
from dmp.acts.recents.note_patient import note_patient
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Professional
from dmp.domain.identity.capacity import Capacity
from dmp.domain.identity.patient import Traits
from dmp.domain.record.health_record import State
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.professional.choosing import recents
from dmp.entrypoints.web.professional.inbox import inbox
from dmp.entrypoints.web.professional.patient import (
    Patient,
    about_patient,
    ins_of_address,
    neutral,
    path_of,
    reference_to,
    remember,
    render,
)
from dmp.entrypoints.web.record.identity_form import read_ins, read_traits, roots
from dmp.entrypoints.web.refusals import NEUTRAL
from dmp.entrypoints.web.visit import Visit


async def home_page(visit: Visit, errors: dict[str, str]) -> Response:
    """The professional's home, with what must be corrected in its form."""
    who = visit.caller.who
    return visit.render(
        "professional/home.html",
        "Déposer pour un patient" if visit.only_deposits else "Trouver un patient",
        status=400 if errors else 200,
        recents=await recents.recents(visit),
        under_way=recents.under_way(visit),
        roots=roots(visit.options),
        typed=visit.form,
        may_regulate=isinstance(who, Professional) and who.may_regulate,
        is_barred=isinstance(who, Professional) and who.capacity is Capacity.BARRED,
        told=await inbox(visit),
        corrections=await recents.corrections_waiting(visit),
        errors=errors,
    )


async def home_or_find(visit: Visit) -> Response:
    """The home, or what its form asks for: find by INS. The INS never stands in an address."""
    if visit.request.method != "POST":
        return await home_page(visit, {})
    errors: dict[str, str] = {}
    ins = read_ins(visit.form, visit.options, errors)
    if ins is None:
        return await home_page(visit, errors)
    return visit.go_to(path_of(reference_to(visit, ins)))


async def arrive(visit: Visit) -> Response:
    """From the address of a patient to where one may go: the synthesis, first access, or a deposit."""
    if visit.only_deposits:
        return visit.go_to(f"{path_of(visit.part('patient'))}/deposer")
    return await about_patient(_arrive)(visit)


async def _arrive(visit: Visit, patient: Patient) -> Response:
    if patient.may_read:
        remember(visit, patient)
        await recents.note(visit, patient)
        return visit.go_to(f"{patient.path}/synthese")
    return visit.go_to(f"{patient.path}/acces")


async def open_for_patient(visit: Visit) -> Response:
    """Open a record, or reactivate it, for a patient who agrees.

    The page and its refusals are the same whatever the reason, so that they tell nothing.
    """
    ins = ins_of_address(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        traits = read_traits(visit.form, visit.now, errors)
        if not visit.form.checked("accord"):
            errors["accord"] = "Cochez la case après avoir recueilli l’accord du patient."
        if traits is not None and not errors:
            try:
                await _open_or_reopen(visit, traits)
            except Refused as refused:
                if refused.reason not in _TOLD_NEUTRALLY:
                    raise
                return neutral(visit)
            visit.notice("Le dossier est ouvert.")
            return visit.go_to(path_of(visit.part("patient")))
    return render(
        visit,
        "professional/open.html",
        "Ouvrir un dossier",
        status=400 if errors else 200,
        matricule=ins.matricule,
        path=path_of(visit.part("patient")),
        typed=visit.form,
        errors=errors,
    )


_TOLD_NEUTRALLY = NEUTRAL | {
    Reason.RECORD_ALREADY_OPEN,
    Reason.TRANSITION_NOT_POSSIBLE,
    Reason.IDENTITY_MISMATCH,
}


async def _open_or_reopen(visit: Visit, traits: Traits) -> None:
    ins = ins_of_address(visit)
    consent = "oral, recueilli par le professionnel en présence du patient"
    try:
        await visit.do(open_record, OpenRecord(ins=ins, traits=traits, consent=consent))
    except Refused as refused:
        if refused.reason is not Reason.TRANSITION_NOT_POSSIBLE:
            raise
        status = await visit.do(check_access, CheckAccess(ins=ins))
        if status.record.state is not State.CLOSED:
            raise
        request = ReopenRecord(record_id=status.record.record_id, consent=consent)
        await visit.do(reopen_record, request)


_PRO, _DEPOSITOR = Authentication.PROFESSIONAL, Authentication.DEPOSITOR
_PATIENT = "/pro/patients/{patient}"
PAGES = (
    *form_page("/pro", home_or_find, _DEPOSITOR, read_inbox, *recents.HOME_ACTS),
    Page(path=_PATIENT, view=arrive, authentication=_DEPOSITOR, acts=(check_access, note_patient)),
    *form_page(
        _PATIENT + "/ouvrir", open_for_patient, _PRO, check_access, open_record, reopen_record
    ),
)
