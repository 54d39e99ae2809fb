"""The door: from a request to a visit, from a visit to an answer. Every page passes here.

Order: session, who may come, origin and token of forms, once only, then the view; refusals become
pages; the headers are set on every answer.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from weakref import WeakValueDictionary

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dmp.acts.work import House
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Coordinator, DeskAgent, Holder, Professional, Secretary
from dmp.entrypoints.web import headers, seals
from dmp.entrypoints.web.drafts.keeping import give_back, is_of_who_is_here, keep_draft
from dmp.entrypoints.web.forms import came_from_elsewhere, named_in, read_form
from dmp.entrypoints.web.login.bearers import bearer_cookie, bearer_of
from dmp.entrypoints.web.login.calls import call_reader
from dmp.entrypoints.web.login.identities import caller_of
from dmp.entrypoints.web.login.oidc import OidcClient
from dmp.entrypoints.web.login.profiles import acting_for, profile_at
from dmp.entrypoints.web.login.sessions import (
    ProfessionalIdentity,
    Session,
    SessionKeeper,
    Sessions,
    person_of,
)
from dmp.entrypoints.web.options import Maintenance, Provider, WebOptions
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.preferences import COOKIE, Preferences, read_preferences
from dmp.entrypoints.web.refusals import HEADINGS, RETRY_AFTER, status_of
from dmp.entrypoints.web.templating import STATIC, static_address, static_bytes, static_gzip
from dmp.entrypoints.web.visit import PHARMACIST, Visit, is_ours
from dmp.entrypoints.web.wording import refusal
from dmp.locale import sentence as translated
from dmp.locale import speak

logger = logging.getLogger("dmp.web")


class LoginNeeded(Exception):
    """Nobody, or not the right kind of person, is logged in for this page."""


class WrongFace(Exception):
    """Somebody is logged in, but this page is another profile's."""


class Locked(Exception):
    """The session is locked: nothing is shown and nothing is done before it is unlocked."""


class FormStale(Exception):
    """A form without the token of the session, or sent by another site."""


