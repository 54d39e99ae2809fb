"""In which capacity a professional works in a place: the law opens a record differently to each.

Source: CSP L1111-16 (coordinating doctor), L1111-17 IV and V (occupational and fire-service doctors),
L1111-18 (PMI doctors; nobody else, even with the person's agreement); sectors of TRE_R02.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache


class Capacity(StrEnum):
    """What a professional is to the person in this place of work."""

    CARE = "care"
    CARE_HOME_COORDINATION = "care-home-coordination"  # médecin coordonnateur d'EHPAD
    OCCUPATIONAL = "occupational"  # médecin du travail
    FIRE_SERVICE = "fire-service"  # médecin de sapeurs-pompiers
    PMI = "pmi"  # médecin de protection maternelle et infantile
    BARRED = "barred"  # insurers, employers, industry: the law forbids every access


BY_SECTOR = {
    "SA13": Capacity.OCCUPATIONAL,  # prévention et soins en entreprise
    "SA15": Capacity.PMI,  # PMI et planification familiale
    "SA22": Capacity.BARRED,  # recherche
    "SA23": Capacity.BARRED,  # assurance privée
    "SA24": Capacity.BARRED,  # organisme de sécurité sociale
    "SA31": Capacity.BARRED,  # répartition et distribution de médicaments
    "SA32": Capacity.BARRED,  # fabrication de médicaments
}


@lru_cache(maxsize=256)
def capacity_of(sector: str, stated: Capacity | None = None) -> Capacity:
    """The capacity in a place of this sector (`SAxx`); `stated` tells what no sector says.

    A sector that the law bars stays barred whatever is stated.
    """
    known = BY_SECTOR.get(sector)
    if known is Capacity.BARRED:
        return known
    return stated or known or Capacity.CARE
