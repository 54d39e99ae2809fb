"""The holder's choices for the whole record: new documents, emergencies, heirs."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.record.preferences import EmergencySwitches
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

SWITCHES = ("urgence", "samu", "urgence_masques")
YES_OR_NO = {"oui": True, "non": False}


async def choices(visit: Visit) -> Response:
    """Default visibility, by category too; the three switches for emergencies; heirs."""
    record_id = record_of(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        errors = _missing(visit)
        if not errors:
            await visit.do(set_preferences, _preferences(visit))
            visit.notice("Vos choix sont enregistrés.")
            return visit.go_to(f"{home_of(record_id)}/choix")
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "holder/choices.html",
        "Mes choix"
        if visit.profile is None
        else translate("Choix de {name}", name=visit.profile_name),
        status=400 if errors else 200,
        record_id=record_id,
        preferences=record.preferences,
        categories=CATEGORIES,
        errors=errors,
    )


def _missing(visit: Visit) -> dict[str, str]:
    form = visit.form
    errors = {}
    if form.text("visibilite") not in ("visible", "masque"):
        errors["visibilite"] = "Choisissez la visibilité des nouveaux documents."
    if not set(form.texts("categories")) <= CATEGORIES.keys():
        errors["categories"] = "Choisissez des catégories de la liste."
    for name in SWITCHES:
        if form.text(name) not in YES_OR_NO:
            errors[name] = "Choisissez oui ou non."
    if form.text("heritiers") not in ("", *YES_OR_NO):
        errors["heritiers"] = "Choisissez oui ou non."
    return errors


def _preferences(visit: Visit) -> SetPreferences:
    """The choices of the form. What becomes of the record after death is the holder's own to say."""
    form = visit.form
    heirs = "" if visit.profile is not None else form.text("heritiers")
    return SetPreferences(
        record_id=record_of(visit),
        mask_new_documents=form.text("visibilite") == "masque",
        masked_categories=tuple(code for code in CATEGORIES if code in form.texts("categories")),
        emergency=EmergencySwitches(
            break_glass=form.checked("urgence"),
            regulation=form.checked("samu"),
            masked_documents=form.checked("urgence_masques"),
        ),
        heirs_opposed=None if not heirs else heirs == "non",
    )


PAGES = form_page(
    "/espace/{record}/choix", choices, Authentication.HOLDER, read_choices, set_preferences
)
