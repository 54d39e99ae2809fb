"""« Masquer pour ce patient »: a professional puts an alert aside for himself, with a reason."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.sharing.check_access import check_access
from dmp.acts.synthesis.hide_alert import HideAlert, ShowAlert, hide_alert, show_alert
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.synthesis import Alert
from dmp.domain.clinical.watching.hiding import LONGEST, HidingReason
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Professional
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.visit import Visit

SEAL = "alert"
REASONS = {
    HidingReason.KNOWN: ("Déjà connue", "J’en tiens compte."),
    HidingReason.NOT_RELEVANT: (
        "Sans objet pour ce patient",
        "Elle ne s’applique pas à sa situation.",
    ),
    HidingReason.DISCUSSED: ("Discutée", "Avec le patient, ou avec le prescripteur."),
    HidingReason.ERROR: ("Erreur", "Les faits sur lesquels elle repose sont faux."),
}


def may_hide(visit: Visit, patient: Patient) -> bool:
    """Whether alerts can be put aside by whoever is logged in, now."""
    return isinstance(visit.caller.who, Professional) and not patient.in_emergency


def reference_to(visit: Visit, alert: Alert) -> str:
    """What names an alert in this reader's addresses: sealed, since its key names medicines."""
    return visit.seal(SEAL, alert.key)


async def _hide(visit: Visit, patient: Patient) -> Response:
    if not may_hide(visit, patient):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    key = visit.unseal(SEAL, visit.part("alert"))
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=patient.ins))
    alert = next((one for one in synthesis.alerts if one.key == key), None)
    if alert is None:
        visit.notice("Cette alerte n’est plus dans la liste.")
        return visit.go_to(f"{patient.path}/alertes")
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        reason = next((one for one in HidingReason if one == visit.form.text("raison")), None)
        if reason is None:
            errors["raison"] = "Indiquez pourquoi vous masquez cette alerte."
        else:
            await visit.do(hide_alert, HideAlert(of=patient.ins, key=key, reason=reason))
            visit.notice(
                "Alerte masquée pour ce patient, pour vous seul. Elle est en bas de la liste."
            )
            return visit.go_to(f"{patient.path}/alertes")
    return render(
        visit,
        "synthesis/hide.html",
        "Masquer une alerte pour ce patient",
        status=400 if errors else 200,
        patient=patient,
        alert=alert,
        reference=visit.part("alert"),
        reasons=[(one.value, *words) for one, words in REASONS.items()],
        days=LONGEST.days,
        typed=visit.form,
        errors=errors,
    )


async def _show(visit: Visit, patient: Patient) -> Response:
    key = visit.unseal(SEAL, visit.part("alert"))
    await visit.do(show_alert, ShowAlert(of=patient.ins, key=key))
    visit.notice("L’alerte est de nouveau affichée.")
    return visit.go_to(f"{patient.path}/alertes")


_PRO = Authentication.PROFESSIONAL
_ALERT = "/pro/patients/{patient}/alertes/{alert}"
PAGES = (
    *form_page(
        _ALERT + "/masquer", about_patient(_hide), _PRO, check_access, read_synthesis, hide_alert
    ),
    Page(
        path=_ALERT + "/afficher",
        view=about_patient(_show),
        authentication=_PRO,
        method="POST",
        acts=(check_access, show_alert),
    ),
)
