"""List, add and revoke the passkeys of a holder.

W3C Web Authentication. Who: the holder herself, on her own record, whatever its state: a closed record is
entered to reopen it. The key is kept sealed in the record and gone with it. She is told of every change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.notices.security import tell_holder
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.passkey import MOST_KEPT, Passkey, clean_name, passkey_id
from dmp.domain.record.notice import NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPasskeys:
    """Of which record."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """What the ceremony of a registration proved; the texts as in `Passkey`."""

    credential_id: str
    public_key: str
    handle: str
    sign_count: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPasskey:
    """To which record, and the key."""

    record_id: RecordId
    key: NewPasskey


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokePasskey:
    """Of which record, which key."""

    record_id: RecordId
    passkey_id: UUID


async def _list(_: ListPasskeys, work: Work) -> tuple[Passkey, ...]:
    return newest_first(await work.slips.of_record(work.record.record_id, Passkey))


async def _add(request: AddPasskey, work: Work) -> Passkey:
    record_id = work.record.record_id
    kept = await work.slips.of_record(record_id, Passkey)
    passkey = made(request.key, kept, work)
    if await work.slips.by_code(passkey.digest, Passkey) is not None:
        raise Refused(Reason.PASSKEY_NOT_POSSIBLE, detail="this key is known already")
    work.slips.keep(record_id, passkey, code_digest=passkey.digest)
    tell_holder(work, NoticeKind.PASSKEY_ADDED, passkey.slip_id, work.now)
    return passkey


async def _revoke(request: RevokePasskey, work: Work) -> None:
    record_id = work.record.record_id
    passkey = await work.slips.one(record_id, Passkey, request.passkey_id)
    if passkey is None:
        raise Refused(Reason.PASSKEY_NOT_POSSIBLE, detail="this key is not known")
    work.slips.remove(record_id, passkey)
    tell_holder(work, NoticeKind.PASSKEY_REMOVED, passkey.slip_id, work.now)


def made(key: NewPasskey, kept: Sequence[Passkey], work: Work) -> Passkey:
    """A new passkey beside those that are kept. Raises Refused: PASSKEY_NOT_POSSIBLE."""
    if len(kept) >= MOST_KEPT:
        raise Refused(Reason.PASSKEY_NOT_POSSIBLE, detail=f"{MOST_KEPT} keys at most")
    if any(one.handle != key.handle for one in kept):
        raise Refused(Reason.PASSKEY_NOT_POSSIBLE, detail="another handle")
    return Passkey(
        slip_id=passkey_id(key.credential_id),
        credential_id=key.credential_id,
        public_key=key.public_key,
        handle=key.handle,
        sign_count=key.sign_count,
        name=clean_name(key.name),
        created_at=work.now,
    )


def newest_first(found: Sequence[Passkey]) -> tuple[Passkey, ...]:
    """Passkeys by the instant at which they were added."""
    return tuple(sorted(found, key=lambda one: one.created_at, reverse=True))


list_passkeys = Act(
    name="list-passkeys",
    actions=always(Action.KEEP_PASSKEYS),
    target=lambda request: OfRecord(request.record_id),
    run=_list,
    reads=True,
)

add_passkey = Act(
    name="add-passkey",
    actions=always(Action.KEEP_PASSKEYS),
    target=lambda request: OfRecord(request.record_id),
    run=_add,
)

revoke_passkey = Act(
    name="revoke-passkey",
    actions=always(Action.KEEP_PASSKEYS),
    target=lambda request: OfRecord(request.record_id),
    run=_revoke,
)
