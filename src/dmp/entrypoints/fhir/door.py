"""What every place of the door has in common: who asks, one act, one answer, every refusal traced."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar
from uuid import uuid4

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dmp.acts.act import Act
from dmp.acts.perform import perform, refuse
from dmp.acts.work import House
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import NOBODY, Caller, Door
from dmp.entrypoints.fhir.negotiation import FHIR_JSON, require_json
from dmp.entrypoints.fhir.tokens import TokenVerifier
from dmp.formats.fhir.outcome import WIRE, Sentences, write_refusal

RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")

logger = logging.getLogger("dmp.fhir")

STRANGER: Final = replace(NOBODY, door=Door.FHIR)
_HEADERS: Final = {
    "content-type": f"{FHIR_JSON}; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FhirDoor:
    """The door of one house: where it stands (`base_url` ends with `/`) and how it speaks."""

    house: House
    verifier: TokenVerifier
    base_url: str
    sentences: Sentences
    paused: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with the caller it speaks for."""

    door: FhirDoor
    request: Request
    caller: Caller

    @property
    def house(self) -> House:
        """The house."""
        return self.door.house

    async def perform(self, act: Act[RequestT, ResultT], request: RequestT) -> ResultT:
        """Do one act. Raises TracedRefusal: the act was refused, and the corridor traced it."""
        try:
            return await perform(self.door.house, act, request, self.caller)
        except Refused as refusal:
            raise TracedRefusal(refusal) from refusal


class TracedRefusal(Exception):
    """A refusal that left its trace already. `status` replaces that of the table."""

    def __init__(self, refusal: Refused, status: int | None = None) -> None:
        self.refusal = refusal
        self.status = status
        super().__init__(refusal.reason.value)


Handler = Callable[[Exchange], Awaitable[Response]]
_NO_ACT: Final = "unknown-interaction"


class Place:
    """One address of the door: for each method the act it leads to, and what is done.

    The act's name stands in the trace of a refusal that comes before the act. `raw` answers with other
    media types than FHIR JSON, and negotiates by itself. `public` asks nobody who he is.
    """

    def __init__(
        self,
        door: FhirDoor,
        handlers: Mapping[str, tuple[str, Handler]],
        *,
        raw: bool = False,
        public: bool = False,
    ) -> None:
        self._door = door
        self._handlers = dict(handlers)
        self._raw = raw
        self._public = public
        if "GET" in self._handlers:
            self._handlers["HEAD"] = self._handlers["GET"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self._answered(request)
        except ClientDisconnect:
            return
        if request.method == "HEAD":
            response.body = b""  # the headers keep the length that GET would send
        await response(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        if self._door.paused():
            # No storage is asked, so there is no trace either: nobody was let in.
            return self._refused(Refused(Reason.UNAVAILABLE))
        caller = STRANGER
        act, handler = self._handlers.get(request.method, (_NO_ACT, None))
        try:
            if not self._public:
                caller = self._door.verifier.caller(request.headers.get("authorization"))
            if not self._raw:
                require_json(request)
            if handler is None:
                raise self._not_here(request.method)
            return await handler(Exchange(self._door, request, caller))
        except ClientDisconnect:
            raise
        except TracedRefusal as traced:
            return self._refused(traced.refusal, traced.status)
        except Refused as refusal:
            return await self._refused_here(act, refusal, caller)
        except Exception as failure:  # noqa: BLE001  # whatever it is, the caller gets an answer
            return self._failed(act, failure)

    async def _refused_here(self, act: str, refusal: Refused, caller: Caller) -> Response:
        """Trace a refusal that no act has traced, then answer it."""
        try:
            await refuse(self._door.house, act, caller, refusal)
        except Exception as failure:  # noqa: BLE001  # no trace, no other answer than this
            return self._failed(act, failure)
        return self._refused(refusal)

    def _not_here(self, method: str) -> Refused:
        if not self._handlers:
            return Refused(Reason.ADDRESS_UNKNOWN)
        named = method if method in _METHODS else "this method"
        return Refused(Reason.INTERACTION_UNSUPPORTED, detail=f"{named} at this address")

    def _refused(self, refusal: Refused, status: int | None = None) -> Response:
        status = status or WIRE[refusal.reason].status
        headers = {}
        if status == 401:
            fault = ', error="invalid_token"' if refusal.reason is Reason.TOKEN_INVALID else ""
            headers["www-authenticate"] = f'Bearer realm="dmp"{fault}'
        elif status == 405:
            headers["allow"] = ", ".join(sorted(self._handlers))
        elif status == 503:
            headers["retry-after"] = "120"
        return answer(write_refusal(refusal, self._door.sentences), status, headers)

    def _failed(self, act: str, failure: Exception) -> Response:
        """An error of ours. The log gets its kind and its place, never its text."""
        reference = uuid4().hex[:12]
        frames = traceback.extract_tb(failure.__traceback__)
        where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-6:]))
        logger.error("%s failed, %s: %s", act, reference, f"{type(failure).__name__} {where}")
        refusal = Refused(Reason.INTERNAL)
        return answer(write_refusal(refusal, self._door.sentences, reference), 500)


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def answer(content: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of this door: never stored, never guessed at."""
    return Response(content, status, _HEADERS | dict(headers or {}))
