"""Measures: one curve for what the holder measures and what laboratories do, with its table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from starlette.responses import Response

from dmp.acts.person.change_profile import change_profile
from dmp.acts.person.profile import read_profile
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.clinical.facts import Result
from dmp.domain.clinical.results.analytes import ANALYTES, analyte_of
from dmp.domain.clinical.synthesis import Series, Synthesis
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.declared.changes import PutLine, RemoveLine, mark_of
from dmp.domain.record.declared.measures import SCALES, Measure, Measured, Scale, in_order, indexes
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.profile import Profile
from dmp.entrypoints.web.declaring.fields import Field, Kind, faulty, typed, values, written
from dmp.entrypoints.web.declaring.visiting import (
    CHANGED_MEANWHILE,
    birth_of,
    kept,
    may_choose,
    may_write,
    medical,
    reader_of,
    tried,
)
from dmp.entrypoints.web.figures import curve
from dmp.entrypoints.web.headers import disposition
from dmp.entrypoints.web.holder.own_record import record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.synthesis.own_proofs import own_proofs
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import NBSP, figures_day, local, measure, printed_unit, today
from dmp.locale import sentence, translate

PERIODS = {"mois": ("Un mois", 31), "semestre": ("Six mois", 183), "annee": ("Un an", 366)}
"""Which days are shown, besides all of them."""
CHILD_YEARS = 18
TITLES = {Measured.BLOOD_PRESSURE: "Tension artérielle"}
_ON = Field(
    name="date", attribute="on", label="Date", kind=Kind.WHOLE_DAY, required=True,
    missing="Écrivez la date de la mesure.",
)  # fmt: skip
_AT = Field(
    name="heure", attribute="at", label="Heure", kind=Kind.HOUR, help="Par exemple 08:30."
)  # fmt: skip


def kind_of(visit: Visit) -> Measured:
    """What the address is about. Raises Refused: ADDRESS_UNKNOWN."""
    try:
        return Measured(visit.part("kind"))
    except ValueError:
        raise Refused(Reason.ADDRESS_UNKNOWN) from None


def title_of(what: Measured) -> str:
    """What it is called."""
    return sentence(TITLES.get(what, SCALES[what].label))


def offered(visit: Visit) -> tuple[Measured, ...]:
    """What is offered to be measured: the head only of children."""
    now = today(visit.now)
    birth = birth_of(visit)
    age = now.year - birth.year - ((now.month, now.day) < (birth.month, birth.day))
    return tuple(
        what for what, scale in SCALES.items() if not scale.children_only or age < CHILD_YEARS
    )


def bounds(scale: Scale) -> str:
    """What is possible, in words."""
    return translate(
        "Une valeur de {low} à {high} {unit} est possible.",
        low=measure(scale.lowest),
        high=measure(scale.highest),
        unit=scale.unit,
    )


def fields_of(what: Measured) -> tuple[Field, ...]:
    """The form of a measure: one value, or two of a blood pressure, and when."""
    scale = SCALES[what]
    wrong = translate("{bounds} Vérifiez le nombre et l’unité.", bounds=bounds(scale))
    first = Field(
        name="valeur",
        attribute="value",
        label=scale.label,
        kind=Kind.NUMBER,
        help=_in_unit(scale),
        required=True,
        missing="Écrivez la valeur.",
        impossible=wrong,
    )
    if scale.second is None:
        return first, _ON, _AT
    second = Field(
        name="minimale",
        attribute="second",
        label=scale.second.label,
        kind=Kind.NUMBER,
        help=_in_unit(scale.second),
        required=True,
        missing="Écrivez aussi la minimale : le second nombre de l’appareil.",
        impossible=translate(
            "{bounds} Vérifiez le nombre et l’unité.", bounds=bounds(scale.second)
        ),
    )
    return first, second, _ON, _AT


def _in_unit(scale: Scale) -> str:
    return translate("En {unit}. {bounds}", unit=scale.unit, bounds=bounds(scale))


def declared_of(profile: Profile, what: Measured, visit: Visit) -> tuple[Measure, ...]:
    """The measures of one kind, oldest first; the index is computed from the others."""
    if what is Measured.BMI:
        return indexes(profile.measures, birth_of(visit))
    return in_order([one for one in profile.measures if one.what is what])


def series_of_kind(what: Measured, synthesis: Synthesis) -> tuple[Series, ...]:
    """What the synthesis knows of it, one's own measures and those of documents together."""
    scale = SCALES[what]
    wanted = [scale, *([scale.second] if scale.second is not None else [])]
    return tuple(one for part in wanted for one in synthesis.series if _is_of(part, one.last))


