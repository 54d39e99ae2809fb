"""Sessions: an opaque cookie, its state on the server under the hash of the token.

The token is new at each login, so that a planted one is worth nothing. Idle sessions end.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from dmp.entrypoints.web.options import WebOptions

GUEST_LIFE = timedelta(minutes=10)
SHARED_IDLE = timedelta(minutes=5)
"""How long a session lives without a request on a device that others use."""
LONGEST_LIFE = timedelta(hours=12)
TOUCH_EVERY = timedelta(seconds=30)
REMEMBERED_FORMS = 24
REMEMBERED_PATIENTS = 5
SECRETARY = "SECRETARIAT_MEDICAL"
"""The role of a medical secretary, in TRE_A00."""


class HolderIdentity(msgspec.Struct, frozen=True, tag="holder", kw_only=True):
    """A holder as the provider proved him. `sex` is M, F or I; `birth_date` is ISO 8601."""

    matricule: str
    root: str
    birth_name: str
    given_names: str
    sex: str
    birth_date: str
    birth_place: str = ""
    used_name: str = ""

    @property
    def first_name(self) -> str:
        """The first given name as one is greeted by it; providers send capitals too."""
        first = self.given_names.split()[0]
        return first.title() if first.isupper() else first


class Workplace(msgspec.Struct, frozen=True, kw_only=True):
    """One place of work of a professional: profession, specialty, structure, sector.

    Whoever works by a role has no profession but a `role`: a line of the matrix (`R85:330`), or
    SECRETARY. `capacity` is stated by the provider where the sector does not tell it.
    """

    profession: str
    profession_label: str
    structure_id: str
    structure_name: str
    sector: str = ""
    know_how: str = ""
    know_how_label: str = ""
    may_regulate: bool = False
    role: str = ""
    capacity: str = ""


class ProfessionalIdentity(msgspec.Struct, frozen=True, tag="professional", kw_only=True):
    """A professional as the provider proved him; `chosen` is the place he works at now.

    `title` is the civility of practice for people, `Dr` or `Pr`.
    """

    id_nat: str
    family: str
    given: str
    workplaces: tuple[Workplace, ...]
    chosen: int | None = None
    title: str = ""

    @property
    def name(self) -> str:
        """`Dr Prénom NOM`."""
        return f"{self.title} {self.given} {self.family.upper()}".strip()

    @property
    def workplace(self) -> Workplace | None:
        """Where he works now, or None before he has chosen."""
        return self.workplaces[self.chosen] if self.chosen is not None else None


class AgentIdentity(msgspec.Struct, frozen=True, tag="agent", kw_only=True):
    """A desk agent of the health insurance."""

    id_nat: str
    name: str
    structure_id: str
    structure_name: str


Identity = HolderIdentity | ProfessionalIdentity | AgentIdentity


def person_of(who: Identity | None) -> str:
    """One person the same in every session: what the forms of a session are written for."""
    match who:
        case None:
            return ""
        case HolderIdentity(matricule=matricule, root=root):
            return f"holder:{root}:{matricule}"
        case _:
            return f"worker:{who.id_nat}"


class LoginUnderWay(msgspec.Struct, frozen=True, kw_only=True):
    """What must come back unchanged from the provider, usable once."""

    face: str
    state: str
    nonce: str
    verifier: str
    then: str
    shared: bool = False


class CeremonyUnderWay(msgspec.Struct, frozen=True, kw_only=True):
    """A challenge that a passkey must sign, usable once: for a login, a new key or an unlocking.

    `handle` is the one that a new key will carry.
    """

    purpose: str
    challenge: bytes
    until: datetime
    handle: str = ""


class CallUnderWay(msgspec.Struct, frozen=True, kw_only=True):
    """A patient whom practice software called up, verified: for which professional, and until when.

    `traits` are those that the software knows: birth name, given names, sex, birth date, place.
    """

    professional: str
    matricule: str
    root: str
    traits: tuple[str, str, str, str, str]
    call_id: str
    software: str
    until: datetime


class EmergencyStatement(msgspec.Struct, frozen=True, kw_only=True):
    """An emergency that a professional stated for one patient: the mode, why, and when."""

    purpose: str
    since: datetime
    motive: str = ""
    reason: str = ""


class MaskingDone(msgspec.Struct, frozen=True, kw_only=True):
    """A change of confidentiality that was made: in which record, on which documents (16 octets each).

    `audience`, `audience_id` and `name` tell from whom; empty is from every professional. `target` is the
    category, when one was kept as a whole; `left` counts the documents that could not be changed.
    """

    record: str
    masked: bool
    documents: tuple[bytes, ...] = ()
    audience: str = ""
    audience_id: str = ""
    name: str = ""
    target: str = ""
    future: bool = False
    left: int = 0


class SessionState(msgspec.Struct, kw_only=True):
    """What a session holds. `done` remembers where each submitted form led, newest last.

    `emergencies` are by the reference of the patient; `secret` are the references of the minors with
    whom a secret session is under way. `own_record` is the holder's own, once the rules proved it;
    `masked` are the last changes of confidentiality, by a key of their own, so that they can be undone;
    `code` is the code of an invitation, sealed, until it is shown. `letters` are letters with an access
    code, sealed, until they are shown, by the address of the person; `operations` are those of a counter, by
    their instant: initials and receipt; `unfinished` what is left to do there, by the address of the person.
    `dense` pages have small letters, `roomy` ones large; `shortcuts` are those of the keyboard, `favourites`
    and `quiet` as in the settings of whoever reads.
    `means` is how the person proved who she is, `shared` that she said others use this device, `seen` when the
    session was used last. `unlocks` tells that a PIN or a passkey opens a locked session, `locked` that it is,
    `wrong_pins` how often it was tried in vain; `tries` counts wrong codes of letters.
    `own_domain` narrows a synthesis to the reader's speciality.
    """

    born: datetime
    ends: datetime
    who: Identity | None = None
    login: LoginUnderWay | None = None
    then: str = ""
    notice: str = ""
    done: dict[str, str] = {}
    recent: tuple[tuple[str, str], ...] = ()
    emergencies: dict[str, EmergencyStatement] = {}
    secret: tuple[str, ...] = ()
    own_record: str = ""
    masked: dict[str, MaskingDone] = {}
    code: str = ""
    letters: dict[str, str] = {}
    operations: dict[str, tuple[str, str]] = {}
    unfinished: dict[str, tuple[str, str]] = {}
    means: str = ""
    shared: bool = False
    seen: datetime | None = None
    unlocks: bool = False
    locked: bool = False
    wrong_pins: int = 0
    tries: int = 0
    ceremony: CeremonyUnderWay | None = None
    call: CallUnderWay | None = None
    dense: bool = False
    roomy: bool = False
    shortcuts: bool = True
    favourites: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    own_domain: bool = False


class SessionKeeper(Protocol):
    """Where sessions are kept, by the hash of their token: storage's keeper.

    Storage and doors are neighbours that do not know each other, so the shape stands here.
    """

    async def put(self, token: str, body: bytes, expires_at: datetime) -> None:
        """Keep a session until then, in place of an earlier one with this token."""

    async def get(self, token: str, now: datetime) -> bytes | None:
        """The body of a session that has not expired, or None."""

    async def delete(self, token: str) -> None:
        """End a session."""

    async def tally(self, key: str, now: datetime, until: datetime) -> int:
        """Count one more under a key, until then at most; returns how many there are."""

    async def tallied(self, key: str, now: datetime) -> int:
        """How many were counted under a key, within its time."""


@dataclass(slots=True, kw_only=True)
class Session:
    """One session during a request. `is_new` when its cookie must be sent."""

    token: str
    state: SessionState
    is_new: bool = False
    changed: bool = False

    @property
    def key(self) -> bytes:
        """The hash of its token."""
        return token_hash(self.token)


def token_hash(token: str) -> bytes:
    """SHA-256 of a session token: what tokens of forms are bound to."""
    return hashlib.sha256(token.encode()).digest()


_TOKEN_LENGTH = 43
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(SessionState)


class Sessions:
    """Opens, renews, rotates and ends sessions."""

    def __init__(self, keeper: SessionKeeper, options: WebOptions) -> None:
        self._keeper = keeper
        self._options = options

    @property
    def cookie(self) -> str:
        """Name of the cookie; the prefix binds it to this host over https."""
        return "__Host-dmp" if self._options.is_secure else "dmp"

    async def load(self, token: str | None, now: datetime) -> Session | None:
        """The live session of a token, or None."""
        if token is None or len(token) != _TOKEN_LENGTH or not token.isascii():
            return None
        body = await self._keeper.get(token, now)
        if body is None:
            return None
        try:
            session = Session(token=token, state=_decoder.decode(body))
        except msgspec.DecodeError:
            return None  # written by another version of the door: log in again
        state = session.state
        if state.unlocks and not state.locked and now - (state.seen or now) >= self.quiet(state):
            state.locked = session.changed = True
        return session

    def begin(self, now: datetime, who: Identity | None = None) -> Session:
        """A session with a new token; call `save` to keep it."""
        state = SessionState(born=now, ends=now, who=who)
        return Session(token=secrets.token_urlsafe(32), state=state, is_new=True, changed=True)

    async def save(self, session: Session, now: datetime) -> None:
        """Keep a session when it changed, and move its end while it is used."""
        state = session.state
        end = min(now + self.idle(state), state.born + LONGEST_LIFE)
        if not session.changed and now - (state.seen or state.born) < TOUCH_EVERY:
            return
        state.ends, state.seen = end, now
        session.changed = False
        await self._keeper.put(session.token, _encoder.encode(state), end)

    async def forget(self, session: Session) -> None:
        """End a session at once."""
        await self._keeper.delete(session.token)

    def idle(self, state: SessionState) -> timedelta:
        """After how much time without a request the session ends. One that locks first lives longer."""
        return self._options.locked_idle if state.unlocks else self.quiet(state)

    def quiet(self, state: SessionState) -> timedelta:
        """After how much time without a request nothing is shown any more: it ends, or is locked."""
        usual = self._usual(state)
        return min(usual, SHARED_IDLE) if state.shared and state.who is not None else usual

    def _usual(self, state: SessionState) -> timedelta:
        match state.who:
            case None:
                return GUEST_LIFE
            case HolderIdentity():
                return self._options.holder_idle
            case _:
                return self._options.professional_idle
