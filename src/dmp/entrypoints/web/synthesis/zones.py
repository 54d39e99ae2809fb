"""The zones of the page: how much each holds, and for whom it is there at all.

A zone whose documents the matrix keeps from a profession is absent from its page, not hidden in it.

Source: ux rules of the project §2.2 and §2.5; habilitation matrix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dmp.domain.access.matrix import Matrix
from dmp.domain.identity.caller import Coordinator, Professional, Who

PHARMACIST, NURSES, EYE = "21", ("60", "69"), ("28", "91")
"""Professions of TRE_G15; EYE are opticians and orthoptists."""

OPHTHALMOLOGY = "SM38"


class Zone(StrEnum):
    """One zone; its value is its anchor in the page."""

    ALLERGIES = "allergies"
    ALERTS = "alertes"
    CRITICAL = "critiques"
    PROBLEMS = "problemes"
    TREATMENTS = "traitements"
    RESULTS = "biologie"
    RENAL = "rein-poids"
    VITALS = "constantes"
    STAYS = "sejours"
    IMAGING = "imagerie"
    VACCINATIONS = "vaccins"
    NEWS = "nouveau"
    DUE = "prevention"
    PRESCRIPTIONS = "prescriptions"
    REPORTS = "transmissions"
    OPTICAL = "optique"
    SIGHT = "vue"
    DIRECTIVES = "directives"
    PERSONS = "proches"
    BLOOD = "groupe"


ROOM: dict[Zone, int] = {
    Zone.ALERTS: 3,
    Zone.PROBLEMS: 8,
    Zone.TREATMENTS: 10,
    Zone.CRITICAL: 10,
    Zone.RESULTS: 8,
    Zone.RENAL: 4,
    Zone.VITALS: 6,
    Zone.STAYS: 3,
    Zone.IMAGING: 2,
    Zone.VACCINATIONS: 4,
    Zone.NEWS: 5,
    Zone.DUE: 3,
    Zone.PRESCRIPTIONS: 5,
    Zone.REPORTS: 3,
    Zone.OPTICAL: 5,
    Zone.SIGHT: 3,
}
"""How many lines a zone holds."""

_LABORATORY = frozenset({"11502-2"})
_PRESCRIPTIONS = frozenset({"57833-6", "57828-6", "REMB"})
_SUMMARIES = frozenset({"60591-5"})
_PROFILE = frozenset({"DOCPAT08"})
FED_BY: dict[Zone, frozenset[str]] = {
    Zone.CRITICAL: _PRESCRIPTIONS | _SUMMARIES,
    Zone.PROBLEMS: _SUMMARIES,
    Zone.TREATMENTS: _PRESCRIPTIONS | _SUMMARIES,
    Zone.RESULTS: _LABORATORY,
    Zone.RENAL: _LABORATORY,
    Zone.VITALS: frozenset({"29274-8"}),
    Zone.STAYS: frozenset({"11490-0", "34112-3", "15507-7", "REMB"}),
    Zone.IMAGING: frozenset({"18748-4", "REMB"}),
    Zone.VACCINATIONS: frozenset({"87273-9", "11369-6", "REMB"}),
    Zone.DUE: frozenset({"87273-9", "11369-6"}),
    Zone.PRESCRIPTIONS: frozenset({"57833-6", "57828-6", "57832-8", "PRESC-INF"}),
    Zone.REPORTS: frozenset({"11506-3", "11488-4"}),
    Zone.OPTICAL: frozenset({"57828-6", "57833-6"}),
    Zone.SIGHT: frozenset({"11506-3", "11488-4", "78513-9"}),
    Zone.DIRECTIVES: frozenset({"EXPPAT_3"}),
    Zone.PERSONS: _PROFILE,
    Zone.BLOOD: _PROFILE,
}
"""Types of document that make a zone; a zone that is not named stands on every page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """Which zones a reader meets, in which order: first those over the whole width, then by column.

    `is_single` is one column in large letters, without figures above the fold.
    """

    name: str
    top: tuple[Zone, ...]
    columns: tuple[tuple[Zone, ...], ...]
    is_single: bool = False

    @property
    def zones(self) -> frozenset[Zone]:
        """Every zone of the page."""
        return frozenset(self.top).union(*self.columns)


DOCTOR = Variant(
    name="doctor",
    top=(Zone.ALERTS,),
    columns=(
        (Zone.PROBLEMS, Zone.STAYS, Zone.IMAGING),
        (Zone.TREATMENTS, Zone.NEWS),
        (Zone.RESULTS, Zone.DUE),
    ),
)
OPHTHALMOLOGIST = Variant(
    name="ophthalmologist",
    top=(Zone.ALERTS,),
    columns=(
        (Zone.OPTICAL, Zone.PROBLEMS),
        (Zone.TREATMENTS, Zone.IMAGING),
        (Zone.RESULTS, Zone.NEWS),
    ),
)
SAMU = Variant(
    name="samu",
    top=(),
    columns=(
        (
            Zone.ALLERGIES,
            Zone.CRITICAL,
            Zone.PROBLEMS,
            Zone.DIRECTIVES,
            Zone.PERSONS,
            Zone.BLOOD,
            Zone.ALERTS,
            Zone.STAYS,
            Zone.TREATMENTS,
            Zone.RESULTS,
        ),
    ),
    is_single=True,
)
DISPENSING = Variant(
    name="pharmacist",
    top=(),
    columns=(
        (Zone.TREATMENTS, Zone.PROBLEMS),
        (Zone.ALERTS, Zone.RENAL, Zone.VACCINATIONS, Zone.NEWS),
    ),
)
NURSING = Variant(
    name="nurse",
    top=(Zone.ALERTS,),
    columns=(
        (Zone.PRESCRIPTIONS, Zone.PROBLEMS),
        (Zone.TREATMENTS, Zone.NEWS),
        (Zone.VITALS, Zone.REPORTS, Zone.VACCINATIONS),
    ),
)
OPTICS = Variant(name="optics", top=(), columns=((Zone.OPTICAL,), (Zone.SIGHT,)))


def variant_for(who: Who, matrix: Matrix, *, in_emergency: bool) -> Variant:
    """The page of a reader: by what he does, cut to what the matrix lets his profession consult."""
    permitted = matrix.types_for(matrix.line_of(who))
    return _cut(_variant_of(who, in_emergency=in_emergency), permitted)


def _variant_of(who: Who, *, in_emergency: bool) -> Variant:
    if isinstance(who, Coordinator):
        return DOCTOR
    if not isinstance(who, Professional):
        return DOCTOR
    if in_emergency:
        return SAMU
    match who.profession.code:
        case code if code == PHARMACIST:
            return DISPENSING
        case code if code in NURSES:
            return NURSING
        case code if code in EYE:
            return OPTICS
    if who.know_how is not None and who.know_how.code == OPHTHALMOLOGY:
        return OPHTHALMOLOGIST
    return DOCTOR


def _cut(variant: Variant, permitted: frozenset[str]) -> Variant:
    def kept(zones: Iterable[Zone]) -> tuple[Zone, ...]:
        return tuple(
            zone for zone in zones if zone not in FED_BY or not FED_BY[zone].isdisjoint(permitted)
        )

    columns = tuple(column for column in map(kept, variant.columns) if column)
    return Variant(
        name=variant.name, top=kept(variant.top), columns=columns, is_single=variant.is_single
    )
