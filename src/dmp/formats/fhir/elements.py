"""Reading FHIR elements with their path, so that a refusal points at the faulty one; and writing
codes and identifiers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from dmp.domain.codes import Code
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, InsRoot, UniqueId
from dmp.formats.fhir.strict_json import Json, JsonObject
from dmp.formats.fhir.systems import URI, oid_of, url_of

INS_SYSTEMS = frozenset(f"urn:oid:{root.value}" for root in InsRoot)


@dataclass(frozen=True, slots=True)
class Element:
    """A JSON object at its path. Absent children are empty; children of a wrong kind are refused."""

    value: JsonObject
    path: str

    def text(self, name: str) -> str:
        """A text child, blanks cut at its ends; empty when absent."""
        found = self.value.get(name)
        if found is None:
            return ""
        if not isinstance(found, str):
            raise self.wrong(name, "a text is expected")
        return found.strip()

    def required(self, name: str) -> str:
        """A text child that must be there. Raises Refused: METADATA_MISSING."""
        found = self.text(name)
        if not found:
            raise Refused(Reason.METADATA_MISSING, field=f"{self.path}.{name}")
        return found

    def flag(self, name: str) -> bool | None:
        """A boolean child."""
        found = self.value.get(name)
        if found is not None and not isinstance(found, bool):
            raise self.wrong(name, "true or false is expected")
        return found

    def whole(self, name: str) -> int | None:
        """A child that is a whole number, not negative."""
        found = self.value.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int) or found < 0:
            raise self.wrong(name, "a whole number is expected")
        return found

    def child(self, name: str) -> Element | None:
        """An object child."""
        found = self.value.get(name)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise self.wrong(name, "an object is expected")
        return Element(found, f"{self.path}.{name}")

    def children(self, name: str) -> list[Element]:
        """The objects of a repeating child."""
        found = self.value.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or not found:
            raise self.wrong(name, "an array that is not empty is expected")
        return [self._item(name, rank, one) for rank, one in enumerate(found)]

    def texts(self, name: str) -> list[str]:
        """The texts of a repeating child."""
        found = self.value.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise self.wrong(name, "an array of texts is expected")
        texts = [one.strip() for one in found if isinstance(one, str)]
        if len(texts) != len(found):
            raise self.wrong(name, "an array of texts is expected")
        return texts

    def only(self, name: str) -> Element | None:
        """The one object of a child that repeats in FHIR but not here."""
        found = self.children(name)
        if len(found) > 1:
            raise self.wrong(name, "one only is taken")
        return found[0] if found else None

    def extension(self, url: str) -> Element | None:
        """The extension with this URL; twice is refused."""
        found = [one for one in self.children("extension") if one.text("url") == url]
        if len(found) > 1:
            raise self.wrong("extension", "an extension stands twice")
        return found[0] if found else None

    def wrong(self, name: str, detail: str) -> Refused:
        """The refusal of a child."""
        where = f"{self.path}.{name}" if name else self.path
        return Refused(Reason.METADATA_INVALID, field=where, detail=detail)

    def _item(self, name: str, rank: int, one: Json) -> Element:
        if not isinstance(one, dict):
            raise self.wrong(f"{name}[{rank}]", "an object is expected")
        return Element(one, f"{self.path}.{name}[{rank}]")


# --- Codes -------------------------------------------------------------------------------------


def coding(code: Code) -> JsonObject:
    """A `Coding`."""
    written: JsonObject = {"system": url_of(code.system)} if code.system else {}
    written["code"] = code.code
    if code.display:
        written["display"] = code.display
    return written


def concept(code: Code) -> JsonObject:
    """A `CodeableConcept` with this one coding."""
    return {"coding": [coding(code)]}


def read_coding(element: Element) -> Code:
    """A `Coding`, its system as in the registry. Raises Refused: METADATA_MISSING, METADATA_INVALID."""
    return Code(element.required("code"), oid_of(element.text("system")), element.text("display"))


def read_concept(element: Element | None, prefer: Collection[str] = ()) -> Code | None:
    """The code of a `CodeableConcept`: the first of a preferred system, else the first.

    A concept with text alone says no code.
    """
    if element is None:
        return None
    codes = [read_coding(one) for one in element.children("coding")]
    return next((code for code in codes if code.system in prefer), codes[0] if codes else None)


def read_concepts(elements: list[Element]) -> Iterator[Code]:
    """Every coding of every concept."""
    for element in elements:
        for one in element.children("coding"):
            yield read_coding(one)


# --- Identifiers -------------------------------------------------------------------------------


def ins_identifier(ins: Ins) -> JsonObject:
    """The identifier of a person by her INS."""
    return {"use": "official", "system": f"urn:oid:{ins.root.value}", "value": ins.matricule}


def unique_identifier(unique_id: UniqueId) -> JsonObject:
    """A uniqueId as identifier: a URI, or the OID as system when it has an extension.

    Source: FHIR R4 `Identifier`; data type II of CDA (root, extension).
    """
    root, separator, extension = unique_id.value.partition("^")
    if separator:
        return {"system": f"urn:oid:{root}", "value": extension}
    return {"system": URI, "value": unique_id.uri}


def read_unique_id(element: Element) -> UniqueId:
    """A uniqueId from its identifier. Raises Refused: IDENTIFIER_MALFORMED, METADATA_MISSING."""
    value = element.required("value")
    try:
        return unique_id_of(element.text("system"), value)
    except Refused as refusal:
        raise Refused(refusal.reason, field=f"{element.path}.value", **refusal.values) from None


def unique_id_of(system: str, value: str) -> UniqueId:
    """The uniqueId that a system and a value name. Raises Refused: IDENTIFIER_MALFORMED."""
    if system.startswith("urn:oid:"):
        return UniqueId.of(system.removeprefix("urn:oid:"), value)
    return UniqueId.parse(value)


def read_ins(element: Element, *, test_mode: bool) -> Ins | None:
    """The INS that an identifier holds, or None when it is of another system.

    Raises:
        Refused: the INS is malformed, or of a root that this server does not take.
    """
    system, value = element.text("system"), element.text("value")
    if system not in INS_SYSTEMS:
        return None
    try:
        return Ins.parse(value, system, test_mode=test_mode)
    except Refused as refusal:
        raise Refused(refusal.reason, field=element.path, **refusal.values) from None
