"""A visit: one request at this door, with who is behind it and what it may do."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from dmp.acts.act import Act
from dmp.acts.perform import perform
from dmp.acts.relatives.list_profiles import ProfileAccess
from dmp.acts.work import House
from dmp.domain.counter.opening import works_in_a_pharmacy
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import NOBODY, Caller, Carer, Holder, Professional, Secretary
from dmp.entrypoints.web import seals
from dmp.entrypoints.web.forms import Form, named_in
from dmp.entrypoints.web.login.sessions import (
    REMEMBERED_FORMS,
    AgentIdentity,
    HolderIdentity,
    ProfessionalIdentity,
    Session,
    person_of,
)
from dmp.entrypoints.web.options import SERVICE, WebOptions
from dmp.entrypoints.web.page import Page
from dmp.entrypoints.web.preferences import USUAL, Preferences
from dmp.entrypoints.web.templating import rendered
from dmp.entrypoints.web.wording import age
from dmp.locale import sentence, translate

if TYPE_CHECKING:
    from dmp.entrypoints.web.door import Door

RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")

PHARMACIST = "21"
"""Profession of pharmacists in TRE_G15: they open records like a desk."""

FACES = {
    "none": "",
    "holder": "Patient",
    "professional": "Professionnel",
    "desk": "Guichet",
}
"""The word that goes with each colour of the top band, and into titles."""


@dataclass(slots=True, kw_only=True)
class Visit:
    """One request. Views take what they need from it and answer with `render` or `go_to`."""

    door: Door
    page: Page
    request: Request
    now: datetime
    session: Session | None = None
    caller: Caller = NOBODY
    profile: ProfileAccess | None = None
    form: Form = field(default_factory=lambda: Form({}, {}))
    preferences: Preferences = USUAL
    policy: str = ""
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def house(self) -> House:
        """The house behind the door."""
        return self.door.house

    @property
    def options(self) -> WebOptions:
        """Options of the door."""
        return self.door.options

    @property
    def live(self) -> Session:
        """The session; the door made sure that there is one. Raises Refused: NOT_AUTHENTICATED."""
        if self.session is None:
            raise Refused(Reason.NOT_AUTHENTICATED)
        return self.session

    @property
    def holder(self) -> HolderIdentity:
        """The holder who is logged in. Raises Refused: NOT_AUTHENTICATED."""
        who = self.live.state.who
        if not isinstance(who, HolderIdentity):
            raise Refused(Reason.NOT_AUTHENTICATED)
        return who

    @property
    def face(self) -> str:
        """Which colour and word the page carries."""
        path = self.page.path
        if path.startswith("/espace"):
            return "holder"
        if path.startswith("/guichet"):
            return "desk"
        return "professional" if path.startswith("/pro") else "none"

    @property
    def home_face(self) -> str:
        """The face of whoever is logged in, whatever page he is on; that of the page when nobody is."""
        match self.session.state.who if self.session else None:
            case HolderIdentity():
                return "holder"
            case ProfessionalIdentity():
                return "desk" if self.face == "desk" and self.opens_records else "professional"
            case AgentIdentity():
                return "desk"
            case _:
                return self.face

    async def do(self, act: Act[RequestT, ResultT], request: RequestT) -> ResultT:
        """Do one of the acts of this page through the corridor. Raises Refused."""
        if act not in self.page.acts:
            raise LookupError(f"{self.page.path} does not declare the act {act.name}")
        result = await perform(self.house, act, request, self.caller)
        self._remember_own_record()
        return result

    def _remember_own_record(self) -> None:
        """A holder's act on the record of the address succeeded: the rules proved that it is his own."""
        record = self.request.path_params.get("record")
        if record is None or self.profile is not None or self.session is None:
            return
        if isinstance(self.caller.who, Holder) and self.session.state.own_record != record:
            self.session.state.own_record = record
            self.session.changed = True

    def part(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def asked(self, name: str, longest: int = 200) -> str:
        """A value of the query, trimmed and bounded; empty when absent."""
        return self.request.query_params.get(name, "").strip()[:longest]

    def seal(self, kind: str, value: str) -> str:
        """A reference to `value` for this caller's addresses."""
        return seals.sealed(self.options.secret, kind, self.caller.id, value)

    def unseal(self, kind: str, reference: str) -> str:
        """The value of a reference of this caller. Raises Refused: RECORD_NOT_FOUND."""
        value = seals.unsealed(self.options.secret, kind, self.caller.id, reference)
        if value is None:
            raise Refused(Reason.RECORD_NOT_FOUND)
        return value

    @property
    def form_token(self) -> str:
        """The token that the forms of this page carry: of this session, and of whom the address names.

        A form about one record, patient or person sent to the address of another is refused.
        """
        return self._token(named_in(self.request))

    def _token(self, record: str = "") -> str:
        if self.session is None:
            return ""
        person = person_of(self.session.state.who)
        return seals.form_token(self.options.secret, self.session.key, record, person)

    @property
    def session_token(self) -> str:
        """The token of forms that concern no record: to log out."""
        return self._token()

    def notice(self, text: str) -> None:
        """Leave a status sentence for the next page."""
        self.live.state.notice = text
        self.live.changed = True

    def take_notice(self) -> str:
        """The status sentence left for this page, taken once."""
        if self.session is None or not self.session.state.notice:
            return ""
        text, self.session.state.notice = self.session.state.notice, ""
        self.session.changed = True
        return text

    def render(
        self, template: str, title: str, *, status: int = 200, **values: object
    ) -> HTMLResponse:
        """A whole page. Its title is unique: "Page – Profil – Service".

        The title, the sentence left for this page and the `errors` of its form are said in the language of
        the visit; a sentence with names in it is made by `translate` where they are known.
        """
        word = sentence(FACES[self.face]) if FACES[self.face] else ""
        heading = sentence(title)
        full = heading
        if self.profile is not None:
            full = translate("Pour {name} : {page}", name=self.profile_name, page=heading)
        errors = values.get("errors")
        if isinstance(errors, dict):
            values["errors"] = {name: sentence(text) for name, text in errors.items()}
        text = rendered(
            template,
            visit=self,
            page_title=" – ".join(part for part in (full, word, sentence(SERVICE)) if part),
            heading=heading,
            face=self.face,
            face_word=word,
            notice=sentence(self.take_notice()),
            form_key=secrets.token_urlsafe(18),
            **values,
        )
        return HTMLResponse(text, status_code=status)

    @property
    def own_address(self) -> str:
        """Where this page can be opened again: its address, or the page that its form stands on."""
        url = self.request.url
        if self.request.method == "GET" and self.page.path != "-":
            address = f"{url.path}?{url.query}" if url.query else url.path
        elif any(page.method == "GET" and page.path == self.page.path for page in self.door.pages):
            address = url.path
        else:
            address = "/"
        return address if is_ours(address) else "/"

    def go_to(self, path: str, query: Mapping[str, str] | None = None) -> RedirectResponse:
        """Lead on to another page of ours; a submitted form leads there again when sent twice."""
        address = f"{path}?{urlencode(query)}" if query else path
        if not is_ours(address):
            raise ValueError("a redirect stays in the house")
        key = self.form.text("cle")
        if self.session is not None and self.request.method == "POST" and key:
            done = self.session.state.done
            done[key] = address
            for old in list(done)[:-REMEMBERED_FORMS]:
                del done[old]
            self.session.changed = True
        return RedirectResponse(address, status_code=303)

    @property
    def cares(self) -> bool:
        """Whether whoever is logged in acts as a carer: by the level he was given, never on sharing."""
        return isinstance(self.caller.who, Carer)

    @property
    def profile_name(self) -> str:
        """The first name of the person for whom whoever is logged in acts."""
        if self.profile is None:
            return ""
        traits = self.profile.traits
        first = traits.used_given_name or traits.first_given_name
        return first.title() if first.isupper() else first

    @property
    def profile_age(self) -> str:
        """The age of the person for whom whoever is logged in acts."""
        return age(self.profile.birth_date, self.now) if self.profile is not None else ""

    @property
    def changes_workplace(self) -> bool:
        """Whether whoever is logged in works in several places."""
        who = self.session.state.who if self.session else None
        return isinstance(who, ProfessionalIdentity) and len(who.workplaces) > 1

    @property
    def may_lock(self) -> bool:
        """Whether the session can be locked: a professional's, once he is at work and not locked already."""
        state = self.session.state if self.session else None
        who = state.who if state else None
        at_work = isinstance(who, ProfessionalIdentity) and who.workplace is not None
        return at_work and state is not None and not state.locked

    @property
    def has_shortcuts(self) -> bool:
        """Whether shortcuts of one key work: a professional's, unless switched off or the session is locked."""
        state = self.session.state if self.session else None
        is_professional = state is not None and isinstance(state.who, ProfessionalIdentity)
        return is_professional and state is not None and state.shortcuts and not state.locked

    @property
    def is_roomy(self) -> bool:
        """Whether whoever reads asked for large letters in a synthesis."""
        return self.session is not None and self.session.state.roomy

    @property
    def opens_records(self) -> bool:
        """Whether this professional opens records at a counter: pharmacists do."""
        who = self.caller.who
        return isinstance(who, Professional) and who.profession.code == PHARMACIST

    @property
    def is_paid_for_openings(self) -> bool:
        """Whether openings by whoever is logged in are counted for his pharmacy."""
        return works_in_a_pharmacy(self.caller)

    @property
    def only_deposits(self) -> bool:
        """Whether whoever is logged in deposits and reads nothing: secretaries."""
        return isinstance(self.caller.who, Secretary)

    @property
    def reads_records(self) -> bool:
        """Whether whoever stands at the counter also reads records elsewhere."""
        return isinstance(self.caller.who, Professional)

    def who_name(self) -> str:
        """The name shown at the top of the page."""
        match self.session.state.who if self.session else None:
            case HolderIdentity() as holder:
                return f"{holder.first_name} {(holder.used_name or holder.birth_name).upper()}"
            case ProfessionalIdentity() as who:
                place = who.workplace
                return f"{who.name}, {place.structure_name}" if place else who.name
            case AgentIdentity() as agent:
                return f"{agent.name}, {agent.structure_name}"
            case _:
                return ""


def asking(path: str, asked: Mapping[str, str]) -> str:
    """The address of a page with what is asked of it; what is empty is left out."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{path}?{query}" if query else path


def is_ours(address: str) -> bool:
    """Whether an address is a path of this service, whatever a browser makes of its letters."""
    if not address.startswith("/") or address.startswith("//"):
        return False
    return (
        address.isascii() and address.isprintable() and "\\" not in address and " " not in address
    )
