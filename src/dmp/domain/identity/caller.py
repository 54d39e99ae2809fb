"""Who asks: one caller with the proof of who it is, and for what purpose it asks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from dmp.domain.codes import Code
from dmp.domain.identifiers import Ins


class Strength(IntEnum):
    """How surely the caller is known. A reading professional needs INDIVIDUAL."""

    NONE = 0
    STRUCTURE = 1  # the structure's certificate: indirect authentication
    INDIVIDUAL = 2  # the person: CPS, e-CPS, reinforced indirect (AIR), FranceConnect-like


class Purpose(StrEnum):
    """Mode of access. Source: VIHF PurposeOfUse, code system 1.2.250.1.213.1.1.4.248."""

    NORMAL = "normal"
    BREAK_GLASS = "bris_de_glace"
    REGULATION = "centre_15"


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
    """A professional in one place of work.

    `id_nat` is the PS_IdNat; `profession` a code of TRE_G15; `know_how` of TRE_R01 (required for
    doctors and pharmacists); `may_regulate` tells a regulating doctor of SAMU.
    """

    id_nat: str
    name: str
    profession: Code
    structure: StructureRef
    know_how: Code | None = None
    may_regulate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureSystem:
    """A structure's software without a person: it deposits and never reads."""

    structure: StructureRef
    responsible: str = ""


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
class Anonymous:
    """Nobody known: only its refusal is traced."""


Who = (
    Holder
    | Representative
    | Professional
    | StructureSystem
    | DeskAgent
    | Operator
    | SystemJob
    | Anonymous
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, how it was proven, through which door and to what end.

    `means` names the authentication in words (e.g. "oidc:pro", "jwt:iua"). `software` names the
    calling software. `purpose_reason` is the text required by a break-glass access.
    """

    who: Who
    strength: Strength
    door: Door
    means: str = ""
    purpose: Purpose = Purpose.NORMAL
    purpose_reason: str = ""
    software: str = ""

    @property
    def id(self) -> str:
        """Stable identifier of the caller: PS_IdNat, Struct_IdNat, `ins:` and matricule, or a name."""
        match self.who:
            case Holder(ins=ins) | Representative(ins=ins):
                return f"ins:{ins.matricule}"
            case Professional(id_nat=id_nat) | DeskAgent(id_nat=id_nat):
                return id_nat
            case StructureSystem(structure=structure):
                return structure.id_nat
            case Operator(id=operator):
                return f"operator:{operator}"
            case SystemJob(name=name):
                return f"system:{name}"
            case _:
                return "anonymous"

    @property
    def structure(self) -> StructureRef | None:
        """The structure for which the caller acts, if any."""
        match self.who:
            case Professional(structure=structure) | StructureSystem(structure=structure):
                return structure
            case DeskAgent(structure=structure):
                return structure
            case _:
                return None


NOBODY = Caller(who=Anonymous(), strength=Strength.NONE, door=Door.WEB)
