"""Visibility of a document: three restrictions beside the confidentiality `N`.

Source: JDV_J08 / JDV_J58; CSP R1111-49 (masking), R1111-53 (not yet visible to the patient).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from dmp.domain.errors import Reason, Refused


class Restriction(StrEnum):
    """A restriction code of TRE_A07."""

    MASKED = "MASQUE_PS"
    HIDDEN_FROM_PATIENT = "INVISIBLE_PATIENT"
    HIDDEN_FROM_REPRESENTATIVES = "INVISIBLE_REPRESENTANTS_LEGAUX"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """Which restrictions a document carries. `level` is the HL7 confidentiality: N, R or V."""

    masked: bool = False
    hidden_from_patient: bool = False
    hidden_from_representatives: bool = False
    level: str = "N"

    @classmethod
    def of(cls, restrictions: set[Restriction], level: str = "N") -> Visibility:
        """Visibility with exactly these restrictions. Raises Refused: VISIBILITY_CONFLICT."""
        return cls(
            masked=Restriction.MASKED in restrictions,
            hidden_from_patient=Restriction.HIDDEN_FROM_PATIENT in restrictions,
            hidden_from_representatives=Restriction.HIDDEN_FROM_REPRESENTATIVES in restrictions,
            level=level,
        ).checked()

    def checked(self) -> Visibility:
        """Self, if the combination is allowed.

        Masked and hidden from the patient exclude each other while the national parameter
        `cumul-invisible_patient-masque_ps` is off. Raises Refused: VISIBILITY_CONFLICT.
        """
        if self.masked and self.hidden_from_patient:
            raise Refused(Reason.VISIBILITY_CONFLICT, field="securityLabel")
        return self

    @property
    def restrictions(self) -> tuple[Restriction, ...]:
        """The restrictions carried, in the order of the value set."""
        return tuple(
            restriction
            for restriction, carried in (
                (Restriction.MASKED, self.masked),
                (Restriction.HIDDEN_FROM_PATIENT, self.hidden_from_patient),
                (Restriction.HIDDEN_FROM_REPRESENTATIVES, self.hidden_from_representatives),
            )
            if carried
        )

    def with_masked(self, masked: bool) -> Visibility:
        """The same visibility, masked to professionals or not. Raises Refused: VISIBILITY_CONFLICT."""
        return replace(self, masked=masked).checked()
