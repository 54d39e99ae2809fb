"""The form by which a professional says how he wants his pages: kept on the server, in force at once."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.login.reader_settings import KeepSettings, keep_settings
from dmp.acts.login.unlocking import read_unlocking
from dmp.domain.clinical.results.analytes import ANALYTES
from dmp.domain.identity.reader_settings import (
    MAY_BE_QUIET,
    MOST_FAVOURITES,
    Density,
    ReaderSettings,
)
from dmp.entrypoints.web.device import locking
from dmp.entrypoints.web.login.reading import in_force
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

_SETTINGS = "/pro/parametres"


async def keep(visit: Visit) -> Response:
    """Keep what the form says."""
    form = visit.form
    known = {analyte.key for analyte in ANALYTES}
    asked = tuple(dict.fromkeys(key for key in form.texts("favoris") if key in known))
    if len(asked) > MOST_FAVOURITES:
        said = translate("Choisissez {number} analyses au plus.", number=MOST_FAVOURITES)
        return await locking.settings_page(visit, {"favoris": said})
    settings = ReaderSettings(
        density=next((one for one in Density if one == form.text("densite")), Density.USUAL),
        shortcuts=form.checked("raccourcis"),
        favourites=asked,
        quiet=tuple(kind for kind in MAY_BE_QUIET if kind in form.texts("discretes")),
    )
    in_force(visit.live.state, await visit.do(keep_settings, KeepSettings(settings=settings)))
    visit.live.changed = True
    visit.notice("Vos réglages sont enregistrés. Ils vous suivent sur tous vos postes.")
    return visit.go_to(_SETTINGS)


PAGES = (
    Page(
        path=_SETTINGS + "/lecture",
        view=keep,
        authentication=Authentication.READER,
        method="POST",
        acts=(keep_settings, read_unlocking),
    ),
)
