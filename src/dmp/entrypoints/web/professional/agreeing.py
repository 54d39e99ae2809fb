"""The patient's agreement, as a professional collects it: for himself, for his team, for a colleague.

Source: DMP TD0.3; CSP R1111-46, L1111-17. An explicit act, never by silence.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.recents.note_patient import note_patient
from dmp.acts.sharing.check_access import check_access
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Professional
from dmp.domain.identity.capacity import Capacity
from dmp.domain.record.relations import Authorisation
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.professional import modes
from dmp.entrypoints.web.professional.choosing import recents
from dmp.entrypoints.web.professional.colleague import read_colleague
from dmp.entrypoints.web.professional.patient import (
    Patient,
    about_patient,
    remember,
    render,
)
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

WHY = {
    "present": "Le patient est présent et d’accord",
    "equipe": "Je fais partie de son équipe de soins, et il est d’accord",
    "anterieur": "Le patient est absent, mais m’a donné son accord auparavant",
}
DURATIONS = {"1": "Cette consultation (24 heures)", "30": "30 jours", "365": "1 an"}
STANDINGS = {
    Authorisation.NONE: "Vous n’avez pas encore l’accord de ce patient.",
    Authorisation.EXPIRED: "Votre accès est arrivé à son terme, ou le patient y a mis fin.",
}
"""The status of TD0.2 in words; a forbidden access is told like a record that does not exist."""

ONESELF, TEAM, COLLEAGUE = "moi", "equipe", "confrere"
_MUST_BE_TOLD = frozenset({Capacity.OCCUPATIONAL, Capacity.FIRE_SERVICE})


def _why(visit: Visit) -> dict[str, str]:
    """The grounds to choose from; only who cares for the patient is of his care team."""
    return {value: label for value, label in WHY.items() if value != TEAM or _is_of_care(visit)}


def _is_of_care(visit: Visit) -> bool:
    who = visit.caller.who
    return isinstance(who, Professional) and who.capacity is Capacity.CARE


def _for_whom(visit: Visit, *, oneself: bool) -> list[tuple[str, str, str]]:
    """For whom an agreement may be collected from here: value, label, help."""
    who = visit.caller.who
    found = [(ONESELF, "Pour moi", "")] if oneself else []
    if isinstance(who, Professional) and _is_of_care(visit):
        team = translate("Tous ceux qui soignent le patient à {name}.", name=who.structure.name)
        found.append((TEAM, "Pour toute mon équipe de soins", team))
        found.append((COLLEAGUE, "Pour un autre professionnel", "Avec son numéro RPPS."))
    return found


async def _ask_access(visit: Visit, patient: Patient) -> Response:
    """First access: why, for whom, for how long; the patient will know."""
    if patient.may_read:
        return visit.go_to(f"{patient.path}/synthese")
    return await _collect(visit, patient, oneself=True)


async def _share(visit: Visit, patient: Patient) -> Response:
    """The agreement for one's team or for a colleague, collected by who has his own already."""
    if patient.in_emergency:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    if not patient.is_authorised or not _for_whom(visit, oneself=False):
        return visit.go_to(patient.path)
    return await _collect(visit, patient, oneself=False)


async def _collect(visit: Visit, patient: Patient, *, oneself: bool) -> Response:
    whom = _for_whom(visit, oneself=oneself)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        request = _request(visit, patient, whom, errors)
        if request is not None:
            done = await _agreed(visit, patient, request, errors)
            if done is not None:
                return done
    status = patient.status.authorisation
    return render(
        visit,
        "professional/access.html",
        "Accéder au dossier" if oneself else "Recueillir un accord",
        status=400 if errors else 200,
        patient=patient,
        standing=STANDINGS.get(status, "") if status and oneself else "",
        ended_at=modes.ended_at(visit, patient.reference),
        may_state_emergency=oneself and modes.may_state_emergency(visit),
        why=[(value, label, "") for value, label in _why(visit).items()],
        whom=whom,
        chosen=visit.form.text("pour") or whom[0][0],
        must_be_told=_must_be_told(visit),
        durations=[(days, label, "") for days, label in _durations(visit).items()],
        typed=visit.form,
        errors=errors,
    )


def _durations(visit: Visit) -> dict[str, str]:
    return {d: words for d, words in DURATIONS.items() if int(d) <= visit.options.consent_days}


def _must_be_told(visit: Visit) -> bool:
    who = visit.caller.who
    return isinstance(who, Professional) and who.capacity in _MUST_BE_TOLD


def _request(
    visit: Visit, patient: Patient, whom: list[tuple[str, str, str]], errors: dict[str, str]
) -> GrantConsent | None:
    """The agreement as the form states it; what must be corrected is said under each field."""
    form = visit.form
    days, told = form.text("duree"), form.checked("informe")
    given = form.text("pour") or whom[0][0]
    person_id, name = "", ""
    if form.text("raison") not in _why(visit):
        errors["raison"] = "Indiquez pourquoi vous accédez à ce dossier."
    if days not in _durations(visit):
        errors["duree"] = "Choisissez une durée."
    if given not in {value for value, _, _ in whom}:
        errors["pour"] = "Indiquez pour qui vous recueillez cet accord."
    if given == COLLEAGUE:
        person_id, name = read_colleague(visit, errors) or ("", "")
    if not told and (given == COLLEAGUE or _must_be_told(visit)):
        errors["informe"] = "Cochez la case après avoir informé la personne."
    if errors:
        return None
    return GrantConsent(
        record_id=patient.status.record.record_id,
        to_team=given == TEAM,
        grantee_id=person_id,
        grantee_name=name,
        days=int(days),
        told=told,
    )


async def _agreed(
    visit: Visit, patient: Patient, request: GrantConsent, errors: dict[str, str]
) -> Response | None:
    """Record the agreement. Of a colleague whom the holder shut out nothing is told but that it failed."""
    for_colleague = request.grantee_id not in ("", visit.caller.id)
    try:
        await visit.do(grant_consent, request)
    except Refused as refused:
        if refused.reason is not Reason.ACCESS_BLOCKED or not for_colleague:
            raise
        errors[""] = "Cet accord n’a pas pu être enregistré. Parlez-en avec votre patient."
        return None
    # An emergency that ended is not spoken of any more: the access has a ground of its own now.
    modes.forget_emergency(visit, patient.reference)
    if for_colleague:
        name = request.grantee_name
        visit.notice(
            translate("L’accord pour {name} est enregistré. Le patient en est informé.", name=name)
        )
        return visit.go_to(patient.path)
    remember(visit, patient)
    await recents.note(visit, patient)
    visit.notice("Dossier ouvert. Le patient sera informé de cet accès.")
    return visit.go_to(f"{patient.path}/synthese")


_READER, _PRO = Authentication.READER, Authentication.PROFESSIONAL
_PATIENT = "/pro/patients/{patient}"
PAGES = (
    *form_page(
        _PATIENT + "/acces",
        about_patient(_ask_access),
        _READER,
        check_access,
        grant_consent,
        note_patient,
    ),
    *form_page(
        _PATIENT + "/accord",
        about_patient(_share),
        _PRO,
        check_access,
        grant_consent,
        note_patient,
    ),
)
