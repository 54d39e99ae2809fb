"""Find a patient by INS, ask for access with his consent, open a record for him."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.patient import Traits
from dmp.domain.record.health_record import State
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.professional.patient import (
    Patient,
    about_patient,
    ins_of_address,
    neutral,
    path_of,
    reference_to,
    remember,
)
from dmp.entrypoints.web.record.identity_form import read_ins, read_traits, roots
from dmp.entrypoints.web.refusals import NEUTRAL
from dmp.entrypoints.web.visit import Visit

WHY = {
    "present": "Le patient est présent et d’accord",
    "equipe": "Il est d’accord pour que toute mon équipe de soins accède à son dossier",
    "anterieur": "Le patient est absent mais m’a donné son accord auparavant",
}
DURATIONS = {"1": "Cette consultation (24 heures)", "30": "30 jours", "365": "1 an"}


async def home(visit: Visit) -> Response:
    """Find a patient; those of this session."""
    return _home(visit, {})


def _home(visit: Visit, errors: dict[str, str]) -> Response:
    recent = [(path_of(reference), name) for reference, name in visit.live.state.recent]
    return visit.render(
        "professional/home.html",
        "Trouver un patient",
        status=400 if errors else 200,
        recent=recent,
        roots=roots(visit.options),
        typed=visit.form.text("ins"),
        root=visit.form.text("domaine"),
        errors=errors,
    )


async def find(visit: Visit) -> Response:
    """Find by INS. The INS never stands in an address."""
    errors: dict[str, str] = {}
    ins = read_ins(visit.form, visit.options, errors)
    if ins is None:
        return _home(visit, errors)
    return visit.go_to(path_of(reference_to(visit, ins)))


async def _arrive(visit: Visit, patient: Patient) -> Response:
    if patient.is_authorised:
        remember(visit, patient)
        return visit.go_to(f"{patient.path}/documents")
    return visit.go_to(f"{patient.path}/acces")


async def ask_access(visit: Visit) -> Response:
    """First access: why, for how long; the patient will know."""
    return await about_patient(_ask_access)(visit)


async def _ask_access(visit: Visit, patient: Patient) -> Response:
    if patient.is_authorised:
        return visit.go_to(f"{patient.path}/documents")
    durations = {
        days: words for days, words in DURATIONS.items() if int(days) <= visit.options.consent_days
    }
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        why, days = visit.form.text("raison"), visit.form.text("duree")
        if why not in WHY:
            errors["raison"] = "Indiquez pourquoi vous accédez à ce dossier."
        if days not in durations:
            errors["duree"] = "Choisissez une durée."
        if not errors:
            request = GrantConsent(
                record_id=patient.status.record.record_id, to_team=why == "equipe", days=int(days)
            )
            await visit.do(grant_consent, request)
            remember(visit, patient)
            visit.notice("Dossier ouvert. Le patient sera informé de cet accès.")
            return visit.go_to(f"{patient.path}/documents")
    return visit.render(
        "professional/access.html",
        "Accéder au dossier",
        status=400 if errors else 200,
        patient=patient,
        why=WHY,
        durations=durations,
        typed=visit.form,
        errors=errors,
    )


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
    return visit.render(
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


_PRO = Authentication.PROFESSIONAL
_PATIENT = "/pro/patients/{patient}"
PAGES = (
    Page(path="/pro", view=home, authentication=_PRO),
    Page(path="/pro", view=find, authentication=_PRO, method="POST"),
    Page(path=_PATIENT, view=about_patient(_arrive), authentication=_PRO, acts=(check_access,)),
    *form_page(_PATIENT + "/acces", ask_access, _PRO, check_access, grant_consent),
    *form_page(
        _PATIENT + "/ouvrir", open_for_patient, _PRO, check_access, open_record, reopen_record
    ),
)
