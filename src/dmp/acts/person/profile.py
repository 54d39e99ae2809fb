"""Read and save what the holder says of himself: how to reach him, and his medical profile as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.notices.security import tell_contact_changed
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Carer
from dmp.domain.record.declared.changes import identified, mark_of
from dmp.domain.record.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProfile:
    """Whose."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveProfile:
    """Whose, and the profile as a whole. `seen` is the mark of the profile that it is made from; empty: it
    takes the place of whatever stands there.
    """

    record_id: RecordId
    profile: Profile
    seen: str = ""


async def kept_profile(work: Work) -> Profile:
    """The profile of the record, every line with its identifier; an empty one when nothing was entered."""
    return identified(await work.profiles.of(work.record.record_id) or Profile())


async def _read_profile(_: ReadProfile, work: Work) -> Profile:
    return await kept_profile(work)


async def _save_profile(request: SaveProfile, work: Work) -> Profile:
    """Raises Refused: CONCURRENT_CHANGE, another profile stands there than was seen."""
    kept, profile = await kept_profile(work), request.profile
    if request.seen and mark_of(kept) != request.seen:
        raise Refused(Reason.CONCURRENT_CHANGE)
    if isinstance(work.caller.who, Carer):
        # A carer never shares, and wishes are the holder's own.
        profile = replace(profile, unshared=kept.unshared, wishes=kept.wishes)
    await tell_contact_changed(work, kept, profile)
    work.profiles.save(request.record_id, profile)
    return profile


read_profile = Act(
    name="read-profile",
    actions=always(Action.READ_PROFILE),
    target=lambda request: OfRecord(request.record_id),
    run=_read_profile,
    reads=True,
)

save_profile = Act(
    name="save-profile",
    actions=always(Action.WRITE_PROFILE),
    target=lambda request: OfRecord(request.record_id),
    run=_save_profile,
)
