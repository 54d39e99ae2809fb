"""The codes that say in a token who somebody is and why he comes."""

from __future__ import annotations

from typing import Final

from dmp.domain.codes import (
    ACCESS_MODE,
    TRE_A00_AUTHOR_ROLE,
    TRE_G15_PROFESSION,
    TRE_R01_KNOW_HOW,
    TRE_R85_ROLE,
    TRE_R94_SOCIAL,
    Code,
)
from dmp.domain.identity.caller import Purpose
from dmp.formats.fhir.systems import OURS

MEANS: Final = "jwt:iua"
OUR_ROLES: Final = f"{OURS}:CodeSystem:role"
V3_ROLE_CLASS: Final = "2.16.840.1.113883.5.110"
V3_ACT_REASON: Final = "2.16.840.1.113883.5.8"

PATIENT: Final = Code("EXP_PATIENT", TRE_A00_AUTHOR_ROLE)
GUARDIAN: Final = Code("GUARD", V3_ROLE_CLASS)
CARER: Final = Code("CAREGIVER", V3_ROLE_CLASS)
SOFTWARE: Final = Code("AUTOMATE", TRE_A00_AUTHOR_ROLE)
SECRETARY: Final = Code("SECRETARIAT_MEDICAL", TRE_A00_AUTHOR_ROLE)
INSURER: Final = Code("ALIM_AM", TRE_A00_AUTHOR_ROLE)
DESK: Final = Code("agent-accueil", OUR_ROLES)
OPERATOR: Final = Code("exploitant", OUR_ROLES)
SUPPORT: Final = Code("assistance", OUR_ROLES)

ROLES_OF_COORDINATION: Final = {TRE_R85_ROLE: "R85", TRE_R94_SOCIAL: "R94"}
"""Systems of the roles of social and coordination professionals, and how the matrix names them."""
DECIDING: Final = frozenset(
    {
        TRE_G15_PROFESSION,
        TRE_A00_AUTHOR_ROLE,
        V3_ROLE_CLASS,
        OUR_ROLES,
        *ROLES_OF_COORDINATION,
    }
)
"""Systems of which one code, and one only, says what kind of caller it is."""
NEEDS_KNOW_HOW: Final = frozenset({"10", "21"})
"""Professions that must tell their know-how: doctors and pharmacists. Source: VIHF, subject role."""
KNOW_HOWS: Final = frozenset({TRE_R01_KNOW_HOW, "1.2.250.1.71.4.2.6"})
"""Systems of the know-how: TRE_R01, and for pharmacists the sections of their roll."""
INDIVIDUAL: Final = frozenset({"eidas1", "eidas2", "eidas3"})
"""Values of `acr` that prove a person; whatever else proves the structure alone."""

PURPOSES: Final[dict[tuple[str, str], Purpose]] = {
    (ACCESS_MODE, purpose.value): purpose for purpose in Purpose
} | {
    (V3_ACT_REASON, "TREAT"): Purpose.NORMAL,
    (V3_ACT_REASON, "BTG"): Purpose.BREAK_GLASS,
}
