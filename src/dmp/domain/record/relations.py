"""Relations others have with a record, each with its dates.

A relation ends when it is said to end: nothing is deleted, so that what was true yesterday can be told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.capacity import Capacity
from dmp.domain.record.grouped import Grouped


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """What holds from `start`, included, to `end`, excluded; without `end` until further notice.

    Raises Refused: RELATION_ENDS_BEFORE_START.
    """

    start: datetime
    end: datetime | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise Refused(Reason.RELATION_ENDS_BEFORE_START)

    def in_force(self, at: datetime) -> bool:
        """Whether it holds at that instant."""
        return self.start <= at and (self.end is None or at < self.end)

    def end_at(self, at: datetime) -> datetime:
        """When it ends if it is ended at that instant: never before it began, never later than it would."""
        earliest = max(self.start, at)
        return earliest if self.end is None else min(self.end, earliest)


class Basis(StrEnum):
    """How a consent was expressed. Never silence.

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
class Consent(Dated):
    """The holder's consent to the access of a professional, or of a structure's care team.

    `grantee_id` is a PS_IdNat, or a Struct_IdNat when `to_team`. `collected_by` is the caller's id
    that recorded it. It is given for one capacity; a team is one of care. `told_of_restrictions`
    says that the holder was told how to restrict the access (CSP L1111-17 IV and V). `secret`
    marks what was agreed in a minor's secret session. It always has an end.
    """

    end: datetime
    grantee_id: str
    grantee_name: str
    to_team: bool
    basis: Basis
    collected_by: str
    collected_by_name: str = ""
    capacity: Capacity = Capacity.CARE
    told_of_restrictions: bool = False
    secret: bool = False

    def concerns(self, person_id: str, structure_id: str, capacity: Capacity) -> bool:
        """Whether this professional, in this capacity, is whom it was given to."""
        if self.to_team:
            return capacity is Capacity.CARE and self.grantee_id == structure_id
        return self.grantee_id == person_id and self.capacity is capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendingDoctor(Dated):
    """The médecin traitant declared to the insurer. Source: CSS L162-5-3; CSP L1111-16."""

    person_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration(Dated):
    """A professional to whom the holder gives the attending doctor's rights. Source: CSP R1111-54."""

    person_id: str
    name: str


class RepresentationKind(StrEnum):
    """By which right somebody exercises the holder's."""

    PARENT = "parent"  # parental authority, until majority
    GUARDIAN = "guardian"  # a judge's decision, with representation relating to the person


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation(Dated):
    """Somebody who exercises the holder's rights. `proof` names the decision of the judge.

    Source: CSP R1111-40; code civil 371-1, 459.
    """

    matricule: str
    name: str
    kind: RepresentationKind = RepresentationKind.PARENT
    proof: str = ""


class CarerLevel(StrEnum):
    """What the holder lets a carer do."""

    SEE = "see"
    HELP = "help"  # see and add
    MANAGE = "manage"  # everything but sharing, contact details, closing, downloading all


