"""From the claims of a verified token to the caller it speaks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from dmp.domain.access.matrix import roles
from dmp.domain.codes import TRE_G15_PROFESSION, Code
from dmp.domain.identity.caller import (
    Caller,
    Carer,
    Coordinator,
    DeskAgent,
    Door,
    Holder,
    Insurer,
    Motive,
    Operator,
    Professional,
    Purpose,
    Representative,
    Secretary,
    Strength,
    StructureSystem,
    SupportOfficer,
    Who,
)
from dmp.domain.identity.capacity import Capacity, capacity_of
from dmp.domain.value_sets import PROFESSION, value_set
from dmp.formats.iua import vocabulary as known
from dmp.formats.iua.claims import (
    Claims,
    choice,
    codings,
    flag,
    ins,
    invalid,
    mapping,
    person,
    required,
    structure,
    text,
)


def caller_of(claims: Mapping[str, Any], *, test_mode: bool) -> Caller:
    """Who a verified token speaks for.

    Args:
        claims: the claims of a token whose signature, issuer, audience and dates are verified.
        test_mode: whether identities of the test roots are taken.

    Raises:
        Refused: TOKEN_INVALID, with the name of the claim and never its value.
    """
    extensions = mapping(claims, "extensions")
    iua, own = mapping(extensions, "ihe_iua"), mapping(extensions, "dmp")
    for name in own:
        if name not in _OWN:
            raise invalid(f"extensions.dmp: {name[:40]} is not known here")
    codes = codings(iua, "subject_role")
    who = _who(claims, iua, own, codes, test_mode)
    nobody = isinstance(who, StructureSystem | Insurer)
    individual = not nobody and text(claims, "acr") in known.INDIVIDUAL
    purpose = _purpose(iua)
    return Caller(
        who=who,
        strength=Strength.INDIVIDUAL if individual else Strength.STRUCTURE,
        door=Door.FHIR,
        means=known.MEANS,
        purpose=purpose,
        purpose_reason=text(own, "purpose_reason"),
        purpose_since=None if purpose is Purpose.NORMAL else _issued(claims),
        motive=_motive(own, purpose),
        secret=_secret(own, who),
        software=text(claims, "client_id"),
    )


_OWN: Final = frozenset(
    {
        "purpose_reason", "motive", "secret", "capacity", "may_regulate", "sector", "responsible",
    }
)  # fmt: skip
"""What our own extension may say."""


def _who(claims: Claims, iua: Claims, own: Claims, codes: list[Code], test_mode: bool) -> Who:
    kinds = [code for code in codes if code.system in known.DECIDING]
    if len(kinds) != 1:
        raise invalid("subject_role says no kind of caller, or two")
    kind, name = kinds[0], text(iua, "subject_name")
    if kind.system == TRE_G15_PROFESSION:
        return _professional(iua, own, codes, kind, test_mode)
    if "capacity" in own:
        raise invalid("capacity is of professionals only")
    if kind.system in known.ROLES_OF_COORDINATION:
        return _coordinator(iua, own, kind, test_mode)
    if kind == known.SECRETARY:
        return Secretary(
            id_nat=person(iua, test_mode=test_mode),
            name=required(iua, "subject_name"),
            structure=structure(iua, own),
        )
    if kind == known.SOFTWARE:
        return StructureSystem(structure=structure(iua, own), responsible=text(own, "responsible"))
    if kind == known.INSURER:
        return Insurer(structure=structure(iua, own))
    if kind in _PERSONS:
        return _PERSONS[kind](ins=ins(iua, test_mode=test_mode), name=name)
    subject = required(claims, "sub")
    if kind == known.DESK:
        return DeskAgent(id_nat=subject, name=name, structure=structure(iua, own))
    if kind == known.OPERATOR:
        return Operator(id=subject, name=name)
    if kind == known.SUPPORT:
        return SupportOfficer(id=subject, name=name)
    raise invalid("subject_role is not known here")


_PERSONS: Final[dict[Code, Callable[..., Holder | Representative | Carer]]] = {
    known.PATIENT: Holder,
    known.GUARDIAN: Representative,
    known.CARER: Carer,
}


def _professional(
    iua: Claims, own: Claims, codes: list[Code], profession: Code, test_mode: bool
) -> Professional:
    named = value_set(PROFESSION).find(profession.code, TRE_G15_PROFESSION)
    if named is None:
        raise invalid("subject_role: the profession is not in TRE_G15")
    know_how = next((code for code in codes if code.system in known.KNOW_HOWS), None)
    if know_how is None and profession.code in known.NEEDS_KNOW_HOW:
        raise invalid("subject_role: doctors and pharmacists tell their know-how (TRE_R01)")
    id_nat = person(iua, test_mode=test_mode)
    place = structure(iua, own)
    stated = choice(own, "capacity", Capacity)
    told = capacity_of(place.sector)
    if stated is not None and told not in (Capacity.CARE, stated):
        # Who works for an employer or an insurer does not become a carer by saying so.
        raise invalid("capacity contradicts sector")
    return Professional(
        id_nat=id_nat,
        name=required(iua, "subject_name"),
        profession=named,
        structure=place,
        know_how=know_how,
        may_regulate=own.get("may_regulate") is True,
        stated_capacity=stated,
    )


def _coordinator(iua: Claims, own: Claims, role: Code, test_mode: bool) -> Coordinator:
    line = roles().get(f"{known.ROLES_OF_COORDINATION[role.system]}:{role.code}")
    if line is None:
        raise invalid("subject_role: the role is not one that may consult (TRE_R85, TRE_R94)")
    return Coordinator(
        id_nat=person(iua, test_mode=test_mode),
        name=required(iua, "subject_name"),
        role=line.code,
        structure=structure(iua, own),
    )


def _purpose(iua: Claims) -> Purpose:
    codes = codings(iua, "purpose_of_use")
    if not codes:
        return Purpose.NORMAL
    purposes = {known.PURPOSES.get((code.system, code.code)) for code in codes}
    purpose = purposes.pop()
    if purposes or purpose is None:
        raise invalid("purpose_of_use is not known here, or there are two")
    return purpose


def _issued(claims: Claims) -> datetime:
    """When the emergency was stated: with the token. Without that it would never end."""
    at = claims.get("iat")
    if isinstance(at, bool) or not isinstance(at, int | float):
        raise invalid("iat is missing, and the purpose is an emergency")
    try:
        return datetime.fromtimestamp(at, UTC)
    except (ValueError, OverflowError, OSError):
        raise invalid("iat is no instant") from None


def _motive(own: Claims, purpose: Purpose) -> Motive | None:
    motive = choice(own, "motive", Motive)
    if motive is not None and purpose is Purpose.NORMAL:
        raise invalid("motive is of an emergency, and purpose_of_use says none")
    return motive


def _secret(own: Claims, who: Who) -> bool:
    secret = flag(own, "secret")
    if secret and not isinstance(who, Professional):
        raise invalid("secret is of professionals only")
    return secret
