"""From a caller to the claims of a token."""

from __future__ import annotations

from typing import Any

from dmp.domain.codes import ACCESS_MODE, Code
from dmp.domain.identity.caller import (
    Caller,
    Carer,
    Coordinator,
    DeskAgent,
    Holder,
    Insurer,
    Operator,
    Professional,
    Representative,
    Secretary,
    Strength,
    StructureSystem,
    SupportOfficer,
)
from dmp.formats.fhir.systems import url_of
from dmp.formats.iua import vocabulary as known


def claims_of(caller: Caller) -> dict[str, Any]:
    """The claims that say this caller: `sub`, `client_id`, `acr` and `extensions`; `iat` in an emergency.

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
    if caller.motive is not None:
        own["motive"] = caller.motive.value
    if caller.secret:
        own["secret"] = True
    iua["purpose_of_use"] = [_coding(Code(caller.purpose.value, ACCESS_MODE))]
    unprefixed = isinstance(caller.who, Operator | SupportOfficer)
    claims: dict[str, Any] = {
        "sub": getattr(caller.who, "id", "") if unprefixed else caller.id,
        "extensions": {"ihe_iua": iua, "dmp": own},
    }
    if caller.software:
        claims["client_id"] = caller.software
    if caller.strength >= Strength.INDIVIDUAL:
        claims["acr"] = "eidas1"
    if caller.purpose_since is not None:
        claims["iat"] = int(caller.purpose_since.timestamp())
    return claims


_ROLES: dict[type, Code] = {
    Holder: known.PATIENT,
    Representative: known.GUARDIAN,
    Carer: known.CARER,
    Secretary: known.SECRETARY,
    StructureSystem: known.SOFTWARE,
    Insurer: known.INSURER,
    DeskAgent: known.DESK,
    Operator: known.OPERATOR,
    SupportOfficer: known.SUPPORT,
}


def _identity(caller: Caller) -> tuple[dict[str, Any], dict[str, Any]]:
    """What says who it is: in IUA, and of our own."""
    iua: dict[str, Any] = {}
    own: dict[str, Any] = {}
    name = getattr(caller.who, "name", "")
    if name:
        iua["subject_name"] = name
    match caller.who:
        case Professional() as who:
            roles = [who.profession, *([who.know_how] if who.know_how is not None else [])]
            if who.may_regulate:
                own["may_regulate"] = True
            if who.stated_capacity is not None:
                own["capacity"] = who.stated_capacity.value
        case Coordinator(role=role):
            roles = [role]
        case who if type(who) in _ROLES:
            roles = [_ROLES[type(who)]]
        case _:
            raise ValueError("this caller has no token")
    match caller.who:
        case Professional(id_nat=id_nat) | Coordinator(id_nat=id_nat) | Secretary(id_nat=id_nat):
            iua["national_provider_identifier"] = id_nat
        case Holder(ins=ins) | Representative(ins=ins) | Carer(ins=ins):
            iua["person_id"] = f"urn:oid:{ins.root.value}|{ins.matricule}"
        case StructureSystem(responsible=responsible) if responsible:
            own["responsible"] = responsible
        case _:
            pass
    iua["subject_role"] = [_coding(code) for code in roles]
    return iua, own


def _coding(code: Code) -> dict[str, str]:
    written = {"system": url_of(code.system), "code": code.code}
    if code.display:
        written["display"] = code.display
    return written
