"""A `Parameters` resource read strictly: each name known, of its kind, and once unless it may repeat.

Source: FHIR R4 Parameters. What is not known is refused by its name, never passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

import orjson

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, PersonId, Rpps, StructureId
from dmp.formats.fhir.elements import Element
from dmp.formats.fhir.participants import RPPS_SYSTEM
from dmp.formats.fhir.strict_json import Json, JsonObject
from dmp.formats.fhir.systems import oid_of

Choice = TypeVar("Choice", bound=StrEnum)
MOST: Final = 500
"""Parameters in one resource."""
LONGEST: Final = 300
"""Characters of a text."""


class Kind(StrEnum):
    """What a parameter holds: the name of its value."""

    CODE = "valueCode"
    FLAG = "valueBoolean"
    TEXT = "valueString"
    NUMBER = "valueInteger"
    IDENTIFIER = "valueIdentifier"
    DOCUMENT = "valueReference"
    PARTS = "part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A parameter that an operation takes; `many` may stand several times."""

    kind: Kind
    many: bool = False


Vocabulary = Mapping[str, Known]
"""The parameters of an operation by name."""


@dataclass(frozen=True, slots=True)
class Given:
    """The parameters that were given, each with its place."""

    values: Mapping[str, tuple[Element, ...]]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def one(self, name: str) -> Element | None:
        """The element of a parameter, or None."""
        found = self.values.get(name)
        return found[0] if found else None

    def needed(self, name: str) -> Element:
        """The element of a parameter. Raises Refused: PARAMETER_MISSING."""
        found = self.one(name)
        if found is None:
            raise Refused(Reason.PARAMETER_MISSING, parameter=name)
        return found

    def text(self, name: str) -> str:
        """A text; empty when absent."""
        found = self.one(name)
        return _short(name, found.text(Kind.TEXT)) if found is not None else ""

    def code(self, name: str) -> str:
        """A code; empty when absent."""
        found = self.one(name)
        return _short(name, found.text(Kind.CODE)) if found is not None else ""

    def codes(self, name: str) -> tuple[str, ...]:
        """The codes of a parameter that repeats."""
        return tuple(_short(name, one.text(Kind.CODE)) for one in self.values.get(name, ()))

    def choice(self, name: str, kinds: type[Choice]) -> Choice | None:
        """One of the codes known, or None when absent. Raises Refused: PARAMETER_INVALID."""
        if name not in self:
            return None
        try:
            return kinds(self.code(name))
        except ValueError:
            raise wrong(name, f"one of {', '.join(kinds)}") from None

    def chosen(self, name: str, kinds: type[Choice]) -> Choice:
        """One of the codes known. Raises Refused: PARAMETER_MISSING, PARAMETER_INVALID."""
        self.needed(name)
        found = self.choice(name, kinds)
        if found is None:
            raise Refused(Reason.PARAMETER_MISSING, parameter=name)
        return found

    def flag(self, name: str) -> bool | None:
        """True, false, or None when absent."""
        found = self.one(name)
        return found.flag(Kind.FLAG) if found is not None else None

    def number(self, name: str) -> int | None:
        """A whole number, or None when absent."""
        found = self.one(name)
        if found is None:
            return None
        return next((n for s in _spelled(Kind.NUMBER) if (n := found.whole(s)) is not None), None)

    def documents(self, name: str) -> tuple[UUID, ...]:
        """The documents that references `DocumentReference/[id]` name."""
        return tuple(_document(name, one) for one in self.values.get(name, ()))

    def professional(self, name: str, *, test_mode: bool) -> str:
        """The PS_IdNat of an identifier; empty when absent."""
        found = self.one(name)
        return professional_of(found, name, test_mode=test_mode) if found is not None else ""

    def structure(self, name: str) -> str:
        """The Struct_IdNat of an identifier; empty when absent."""
        found = self.one(name)
        if found is None:
            return ""
        system, value = _identifier(found, name)
        if oid_of(system) != STRUCTURE_ROOT:
            raise wrong(name, f"a Struct_IdNat, system urn:oid:{STRUCTURE_ROOT}")
        return _parsed(name, lambda: StructureId.parse(value).value)

    def parts(self, name: str, vocabulary: Vocabulary) -> Iterator[Given]:
        """The parts of a parameter that has some, each occurrence by itself."""
        for one in self.values.get(name, ()):
            yield _sorted(one.children("part"), vocabulary)


