"""TD0.3: the patient's consent to an access, given or taken back, as a `Parameters` resource.

No FHIR form is published for it: the operation `$dmp-autorisation` is our own (docs/decisions).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import STRUCTURE_ROOT
from dmp.domain.record.relations import Basis
from dmp.formats.fhir.elements import Element
from dmp.formats.fhir.rights.parameters import (
    Given,
    Kind,
    Known,
    Vocabulary,
    read_parameters,
    wrong,
)
from dmp.formats.fhir.systems import oid_of


class AuthorisationAction(StrEnum):
    """What is done to the authorisation. Source: DMP TD0.3."""

    ADD = "AJOUT"
    REMOVE = "SUPPRESSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationRequest:
    """One change: for the caller himself or his structure's care team, or for somebody named, for so many days.

    `told` states that the person was told the reasons, the rules, and how to restrict the access.
    """

    action: AuthorisationAction
    basis: Basis = Basis.ORAL
    to_team: bool = False
    days: int | None = None
    grantee_id: str = ""
    grantee_name: str = ""
    told: bool = False


VOCABULARY: Final[Vocabulary] = {
    "action": Known(kind=Kind.CODE),
    "recueil": Known(kind=Kind.CODE),
    "equipe": Known(kind=Kind.FLAG),
    "duree": Known(kind=Kind.NUMBER),
    "beneficiaire": Known(kind=Kind.IDENTIFIER),
    "nom": Known(kind=Kind.TEXT),
    "information": Known(kind=Kind.FLAG),
}


def read_authorisation(resource: Element, *, test_mode: bool) -> AuthorisationRequest:
    """Read the parameters of VOCABULARY.

    Raises:
        Refused: CONSENT_MISSING (it is not said how the consent was expressed), and as `read_parameters`.
    """
    given = read_parameters(resource, VOCABULARY)
    action = given.chosen("action", AuthorisationAction)
    basis = given.choice("recueil", Basis)
    if basis is None and action is AuthorisationAction.ADD:
        # Never by silence: how the consent was expressed is part of it.
        raise Refused(Reason.CONSENT_MISSING, field="Parameters.parameter")
    if "nom" in given and "beneficiaire" not in given:
        raise Refused(Reason.PARAMETER_MISSING, parameter="beneficiaire")
    grantee, is_team = _grantee(given, test_mode)
    return AuthorisationRequest(
        action=action,
        basis=basis or Basis.ORAL,
        to_team=bool(given.flag("equipe")) or is_team,
        days=given.number("duree"),
        grantee_id=grantee,
        grantee_name=given.text("nom"),
        told=bool(given.flag("information")),
    )


def _grantee(given: Given, test_mode: bool) -> tuple[str, bool]:
    """Whom it is given to, and whether that is a structure's care team."""
    element = given.one("beneficiaire")
    child = element.child(Kind.IDENTIFIER) if element is not None else None
    if child is None:
        return "", False
    if oid_of(child.text("system")) != STRUCTURE_ROOT:
        if given.flag("equipe"):
            raise wrong("beneficiaire", "a team is named by the Struct_IdNat of its structure")
        return given.professional("beneficiaire", test_mode=test_mode), False
    if given.flag("equipe") is False:
        raise wrong("equipe", "a structure is given access as a team")
    return given.structure("beneficiaire"), True
