"""`$dmp-masquage`: what is masked, from whom; and the answer.

From all professionals it is the label MASQUE_PS of documents; from one profession or one professional a mask
that shows on no document.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import PS_ROOT
from dmp.domain.record.preferences import Audience, Covered, Mask
from dmp.formats.fhir.dates import write_instant
from dmp.formats.fhir.elements import Element
from dmp.formats.fhir.rights.parameters import (
    Given,
    Kind,
    Known,
    Vocabulary,
    named,
    parameter,
    parts,
    read_parameters,
    wrong,
)
from dmp.formats.fhir.strict_json import JsonObject


class MaskingAction(StrEnum):
    """What is done."""

    MASK = "MASQUER"
    SHOW = "DEMASQUER"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskingRequest:
    """Documents, a category or everything; from all professionals when `audience` is None.

    `future`: the choice holds for new documents of the category too.
    """

    action: MaskingAction
    documents: tuple[UUID, ...] = ()
    category: str = ""
    everything: bool = False
    future: bool = False
    audience: Audience | None = None
    audience_id: str = ""
    name: str = ""

    @property
    def covered(self) -> Covered:
        """What a mask to some covers."""
        if self.everything:
            return Covered.EVERYTHING
        return Covered.CATEGORY if self.category else Covered.DOCUMENT

    @property
    def targets(self) -> tuple[str, ...]:
        """What a mask to some is put on."""
        return tuple(map(str, self.documents)) if self.documents else (self.category,)


VOCABULARY: Final[Vocabulary] = {
    "action": Known(kind=Kind.CODE),
    "document": Known(kind=Kind.DOCUMENT, many=True),
    "categorie": Known(kind=Kind.CODE),
    "tout": Known(kind=Kind.FLAG),
    "avenir": Known(kind=Kind.FLAG),
    "profession": Known(kind=Kind.CODE),
    "professionnel": Known(kind=Kind.IDENTIFIER),
    "nom": Known(kind=Kind.TEXT),
}


def read_masking(resource: Element, *, test_mode: bool) -> MaskingRequest:
    """Read the parameters of VOCABULARY. Raises Refused as `masking_of` and `read_parameters`."""
    return masking_of(read_parameters(resource, VOCABULARY), test_mode=test_mode)


def masking_of(given: Given, *, test_mode: bool) -> MaskingRequest:
    """The request that these parameters say.

    Raises:
        Refused: PARAMETER_MISSING, PARAMETER_INVALID: nothing or two things to mask, two audiences,
            everything from all professionals, a choice for the future of something else than a category.
    """
    asked = MaskingRequest(
        action=given.chosen("action", MaskingAction),
        documents=given.documents("document"),
        category=given.code("categorie"),
        everything=bool(given.flag("tout")),
        future=bool(given.flag("avenir")),
        audience=_audience(given),
        audience_id=given.code("profession")
        or given.professional("professionnel", test_mode=test_mode),
        name=given.text("nom"),
    )
    what = [bool(asked.documents), bool(asked.category), asked.everything].count(True)
    if what == 0:
        raise Refused(Reason.PARAMETER_MISSING, parameter="document")
    if what > 1:
        raise wrong("document", "documents, a category or everything: one of the three")
    if asked.audience is None and asked.everything:
        raise wrong("tout", "of one profession or one professional; see masquer-nouveaux")
    if asked.future and (asked.audience is not None or not asked.category):
        raise wrong("avenir", "of a category, from all professionals; a mask to some holds anyway")
    return asked


def _audience(given: Given) -> Audience | None:
    if "profession" in given and "professionnel" in given:
        raise wrong("profession", "a profession or a professional, not both")
    if "professionnel" in given:
        return Audience.PROFESSIONAL
    if "profession" in given:
        return Audience.PROFESSION
    if "nom" in given:
        raise Refused(Reason.PARAMETER_MISSING, parameter="professionnel")
    return None


def write_document(name: str, entry: DocumentEntry) -> JsonObject:
    """A document as a parameter: its reference and its title."""
    reference: JsonObject = {
        "reference": f"DocumentReference/{entry.document_id}",
        "display": entry.title,
    }
    return parameter(name, Kind.DOCUMENT, reference)


def write_mask(mask: Mask) -> JsonObject:
    """A mask to some as a parameter with parts."""
    if mask.audience is Audience.PROFESSION:
        whom = parameter("profession", Kind.CODE, mask.audience_id)
    else:
        whom = parameter("professionnel", Kind.IDENTIFIER, named(mask.audience_id, PS_ROOT))
    inside = [whom]
    if mask.name:
        inside.append(parameter("nom", Kind.TEXT, mask.name))
    match mask.covered:
        case Covered.DOCUMENT:
            reference: JsonObject = {"reference": f"DocumentReference/{mask.target}"}
            inside.append(parameter("document", Kind.DOCUMENT, reference))
        case Covered.CATEGORY:
            inside.append(parameter("categorie", Kind.CODE, mask.target))
        case Covered.EVERYTHING:
            inside.append(parameter("tout", Kind.FLAG, True))
    inside.append({"name": "debut", "valueInstant": write_instant(mask.start)})
    return parts("masque", *inside)
