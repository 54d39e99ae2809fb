"""A site for tests: the real door before a real house, served on loopback, with a few people."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.applications import Starlette
from starlette.routing import Mount

from dmp.acts.act import Act
from dmp.acts.perform import perform
from dmp.acts.work import ReimbursementsWriter, Rules
from dmp.bootstrap.house import StandingHouse
from dmp.domain.access.policy import Policy
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.identity.caller import Caller
from dmp.entrypoints.web import seals
from dmp.entrypoints.web.door import Door
from dmp.entrypoints.web.login.sessions import person_of
from dmp.entrypoints.web.options import Persona, Provider, WebOptions
from dmp.entrypoints.web.pages import web_door
from dmp.formats.content import read_header
from dmp.formats.fhir.document_reference import write_document_reference
from dmp.storage.postgres.unit import PostgresUnit
from dmp.storage.store import Store
from tests.entrypoints.web.counter_services import CounterServices
from tests.entrypoints.web.issuer import CLIENT, SECRET, Issuer

RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")

NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Of a client that speaks with this machine alone: reading all authorities takes longer than a page."""

PERSONAS = tuple(
    Persona(
        key=f"{face}-essai", face=face, name=name, detail="Né le 01/02/1970", shows="Une règle."
    )
    for face, name in (("holder", "Anne ESSAI"), ("professional", "Dr Jean ESSAI"))
)
MAX_DOCUMENT = 300_000
"""Octets; small, so that a document that is too large costs the tests little."""


@dataclass
class ShiftedHouse:
    """A house whose clock can be set forward."""

    standing: StandingHouse
    shift: timedelta = timedelta()

    @property
    def rules(self) -> Rules:
        return self.standing.rules

    @property
    def policy(self) -> Policy:
        return self.standing.policy

    @property
    def read_header(self) -> Any:
        return self.standing.read_header

    @property
    def knowledge(self) -> Knowledge:
        return self.standing.knowledge

    @property
    def remembered(self) -> Any:
        return self.standing.remembered

    @property
    def write_reimbursements(self) -> ReimbursementsWriter:
        return self.standing.write_reimbursements

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def new_uuid(self) -> UUID:
        return self.standing.new_uuid()

    def unit(self) -> PostgresUnit:
        return self.standing.unit()


_UNBROKEN = re.compile(r"(?:\u00a0|\u202f|&nbsp;|&#8239;)(?=[:;?!»])|(?<=«)(?:\u00a0|&nbsp;)")


