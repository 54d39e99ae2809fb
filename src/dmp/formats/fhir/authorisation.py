"""TD0.3: the patient's consent to an access, given or taken back, as a `Parameters` resource.

No FHIR form is published for it: the operation `$dmp-autorisation` is our own (docs/decisions).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from dmp.domain.errors import Reason, Refused
from dmp.domain.record.relations import Basis
from dmp.formats.fhir.elements import Element


class AuthorisationAction(StrEnum):
    """What is done to the authorisation. Source: DMP TD0.3."""

    ADD = "AJOUT"
    REMOVE = "SUPPRESSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisationRequest:
    """One change: for the caller himself or his structure's care team, for so many days."""

    action: AuthorisationAction
    basis: Basis = Basis.ORAL
    to_team: bool = False
    days: int | None = None


_KNOWN = ("action", "recueil", "equipe", "duree")
Choice = TypeVar("Choice", bound=StrEnum)


def read_authorisation(parameters: Element) -> AuthorisationRequest:
    """Read the parameters `action`, `recueil`, `equipe` and `duree`.

    Raises:
        Refused: METADATA_MISSING, METADATA_INVALID.
    """
    if parameters.text("resourceType") != "Parameters":
        raise parameters.wrong("resourceType", "Parameters is expected")
    given: dict[str, Element] = {}
    for one in parameters.children("parameter"):
        name = one.required("name")
        if name not in _KNOWN or name in given:
            raise one.wrong("name", f"each of {', '.join(_KNOWN)} at most once")
        given[name] = one
    action = _choice(given.get("action"), AuthorisationAction)
    if action is None:
        raise Refused(Reason.METADATA_MISSING, field="Parameters.parameter", detail="action")
    team = given.get("equipe")
    duration = given.get("duree")
    days = None
    if duration is not None:
        days = duration.whole("valueInteger")
        days = duration.whole("valuePositiveInt") if days is None else days
    basis = _choice(given.get("recueil"), Basis)
    if basis is None and action is AuthorisationAction.ADD:
        # Never by silence: how the consent was expressed is part of it.
        raise Refused(Reason.CONSENT_MISSING, field="Parameters.parameter")
    return AuthorisationRequest(
        action=action,
        basis=basis or Basis.ORAL,
        to_team=bool(team.flag("valueBoolean")) if team is not None else False,
        days=days,
    )


def _choice(element: Element | None, kinds: type[Choice]) -> Choice | None:
    if element is None:
        return None
    try:
        return kinds(element.text("valueCode"))
    except ValueError:
        raise element.wrong("valueCode", f"one of {', '.join(kinds)}") from None
