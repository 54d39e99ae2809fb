"""Data keys of records: drawn, wrapped by the master key, unwrapped, remembered for a while."""

from __future__ import annotations

import os
from collections import OrderedDict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dmp.domain.identifiers import RecordId
from dmp.storage.sealing import KEY_OCTETS, ContentDamaged

_NONCE_OCTETS = 12


class KeyRing:
    """Wraps and unwraps data keys; remembers the last `remembered` ones, by their wrapped form.

    A key is asked for by its wrapped form, which stands in the database: reading with a key that was
    destroyed there is out of reach here as well.
    """

    def __init__(self, master: bytes, remembered: int = 4096) -> None:
        self._master = AESGCM(master)
        self._remembered = remembered
        self._known: OrderedDict[bytes, bytes] = OrderedDict()

    def draw(self, record_id: RecordId) -> tuple[bytes, bytes]:
        """A new data key for a record: (key, wrapped form)."""
        key, nonce = os.urandom(KEY_OCTETS), os.urandom(_NONCE_OCTETS)
        return key, nonce + self._master.encrypt(nonce, key, record_id.bytes)

    def unwrap(self, record_id: RecordId, wrapped: bytes) -> bytes:
        """The data key of a record.

        Raises:
            ContentDamaged: it was wrapped by another master key or for another record.
        """
        place = record_id.bytes + wrapped
        key = self._known.get(place)
        if key is None:
            try:
                nonce, sealed = wrapped[:_NONCE_OCTETS], wrapped[_NONCE_OCTETS:]
                key = self._master.decrypt(nonce, sealed, record_id.bytes)
            except (InvalidTag, ValueError):
                raise ContentDamaged from None
            self._known[place] = key
            if len(self._known) > self._remembered:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(place)
        return key

    def forget(self, record_id: RecordId) -> None:
        """Drop what is remembered of a record whose key was destroyed."""
        for place in [place for place in self._known if place.startswith(record_id.bytes)]:
            del self._known[place]
