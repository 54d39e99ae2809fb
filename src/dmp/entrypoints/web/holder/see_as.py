"""The record as somebody else sees it, before and after a change that is considered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from starlette.responses import Response

from dmp.acts.documents.see_as import SeeAs, SeenAs, see_as
from dmp.acts.person.read_traces import read_traces
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.domain.access.matrix import lines, roles
from dmp.domain.access.preview import Group
from dmp.domain.access.see_as import Considered, ReaderRef
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import Invitation
from dmp.entrypoints.web.holder.audience import (
    REFERENCE,
    Options,
    known_professionals,
    of_lines,
    reference_to,
    referred,
)
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate, word

SHOWN = 200
_SHUT = {
    Reason.ACCESS_BLOCKED: "bloqué : il ne peut rien consulter.",
    Reason.ACCESS_NOT_AUTHORISED: "sans accord en cours : il ne peut pas consulter.",
    Reason.EMERGENCY_OPPOSED: "vos choix ferment le dossier à cet accès en urgence.",
    Reason.RECORD_NOT_FOUND: "sans relation en cours avec ce dossier.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One document of the list: whether the reader sees it today, and after."""

    entry: DocumentEntry
    today: bool
    after: bool


async def seen_as(visit: Visit) -> Response:
    """Choose whose eyes to look through and what would change; then the list."""
    record_id = record_of(visit)
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    readers = await _readers(visit, record)
    changes = _changes(visit)
    who, change = visit.asked("qui", REFERENCE), visit.asked("si")
    shown: SeenAs | None = None
    if who:
        ref = _reader(visit, who)
        considered = _considered(record, ref, change)
        request = SeeAs(record_id=record_id, reader=ref, considered=considered)
        shown = await visit.do(see_as, request)
    documents = _documents(shown) if shown is not None else []
    return visit.render(
        "holder/see_as.html",
        "Voir comme",
        record_id=record_id,
        readers=readers,
        changes=changes,
        who=who,
        change=change,
        shown=shown,
        name=_label(readers, who) or (shown.name if shown is not None else ""),
        change_label=_label(changes, change) if change else "",
        documents=documents[:SHOWN],
        today=sum(one.today for one in documents),
        after=sum(one.after for one in documents),
        shut_today=_shut(shown.reason_today) if shown is not None else "",
        shut_after=_shut(shown.reason_after) if shown is not None else "",
        path=f"{home_of(record_id)}/documents",
        errors={},
    )


async def _readers(visit: Visit, record: HealthRecord) -> Options:
    """Through whose eyes one may look: people who are known, professions, emergencies."""
    known = await known_professionals(visit, record)
    people = tuple(
        (f"pro.{reference_to(visit, one)}", f"{one.name}, {one.about}" if one.about else one.name)
        for one in known.values()
    )
    groups = [(translate("Un professionnel"), people)] if people else []
    relatives = tuple(_relatives(visit, record))
    if relatives:
        groups.append((translate("Un proche"), relatives))
    emergencies = (
        (Group.REGULATION.value, translate("Le médecin régulateur du SAMU")),
        (Group.BREAK_GLASS.value, translate("Un médecin, en urgence")),
    )
    return (*groups, (translate("En urgence"), emergencies), *of_lines())


def _relatives(visit: Visit, record: HealthRecord) -> Iterable[tuple[str, str]]:
    policy = visit.house.policy
    for one in record.relations.representatives:
        if record.is_represented_by(one.matricule, visit.now, policy.majority_age):
            label = translate("{name}, représentant", name=one.name)
            yield f"{Group.REPRESENTATIVE.value}.{_sealed(visit, one.matricule)}", label
    for carer in record.relations.carers if policy.carers else ():
        if carer.invitation is Invitation.ACCEPTED and carer.in_force(visit.now):
            label = translate("{name}, proche aidant", name=carer.name)
            yield f"{Group.CARER.value}.{_sealed(visit, carer.matricule)}", label


def _sealed(visit: Visit, matricule: str) -> str:
    return visit.seal(f"relative:{visit.part('record')}", matricule)


