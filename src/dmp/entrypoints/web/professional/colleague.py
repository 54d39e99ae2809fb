"""Another professional, as one types him: his RPPS and his name."""

from __future__ import annotations

from dmp.domain.errors import Refused
from dmp.domain.identifiers import PersonId, PersonIdKind
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal

_LONGEST_NAME = 100
_RPPS_LENGTH = 11


def read_colleague(visit: Visit, errors: dict[str, str]) -> tuple[str, str] | None:
    """His PS_IdNat and his name; what must be corrected is said under `rpps` and `nom`."""
    number = "".join(visit.form.text("rpps").split())
    name = " ".join(visit.form.text("nom").split())[:_LONGEST_NAME]
    person_id = ""
    if len(number) != _RPPS_LENGTH:
        errors["rpps"] = "Saisissez les 11 chiffres de son numéro RPPS."
    else:
        try:
            given = f"{PersonIdKind.RPPS.value}{number}"
            person_id = PersonId.parse(given, test_mode=visit.options.test_mode).value
        except Refused as refused:
            errors["rpps"] = refusal(refused)
    if not name:
        errors["nom"] = "Saisissez son nom, tel que le patient le connaît."
    return None if errors.keys() & {"rpps", "nom"} else (person_id, name)
