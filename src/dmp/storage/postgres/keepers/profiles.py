"""The keeper of what holders entered, sealed with their record's key."""

from __future__ import annotations

from dmp.domain.identifiers import RecordId
from dmp.domain.record.profile import Profile
from dmp.storage.postgres.bodies import profile_of
from dmp.storage.postgres.cellar import Cellar
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader
from dmp.storage.sealing import unseal

_OF = """
SELECT profile.sealed, record_key.wrapped, md5(profile.sealed)
FROM profile JOIN record_key ON record_key.record_id = profile.record_id
WHERE profile.record_id = %s
"""


class PostgresProfiles:
    """Holders' profiles; see `dmp.acts.keepers.Profiles`."""

    def __init__(self, cellar: Cellar, reader: Reader, pending: Pending) -> None:
        self._cellar = cellar
        self._reader = reader
        self._pending = pending

    async def of(self, record_id: RecordId) -> Profile | None:
        """The holder's profile, or None when nothing was entered.

        Raises:
            ContentDamaged: what is stored does not open with the record's key.
        """
        row = await self._reader.one(_OF, (record_id,))
        if row is None:
            self._pending.profiles_seen[record_id] = ""
            return None
        self._pending.profiles_seen[record_id] = row[2]
        key = self._cellar.keys.unwrap(record_id, row[1])
        return profile_of(unseal(key, record_id, row[0]))

    def save(self, record_id: RecordId, profile: Profile) -> None:
        """Replace the profile; see `dmp.acts.keepers.Profiles.save`."""
        self._pending.profiles[record_id] = profile
