"""My health in short: the same facts in plain words, for the holder and whoever acts for her.

No alert is spoken of: what they are about becomes questions for the doctor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.synthesis import Alert, AlertClass, Supply, Synthesis, Treatment, Trend
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.results.analyses import analyses_of
from dmp.entrypoints.web.results.words import in_words
from dmp.entrypoints.web.synthesis.own_proofs import own_proofs
from dmp.entrypoints.web.synthesis.sheet import Sheet
from dmp.entrypoints.web.synthesis.zones import DOCTOR
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

_ALLERGY = "Allergie : "
SHOWN_RESULTS = 8
SHOWN_QUESTIONS = 8
SOON = 10
"""Days around the end of the boxes in which the next ones are spoken of; later, it may have ended."""
_ABOUT: dict[AlertClass, str] = {
    AlertClass.CONTRAINDICATION: "Mes traitements sont-ils toujours adaptés ensemble : {about} ?",
    AlertClass.INTERACTION: "Mes traitements sont-ils toujours adaptés ensemble : {about} ?",
    AlertClass.ALLERGY: "Mes traitements tiennent-ils compte de mes allergies : {about} ?",
    AlertClass.CRITICAL: "Que dit mon dernier résultat, et que dois-je faire : {about} ?",
    AlertClass.DUPLICATE: "Est-il utile d’avoir plusieurs fois la même chose : {about} ?",
}
"""The question that stands for an alert. What is due has questions of its own."""


def questions(synthesis: Synthesis) -> tuple[str, ...]:
    """What to ask one's doctor: each question once, the gravest matter first."""
    found = dict.fromkeys(_questions(synthesis))
    return tuple(found)[:SHOWN_QUESTIONS]


def _questions(synthesis: Synthesis) -> Iterator[str]:
    for alert in synthesis.alerts:
        wanted = _ABOUT.get(alert.alert_class)
        about = _subjects(alert)
        if wanted is not None and about and not alert.side:
            yield translate(wanted, about=about)
    for one in synthesis.series:
        if one.trend in (Trend.HIGH, Trend.LOW):
            yield translate("Que signifie mon dernier résultat de {label} ?", label=one.label)
    for due in synthesis.due:
        yield translate("Suis-je à jour : {label} ?", label=due.label)


def _subjects(alert: Alert) -> str:
    """What an alert is about: the things that it rests on, never its own words."""
    labels = (proof.label.removeprefix(_ALLERGY) for proof in alert.proofs)
    return ", ".join(dict.fromkeys(labels))


async def _sheet(visit: Visit) -> Sheet:
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_of(visit)))
    return Sheet(synthesis=synthesis, variant=DOCTOR)


async def summary(visit: Visit) -> Response:
    """The page in plain words."""
    sheet = await _sheet(visit)
    title = (
        "Ma santé en résumé"
        if visit.profile is None
        else translate("La santé de {name} en résumé", name=visit.profile_name)
    )
    return visit.render(
        "synthesis/holder.html",
        title,
        record_id=record_of(visit),
        sheet=sheet,
        found=sheet.synthesis,
        proofs=own_proofs(visit, "ma-sante"),
        questions=questions(sheet.synthesis),
        in_words=in_words,
        shown_results=SHOWN_RESULTS,
        analyses={
            id(series): one.reference
            for one in analyses_of(visit, sheet.synthesis.series[:SHOWN_RESULTS])
            for series in one.series
        },
        home=home_of(record_of(visit)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """How long the boxes of a treatment last: until which day, and for how many days from today.

    `days` is negative when they should be used up. All of it is estimated from deliveries.
    """

    until: date
    days: int

    @property
    def is_due(self) -> bool:
        """Whether it is time to think of the next box."""
        return -SOON <= self.days <= SOON


def supplied(treatment: Treatment, now: date) -> Supplied | None:
    """Until when the boxes last; None when no delivery is known."""
    ends = [_end(one) for one in treatment.supplies]
    if not ends:
        return None
    until = max(ends)
    return Supplied(until=until, days=(until - now).days)


def _end(supply: Supply) -> date:
    try:
        return supply.on + timedelta(days=supply.days)
    except OverflowError:
        return date.max


async def treatments(visit: Visit) -> Response:
    """What is taken now and when its boxes end, then twenty-four months of treatments."""
    sheet = await _sheet(visit)
    return visit.render(
        "synthesis/holder_treatments.html",
        "Mes traitements" if visit.profile is None else "Traitements",
        record_id=record_of(visit),
        sheet=sheet,
        current=[one for one in sheet.all_treatments if one.is_current],
        supplied=lambda one: supplied(one, sheet.today),
        proofs=own_proofs(visit, "traitements"),
        home=home_of(record_of(visit)),
    )


_HOLDER = Authentication.HOLDER
_RECORD = "/espace/{record}"
PAGES = tuple(
    Page(path=f"{_RECORD}/{end}", view=view, authentication=_HOLDER, acts=(read_synthesis,))
    for end, view in (("ma-sante", summary), ("traitements", treatments))
)
