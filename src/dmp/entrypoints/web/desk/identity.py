"""Verify who is at the counter: her card, her paper, the INS teleservice; what differs is shown field by field.

Nothing is recorded here but the check itself. What a card said travels sealed in the address of the form.

Source: RNIV 1 §3; référentiel INS; ux rules of the project §7.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import msgspec
from starlette.responses import Response

from dmp.acts.counter.check_identity import (
    CheckedIdentity,
    CheckIdentity,
    ReadCard,
    check_identity,
    read_card,
)
from dmp.acts.counter.identity_services import CardInReach
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, InsRoot
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.identity.verification import (
    Answer,
    HealthCard,
    KnownIdentity,
    Paper,
    status_of,
)
from dmp.entrypoints.web.desk.operations import Left, leave_unfinished
from dmp.entrypoints.web.desk.persons import SeenPerson, path_of, reference_to
from dmp.entrypoints.web.forms import Form
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.record.identity_form import read_ins, read_traits, roots
from dmp.entrypoints.web.refusals import STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import day, ins_grouped
from dmp.locale import word

PAPERS = {
    Paper.IDENTITY_CARD: "Carte nationale d’identité",
    Paper.PASSPORT: "Passeport",
    Paper.RESIDENCE_PERMIT: "Titre de séjour",
    Paper.FAMILY_BOOK: "Livret de famille d’un mineur, avec la pièce de l’adulte",
    Paper.DEATH_CERTIFICATE: "Acte de décès, avec la pièce du demandeur",
    Paper.OTHER: "Autre pièce (permis, carte professionnelle, carte Vitale)",
}
FIELDS = ("matricule", "birth name", "first given name", "sex", "birth date", "birth place")
_SEAL = "card"
_LONGEST = 4000


class _Read(msgspec.Struct, frozen=True, kw_only=True):
    """What a card said, and whom the teleservice knew by it, inside a sealed part of the address."""

    card: tuple[str, ...]
    known: tuple[str, ...] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One row of the comparison: what was typed, what is known."""

    name: str
    typed: str
    known: str
    differs: bool


async def check(visit: Visit) -> Response:
    """The form of the identity, filled by a card perhaps; its check leads to the person's pages."""
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        if visit.form.text("action") == "lire":
            return await _card_read(visit)
        checked = await _checked(visit, errors)
        if checked is not None and not checked[1].differing:
            return _arrived(visit, *checked)
        if checked is not None:
            return await _page(visit, {}, *checked)
    return await _page(visit, errors)


async def _page(
    visit: Visit,
    errors: dict[str, str],
    person: SeenPerson | None = None,
    found: CheckedIdentity | None = None,
) -> Response:
    read = _read_before(visit)
    is_wrong = bool(errors) or found is not None
    services = visit.options.identity
    return visit.render(
        "desk/identity.html",
        "Vérifier l’identité",
        status=(STATUS_OF_CEILING if errors.get("") == _TOO_MANY else 400) if is_wrong else 200,
        roots=roots(visit.options),
        papers=[(paper.value, label, "") for paper, label in PAPERS.items()],
        cards=await cards_in_reach(visit),
        typed=visit.form if visit.request.method == "POST" or read is None else _filled(read),
        read=_sealed_before(visit) if read is not None else "",
        card_answer=read.answer if read is not None else "",
        has_teleservice=services.teleservice is not None,
        compared=_compared(person, found) if person and found and found.identity else (),
        errors=errors,
    )


async def cards_in_reach(visit: Visit) -> Sequence[CardInReach]:
    """The cards that the reader of this counter sees; none without a reader."""
    reader = visit.options.identity.reader
    return await reader.cards() if reader is not None else ()


async def _card_read(visit: Visit) -> Response:
    """Read a card, and lead on to the form that it fills."""
    request = ReadCard(card_id=visit.form.text("carte")[:100], services=visit.options.identity)
    found = await visit.do(read_card, request)
    if found is None:
        said = "La carte n’a pas pu être lue. Essayez encore, ou saisissez l’identité d’après la pièce."
        return await _page(visit, {"carte": said})
    read = _Read(
        card=_written(found.card.ins, found.card.traits),
        known=_written(found.identity.ins, found.identity.traits) if found.identity else (),
        answer=found.answer.value,
    )
    sealed = visit.seal(_SEAL, msgspec.json.encode(read).decode())
    return visit.go_to("/guichet/identite", {"lu": sealed})


async def _checked(
    visit: Visit, errors: dict[str, str]
) -> tuple[SeenPerson, CheckedIdentity] | None:
    """Who it is after the check; what must be corrected is said under each field."""
    form, services = visit.form, visit.options.identity
    traits = read_traits(form, visit.now, errors)
    ins = None
    if form.text("ins") or services.teleservice is None:
        ins = read_ins(form, visit.options, errors)
    elif not form.text("lieu"):
        errors["lieu"] = (
            "Sans matricule, saisissez le code du lieu de naissance : le téléservice cherche avec les cinq "
            "traits."
        )
    paper = next((one for one in Paper if one == form.text("piece")), None)
    if paper is None:
        errors["piece"] = "Choisissez la pièce d’identité que vous avez vue."
    if traits is None or paper is None or errors:
        return None
    found = await _asked(visit, traits, ins, errors)
    if found is None:
        return None
    if found.ins is None:
        _say_what_was_found(found, ins, errors)
        return None
    if found.identity is not None and not found.differing:
        used = traits.used_name or found.identity.traits.used_name
        traits = replace(found.identity.traits, used_name=used)
    person = SeenPerson(
        ins=found.ins if not found.differing or ins is None else ins,
        traits=traits,
        status=status_of(paper, found.answer),
        answer=found.answer,
        has_twin=found.has_twin,
    )
    return person, found


