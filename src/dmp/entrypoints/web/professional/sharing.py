"""What an attending doctor or an administrator does for the holder: shut another professional out.

Source: CSP L1111-16, R1111-54.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.sharing.block_professional import BlockProfessional, block_professional
from dmp.acts.sharing.check_access import check_access
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.professional.colleague import read_colleague
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal
from dmp.locale import translate

OTHER = "autre"


async def _block(visit: Visit, patient: Patient) -> Response:
    if not patient.may_block:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    known = _authorised(visit, patient)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        chosen = _chosen(visit, known, errors)
        if chosen is not None and not visit.form.checked("confirmation"):
            errors["confirmation"] = "Cochez la case pour confirmer le blocage."
        if chosen is not None and not errors:
            done = await _blocked(visit, patient, chosen, errors)
            if done is not None:
                return done
    return render(
        visit,
        "professional/block.html",
        "Bloquer un professionnel",
        status=400 if errors else 200,
        patient=patient,
        known=[(reference, name, "") for reference, (_, name) in known.items()],
        other=OTHER,
        typed=visit.form,
        errors=errors,
    )


def _authorised(visit: Visit, patient: Patient) -> dict[str, tuple[str, str]]:
    """Professionals whom the holder authorised, by a sealed reference: identifier and name."""
    relations = patient.status.record.relations
    found = {
        consent.grantee_id: consent.grantee_name
        for consent in relations.consents
        if consent.in_force(visit.now) and not consent.to_team
    }
    found.pop(visit.caller.id, None)
    if relations.attending_doctor is not None:
        found.pop(relations.attending_doctor.person_id, None)
    by_name = sorted(found.items(), key=lambda pair: pair[1])
    return {visit.seal("colleague", person): (person, name) for person, name in by_name}


def _chosen(
    visit: Visit, known: dict[str, tuple[str, str]], errors: dict[str, str]
) -> tuple[str, str] | None:
    given = visit.form.text("professionnel") or ("" if known else OTHER)
    if given == OTHER:
        return read_colleague(visit, errors)
    if given not in known:
        errors["professionnel"] = "Choisissez le professionnel à bloquer."
    return known.get(given)


async def _blocked(
    visit: Visit, patient: Patient, whom: tuple[str, str], errors: dict[str, str]
) -> Response | None:
    """Block him; when he is beyond the caller's reach, say so beside the choice."""
    person_id, name = whom
    request = BlockProfessional(
        record_id=patient.status.record.record_id, person_id=person_id, name=name
    )
    try:
        await visit.do(block_professional, request)
    except Refused as refused:
        if refused.reason is not Reason.RELATION_NOT_POSSIBLE:
            raise
        errors["professionnel"] = refusal(refused)
        return None
    visit.notice(
        translate(
            "{name} ne peut plus consulter ce dossier. Le patient pourra le débloquer.", name=name
        )
    )
    return visit.go_to(f"{patient.path}/documents")


PAGES = form_page(
    "/pro/patients/{patient}/bloquer",
    about_patient(_block),
    Authentication.PROFESSIONAL,
    check_access,
    block_professional,
)
