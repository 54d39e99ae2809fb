"""Professionals: who may read, who may not, who came otherwise; and what is changed about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from dmp.acts.act import Act
from dmp.acts.person.read_traces import read_traces
from dmp.acts.sharing.appoint_administrator import (
    AppointAdministrator,
    DismissAdministrator,
    appoint_administrator,
    dismiss_administrator,
)
from dmp.acts.sharing.block_professional import (
    BlockProfessional,
    UnblockProfessional,
    block_professional,
    unblock_professional,
)
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.acts.sharing.withdraw_consent import WithdrawConsent, withdraw_consent
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Block
from dmp.domain.record.relations import Administration, AttendingDoctor, Basis, Consent
from dmp.entrypoints.web.holder.audience import (
    Known,
    met_professionals,
    reference_to,
    referred,
)
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, View, form_page
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal, today
from dmp.locale import translate


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A professional or a team that the holder can act on, by a sealed reference.

    `collected` says who noted the agreement, `blocked_by` who shut the professional out.
    """

    name: str
    about: str
    reference: str
    consent: Consent | None = None
    collected: str = ""
    block: Block | None = None
    blocked_by: str = ""
    doctor: AttendingDoctor | None = None
    administration: Administration | None = None


def _shown(visit: Visit, met: dict[str, Known], person_id: str, name: str) -> Shown:
    known = met.get(person_id) or Known(person_id=person_id, name=name)
    return Shown(name=name, about=known.about, reference=reference_to(visit, known))


async def professionals(visit: Visit) -> Response:
    """Who may come, who may not, who came otherwise."""
    record_id = record_of(visit)
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    met = await met_professionals(visit, record)
    return visit.render(
        "holder/professionals.html",
        "Professionnels",
        record_id=record_id,
        doctor=_doctor(visit, record, met),
        authorised=_authorised(visit, record, met),
        blocked=_blocked(visit, record, met),
        others=_others(visit, record, met),
    )


def _administration(record: HealthRecord, person_id: str, visit: Visit) -> Administration | None:
    return next(
        (
            one
            for one in record.relations.administrators
            if one.person_id == person_id and one.in_force(visit.now)
        ),
        None,
    )


def _doctor(visit: Visit, record: HealthRecord, met: dict[str, Known]) -> Shown | None:
    doctor = record.relations.attending_doctor
    if doctor is None or not doctor.in_force(visit.now):
        return None
    if record.preferences.blocked(doctor.person_id, visit.now):
        return None
    shown = _shown(visit, met, doctor.person_id, doctor.name)
    return Shown(name=shown.name, about="", reference=shown.reference, doctor=doctor)


def _authorised(visit: Visit, record: HealthRecord, met: dict[str, Known]) -> tuple[Shown, ...]:
    found = []
    for consent in record.relations.consents:
        person_id = consent.grantee_id
        if not consent.in_force(visit.now) or record.preferences.blocked(person_id, visit.now):
            continue
        shown = _shown(visit, met, person_id, consent.grantee_name)
        found.append(
            Shown(
                name=consent.grantee_name,
                about="" if consent.to_team else shown.about,
                reference=shown.reference,
                consent=consent,
                collected=_collected(visit, consent),
                administration=_administration(record, person_id, visit),
            )
        )
    return tuple(sorted(found, key=lambda shown: shown.name))


def _collected(visit: Visit, consent: Consent) -> str:
    """Who noted the agreement, in words."""
    if consent.collected_by == visit.caller.id:
        return translate("par vous-même")
    if consent.collected_by == consent.grantee_id and not consent.to_team:
        return translate("noté par ce professionnel")
    name = consent.collected_by_name
    return translate("noté par {name}", name=name) if name else ""


def _blocked(visit: Visit, record: HealthRecord, met: dict[str, Known]) -> tuple[Shown, ...]:
    found = []
    for block in record.preferences.blocks:
        if not block.in_force(visit.now):
            continue
        shown = _shown(visit, met, block.person_id, block.name)
        found.append(
            Shown(
                name=block.name,
                about=shown.about,
                reference=shown.reference,
                block=block,
                blocked_by=_blocked_by(visit, record, block, met),
            )
        )
    return tuple(found)


def _blocked_by(visit: Visit, record: HealthRecord, block: Block, met: dict[str, Known]) -> str:
    """Who shut him out, in words."""
    if block.by == visit.caller.id:
        return translate("par vous")
    if block.by == f"ins:{record.ins.matricule}":
        return translate("par le titulaire du dossier")
    for one in record.relations.representatives:
        if block.by == f"ins:{one.matricule}":
            return translate("par {name}, représentant", name=one.name)
    doctor = record.relations.attending_doctor
    named = {a.person_id: a.name for a in record.relations.administrators}
    if doctor is not None:
        named[doctor.person_id] = doctor.name
    name = named.get(block.by) or (met[block.by].name if block.by in met else "")
    return translate("par {name}", name=name) if name else ""


def _others(visit: Visit, record: HealthRecord, met: dict[str, Known]) -> tuple[Shown, ...]:
    relations = record.relations
    listed = {c.grantee_id for c in relations.consents if c.in_force(visit.now)}
    listed |= {b.person_id for b in record.preferences.blocks if b.in_force(visit.now)}
    if relations.attending_doctor is not None and relations.attending_doctor.in_force(visit.now):
        listed.add(relations.attending_doctor.person_id)
    return tuple(
        _shown(visit, met, person_id, known.name)
        for person_id, known in met.items()
        if person_id not in listed
    )


