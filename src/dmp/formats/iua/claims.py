"""Single claims of a token: each of its kind, or refused by its name and never by its value."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, TypeVar

from dmp.domain.codes import Code
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, PersonId, StructureId
from dmp.domain.identity.caller import StructureRef
from dmp.formats.fhir.systems import oid_of

MAX_TEXT: Final = 300
MAX_CODINGS: Final = 20
Claims = Mapping[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)


def invalid(detail: str) -> Refused:
    """The refusal of a token."""
    return Refused(Reason.TOKEN_INVALID, detail=detail)


def mapping(claims: Claims, name: str) -> Claims:
    """An object; empty when absent."""
    value = claims.get(name, {})
    if not isinstance(value, dict):
        raise invalid(f"{name} is no object")
    return value


def text(claims: Claims, name: str) -> str:
    """A short text; empty when absent."""
    value = claims.get(name, "")
    if not isinstance(value, str) or len(value) > MAX_TEXT or not value.isprintable():
        raise invalid(f"{name} is no short text")
    return value.strip()


def required(claims: Claims, name: str) -> str:
    """A short text that must be there."""
    value = text(claims, name)
    if not value:
        raise invalid(f"{name} is missing")
    return value


def flag(claims: Claims, name: str) -> bool:
    """True or false; false when absent."""
    value = claims.get(name, False)
    if not isinstance(value, bool):
        raise invalid(f"{name} is neither true nor false")
    return value


def choice(claims: Claims, name: str, kinds: type[Choice]) -> Choice | None:
    """One of the values known here, or None when absent."""
    if name not in claims:
        return None
    try:
        return kinds(text(claims, name))
    except ValueError:
        raise invalid(f"{name} is not known here") from None


def codings(claims: Claims, name: str) -> list[Code]:
    """A list of codings; empty when absent."""
    values = claims.get(name, [])
    if not isinstance(values, list) or len(values) > MAX_CODINGS:
        raise invalid(f"{name} is no list of codings")
    codes: list[Code] = []
    for one in values:
        if not isinstance(one, dict):
            raise invalid(f"{name} is no list of codings")
        codes.append(Code(text(one, "code"), oid_of(text(one, "system")), text(one, "display")))
    return codes


def person(iua: Claims, *, test_mode: bool) -> str:
    """The PS_IdNat of `national_provider_identifier`."""
    try:
        return PersonId.parse(text(iua, "national_provider_identifier"), test_mode=test_mode).value
    except Refused:
        raise invalid("national_provider_identifier is no PS_IdNat") from None


def structure(iua: Claims, own: Claims) -> StructureRef:
    """The place of work: `subject_organization_id`, `subject_organization`, and our `sector`."""
    try:
        found = StructureId.parse(text(iua, "subject_organization_id").removeprefix("urn:oid:"))
    except Refused:
        raise invalid("subject_organization_id is no Struct_IdNat") from None
    return StructureRef(
        id_nat=found.value,
        name=text(iua, "subject_organization"),
        sector=text(own, "sector"),
    )


def ins(iua: Claims, *, test_mode: bool) -> Ins:
    """The INS of `person_id`."""
    system, _, matricule = text(iua, "person_id").rpartition("|")
    try:
        return Ins.parse(matricule, system, test_mode=test_mode)
    except Refused:
        raise invalid("person_id is no INS that is taken here") from None