class Invitation(StrEnum):
    """What became of an invitation. Source: Mon espace santé (PENDING, ACCEPTED, REFUSED, EXPIRED)."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caring(Dated):
    """A carer (proche aidant), from the invitation on. Its end date is always set.

    The invited person is known by birth name, first given name and birth date, and answers with the
    code of which `code_digest` is the SHA-256; `matricule` is known once accepted. `answer_by` ends
    the invitation.
    """

    end: datetime
    caring_id: UUID
    level: CarerLevel
    birth_name: str
    first_given_name: str
    birth_date: date
    code_digest: str
    answer_by: datetime
    invitation: Invitation = Invitation.PENDING
    matricule: str = ""
    name: str = ""

    def invitation_at(self, at: datetime) -> Invitation:
        """What became of the invitation by that instant."""
        if self.invitation is Invitation.PENDING and at >= self.answer_by:
            return Invitation.EXPIRED
        return self.invitation

    def is_carer(self, matricule: str, at: datetime) -> bool:
        """Whether this person is the carer at that instant."""
        return (
            self.invitation is Invitation.ACCEPTED
            and self.matricule == matricule
            and self.in_force(at)
        )


class Shared(StrEnum):
    """What a one-time code lets its bearer read."""

    SUMMARY = "summary"  # the facts of what professionals may see, no document
    DOCUMENTS = "documents"  # these documents, chosen by name
    CATEGORY = "category"  # what professionals may see of one category
    EVERYTHING = "everything"  # what professionals may see


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(Dated):
    """A short sharing by a one-time code, with whoever bears it. It always has an end, a week later at most.

    `given_to` is who it is for, in the giver's words. `code_digest` is the SHA-256 of the code, which the
    first opening uses up; from then on `reader_digest`, that of what this one browser holds, opens it. `by` is
    the caller's id of the giver; `by_holder` tells that he is the holder himself.
    """

    end: datetime
    share_id: UUID
    given_to: str
    shared: Shared
    code_digest: str
    by: str
    by_holder: bool
    documents: tuple[UUID, ...] = ()
    category: str = ""
    reader_digest: str = ""
    opened_at: datetime | None = None

    def is_read_by(self, reader_digest: str, at: datetime) -> bool:
        """Whether whoever holds this is its reader at that instant."""
        return (
            bool(self.reader_digest) and self.reader_digest == reader_digest and self.in_force(at)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations(Grouped):
    """Everybody's relation with one record."""

    consents: tuple[Consent, ...] = ()
    attending_doctor: AttendingDoctor | None = None
    administrators: tuple[Administration, ...] = ()
    representatives: tuple[Representation, ...] = ()
    carers: tuple[Caring, ...] = ()
    shares: tuple[Share, ...] = ()

    def consents_to(self, person_id: str, structure_id: str) -> tuple[Consent, ...]:
        """The consents given to this professional, or to the team of this structure, past ones too."""
        by_grantee = self._grouped(self.consents, _grantee)
        return by_grantee.get(person_id, ()) + by_grantee.get(structure_id, ())

    def is_attending_doctor(self, person_id: str, at: datetime) -> bool:
        """Whether this professional is the declared attending doctor."""
        doctor = self.attending_doctor
        return doctor is not None and doctor.person_id == person_id and doctor.in_force(at)

    def is_administrator(self, person_id: str, at: datetime) -> bool:
        """Whether the holder gave this professional the attending doctor's rights."""
        return any(a.person_id == person_id and a.in_force(at) for a in self.administrators)

    def carer(self, matricule: str, at: datetime) -> Caring | None:
        """The relation of this carer at that instant, or None."""
        return next((c for c in self.carers if c.is_carer(matricule, at)), None)

    def share(self, share_id: UUID) -> Share | None:
        """The sharing with this identifier, past or present, or None."""
        return next((one for one in self.shares if one.share_id == share_id), None)

    def with_share(self, share: Share) -> Relations:
        """The relations with this sharing, in place of what it was before."""
        others = tuple(one for one in self.shares if one.share_id != share.share_id)
        return replace(self, shares=(*others, share))

    def with_consent(self, consent: Consent) -> Relations:
        """The relations with this consent, in place of an earlier one to the same grantee."""
        same = (consent.grantee_id, consent.to_team, consent.capacity)
        kept = tuple(c for c in self.consents if (c.grantee_id, c.to_team, c.capacity) != same)
        return replace(self, consents=(*kept, consent))

    def ended_for(self, grantee_id: str, at: datetime) -> Relations:
        """The relations with every consent of this grantee, and his administration, ended then."""
        return replace(
            self,
            consents=tuple(
                replace(c, end=c.end_at(at)) if c.grantee_id == grantee_id else c
                for c in self.consents
            ),
            administrators=tuple(
                replace(a, end=a.end_at(at)) if a.person_id == grantee_id else a
                for a in self.administrators
            ),
        )


def _grantee(consent: Consent) -> str:
    return consent.grantee_id