async def _asked(
    visit: Visit, traits: Traits, ins: Ins | None, errors: dict[str, str]
) -> CheckedIdentity | None:
    read = _read_before(visit)
    known = _identity(read.card) if read is not None else None
    request = CheckIdentity(
        traits=traits,
        ins=ins,
        card=HealthCard(ins=known.ins, traits=known.traits) if known is not None else None,
        services=visit.options.identity,
    )
    try:
        return await visit.do(check_identity, request)
    except Refused as refused:
        if refused.reason is not Reason.CEILING_REACHED:
            raise
        errors[""] = _TOO_MANY
        return None


_TOO_MANY = (
    "Trop de recherches par traits d’identité. Lisez la carte, saisissez le matricule, ou attendez une "
    "heure."
)
STATUS_OF_CEILING = STATUS[Refused(Reason.CEILING_REACHED).category]


def _say_what_was_found(found: CheckedIdentity, ins: Ins | None, errors: dict[str, str]) -> None:
    field = "ins" if ins is not None else "nom"
    match found.answer:
        case Answer.NOT_FOUND:
            errors[field] = (
                "Le téléservice INS ne connaît pas cette identité. Comparez chaque trait avec la pièce : "
                "nom de naissance, prénoms, date et lieu. Si tout est exact, la personne s’adresse à sa caisse."
            )
        case Answer.SEVERAL:
            errors["prenoms"] = (
                "Plusieurs identités répondent à ces traits. Saisissez tous les prénoms, ou le matricule."
            )
        case _:
            errors["ins"] = (
                "Le téléservice INS ne répond pas, et aucun dossier d’ici n’a ces traits. "
                "Saisissez le matricule, ou réessayez dans quelques minutes."
            )


def _arrived(visit: Visit, person: SeenPerson, found: CheckedIdentity) -> Response:
    path = path_of(reference_to(visit, person))
    if found.is_local:
        visit.notice(
            "Le téléservice INS ne répond pas : la personne a été retrouvée parmi les dossiers d’ici, par ses "
            "traits."
        )
    leave_unfinished(visit, person, path, Left.DECIDE)
    return visit.go_to(path)


def _compared(person: SeenPerson, found: CheckedIdentity) -> tuple[Compared, ...]:
    """Every field, what was typed beside what is known."""
    known = found.identity
    if known is None:
        return ()
    typed, right = _fields(person.ins, person.traits), _fields(known.ins, known.traits)
    return tuple(
        Compared(name=name, typed=typed[name], known=right[name], differs=name in found.differing)
        for name in FIELDS
    )


def _fields(ins: Ins, traits: Traits) -> dict[str, str]:
    return {
        "matricule": ins_grouped(ins.matricule),
        "birth name": traits.birth_name,
        "first given name": traits.first_given_name,
        "sex": word("sex", traits.sex.value),
        "birth date": day(traits.birth_date),
        "birth place": traits.birth_place,
    }


def _sealed_before(visit: Visit) -> str:
    if visit.request.method == "POST":
        return visit.form.text("lu")[:_LONGEST]
    return visit.asked("lu", _LONGEST)


def _read_before(visit: Visit) -> _Read | None:
    """What the card said that filled this form. Raises Refused: RECORD_NOT_FOUND when it is another's."""
    sealed = _sealed_before(visit)
    if not sealed:
        return None
    return msgspec.json.decode(visit.unseal(_SEAL, sealed), type=_Read)


def _written(ins: Ins, traits: Traits) -> tuple[str, ...]:
    return (
        ins.matricule,
        ins.root.value,
        traits.birth_name,
        traits.given_names,
        traits.sex.value,
        traits.birth_date.isoformat(),
        traits.birth_place,
        traits.used_name,
        traits.used_given_name,
    )


def _identity(written: tuple[str, ...]) -> KnownIdentity:
    matricule, root, name, given, sex, born, place, used, called = written
    traits = Traits(
        birth_name=name,
        given_names=given,
        sex=Sex(sex),
        birth_date=date.fromisoformat(born),
        birth_place=place,
        used_name=used,
        used_given_name=called,
    )
    return KnownIdentity(ins=Ins(matricule, InsRoot(root)), traits=traits)


def _filled(read: _Read) -> Form:
    """The form as the card fills it: by the identity of the base where it is known."""
    matricule, root, name, given, sex, born, place, used, _ = read.known or read.card
    fields = {
        "ins": ins_grouped(matricule),
        "domaine": root,
        "nom": name,
        "prenoms": given,
        "sexe": sex,
        "naissance": born,
        "lieu": place,
        "nom_utilise": used,
    }
    return Form({field: [value] for field, value in fields.items()}, {})


PAGES = form_page("/guichet/identite", check, Authentication.DESK, read_card, check_identity)