class Door:
    """The web door of one house."""

    def __init__(
        self,
        house: House,
        keeper: SessionKeeper,
        options: WebOptions,
        pages: Sequence[Page],
    ) -> None:
        self.house = house
        self.options = options
        self.keeper = keeper
        self.sessions = Sessions(keeper, options)
        self.pages = tuple(pages)
        self.calls = call_reader(
            options.call_keys, options.call_audience, test_mode=options.test_mode
        )
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.holders = _client(options, options.holders, "/connexion/retour")
        self.professionals = _client(options, options.professionals, "/pro/connexion/retour")

    def routes(self) -> list[Route]:
        """Routes of every page, and of the static files."""
        found = [Route("/statique/{hash}/{name}", self._static, methods=["GET"])]
        found += [
            Route(page.path, self._endpoint(page), methods=[page.method]) for page in self.pages
        ]
        return found

    def _endpoint(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await self.answer(page, request)

        return endpoint

    async def answer(self, page: Page, request: Request) -> Response:
        """Answer one request for one page."""
        token = request.cookies.get(self.sessions.cookie)
        if page.method == "GET" or token is None:
            return await self._answered(page, request, token)
        # One form of a session at a time: sent twice, the second sees what the first did.
        lock = self._locks.setdefault(token[:64], asyncio.Lock())
        async with lock:
            return await self._answered(page, request, token)

    async def _answered(self, page: Page, request: Request, token: str | None) -> Response:
        preferences = read_preferences(request.cookies.get(COOKIE))
        with speak(preferences.language):
            return await self._answered_in(page, request, token, preferences)

    async def _answered_in(
        self, page: Page, request: Request, token: str | None, preferences: Preferences
    ) -> Response:
        now = self.house.now()
        visit = Visit(door=self, page=page, request=request, now=now, preferences=preferences)
        visit.policy = headers.PAGE_POLICY.format(nonce=visit.nonce)
        paused = self.options.maintenance()
        try:
            if paused is not None:
                return self._paused(visit, paused)
            visit.session = await self.sessions.load(token, now)
            response = await self._viewed(visit)
        except Exception as fault:  # noqa: BLE001  # whatever it is, people get a page and a reference
            response = self._fault(visit, fault)
        if visit.session is not None:
            await self.sessions.save(visit.session, now)
        self._finish(visit, response)
        return response

    async def _viewed(self, visit: Visit) -> Response:
        try:
            self._admit(visit)
            await self._enter_profile(visit)
            if visit.page.method == "POST":
                led = await self._receive(visit)
                if led is not None:
                    return led
            return await give_back(visit, await visit.page.view(visit))
        except LoginNeeded:
            return await keep_draft(visit, self._to_login(visit))
        except Locked:
            return await keep_draft(visit, self._to_unlock(visit))
        except WrongFace:
            return self.error(visit, 403, "Cette page n’est pas accessible avec votre profil.")
        except FormStale:
            return await self._stale(visit)
        except Refused as refused:
            if refused.reason is Reason.NOT_AUTHENTICATED:
                return self._to_login(visit)
            return self.error(visit, status_of(refused), refusal(refused), refused.reason)

    def _admit(self, visit: Visit) -> None:
        wanted = visit.page.authentication
        who = visit.session.state.who if visit.session else None
        visit.caller = caller_of(who, visit.session.state.means if visit.session else "")
        if wanted is Authentication.NONE:
            return
        if wanted is Authentication.BEARER:
            bearer = bearer_of(visit.request.cookies.get(bearer_cookie(self.options)))
            if bearer is None:
                raise LoginNeeded
            visit.caller = bearer.caller
            return
        if who is None:
            raise LoginNeeded
        if isinstance(who, ProfessionalIdentity) and who.workplace is None:
            if wanted is Authentication.ARRIVING:
                return
            raise LoginNeeded
        if visit.live.state.locked and not visit.page.when_locked:
            raise Locked
        if not _fits(visit, wanted):
            raise WrongFace

    async def _enter_profile(self, visit: Visit) -> None:
        """On another person's record the caller acts for that person, if the relations say so."""
        record = visit.request.path_params.get("record")
        if visit.page.authentication is not Authentication.HOLDER or record is None:
            return
        if record == visit.live.state.own_record:
            return
        visit.profile = await profile_at(self.house, visit.caller, record)
        if visit.profile is not None:
            visit.caller = acting_for(visit.caller, visit.profile)

    async def _receive(self, visit: Visit) -> Response | None:
        """Read the form of a visit; answers at once when it was already submitted."""
        if came_from_elsewhere(visit.request, self.options.origin):
            raise FormStale
        file_octets = self.options.max_document_octets if visit.page.takes_file else 0
        visit.form = await read_form(visit.request, file_octets=file_octets)
        if not visit.page.needs_token:
            return None
        given = visit.form.text("jeton")
        session = visit.session
        record = named_in(visit.request)
        if session is None or not seals.is_form_token(
            given, self.options.secret, session.key, record, person_of(session.state.who)
        ):
            raise FormStale
        led = session.state.done.get(visit.form.text("cle"))
        return RedirectResponse(led, status_code=303) if led else None

    async def _stale(self, visit: Visit) -> Response:
        """A form of an older session of the same person comes back with what was typed; others are refused."""
        back = visit.own_address
        if is_of_who_is_here(visit, visit.form.text("jeton")) and back != "/":
            return await keep_draft(visit, RedirectResponse(back, status_code=303))
        sentence = "Ce formulaire n’est plus valable. Revenez à la page, puis recommencez."
        return self.error(visit, 403, sentence, heading="Formulaire à recommencer")

    def _to_unlock(self, visit: Visit) -> Response:
        visit.live.state.then = visit.own_address
        visit.live.changed = True
        return RedirectResponse("/pro/verrouille", status_code=303)

    def _to_login(self, visit: Visit) -> Response:
        if visit.page.authentication is Authentication.BEARER:
            return visit.go_to("/partage")
        path = visit.own_address
        who = visit.session.state.who if visit.session else None
        if isinstance(who, ProfessionalIdentity) and visit.session is not None:
            visit.session.state.then = path if is_ours(path) else ""
            visit.session.changed = True
            return visit.go_to("/pro/situation")
        login = "/connexion" if visit.face == "holder" else "/pro/connexion"
        return visit.go_to(login, {"suite": path} if is_ours(path) and path != "/" else None)

    def error(
        self,
        visit: Visit,
        status: int,
        sentence: str,
        reason: Reason | None = None,
        heading: str = "",
    ) -> Response:
        """An error page with a reference that the log knows too."""
        reference = secrets.token_hex(5).upper()
        logger.warning(
            "page %s %s answered %d (%s), reference %s",
            visit.page.method,
            visit.page.path,
            status,
            reason.value if reason else "-",
            reference,
        )
        return visit.render(
            "doorstep/error.html",
            heading or HEADINGS.get(status, HEADINGS[500]),
            status=status,
            code=status,
            sentence=translated(sentence),
            reference=reference,
        )

    def _fault(self, visit: Visit, fault: Exception) -> Response:
        # The kind of fault and its place only: texts of exceptions may hold what was sent.
        place = fault.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        line = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
        logger.error("page %s failed: %s at %s", visit.page.path, type(fault).__name__, line)
        return self.error(visit, 500, refusal(Refused(Reason.INTERNAL)), Reason.INTERNAL)

    def _paused(self, visit: Visit, paused: Maintenance) -> Response:
        """The one page of a service under maintenance; no session and no storage is asked for it."""
        response = visit.render(
            "doorstep/maintenance.html", "Service en entretien", status=503, until=paused.until
        )
        self._finish(visit, response)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _finish(self, visit: Visit, response: Response) -> None:
        session = visit.session
        if session is not None and session.is_new:
            response.set_cookie(
                self.sessions.cookie,
                session.token,
                path="/",
                secure=self.options.is_secure,
                httponly=True,
                samesite="lax",
            )
        if response.status_code in RETRY_AFTER:
            response.headers.setdefault("Retry-After", str(RETRY_AFTER[response.status_code]))
        private = visit.page.authentication is not Authentication.NONE or session is not None
        headers.protect(
            response, policy=visit.policy, is_secure=self.options.is_secure, private=private
        )

    async def begin_session(self, visit: Visit, session: Session) -> None:
        """Put a session in place of the one of the visit, which ends."""
        if visit.session is not None:
            await self.sessions.forget(visit.session)
        visit.session = session

    async def end_session(self, visit: Visit, response: Response) -> None:
        """Log out: nothing is left on the server nor in the browser, on a shared device not even the looks."""
        was_shared = visit.session is not None and visit.session.state.shared
        if visit.session is not None:
            await self.sessions.forget(visit.session)
            visit.session = None
        response.delete_cookie(
            self.sessions.cookie,
            path="/",
            secure=self.options.is_secure,
            httponly=True,
            samesite="lax",
        )
        cleared = ("cache", "cookies", "storage") if was_shared else ("cache", "storage")
        response.headers["Clear-Site-Data"] = ", ".join(f'"{kind}"' for kind in cleared)

    async def not_found(self, request: Request, _: Exception) -> Response:
        """The page for an address that nothing answers; for the application's handler of 404."""
        sentence = "Cette adresse ne mène à aucune page. Vérifiez-la, ou repartez de l’accueil."
        return await self._plain_error(request, 404, sentence)

    async def wrong_method(self, request: Request, _: Exception) -> Response:
        """The page for a form sent to an address that takes none; for the handler of 405."""
        return await self._plain_error(
            request, 405, "Cette adresse n’accepte pas cette action. Revenez à la page précédente."
        )

    async def _plain_error(self, request: Request, status: int, sentence: str) -> Response:
        async def view(visit: Visit) -> Response:
            return self.error(visit, status, sentence)

        nowhere = Page(path="-", view=view, authentication=Authentication.NONE)
        return await self._answered(nowhere, request, request.cookies.get(self.sessions.cookie))

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in STATIC or request.url.path != static_address(name):
            return await self.not_found(request, Exception())
        response = Response(static_bytes(name), headers={"Content-Type": STATIC[name]})
        if "gzip" in request.headers.get("accept-encoding", ""):
            response = Response(
                static_gzip(name),
                headers={"Content-Type": STATIC[name], "Content-Encoding": "gzip"},
            )
        headers.protect(
            response,
            policy=headers.FILE_POLICY,
            is_secure=self.options.is_secure,
            private=False,
        )
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Vary"] = "Accept-Encoding"
        return response


def _client(options: WebOptions, provider: Provider | None, path: str) -> OidcClient | None:
    if provider is None:
        return None
    return OidcClient(provider, options.base_url + path, options.transport)


_OF_PROFESSIONALS = frozenset(
    {
        Authentication.PROFESSIONAL,
        Authentication.READER,
        Authentication.DEPOSITOR,
        Authentication.ARRIVING,
    }
)


def _fits(visit: Visit, wanted: Authentication) -> bool:
    match visit.caller.who:
        case Holder():
            return wanted is Authentication.HOLDER
        case DeskAgent():
            return wanted is Authentication.DESK
        case Professional(profession=profession):
            if wanted is Authentication.DESK:
                return profession.code == PHARMACIST
            return wanted in _OF_PROFESSIONALS
        case Coordinator():
            return wanted in _OF_PROFESSIONALS - {Authentication.PROFESSIONAL}
        case Secretary():
            return wanted in (Authentication.DEPOSITOR, Authentication.ARRIVING)
        case _:
            return False
