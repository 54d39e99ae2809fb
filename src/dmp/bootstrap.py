"""Builds the house from the settings: the only file that knows every floor.

`built` starts what is needed, hands the house over, and stops what it started and nothing else.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from joserfc.jwk import ECKey, KeySet
from starlette.types import ASGIApp

from dmp.acts.life.move_due_records import move_due_records
from dmp.acts.work import HeaderReader, Rules
from dmp.domain.access.matrix import Matrix, current_matrix
from dmp.domain.identity.caller import Caller
from dmp.entrypoints.asgi import FHIR
from dmp.entrypoints.asgi import application as one_application
from dmp.entrypoints.fhir.routes import fhir_door
from dmp.entrypoints.fhir.tokens import TokenVerifier, issue_token, verifier
from dmp.entrypoints.web.options import Provider, WebOptions
from dmp.entrypoints.web.pages import web_door
from dmp.formats.content import read_header
from dmp.formats.fhir.document_reference import write_document_reference
from dmp.remote.simulated.oidc import Client, holders_app, professionals_app
from dmp.settings import Settings
from dmp.storage.embedded import EmbeddedServer, start
from dmp.storage.keys.files import key_from
from dmp.storage.postgres.unit import PostgresUnit
from dmp.storage.private_files import private_folder
from dmp.storage.store import Store

logger = logging.getLogger("dmp.jobs")

CALENDAR_INTERVAL = timedelta(minutes=10)
"""How often the records whose date has come are looked for."""
SWEEP_INTERVAL = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingHouse:
    """The house the corridor needs; see `dmp.acts.work.House`."""

    rules: Rules
    matrix: Matrix
    read_header: HeaderReader
    store: Store

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    def new_uuid(self) -> UUID:
        """A new time-ordered UUID (version 7)."""
        return uuid7()

    def unit(self) -> PostgresUnit:
        """Open a unit of work; borrows nothing before its first read."""
        return self.store.unit()


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What stands once it is built."""

    settings: Settings
    house: StandingHouse
    store: Store


def uuid7() -> UUID:
    """A UUID of version 7: milliseconds, then a fraction of them, then randomness.

    Source: RFC 9562 §5.7, method 3 of §6.2 (the fraction keeps the order within a millisecond).
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    low = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | low)


def rules_of(settings: Settings) -> Rules:
    """The parameters of the rules."""
    return Rules(
        test_mode=settings.test_mode,
        consent_days=settings.consent_days,
        max_document_octets=settings.max_document_octets,
        max_documents_per_submission=settings.max_documents,
    )


@asynccontextmanager
async def built(settings: Settings) -> AsyncIterator[Built]:
    """Build the house: database, keys, store. Leaving stops what this process started.

    Raises:
        NoEmbeddedServer, MigrationRefused, KeyFileRefused: the text says what to do.
    """
    private_folder(settings.data)
    async with database(settings) as dsn:
        store = await Store.open(
            dsn,
            settings.data,
            write_document_reference,
            pool_size=settings.database_connections,
        )
        try:
            house = StandingHouse(
                rules=rules_of(settings),
                matrix=current_matrix(),
                read_header=read_header,
                store=store,
            )
            yield Built(settings=settings, house=house, store=store)
        finally:
            await store.close()


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """The connection string of the database: the one that is set, or that of the embedded server."""
    if settings.database_url:
        yield settings.database_url
        return
    server = await _started(settings.data)
    try:
        yield server.dsn
    finally:
        await asyncio.to_thread(server.stop)


async def _started(data: Path) -> EmbeddedServer:
    """Start the embedded server in a thread; stopped while it starts, it does not stay behind."""
    starting = asyncio.ensure_future(asyncio.to_thread(start, data))
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        server = await starting
        await asyncio.to_thread(server.stop)
        raise


@asynccontextmanager
async def jobs(standing: Built) -> AsyncIterator[None]:
    """What a server does by itself: the dates of the law, expired sessions, orphaned contents."""

    async def calendar() -> None:
        await move_due_records(standing.house)
        await standing.store.sessions.delete_expired(standing.house.now())

    async def sweep() -> None:
        await standing.store.sweep_orphans(standing.house.now())

    tasks = [
        asyncio.create_task(_repeated("calendar", CALENDAR_INTERVAL, calendar)),
        asyncio.create_task(_repeated("sweep", SWEEP_INTERVAL, sweep)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _repeated(name: str, interval: timedelta, job: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await job()
        except Exception as failure:  # noqa: BLE001  # the next time may go well; the server goes on
            logger.warning("job %s failed: %s", name, type(failure).__name__)
        await asyncio.sleep(interval.total_seconds())


def token_key(settings: Settings) -> ECKey:
    """The key pair (P-256) with which `dmp token` signs; drawn at first use, private."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    seed = int.from_bytes(key_from(settings.data / "keys", "tokens.key"))
    private = ec.derive_private_key(seed % (order - 1) + 1, ec.SECP256R1())
    key = ECKey.import_key(private)
    return ECKey.import_key({**key.as_dict(private=True), "kid": key.thumbprint()})


