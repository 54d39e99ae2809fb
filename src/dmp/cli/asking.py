"""Who asks, as the command line names it: a person of the demo by key, or a caller described."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.cli.terminal import CannotDo
from dmp.domain.access.matrix import professions, roles
from dmp.domain.codes import TRE_R01_KNOW_HOW, Code
from dmp.domain.identifiers import Ins, PersonId, Rpps, StructureId
from dmp.domain.identity.caller import (
    Caller,
    Carer,
    Coordinator,
    Door,
    Holder,
    Insurer,
    Motive,
    Professional,
    Purpose,
    Secretary,
    Strength,
    StructureRef,
    StructureSystem,
    SupportOfficer,
    Who,
)
from dmp.domain.identity.capacity import Capacity, capacity_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A caller as options describe it: a key of the demo, or a professional, or a structure alone.

    `rpps` is 11 digits or a whole PS_IdNat; `structure` a Struct_IdNat; `profession` a code of TRE_G15;
    `role` a line of the matrix (`R85:330`); `support` the name of somebody of the support. `caring`: a person
    of the demo helps others.
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
    motive: str = ""
    secret: bool = False
    capacity: str = ""
    role: str = ""
    secretary: bool = False
    insurer: bool = False
    support: str = ""
    caring: bool = False


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
    explicit = bool(described.rpps or described.structure)
    if [bool(described.key), explicit, bool(described.support)].count(True) != 1:
        raise CannotDo(
            "say who asks: a key of the demo (dmp token --list shows them), "
            "or --rpps with --profession or --role or --secretary and --structure, "
            "or --structure alone for a software (--insurer for the feed), or --support."
        )
    if described.key:
        caller = _of_the_demo(described, door)
    else:
        caller = Caller(
            who=_explicit(described, test_mode=test_mode),
            strength=Strength.INDIVIDUAL,
            door=door,
            means="jwt:iua",
        )
        if isinstance(caller.who, StructureSystem | Insurer):
            caller = replace(caller, strength=Strength.STRUCTURE)
    return _in_this_mode(caller, described)


def _in_this_mode(caller: Caller, described: Described) -> Caller:
    """The caller with what the options say of why and how he comes."""
    purpose, motive = _purpose(described.purpose), _motive(described.motive)
    who = caller.who
    if motive is not None and purpose is Purpose.NORMAL:
        raise CannotDo("--motive is of an emergency; say --purpose break-glass or regulation.")
    if not isinstance(who, Professional):
        if described.capacity or described.secret:
            raise CannotDo("--capacity and --secret are of health professionals.")
    elif described.capacity:
        who = replace(who, stated_capacity=_capacity(described.capacity, who.structure.sector))
    return replace(
        caller,
        who=who,
        purpose=purpose,
        purpose_reason=described.reason,
        motive=motive,
        secret=described.secret,
        software=described.software,
    )


def _of_the_demo(described: Described, door: Door) -> Caller:
    from dmp.remote.simulated.directory import UnknownKey, caller_of

    try:
        caller = caller_of(
            described.key,
            place=described.place,
            representing=described.representing,
            door=door,
        )
    except UnknownKey:
        raise CannotDo(
            f"nobody in the demo has the key {described.key}; dmp token --list shows the keys."
        ) from None
    if not described.caring:
        return caller
    if not isinstance(caller.who, Holder):
        raise CannotDo("--caring is of an inhabitant who acts for somebody else, not for himself.")
    return replace(caller, who=Carer(ins=caller.who.ins, name=caller.who.name))


def _purpose(text: str) -> Purpose:
    by_name = {p.value: p for p in Purpose} | {p.name.lower().replace("_", "-"): p for p in Purpose}
    found = by_name.get(text.strip().lower() or "normal")
    if found is None:
        raise CannotDo("--purpose is normal, break-glass or regulation.")
    return found


def _motive(text: str) -> Motive | None:
    if not text:
        return None
    try:
        return Motive(text)
    except ValueError:
        raise CannotDo(f"--motive is one of {', '.join(Motive)}.") from None


def _capacity(text: str, sector: str) -> Capacity:
    try:
        capacity = Capacity(text)
    except ValueError:
        raise CannotDo(f"--capacity is one of {', '.join(Capacity)}.") from None
    if capacity_of(sector) not in (Capacity.CARE, capacity):
        raise CannotDo(f"--capacity contradicts the sector {sector} of the place of work.")
    return capacity


def _explicit(described: Described, *, test_mode: bool) -> Who:
    if described.support:
        return SupportOfficer(id=described.support, name=described.name or described.support)
    if not described.structure:
        raise CannotDo("--structure is needed: the Struct_IdNat of the place of work.")
    structure = StructureRef(
        id_nat=StructureId.parse(described.structure).value,
        name=described.structure_name or f"Structure {described.structure}",
        sector=described.sector,
    )
    if not described.rpps:
        if described.secretary or described.role:
            raise CannotDo("--rpps is needed: the number, or the whole PS_IdNat, of the person.")
        return (
            Insurer(structure=structure)
            if described.insurer
            else StructureSystem(structure=structure)
        )
    id_nat = _person(described.rpps, test_mode=test_mode)
    name = described.name or f"PS {described.rpps}"
    if [bool(described.role), described.secretary, described.insurer].count(True) > 1:
        raise CannotDo("--role, --secretary and --insurer exclude each other.")
    if described.secretary:
        return Secretary(id_nat=id_nat, name=name, structure=structure)
    if described.role:
        role = roles().get(described.role)
        if role is None:
            raise CannotDo(f"--role is one of {', '.join(roles())}.")
        return Coordinator(id_nat=id_nat, name=name, role=role.code, structure=structure)
    return _professional(described, id_nat, name, structure)


def _professional(
    described: Described, id_nat: str, name: str, structure: StructureRef
) -> Professional:
    if described.insurer:
        raise CannotDo("--insurer is a feed without a person; leave --rpps out.")
    profession = professions().get(described.profession)
    if profession is None:
        known = ", ".join(professions())
        raise CannotDo(f"--profession is a code of TRE_G15 in the matrix: {known}.")
    know_how = described.know_how or _USUAL_KNOW_HOW.get(described.profession, "")
    return Professional(
        id_nat=id_nat,
        name=name,
        profession=profession.code,
        structure=structure,
        know_how=Code(know_how, TRE_R01_KNOW_HOW) if know_how else None,
        may_regulate=_purpose(described.purpose) is Purpose.REGULATION,
    )


_USUAL_KNOW_HOW = {"10": "SM54"}
"""What a doctor who tells no know-how is taken for: a token must say one."""


def _person(text: str, *, test_mode: bool) -> str:
    if len(text) == 11:
        return Rpps.parse(text, test_mode=test_mode).id_nat
    return PersonId.parse(text, test_mode=test_mode).value
