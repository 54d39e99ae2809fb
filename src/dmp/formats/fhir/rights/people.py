"""`$dmp-blocage` and `$dmp-administrateur`: one professional, by his identifier and his name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import PS_ROOT
from dmp.domain.record.relations import Authorisation
from dmp.formats.fhir.elements import Element
from dmp.formats.fhir.rights.parameters import (
    Given,
    Kind,
    Known,
    Vocabulary,
    named,
    parameter,
    read_parameters,
    write_parameters,
)


class BlockingAction(StrEnum):
    """What is done to a professional's access."""

    BLOCK = "BLOQUER"
    UNBLOCK = "DEBLOQUER"


class AdministrationAction(StrEnum):
    """What is done to a professional's rights of an administrator."""

    APPOINT = "NOMMER"
    DISMISS = "REVOQUER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One professional: PS_IdNat, and the name the holder knows him by."""

    person_id: str
    name: str


BLOCKING: Final[Vocabulary] = {
    "action": Known(kind=Kind.CODE),
    "professionnel": Known(kind=Kind.IDENTIFIER),
    "nom": Known(kind=Kind.TEXT),
}
ADMINISTRATION: Final[Vocabulary] = {**BLOCKING, "duree": Known(kind=Kind.NUMBER)}


def read_blocking(resource: Element, *, test_mode: bool) -> tuple[BlockingAction, Named]:
    """Whom to block, or to unblock. Raises Refused as `read_parameters`; PARAMETER_MISSING."""
    given = read_parameters(resource, BLOCKING)
    action = given.chosen("action", BlockingAction)
    return action, _named(given, test_mode, needs_name=action is BlockingAction.BLOCK)


def read_administration(
    resource: Element, *, test_mode: bool
) -> tuple[AdministrationAction, Named, int | None]:
    """Whom to appoint, for how many days, or to dismiss. Raises Refused as `read_blocking`."""
    given = read_parameters(resource, ADMINISTRATION)
    action = given.chosen("action", AdministrationAction)
    appoints = action is AdministrationAction.APPOINT
    return action, _named(given, test_mode, needs_name=appoints), given.number("duree")


def _named(given: Given, test_mode: bool, *, needs_name: bool) -> Named:
    given.needed("professionnel")
    if needs_name and not given.text("nom"):
        raise Refused(Reason.PARAMETER_MISSING, parameter="nom")
    person = given.professional("professionnel", test_mode=test_mode)
    return Named(person_id=person, name=given.text("nom"))


def write_standing(person: Named, status: Authorisation, *, administrator: bool) -> bytes:
    """How a professional stands now: his authorisation, and whether he is an administrator."""
    return write_parameters(
        (
            parameter("professionnel", Kind.IDENTIFIER, named(person.person_id, PS_ROOT)),
            parameter("statut", Kind.CODE, status.value),
            parameter("administrateur", Kind.FLAG, administrator),
        )
    )
