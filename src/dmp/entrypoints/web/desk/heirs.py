"""A request of heirs, filed at the counter on a record that was closed by death. No content is shown.

Source: CSP L1110-4 V, L1111-18: three purposes; another officer decides.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.heirs.file_request import FileHeirRequest, file_heir_request
from dmp.acts.sharing.check_access import check_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.heirs import HeirPurpose
from dmp.entrypoints.web.desk.deeds import HEIRS, is_agent, may_file_for_heirs
from dmp.entrypoints.web.desk.operations import finished
from dmp.entrypoints.web.desk.persons import path_of, person_of, record_of
from dmp.entrypoints.web.desk.receipts import receipt_address
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.visit import Visit

LONGEST = 200
RELATIONS = {
    "heritier": "Héritier ou ayant droit",
    "conjoint": "Conjoint",
    "concubin": "Concubin",
    "pacs": "Partenaire lié par un PACS",
}
PURPOSES = {
    HeirPurpose.CAUSE_OF_DEATH: "Connaître les causes de la mort",
    HeirPurpose.MEMORY: "Défendre la mémoire du défunt",
    HeirPurpose.RIGHTS: "Faire valoir ses droits",
}


async def file_request(visit: Visit) -> Response:
    """Who asks, as what to the deceased, on which proofs, for which purpose."""
    someone = person_of(visit)
    record = await record_of(visit, someone)
    if record is None or not is_agent(visit) or not someone.is_certain:
        raise Refused(Reason.RECORD_NOT_FOUND)
    if not may_file_for_heirs(record, someone):
        visit.notice("La situation de la personne a changé. Voici ce qui est possible maintenant.")
        return visit.go_to(path_of(visit.part("person")))
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        request = _request(visit, record, errors)
        if request is not None:
            await visit.do(file_heir_request, request)
            finished(visit, path_of(visit.part("person")))
            return visit.go_to(receipt_address(visit, HEIRS, someone, asked_by=request.name))
    return visit.render(
        "desk/heirs.html",
        HEIRS.title,
        status=400 if errors else 200,
        person=someone,
        relations=[(value, label, "") for value, label in RELATIONS.items()],
        purposes=[(value.value, label, "") for value, label in PURPOSES.items()],
        typed=visit.form,
        path=path_of(visit.part("person")),
        button=HEIRS.button,
        errors=errors,
    )


def _request(visit: Visit, record: HealthRecord, errors: dict[str, str]) -> FileHeirRequest | None:
    """The request as the form states it; what must be corrected is said under each field."""
    form = visit.form
    name, proofs = form.text("demandeur")[:LONGEST], form.text("preuves")[:LONGEST]
    purpose = next((one for one in HeirPurpose if one == form.text("finalite")), None)
    relation = RELATIONS.get(form.text("lien"))
    if not name:
        errors["demandeur"] = "Saisissez le nom et le prénom du demandeur."
    if relation is None:
        errors["lien"] = "Indiquez le lien du demandeur avec la personne décédée."
    if not proofs:
        errors["preuves"] = "Indiquez les pièces que vous avez vues."
    if purpose is None:
        errors["finalite"] = "Choisissez l’un des trois motifs prévus par la loi."
    if not form.checked("pieces"):
        errors["pieces"] = "Cochez la case après avoir vu les pièces."
    if errors or purpose is None or relation is None:
        return None
    return FileHeirRequest(
        record_id=record.record_id, name=name, relation=relation, proofs=proofs, purpose=purpose
    )


PAGES = form_page(
    "/guichet/personnes/{person}/ayants-droit",
    file_request,
    Authentication.DESK,
    check_access,
    file_heir_request,
)
