"""Metadata updates: JSON Patch and FHIRPath Patch, on the three things that may change.

Status, security labels and the archive mark can change; a patch is applied to them alone, as they are when
the document is locked for the change, so that two updates at once cannot mix.

Source: PDSm flux 03/04; PDSM4DMP TD3.3a to TD3.3d; RFC 6902 (JSON Patch), RFC 6901 (pointers);
FHIR R4 FHIRPath Patch. What is done where they contradict each other: docs/decisions.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from dmp.domain.codes import HL7_CONFIDENTIALITY, TRE_A07_VISIBILITY, Code
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.visibility import Restriction, Visibility
from dmp.domain.errors import Reason, Refused
from dmp.formats.fhir.deposit.claimed import read_labels
from dmp.formats.fhir.document_reference import IS_ARCHIVED, STATUSES
from dmp.formats.fhir.elements import Element
from dmp.formats.fhir.strict_json import Json, JsonObject

MAX_OPERATIONS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Changeable:
    """What of a document can be changed: its status in FHIR, its visibility, the archive mark."""

    status: str
    visibility: Visibility
    archived: bool

    @classmethod
    def of(cls, entry: DocumentEntry) -> Changeable:
        """As it is now."""
        return cls(
            status=STATUSES[entry.status], visibility=entry.visibility, archived=entry.archived
        )


Operation = Callable[[Changeable], Changeable]


@dataclass(frozen=True, slots=True)
class Patch:
    """The operations of a patch, in order."""

    operations: tuple[Operation, ...]

    def applied(self, current: Changeable) -> Changeable:
        """What the sender wants. Raises Refused: METADATA_INVALID, CHANGE_NOT_ALLOWED."""
        for operation in self.operations:
            current = operation(current)
        return current


# --- JSON Patch --------------------------------------------------------------------------------


def read_json_patch(value: Json) -> Patch:
    """A patch of the type `application/json-patch+json`.

    Raises:
        Refused: METADATA_INVALID, not a JSON Patch; CHANGE_NOT_ALLOWED, another element.
    """
    if not isinstance(value, list) or not value:
        raise _wrong("Patch", "an array of operations is expected")
    if len(value) > MAX_OPERATIONS:
        raise _wrong("Patch", f"more than {MAX_OPERATIONS} operations")
    found = []
    for rank, one in enumerate(value):
        if not isinstance(one, dict):
            raise _wrong(f"Patch.operation[{rank}]", "an object is expected")
        found.append(_operation(Element(one, f"Patch.operation[{rank}]")))
    return Patch(tuple(found))


_STATUS = re.compile(r"/status")
_LABELS = re.compile(r"/securityLabel(?:/(-|0|[1-9][0-9]?)(/.+)?)?")
_ARCHIVE = re.compile(
    r"/extension(?:/(?:-|0|[1-9][0-9]?))?(?:/valueBoolean)?"
    # The published examples select the extension by its URL, which is no JSON Pointer.
    r"|/extension\[\s*url\s*[:=]\s*['\"]" + re.escape(IS_ARCHIVED) + r"['\"]\s*\](?:/valueBoolean)?"
)


def _operation(element: Element) -> Operation:
    kind, path = element.required("op"), element.text("path")
    if kind not in ("add", "replace", "remove", "test"):
        raise element.wrong("op", "add, replace, remove or test")
    if kind != "remove" and "value" not in element.value:
        raise Refused(Reason.METADATA_MISSING, field=f"{element.path}.value")
    if path and not path.startswith("/"):
        raise element.wrong("path", "a JSON Pointer begins with /")
    if _STATUS.fullmatch(path):
        return _status(element, kind, element.value.get("value"))
    labels = _LABELS.fullmatch(path)
    if labels is not None:
        if labels.group(2):
            raise element.wrong("path", "a security label is changed as a whole")
        return _label(element, kind, labels.group(1))
    if _ARCHIVE.fullmatch(path):
        return _archive(element, kind, element.value.get("value"))
    raise Refused(Reason.CHANGE_NOT_ALLOWED, field=_named(path))


def _wrong(path: str, detail: str) -> Refused:
    return Refused(Reason.METADATA_INVALID, field=path, detail=detail)


def _named(path: str) -> str:
    """The element that a pointer names, without its value."""
    first = path.removeprefix("/").split("/")[0]
    return first if re.fullmatch(r"[A-Za-z]{1,40}", first) else "this element"


def _status(element: Element, kind: str, value: Json) -> Operation:
    if kind == "remove":
        raise element.wrong("op", "the status cannot be removed")
    if value not in ("current", "superseded", "entered-in-error"):
        raise element.wrong("value", "superseded or entered-in-error")
    wanted = str(value)

    def apply(current: Changeable) -> Changeable:
        if kind == "test":
            return _tested(element, current, current.status == wanted)
        return replace(current, status=wanted)

    return apply


def _archive(element: Element, kind: str, value: Json) -> Operation:
    if isinstance(value, dict):
        extension = Element(value, f"{element.path}.value")
        if extension.text("url") != IS_ARCHIVED:
            raise Refused(Reason.CHANGE_NOT_ALLOWED, field="extension")
        value = extension.flag("valueBoolean")
    if kind == "remove":
        value = False
    if not isinstance(value, bool):
        raise element.wrong("value", "true or false, of the extension isArchived")
    wanted = value

    def apply(current: Changeable) -> Changeable:
        if kind == "test":
            return _tested(element, current, current.archived == wanted)
        return replace(current, archived=wanted)

    return apply


def _label(element: Element, kind: str, place: str | None) -> Operation:
    if place is None:
        return _all_labels(element, kind)
    if kind == "remove":
        return lambda current: _relabelled(
            current, _without(element, _labels(current.visibility), place)
        )
    given = _given_labels(element, [element.value.get("value")])
    if kind == "test":

        def test(current: Changeable) -> Changeable:
            labels = _labels(current.visibility)
            return _tested(element, current, given == [labels[_rank(element, labels, place)]])

        return test
    if kind == "replace" and place not in ("-", "0"):
        return lambda current: _relabelled(
            current, [*_without(element, _labels(current.visibility), place), *given]
        )
    return lambda current: _relabelled(current, _with_label(current.visibility, given[0], kind))


def _all_labels(element: Element, kind: str) -> Operation:
    if kind == "remove":
        return lambda current: _relabelled(current, [])
    value = element.value.get("value")
    given = _given_labels(element, value if isinstance(value, list) else [value])
    if kind == "test":
        return lambda current: _tested(
            element, current, set(given) == set(_labels(current.visibility))
        )
    return lambda current: _relabelled(current, given)


# --- Labels as a set ---------------------------------------------------------------------------

_NORMAL: Final = Code("N", HL7_CONFIDENTIALITY)
# What "N" put in place of a label takes away: published examples unmask and announce by it. What
# is hidden from representatives protects a minor; it is only taken away by its name.
_LIFTED_BY_NORMAL: Final = frozenset({Restriction.MASKED, Restriction.HIDDEN_FROM_PATIENT})


def _labels(visibility: Visibility) -> list[Code]:
    """The labels in the order in which the resource shows them."""
    return [
        Code(visibility.level, HL7_CONFIDENTIALITY),
        *(Code(one.value, TRE_A07_VISIBILITY) for one in visibility.restrictions),
    ]


def _given_labels(element: Element, values: list[Json]) -> list[Code]:
    found: list[Code] = []
    for one in values:
        if not isinstance(one, dict):
            raise element.wrong("value", "a CodeableConcept is expected")
        label = Element(one, f"{element.path}.value")
        level, restrictions = read_labels([label], element)
        if level is not None:
            found.append(Code(level, HL7_CONFIDENTIALITY))
        found.extend(Code(r.value, TRE_A07_VISIBILITY) for r in sorted(restrictions or ()))
        if level is None and not restrictions:
            raise element.wrong("value", "a CodeableConcept with a code is expected")
    return found


def _with_label(visibility: Visibility, label: Code, kind: str) -> list[Code]:
    """A label added, or put in the first place: a restriction joins the set; N restores normal visibility."""
    labels = _labels(visibility)
    if label.system == TRE_A07_VISIBILITY:
        return [*labels, label]
    if label == _NORMAL and kind == "replace":
        return [label, *(one for one in labels[1:] if one.code not in _LIFTED_BY_NORMAL)]
    return [label, *labels[1:]]


def _without(element: Element, labels: list[Code], place: str) -> list[Code]:
    rank = _rank(element, labels, place)
    return [one for at, one in enumerate(labels) if at != rank]


def _rank(element: Element, labels: list[Code], place: str) -> int:
    if place == "-" or int(place) >= len(labels):
        raise element.wrong("path", "there is no security label at this place")
    return int(place)


def _relabelled(current: Changeable, labels: list[Code]) -> Changeable:
    levels = [one.code for one in labels if one.system == HL7_CONFIDENTIALITY]
    restrictions = {Restriction(o.code) for o in labels if o.system == TRE_A07_VISIBILITY}
    level = levels[0] if levels else "N"
    if level != current.visibility.level:
        raise Refused(Reason.CHANGE_NOT_ALLOWED, field="securityLabel (N, R, V)")
    return replace(current, visibility=Visibility.of(restrictions, level))


def _tested(element: Element, current: Changeable, holds: bool) -> Changeable:
    if not holds:
        raise element.wrong("value", "the test does not hold, read the document again")
    return current


# --- FHIRPath Patch ----------------------------------------------------------------------------


def read_fhirpath_patch(parameters: Element) -> Patch:
    """A patch as a `Parameters` resource. Raises Refused: METADATA_INVALID, CHANGE_NOT_ALLOWED."""
    if parameters.text("resourceType") != "Parameters":
        raise parameters.wrong("resourceType", "Parameters is expected")
    operations = parameters.children("parameter")
    if not 1 <= len(operations) <= MAX_OPERATIONS:
        raise parameters.wrong("parameter", f"from 1 to {MAX_OPERATIONS} operations")
    return Patch(tuple(_fhirpath_operation(one) for one in operations))


_ARCHIVE_PATH = re.compile(
    r"(?:DocumentReference\.)?extension"
    r"(?:\.where\(\s*url\s*=\s*['\"]" + re.escape(IS_ARCHIVED) + r"['\"]\s*\)"
    r"|\(['\"]" + re.escape(IS_ARCHIVED) + r"['\"]\))(?:\.value(?:Boolean)?)?"
)


def _fhirpath_operation(element: Element) -> Operation:
    if element.text("name") != "operation":
        raise element.wrong("name", "operation is expected")
    parts = {one.required("name"): one for one in element.children("part")}
    kind = _part(element, parts, "type")
    if kind not in ("add", "insert", "replace", "delete"):
        raise element.wrong("part", "the type is add, insert, replace or delete")
    path = _part(element, parts, "path")
    if kind == "add":
        path = f"{path}.{_part(element, parts, 'name')}"
    return _operation(_as_json_patch(element, kind, path, parts.get("value")))


def _part(element: Element, parts: dict[str, Element], name: str) -> str:
    part = parts.get(name)
    if part is None:
        raise Refused(Reason.METADATA_MISSING, field=f"{element.path}.part", detail=name)
    for kind in ("valueCode", "valueString", "valueUri"):
        text = part.text(kind)
        if text:
            return text
    raise part.wrong("", "a text is expected")


_FHIRPATH_LABEL = re.compile(r"(?:DocumentReference\.)?securityLabel(?:\[([0-9]{1,2})\])?")
_JSON_KINDS = {"add": "add", "insert": "add", "replace": "replace", "delete": "remove"}


def _as_json_patch(element: Element, kind: str, path: str, value: Element | None) -> Element:
    """The operation as the JSON Patch that says the same."""
    label = _FHIRPATH_LABEL.fullmatch(path)
    if path.removeprefix("DocumentReference.") == "status":
        pointer = "/status"
    elif label is not None:
        place = label.group(1) or ("-" if kind in ("add", "insert") else "")
        pointer = f"/securityLabel/{place}" if place else "/securityLabel"
    elif _ARCHIVE_PATH.fullmatch(path):
        pointer = "/extension/0/valueBoolean"
    else:
        raise Refused(
            Reason.CHANGE_NOT_ALLOWED, field=_named(path.removeprefix("DocumentReference."))
        )
    operation: JsonObject = {"op": _JSON_KINDS[kind], "path": pointer}
    if value is not None:
        operation["value"] = _fhirpath_value(value)
    return Element(operation, element.path)


def _fhirpath_value(value: Element) -> Json:
    named = [name for name in value.value if name.startswith("value")]
    if len(named) != 1:
        raise value.wrong("", "one value is expected")
    found = value.value[named[0]]
    if named[0] == "valueCoding":
        return {"coding": [found]}
    return found


def supersedes(parameters: Element) -> bool:
    """Whether a FHIRPath patch does nothing but set the status to superseded (TD2.1)."""
    probe = Changeable(status="current", visibility=Visibility(), archived=False)
    return read_fhirpath_patch(parameters).applied(probe) == replace(probe, status="superseded")
