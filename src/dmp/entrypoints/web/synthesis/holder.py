"""My health in short: the same facts in plain words, for the holder and whoever acts for her.

No alert is spoken of: what they are about becomes questions for the doctor.
"""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import Response

from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.synthesis import Alert, AlertClass, Series, Synthesis, Trend
from dmp.entrypoints.web.figures.curve import measured
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.synthesis.proofs import Proofs
from dmp.entrypoints.web.synthesis.sheet import Sheet
from dmp.entrypoints.web.synthesis.zones import DOCTOR
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import day, measure
from dmp.locale import translate

_ALLERGY = "Allergie : "
SHOWN_RESULTS = 8
SHOWN_QUESTIONS = 8
_ABOUT: dict[AlertClass, str] = {
    AlertClass.CONTRAINDICATION: "Mes traitements sont-ils toujours adaptés ensemble : {about} ?",
    AlertClass.INTERACTION: "Mes traitements sont-ils toujours adaptés ensemble : {about} ?",
    AlertClass.ALLERGY: "Mes traitements tiennent-ils compte de mes allergies : {about} ?",
    AlertClass.CRITICAL: "Que dit mon dernier résultat, et que dois-je faire : {about} ?",
    AlertClass.DUPLICATE: "Est-ce encore utile pour moi : {about} ?",
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
            yield wanted.format(about=about)
    for one in synthesis.series:
        if one.trend in (Trend.HIGH, Trend.LOW):
            yield translate("Que signifie mon dernier résultat de {label} ?", label=one.label)
    for due in synthesis.due:
        yield translate("Suis-je à jour : {label} ?", label=due.label)


def _subjects(alert: Alert) -> str:
    """What an alert is about: the things that it rests on, never its own words."""
    labels = (proof.label.removeprefix(_ALLERGY) for proof in alert.proofs)
    return ", ".join(dict.fromkeys(labels))


def in_words(series: Series) -> str:
    """Where the last value stands, and how it moved since the one before."""
    place = {
        Trend.HIGH: "au-dessus de l’intervalle habituel",
        Trend.LOW: "au-dessous de l’intervalle habituel",
        Trend.NORMAL: "dans l’intervalle habituel",
        Trend.UNKNOWN: "",
    }[series.trend]
    numbers = measured(series)
    moved = ""
    if len(numbers) > 1:
        before, now = numbers[-2], numbers[-1]
        if before.value is not None and now.value is not None:
            moved = translate(
                "identique à la fois d’avant ({value}, le {at})"
                if now.value == before.value
                else "plus haut que la fois d’avant ({value}, le {at})"
                if now.value > before.value
                else "plus bas que la fois d’avant ({value}, le {at})",
                value=measure(before.value),
                at=day(before.at),
            )
    return ", ".join(part for part in (place, moved) if part)


async def _sheet(visit: Visit) -> Sheet:
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_of(visit)))
    return Sheet(synthesis=synthesis, variant=DOCTOR)


def _proofs(visit: Visit, page: str) -> Proofs:
    who = "vous" if visit.profile is None else "le titulaire"
    return Proofs(f"{home_of(record_of(visit))}/documents", page, holder=who)


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
        proofs=_proofs(visit, "ma-sante"),
        questions=questions(sheet.synthesis),
        in_words=in_words,
        shown_results=SHOWN_RESULTS,
        home=home_of(record_of(visit)),
    )


async def results(visit: Visit) -> Response:
    """Every analyte with its curve and its table."""
    sheet = await _sheet(visit)
    return visit.render(
        "synthesis/holder_results.html",
        "Mes résultats" if visit.profile is None else "Résultats",
        record_id=record_of(visit),
        sheet=sheet,
        proofs=_proofs(visit, "resultats"),
        home=home_of(record_of(visit)),
    )


async def treatments(visit: Visit) -> Response:
    """Twenty-four months of treatments."""
    sheet = await _sheet(visit)
    return visit.render(
        "synthesis/holder_treatments.html",
        "Mes traitements" if visit.profile is None else "Traitements",
        record_id=record_of(visit),
        sheet=sheet,
        proofs=_proofs(visit, "traitements"),
        home=home_of(record_of(visit)),
    )


_HOLDER = Authentication.HOLDER
_RECORD = "/espace/{record}"
PAGES = tuple(
    Page(path=f"{_RECORD}/{end}", view=view, authentication=_HOLDER, acts=(read_synthesis,))
    for end, view in (("ma-sante", summary), ("resultats", results), ("traitements", treatments))
)
