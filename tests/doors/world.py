"""A world: one house with both its doors, whose clock and identifiers are told, so that two can be compared."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch
from uuid import UUID

import httpx
import psycopg
from joserfc.jwk import ECKey, KeySet

from dmp.acts.act import Act
from dmp.acts.perform import perform
from dmp.acts.work import HeaderReader, ReimbursementsWriter, Rules, Unit
from dmp.domain.access.policy import Policy
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.errors import Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Caller, Purpose
from dmp.entrypoints.asgi import application
from dmp.entrypoints.fhir.routes import fhir_door
from dmp.entrypoints.fhir.tokens import TokenVerifier, issue_token
from dmp.entrypoints.web.door import Door
from dmp.entrypoints.web.login.sessions import EmergencyStatement, Identity
from dmp.entrypoints.web.options import WebOptions
from dmp.entrypoints.web.pages import web_door
from dmp.formats.cda.reimbursements.write import write_reimbursements
from dmp.formats.content import read_header
from dmp.formats.fhir.document_reference import write_document_reference
from dmp.storage.postgres.cellar import Remembered
from dmp.storage.postgres.keepers.traces import PostgresTraces
from dmp.storage.postgres.reader import Reader
from dmp.storage.store import Store
from tests.doors.papers import KNOWLEDGE

RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")

BASE = "http://dmp.test"
KEY = ECKey.generate_key("P-256", parameters={"kid": "test"}, private=True)
ISSUER, AUDIENCE = "urn:dmp:token", "urn:dmp:fhir"
SECRET = b"s" * 32


@dataclass
class World:
    """The house of one world. `at` is its present; identifiers follow from it and nothing else."""

    store: Store
    at: datetime
    rules: Rules = field(default_factory=lambda: Rules(test_mode=True))
    policy: Policy = field(default_factory=lambda: Policy(carers=True))
    read_header: HeaderReader = read_header
    knowledge: Knowledge = KNOWLEDGE
    remembered: Remembered[object, object] = field(default_factory=lambda: Remembered(100))
    write_reimbursements: ReimbursementsWriter = write_reimbursements
    drawn: Iterator[int] = field(default_factory=count)
    statements: int = 0

    def now(self) -> datetime:
        return self.at

    def new_uuid(self) -> UUID:
        milliseconds = int(self.at.timestamp() * 1000)
        return UUID(int=milliseconds << 80 | 7 << 76 | next(self.drawn) << 64 | 2 << 62)

    def unit(self) -> Unit:
        return self.store.unit()

    def move_to(self, at: datetime) -> None:
        """Another instant; what is drawn there is the same in every world."""
        self.at, self.drawn = at, count()

    async def takes_lines(self, record_id: RecordId, rows: Iterable[Sequence[object]]) -> None:
        """Lines of the insurance, as its feed leaves them."""
        connection = await psycopg.AsyncConnection.connect(self.store.dsn)
        async with connection, connection.cursor() as cursor:
            async with cursor.copy("COPY claim_line FROM STDIN") as lines:
                for row in rows:
                    await lines.write_row(row)
            await cursor.execute(
                "INSERT INTO claim_feed VALUES (%s, %s, %s) ON CONFLICT (record_id)"
                " DO UPDATE SET changed_at = excluded.changed_at",
                (record_id, self.at, self.at),
            )

    async def do(self, act: Act[RequestT, ResultT], request: RequestT, caller: Caller) -> ResultT:
        """Do an act, beside the doors."""
        return await perform(self, act, request, caller)


@dataclass
class Doors:
    """Both doors of a world, and who stands before them."""

    world: World
    web: Door
    http: httpx.AsyncClient

    def bearer(self, caller: Caller) -> dict[str, str]:
        """The headers with which software speaks for this caller at this instant."""
        stated = caller if caller.purpose is Purpose.NORMAL else replace(caller, purpose_since=None)
        token = issue_token(
            stated, key=KEY, issuer=ISSUER, audience=AUDIENCE, now=self.world.at,
            lifetime=timedelta(hours=12),
        )  # fmt: skip
        return {"authorization": f"Bearer {token}", "accept": "application/fhir+json"}

    async def logged_in(
        self, who: Identity, stated: tuple[str, Purpose] | None = None
    ) -> dict[str, str]:
        """The cookie of a session of this person, in which an emergency of a patient may be stated."""
        with same_secrets():
            session = self.web.sessions.begin(self.world.at, who)
        if stated is not None:
            patient, purpose = stated
            session.state.emergencies[patient] = EmergencyStatement(
                purpose=purpose.value, since=self.world.at, motive="autre", reason="Inconsciente"
            )
        await self.web.sessions.save(session, self.world.at)
        return {"cookie": f"{self.web.sessions.cookie}={session.token}"}

    async def ask(self, method: str, path: str, **options: Any) -> tuple[Answer, int]:
        """One request: the whole answer, and how many statements were read for it."""
        with counted() as told, same_secrets():
            answer = await self.http.request(method, path, **options)
        headers = tuple(sorted((n, v) for n, v in answer.headers.items() if n != "date"))
        return Answer(answer.status_code, headers, answer.content), told[0]

    async def does(
        self, act: Any, request: Any, caller: Caller, told_of: Callable[[Any], str]
    ) -> tuple[Answer, int]:
        """One act beside the doors: its result as told, or its refusal with all that it carries."""
        with counted() as told, same_secrets():
            try:
                done, status = told_of(await self.world.do(act, request, caller)), 200
            except Refused as refused:
                said = sorted(refused.values.items())
                done, status = repr((refused.reason, refused.field, said)), 400
        return Answer(status, (), done.encode()), told[0]


@dataclass(frozen=True)
class Answer:
    """Everything of an answer that its reader gets."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many statements are read meanwhile. What the journal of the house publishes is the same in all."""
    told = [0]
    original = Reader.all

    async def all_counted(reader: Reader, *arguments: Any) -> Any:
        told[0] += 1
        return await original(reader, *arguments)

    async def the_same(_: PostgresTraces) -> str:
        # It numbers the traces of the whole house, and is published: not an answer to anybody.
        return "checkpoint"

    with (
        patch.object(Reader, "all", all_counted),
        patch.object(PostgresTraces, "checkpoint", the_same),
    ):
        yield told


