"""What unlocks a professional's own session: a PIN, or a passkey of his.

Who: whoever logged in as a professional, for himself; neither logs him in. The PIN is kept as its scrypt
digest; how often it was tried is counted by the session that is locked.

Source: ux rules of the project §6.2.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfNothing, always
from dmp.acts.login.log_in import Confirm, NotProven
from dmp.acts.login.passkeys import NewPasskey, made, newest_first
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Strength
from dmp.domain.identity.passkey import MOST_KEPT, Passkey, passkey_id
from dmp.domain.identity.pin import (
    PIN_ID,
    UnlockPin,
    is_pin,
    is_the_pin,
    is_too_simple,
    pin_digest,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadUnlocking:
    """For whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocking:
    """What unlocks: whether a PIN was chosen, and the passkeys, newest first."""

    has_pin: bool
    passkeys: tuple[Passkey, ...]

    @property
    def is_quick(self) -> bool:
        """Whether anything but a new login unlocks."""
        return self.has_pin or bool(self.passkeys)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosePin:
    """The PIN, and a salt drawn for it (16 octets in hexadecimal). An empty PIN gives up the one there was."""

    pin: str
    salt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TryPin:
    """The PIN as it was typed."""

    pin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUnlockKey:
    """The key."""

    key: NewPasskey


@dataclass(frozen=True, slots=True, kw_only=True)
class TryUnlockKey:
    """Which key the device says, of whom, and what confirms it."""

    credential_id: str
    handle: str
    confirm: Confirm


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeUnlockKey:
    """Which key."""

    passkey_id: UUID


async def _read(_: ReadUnlocking, work: Work) -> Unlocking:
    _in_person(work)
    pin = await work.own_slips.one(work.caller.id, UnlockPin, PIN_ID)
    return Unlocking(has_pin=pin is not None, passkeys=await _passkeys(work))


async def _choose_pin(request: ChoosePin, work: Work) -> None:
    _in_person(work)
    owner = work.caller.id
    kept = await work.own_slips.one(owner, UnlockPin, PIN_ID)
    if not request.pin:
        if kept is not None:
            work.own_slips.remove(owner, kept)
        return
    if not is_pin(request.pin) or is_too_simple(request.pin):
        raise Refused(Reason.PARAMETER_INVALID, parameter="pin", detail="4 to 8 digits, not a row")
    digest = await asyncio.to_thread(pin_digest, request.pin, request.salt)
    work.own_slips.keep(owner, UnlockPin(salt=request.salt, digest=digest, chosen_at=work.now))


async def _try_pin(request: TryPin, work: Work) -> None:
    _in_person(work)
    kept = await work.own_slips.one(work.caller.id, UnlockPin, PIN_ID)
    if kept is None or not await asyncio.to_thread(is_the_pin, kept, request.pin):
        raise Refused(Reason.LOGIN_NOT_PROVEN)


async def _add_key(request: AddUnlockKey, work: Work) -> Passkey:
    _in_person(work)
    passkey = made(request.key, await _passkeys(work), work)
    if await work.own_slips.one(work.caller.id, Passkey, passkey.slip_id) is not None:
        raise Refused(Reason.PASSKEY_NOT_POSSIBLE, detail="this key is known already")
    work.own_slips.keep(work.caller.id, passkey)
    return passkey


async def _try_key(request: TryUnlockKey, work: Work) -> None:
    _in_person(work)
    owner = work.caller.id
    passkey = await work.own_slips.one(owner, Passkey, passkey_id(request.credential_id))
    if passkey is None or passkey.handle != request.handle:
        raise Refused(Reason.LOGIN_NOT_PROVEN)
    try:
        count = request.confirm(passkey)
    except NotProven:
        raise Refused(Reason.LOGIN_NOT_PROVEN) from None
    work.own_slips.keep(owner, passkey.used(count, work.now))


async def _revoke_key(request: RevokeUnlockKey, work: Work) -> None:
    _in_person(work)
    passkey = await work.own_slips.one(work.caller.id, Passkey, request.passkey_id)
    if passkey is None:
        raise Refused(Reason.PASSKEY_NOT_POSSIBLE, detail="this key is not known")
    work.own_slips.remove(work.caller.id, passkey)


async def _passkeys(work: Work) -> tuple[Passkey, ...]:
    return newest_first(await work.own_slips.of_owner(work.caller.id, Passkey, MOST_KEPT * 2))


def _in_person(work: Work) -> None:
    if work.caller.strength < Strength.INDIVIDUAL:
        raise Refused(Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)


read_unlocking = Act(
    name="read-unlocking",
    actions=always(Action.UNLOCK),
    target=lambda _: OfNothing(),
    run=_read,
    reads=True,
)

choose_pin = Act(
    name="choose-pin",
    actions=always(Action.UNLOCK),
    target=lambda _: OfNothing(),
    run=_choose_pin,
)

try_pin = Act(
    name="try-pin",
    actions=always(Action.UNLOCK),
    target=lambda _: OfNothing(),
    run=_try_pin,
)

add_unlock_key = Act(
    name="add-unlock-key",
    actions=always(Action.UNLOCK),
    target=lambda _: OfNothing(),
    run=_add_key,
)

try_unlock_key = Act(
    name="try-unlock-key",
    actions=always(Action.UNLOCK),
    target=lambda _: OfNothing(),
    run=_try_key,
)

revoke_unlock_key = Act(
    name="revoke-unlock-key",
    actions=always(Action.UNLOCK),
    target=lambda _: OfNothing(),
    run=_revoke_key,
)
