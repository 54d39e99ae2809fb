"""The growth of a child: weight, height, head and body mass index by age, over what is usual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response

from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.facts import Result, Source
from dmp.domain.clinical.follow_up import age_in_months as completed_months
from dmp.domain.clinical.synthesis import Synthesis
from dmp.domain.identity.patient import Traits
from dmp.domain.record.declared.growth import (
    GROWING,
    MONTHS,
    Band,
    age_in_months,
    band_at,
    bands_of,
)
from dmp.domain.record.declared.measures import SCALES, Measured
from dmp.entrypoints.web.declaring.measures import series_of_kind, title_of
from dmp.entrypoints.web.declaring.vaccinations import traits_here
from dmp.entrypoints.web.declaring.visiting import may_write, medical
from dmp.entrypoints.web.figures.curve import is_declared
from dmp.entrypoints.web.figures.growth import Point, growth
from dmp.entrypoints.web.holder.own_record import record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.prevention.why import aged
from dmp.entrypoints.web.synthesis.own_proofs import own_proofs
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import local, measure, today
from dmp.locale import translate


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value in the table: its day, the age then, what is usual at that age (empty: nothing is known)."""

    result: Result
    age: str
    usual: str
    is_declared: bool
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """One measure of the child: its figure, and the same values as a table, newest first."""

    what: Measured
    title: str
    path: str
    figure: Markup
    has_reference: bool
    values: tuple[Value, ...]


async def children(visit: Visit) -> Response:
    """The curves. A grown person's record has none: her childhood's measures are with the others."""
    traits = traits_here(visit)
    age = age_in_months(traits.birth_date, today(visit.now))
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_of(visit)))
    is_child = age < MONTHS
    found = [_growth(visit, what, synthesis, traits) for what in GROWING] if is_child else []
    return visit.render(
        "measuring/growth.html",
        "Ma croissance"
        if visit.profile is None
        else translate("Croissance de {name}", name=visit.profile_name),
        record_id=record_of(visit),
        measures=f"{medical(visit)}/mesures",
        is_child=is_child,
        found=[one for one in found if one is not None],
        missing=[
            (title_of(what), f"{medical(visit)}/mesures/{what.value}", SCALES[what].computed)
            for what, one in zip(GROWING, found, strict=False)
            if one is None
        ],
        proofs=own_proofs(visit, "profil-medical/croissance"),
        writes=may_write(visit),
    )


def _growth(visit: Visit, what: Measured, synthesis: Synthesis, traits: Traits) -> Growth | None:
    """One measure by age; None when it was never taken."""
    results = _measured(what, synthesis, traits)
    if not results:
        return None
    points = [
        Point(months=_age(one, traits), value=one.value or 0.0, is_declared=is_declared(one))
        for one in results
    ]
    until = max(points[-1].months, age_in_months(traits.birth_date, today(visit.now)))
    bands = bands_of(what, traits.sex, until)
    return Growth(
        what=what,
        title=title_of(what),
        path=f"{medical(visit)}/mesures/{what.value}",
        figure=growth(title_of(what), SCALES[what].unit, points, bands),
        has_reference=bool(bands),
        values=tuple(_value(one, what, traits) for one in reversed(results)),
    )


def _measured(what: Measured, synthesis: Synthesis, traits: Traits) -> Sequence[Result]:
    """The values of childhood, oldest first."""
    found = [
        result
        for series in series_of_kind(what, synthesis)
        for result in series.points
        if result.value is not None and local(result.at).date() >= traits.birth_date
    ]
    return sorted(found, key=lambda one: one.at)


def _age(result: Result, traits: Traits) -> float:
    return age_in_months(traits.birth_date, local(result.at).date())


def _value(result: Result, what: Measured, traits: Traits) -> Value:
    months = _age(result, traits)
    return Value(
        result=result,
        age=aged(completed_months(traits, local(result.at).date())),
        usual=_usual(band_at(what, traits.sex, months)),
        is_declared=is_declared(result),
        sources=result.sources,
    )


def _usual(band: Band | None) -> str:
    if band is None:
        return ""
    return translate(
        "de {low} à {high}", low=measure(round(band.low, 1)), high=measure(round(band.high, 1))
    )


PAGES = (
    Page(
        path="/espace/{record}/profil-medical/croissance",
        view=children,
        authentication=Authentication.HOLDER,
        acts=(read_synthesis,),
    ),
)