class Reading(httpx.HTTPTransport):
    """Gives answers whose `text` is as tests write it; `content` is what was sent."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        sent = super().handle_request(request)
        return _Plain(
            sent.status_code, headers=sent.headers, stream=sent.stream, extensions=sent.extensions
        )


class _Plain(httpx.Response):
    @property
    def text(self) -> str:
        """With plain spaces where French punctuation has others (`dmp.locale.unbroken`)."""
        return _UNBROKEN.sub(" ", super().text)


@dataclass
class Site:
    """The running site. `holders` and `professionals` are its providers."""

    address: str
    portal: BlockingPortal
    house: ShiftedHouse
    store: Store
    door: Door
    holders: Issuer
    professionals: Issuer
    counter: CounterServices
    faces: dict[str, Any] = field(default_factory=dict)

    def do(self, act: Act[RequestT, ResultT], request: RequestT, caller: Caller) -> ResultT:
        """Do an act as this caller, beside the pages."""
        return self.portal.call(perform, self.house, act, request, caller)

    def call(self, function: Callable[..., Awaitable[ResultT]], *arguments: object) -> ResultT:
        """Run a coroutine where the house lives."""
        return self.portal.call(function, *arguments)

    def client(self, token: str = "", **options: Any) -> httpx.Client:
        """A bare client, with a session token perhaps; it leaves no connection open."""
        reading = Reading(
            verify=NO_AUTHORITIES,
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
        )
        return httpx.Client(
            base_url=self.address,
            cookies={"dmp": token} if token else {},
            transport=reading,
            trust_env=False,
            **options,
        )

    def browser(self, person: str = "", then: str = "") -> Browser:
        """A client like a browser without JavaScript, logged in as somebody."""
        browser = Browser(self)
        if person:
            browser.log_in(person, then)
        return browser

    @contextmanager
    def later(self, time: timedelta) -> Iterator[None]:
        """The same site, some time later."""
        self.house.shift += time
        try:
            yield
        finally:
            self.house.shift -= time


_TOKEN = re.compile(r'name="jeton" value="([^"]+)"')
_KEY = re.compile(r'name="cle" value="([^"]+)"')


class Browser:
    """Follows links and sends forms as they stand on pages."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.http = site.client(follow_redirects=True)

    def log_in(self, person: str, then: str = "") -> httpx.Response:
        """Go through the provider that knows this person."""
        holder = person in self.site.holders.people
        issuer = self.site.holders if holder else self.site.professionals
        start = "/connexion/aller" if holder else "/pro/connexion/aller"
        answer = self.http.get(
            start, params={"suite": then} if then else {}, follow_redirects=False
        )
        return self.http.get(issuer.approve(answer.headers["location"], person))

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Open a page."""
        return self.http.get(path, **options)

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of the last form of a page."""
        text = self.get(path).text
        keys = _KEY.findall(text)
        return {"jeton": _TOKEN.findall(text)[-1], "cle": keys[-1] if keys else ""}

    def forged(self, record: str) -> str:
        """The token that the server would write in this session for the forms of a record."""
        door, token = self.site.door, self.http.cookies["dmp"]
        session = self.site.call(door.sessions.load, token, self.site.house.now())
        assert session is not None
        person = person_of(session.state.who)
        return seals.form_token(door.options.secret, session.key, record, person)

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, page: str = "", **options: Any
    ) -> httpx.Response:
        """Send the form of a page, as a browser does."""
        fields = {**self.form(page or path), **(data or {})}
        headers = {"Origin": self.site.address, "Sec-Fetch-Site": "same-origin"}
        return self.http.post(path, data=fields, headers=headers, **options)


def options_for(address: str, **changes: Any) -> WebOptions:
    """Options of a test site."""
    values: dict[str, Any] = {
        "base_url": address,
        "secret": b"s" * 32,
        "holders": Provider(
            issuer=f"{address}/essai/titulaires", client_id=CLIENT, client_secret=SECRET
        ),
        "professionals": Provider(
            issuer=f"{address}/essai/professionnels", client_id=CLIENT, client_secret=SECRET
        ),
        "test_mode": True,
        "max_document_octets": MAX_DOCUMENT,
        "assistance": "01 99 00 12 34",
        "personas": PERSONAS,
    }
    return WebOptions(**{**values, **changes})


@contextmanager
def served(dsn: str, folder: Path) -> Iterator[Site]:
    """The site on a database of its own, until the end of the block."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with start_blocking_portal() as portal:
        store = portal.call(Store.open, dsn, folder, write_document_reference)
        standing = StandingHouse(
            rules=Rules(test_mode=True, max_document_octets=MAX_DOCUMENT),
            policy=Policy(carers=True),
            read_header=read_header,
            store=store,
        )
        house = ShiftedHouse(standing)
        holders = Issuer(f"{address}/essai/titulaires", {})
        professionals = Issuer(f"{address}/essai/professionnels", {})
        counter = CounterServices()
        options = options_for(address, identity=counter.services, send_code=counter.send)
        door = web_door(house, store.sessions, options)
        app = Starlette(
            routes=[
                Mount("/essai/titulaires", holders.app()),
                Mount("/essai/professionnels", professionals.app()),
                *door.routes(),
            ],
            exception_handlers={404: door.not_found, 405: door.wrong_method},
        )
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", lifespan="off", access_log=False)
        )
        running = portal.start_task_soon(server.serve, [listening])
        try:
            yield Site(address, portal, house, store, door, holders, professionals, counter)
        finally:
            server.should_exit = True
            running.result()
            portal.call(store.close)


def without_what_varies(page: str) -> str:
    """A page without its nonce, form keys, references and sealed addresses: for comparison."""
    page = re.sub(r'nonce="[^"]+"', 'nonce=""', page)
    page = re.sub(r'name="(jeton|cle)" value="[^"]+"', r'name="\1"', page)
    page = re.sub(r"/pro/patients/[\w-]+", "/pro/patients/x", page)
    return re.sub(r'<strong class="number">[0-9A-F]{10}</strong>', "", page)
