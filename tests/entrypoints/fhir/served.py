"""The FHIR door of a real house, served on loopback, and callers with tokens."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import uvicorn
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette

from dmp.acts.perform import perform
from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.acts.work import Rules
from dmp.bootstrap.house import StandingHouse
from dmp.domain.access.policy import Policy
from dmp.domain.codes import TRE_G15_PROFESSION, TRE_R01_KNOW_HOW, Code
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.identity.caller import (
    Caller,
    Door,
    Holder,
    Professional,
    Strength,
    StructureRef,
    StructureSystem,
)
from dmp.domain.journal.event import Trace
from dmp.entrypoints.fhir.routes import fhir_door, fhir_routes
from dmp.entrypoints.fhir.tokens import TokenVerifier, issue_token
from dmp.formats.content import read_header
from dmp.formats.fhir.document_reference import write_document_reference
from dmp.storage.store import Store
from tests.builders import an_ins
from tests.formats.fhir import samples

T = TypeVar("T")
NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
ISSUER, AUDIENCE = "urn:dmp:token", "http://testserver/fhir"
KEY = ECKey.generate_key("P-256", parameters={"kid": "test"}, private=True)

PRACTICE = StructureRef(
    id_nat=samples.DOCTOR.structure_id, name="Cabinet des Tilleuls", sector="SA07"
)
HOSPITAL = StructureRef(id_nat="1210000014", name="Centre hospitalier du Lac", sector="SA01")


def professional(id_nat: str, name: str, structure: StructureRef, code: str = "10") -> Caller:
    """A professional authenticated in person."""
    return Caller(
        who=Professional(
            id_nat=id_nat,
            name=name,
            profession=Code(code, TRE_G15_PROFESSION),
            structure=structure,
            know_how=Code("SM54", TRE_R01_KNOW_HOW, "Médecine générale"),
        ),
        strength=Strength.INDIVIDUAL,
        door=Door.FHIR,
        software="LogicielTest 1.0",
    )


DOCTOR = professional(samples.DOCTOR.id, "Alix Charpentier", PRACTICE)
OTHER_DOCTOR = professional("810000000017", "Noé Lambert", HOSPITAL)
SYSTEM = Caller(
    who=StructureSystem(structure=HOSPITAL), strength=Strength.STRUCTURE, door=Door.FHIR
)


def holder(ins: Ins) -> Caller:
    """The person herself."""
    return Caller(
        who=Holder(ins=ins, name="DELORME Camille"), strength=Strength.INDIVIDUAL, door=Door.FHIR
    )


def token(caller: Caller, **changes: Any) -> str:
    """A token of this caller."""
    values: dict[str, Any] = {
        "key": KEY,
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "now": datetime.now(UTC),
        "lifetime": timedelta(hours=1),
    }
    return issue_token(caller, **(values | changes))


@dataclass(frozen=True, slots=True)
class Served:
    """A door that answers, and the loop its house lives in."""

    base: str
    house: StandingHouse
    loop: asyncio.AbstractEventLoop

    def client(self, caller: Caller | None) -> httpx.Client:
        """A client that speaks for this caller, or for nobody."""
        headers = {"accept": "application/fhir+json"}
        if caller is not None:
            headers["authorization"] = f"Bearer {token(caller)}"
        return httpx.Client(base_url=self.base, headers=headers, timeout=60, verify=NO_AUTHORITIES)

    def run(self, story: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the house's loop."""
        return asyncio.run_coroutine_threadsafe(story, self.loop).result(60)

    def open_record(self, ins: Ins) -> str:
        """Open a record through the door; returns the id of its Patient."""
        with self.client(DOCTOR) as client:
            answer = client.post("Patient", json=patient(ins))
        assert answer.status_code == 201, answer.text
        identifier: str = answer.json()["id"]
        return identifier

    def traces(self, ins: Ins, patient_id: str) -> list[Trace]:
        """The traces of a record, newest first, read as its holder."""
        request = ReadTraces(record_id=RecordId(UUID(patient_id)))
        page = self.run(perform(self.house, read_traces, request, holder(ins)))
        return list(page.traces)


def patient(ins: Ins, **changes: Any) -> dict[str, Any]:
    """A Patient with which a record is opened."""
    return {
        "resourceType": "Patient",
        "extension": [
            {
                "url": "urn:dmp:StructureDefinition:dmp-consentement",
                "valueString": "Oral, en consultation",
            }
        ],
        "identifier": [{"system": f"urn:oid:{ins.root.value}", "value": ins.matricule}],
        "name": [{"use": "official", "family": "DELORME", "given": ["Camille"]}],
        "gender": "female",
        "birthDate": "1971-02-03",
    } | changes


@contextmanager
def serving(dsn: str, data_dir: Path, **rules: Any) -> Iterator[Served]:
    """Serve the door of a house on this database and folder."""
    ready: list[Served] = []

    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        store = await Store.open(dsn, data_dir, write_document_reference)
        house = StandingHouse(
            rules=replace(Rules(test_mode=True), **rules),
            policy=Policy(),
            read_header=read_header,
            store=store,
        )
        verifier = TokenVerifier(KeySet([KEY]), ISSUER, AUDIENCE, True, house.now)
        # The port is known once the socket is bound: links in answers need it.
        base = f"http://127.0.0.1:{bound.getsockname()[1]}/fhir"
        app.router.routes.extend(fhir_routes(fhir_door(house, verifier, base_url=base)))
        ready.append(Served(base + "/", house, asyncio.get_running_loop()))
        yield
        await store.close()

    app = Starlette(lifespan=living)
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    bound = config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        while not (server.started and ready):
            assert thread.is_alive(), "the server did not start"
            thread.join(0.02)
        yield ready[0]
    finally:
        server.should_exit = True
        thread.join(30)
        bound.close()


_rank = iter(range(1000, 100_000))


def next_ins() -> Ins:
    """An INS that no record has yet."""
    return an_ins(next(_rank))
