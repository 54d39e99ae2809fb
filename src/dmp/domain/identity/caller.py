"""Who asks: one caller with the proof of who it is, and for what purpose it asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from dmp.domain.codes import Code
from dmp.domain.identifiers import Ins
from dmp.domain.identity.capacity import Capacity, capacity_of


class Strength(IntEnum):
    """How surely the caller is known. A reading professional needs INDIVIDUAL."""

    NONE = 0
    STRUCTURE = 1  # indirect: the structure's certificate, or a one-time code that a holder gave
    INDIVIDUAL = 2  # the person: CPS, e-CPS, reinforced indirect (AIR), FranceConnect-like


class Purpose(StrEnum):
    """Mode of access. Source: VIHF PurposeOfUse, code system 1.2.250.1.213.1.1.4.248."""

    NORMAL = "normal"
    BREAK_GLASS = "bris_de_glace"
    REGULATION = "centre_15"


class Motive(StrEnum):
    """Why the glass is broken. OTHER needs its reason in words.

    Source: CSP L1111-17 I: immediate risk to health, person unable to express her will.
    """

    LIFE_AT_RISK = "pronostic-vital"
    CANNOT_EXPRESS_WILL = "hors-d-etat-d-exprimer-sa-volonte"
    OTHER = "autre"


class Door(StrEnum):
    """Through which door the caller came."""

    WEB = "web"
    FHIR = "fhir"
    XDS = "xds"
    CLI = "cli"
    FEED = "feed"
    JOB = "job"


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureRef:
    """A structure as it presents itself: national identifier, name, activity sector (`SAxx`)."""

    id_nat: str
    name: str
    sector: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The person whose record it is."""

    ins: Ins
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """Somebody who exercises the holder's rights: a parent or a judge-named guardian."""

    ins: Ins
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Professional:
    """A health professional in one place of work.

    `id_nat` is the PS_IdNat; `profession` a code of TRE_G15; `know_how` of TRE_R01 (required for
    doctors and pharmacists); `may_regulate` tells a regulating doctor of SAMU. `stated_capacity` says
    what the sector of the place does not.
    """

    id_nat: str
    name: str
    profession: Code
    structure: StructureRef
    know_how: Code | None = None
    may_regulate: bool = False
    stated_capacity: Capacity | None = None

    @property
    def capacity(self) -> Capacity:
        """In which capacity he works in this place."""
        return capacity_of(self.structure.sector, self.stated_capacity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinator:
    """A social or coordination professional, known by his role: a code of TRE_R85 or TRE_R94."""

    id_nat: str
    name: str
    role: Code
    structure: StructureRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Secretary:
    """A medical secretary under her structure: deposits for it, reads nothing."""

    id_nat: str
    name: str
    structure: StructureRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """Somebody whom the holder invited to help: a proche aidant."""

    ins: Ins
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureSystem:
    """A structure's software without a person: it deposits and never reads."""

    structure: StructureRef
    responsible: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurer:
    """The health insurance's feed (ALIM_AM): deposits reimbursements, reads nothing."""

    structure: StructureRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportOfficer:
    """Somebody of the support: administrative data only."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskAgent:
    """An agent of the health insurance at a desk: opens records, reads no health content."""

    id_nat: str
    name: str
    structure: StructureRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Somebody who operates the service: administrative data only."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemJob:
    """The house itself, doing what the law sets a date for."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBearer:
    """Whoever bears a one-time code of a holder: nobody proved him, the code alone lets him read.

    `share_id` is the sharing that the code opened; before that, whatever. `reader_digest` is the SHA-256 of
    what his browser holds since; `name` is who the code was given to, in the giver's words.
    """

    share_id: UUID
    reader_digest: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymous:
    """Nobody known: only its refusal is traced."""


Who = (
    Holder
    | Representative
    | Carer
    | Professional
    | Coordinator
    | Secretary
    | StructureSystem
    | Insurer
    | DeskAgent
    | SupportOfficer
    | Operator
    | SystemJob
    | CodeBearer
    | Anonymous
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, how it was proven, through which door and to what end.

    `means` names the authentication in words (e.g. "oidc:pro", "jwt:iua"). `software` names the
    calling software. `motive` and `purpose_reason` say why in an emergency, `purpose_since` when that
    was said. `secret` tells a minor's secret session (connexion secrète).
    """

    who: Who
    strength: Strength
    door: Door
    means: str = ""
    purpose: Purpose = Purpose.NORMAL
    purpose_reason: str = ""
    software: str = ""
    motive: Motive | None = None
    purpose_since: datetime | None = None
    secret: bool = False

    @property
    def id(self) -> str:
        """Stable identifier of the caller: PS_IdNat, Struct_IdNat, `ins:` and matricule, or a name."""
        match self.who:
            case Professional(id_nat=id_nat):
                return id_nat
            case Holder(ins=ins) | Representative(ins=ins) | Carer(ins=ins):
                return f"ins:{ins.matricule}"
            case Coordinator(id_nat=id_nat) | Secretary(id_nat=id_nat) | DeskAgent(id_nat=id_nat):
                return id_nat
            case StructureSystem(structure=structure) | Insurer(structure=structure):
                return structure.id_nat
            case SupportOfficer(id=officer):
                return f"support:{officer}"
            case Operator(id=operator):
                return f"operator:{operator}"
            case SystemJob(name=name):
                return f"system:{name}"
            case CodeBearer(share_id=share_id):
                return f"code:{share_id}"
            case _:
                return "anonymous"

    @property
    def structure(self) -> StructureRef | None:
        """The structure for which the caller acts, if any."""
        found: StructureRef | None = getattr(self.who, "structure", None)
        return found


NOBODY = Caller(who=Anonymous(), strength=Strength.NONE, door=Door.WEB)
