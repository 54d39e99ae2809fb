"""Read and save the holder's own profile: contact, person to warn, blood group, allergies."""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfRecord, always
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.identifiers import RecordId
from dmp.domain.record.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProfile:
    """Whose."""

    record_id: RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveProfile:
    """Whose, and the profile as a whole."""

    record_id: RecordId
    profile: Profile


async def _read_profile(request: ReadProfile, work: Work) -> Profile:
    return await work.profiles.of(request.record_id) or Profile()


async def _save_profile(request: SaveProfile, work: Work) -> Profile:
    work.profiles.save(request.record_id, request.profile)
    return request.profile


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