def _is_of(scale: Scale, result: Result) -> bool:
    """Whether a value is of a scale: the same code, or another code of the same analyte."""
    if result.code is None:
        found = analyte_of(result)
        return found is not None and scale.code in found.loinc
    if result.code.code == scale.code:
        return True
    return any({scale.code, result.code.code} <= one.loinc for one in ANALYTES)


async def overview(visit: Visit) -> Response:
    """Everything that can be measured, with its last value."""
    profile = await kept(visit)
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_of(visit)))
    shown = [
        (title_of(what), f"{medical(visit)}/mesures/{what.value}", _last(what, synthesis), what)
        for what in offered(visit)
    ]
    return visit.render(
        "declaring/measures.html",
        "Mesures",
        record_id=record_of(visit),
        contents=medical(visit),
        path=f"{medical(visit)}/{Section.MEASURES.value}",
        shown=shown,
        is_shared=profile.is_shared(Section.MEASURES),
        writes=may_write(visit),
        chooses=may_choose(visit),
        growth=f"{medical(visit)}/croissance" if Measured.HEAD in offered(visit) else "",
    )


def _last(what: Measured, synthesis: Synthesis) -> str:
    found = series_of_kind(what, synthesis)
    if not found:
        return ""
    last = max(one.last.at for one in found)
    parts = [measure(one.last.value) for one in found if one.last.value is not None]
    unit = printed_unit(found[0].last.unit)
    return translate(
        "{value} {unit}, le {day}", value="/".join(parts[:2]), unit=unit, day=figures_day(last)
    )


async def one(visit: Visit) -> Response:
    """The curve of one thing, its table, and one's own measures to change."""
    what = kind_of(visit)
    profile = await kept(visit)
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_of(visit)))
    period = visit.asked("periode")
    found = [_within(series, period, visit) for series in series_of_kind(what, synthesis)]
    own = declared_of(profile, what, visit)
    path = f"{medical(visit)}/mesures/{what.value}"
    return visit.render(
        "declaring/measure.html",
        title_of(what),
        record_id=record_of(visit),
        measures=f"{medical(visit)}/mesures",
        path=path,
        what=what.value,
        scale=SCALES[what],
        series=[series for series in found if series is not None],
        own=[(_written(line), reader_of(visit, line.said), line.line_id) for line in reversed(own)],
        periods=PERIODS,
        period=period if period in PERIODS else "",
        proofs=own_proofs(visit, f"profil-medical/mesures/{what.value}"),
        is_computed=SCALES[what].computed,
        writes=may_write(visit),
    )


def _within(series: Series, period: str, visit: Visit) -> Series | None:
    """The part of a series in the period that is asked for; None where nothing is in it."""
    if period not in PERIODS:
        return series
    since = visit.now - timedelta(days=PERIODS[period][1])
    points = tuple(point for point in series.points if point.at >= since)
    return replace(series, points=points) if points else None


def _written(one: Measure) -> str:
    """`12/03/2026 08:30 : 128/76 mmHg`."""
    scale = SCALES[one.what]
    value = measure(one.value) + (f"/{measure(one.second)}" if one.second is not None else "")
    hour = f" {one.at:%H:%M}" if one.at is not None else ""
    return f"{figures_day(one.on)}{hour}{NBSP}: {value}{NBSP}{scale.unit}"


