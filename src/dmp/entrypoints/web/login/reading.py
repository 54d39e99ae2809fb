"""How a professional wants his pages, put into force when he comes in: it stands in the session then."""

from __future__ import annotations

from dmp.acts.login.reader_settings import ReadSettings, read_settings
from dmp.domain.identity.caller import Coordinator, Professional
from dmp.domain.identity.reader_settings import Density, ReaderSettings
from dmp.entrypoints.web.login.sessions import SessionState
from dmp.entrypoints.web.visit import Visit


async def bring_settings(visit: Visit) -> None:
    """Put the settings of whoever logs in into force."""
    if isinstance(visit.caller.who, Professional | Coordinator):
        in_force(visit.live.state, await visit.do(read_settings, ReadSettings()))


def in_force(state: SessionState, settings: ReaderSettings) -> None:
    """From now on, in this session."""
    state.dense = settings.density is Density.DENSE
    state.roomy = settings.density is Density.ROOMY
    state.shortcuts = settings.shortcuts
    state.favourites = settings.favourites
    state.quiet = settings.quiet
