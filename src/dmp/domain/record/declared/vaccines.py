"""What people are vaccinated against: the words of a carnet, each with the ATC code that the calendar knows.

Source: calendrier des vaccinations 2025; ATC J07.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Against(StrEnum):
    """A vaccine by what it is against; its value is the word of forms."""

    DTP = "dtp"
    DTP_PERTUSSIS = "dtp-coqueluche"
    HEXAVALENT = "hexavalent"
    MMR = "ror"
    PNEUMOCOCCUS = "pneumocoque"
    MENINGOCOCCUS_B = "meningocoque-b"
    MENINGOCOCCUS_ACWY = "meningocoque-acwy"
    MENINGOCOCCUS_C = "meningocoque-c"
    ROTAVIRUS = "rotavirus"
    PAPILLOMAVIRUS = "papillomavirus"
    HEPATITIS_B = "hepatite-b"
    HEPATITIS_A = "hepatite-a"
    FLU = "grippe"
    COVID = "covid-19"
    SHINGLES = "zona"
    CHICKENPOX = "varicelle"
    RSV = "vrs"
    TUBERCULOSIS = "bcg"
    YELLOW_FEVER = "fievre-jaune"
    TYPHOID = "typhoide"
    RABIES = "rage"
    OTHER = "autre"


VACCINES: Final[dict[Against, tuple[str, str]]] = {
    Against.DTP: ("Diphtérie, tétanos, polio", "J07CA01"),
    Against.DTP_PERTUSSIS: ("Diphtérie, tétanos, polio, coqueluche", "J07CA02"),
    Against.HEXAVALENT: ("Hexavalent du nourrisson", "J07CA09"),
    Against.MMR: ("Rougeole, oreillons, rubéole", "J07BD52"),
    Against.PNEUMOCOCCUS: ("Pneumocoque", "J07AL"),
    Against.MENINGOCOCCUS_B: ("Méningocoque B", "J07AH09"),
    Against.MENINGOCOCCUS_ACWY: ("Méningocoques A, C, W, Y", "J07AH08"),
    Against.MENINGOCOCCUS_C: ("Méningocoque C", "J07AH07"),
    Against.ROTAVIRUS: ("Rotavirus", "J07BH"),
    Against.PAPILLOMAVIRUS: ("Papillomavirus (HPV)", "J07BM"),
    Against.HEPATITIS_B: ("Hépatite B", "J07BC01"),
    Against.HEPATITIS_A: ("Hépatite A", "J07BC02"),
    Against.FLU: ("Grippe", "J07BB"),
    Against.COVID: ("Covid-19", "J07BN"),
    Against.SHINGLES: ("Zona", "J07BK03"),
    Against.CHICKENPOX: ("Varicelle", "J07BK01"),
    Against.RSV: ("Virus respiratoire syncytial", "J07BX05"),
    Against.TUBERCULOSIS: ("Tuberculose (BCG)", "J07AN01"),
    Against.YELLOW_FEVER: ("Fièvre jaune", "J07BL01"),
    Against.TYPHOID: ("Typhoïde", "J07AP"),
    Against.RABIES: ("Rage", "J07BG"),
    Against.OTHER: ("Autre vaccin", ""),
}
"""The words for each, and its ATC code or the beginning of one."""
