"""Keep how a professional wants his pages, and read it when he comes in.

Who: a professional or a coordination professional in person, his own alone.

Source: ux rules of the project §7.3, settings of the professional.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.clinical.results.analytes import ANALYTES
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Strength
from dmp.domain.identity.reader_settings import (
    MAY_BE_QUIET,
    MOST_FAVOURITES,
    SETTINGS_ID,
    USUAL_SETTINGS,
    ReaderSettings,
)

_KNOWN = frozenset(analyte.key for analyte in ANALYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSettings:
    """Those of whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepSettings:
    """In place of the ones before."""

    settings: ReaderSettings


async def _read(_: ReadSettings, work: Work) -> ReaderSettings:
    _in_person(work)
    return await work.own_slips.one(work.caller.id, ReaderSettings, SETTINGS_ID) or USUAL_SETTINGS


async def _keep(request: KeepSettings, work: Work) -> ReaderSettings:
    _in_person(work)
    settings = request.settings
    favourites = settings.favourites
    if len(set(favourites)) != len(favourites) or len(favourites) > MOST_FAVOURITES:
        raise Refused(Reason.PARAMETER_INVALID, parameter="favourites", detail="too many or twice")
    if not _KNOWN.issuperset(favourites):
        raise Refused(Reason.PARAMETER_INVALID, parameter="favourites", detail="no such analyte")
    if not set(MAY_BE_QUIET).issuperset(settings.quiet):
        raise Refused(Reason.PARAMETER_INVALID, parameter="quiet", detail="no class of alerts")
    await work.own_slips.one(work.caller.id, ReaderSettings, SETTINGS_ID)
    work.own_slips.keep(work.caller.id, settings)
    return settings


def _in_person(work: Work) -> None:
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)


read_settings = Act(
    name="read-settings",
    actions=always(Action.KEEP_SETTINGS),
    target=lambda _: OfNothing(),
    run=_read,
    reads=True,
)

keep_settings = Act(
    name="keep-settings",
    actions=always(Action.KEEP_SETTINGS),
    target=lambda _: OfNothing(),
    run=_keep,
)
