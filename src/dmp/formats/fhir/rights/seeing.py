"""`$dmp-voir-comme`: through whose eyes, after which changes; and what they see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from dmp.domain.access.readers import Group
from dmp.domain.access.see_as import Considered, ReaderRef
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import InsRoot
from dmp.domain.record.preferences import Audience, EmergencySwitches, Mask
from dmp.formats.fhir.elements import Element, read_ins
from dmp.formats.fhir.rights.choices import SWITCHES, switches_of
from dmp.formats.fhir.rights.masking import VOCABULARY as MASKING
from dmp.formats.fhir.rights.masking import (
    MaskingAction,
    MaskingRequest,
    masking_of,
    write_document,
)
from dmp.formats.fhir.rights.parameters import (
    Given,
    Kind,
    Known,
    Vocabulary,
    parameter,
    professional_of,
    read_parameters,
    write_parameters,
    wrong,
)
from dmp.formats.fhir.strict_json import JsonObject

VOCABULARY: Final[Vocabulary] = {
    "lecteur": Known(kind=Kind.CODE),
    "identifiant": Known(kind=Kind.IDENTIFIER),
    "profession": Known(kind=Kind.CODE),
    "structure": Known(kind=Kind.IDENTIFIER),
    "masquage": Known(kind=Kind.PARTS, many=True),
    "bloquer": Known(kind=Kind.IDENTIFIER, many=True),
    "debloquer": Known(kind=Kind.IDENTIFIER, many=True),
    "retirer": Known(kind=Kind.IDENTIFIER, many=True),
    "urgence": Known(kind=Kind.PARTS),
}
_SWITCHES: Final[Vocabulary] = {name: Known(kind=Kind.FLAG) for name in SWITCHES}
_PEOPLE = (Group.REPRESENTATIVE, Group.CARER)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeingRequest:
    """The reader, and the changes considered."""

    reader: ReaderRef
    considered: Considered


def read_seeing(resource: Element, *, test_mode: bool, at: datetime) -> SeeingRequest:
    """Read the parameters of VOCABULARY; `at` is the present instant, at which masks would begin.

    Raises Refused as `read_parameters` and `masking_of`.
    """
    given = read_parameters(resource, VOCABULARY)
    group = given.chosen("lecteur", Group)
    reader = ReaderRef(
        group=group,
        id=_identity(group, given, test_mode),
        line=given.code("profession"),
        structure_id=given.structure("structure"),
    )
    return SeeingRequest(reader=reader, considered=_considered(given, test_mode, at))


def _identity(group: Group, given: Given, test_mode: bool) -> str:
    if group not in _PEOPLE:
        return given.professional("identifiant", test_mode=test_mode)
    child = given.needed("identifiant").child(Kind.IDENTIFIER)
    ins = read_ins(child, test_mode=test_mode) if child is not None else None
    if ins is None:
        raise wrong("identifiant", f"an INS, system urn:oid:{InsRoot.NIR.value} or its like")
    return ins.matricule


def _considered(given: Given, test_mode: bool, at: datetime) -> Considered:
    asked = [masking_of(one, test_mode=test_mode) for one in given.parts("masquage", MASKING)]
    to_all = [one for one in asked if one.audience is None]
    to_some = [one for one in asked if one.audience is not None]
    return Considered(
        masked=_documents(to_all, MaskingAction.MASK),
        shown=_documents(to_all, MaskingAction.SHOW),
        masked_categories=_categories(to_all, MaskingAction.MASK),
        shown_categories=_categories(to_all, MaskingAction.SHOW),
        kept=_masks(to_some, MaskingAction.MASK, at),
        shown_again=_masks(to_some, MaskingAction.SHOW, at),
        blocked=_professionals(given, "bloquer", test_mode),
        unblocked=_professionals(given, "debloquer", test_mode),
        withdrawn=_professionals(given, "retirer", test_mode),
        emergency=_emergency(given),
    )


def _documents(asked: Iterable[MaskingRequest], action: MaskingAction) -> frozenset[UUID]:
    return frozenset(d for one in asked if one.action is action for d in one.documents)


def _categories(asked: Iterable[MaskingRequest], action: MaskingAction) -> frozenset[str]:
    return frozenset(one.category for one in asked if one.action is action and one.category)


def _masks(
    asked: Iterable[MaskingRequest], action: MaskingAction, at: datetime
) -> tuple[Mask, ...]:
    return tuple(
        Mask(
            audience=one.audience or Audience.PROFESSION,
            audience_id=one.audience_id,
            covered=one.covered,
            target=target,
            name=one.name,
            start=at,
        )
        for one in asked
        if one.action is action
        for target in one.targets
    )


def _professionals(given: Given, name: str, test_mode: bool) -> frozenset[str]:
    found = given.values.get(name, ())
    return frozenset(professional_of(one, name, test_mode=test_mode) for one in found)


def _emergency(given: Given) -> EmergencySwitches | None:
    for inside in given.parts("urgence", _SWITCHES):
        missing = next((name for name in SWITCHES if name not in inside), None)
        if missing is not None:
            raise Refused(Reason.PARAMETER_MISSING, parameter=missing)
        return EmergencySwitches(**switches_of(inside))
    return None


def write_seen(
    name: str,
    today: Iterable[DocumentEntry],
    after: Iterable[DocumentEntry],
    reason_today: Reason | None,
    reason_after: Reason | None,
) -> bytes:
    """What the reader sees, today and after: documents, and why the record is shut to him if it is."""
    found: list[JsonObject] = [parameter("nom", Kind.TEXT, name)] if name else []
    for when, reason, documents in (
        ("aujourd-hui", reason_today, today),
        ("apres", reason_after, after),
    ):
        if reason is not None:
            found.append(parameter(f"refus-{when}", Kind.CODE, reason.value))
        found += [write_document(when, entry) for entry in documents]
    return write_parameters(found)
