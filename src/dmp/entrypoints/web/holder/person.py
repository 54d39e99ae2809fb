"""What the holder says of himself, and what is told to him of the accesses."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from starlette.responses import Response

from dmp.acts.person.profile import ReadProfile, SaveProfile, read_profile, save_profile
from dmp.acts.person.read_notices import ReadNotices, read_notices
from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.profile import Allergy, BloodGroup, PersonToWarn, Profile
from dmp.entrypoints.web.forms import Form
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.journal import KINDS, PEOPLE, Wanted, passages
from dmp.entrypoints.web.visit import Visit

READ_TRACES = 1000
SHOWN_TRACES = 60
SHOWN_NOTICES = 100
PINNED_FOR = timedelta(days=30)
"""So long an emergency access stands on top of the journal."""
MAX_ROWS = 20
MAX_TEXT = 200
EMPTY_ROWS = 2

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9](?:[ .\-]?[0-9]){5,19}")


async def journal(visit: Visit) -> Response:
    """Who consulted or changed my record."""
    record_id = record_of(visit)
    wanted, errors = _wanted(visit)
    after = _after(visit.asked("apres"))
    request = ReadTraces(record_id=record_id, limit=READ_TRACES, after=after)
    page = await visit.do(read_traces, request)
    reader = visit.caller.id
    taken = [trace for trace in page.traces if wanted.takes(trace, reader)]
    shown, following = taken, page.next
    if len(taken) > SHOWN_TRACES:
        shown = taken[:SHOWN_TRACES]
        following = shown[-1].trace_id
    urgent = Wanted(kind="urgences")
    pinned = [
        trace
        for trace in page.traces
        if after is None and trace.at > visit.now - PINNED_FOR and urgent.takes(trace, reader)
    ]
    asked = {name: visit.asked(name) for name in ("qui", "quoi", "du", "au")}
    return visit.render(
        "holder/journal.html",
        "Qui a consulté mon dossier" if visit.profile is None else "Qui a consulté ce dossier",
        status=400 if errors else 200,
        record_id=record_id,
        passages=passages(shown, reader),
        pinned=passages(pinned, reader) if wanted.kind == "tout" else (),
        wanted=wanted,
        people=PEOPLE,
        kinds=KINDS,
        asked=asked,
        following={**{k: v for k, v in asked.items() if v}, "apres": str(following)}
        if following
        else {},
        is_first=after is None,
        errors=errors,
    )


async def notifications(visit: Visit) -> Response:
    """What the holder was told: that something happened, never what stands in a document."""
    record_id = record_of(visit)
    request = ReadNotices(record_id=record_id, limit=SHOWN_NOTICES)
    notices = await visit.do(read_notices, request)
    return visit.render(
        "holder/notifications.html",
        "Avis",
        record_id=record_id,
        notices=notices,
    )


def _after(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Refused(Reason.PARAMETER_INVALID, parameter="apres", detail="page inconnue") from None


def _wanted(visit: Visit) -> tuple[Wanted, dict[str, str]]:
    errors: dict[str, str] = {}
    people, kind = visit.asked("qui") or "autres", visit.asked("quoi") or "tout"
    wanted = Wanted(
        people=people if people in PEOPLE else "autres", kind=kind if kind in KINDS else "tout"
    )
    days: dict[str, date | None] = {"du": None, "au": None}
    for name in days:
        text = visit.asked(name)
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            errors[name] = "Écrivez la date sous la forme 2026-03-12."
    first, last = days["du"], days["au"]
    if first and last and first > last:
        errors["au"] = "La date de fin doit suivre la date de début."
    return replace(wanted, first=first, last=last), errors


async def profile(visit: Visit) -> Response:
    """Contact, persons to warn, blood group, allergies."""
    record_id = record_of(visit)
    if visit.request.method == "GET":
        kept = await visit.do(read_profile, ReadProfile(record_id=record_id))
        return _profile_page(visit, kept, {})
    given, errors = read_profile_form(visit.form)
    if errors:
        return _profile_page(visit, given, errors)
    await visit.do(save_profile, SaveProfile(record_id=record_id, profile=given))
    visit.notice("Votre profil est enregistré.")
    return visit.go_to(f"{home_of(record_id)}/profil")


def _profile_page(visit: Visit, shown: Profile, errors: dict[str, str]) -> Response:
    people = (*shown.persons_to_warn, *[PersonToWarn(name="", phone="")] * EMPTY_ROWS)
    allergies = (*shown.allergies, *[Allergy(substance="")] * EMPTY_ROWS)
    return visit.render(
        "holder/profile.html",
        "Mon profil" if visit.profile is None else f"Profil de {visit.profile_name}",
        status=400 if errors else 200,
        record_id=record_of(visit),
        profile=shown,
        people=people[:MAX_ROWS],
        allergies=allergies[:MAX_ROWS],
        groups=tuple((group.value, group.value) for group in BloodGroup),
        errors=errors,
    )


def read_profile_form(form: Form) -> tuple[Profile, dict[str, str]]:
    """The profile as entered, and what must be corrected, by field."""
    errors: dict[str, str] = {}
    email, phone = form.text("courriel")[:MAX_TEXT], form.text("telephone")[:MAX_TEXT]
    if email and _EMAIL.fullmatch(email) is None:
        errors["courriel"] = "Écrivez l’adresse sous la forme nom@exemple.fr."
    if phone and _PHONE.fullmatch(phone) is None:
        errors["telephone"] = "Écrivez le numéro en chiffres, par exemple 06 12 34 56 78."
    people = _people(form, errors)
    allergies = _allergies(form, errors)
    none_known = form.checked("aucune_allergie")
    if none_known and allergies:
        errors["aucune_allergie"] = (
            "Décochez « aucune allergie connue », ou videz les lignes d’allergies."
        )
    group = form.text("groupe")
    if group and group not in set(BloodGroup):
        errors["groupe"] = "Choisissez un groupe de la liste."
        group = ""
    given = Profile(
        email=email,
        phone=phone,
        notices_by_mail=form.checked("avis_courriel"),
        notices_by_sms=form.checked("avis_sms"),
        persons_to_warn=people,
        blood_group=BloodGroup(group) if group else None,
        allergies=allergies,
        no_known_allergy=none_known,
    )
    return given, errors


def _rows(form: Form, *names: str) -> list[tuple[str, ...]]:
    columns = [form.texts(name)[:MAX_ROWS] for name in names]
    height = max((len(column) for column in columns), default=0)
    rows = [
        tuple(column[at][:MAX_TEXT] if at < len(column) else "" for column in columns)
        for at in range(height)
    ]
    return [row for row in rows if any(row)]


def _people(form: Form, errors: dict[str, str]) -> tuple[PersonToWarn, ...]:
    found = []
    rows = _rows(form, "personne_nom", "personne_telephone", "personne_lien")
    for number, (name, phone, relation) in enumerate(rows, 1):
        if not name:
            errors[f"personne_nom_{number}"] = "Écrivez le nom de la personne."
        if _PHONE.fullmatch(phone) is None:
            errors[f"personne_telephone_{number}"] = (
                "Écrivez le numéro en chiffres, par exemple 06 12 34 56 78."
            )
        found.append(PersonToWarn(name=name, phone=phone, relation=relation))
    return tuple(found)


def _allergies(form: Form, errors: dict[str, str]) -> tuple[Allergy, ...]:
    found = []
    rows = _rows(form, "allergie_substance", "allergie_reaction")
    for number, (substance, reaction) in enumerate(rows, 1):
        if not substance:
            errors[f"allergie_substance_{number}"] = "Écrivez à quoi vous êtes allergique."
        found.append(Allergy(substance=substance, reaction=reaction))
    return tuple(found)


_HOLDER = Authentication.HOLDER
PAGES = (
    Page(path="/espace/{record}/acces", view=journal, authentication=_HOLDER, acts=(read_traces,)),
    Page(
        path="/espace/{record}/notifications",
        view=notifications,
        authentication=_HOLDER,
        acts=(read_notices,),
    ),
    *form_page("/espace/{record}/profil", profile, _HOLDER, read_profile, save_profile),
)
