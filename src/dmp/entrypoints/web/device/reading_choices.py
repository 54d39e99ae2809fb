"""What the settings of reading offer, and which of them are in force."""

from __future__ import annotations

from dmp.domain.clinical.results.analytes import ANALYTES
from dmp.domain.clinical.synthesis import AlertClass
from dmp.domain.identity.reader_settings import MAY_BE_QUIET, MOST_FAVOURITES, Density
from dmp.entrypoints.web.visit import Visit

_DENSITIES = {
    Density.USUAL: ("Selon l’écran", "Serré sur un petit écran, aéré sur un grand."),
    Density.DENSE: ("Dense", "Lettres de 13 et 14 pixels : tout tient sans défiler."),
    Density.ROOMY: ("Confort", "Lettres de 15 et 16 pixels : un petit écran défile."),
}


def choices(visit: Visit) -> dict[str, object]:
    """What the form of the settings offers, and what is in force."""
    state = visit.live.state
    density = Density.DENSE if state.dense else Density.ROOMY if state.roomy else Density.USUAL
    sent = visit.form.texts("favoris")
    return {
        "densities": [(one.value, *_DENSITIES[one]) for one in Density],
        "density": density.value,
        "shortcuts": state.shortcuts,
        "analytes": ANALYTES,
        "favourites": sent or state.favourites,
        "most": MOST_FAVOURITES,
        "classes": [(kind, AlertClass[kind.upper()].value) for kind in MAY_BE_QUIET],
        "quiet": state.quiet,
    }