def _reader(visit: Visit, choice: str) -> ReaderRef:
    kind, _, value = choice.partition(".")
    if kind == "pro":
        known = referred(visit, value)
        return ReaderRef(
            group=Group.PROFESSIONAL,
            id=known.person_id,
            line=known.line,
            structure_id=known.structure_id,
        )
    if kind == "ligne" and value in lines():
        return ReaderRef(group=Group.ROLE if value in roles() else Group.PROFESSION, line=value)
    if kind in (Group.REPRESENTATIVE, Group.CARER):
        matricule = visit.unseal(f"relative:{visit.part('record')}", value)
        return ReaderRef(group=Group(kind), id=matricule)
    if choice in (Group.REGULATION, Group.BREAK_GLASS):
        return ReaderRef(group=Group(choice))
    raise Refused(Reason.PARAMETER_INVALID, parameter="qui", detail="choix inconnu")


_FOR_HIM = {
    "retirer": "je mettais fin à son accès",
    "bloquer": "je le bloquais",
    "debloquer": "je le débloquais",
}
_EMERGENCY = {
    "urgence-non": "je refusais les accès en urgence, SAMU compris",
    "urgence-oui": "je permettais les accès en urgence, SAMU compris",
    "urgence-masques": "les documents masqués étaient lisibles en urgence",
}


def _changes(visit: Visit) -> Options:
    """What may be considered."""
    hide = tuple(
        (f"masquer.{code}", translate("je masquais : {what}", what=word("category", code)))
        for code in CATEGORIES
    )
    show = tuple(
        (f"montrer.{code}", translate("je rendais visible : {what}", what=word("category", code)))
        for code in CATEGORIES
    )
    groups = [
        (translate("Pour ce professionnel"), tuple(_FOR_HIM.items())),
        (translate("En urgence"), tuple(_EMERGENCY.items())),
        (translate("Masquer une catégorie"), hide),
        (translate("Rendre visible une catégorie"), show),
    ]
    document = visit.asked("si")
    if document.startswith("document."):
        groups.insert(
            0, (translate("Un document"), ((document, translate("je masquais ce document")),))
        )
    return tuple(groups)


def _considered(record: HealthRecord, ref: ReaderRef, change: str) -> Considered | None:
    """The change that the address names. Raises Refused: PARAMETER_INVALID."""
    kind, _, value = change.partition(".")
    if not change:
        return None
    if kind in ("masquer", "montrer") and value in CATEGORIES:
        categories = frozenset({value})
        if kind == "masquer":
            return Considered(masked_categories=categories)
        return Considered(shown_categories=categories)
    if kind == "document":
        return Considered(masked=frozenset({_document(value)}))
    if change in _FOR_HIM:
        person = frozenset({ref.id}) if ref.group is Group.PROFESSIONAL else frozenset[str]()
        return {
            "retirer": Considered(withdrawn=person),
            "bloquer": Considered(blocked=person),
            "debloquer": Considered(unblocked=person),
        }[change]
    if change in _EMERGENCY:
        switches = record.preferences.emergency
        if change == "urgence-masques":
            return Considered(emergency=replace(switches, masked_documents=True))
        allowed = change == "urgence-oui"
        return Considered(emergency=replace(switches, break_glass=allowed, regulation=allowed))
    raise Refused(Reason.PARAMETER_INVALID, parameter="si", detail="choix inconnu")


def _document(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refused(Reason.PARAMETER_INVALID, parameter="si", detail="choix inconnu") from None


def _documents(shown: SeenAs) -> list[Seen]:
    """Documents seen at either time, newest first; replaced ones stand behind the one that replaces them."""
    today = {entry.document_id for entry in shown.today}
    after = {entry.document_id for entry in shown.after}
    entries = {entry.document_id: entry for entry in (*shown.today, *shown.after)}
    found = [
        Seen(entry=entry, today=document in today, after=document in after)
        for document, entry in entries.items()
        if entry.status is not Status.DEPRECATED
    ]
    return sorted(found, key=lambda one: one.entry.created_at, reverse=True)


def _shut(reason: Reason | None) -> str:
    if reason is None:
        return ""
    return translate(_SHUT.get(reason, "le dossier ne lui est pas ouvert."))


def _label(options: Options, value: str) -> str:
    """The label of a value among those offered; references are sealed alike each time."""
    return next((text for _, group in options for code, text in group if code == value), "")


PAGES = (
    Page(
        path="/espace/{record}/voir-comme",
        view=seen_as,
        authentication=Authentication.HOLDER,
        acts=(read_choices, read_traces, see_as),
    ),
)
