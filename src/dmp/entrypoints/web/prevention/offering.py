"""The page of prevention: due at this age, declined, later; and whether anything is offered at all.

Declining is for the holder's own pages: professionals are told what is due all the same
(`docs/decisions/declined-prevention.md`).
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.space.choose import Choice, ChooseForSpace, choose_for_space
from dmp.acts.space.read_prevention import Prevention, ReadPrevention, read_prevention
from dmp.domain.clinical.follow_up import upcoming
from dmp.domain.clinical.knowledge.rules import FollowUpRule
from dmp.domain.clinical.synthesis import Due
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.declaring.vaccinations import is_vaccine, traits_here
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.prevention.why import because, to_do
from dmp.entrypoints.web.synthesis.own_proofs import own_proofs
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import today
from dmp.locale import translate

SHOWN_LATER = 6
_CHOICES = {
    "refuser": Choice.DECLINE,
    "reprendre": Choice.OFFER_AGAIN,
    "arreter": Choice.STOP_PROPOSING,
    "proposer": Choice.PROPOSE,
}
_DONE = {
    Choice.DECLINE: "Cette ligne ne vous est plus proposée. Vous pouvez la retrouver en bas de la page.",
    Choice.OFFER_AGAIN: "Cette ligne vous est de nouveau proposée.",
    Choice.STOP_PROPOSING: "La prévention ne vous est plus proposée.",
    Choice.PROPOSE: "La prévention vous est de nouveau proposée.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One line: what is due, why one is told, what to do. `is_vaccine` has a page of its own."""

    due: Due
    because: str
    to_do: str
    is_vaccine: bool


def offered(due: tuple[Due, ...], rules: tuple[FollowUpRule, ...]) -> tuple[Offered, ...]:
    """The lines with their reasons, in their order."""
    known = {rule.rule_id: rule for rule in rules}
    return tuple(
        Offered(
            due=one,
            because=because(rule),
            to_do=to_do(rule),
            is_vaccine=is_vaccine(rule),
        )
        for one in due
        if (rule := known.get(one.rule_id)) is not None
    )


async def prevention(visit: Visit) -> Response:
    """What is due and why; what was declined, with the way back; or the change of one of these choices."""
    if visit.request.method == "POST":
        return await _chosen(visit)
    record_id = record_of(visit)
    found = await visit.do(read_prevention, ReadPrevention(record_id=record_id))
    return _page(visit, found)


def _page(visit: Visit, found: Prevention) -> Response:
    record_id, rules = record_of(visit), visit.house.knowledge.follow_up
    later = upcoming(rules, traits_here(visit), today(visit.now)) if found.proposes else ()
    return visit.render(
        "prevention/prevention.html",
        "Ma prévention"
        if visit.profile is None
        else translate("Prévention de {name}", name=visit.profile_name),
        record_id=record_id,
        home=home_of(record_id),
        path=f"{home_of(record_id)}/prevention",
        lines=offered(found.due, rules),
        declined=found.declined,
        proposes=found.proposes,
        later=later[:SHOWN_LATER],
        proofs=own_proofs(visit, "prevention"),
        chooses=not visit.cares,
    )


async def _chosen(visit: Visit) -> Response:
    """One choice. From the page of confidentiality one returns there."""
    record_id = record_of(visit)
    choice = _CHOICES.get(visit.form.text("choix"))
    if choice is None:
        raise Refused(Reason.PARAMETER_INVALID, parameter="choix", detail="choix inconnu")
    request = ChooseForSpace(
        record_id=record_id, choice=choice, rule_id=visit.form.text("ligne")[:20]
    )
    await visit.do(choose_for_space, request)
    visit.notice(_DONE[choice])
    back = "confidentialite" if visit.form.text("retour") == "confidentialite" else "prevention"
    return visit.go_to(f"{home_of(record_id)}/{back}")


PAGES = form_page(
    "/espace/{record}/prevention",
    prevention,
    Authentication.HOLDER,
    read_prevention,
    choose_for_space,
)
