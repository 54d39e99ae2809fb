"""Who asks, as the command line names it: a person of the demo by key, or a caller described."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.cli.terminal import CannotDo
from dmp.domain.access.matrix import professions
from dmp.domain.codes import TRE_R01_KNOW_HOW, Code
from dmp.domain.identifiers import Ins, PersonId, Rpps, StructureId
from dmp.domain.identity.caller import (
    Caller,
    Door,
    Professional,
    Purpose,
    Strength,
    StructureRef,
    StructureSystem,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A caller as options describe it: a key of the demo, or a professional, or a structure alone.

    `rpps` is 11 digits or a whole PS_IdNat; `structure` a Struct_IdNat; `profession` a code of TRE_G15.
    """

    key: str = ""
    place: int = 0
    representing: bool = False
    rpps: str = ""
    name: str = ""
    profession: str = ""
    know_how: str = ""
    structure: str = ""
    structure_name: str = ""
    sector: str = ""
    purpose: str = ""
    reason: str = ""
    software: str = ""


def caller_named(key: str) -> Caller:
    """The person of the demo with this key, acting from the command line. Raises CannotDo."""
    return caller_from(Described(key=key), test_mode=True, door=Door.CLI)


def person_named(key: str) -> Ins:
    """The INS of the inhabitant of the demo with this key. Raises CannotDo."""
    from dmp.remote.simulated.directory import UnknownKey, person_of

    try:
        return person_of(key).ins
    except UnknownKey:
        raise CannotDo(
            f"{key} is neither a matricule nor the key of a person of the demo."
        ) from None


def caller_from(described: Described, *, test_mode: bool, door: Door = Door.FHIR) -> Caller:
    """The caller that is described.

    Raises:
        CannotDo: nobody is described, or two at once.
        Refused: an identifier is malformed.
    """
    purpose = _purpose(described.purpose)
    explicit = bool(described.rpps or described.structure)
    if bool(described.key) == explicit:
        raise CannotDo(
            "say who asks: a key of the demo (dmp token --list shows them), "
            "or --rpps with --profession and --structure, or --structure alone for a software."
        )
    if described.key:
        return _of_the_demo(described, purpose, door)
    return _explicit(described, purpose, test_mode=test_mode, door=door)


def _of_the_demo(described: Described, purpose: Purpose, door: Door) -> Caller:
    from dmp.remote.simulated.directory import UnknownKey, caller_of

    try:
        caller = caller_of(
            described.key,
            place=described.place,
            representing=described.representing,
            purpose=purpose,
            purpose_reason=described.reason,
            door=door,
        )
    except UnknownKey:
        raise CannotDo(
            f"nobody in the demo has the key {described.key}; dmp token --list shows the keys."
        ) from None
    return replace(caller, software=described.software)


def _purpose(text: str) -> Purpose:
    by_name = {p.value: p for p in Purpose} | {p.name.lower().replace("_", "-"): p for p in Purpose}
    found = by_name.get(text.strip().lower() or "normal")
    if found is None:
        raise CannotDo("--purpose is normal, break-glass or regulation.")
    return found


def _explicit(described: Described, purpose: Purpose, *, test_mode: bool, door: Door) -> Caller:
    if not described.structure:
        raise CannotDo("--structure is needed: the Struct_IdNat of the place of work.")
    structure = StructureRef(
        id_nat=StructureId.parse(described.structure).value,
        name=described.structure_name or f"Structure {described.structure}",
        sector=described.sector,
    )
    if not described.rpps:
        return Caller(
            who=StructureSystem(structure=structure),
            strength=Strength.STRUCTURE,
            door=door,
            means="jwt:iua",
            software=described.software,
        )
    know_how = described.know_how or _USUAL_KNOW_HOW.get(described.profession, "")
    profession = professions().get(described.profession)
    if profession is None:
        known = ", ".join(professions())
        raise CannotDo(f"--profession is a code of TRE_G15 in the matrix: {known}.")
    who = Professional(
        id_nat=_person(described.rpps, test_mode=test_mode),
        name=described.name or f"PS {described.rpps}",
        profession=profession.code,
        structure=structure,
        know_how=Code(know_how, TRE_R01_KNOW_HOW) if know_how else None,
        may_regulate=purpose is Purpose.REGULATION,
    )
    return Caller(
        who=who,
        strength=Strength.INDIVIDUAL,
        door=door,
        means="jwt:iua",
        purpose=purpose,
        purpose_reason=described.reason,
        software=described.software,
    )


_USUAL_KNOW_HOW = {"10": "SM54"}
"""What a doctor who tells no know-how is taken for: a token must say one."""


def _person(text: str, *, test_mode: bool) -> str:
    if len(text) == 11:
        return Rpps.parse(text, test_mode=test_mode).id_nat
    return PersonId.parse(text, test_mode=test_mode).value