def token_signer(settings: Settings) -> Callable[[Caller, int], str]:
    """What makes a token for a caller, valid so many seconds. Raises ValueError as it says."""
    key = token_key(settings)

    def signed(caller: Caller, seconds: int) -> str:
        return issue_token(
            caller,
            key=key,
            issuer=settings.token_issuer,
            audience=settings.token_audience,
            now=datetime.now(UTC),
            lifetime=timedelta(seconds=seconds),
        )

    return signed


def token_verifier(settings: Settings, now: Callable[[], datetime]) -> TokenVerifier:
    """What verifies API tokens: with the issuer's published keys, or with our own pair."""
    if settings.token_keys:
        keys = Path(settings.token_keys).read_text(encoding="utf-8")
    else:
        keys = json.dumps(KeySet([token_key(settings)]).as_dict(private=False))
    return verifier(
        keys,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        test_mode=settings.test_mode,
        now=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What a demo has beside the server: the territory that the simulated providers know."""

    seed: int
    people: int


_NOTHING: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
_HOLDERS, _PROFESSIONALS = "/simulated/titulaires", "/simulated/professionnels"


def application(
    standing: Built,
    demonstration: Demonstration | None = None,
    beside: Callable[[], AbstractAsyncContextManager[None]] = _NOTHING,
) -> ASGIApp:
    """The server: its doors, its jobs, in a demo the simulated providers.

    Args:
        standing: the house.
        demonstration: mounts the simulated providers, in place of those of the settings.
        beside: entered while the server answers.
    """
    settings = standing.settings
    options = web_options(settings)
    others: dict[str, ASGIApp] = {}
    if demonstration is not None:
        options, others = _simulated(options, demonstration)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        async with jobs(standing), beside():
            yield

    fhir = fhir_door(
        standing.house,
        token_verifier(settings, standing.house.now),
        base_url=settings.address + FHIR,
    )
    return one_application(
        fhir=fhir,
        web=web_door(standing.house, standing.store.sessions, options),
        others=others,
        running=running,
    )


def web_options(settings: Settings) -> WebOptions:
    """What the web door is told."""
    return WebOptions(
        base_url=settings.address,
        secret=key_from(settings.data / "keys", "web.key"),
        holders=_provider(settings, "holder"),
        professionals=_provider(settings, "professional"),
        test_mode=settings.test_mode,
        max_document_octets=settings.max_document_octets,
        consent_days=settings.consent_days,
    )


def _provider(settings: Settings, side: str) -> Provider | None:
    issuer = getattr(settings, f"{side}_issuer")
    if not issuer:
        return None
    return Provider(
        issuer=issuer,
        client_id=getattr(settings, f"{side}_client_id"),
        client_secret=getattr(settings, f"{side}_client_secret"),
    )


def _simulated(
    options: WebOptions, demonstration: Demonstration
) -> tuple[WebOptions, dict[str, ASGIApp]]:
    """The web door turned to the simulated providers, and the providers by their path."""
    base = options.base_url
    secrets = {side: token_urlsafe(32) for side in (_HOLDERS, _PROFESSIONALS)}

    def provider(path: str) -> Provider:
        return Provider(issuer=base + path, client_id="dmp", client_secret=secrets[path])

    def client(path: str, back: str) -> Client:
        return Client(
            client_id="dmp",
            client_secret=secrets[path],
            redirect_uris=(base + back,),
            post_logout_redirect_uris=(f"{base}/",),
        )

    holders = holders_app(
        issuer=base + _HOLDERS,
        client=client(_HOLDERS, "/connexion/retour"),
        seed=demonstration.seed,
        people=demonstration.people,
    )
    professionals = professionals_app(
        issuer=base + _PROFESSIONALS, client=client(_PROFESSIONALS, "/pro/connexion/retour")
    )
    turned = replace(
        options, holders=provider(_HOLDERS), professionals=provider(_PROFESSIONALS), is_demo=True
    )
    return turned, {_HOLDERS: holders, _PROFESSIONALS: professionals}


def tune_collector() -> None:
    """Leave what was built out of the garbage collector's sight. Source: docs/performance."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
