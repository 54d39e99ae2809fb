"""The people around the holder: who represents him, who helps him, and how long."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from starlette.responses import Response

from dmp.acts.relatives.end_caring import EndCaring, end_caring
from dmp.acts.relatives.invite_carer import InviteCarer, invite_carer
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.calendar import LOCAL, majority_of
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.relations import CarerLevel, Caring, Invitation, RepresentationKind
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal, today

MAX_NAME = 100
LEVELS = {"voir": CarerLevel.SEE, "aider": CarerLevel.HELP, "gerer": CarerLevel.MANAGE}
_FIELD_OF = {
    Reason.RELATION_ENDS_BEFORE_START: "fin",
    Reason.TOO_MANY_CARERS: "nom",
    Reason.RELATION_NOT_POSSIBLE: "nom",
}


async def relatives(visit: Visit) -> Response:
    """Representatives, carers, invitations; a code that was just made is shown this once."""
    record_id = record_of(visit)
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    admitted = visit.house.policy.carers
    carers = record.relations.carers if admitted else ()
    in_force = [c for c in carers if c.in_force(visit.now)]
    pending = [c for c in in_force if c.invitation_at(visit.now) is Invitation.PENDING]
    return visit.render(
        "holder/relatives.html",
        "Proches",
        record_id=record_id,
        representatives=_representatives(visit, record),
        admitted=admitted,
        carers=[c for c in in_force if c.invitation is Invitation.ACCEPTED],
        pending=pending,
        code=_code(visit, pending),
        errors={},
    )


def _representatives(
    visit: Visit, record: HealthRecord
) -> list[tuple[str, RepresentationKind, datetime, datetime | None, bool]]:
    """Who represents the holder: name, by which right, since, until, and whether it is the reader."""
    age = visit.house.policy.majority_age
    own = visit.caller.id.removeprefix("ins:")
    found = []
    for one in record.relations.representatives:
        if not record.is_represented_by(one.matricule, visit.now, age):
            continue
        end = one.end
        if one.kind is RepresentationKind.PARENT:
            majority = majority_of(record.traits.birth_date, age)
            end = majority if end is None else min(end, majority)
        found.append((one.name, one.kind, one.start, end, one.matricule == own))
    return found


def _code(visit: Visit, pending: list[Caring]) -> tuple[Caring, str] | None:
    """The code made for an invitation of this record, taken once."""
    state = visit.live.state
    if not state.code:
        return None
    try:
        caring_id, _, code = visit.unseal("invitation", state.code).partition("\n")
    except Refused:
        return None
    caring = next((c for c in pending if str(c.caring_id) == caring_id), None)
    if caring is None:
        return None
    state.code = ""
    visit.live.changed = True
    return caring, f"{code[:5]}-{code[5:]}"


async def invite(visit: Visit) -> Response:
    """Invite a carer: who, what he may do, until when."""
    record_id = record_of(visit)
    if not visit.house.policy.carers:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        request, errors = _invitation(visit)
        if request is not None:
            try:
                invited = await visit.do(invite_carer, request)
            except Refused as refused:
                if refused.reason not in _FIELD_OF:
                    raise
                errors = {_FIELD_OF[refused.reason]: refusal(refused)}
            else:
                # Sealed: the session is kept, and a code is never kept in clear.
                visit.live.state.code = visit.seal(
                    "invitation", f"{invited.caring_id}\n{invited.code}"
                )
                visit.live.changed = True
                return visit.go_to(f"{home_of(record_id)}/proches")
    await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "holder/invite.html",
        "Inviter un proche aidant",
        status=400 if errors else 200,
        record_id=record_id,
        typed=visit.form,
        latest=_latest_end(visit),
        errors=errors,
    )


def _latest_end(visit: Visit) -> date:
    """The last day an invitation made today may hold."""
    return today(visit.now) + timedelta(days=364)


def _invitation(visit: Visit) -> tuple[InviteCarer | None, dict[str, str]]:
    form = visit.form
    errors: dict[str, str] = {}
    name, given = form.text("nom")[:MAX_NAME], form.text("prenom")[:MAX_NAME]
    if not name:
        errors["nom"] = "Écrivez le nom de naissance de la personne."
    if not given:
        errors["prenom"] = "Écrivez le premier prénom de la personne."
    birth = _day(form.text("naissance"))
    if birth is None or birth >= today(visit.now):
        errors["naissance"] = "Écrivez sa date de naissance, par exemple 31/05/1965."
    level = LEVELS.get(form.text("niveau"))
    if level is None:
        errors["niveau"] = "Choisissez ce que la personne pourra faire."
    end = _day(form.text("fin"))
    if end is None or not today(visit.now) < end <= _latest_end(visit):
        errors["fin"] = "Choisissez une date de fin, au plus tard dans un an."
    if errors or birth is None or level is None or end is None:
        return None, errors
    request = InviteCarer(
        record_id=record_of(visit),
        birth_name=name,
        first_given_name=given,
        birth_date=birth,
        level=level,
        end=datetime.combine(end, time(23, 59), LOCAL).astimezone(UTC),
    )
    return request, {}


def _day(text: str) -> date | None:
    try:
        return typed_day(text)
    except ValueError:
        return None


async def end(visit: Visit) -> Response:
    """End the help of a carer, or withdraw an invitation; a carer ends his own."""
    record_id = record_of(visit)
    try:
        caring_id = UUID(visit.part("caring"))
    except ValueError:
        raise Refused(Reason.RELATION_NOT_POSSIBLE, detail="relation inconnue") from None
    await visit.do(end_caring, EndCaring(record_id=record_id, caring_id=caring_id))
    if visit.cares:
        visit.notice("Vous n’avez plus accès à ce dossier.")
        return visit.go_to("/espace/profils")
    visit.notice("C’est fait : cette personne n’a pas, ou plus, accès au dossier.")
    return visit.go_to(f"{home_of(record_id)}/proches")


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/proches"
PAGES = (
    Page(path=_PATH, view=relatives, authentication=_HOLDER, acts=(read_choices,)),
    *form_page(_PATH + "/inviter", invite, _HOLDER, read_choices, invite_carer),
    Page(
        path=_PATH + "/{caring}/fin",
        view=end,
        authentication=_HOLDER,
        method="POST",
        acts=(end_caring,),
    ),
)
