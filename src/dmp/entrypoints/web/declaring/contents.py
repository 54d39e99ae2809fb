"""The contents of the medical profile: each section, how far it is filled, and the two that are one answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.person.change_profile import change_profile
from dmp.acts.person.profile import read_profile
from dmp.domain.record.declared.changes import SetBlood, SetHabits, lines_of, mark_of
from dmp.domain.record.declared.habits import Activity, Alcohol, Habits, Tobacco
from dmp.domain.record.declared.sections import MEDICAL, Section
from dmp.domain.record.declared.states import filled, is_filled, last_said
from dmp.domain.record.profile import BloodGroup, Profile
from dmp.entrypoints.web.declaring.fields import Field, Kind, typed, values, written
from dmp.entrypoints.web.declaring.line_forms import LINE_FORMS
from dmp.entrypoints.web.declaring.visiting import (
    CHANGED_MEANWHILE,
    kept,
    may_choose,
    may_write,
    medical,
    reader_of,
    tried,
)
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import plural, translate

TITLES: dict[Section, str] = {
    **{section: form.title for section, form in LINE_FORMS.items()},
    Section.MEASURES: "Mesures",
    Section.HABITS: "Habitudes de vie",
    Section.BLOOD: "Groupe sanguin",
    Section.WISHES: "Mes volontés",
}
"""What each section is called."""
LONGEST = 2000
TOO_LONG = "Ce texte est trop long : raccourcissez-le."

TOBACCO = {
    Tobacco.NEVER: "Je n’ai jamais fumé",
    Tobacco.STOPPED: "J’ai arrêté de fumer",
    Tobacco.SOMETIMES: "Je fume de temps en temps",
    Tobacco.DAILY: "Je fume tous les jours",
}
ALCOHOL = {
    Alcohol.NEVER: "Je ne bois pas d’alcool",
    Alcohol.SOMETIMES: "Moins d’un verre par semaine",
    Alcohol.BELOW_MARK: "Jusqu’à dix verres par semaine",
    Alcohol.ABOVE_MARK: "Plus de dix verres par semaine",
}
ACTIVITY = {
    Activity.NONE: "Presque aucune activité physique",
    Activity.SOMETIMES: "De temps en temps",
    Activity.MOST_DAYS: "Presque tous les jours",
    Activity.DAILY: "Au moins trente minutes par jour",
}
_UNSAID = ("", "Je ne réponds pas", "")
HABITS = (
    Field(
        name="tabac",
        attribute="tobacco",
        label="Tabac",
        kind=Kind.CHOICE,
        choice=Tobacco,
        options=(*((key.value, words, "") for key, words in TOBACCO.items()), _UNSAID),
    ),
    Field(
        name="alcool",
        attribute="alcohol",
        label="Alcool",
        kind=Kind.CHOICE,
        choice=Alcohol,
        options=(*((key.value, words, "") for key, words in ALCOHOL.items()), _UNSAID),
    ),
    Field(
        name="activite",
        attribute="activity",
        label="Activité physique",
        help="Marcher d’un bon pas compte.",
        kind=Kind.CHOICE,
        choice=Activity,
        options=(*((key.value, words, "") for key, words in ACTIVITY.items()), _UNSAID),
    ),
    Field(
        name="precisions",
        attribute="words",
        label="Autres habitudes",
        help="Par exemple : alimentation, sommeil, cannabis, vapotage.",
        kind=Kind.AREA,
    ),
)
GROUP = Field(
    name="groupe",
    attribute="group",
    label="Groupe sanguin déclaré",
    kind=Kind.SELECT,
    choice=BloodGroup,
    options=tuple((group.value, group.value, "") for group in BloodGroup),
    empty="Je ne sais pas",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One section in the contents."""

    title: str
    path: str
    filled: bool
    words: str
    said: str
    shared: bool


def _state(visit: Visit, profile: Profile, section: Section) -> State:
    said = last_said(profile, section)
    path = f"{medical(visit)}/{section.value}"
    if section is Section.VACCINATIONS:
        path = f"{home_of(record_of(visit))}/vaccinations"
    return State(
        title=TITLES[section],
        path=path,
        filled=is_filled(profile, section),
        words=_words(profile, section),
        said="" if said.on is None else reader_of(visit, said),
        shared=profile.is_shared(section),
    )


def _words(profile: Profile, section: Section) -> str:
    if not is_filled(profile, section):
        return translate("À compléter")
    if section is Section.BLOOD and profile.blood_group is not None:
        return profile.blood_group.value
    count = len(lines_of(profile, section))
    if count:
        return plural("%(num)d ligne", "%(num)d lignes", count) % {"num": count}
    return translate("Aucune") if section is not Section.HABITS else translate("Renseignées")


