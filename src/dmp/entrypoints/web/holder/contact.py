"""How to reach the holder, and which notices leave for her. Her medical profile has pages of its own."""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.responses import Response

from dmp.acts.person.profile import ReadProfile, SaveProfile, read_profile, save_profile
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.declared.changes import mark_of
from dmp.domain.record.profile import Profile
from dmp.entrypoints.web.forms import Form
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

MAX_TEXT = 200
CHANGED = (
    "Ces coordonnées ont été modifiées entre-temps, dans un autre onglet ou par quelqu’un d’autre."
)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9](?:[ .\-]?[0-9]){5,19}")


async def contact(visit: Visit) -> Response:
    """Address, telephone, notices."""
    record_id = record_of(visit)
    kept = await visit.do(read_profile, ReadProfile(record_id=record_id))
    if visit.request.method == "GET":
        return _page(visit, kept, kept, {})
    given, errors = read_contact(visit.form, kept)
    if errors:
        return _page(visit, given, kept, errors, seen=visit.form.text("vu"))
    seen = visit.form.text("vu")
    if seen and seen != mark_of(_contact_of(kept)):
        return _page(visit, given, kept, {}, meanwhile=True)
    try:
        request = SaveProfile(record_id=record_id, profile=given, seen=mark_of(kept))
        await visit.do(save_profile, request)
    except Refused as refused:
        if refused.reason is not Reason.CONCURRENT_CHANGE:
            raise
        now = await visit.do(read_profile, ReadProfile(record_id=record_id))
        return _page(visit, given, now, {}, meanwhile=True)
    visit.notice("Les coordonnées sont enregistrées.")
    return visit.go_to(f"{home_of(record_id)}/profil")


def _contact_of(profile: Profile) -> tuple[object, ...]:
    return profile.email, profile.phone, profile.notices_by_mail, profile.notices_by_sms


def _page(
    visit: Visit,
    shown: Profile,
    kept: Profile,
    errors: dict[str, str],
    *,
    seen: str = "",
    meanwhile: bool = False,
) -> Response:
    return visit.render(
        "holder/profile.html",
        "Mes coordonnées"
        if visit.profile is None
        else translate("Coordonnées de {name}", name=visit.profile_name),
        status=409 if meanwhile else 400 if errors else 200,
        record_id=record_of(visit),
        profile=shown,
        kept=kept,
        meanwhile=meanwhile,
        seen=seen or mark_of(_contact_of(kept)),
        errors={"": CHANGED} if meanwhile else errors,
    )


def read_contact(form: Form, kept: Profile) -> tuple[Profile, dict[str, str]]:
    """The profile with the contact as entered, and what must be corrected, by field."""
    errors: dict[str, str] = {}
    email, phone = form.text("courriel")[:MAX_TEXT], form.text("telephone")[:MAX_TEXT]
    if email and _EMAIL.fullmatch(email) is None:
        errors["courriel"] = "Écrivez l’adresse sous la forme nom@exemple.fr."
    if phone and _PHONE.fullmatch(phone) is None:
        errors["telephone"] = "Écrivez le numéro en chiffres, par exemple 06 12 34 56 78."
    given = replace(
        kept,
        email=email,
        phone=phone,
        notices_by_mail=form.checked("avis_courriel"),
        notices_by_sms=form.checked("avis_sms"),
    )
    return given, errors


PAGES = form_page(
    "/espace/{record}/profil", contact, Authentication.HOLDER, read_profile, save_profile
)
