"""The floor plan of the door: addresses, methods, transactions."""

from __future__ import annotations

from collections.abc import Callable

from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from dmp.acts.documents.find_documents import find_documents_ready
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.documents.retrieve_document import read_metadata_ready, retrieve_document
from dmp.acts.documents.update_metadata import update_metadata
from dmp.acts.life.open_record import open_record
from dmp.acts.sharing.check_access import check_access
from dmp.acts.work import House
from dmp.entrypoints.fhir import iti65, iti67, iti68, iti105, metadata_update, td02, td11
from dmp.entrypoints.fhir.capability import capability_handler
from dmp.entrypoints.fhir.door import FhirDoor, Place
from dmp.entrypoints.fhir.rights.places import places
from dmp.entrypoints.fhir.tokens import TokenVerifier
from dmp.formats.fhir.outcome import Sentences
from dmp.locale import translate


def fhir_door(
    house: House,
    verifier: TokenVerifier,
    *,
    base_url: str,
    sentences: Sentences = translate,
    paused: Callable[[], bool] = lambda: False,
) -> Router:
    """The door as an application of its own.

    Args:
        house: what the acts need.
        verifier: of the access tokens.
        base_url: the address of the door as clients know it, e.g. `https://dmp.example.fr/fhir`.
        sentences: the sentences of refusals in French.
        paused: whether the service is being maintained.
    """
    door = FhirDoor(
        house=house,
        verifier=verifier,
        base_url=base_url.rstrip("/") + "/",
        sentences=sentences,
        paused=paused,
    )
    routes = [Route(path, place) for path, place in _places(door)]
    return Router(routes, default=Place(door, {}), redirect_slashes=False)


class _WithSlash:
    """The same door for the address without its last slash: transactions are posted to either."""

    def __init__(self, door: ASGIApp, path: str) -> None:
        self._door = door
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inside = {
            **scope,
            "path": scope["path"] + "/",
            "root_path": scope.get("root_path", "") + self._path,
        }
        await self._door(inside, receive, send)


def fhir_routes(door: ASGIApp, path: str = "/fhir") -> list[BaseRoute]:
    """The door at its path, with and without the slash."""
    return [Mount(path, door), Route(path, _WithSlash(door, path))]


def _places(door: FhirDoor) -> list[tuple[str, Place]]:
    provide, find = provide_documents.name, find_documents_ready.name
    check, update = check_access.name, update_metadata.name
    system = Place(door, {"POST": (provide, iti65.transaction)})
    documents = {
        "GET": (find, iti67.search),
        "POST": (provide, iti105.publish),
        "PATCH": (update, metadata_update.patch_by_identifier),
    }
    document = {
        "GET": (read_metadata_ready.name, iti67.read),
        "PATCH": (update, metadata_update.patch),
    }
    content = {"GET": (retrieve_document.name, iti68.retrieve)}
    patients = {"GET": (check, td02.search), "POST": (open_record.name, td11.open_for)}
    metadata = {"GET": ("read-capabilities", capability_handler(door))}
    return [
        ("/DocumentReference", Place(door, documents)),
        ("/DocumentReference/_search", Place(door, {"POST": (find, iti67.search_by_post)})),
        ("/DocumentReference/{id}", Place(door, document)),
        ("/Binary/{id}", Place(door, content, raw=True)),
        ("/Patient", Place(door, patients)),
        ("/Patient/_search", Place(door, {"POST": (check, td02.search_by_post)})),
        ("/Patient/{id}", Place(door, {"GET": (check, td02.read)})),
        *places(door),
        ("/metadata", Place(door, metadata, public=True)),
        ("/", system),
    ]