async def contents(visit: Visit) -> Response:
    """Each section with its state."""
    profile = await kept(visit)
    home = home_of(record_of(visit))
    return visit.render(
        "declaring/contents.html",
        "Mon profil médical" if visit.profile is None else "Profil médical",
        record_id=record_of(visit),
        home=home,
        states=[_state(visit, profile, section) for section in MEDICAL],
        filled=filled(profile),
        wishes_filled=is_filled(profile, Section.WISHES),
        persons=len(profile.persons_to_warn),
        writes=may_write(visit),
    )


async def blood(visit: Visit) -> Response:
    """The blood group, with its warning."""
    profile = await kept(visit)
    now = "" if profile.blood_group is None else profile.blood_group.value
    if visit.request.method == "GET":
        return _one(visit, profile, Section.BLOOD, (GROUP,), {GROUP.name: now}, {})
    texts = typed((GROUP,), visit.form)
    found, errors = values((GROUP,), texts)
    if not errors:
        change = SetBlood(group=found["group"], seen=visit.form.text("vu"))
        outcome = await tried(visit, profile, change)
        if outcome.is_done:
            visit.notice("Le groupe sanguin est enregistré.")
            return visit.go_to(f"{medical(visit)}/{Section.BLOOD.value}")
        profile = outcome.now or profile
        return _one(visit, profile, Section.BLOOD, (GROUP,), texts, {}, meanwhile=True)
    return _one(visit, profile, Section.BLOOD, (GROUP,), texts, errors)


async def habits(visit: Visit) -> Response:
    """Life habits."""
    profile = await kept(visit)
    if visit.request.method == "GET":
        texts = written(HABITS, profile.habits)
        return _one(visit, profile, Section.HABITS, HABITS, texts, {})
    texts = typed(HABITS, visit.form)
    found, errors = values(HABITS, texts)
    if len(texts["precisions"]) > LONGEST:
        errors["precisions"] = TOO_LONG
    if errors:
        return _one(visit, profile, Section.HABITS, HABITS, texts, errors)
    change = SetHabits(habits=Habits(**found), seen=visit.form.text("vu"))
    outcome = await tried(visit, profile, change)
    if outcome.is_done:
        visit.notice("Les habitudes de vie sont enregistrées.")
        return visit.go_to(f"{medical(visit)}/{Section.HABITS.value}")
    profile = outcome.now or profile
    return _one(visit, profile, Section.HABITS, HABITS, texts, {}, meanwhile=True)


def _one(
    visit: Visit,
    profile: Profile,
    section: Section,
    fields: Sequence[Field],
    texts: dict[str, str],
    errors: dict[str, str],
    *,
    meanwhile: bool = False,
) -> Response:
    """A section that is one form. `vu` stays what was seen until the visitor was told of another."""
    value = profile.blood_group if section is Section.BLOOD else profile.habits
    said = last_said(profile, section)
    seen = "" if meanwhile else visit.form.text("vu")
    return visit.render(
        "declaring/one.html",
        TITLES[section],
        status=409 if meanwhile else 400 if errors else 200,
        record_id=record_of(visit),
        contents=medical(visit),
        path=f"{medical(visit)}/{section.value}",
        section=section.value,
        fields=fields,
        texts=texts,
        stands=_stands(profile, section),
        said="" if said.on is None else reader_of(visit, said),
        seen=seen or mark_of(value),
        meanwhile=meanwhile,
        is_shared=profile.is_shared(section),
        writes=may_write(visit),
        chooses=may_choose(visit),
        errors={"": CHANGED_MEANWHILE} if meanwhile else errors,
    )


def _stands(profile: Profile, section: Section) -> str:
    """What is kept of a section that is one form, in words."""
    if section is Section.BLOOD:
        return "" if profile.blood_group is None else profile.blood_group.value
    return ", ".join(habit_words(profile.habits))


def habit_words(habits: Habits) -> list[str]:
    """Life habits in words."""
    found = []
    if habits.tobacco is not None:
        found.append(translate(TOBACCO[habits.tobacco]))
    if habits.alcohol is not None:
        found.append(translate(ALCOHOL[habits.alcohol]))
    if habits.activity is not None:
        found.append(translate(ACTIVITY[habits.activity]))
    return [*found, habits.words] if habits.words else found


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/profil-medical"
PAGES = (
    Page(path=_PATH, view=contents, authentication=_HOLDER, acts=(read_profile,)),
    *form_page(f"{_PATH}/groupe-sanguin", blood, _HOLDER, read_profile, change_profile),
    *form_page(f"{_PATH}/habitudes-de-vie", habits, _HOLDER, read_profile, change_profile),
)
