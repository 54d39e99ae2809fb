"""Treatments over time: episodes made of deliveries and prescriptions, by substance.

A delivery lasts `boxes x units / daily dose` days where the posology is known, 30 days where it is not;
known supplies that overlap are used one after the other.

Source: BDPM (units of a box); Eur J Clin Pharmacol 2011, doi 10.1007/s00228-011-1025-4 (supply periods).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from operator import attrgetter, itemgetter
from typing import NamedTuple

from dmp.domain.clinical.coding import atc_of, each_asked_by, folded_label
from dmp.domain.clinical.facts import Agent, Dispensed, Prescribed, Provenance, Source
from dmp.domain.clinical.knowledge.medicines import Medicine, Medicines
from dmp.domain.clinical.same.gathering import in_order
from dmp.domain.clinical.supply.critical_classes import critical_class
from dmp.domain.clinical.supply.holding import (
    LISTED_DAYS,
    began_on,
    is_stopped,
    prescribed_until,
    said_on,
)
from dmp.domain.clinical.supply.posology import units_a_day
from dmp.domain.clinical.supply.routes import acts_locally
from dmp.domain.clinical.synthesis import Gap, Supply, Treatment
from dmp.domain.codes import Code

ASSUMED_DAYS = 30
GAP_DAYS = 7
"""Days without supply up to this many are no gap; a treatment is current so long after its last supply."""
MOST_DAYS = 366
"""A delivery that would last longer was read wrongly: it counts as assumed."""
_DAY = timedelta(days=1)
_LONGEST_WITHOUT = timedelta(days=GAP_DAYS + 1)
_NO_DAY, _NO_END = date.min, date.max
_new = tuple.__new__  # the constructor of a named tuple is a call of Python more for each
_DECLARED = Provenance.DECLARED  # a member costs a tenth of a microsecond each time it is named
_FAR = date.max - timedelta(days=LISTED_DAYS + MOST_DAYS)
"""No day of a supply: whatever is dated later was written wrongly, and counts as this one."""
_SPANS = tuple(timedelta(days=days) for days in range(MOST_DAYS + 1))
_BY_DAY_AND_LABEL = itemgetter(0, 1)
_BY_DAY_AND_PRESCRIBER = attrgetter("on", "label", "prescriber.id")


class Delivery(NamedTuple):
    """One delivery with its medicine and the first and last day that it covers."""

    fact: Dispensed
    medicine: Medicine | None
    start: date
    end: date
    assumed: bool

    @property
    def days(self) -> int:
        """Days covered."""
        return (self.end - self.start).days + 1


@dataclass(slots=True)
class Course:
    """Everything known of one treatment, before it is shown: deliveries oldest first, prescriptions."""

    key: str
    medicine: Medicine | None
    is_local: bool = False
    deliveries: list[Delivery] = field(default_factory=list)
    prescribed: list[Prescribed] = field(default_factory=list)
    dispensed: list[Dispensed] = field(default_factory=list)
    shown: Treatment | None = None

    @property
    def substances(self) -> tuple[str, ...]:
        """Normalised substances; empty when the medicine is not known."""
        return () if self.medicine is None else self.medicine.substances

    @property
    def treatment(self) -> Treatment:
        """What is shown of it."""
        assert self.shown is not None  # noqa: S101  # set by `courses` before anybody sees the course
        return self.shown


def courses(
    prescribed: Sequence[Prescribed],
    dispensed: Sequence[Dispensed],
    medicines: Medicines,
    today: date,
) -> list[Course]:
    """Every treatment, the current ones first, critical classes before the others, then the most recent."""
    found: dict[str, Course] = {}
    looked_up: dict[tuple[str, ...], tuple[Course, Medicine | None]] = {}

    def course_of(codes: tuple[Code, ...], label: str) -> tuple[Course, Medicine | None]:
        medicine = medicines.by_codes(codes, label)
        key, local = _key(medicine, codes, label)
        course = found.get(key)
        if course is None:
            course = found[key] = Course(key=key, medicine=medicine, is_local=local)
        return course, medicine

    products: dict[int, Medicine | None] = {}
    for fact, asked in zip(dispensed, each_asked_by(dispensed), strict=True):
        known = looked_up.get(asked)
        if known is None:
            known = looked_up[asked] = course_of(fact.codes, fact.label)
        course, products[id(fact)] = known
        course.dispensed.append(fact)
    for order, asked in zip(prescribed, each_asked_by(prescribed), strict=True):
        known = looked_up.get(asked)
        if known is None:
            known = looked_up[asked] = course_of(order.codes, order.label)
        known[0].prescribed.append(order)
    for course in found.values():
        _complete(course, products, medicines, today)
    return sorted(found.values(), key=_first_shown)


def _first_shown(course: Course) -> tuple[object, ...]:
    shown = course.treatment
    last = shown.supplies[-1].on if shown.supplies else (shown.start or date.min)
    return not shown.is_current, not shown.critical, -last.toordinal(), shown.key


def _key(medicine: Medicine | None, codes: Sequence[Code], label: str) -> tuple[str, bool]:
    """By substances, local and general use apart; else by ATC code, else by label."""
    if medicine is None:
        return atc_of(codes) or folded_label(label), False
    local = acts_locally(medicine)
    name = "+".join(sorted(set(medicine.substances))) or medicine.atc or medicine.key
    return (f"{name} (local)" if local else name), local


def _complete(
    course: Course, products: dict[int, Medicine | None], medicines: Medicines, today: date
) -> None:
    course.dispensed.sort(key=_BY_DAY_AND_PRESCRIBER)
    orders = [(order.start or began_on(order), order.label, order) for order in course.prescribed]
    orders.sort(key=_BY_DAY_AND_LABEL)
    course.prescribed = [order for _, _, order in orders]
    if len(orders) > 1:
        course.prescribed.sort(key=said_on)
    supplies = _supply(course, products, _Doses(orders) if course.dispensed else _NO_DOSE)
    if course.deliveries:
        course.medicine = course.deliveries[-1].medicine or course.medicine
    course.shown = _shown(course, supplies, [began for began, _, _ in orders], medicines, today)


def _supply(course: Course, products: dict[int, Medicine | None], doses: _Doses) -> list[Supply]:
    """Puts its deliveries one after the other, each with the days that it covers; how they are shown."""
    covered = date.min
    supplies: list[Supply] = []
    for fact in course.dispensed:
        medicine = products[id(fact)]
        days, assumed = _days(fact, medicine, doses.of(fact) if doses.days else None)
        day = fact.on
        on = day if day < _FAR else _FAR
        start = on if assumed or covered < on else covered
        following = start + _SPANS[days]
        if following > covered:
            covered = following
        delivery = fact, medicine, start, following - _DAY, assumed
        course.deliveries.append(_new(Delivery, delivery))
        supplies.append(_new(Supply, (day, days, fact.boxes, assumed, fact.sources)))
    return supplies


def _days(fact: Dispensed, medicine: Medicine | None, dose: float | None) -> tuple[int, bool]:
    """Days that a delivery lasts, and whether they were assumed."""
    units = None if medicine is None else medicine.units
    if units is None or dose is None:
        return ASSUMED_DAYS, True
    lasts = fact.boxes * units / dose
    # What is no number compares with nothing.
    return (round(lasts), False) if 0.5 < lasts <= MOST_DAYS else (ASSUMED_DAYS, True)


class _Doses:
    """The daily doses of prescriptions that say one for certain, by the day of each, oldest first."""

    __slots__ = ("_doses", "days")

    def __init__(self, orders: Iterable[tuple[date, str, Prescribed]]) -> None:
        self.days: list[date] = []
        self._doses: list[float] = []
        for began, _, order in orders:
            if (
                order.dosage
                and (dose := units_a_day(order.dosage)) is not None
                and not _is_declared(order)
            ):
                self.days.append(began)
                self._doses.append(dose)

    def of(self, fact: Dispensed) -> float | None:
        """The dose of the prescription that was delivered, else of the last one before."""
        days = self.days
        on = fact.prescribed_on or fact.on
        own = bisect_left(days, on)
        if own < len(days) and days[own] == on:
            return self._doses[own]
        before = bisect_right(days, fact.on)
        return self._doses[before - 1] if before else None


_NO_DOSE = _Doses(())


def _is_current(course: Course, today: date) -> bool:
    if is_stopped(course.prescribed, course.dispensed, today):
        return False
    since = today - timedelta(days=GAP_DAYS)
    for _, _, start, end, _ in reversed(course.deliveries):
        if start <= today and since <= end:
            return True
    if not course.prescribed:
        return False
    last = course.prescribed[-1]
    delivered_since = course.deliveries and course.deliveries[-1].fact.on >= said_on(last)
    return not delivered_since and began_on(last) <= today <= prescribed_until(last)


def _shown(
    course: Course, supplies: list[Supply], began: list[date], medicines: Medicines, today: date
) -> Treatment:
    """`began`: the days of its prescriptions, the earliest first."""
    medicine, deliveries = course.medicine, course.deliveries
    atc = _atc(course)
    last_fact = deliveries[-1].fact if deliveries else None
    last_order = course.prescribed[-1] if course.prescribed else None
    said = _said(course, today)
    is_own = _is_declared(said) and not (
        deliveries and deliveries[-1].end >= today - timedelta(days=GAP_DAYS)
    )
    starts = [supply.on for supply in supplies[:1]] + began
    ends = [end for _, _, _, end, _ in deliveries] or [
        order.stop or prescribed_until(order) for order in course.prescribed
    ]
    return Treatment(
        key=course.key,
        label=_label(course, atc, medicines),
        name=_name(course),
        atc=atc,
        medicine_keys=tuple(
            dict.fromkeys([one.key for _, one, _, _, _ in deliveries if one is not None])
        )
        or ((medicine.key,) if medicine is not None else ()),
        dosage=said.dosage,
        prescriber=None if is_own else _prescriber(last_fact, last_order),
        supplies=tuple(supplies),
        gaps=gaps(deliveries),
        start=min([day for day in starts if day > _NO_DAY], default=None),
        end=max([day for day in ends if day < _NO_END], default=None),
        is_current=_is_current(course, today),
        critical="" if course.is_local else critical_class(atc, course.substances),
        sources=_sources(course, said.sources if is_own else ()),
    )


def _is_declared(order: Prescribed) -> bool:
    """Whether only the holder says that he takes it."""
    for source in order.sources:
        if source.provenance is not _DECLARED:
            return False
    return bool(order.sources)


def _said(course: Course, today: date) -> Prescribed:
    """Whose posology holds: the last one prescribed; what the holder says of it where nobody else does, or did
    not lately.
    """
    told = own = None
    for order in reversed(course.prescribed):
        if order.dosage and not _is_declared(order):
            told = order
            break
    for order in reversed(course.prescribed):
        # Nearly none is declared: the first source says it without a call.
        sources = order.sources
        if sources and sources[0].provenance is _DECLARED and order.dosage and _is_declared(order):
            own = order
            break
    if told is None or own is None:
        return told or own or _NO_ORDER
    is_supplied = bool(course.deliveries) and today <= course.deliveries[-1].end
    lasts = is_supplied or today <= prescribed_until(told)
    return told if lasts or prescribed_until(own) < today else own


_NO_ORDER = Prescribed(label="")


def _atc(course: Course) -> str:
    if course.medicine is not None and course.medicine.atc:
        return course.medicine.atc
    facts: Iterable[Dispensed | Prescribed] = (*course.dispensed, *course.prescribed)
    return next((atc for atc in (atc_of(fact.codes) for fact in facts) if atc), "")


def _label(course: Course, atc: str, medicines: Medicines) -> str:
    """In DCI: the French name of the ATC code, else the substances; else what the source says."""
    medicine = course.medicine
    name = (medicines.atc_label(atc) if len(atc) == 7 else "") or (
        ", ".join(medicine.substances) if medicine is not None else ""
    )
    if not name:
        return _name(course)
    return f"{name} (usage local)" if course.is_local else name


def _name(course: Course) -> str:
    if course.dispensed:
        return course.dispensed[-1].label
    return course.prescribed[-1].label if course.prescribed else course.key


def _prescriber(delivered: Dispensed | None, order: Prescribed | None) -> Agent | None:
    """Of the last delivery; with the name that the prescription gives where the delivery has none."""
    if order is not None and order.prescriber.display:
        if delivered is None or not delivered.prescriber.name:
            return order.prescriber
        if said_on(order) > delivered.on:
            return order.prescriber
    return delivered.prescriber if delivered is not None and delivered.prescriber.display else None


def _sources(course: Course, own: tuple[Source, ...]) -> tuple[Source, ...]:
    """All of them, what proves it today first: the words of the holder where it rests on them, the last
    delivery where what others wrote is a year older.
    """
    facts: Iterable[Dispensed | Prescribed] = (*course.dispensed, *course.prescribed)
    found = in_order(chain.from_iterable([fact.sources for fact in facts]))
    if (
        not own
        and found
        and course.dispensed
        and (course.dispensed[-1].on - found[0].on).days > LISTED_DAYS
    ):
        own = course.dispensed[-1].sources
    return (*own, *[source for source in found if source not in own]) if own else found


def gaps(deliveries: Sequence[Delivery]) -> tuple[Gap, ...]:
    """Spans of more than 7 days without supply, between deliveries oldest first."""
    found, covered = [], None
    for _, _, start, end, _ in deliveries:
        if covered is not None and start - covered > _LONGEST_WITHOUT:
            found.append(_new(Gap, (covered + _DAY, start - _DAY)))
        if covered is None or end > covered:
            covered = end
    return tuple(found)
