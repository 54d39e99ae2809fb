"""`$dmp-choix`: the holder's switches and defaults, and what he keeps from whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import PS_ROOT
from dmp.domain.record.preferences import EmergencySwitches, Preferences
from dmp.formats.fhir.elements import Element
from dmp.formats.fhir.rights.masking import write_mask
from dmp.formats.fhir.rights.parameters import (
    Given,
    Kind,
    Known,
    Vocabulary,
    named,
    parameter,
    parts,
    read_parameters,
    write_parameters,
)
from dmp.formats.fhir.strict_json import JsonObject

SWITCHES: Final = {
    "bris-de-glace": "break_glass",
    "centre-15": "regulation",
    "masques-en-urgence": "masked_documents",
}
"""The three emergency switches by the names of their parameters."""
VOCABULARY: Final[Vocabulary] = {name: Known(kind=Kind.FLAG) for name in SWITCHES} | {
    "masquer-nouveaux": Known(kind=Kind.FLAG),
    "categorie-masquee": Known(kind=Kind.CODE, many=True),
    "opposition-heritiers": Known(kind=Kind.FLAG),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesRequest:
    """What is said anew; what is not said stays. `masked_categories`, when said, is the whole list."""

    switches: dict[str, bool]
    mask_new_documents: bool | None = None
    masked_categories: tuple[str, ...] | None = None
    heirs_opposed: bool | None = None

    def emergency(self, before: EmergencySwitches) -> EmergencySwitches:
        """The switches as they would be."""
        return replace(before, **self.switches)


def read_choices(resource: Element) -> ChoicesRequest:
    """Read the parameters of VOCABULARY, at least one. Raises Refused as `read_parameters`."""
    given = read_parameters(resource, VOCABULARY)
    if not given.values:
        raise Refused(Reason.PARAMETER_MISSING, parameter="masquer-nouveaux")
    categories = given.codes("categorie-masquee")
    return ChoicesRequest(
        switches=switches_of(given),
        mask_new_documents=given.flag("masquer-nouveaux"),
        masked_categories=categories if "categorie-masquee" in given else None,
        heirs_opposed=given.flag("opposition-heritiers"),
    )


def switches_of(given: Given) -> dict[str, bool]:
    """The emergency switches that are said, by the names of the domain."""
    said = ((field, given.flag(name)) for name, field in SWITCHES.items())
    return {field: flag for field, flag in said if flag is not None}


def write_choices(choices: Preferences, at: datetime) -> bytes:
    """The choices in force at an instant."""
    found: list[JsonObject] = [
        parameter(name, Kind.FLAG, getattr(choices.emergency, field))
        for name, field in SWITCHES.items()
    ]
    found.append(parameter("masquer-nouveaux", Kind.FLAG, choices.mask_new_documents))
    found += [parameter("categorie-masquee", Kind.CODE, c) for c in choices.masked_categories]
    found.append(parameter("opposition-heritiers", Kind.FLAG, choices.heirs_opposed))
    found += [write_mask(mask) for mask in choices.masks if mask.in_force(at)]
    for block in choices.blocks:
        if block.in_force(at):
            whom = parameter("professionnel", Kind.IDENTIFIER, named(block.person_id, PS_ROOT))
            found.append(parts("bloque", whom, parameter("nom", Kind.TEXT, block.name)))
    return write_parameters(found)
