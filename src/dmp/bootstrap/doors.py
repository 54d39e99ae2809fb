"""The doors of the house as one application; in a demo, the simulated providers beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_urlsafe

from starlette.types import ASGIApp

from dmp.acts.counter.identity_services import IdentityServices
from dmp.bootstrap.apart import Apart
from dmp.bootstrap.demonstration import AtItsName, personas
from dmp.bootstrap.house import Built
from dmp.bootstrap.jobs import jobs
from dmp.bootstrap.maintenance import Announced
from dmp.bootstrap.post import code_sender
from dmp.bootstrap.tokens import token_verifier
from dmp.domain.identity.verification import KnownIdentity
from dmp.entrypoints.asgi import FHIR
from dmp.entrypoints.asgi import application as one_application
from dmp.entrypoints.fhir.routes import fhir_door
from dmp.entrypoints.web.options import Provider, WebOptions
from dmp.entrypoints.web.pages import web_door
from dmp.remote.simulated.identity.cards import SimulatedReader
from dmp.remote.simulated.identity.teleservice import SimulatedTeleservice
from dmp.remote.simulated.oidc import Client, holders_app, professionals_app
from dmp.remote.simulated.post.mailbox import Mailbox, post_office
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.population import population
from dmp.settings import Settings
from dmp.storage.keys.files import key_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What a demo has beside the server: the territory that the simulated providers know."""

    seed: int
    people: int
    mailbox: Mailbox = field(default_factory=Mailbox)


_NOTHING: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
_HOLDERS, _PROFESSIONALS = "/simulated/titulaires", "/simulated/professionnels"
MOST_KNOWN = 5000
"""Inhabitants whom the simulated INS teleservice knows: as many as the simulated provider lists."""
MAILBOX = "/simulated/courrier"
"""Where the mail of the demo is shown, and its SMS are taken."""


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
    paused = options.maintenance
    others: dict[str, ASGIApp] = {}
    if demonstration is not None:
        options, others = _simulated(options, demonstration)
        others[MAILBOX] = post_office(demonstration.mailbox, settings.sms_token)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        async with jobs(standing), beside():
            yield

    fhir = fhir_door(
        standing.house,
        token_verifier(settings, standing.house.now),
        base_url=settings.address + FHIR,
        paused=lambda: paused() is not None,
    )
    app = one_application(
        fhir=fhir,
        web=web_door(standing.house, standing.store.sessions, options),
        others=others,
        running=running,
    )
    return app if demonstration is None else AtItsName(app, options.base_url, (FHIR, "/simulated"))


def web_options(settings: Settings) -> WebOptions:
    """What the web door is told."""
    apart = Apart()
    return WebOptions(
        base_url=settings.address,
        secret=key_from(settings.data / "keys", "web.key"),
        holders=_provider(settings, "holder"),
        professionals=_provider(settings, "professional"),
        test_mode=settings.test_mode,
        max_document_octets=settings.max_document_octets,
        consent_days=settings.consent_days,
        call_keys=_call_keys(settings),
        call_audience=settings.call_audience,
        assistance=settings.assistance,
        maintenance=Announced(settings.data),
        send_code=code_sender(settings),
        receive=apart.receive,
        draw_page=apart.picture,
    )


def _call_keys(settings: Settings) -> str:
    """The public keys of practice software, as JSON; empty when none may call."""
    return Path(settings.call_keys).read_text(encoding="utf-8") if settings.call_keys else ""


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
        options,
        holders=provider(_HOLDERS),
        professionals=provider(_PROFESSIONALS),
        is_demo=True,
        assistance=options.assistance or "01 99 00 12 34 (numéro fictif)",
        personas=personas(demonstration.seed),
        identity=_counters(demonstration),
    )
    return turned, {_HOLDERS: holders, _PROFESSIONALS: professionals}


def _counters(demonstration: Demonstration) -> IdentityServices:
    """The INS teleservice of the territory, and a reader with the cards of a few inhabitants."""
    people = population(demonstration.seed, min(demonstration.people, MOST_KNOWN))
    known = (KnownIdentity(ins=person.ins, traits=person.traits) for person in people)
    return IdentityServices(
        teleservice=SimulatedTeleservice(known), reader=SimulatedReader(cast_people())
    )
