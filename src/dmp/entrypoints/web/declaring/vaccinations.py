"""The vaccination record: what was done with its proof, what is due, what the calendar foresees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup
from starlette.responses import Response

from dmp.acts.person.profile import read_profile
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.coding import atc_of
from dmp.domain.clinical.facts import Vaccination
from dmp.domain.clinical.follow_up import upcoming
from dmp.domain.clinical.knowledge.rules import FollowUpRule
from dmp.domain.clinical.synthesis import Due
from dmp.domain.identity.patient import Traits
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.declared.vaccines import VACCINES, Against
from dmp.entrypoints.web.declaring.found import found_in
from dmp.entrypoints.web.declaring.line_forms import LINE_FORMS
from dmp.entrypoints.web.declaring.section import path_of, shown_lines
from dmp.entrypoints.web.declaring.visiting import (
    kept,
    may_choose,
    may_write,
    medical,
    reader_of,
)
from dmp.entrypoints.web.figures.doses import Dose, frieze
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.login.identities import traits_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.synthesis.own_proofs import own_proofs
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import today
from dmp.locale import sentence

_VACCINES = "atc:J07"
SHOWN_LATER = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Vaccinations against the same, newest first; those only delivered say so."""

    label: str
    doses: tuple[Vaccination, ...]


def traits_here(visit: Visit) -> Traits:
    """Who it is about, as the login or the relation names her."""
    return visit.profile.traits if visit.profile is not None else traits_of(visit.holder)


def is_vaccine(rule: FollowUpRule) -> bool:
    """Whether a rule of follow-up is about a vaccine."""
    return any(word.startswith(_VACCINES) for word in rule.done_by)


def grouped(vaccinations: tuple[Vaccination, ...]) -> tuple[Done, ...]:
    """By what they are against, the most recent first."""
    groups: dict[str, list[Vaccination]] = {}
    for one in vaccinations:
        groups.setdefault(_against(one), []).append(one)
    return tuple(Done(label=label, doses=tuple(doses)) for label, doses in groups.items())


def _against(one: Vaccination) -> str:
    atc = atc_of(one.codes)
    by_length = sorted(VACCINES.items(), key=lambda pair: -len(pair[1][1]))
    known = (
        sentence(words)
        for key, (words, prefix) in by_length
        if key is not Against.OTHER and prefix and atc.startswith(prefix)
    )
    return next(known, one.label)


def due_of(due: tuple[Due, ...], rules: tuple[FollowUpRule, ...]) -> tuple[Due, ...]:
    """The vaccines among what is due."""
    wanted = {rule.rule_id for rule in rules}
    return tuple(one for one in due if one.rule_id in wanted)


async def carnet(visit: Visit) -> Response:
    """Done, due, later; and the vaccines that the holder added."""
    profile = await kept(visit)
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_of(visit)))
    rules = tuple(rule for rule in visit.house.knowledge.follow_up if is_vaccine(rule))
    form = LINE_FORMS[Section.VACCINATIONS]
    denial = profile.denial(Section.VACCINATIONS)
    later: tuple[tuple[FollowUpRule, date], ...] = upcoming(
        rules, traits_here(visit), today(visit.now)
    )
    return visit.render(
        "declaring/vaccinations.html",
        "Mon carnet de vaccination" if visit.profile is None else "Carnet de vaccination",
        record_id=record_of(visit),
        contents=medical(visit),
        path=path_of(visit, Section.VACCINATIONS),
        section=form,
        done=grouped(synthesis.vaccinations),
        frieze=_frieze(visit, synthesis.vaccinations),
        certificate=f"{home_of(record_of(visit))}/vaccinations/certificat",
        due=due_of(synthesis.due, rules),
        later=later[:SHOWN_LATER],
        lines=shown_lines(visit, form, profile),
        denial=None if denial is None else reader_of(visit, denial.said),
        found=found_in(Section.VACCINATIONS, synthesis, profile),
        who=traits_here(visit),
        proofs=own_proofs(visit, "vaccinations"),
        is_shared=profile.is_shared(Section.VACCINATIONS),
        writes=may_write(visit),
        chooses=may_choose(visit),
    )


def _frieze(visit: Visit, vaccinations: tuple[Vaccination, ...]) -> Markup:
    """The doses whose day is known, by disease."""
    rows = [
        (
            group.label,
            [
                Dose(on=dose.on, confirmed=not dose.delivered_only)
                for dose in group.doses
                if not dose.undated
            ],
        )
        for group in grouped(vaccinations)
    ]
    return frieze(rows, today(visit.now))


async def certificate(visit: Visit) -> Response:
    """What was given, to print: with what proves each dose. What was only delivered does not count."""
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_of(visit)))
    given = tuple(one for one in synthesis.vaccinations if not one.delivered_only)
    return visit.render(
        "declaring/certificate.html",
        "Relevé de vaccinations",
        record_id=record_of(visit),
        back=f"{home_of(record_of(visit))}/vaccinations",
        who=traits_here(visit),
        done=grouped(given),
        left_out=len(synthesis.vaccinations) - len(given),
        proofs=own_proofs(visit, "vaccinations/certificat", named=True),
    )


PAGES = (
    Page(
        path="/espace/{record}/vaccinations/certificat",
        view=certificate,
        authentication=Authentication.HOLDER,
        acts=(read_synthesis,),
    ),
    Page(
        path="/espace/{record}/vaccinations",
        view=carnet,
        authentication=Authentication.HOLDER,
        acts=(read_profile, read_synthesis),
    ),
)