@contextmanager
def same_secrets() -> Iterator[None]:
    """What pages draw at random (nonces, keys of forms, references) is the same in every world."""
    drawn = count()
    with (
        # As long as a drawn one: what is shorter is taken for no session at all.
        patch.object(secrets, "token_urlsafe", lambda n=32: f"{next(drawn):0{-(-n * 4 // 3)}d}"),
        patch.object(secrets, "token_bytes", lambda n=32: next(drawn).to_bytes(n)),
        patch.object(secrets, "token_hex", lambda n=32: f"{next(drawn):0{n}x}"),
    ):
        yield


@asynccontextmanager
async def opened(
    dsn: str, folder: Path, at: datetime, knowledge: Knowledge = KNOWLEDGE
) -> AsyncIterator[Doors]:
    """A world on this database, with its doors."""
    store = await Store.open(dsn, folder, write_document_reference)
    world = World(store=store, at=at, knowledge=knowledge)
    verifier = TokenVerifier(KeySet([KEY]), ISSUER, AUDIENCE, True, world.now)
    web = web_door(
        world,
        store.sessions,
        WebOptions(
            base_url=BASE, secret=SECRET, holders=None, professionals=None, test_mode=True,
            max_document_octets=1_000_000, consent_days=365,
        ),
    )  # fmt: skip
    app = application(
        fhir=fhir_door(world, verifier, base_url=f"{BASE}/fhir"),
        web=web,
        others={},
        running=nullcontext,
    )
    transport = httpx.ASGITransport(app=app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
            yield Doors(world, web, http)
    finally:
        await store.close()


BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
