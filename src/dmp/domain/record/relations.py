"""Relations others have with a record, each with its dates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class Basis(StrEnum):
    """How a consent was expressed, or what replaces it. Never silence.

    Source: CSP R1111-46; Conseil d'État, 15 October 2025, n° 490409.
    """

    ORAL = "oral"
    WRITTEN = "written"
    ELECTRONIC = "electronic"


class Authorisation(StrEnum):
    """Status of a professional's authorisation, as TD0.2 names it."""

    VALID = "VALIDE"
    EXPIRED = "EXPIRE"
    FORBIDDEN = "INTERDIT"
    NONE = "NON_EXISTE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The holder's consent to the access of a professional, or of a structure's care team.

    `grantee_id` is a PS_IdNat, or a Struct_IdNat when `to_team`. `start` included, `end` excluded.
    `collected_by` is the caller's id that recorded it.
    """

    grantee_id: str
    grantee_name: str
    to_team: bool
    basis: Basis
    collected_by: str
    start: datetime
    end: datetime

    def in_force(self, at: datetime) -> bool:
        """Whether the consent holds at that instant."""
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendingDoctor:
    """The médecin traitant declared to the insurer. Source: CSS L162-5-3; CSP L1111-16."""

    person_id: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """Somebody who exercises the holder's rights, with the period of that right."""

    matricule: str
    name: str
    start: datetime
    end: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether the right holds at that instant."""
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """Everybody's relation with one record."""

    consents: tuple[Consent, ...] = ()
    attending_doctor: AttendingDoctor | None = None
    administrators: tuple[
        str, ...
    ] = ()  # PS_IdNat given the attending doctor's rights by the holder
    representatives: tuple[Representation, ...] = ()

    def consent_for(self, person_id: str, structure_id: str, at: datetime) -> Consent | None:
        """The consent in force for this professional, personally or through the care team."""
        return next((c for c in self._concerning(person_id, structure_id) if c.in_force(at)), None)

    def had_consent(self, person_id: str, structure_id: str) -> bool:
        """Whether a consent, in force or past, concerns this professional."""
        return any(True for _ in self._concerning(person_id, structure_id))

    def _concerning(self, person_id: str, structure_id: str) -> list[Consent]:
        return [
            c
            for c in self.consents
            if (c.grantee_id == structure_id if c.to_team else c.grantee_id == person_id)
        ]

    def is_attending_doctor(self, person_id: str) -> bool:
        """Whether this professional is the declared attending doctor."""
        return self.attending_doctor is not None and self.attending_doctor.person_id == person_id

    def sees_everything(self, person_id: str) -> bool:
        """Attending doctor, or administrator named by the holder. Source: CSP L1111-16, R1111-54."""
        return self.is_attending_doctor(person_id) or person_id in self.administrators

    def represents(self, matricule: str, at: datetime) -> bool:
        """Whether the person with this matricule represents the holder at that instant."""
        return any(r.matricule == matricule and r.in_force(at) for r in self.representatives)

    def with_consent(self, consent: Consent) -> Relations:
        """The relations with this consent, in place of an earlier one to the same grantee."""
        kept = tuple(
            c
            for c in self.consents
            if (c.grantee_id, c.to_team) != (consent.grantee_id, consent.to_team)
        )
        return replace(self, consents=(*kept, consent))

    def ended_for(self, grantee_id: str, at: datetime) -> Relations:
        """The relations with every consent of this grantee ended at that instant."""
        return replace(
            self,
            consents=tuple(
                replace(c, end=min(c.end, at)) if c.grantee_id == grantee_id else c
                for c in self.consents
            ),
        )
