"""For whom one may act: the list of profiles, and the answer to an invitation to be a carer."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.relatives.answer_invitation import (
    AnsweredInvitation,
    AnswerInvitation,
    answer_invitation,
)
from dmp.acts.relatives.list_profiles import ListProfiles, list_profiles
from dmp.acts.sharing.read_choices import read_choices
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.relations import Invitation
from dmp.entrypoints.web.holder.own_record import BEFORE_OPENING, own_record
from dmp.entrypoints.web.login.identities import traits_of
from dmp.entrypoints.web.login.profiles import as_carer
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import age, day, refusal
from dmp.locale import translate

ANSWERS = {"oui": True, "non": False}


async def profiles(visit: Visit) -> Response:
    """One's own record, and the records of those for whom one may act."""
    record = await own_record(visit)
    others = await visit.do(list_profiles, ListProfiles())
    return visit.render(
        "holder/profiles.html",
        "Choisir un profil",
        own=record if record is not None and record.state not in BEFORE_OPENING else None,
        others=[(one, age(one.birth_date, visit.now)) for one in others],
        carers=visit.house.policy.carers,
    )


async def invitation(visit: Visit) -> Response:
    """Answer an invitation with the code that the person who invites has given."""
    if not visit.house.policy.carers:
        sentence = "Le service n’admet pas de proches aidants pour le moment."
        return visit.door.error(visit, 404, sentence)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        errors = _missing(visit)
        if not errors:
            try:
                return _answered(visit, await _answer(visit))
            except Refused as refused:
                if refused.reason not in (Reason.INVITATION_UNKNOWN, Reason.TOO_MANY_CARERS):
                    raise
                errors["code"] = refusal(refused)
    return visit.render(
        "holder/invitation.html",
        "Répondre à une invitation",
        status=400 if errors else 200,
        code=visit.form.text("code")[:40],
        answer=visit.form.text("reponse"),
        errors=errors,
    )


def _missing(visit: Visit) -> dict[str, str]:
    errors = {}
    if not visit.form.text("code"):
        errors["code"] = "Écrivez le code que la personne vous a remis."
    if visit.form.text("reponse") not in ANSWERS:
        errors["reponse"] = "Choisissez votre réponse."
    return errors


async def _answer(visit: Visit) -> AnsweredInvitation:
    """The answer of the person who is logged in, with the identity that her provider proved."""
    visit.caller = as_carer(visit.caller)
    request = AnswerInvitation(
        code=visit.form.text("code")[:40],
        traits=traits_of(visit.holder),
        accept=ANSWERS[visit.form.text("reponse")],
    )
    return await visit.do(answer_invitation, request)


def _answered(visit: Visit, answered: AnsweredInvitation) -> Response:
    name = answered.holder_name
    if answered.caring.invitation is Invitation.ACCEPTED:
        visit.notice(
            translate(
                "Vous pouvez agir pour {name} jusqu’au {end}.",
                name=name,
                end=day(answered.caring.end),
            )
        )
    else:
        visit.notice(
            translate(
                "Vous avez refusé l’invitation de {name}. Elle ne donne aucun accès.", name=name
            )
        )
    return visit.go_to("/espace/profils")


_HOLDER = Authentication.HOLDER
PAGES = (
    Page(
        path="/espace/profils",
        view=profiles,
        authentication=_HOLDER,
        acts=(read_choices, list_profiles),
    ),
    *form_page("/espace/invitation", invitation, _HOLDER, answer_invitation),
)