async def table(visit: Visit) -> Response:
    """The same values as a file that a spreadsheet opens."""
    what = kind_of(visit)
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_of(visit)))
    written_table = io.StringIO()
    writer = csv.writer(written_table, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Mesure", "Date", "Valeur", "Unité", "Provenance"])
    for series in series_of_kind(what, synthesis):
        for point in series.points:
            if point.value is not None:
                writer.writerow(_row(series.label, point))
    return Response(
        ("\ufeff" + written_table.getvalue()).encode("utf-8"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition("attachment", f"{what.value}.csv")},
    )


def _row(label: str, point: Result) -> Sequence[str]:
    declared = curve.is_declared(point)
    value = "" if point.value is None else measure(point.value).replace(NBSP, "")
    said = "déclaré par le patient" if declared else "document"
    # A label comes from a document: a spreadsheet must not take it for a formula.
    plain = f"'{label}" if label[:1] in "=+-@" else label
    return (plain, f"{local(point.at):%Y-%m-%d}", value.replace("−", "-"), point.unit, said)


async def add(visit: Visit) -> Response:
    """Add a measure of today, or of another day."""
    what = _entered(visit)
    fields = fields_of(what)
    if visit.request.method == "GET":
        return _page(visit, what, {"date": today(visit.now).isoformat()}, {})
    texts = typed(fields, visit.form)
    found, errors = values(fields, texts)
    if errors:
        return _page(visit, what, texts, errors)
    change = PutLine(section=Section.MEASURES, line=Measure(what=what, **found))
    outcome = await tried(visit, await kept(visit), change)
    if not outcome.is_done:
        return _page(visit, what, texts, faulty(fields, outcome.faults))
    visit.notice("La mesure est ajoutée.")
    return visit.go_to(f"{medical(visit)}/mesures/{what.value}")


async def edit(visit: Visit) -> Response:
    """Change a measure of one's own, or take it away."""
    what = _entered(visit)
    fields = fields_of(what)
    profile = await kept(visit)
    line = _line(visit, profile)
    if visit.request.method == "GET":
        if line is None:
            raise Refused(Reason.ADDRESS_UNKNOWN)
        return _page(visit, what, written(fields, line), {}, line)
    seen = visit.form.text("vu")
    path = f"{medical(visit)}/mesures/{what.value}"
    texts = typed(fields, visit.form)
    change: PutLine | RemoveLine
    if visit.form.text("retirer") == "oui":
        change = RemoveLine(section=Section.MEASURES, line_id=_line_id(visit), seen=seen)
    else:
        found, errors = values(fields, texts)
        if errors:
            return _page(visit, what, texts, errors, line, seen=seen)
        entered = Measure(what=what, line_id=_line_id(visit), **found)
        change = PutLine(section=Section.MEASURES, line=entered, seen=seen)
    outcome = await tried(visit, profile, change)
    if outcome.now is not None:
        return _page(visit, what, texts, {}, _line(visit, outcome.now), meanwhile=True)
    if outcome.faults:
        errors = faulty(fields, outcome.faults)
        return _page(visit, what, texts, errors, line, seen=seen)
    visit.notice("La mesure est retirée." if isinstance(change, RemoveLine) else "C’est modifié.")
    return visit.go_to(path)


def _entered(visit: Visit) -> Measured:
    what = kind_of(visit)
    if SCALES[what].computed:
        raise Refused(Reason.ADDRESS_UNKNOWN)
    return what


def _line_id(visit: Visit) -> UUID:
    try:
        return UUID(visit.part("line"))
    except ValueError:
        raise Refused(Reason.ADDRESS_UNKNOWN) from None


def _line(visit: Visit, profile: Profile) -> Measure | None:
    wanted, what = _line_id(visit), kind_of(visit)
    found = (one for one in profile.measures if one.line_id == wanted and one.what is what)
    return next(found, None)


def _page(
    visit: Visit,
    what: Measured,
    texts: dict[str, str],
    errors: dict[str, str],
    line: Measure | None = None,
    *,
    seen: str = "",
    meanwhile: bool = False,
) -> Response:
    fields = fields_of(what)
    path = f"{medical(visit)}/mesures/{what.value}"
    return visit.render(
        "declaring/measure_form.html",
        translate("Ajouter : {what}", what=title_of(what))
        if line is None
        else translate("Modifier : {what}", what=title_of(what)),
        status=409 if meanwhile else 400 if errors else 200,
        record_id=record_of(visit),
        fields=fields,
        back=path,
        of=title_of(what),
        action=f"{path}/ajouter" if line is None else f"{path}/{line.line_id}",
        texts={field.name: texts.get(field.name, "") for field in fields},
        seen=(seen or mark_of(line)) if line is not None else "",
        stands=None if line is None else _written(line),
        meanwhile=meanwhile,
        errors={"": CHANGED_MEANWHILE} if meanwhile else errors,
    )


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/profil-medical/mesures"
_READ = (read_profile, read_synthesis)
PAGES = (
    Page(path=_PATH, view=overview, authentication=_HOLDER, acts=_READ),
    Page(path=_PATH + "/{kind}", view=one, authentication=_HOLDER, acts=_READ),
    Page(
        path=_PATH + "/{kind}/tableau", view=table, authentication=_HOLDER, acts=(read_synthesis,)
    ),
    *form_page(_PATH + "/{kind}/ajouter", add, _HOLDER, read_profile, change_profile),
    *form_page(_PATH + "/{kind}/{line}", edit, _HOLDER, read_profile, change_profile),
)
