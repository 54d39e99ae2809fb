"""What stands on the page: the synthesis cut to the room of each zone, and to what is looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar

from dmp.domain.clinical.coding import kind_of
from dmp.domain.clinical.facts import Device, Imaging, Performed, Problem, Stay, Vaccination
from dmp.domain.clinical.results.analytes import analyte_of
from dmp.domain.clinical.results.series import STALE
from dmp.domain.clinical.results.vital_signs import VITAL_SIGNS, WEIGHT
from dmp.domain.clinical.supply.critical_devices import is_critical_device
from dmp.domain.clinical.synthesis import (
    Alert,
    AlertClass,
    Due,
    News,
    Pregnancy,
    Series,
    Synthesis,
    Treatment,
    Trend,
)
from dmp.domain.clinical.topics import Lens
from dmp.entrypoints.web.figures.period import Period, months_back
from dmp.entrypoints.web.figures.timeline import Days, overlaps
from dmp.entrypoints.web.synthesis.zones import ROOM, Variant, Zone
from dmp.entrypoints.web.wording import today

T = TypeVar("T")

TIMELINE_MONTHS = 6
TIMELINE_WIDTH = 170
WHOLE_MONTHS = 24
WHOLE_WIDTH = 600
KIDNEY = ("62238-1", "33914-3", "48642-3", "14682-9", "2160-0", "38483-4")
MOST_LINES = 18
"""Lines that the first column has room for on a laptop."""
_THESAURUS = "ANSM"
_EVERYDAY = frozenset({"nabm", "ngap"})
_BY_REDUNDANCY = (AlertClass.DUPLICATE, AlertClass.CONTRAINDICATION, AlertClass.INTERACTION)


@dataclass(frozen=True)
class Sheet:
    """One page about one person for one reader.

    `lens` narrows treatments, results, stays and imaging, and lights up problems; never allergies nor alerts.
    `favourites` are the analytes (`clinical.results.analytes`) that its reader wants to see before the others,
    `quiet` the classes of alerts that he leaves to the page of all alerts, by their name in lower case.
    """

    synthesis: Synthesis
    variant: Variant
    lens: Lens | None = None
    favourites: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()

    @property
    def today(self) -> date:
        """The local day of the synthesis."""
        return today(self.synthesis.at)

    def cut(self, zone: Zone, found: Sequence[T]) -> tuple[T, ...]:
        """What has room in a zone."""
        return tuple(found[: ROOM[zone]])

    @cached_property
    def ranked_alerts(self) -> tuple[Alert, ...]:
        """Every alert, as this reader needs them: a pharmacist sees what is doubled first."""
        alerts = self.synthesis.alerts
        if self.quiet:
            alerts = tuple(sorted(alerts, key=self._is_quiet))
        if self.variant.name != "pharmacist":
            return alerts
        order = {kind: rank for rank, kind in enumerate(_BY_REDUNDANCY)}
        return tuple(sorted(alerts, key=lambda one: order.get(one.alert_class, len(order))))

    @cached_property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts to see now."""
        now = [one for one in self.ranked_alerts if not (one.side or self._is_quiet(one))]
        return self.cut(Zone.ALERTS, now)

    def _is_quiet(self, alert: Alert) -> bool:
        return alert.alert_class.name.lower() in self.quiet

    @cached_property
    def columns(self) -> tuple[tuple[Zone, ...], ...]:
        """The zones by column. Where problems and stays fill the first one, imaging stands under the results:
        all of it is in sight at 1366 by 768.
        """
        first, *others = self.variant.columns or ((),)
        if Zone.IMAGING not in first or not others or self._lines_of_first <= MOST_LINES:
            return self.variant.columns
        kept = tuple(zone for zone in first if zone is not Zone.IMAGING)
        results, *after = others[-1]
        return kept, *others[:-1], (results, Zone.IMAGING, *after)

    @property
    def _lines_of_first(self) -> int:
        """About how many lines the first column has: two for a problem, three for what has a sentence."""
        with_sentence = len(self.cut(Zone.STAYS, self.stays)) + len(
            self.cut(Zone.IMAGING, self.imaging)
        )
        return 2 * len(self.cut(Zone.PROBLEMS, self.problems)) + 3 * with_sentence

    @property
    def interactions_edition(self) -> str:
        """The edition of the thesaurus of interactions, as it is cited; empty when none is loaded."""
        return next((one for one in self.synthesis.editions if _THESAURUS in one), "")

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Active problems that are looked at; all of them stay reachable."""
        return self.synthesis.problems

    def pregnancy_of(self, problem: Problem) -> Pregnancy | None:
        """How far a pregnancy is, of the problem that states it."""
        found = self.synthesis.pregnancy
        return found if found is not None and found.stated is problem else None

    @cached_property
    def treatments(self) -> tuple[Treatment, ...]:
        """Treatments of the last six months, critical ones first."""
        since = self.period.start
        return tuple(
            one
            for one in self.all_treatments
            if one.is_current
            or any(supply.on + timedelta(days=supply.days) > since for supply in one.supplies)
        )

    @cached_property
    def all_treatments(self) -> tuple[Treatment, ...]:
        """Every treatment that is looked at."""
        lens = self.lens
        found = self.synthesis.treatments
        return found if lens is None else tuple(filter(lens.shows_treatment, found))

    @cached_property
    def critical(self) -> tuple[Treatment, ...]:
        """Current treatments of the critical classes."""
        return tuple(one for one in self.synthesis.treatments if one.critical and one.is_current)

    @cached_property
    def critical_devices(self) -> tuple[Device, ...]:
        """What is in the body or keeps alive, each once, the newest first: boxes of lancets would hide it."""
        once = {one.label: one for one in reversed(self.devices) if is_critical_device(one)}
        return self.cut(Zone.CRITICAL, tuple(reversed(once.values())))

    @cached_property
    def devices(self) -> tuple[Device, ...]:
        """Every device, newest first, those that matter most before the others."""
        return tuple(sorted(self.synthesis.devices, key=lambda one: not is_critical_device(one)))

    @cached_property
    def acts(self) -> tuple[Performed, ...]:
        """Every act, newest first, procedures before analyses and consultations, which are many."""
        return tuple(
            sorted(self.synthesis.performed, key=lambda one: kind_of(one.code) in _EVERYDAY)
        )

    def paid_since(self, shown: Sequence[Series]) -> tuple[tuple[date, tuple[Series, ...]], ...]:
        """Analytes that were tested again after their last value here, by the day of the test, newest first."""
        found: dict[date, list[Series]] = {}
        for one in shown:
            if one.paid_since is not None:
                found.setdefault(one.paid_since.on, []).append(one)
        return tuple((on, tuple(found[on])) for on in sorted(found, reverse=True))

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """Analytes that are looked at: out of range before the others, then those that the reader chose."""
        lens = self.lens
        found = self.synthesis.series
        if lens is not None:
            found = tuple(filter(lens.shows_series, found))
        return tuple(sorted(found, key=self._rank)) if self.favourites else found

    @cached_property
    def _recent(self) -> datetime:
        return max(one.last.at for one in self.synthesis.series) - STALE

    def _rank(self, series: Series) -> int:
        if series.trend in (Trend.HIGH, Trend.LOW) and series.last.at >= self._recent:
            return -1
        analyte = analyte_of(series.last)
        known = self.favourites
        return known.index(analyte.key) if analyte and analyte.key in known else len(known)

    @cached_property
    def kidney_and_weight(self) -> tuple[Series, ...]:
        """What a dose depends on."""
        return _picked(self.synthesis.series, (*KIDNEY, *WEIGHT))

    @cached_property
    def vital_signs(self) -> tuple[Series, ...]:
        """Weight, blood pressure, heart rate and the like."""
        return _picked(self.synthesis.series, VITAL_SIGNS)

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """Stays that are looked at, newest first."""
        lens = self.lens
        found = self.synthesis.stays
        return found if lens is None else tuple(filter(lens.shows_stay, found))

    @cached_property
    def imaging(self) -> tuple[Imaging, ...]:
        """Imaging exams that are looked at, newest first."""
        lens = self.lens
        found = self.synthesis.imaging
        return found if lens is None else tuple(filter(lens.shows_imaging, found))

    @property
    def vaccinations(self) -> tuple[Vaccination, ...]:
        """Vaccinations, newest first."""
        return self.synthesis.vaccinations

    @property
    def due(self) -> tuple[Due, ...]:
        """What is due."""
        return self.synthesis.due

    @property
    def news(self) -> tuple[News, ...]:
        """Documents added since the last access."""
        return self.synthesis.news

    @cached_property
    def by_key(self) -> Mapping[str, Treatment]:
        """Treatments by their key, and by those of their products."""
        found = {one.key: one for one in self.synthesis.treatments}
        for one in self.synthesis.treatments:
            for key in one.medicine_keys:
                found.setdefault(key, one)
        return found

    def doubled(self, treatment: Treatment) -> tuple[Days, ...]:
        """Days on which another of its class was there as well."""
        found = self._doubled.get(treatment.key)
        if found is None:
            found = self._doubled[treatment.key] = overlaps(treatment, self.by_key)
        return found

    @cached_property
    def _doubled(self) -> dict[str, tuple[Days, ...]]:
        return {}

    @cached_property
    def period(self) -> Period:
        """The months of the small timeline."""
        start = months_back(self.today, TIMELINE_MONTHS)
        return Period(start=start, end=self.today, width=TIMELINE_WIDTH)

    @cached_property
    def whole_period(self) -> Period:
        """The months of the page of treatments."""
        start = months_back(self.today, WHOLE_MONTHS)
        return Period(start=start, end=self.today, width=WHOLE_WIDTH)


def _picked(series: Sequence[Series], codes: Sequence[str]) -> tuple[Series, ...]:
    by_code = {one.code: one for one in series}
    return tuple(by_code[code] for code in codes if code in by_code)


def problem_mark(secret: bytes, reference: str, problem: Problem) -> str:
    """What names a problem in an address: it says nothing of the problem to whoever reads the log."""
    word = problem.code.token if problem.code is not None else problem.label
    digest = hashlib.blake2s(f"{reference}|{word}".encode(), key=secret[:32], digest_size=6)
    return digest.hexdigest()