def read_parameters(resource: Element, vocabulary: Vocabulary) -> Given:
    """The parameters of a request.

    Raises:
        Refused: METADATA_INVALID (no Parameters), PARAMETER_UNKNOWN, PARAMETER_INVALID, METADATA_MISSING
            (a parameter without name).
    """
    if resource.text("resourceType") != "Parameters":
        raise resource.wrong("resourceType", "Parameters is expected")
    return _sorted(resource.children("parameter"), vocabulary)


def _sorted(elements: list[Element], vocabulary: Vocabulary) -> Given:
    if len(elements) > MOST:
        raise Refused(
            Reason.PARAMETER_INVALID, parameter="Parameters.parameter", detail=f"at most {MOST}"
        )
    found: dict[str, tuple[Element, ...]] = {}
    for one in elements:
        name = one.required("name")
        known = vocabulary.get(name)
        if known is None:
            raise Refused(Reason.PARAMETER_UNKNOWN, parameter=name[:60])
        if not any(one.value.keys() == {"name", spelled} for spelled in _spelled(known.kind)):
            raise wrong(name, f"one {known.kind.value} and nothing else")
        if name in found and not known.many:
            raise wrong(name, "it stands twice")
        found[name] = (*found.get(name, ()), one)
    return Given(found)


def _spelled(kind: Kind) -> tuple[str, ...]:
    return (kind.value, "valuePositiveInt") if kind is Kind.NUMBER else (kind.value,)


def professional_of(element: Element, name: str, *, test_mode: bool) -> str:
    """The PS_IdNat of an identifier: with its own system, or the RPPS number with the register's."""
    system, value = _identifier(element, name)
    if system == RPPS_SYSTEM and len(value) == 11:
        return _parsed(name, lambda: Rpps.parse(value, test_mode=test_mode).id_nat)
    if system != RPPS_SYSTEM and oid_of(system) != PS_ROOT:
        raise wrong(name, f"a PS_IdNat, system urn:oid:{PS_ROOT}")
    return _parsed(name, lambda: PersonId.parse(value, test_mode=test_mode).value)


def _identifier(element: Element, name: str) -> tuple[str, str]:
    child = element.child(Kind.IDENTIFIER)
    if child is None:
        raise wrong(name, "an identifier")
    return child.text("system"), _short(name, child.required("value"))


def _parsed(name: str, parse: Callable[[], str]) -> str:
    try:
        return parse()
    except Refused as refusal:
        raise wrong(name, refusal.values.get("detail", "its control key is wrong")) from None


def _document(name: str, element: Element) -> UUID:
    child = element.child(Kind.DOCUMENT)
    reference = child.text("reference") if child is not None else ""
    kind, _, identifier = reference.rpartition("/")
    try:
        if kind != "DocumentReference" or len(identifier) != 36:
            raise ValueError
        return UUID(identifier)
    except ValueError:
        raise wrong(name, "a reference like DocumentReference/[id]") from None


def _short(name: str, text: str) -> str:
    if len(text) > LONGEST or not text.isprintable():
        raise wrong(name, "a short text")
    return text


def wrong(name: str, detail: str) -> Refused:
    """The refusal of a parameter, by its name."""
    return Refused(Reason.PARAMETER_INVALID, parameter=name, detail=detail)


# --- Written -----------------------------------------------------------------------------------


def write_parameters(parameters: Iterable[JsonObject]) -> bytes:
    """A `Parameters` resource."""
    listed: list[Json] = list(parameters)
    resource: JsonObject = {"resourceType": "Parameters"}
    if listed:
        resource["parameter"] = listed
    return orjson.dumps(resource)


def parameter(name: str, kind: Kind, value: Json) -> JsonObject:
    """One parameter."""
    return {"name": name, kind.value: value}


def parts(name: str, *inside: JsonObject) -> JsonObject:
    """One parameter made of parts."""
    return {"name": name, Kind.PARTS.value: list(inside)}


def named(value: str, root: str) -> JsonObject:
    """An identifier of a root."""
    return {"system": f"urn:oid:{root}", "value": value}