def _list_of(visit: Visit) -> str:
    return f"{home_of(record_of(visit))}/professionnels"


async def block(visit: Visit) -> Response:
    """Block a professional: what it does, then the confirmation."""
    record_id = record_of(visit)
    known = referred(visit, visit.part("professional"))
    if visit.request.method == "POST":
        request = BlockProfessional(record_id=record_id, person_id=known.person_id, name=known.name)
        await visit.do(block_professional, request)
        said = "{name} ne peut plus consulter votre dossier."
        if visit.profile is not None:
            said = "{name} ne peut plus consulter ce dossier."
        visit.notice(translate(said, name=known.name))
        return visit.go_to(_list_of(visit))
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "holder/block.html",
        translate("Bloquer {name}", name=known.name),
        record_id=record_id,
        name=known.name,
        is_doctor=record.relations.is_attending_doctor(known.person_id, visit.now),
        errors={},
    )


async def unblock(visit: Visit) -> Response:
    """Unblock a professional."""
    known = referred(visit, visit.part("professional"))
    request = UnblockProfessional(record_id=record_of(visit), person_id=known.person_id)
    await visit.do(unblock_professional, request)
    visit.notice(
        translate(
            "{name} est débloqué. Un nouvel accord de votre part lui sera nécessaire pour consulter.",
            name=known.name,
        )
    )
    return visit.go_to(_list_of(visit))


async def withdraw(visit: Visit) -> Response:
    """Take back a consent."""
    known = referred(visit, visit.part("professional"))
    request = WithdrawConsent(record_id=record_of(visit), grantee_id=known.person_id)
    await visit.do(withdraw_consent, request)
    visit.notice(translate("L’accès de {name} a pris fin.", name=known.name))
    return visit.go_to(_list_of(visit))


async def authorise(visit: Visit) -> Response:
    """Agree that a professional who came before may read, until a day."""
    record_id = record_of(visit)
    known = referred(visit, visit.part("professional"))
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        days = _days_until(visit)
        if days is None:
            longest = visit.house.rules.consent_days
            errors["fin"] = translate(
                "Choisissez une date de fin, dans {longest} jours au plus.", longest=longest
            )
        elif not visit.form.checked("accord"):
            errors["accord"] = "Cochez la case pour donner l’accord."
        else:
            await visit.do(grant_consent, _consent(visit, known, days))
            visit.notice(translate("{name} peut consulter ce dossier.", name=known.name))
            return visit.go_to(_list_of(visit))
    await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "holder/authorise.html",
        translate("Autoriser {name}", name=known.name),
        status=400 if errors else 200,
        record_id=record_id,
        known=known,
        end=visit.form.text("fin"),
        errors=errors,
    )


def _days_until(visit: Visit) -> int | None:
    try:
        last = typed_day(visit.form.text("fin"))
    except ValueError:
        return None
    days = (last - today(visit.now)).days
    return days if 1 <= days <= visit.house.rules.consent_days else None


def _consent(visit: Visit, known: Known, days: int) -> GrantConsent:
    return GrantConsent(
        record_id=record_of(visit),
        basis=Basis.ELECTRONIC,
        grantee_id=known.person_id,
        grantee_name=known.name,
        days=days,
        told=True,
    )


async def appoint(visit: Visit) -> Response:
    """Name an administrator: what it means, then the confirmation."""
    record_id = record_of(visit)
    known = referred(visit, visit.part("professional"))
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        if not visit.form.checked("confirmation"):
            errors["confirmation"] = "Cochez la case pour confirmer."
        else:
            request = AppointAdministrator(
                record_id=record_id, person_id=known.person_id, name=known.name
            )
            try:
                await visit.do(appoint_administrator, request)
            except Refused as refused:
                if refused.reason is not Reason.RELATION_NOT_POSSIBLE:
                    raise
                errors["confirmation"] = refusal(refused)
            else:
                visit.notice(translate("{name} est administrateur de ce dossier.", name=known.name))
                return visit.go_to(_list_of(visit))
    await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "holder/appoint.html",
        translate("Nommer {name} administrateur", name=known.name),
        status=400 if errors else 200,
        record_id=record_id,
        known=known,
        errors=errors,
    )


async def dismiss(visit: Visit) -> Response:
    """Take the administrator's rights back; his access as such stays."""
    known = referred(visit, visit.part("professional"))
    request = DismissAdministrator(record_id=record_of(visit), person_id=known.person_id)
    await visit.do(dismiss_administrator, request)
    visit.notice(
        translate(
            "{name} n’est plus administrateur. Son accès ordinaire est inchangé.", name=known.name
        )
    )
    return visit.go_to(_list_of(visit))


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/professionnels"
_ONE = _PATH + "/{professional}"


def _sent(path: str, view: View, *acts: Act[Any, Any]) -> Page:
    return Page(path=_ONE + path, view=view, authentication=_HOLDER, method="POST", acts=acts)


PAGES = (
    Page(path=_PATH, view=professionals, authentication=_HOLDER, acts=(read_choices, read_traces)),
    *form_page(_ONE + "/autoriser", authorise, _HOLDER, read_choices, grant_consent),
    *form_page(_ONE + "/bloquer", block, _HOLDER, read_choices, block_professional),
    *form_page(_ONE + "/administrateur", appoint, _HOLDER, read_choices, appoint_administrator),
    _sent("/debloquer", unblock, unblock_professional),
    _sent("/retirer", withdraw, withdraw_consent),
    _sent("/administrateur/fin", dismiss, dismiss_administrator),
)
