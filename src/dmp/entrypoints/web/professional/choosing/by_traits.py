"""Find a patient without his INS: by all five strict traits, and one answer at most.

The traits are sent by POST: they stand in no address and in no log.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.documents.find_documents import find_documents
from dmp.acts.identity.find_patient import FindPatient, find_patient
from dmp.acts.recents.list_accesses import note_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Professional
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.professional import emergency
from dmp.entrypoints.web.professional.patient import path_of, reference_to
from dmp.entrypoints.web.record.identity_form import read_traits
from dmp.entrypoints.web.refusals import status_of
from dmp.entrypoints.web.visit import Visit

_NOTHING = (
    "Aucun dossier accessible ne correspond exactement à ces cinq traits. Vérifiez la pièce d’identité, "
    "ou cherchez par le matricule INS."
)
_TOO_MANY = "Trop de recherches par traits d’identité. Cherchez par le matricule INS, ou attendez une heure."


async def search(visit: Visit) -> Response:
    """All five traits, then the patient's pages; or one sentence that is the same for every failure."""
    errors: dict[str, str] = {}
    status = 400
    if visit.request.method == "POST":
        traits = read_traits(visit.form, visit.now, errors)
        if not visit.form.text("lieu"):
            errors["lieu"] = "Saisissez le code du lieu de naissance : il distingue les homonymes."
        if traits is not None and not errors:
            try:
                ins = await visit.do(find_patient, FindPatient(traits=traits))
            except Refused as refused:
                if refused.reason is not Reason.CEILING_REACHED:
                    raise
                errors[""], status = _TOO_MANY, status_of(refused)
            else:
                if ins is not None:
                    return await _found(visit, ins)
                errors[""], status = _NOTHING, 404
    return visit.render(
        "professional/by_traits.html",
        "Chercher par l’identité",
        status=status if errors else 200,
        typed=visit.form,
        may_regulate=_may_regulate(visit),
        errors=errors,
    )


async def _found(visit: Visit, ins: Ins) -> Response:
    """To the patient's pages; for a regulating doctor who asked for it, straight into the emergency."""
    reference = reference_to(visit, ins)
    if visit.form.text("regulation") == "oui" and _may_regulate(visit):
        return await emergency.begun(visit, reference, ins, emergency.regulation_of(visit))
    return visit.go_to(path_of(reference))


def _may_regulate(visit: Visit) -> bool:
    who = visit.caller.who
    return isinstance(who, Professional) and who.may_regulate


PAGES = form_page(
    "/pro/patients", search, Authentication.PROFESSIONAL, find_patient, find_documents, note_access
)
