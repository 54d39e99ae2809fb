"""The secret session of a minor (connexion secrète): entered from the minor's page, left by one button.

Source: CSP L1111-5, L1111-5-1; DMP, VIHF confidentiality-code: deposits are hidden from representatives.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.professional import modes
from dmp.entrypoints.web.professional.patient import (
    Patient,
    about_patient,
    ins_of_address,
    path_of,
    render,
)
from dmp.entrypoints.web.visit import Visit


async def _enter(visit: Visit, patient: Patient) -> Response:
    if patient.is_secret:
        return visit.go_to(patient.path)
    if not patient.may_be_secret:
        raise Refused(Reason.SECRET_SESSION_NOT_POSSIBLE)
    if visit.request.method == "POST":
        modes.begin_secret(visit, patient.reference)
        # The rules have the last word: from here on every act carries the secret session.
        await visit.do(check_access, CheckAccess(ins=patient.ins))
        visit.notice("Vous êtes en connexion secrète.")
        return visit.go_to(patient.path)
    return render(
        visit, "professional/secret.html", "Connexion secrète", patient=patient, errors={}
    )


async def leave(visit: Visit) -> Response:
    """Leave the secret session."""
    ins_of_address(visit)
    modes.end_secret(visit, visit.part("patient"))
    visit.notice("La connexion secrète est terminée.")
    return visit.go_to(path_of(visit.part("patient")))


_PRO = Authentication.PROFESSIONAL
_SESSION = "/pro/patients/{patient}/secret"
PAGES = (
    *form_page(_SESSION, about_patient(_enter), _PRO, check_access),
    Page(path=_SESSION + "/fin", view=leave, authentication=_PRO, method="POST"),
)
