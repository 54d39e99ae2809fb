"""Access tokens in the form of IHE IUA: claims to caller, and back.

A professional is named by his national identifier, his profession (TRE_G15) and know-how (TRE_R01);
a holder by the INS in `person_id` and the role EXP_PATIENT; a structure's software by the structure
alone. What IUA has no place for (right to regulate, reason of an emergency, sector) stands in an
extension of our own.

Source: IHE IUA, JWT access token option (`extensions.ihe_iua`); VIHF of the DMP (roles, mode of
access); RFC 9068.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dmp.domain.codes import (
    ACCESS_MODE,
    TRE_A00_AUTHOR_ROLE,
    TRE_G15_PROFESSION,
    TRE_R01_KNOW_HOW,
    Code,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, PersonId, StructureId
from dmp.domain.identity.caller import (
    Caller,
    DeskAgent,
    Door,
    Holder,
    Operator,
    Professional,
    Purpose,
    Representative,
    Strength,
    StructureRef,
    StructureSystem,
    Who,
)
from dmp.domain.value_sets import PROFESSION, value_set
from dmp.formats.fhir.systems import OURS, oid_of, url_of

MEANS: Final = "jwt:iua"
OUR_ROLES: Final = f"{OURS}:CodeSystem:role"
_V3_ROLE_CLASS: Final = "2.16.840.1.113883.5.110"
_V3_ACT_REASON: Final = "2.16.840.1.113883.5.8"

PATIENT: Final = Code("EXP_PATIENT", TRE_A00_AUTHOR_ROLE)
GUARDIAN: Final = Code("GUARD", _V3_ROLE_CLASS)
SOFTWARE: Final = Code("AUTOMATE", TRE_A00_AUTHOR_ROLE)
DESK: Final = Code("agent-accueil", OUR_ROLES)
OPERATOR: Final = Code("exploitant", OUR_ROLES)

NEEDS_KNOW_HOW: Final = frozenset({"10", "21"})
"""Professions that must tell their know-how: doctors and pharmacists. Source: VIHF, subject role."""
KNOW_HOWS: Final = frozenset({TRE_R01_KNOW_HOW, "1.2.250.1.71.4.2.6"})
"""Systems of the know-how: TRE_R01, and for pharmacists the sections of their roll."""
INDIVIDUAL: Final = frozenset({"eidas1", "eidas2", "eidas3"})
"""Values of `acr` that prove a person; whatever else proves the structure alone."""

_PURPOSES: Final[dict[tuple[str, str], Purpose]] = {
    (ACCESS_MODE, purpose.value): purpose for purpose in Purpose
} | {
    (_V3_ACT_REASON, "TREAT"): Purpose.NORMAL,
    (_V3_ACT_REASON, "BTG"): Purpose.BREAK_GLASS,
}
_MAX_TEXT: Final = 300


def caller_of(claims: Mapping[str, Any], *, test_mode: bool) -> Caller:
    """Who a verified token speaks for.

    Args:
        claims: the claims of a token whose signature, issuer, audience and dates are verified.
        test_mode: whether identities of the test roots are taken.

    Raises:
        Refused: TOKEN_INVALID, with the name of the claim and never its value.
    """
    extensions = _mapping(claims, "extensions")
    iua, own = _mapping(extensions, "ihe_iua"), _mapping(extensions, "dmp")
    codes = _codings(iua, "subject_role")
    who = _who(claims, iua, own, codes, test_mode)
    individual = not isinstance(who, StructureSystem) and _text(claims, "acr") in INDIVIDUAL
    return Caller(
        who=who,
        strength=Strength.INDIVIDUAL if individual else Strength.STRUCTURE,
        door=Door.FHIR,
        means=MEANS,
        purpose=_purpose(iua),
        purpose_reason=_text(own, "purpose_reason"),
        software=_text(claims, "client_id"),
    )


def _who(
    claims: Mapping[str, Any],
    iua: Mapping[str, Any],
    own: Mapping[str, Any],
    codes: list[Code],
    test_mode: bool,
) -> Who:
    kinds = [code for code in codes if code.system in _DECIDING]
    if len(kinds) != 1:
        raise _invalid("subject_role says no kind of caller, or two")
    kind, name = kinds[0], _text(iua, "subject_name")
    if kind.system == TRE_G15_PROFESSION:
        return _professional(iua, own, codes, kind, test_mode)
    if kind == PATIENT:
        return Holder(ins=_ins(iua, test_mode), name=name)
    if kind == GUARDIAN:
        return Representative(ins=_ins(iua, test_mode), name=name)
    if kind == SOFTWARE:
        return StructureSystem(
            structure=_structure(iua, own), responsible=_text(own, "responsible")
        )
    subject = _text(claims, "sub")
    if not subject:
        raise _invalid("sub is missing")
    if kind == DESK:
        return DeskAgent(id_nat=subject, name=name, structure=_structure(iua, own))
    if kind == OPERATOR:
        return Operator(id=subject, name=name)
    raise _invalid("subject_role is not known here")


_DECIDING: Final = frozenset({TRE_G15_PROFESSION, TRE_A00_AUTHOR_ROLE, _V3_ROLE_CLASS, OUR_ROLES})


def _professional(
    iua: Mapping[str, Any],
    own: Mapping[str, Any],
    codes: list[Code],
    profession: Code,
    test_mode: bool,
) -> Professional:
    known = value_set(PROFESSION).find(profession.code, TRE_G15_PROFESSION)
    if known is None:
        raise _invalid("subject_role: the profession is not in TRE_G15")
    know_how = next((code for code in codes if code.system in KNOW_HOWS), None)
    if know_how is None and profession.code in NEEDS_KNOW_HOW:
        raise _invalid("subject_role: doctors and pharmacists tell their know-how (TRE_R01)")
    try:
        person = PersonId.parse(_text(iua, "national_provider_identifier"), test_mode=test_mode)
    except Refused:
        raise _invalid("national_provider_identifier is no PS_IdNat") from None
    name = _text(iua, "subject_name")
    if not name:
        raise _invalid("subject_name is missing")
    return Professional(
        id_nat=person.value,
        name=name,
        profession=known,
        structure=_structure(iua, own),
        know_how=know_how,
        may_regulate=own.get("may_regulate") is True,
    )


def _structure(iua: Mapping[str, Any], own: Mapping[str, Any]) -> StructureRef:
    try:
        structure = StructureId.parse(
            _text(iua, "subject_organization_id").removeprefix("urn:oid:")
        )
    except Refused:
        raise _invalid("subject_organization_id is no Struct_IdNat") from None
    return StructureRef(
        id_nat=structure.value,
        name=_text(iua, "subject_organization"),
        sector=_text(own, "sector"),
    )


def _ins(iua: Mapping[str, Any], test_mode: bool) -> Ins:
    system, _, matricule = _text(iua, "person_id").rpartition("|")
    try:
        return Ins.parse(matricule, system, test_mode=test_mode)
    except Refused:
        raise _invalid("person_id is no INS that is taken here") from None


def _purpose(iua: Mapping[str, Any]) -> Purpose:
    codes = _codings(iua, "purpose_of_use")
    if not codes:
        return Purpose.NORMAL
    purposes = {_PURPOSES.get((code.system, code.code)) for code in codes}
    purpose = purposes.pop()
    if purposes or purpose is None:
        raise _invalid("purpose_of_use is not known here, or there are two")
    return purpose


def _codings(claims: Mapping[str, Any], name: str) -> list[Code]:
    values = claims.get(name, [])
    if not isinstance(values, list) or len(values) > 20:
        raise _invalid(f"{name} is no list of codings")
    codes: list[Code] = []
    for one in values:
        if not isinstance(one, dict):
            raise _invalid(f"{name} is no list of codings")
        codes.append(Code(_text(one, "code"), oid_of(_text(one, "system")), _text(one, "display")))
    return codes


def _mapping(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = claims.get(name, {})
    if not isinstance(value, dict):
        raise _invalid(f"{name} is no object")
    return value


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str) or len(value) > _MAX_TEXT or not value.isprintable():
        raise _invalid(f"{name} is no short text")
    return value.strip()


def _invalid(detail: str) -> Refused:
    return Refused(Reason.TOKEN_INVALID, detail=detail)


# --- Written -----------------------------------------------------------------------------------


def claims_of(caller: Caller) -> dict[str, Any]:
    """The claims that say this caller: `sub`, `client_id`, `acr` and `extensions`.

    Raises:
        ValueError: the house itself, or nobody, has no token.
    """
    iua, own = _identity(caller)
    structure = caller.structure
    if structure is not None:
        iua["subject_organization"] = structure.name
        iua["subject_organization_id"] = structure.id_nat
        if structure.sector:
            own["sector"] = structure.sector
    if caller.purpose_reason:
        own["purpose_reason"] = caller.purpose_reason
    iua["purpose_of_use"] = [_coding(Code(caller.purpose.value, ACCESS_MODE))]
    claims: dict[str, Any] = {
        "sub": caller.who.id if isinstance(caller.who, Operator) else caller.id,
        "extensions": {"ihe_iua": iua, "dmp": own},
    }
    if caller.software:
        claims["client_id"] = caller.software
    if caller.strength >= Strength.INDIVIDUAL:
        claims["acr"] = "eidas1"
    return claims


def _identity(caller: Caller) -> tuple[dict[str, Any], dict[str, Any]]:
    """What says who it is: in IUA, and of our own."""
    iua: dict[str, Any] = {}
    own: dict[str, Any] = {}
    roles: list[Code] = []
    match caller.who:
        case Professional() as who:
            iua["national_provider_identifier"] = who.id_nat
            iua["subject_name"] = who.name
            roles += [who.profession, *([who.know_how] if who.know_how is not None else [])]
            if who.may_regulate:
                own["may_regulate"] = True
        case Holder(ins=ins, name=name) | Representative(ins=ins, name=name):
            iua["person_id"] = f"urn:oid:{ins.root.value}|{ins.matricule}"
            iua["subject_name"] = name
            roles.append(PATIENT if isinstance(caller.who, Holder) else GUARDIAN)
        case StructureSystem(responsible=responsible):
            roles.append(SOFTWARE)
            if responsible:
                own["responsible"] = responsible
        case DeskAgent(name=name):
            iua["subject_name"] = name
            roles.append(DESK)
        case Operator(name=name):
            iua["subject_name"] = name
            roles.append(OPERATOR)
        case _:
            raise ValueError("this caller has no token")
    iua["subject_role"] = [_coding(code) for code in roles]
    return iua, own


def _coding(code: Code) -> dict[str, str]:
    written = {"system": url_of(code.system), "code": code.code}
    if code.display:
        written["display"] = code.display
    return written
