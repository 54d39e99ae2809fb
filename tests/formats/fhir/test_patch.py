"""Patches of metadata: the published shapes, the standard ones, and everything else refused."""

from __future__ import annotations

from typing import Any

import pytest

from dmp.domain.documents.visibility import Visibility
from dmp.domain.errors import Reason, Refused
from dmp.formats.fhir.document_reference import IS_ARCHIVED
from dmp.formats.fhir.elements import Element
from dmp.formats.fhir.patch import (
    Changeable,
    read_fhirpath_patch,
    read_json_patch,
    supersedes,
)
from dmp.formats.fhir.strict_json import Json

PLAIN = Changeable(status="current", visibility=Visibility(), archived=False)
MASKED = Changeable(status="current", visibility=Visibility(masked=True), archived=False)
A07 = "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/TRE-A07-StatutVisibiliteDocument"
HL7 = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"


def label(code: str, system: str = A07) -> dict[str, Any]:
    return {"coding": [{"system": HL7 if code in "NRV" else system, "code": code}]}


def applied(current: Changeable, *operations: dict[str, Any]) -> Changeable:
    return read_json_patch(list(operations)).applied(current)


def op(kind: str, path: str, value: Any = None) -> dict[str, Any]:
    return {"op": kind, "path": path} | ({} if kind == "remove" else {"value": value})


def shown(state: Changeable) -> tuple[str, ...]:
    return tuple(one.value for one in state.visibility.restrictions)


@pytest.mark.parametrize(
    ("before", "operations", "after"),
    [
        # Published shapes (TD3.3a, TD3.3b).
        (PLAIN, [op("replace", "/securityLabel/0", label("MASQUE_PS"))], ("MASQUE_PS",)),
        (MASKED, [op("replace", "/securityLabel/0", label("N"))], ()),
        (PLAIN, [op("replace", "/securityLabel/0", label("N"))], ()),
        # JSON Patch as it is.
        (PLAIN, [op("add", "/securityLabel/-", label("MASQUE_PS"))], ("MASQUE_PS",)),
        (PLAIN, [op("add", "/securityLabel/1", label("INVISIBLE_PATIENT"))], ("INVISIBLE_PATIENT",)),
        (MASKED, [op("remove", "/securityLabel/1")], ()),
        (MASKED, [op("replace", "/securityLabel/1", label("INVISIBLE_PATIENT"))],
         ("INVISIBLE_PATIENT",)),
        (MASKED, [op("add", "/securityLabel/-", label("MASQUE_PS"))], ("MASQUE_PS",)),
        (MASKED, [op("replace", "/securityLabel", [label("N")])], ()),
        (PLAIN, [op("replace", "/securityLabel", [label("N"), label("MASQUE_PS")])], ("MASQUE_PS",)),
        (MASKED, [op("test", "/securityLabel/1", label("MASQUE_PS")),
                  op("remove", "/securityLabel/1")], ()),
        # The spelling of published examples.
        (PLAIN, [op("add", "/securityLabel/-",
                    label("MASQUE_PS", A07.replace("Statut", "Status")))], ("MASQUE_PS",)),
    ],
)  # fmt: skip
def test_labels_are_a_set(
    before: Changeable, operations: list[dict[str, Any]], after: tuple[str, ...]
) -> None:
    assert shown(applied(before, *operations)) == after


def test_normal_does_not_show_a_minors_document_to_the_parents() -> None:
    visibility = Visibility(masked=True, hidden_from_representatives=True)
    before = Changeable(status="current", visibility=visibility, archived=False)
    after = applied(before, op("replace", "/securityLabel/0", label("N")))
    assert shown(after) == ("INVISIBLE_REPRESENTANTS_LEGAUX",)
    shown_on_purpose = applied(before, op("remove", "/securityLabel/2"))
    assert shown(shown_on_purpose) == ("MASQUE_PS",)


@pytest.mark.parametrize(
    "path",
    [
        f"/extension[url:'{IS_ARCHIVED}']/valueBoolean",
        f'/extension[url="{IS_ARCHIVED}"]/valueBoolean',
        "/extension/0/valueBoolean",
    ],
)
@pytest.mark.parametrize("wanted", [True, False])
def test_the_archive_has_the_published_path_and_the_standard_one(path: str, wanted: bool) -> None:
    assert applied(PLAIN, op("replace", path, wanted)).archived is wanted


def test_the_archive_extension_as_a_whole() -> None:
    extension = {"url": IS_ARCHIVED, "valueBoolean": True}
    archived = applied(PLAIN, op("add", "/extension/-", extension))
    assert archived.archived
    assert not applied(archived, op("remove", "/extension/0")).archived


