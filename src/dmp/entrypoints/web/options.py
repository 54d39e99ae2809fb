"""What the web door is told at the start. Bootstrap fills it from the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx

from dmp.acts.counter.identity_services import NOTHING_CONNECTED, IdentityServices
from dmp.acts.counter.issue_access_code import SendCode
from dmp.domain.identifiers import InsRoot
from dmp.formats.pdf_pictures import page_picture
from dmp.formats.received.receive import receive

SERVICE = "Dossier médical partagé"
"""Name of the service in titles and headings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An OpenID provider: its issuer, our registration there, and what is asked of it."""

    issuer: str
    client_id: str
    client_secret: str
    scope: str = "openid profile"
    acr_values: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """The service is being maintained: `until` (UTC) is when people may come back, where that is known."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody invented whom one can be in a demonstration: `key` names him to the simulated provider."""

    key: str
    face: str
    name: str
    detail: str
    shows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebOptions:
    """Options of the door.

    `base_url` is the address clients see, without a slash at its end. `secret` (32 octets) binds form
    tokens to sessions and seals the references of patients in addresses; it must outlive restarts.
    `call_keys` is the JWK set of practice software that may call a patient up, as JSON; empty: none may.
    `assistance` is how people reach the help desk, in words. `maintenance` tells of the one under way.
    `personas` are those of a demonstration; there are none elsewhere.
    `transport` replaces the network towards the providers, in tests. `receive` makes a PDF of what somebody
    sent, `draw_page` the picture of a page: a server does both in processes apart. `identity` are the INS
    teleservice and the card reader of the counters, `send_code` what sends an access code by SMS, if anything.
    """

    base_url: str
    secret: bytes
    holders: Provider | None = None
    professionals: Provider | None = None
    test_mode: bool = False
    max_document_octets: int = 20 * 1024 * 1024
    consent_days: int = 365
    holder_idle: timedelta = timedelta(minutes=15)
    professional_idle: timedelta = timedelta(minutes=10)
    locked_idle: timedelta = timedelta(minutes=30)
    call_keys: str = ""
    call_audience: str = "urn:dmp:appel"
    is_demo: bool = False
    assistance: str = ""
    maintenance: Callable[[], Maintenance | None] = lambda: None
    personas: tuple[Persona, ...] = ()
    transport: httpx.AsyncBaseTransport | None = None
    receive: Callable[[bytes, str, str], bytes] = receive
    draw_page: Callable[[bytes, int], bytes] = page_picture
    identity: IdentityServices = NOTHING_CONNECTED
    send_code: SendCode | None = None

    def __post_init__(self) -> None:
        if len(self.secret) < 32:
            raise ValueError("the secret of the web door must have 32 octets or more")

    @property
    def is_secure(self) -> bool:
        """Whether clients come by https."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def origin(self) -> str:
        """Scheme, host and port of the service."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def host(self) -> str:
        """The host of the service: what passkeys belong to."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def ins_roots(self) -> tuple[InsRoot, ...]:
        """The INS roots that people may type here, the usual one first."""
        if self.test_mode:
            return (InsRoot.NIR_TEST, InsRoot.NIR_DEMO, InsRoot.NIR, InsRoot.NIA)
        return (InsRoot.NIR, InsRoot.NIA)
