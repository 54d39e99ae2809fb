"""The addresses of the operations on rights."""

from __future__ import annotations

from dmp.acts.documents.mask_documents import mask_documents
from dmp.acts.documents.see_as import see_as
from dmp.acts.person.read_notices import read_inbox, read_notices
from dmp.acts.person.read_traces import read_traces
from dmp.acts.sharing.appoint_administrator import appoint_administrator
from dmp.acts.sharing.block_professional import block_professional
from dmp.acts.sharing.grant_consent import grant_consent
from dmp.acts.sharing.read_choices import read_choices
from dmp.acts.sharing.set_preferences import set_preferences
from dmp.entrypoints.fhir import td11
from dmp.entrypoints.fhir.door import FhirDoor, Handler, Place
from dmp.entrypoints.fhir.rights import choices, masking, people, seeing, told
from dmp.formats.fhir import capability as names


def places(door: FhirDoor) -> list[tuple[str, Place]]:
    """Paths, and for each method the act it leads to first."""
    operations: tuple[tuple[str, dict[str, tuple[str, Handler]]], ...] = (
        (names.AUTHORISATION_OPERATION, {"POST": (grant_consent.name, td11.authorise)}),
        (names.MASKING_OPERATION, {"POST": (mask_documents.name, masking.mask)}),
        (names.BLOCKING_OPERATION, {"POST": (block_professional.name, people.block)}),
        (names.ADMINISTRATION_OPERATION, {"POST": (appoint_administrator.name, people.administer)}),
        (
            names.CHOICES_OPERATION,
            {
                "GET": (read_choices.name, choices.read),
                "POST": (set_preferences.name, choices.change),
            },
        ),
        (names.SEEING_OPERATION, {"POST": (see_as.name, seeing.see)}),
        (names.TRACES_OPERATION, {"GET": (read_traces.name, told.traces)}),
        (names.NOTICES_OPERATION, {"GET": (read_notices.name, told.notices)}),
    )
    inbox = Place(door, {"GET": (read_inbox.name, told.inbox)})
    return [
        *((f"/Patient/{{id}}/${name}", Place(door, handlers)) for name, handlers in operations),
        (f"/${names.NOTICES_OPERATION}", inbox),
    ]
