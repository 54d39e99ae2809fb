"""A patient's history of reimbursements for a professional: the same lines, within what exists for him."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.claims.read_history import read_history
from dmp.acts.sharing.check_access import check_access
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional.patient import Patient, about_patient, remember, render
from dmp.entrypoints.web.reimbursements import shown
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate


async def _reimbursements(visit: Visit, patient: Patient) -> Response:
    asked, errors = shown.asked_of(visit)
    history = await visit.do(read_history, asked.request(patient.ins))
    remember(visit, patient)
    return render(
        visit,
        "reimbursements/professional.html",
        translate("Remboursements de {patient}", patient=patient.status.record.traits.display),
        status=400 if errors else 200,
        patient=patient,
        shown=shown.shown_of(asked, history),
        words=shown,
        path=f"{patient.path}/remboursements",
        documents=f"{patient.path}/documents",
        errors=errors,
    )


PAGES = (
    Page(
        path="/pro/patients/{patient}/remboursements",
        view=about_patient(_reimbursements),
        authentication=Authentication.READER,
        acts=(check_access, read_history),
    ),
)
