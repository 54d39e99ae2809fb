"""The first visit in four steps: identity, sharing by default, emergencies, a passkey or none.

Every step does what its own page does elsewhere, by the same acts; what was done stays done when one leaves.
A passkey belongs to who logs in: who represents somebody has the first three steps.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.login.passkeys import ListPasskeys, list_passkeys
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.acts.space.choose import (
    Choice,
    ChooseForSpace,
    ReadSpaceChoices,
    choose_for_space,
    read_space_choices,
)
from dmp.domain.arranging.space_choices import SpaceChoices, VisitStep
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.passkey import Passkey
from dmp.domain.record.health_record import HealthRecord, State
from dmp.domain.record.preferences import EmergencySwitches
from dmp.entrypoints.web.holder.choices import SWITCHES, YES_OR_NO
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

TITLES: dict[VisitStep, str] = {
    VisitStep.IDENTITY: "Vérifier l’identité",
    VisitStep.SHARING: "Choisir le partage par défaut",
    VisitStep.EMERGENCY: "Choisir pour les urgences",
    VisitStep.PASSKEY: "Se connecter plus vite",
}
_IS_WRONG = (
    "L’identité ne se corrige pas en ligne : adressez-vous à un guichet de l’Assurance Maladie avec une pièce"
    " d’identité. Vous pouvez continuer."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepShown:
    """One step in the bar."""

    step: VisitStep
    number: int
    title: str
    is_done: bool


def steps_for(visit: Visit) -> tuple[VisitStep, ...]:
    """The steps of whoever is logged in."""
    if visit.profile is None:
        return tuple(VisitStep)
    return tuple(step for step in VisitStep if step is not VisitStep.PASSKEY)


def next_step(visit: Visit, choices: SpaceChoices) -> VisitStep | None:
    """The first step that was not done; None when the visit is finished or was put aside."""
    if choices.visited_at is not None:
        return None
    return next((step for step in steps_for(visit) if step not in choices.steps), None)


def step_path(visit: Visit, step: VisitStep) -> str:
    """Where a step stands."""
    return f"{home_of(record_of(visit))}/activation/{step.value}"


async def arrive(visit: Visit) -> Response:
    """To the step where one left; home when nothing is left to do."""
    record = await visit.do(read_choices, ReadChoices(of=record_of(visit)))
    choices = await visit.do(read_space_choices, ReadSpaceChoices(record_id=record.record_id))
    step = next_step(visit, choices)
    if step is None or record.state is not State.OPEN:
        return visit.go_to(home_of(record.record_id))
    return visit.go_to(step_path(visit, step))


async def step(visit: Visit) -> Response:
    """One step: shown, or done. A step whose form lacks something stays, with the sentence beside it."""
    asked = _asked(visit)
    record = await visit.do(read_choices, ReadChoices(of=record_of(visit)))
    if record.state is not State.OPEN:
        return visit.go_to(home_of(record.record_id))
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        if visit.form.text("fin") == "oui":
            return await _end(visit, "Cette visite ne vous est plus proposée.")
        errors = await _done(visit, asked, record)
        if not errors:
            return await _go_on(visit, asked)
    choices = await visit.do(read_space_choices, ReadSpaceChoices(record_id=record.record_id))
    return await _page(visit, asked, record, choices, errors)


def _asked(visit: Visit) -> VisitStep:
    """The step of the address. Raises Refused: ADDRESS_UNKNOWN."""
    try:
        found = VisitStep(visit.part("step"))
    except ValueError:
        raise Refused(Reason.ADDRESS_UNKNOWN) from None
    if found not in steps_for(visit):
        raise Refused(Reason.ADDRESS_UNKNOWN)
    return found


async def _done(visit: Visit, asked: VisitStep, record: HealthRecord) -> dict[str, str]:
    """Do what a step asks; what is missing, by field."""
    form, preferences = visit.form, record.preferences
    match asked:
        case VisitStep.IDENTITY:
            if form.text("exact") not in YES_OR_NO:
                return {"exact": "Répondez oui ou non à cette question."}
            if form.text("exact") == "non":
                visit.notice(_IS_WRONG)
        case VisitStep.SHARING:
            if form.text("visibilite") not in ("visible", "masque"):
                return {"visibilite": "Choisissez la visibilité des nouveaux documents."}
            masks = form.text("visibilite") == "masque"
            await _set(visit, masks, preferences.emergency)
        case VisitStep.EMERGENCY:
            missing = [name for name in SWITCHES if form.text(name) not in YES_OR_NO]
            if missing:
                return dict.fromkeys(missing, "Choisissez oui ou non.")
            switches = EmergencySwitches(
                break_glass=form.checked("urgence"),
                regulation=form.checked("samu"),
                masked_documents=form.checked("urgence_masques"),
            )
            await _set(visit, preferences.mask_new_documents, switches)
        case VisitStep.PASSKEY:
            pass
    return {}


async def _set(visit: Visit, masks: bool, emergency: EmergencySwitches) -> None:
    request = SetPreferences(
        record_id=record_of(visit), mask_new_documents=masks, emergency=emergency
    )
    await visit.do(set_preferences, request)


async def _go_on(visit: Visit, asked: VisitStep) -> Response:
    """To the next step that is not done; after the last one the visit is finished."""
    request = ChooseForSpace(record_id=record_of(visit), choice=Choice.DO_STEP, step=asked)
    choices = await visit.do(choose_for_space, request)
    following = next_step(visit, choices)
    if following is None:
        return await _end(
            visit, "Votre espace est prêt. Vous pouvez changer ces choix à tout moment."
        )
    return visit.go_to(step_path(visit, following))


async def _end(visit: Visit, told: str) -> Response:
    record_id = record_of(visit)
    request = ChooseForSpace(record_id=record_id, choice=Choice.END_FIRST_VISIT)
    await visit.do(choose_for_space, request)
    visit.notice(told)
    return visit.go_to(home_of(record_id))


async def _page(
    visit: Visit,
    asked: VisitStep,
    record: HealthRecord,
    choices: SpaceChoices,
    errors: dict[str, str],
) -> Response:
    keys: tuple[Passkey, ...] = ()
    if asked is VisitStep.PASSKEY:
        keys = await visit.do(list_passkeys, ListPasskeys(record_id=record.record_id))
    steps = steps_for(visit)
    place = steps.index(asked)
    return visit.render(
        "activation/step.html",
        translate(
            "Première visite, étape {number} sur {total} : {title}",
            number=place + 1,
            total=len(steps),
            title=translate(TITLES[asked]),
        ),
        status=400 if errors else 200,
        record_id=record.record_id,
        record=record,
        asked=asked.value,
        steps=[
            StepShown(step=one, number=rank, title=TITLES[one], is_done=one in choices.steps)
            for rank, one in enumerate(steps, 1)
        ],
        is_last=place == len(steps) - 1,
        previous=step_path(visit, steps[place - 1]) if place else "",
        path=f"{home_of(record.record_id)}/activation",
        passkeys=keys,
        typed=visit.form,
        errors=errors,
    )


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/activation"
PAGES = (
    Page(
        path=_PATH,
        view=arrive,
        authentication=_HOLDER,
        acts=(read_choices, read_space_choices),
    ),
    *form_page(
        _PATH + "/{step}",
        step,
        _HOLDER,
        read_choices,
        set_preferences,
        read_space_choices,
        choose_for_space,
        list_passkeys,
    ),
)