def test_the_status_superseded_and_deleted() -> None:
    for status in ("superseded", "entered-in-error"):
        assert applied(PLAIN, op("replace", "/status", status)).status == status


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        (op("replace", "/type", {}), Reason.CHANGE_NOT_ALLOWED),
        (op("replace", "/subject/identifier/value", "x"), Reason.CHANGE_NOT_ALLOWED),
        (op("remove", "/content/0"), Reason.CHANGE_NOT_ALLOWED),
        (op("replace", "", {}), Reason.CHANGE_NOT_ALLOWED),
        (op("replace", "/docStatus", "final"), Reason.CHANGE_NOT_ALLOWED),
        (op("replace", "/extension[url:'urn:x']/valueBoolean", True), Reason.CHANGE_NOT_ALLOWED),
        (op("add", "/extension/-", {"url": "urn:x", "valueBoolean": True}),
         Reason.CHANGE_NOT_ALLOWED),
        (op("replace", "/securityLabel", [label("V")]), Reason.CHANGE_NOT_ALLOWED),
        (op("replace", "status", "superseded"), Reason.METADATA_INVALID),
        (op("move", "/status", "superseded"), Reason.METADATA_INVALID),
        (op("copy", "/securityLabel/0", "/x"), Reason.METADATA_INVALID),
        (op("remove", "/status"), Reason.METADATA_INVALID),
        (op("replace", "/status", "final"), Reason.METADATA_INVALID),
        (op("replace", "/status", 7), Reason.METADATA_INVALID),
        (op("test", "/status", "superseded"), Reason.METADATA_INVALID),
        (op("remove", "/securityLabel/4"), Reason.METADATA_INVALID),
        (op("remove", "/securityLabel/-"), Reason.METADATA_INVALID),
        (op("replace", "/securityLabel/0/coding/0/code", "V"), Reason.METADATA_INVALID),
        (op("replace", "/securityLabel/0", "MASQUE_PS"), Reason.METADATA_INVALID),
        (op("replace", "/securityLabel/0", {"text": "masqué"}), Reason.METADATA_INVALID),
        (op("test", "/securityLabel/0", label("MASQUE_PS")), Reason.METADATA_INVALID),
        (op("replace", "/securityLabel/0", label("SECRET")), Reason.CODE_UNKNOWN),
        (op("replace", "/extension/0/valueBoolean", "true"), Reason.METADATA_INVALID),
        ({"op": "replace", "path": "/status"}, Reason.METADATA_MISSING),
        ({"path": "/status", "value": "superseded"}, Reason.METADATA_MISSING),
        ({"op": 7, "path": "/status"}, Reason.METADATA_INVALID),
    ],
)  # fmt: skip
def test_anything_else_is_refused(operation: dict[str, Any], reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        applied(PLAIN, operation)
    assert refused.value.reason is reason


def test_masked_and_hidden_from_the_patient_exclude_each_other() -> None:
    with pytest.raises(Refused) as refused:
        applied(MASKED, op("add", "/securityLabel/-", label("INVISIBLE_PATIENT")))
    assert refused.value.reason is Reason.VISIBILITY_CONFLICT


@pytest.mark.parametrize("value", [None, {}, [], "x", ["x"], [op("remove", "/extension/0")] * 50])
def test_what_is_no_patch_is_refused(value: Any) -> None:
    with pytest.raises(Refused):
        read_json_patch(value)


def parameters(*operations: dict[str, Any]) -> Element:
    listed: list[Json] = []
    for operation in operations:
        parts: list[Json] = [
            {"name": name} | (value if isinstance(value, dict) else {"valueString": value})
            for name, value in operation.items()
        ]
        listed.append({"name": "operation", "part": parts})
    return Element({"resourceType": "Parameters", "parameter": listed}, "Parameters")


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        (
            {
                "type": "replace",
                "path": "DocumentReference.status",
                "value": {"valueCode": "superseded"},
            },
            Changeable(status="superseded", visibility=Visibility(), archived=False),
        ),
        (
            {
                "type": "replace",
                "path": f"DocumentReference.extension.where(url='{IS_ARCHIVED}').value",
                "value": {"valueBoolean": True},
            },
            Changeable(status="current", visibility=Visibility(), archived=True),
        ),
        (
            {
                "type": "add",
                "path": "DocumentReference",
                "name": "securityLabel",
                "value": {"valueCodeableConcept": label("MASQUE_PS")},
            },
            MASKED,
        ),
        (
            {
                "type": "add",
                "path": "DocumentReference",
                "name": "securityLabel",
                "value": {"valueCoding": label("MASQUE_PS")["coding"][0]},
            },
            MASKED,
        ),
    ],
)
def test_fhirpath_says_the_same(operation: dict[str, Any], after: Changeable) -> None:
    assert read_fhirpath_patch(parameters(operation)).applied(PLAIN) == after


def test_fhirpath_takes_a_label_away() -> None:
    patch = read_fhirpath_patch(parameters({"type": "delete", "path": "securityLabel[1]"}))
    assert patch.applied(MASKED) == PLAIN


@pytest.mark.parametrize(
    "operation",
    [
        {"type": "replace", "path": "DocumentReference.type", "value": {"valueCode": "x"}},
        {"type": "move", "path": "DocumentReference.status"},
        {"type": "replace", "path": "DocumentReference.status"},
        {"type": "replace", "value": {"valueCode": "superseded"}},
        {"type": "replace", "path": "Patient.active", "value": {"valueBoolean": False}},
        {"type": "replace", "path": "DocumentReference.status", "value": {}},
    ],
)
def test_other_fhirpath_is_refused(operation: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        read_fhirpath_patch(parameters(operation)).applied(PLAIN)


def test_superseding_is_told_from_other_patches() -> None:
    status = {"type": "replace", "path": "DocumentReference.status"}
    assert supersedes(parameters(status | {"value": {"valueCode": "superseded"}}))
    assert not supersedes(parameters(status | {"value": {"valueCode": "entered-in-error"}}))
