"""With whom the record is shared: professionals, blocks, the holder's choices."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.acts.sharing.block_professional import (
    BlockProfessional,
    UnblockProfessional,
    block_professional,
    unblock_professional,
)
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.acts.sharing.withdraw_consent import WithdrawConsent, withdraw_consent
from dmp.domain.journal.event import Trace
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Block, EmergencySwitches
from dmp.domain.record.relations import AttendingDoctor, Consent
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.journal import visitor_of
from dmp.entrypoints.web.visit import Visit

KNOWN_FROM = 1000
"""So many traces are looked through for professionals who came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A professional or a team that the holder can act on, by a sealed reference."""

    name: str
    about: str
    reference: str
    consent: Consent | None = None
    block: Block | None = None
    doctor: AttendingDoctor | None = None


def _reference(visit: Visit, person_id: str, name: str) -> str:
    return visit.seal("professional", f"{person_id}\n{name}")


def _referred(visit: Visit) -> tuple[str, str]:
    value = visit.unseal("professional", visit.part("professional"))
    person_id, _, name = value.partition("\n")
    return person_id, name


async def professionals(visit: Visit) -> Response:
    """Who may come, who may not, who came otherwise."""
    record_id = record_of(visit)
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    traces = (await visit.do(read_traces, ReadTraces(record_id=record_id, limit=KNOWN_FROM))).traces
    met = _met(traces, visit.caller.id)
    return visit.render(
        "holder/professionals.html",
        "Professionnels",
        record_id=record_id,
        doctor=_doctor(visit, record),
        authorised=_authorised(visit, record, met),
        blocked=_blocked(visit, record, met),
        others=_others(visit, record, met),
    )


def _met(traces: tuple[Trace, ...], reader: str) -> dict[str, tuple[str, str]]:
    """Professionals seen in the journal: name and description by identifier, the latest one."""
    found: dict[str, tuple[str, str]] = {}
    for trace in traces:
        if trace.caller.kind == "professional" and trace.caller.id not in found:
            visitor = visitor_of(trace, reader)
            found[trace.caller.id] = (visitor.name, visitor.about)
    return found


def _doctor(visit: Visit, record: HealthRecord) -> Known | None:
    doctor = record.relations.attending_doctor
    if doctor is None or record.preferences.blocked(doctor.person_id):
        return None
    reference = _reference(visit, doctor.person_id, doctor.name)
    return Known(name=doctor.name, about="", reference=reference, doctor=doctor)


def _authorised(
    visit: Visit, record: HealthRecord, met: dict[str, tuple[str, str]]
) -> tuple[Known, ...]:
    found = []
    for consent in record.relations.consents:
        if not consent.in_force(visit.now) or record.preferences.blocked(consent.grantee_id):
            continue
        about = "" if consent.to_team else met.get(consent.grantee_id, ("", ""))[1]
        found.append(
            Known(
                name=consent.grantee_name,
                about=about,
                reference=_reference(visit, consent.grantee_id, consent.grantee_name),
                consent=consent,
            )
        )
    return tuple(sorted(found, key=lambda known: known.name))


def _blocked(
    visit: Visit, record: HealthRecord, met: dict[str, tuple[str, str]]
) -> tuple[Known, ...]:
    return tuple(
        Known(
            name=block.name,
            about=met.get(block.person_id, ("", ""))[1],
            reference=_reference(visit, block.person_id, block.name),
            block=block,
        )
        for block in record.preferences.blocks
    )


def _others(
    visit: Visit, record: HealthRecord, met: dict[str, tuple[str, str]]
) -> tuple[Known, ...]:
    relations = record.relations
    listed = {c.grantee_id for c in relations.consents if c.in_force(visit.now)}
    listed |= {block.person_id for block in record.preferences.blocks}
    if relations.attending_doctor is not None:
        listed.add(relations.attending_doctor.person_id)
    return tuple(
        Known(name=name, about=about, reference=_reference(visit, person_id, name))
        for person_id, (name, about) in met.items()
        if person_id not in listed
    )


def _list_of(visit: Visit) -> str:
    return f"{home_of(record_of(visit))}/professionnels"


async def block(visit: Visit) -> Response:
    """Block a professional: what it does, then the confirmation."""
    record_id = record_of(visit)
    person_id, name = _referred(visit)
    if visit.request.method == "POST":
        request = BlockProfessional(record_id=record_id, person_id=person_id, name=name)
        await visit.do(block_professional, request)
        visit.notice(f"{name} ne peut plus consulter votre dossier.")
        return visit.go_to(_list_of(visit))
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "holder/block.html",
        f"Bloquer {name}",
        record_id=record_id,
        name=name,
        is_doctor=record.relations.is_attending_doctor(person_id),
        errors={},
    )


async def unblock(visit: Visit) -> Response:
    """Unblock a professional."""
    person_id, name = _referred(visit)
    request = UnblockProfessional(record_id=record_of(visit), person_id=person_id)
    await visit.do(unblock_professional, request)
    visit.notice(
        f"{name} est débloqué. Un nouvel accord de votre part lui sera nécessaire pour consulter."
    )
    return visit.go_to(_list_of(visit))


async def withdraw(visit: Visit) -> Response:
    """Take back a consent."""
    person_id, name = _referred(visit)
    request = WithdrawConsent(record_id=record_of(visit), grantee_id=person_id)
    await visit.do(withdraw_consent, request)
    visit.notice(f"L’accès de {name} a pris fin.")
    return visit.go_to(_list_of(visit))


SWITCHES = ("urgence", "samu", "urgence_masques")


async def choices(visit: Visit) -> Response:
    """Default visibility, and the three switches for emergencies."""
    record_id = record_of(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        errors = _missing_choices(visit)
        if not errors:
            await visit.do(set_preferences, _preferences(visit))
            visit.notice("Vos choix sont enregistrés.")
            return visit.go_to(f"{home_of(record_id)}/choix")
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "holder/choices.html",
        "Mes choix",
        status=400 if errors else 200,
        record_id=record_id,
        preferences=record.preferences,
        errors=errors,
    )


def _missing_choices(visit: Visit) -> dict[str, str]:
    errors = {}
    if visit.form.text("visibilite") not in ("visible", "masque"):
        errors["visibilite"] = "Choisissez la visibilité des nouveaux documents."
    for name in SWITCHES:
        if visit.form.text(name) not in ("oui", "non"):
            errors[name] = "Choisissez oui ou non."
    return errors


def _preferences(visit: Visit) -> SetPreferences:
    return SetPreferences(
        record_id=record_of(visit),
        mask_new_documents=visit.form.text("visibilite") == "masque",
        emergency=EmergencySwitches(
            break_glass=visit.form.checked("urgence"),
            regulation=visit.form.checked("samu"),
            masked_documents=visit.form.checked("urgence_masques"),
        ),
    )


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/professionnels"
_ONE = _PATH + "/{professional}"
PAGES = (
    Page(path=_PATH, view=professionals, authentication=_HOLDER, acts=(read_choices, read_traces)),
    *form_page(_ONE + "/bloquer", block, _HOLDER, read_choices, block_professional),
    Page(
        path=_ONE + "/debloquer",
        view=unblock,
        authentication=_HOLDER,
        method="POST",
        acts=(unblock_professional,),
    ),
    Page(
        path=_ONE + "/retirer",
        view=withdraw,
        authentication=_HOLDER,
        method="POST",
        acts=(withdraw_consent,),
    ),
    *form_page("/espace/{record}/choix", choices, _HOLDER, read_choices, set_preferences),
)
