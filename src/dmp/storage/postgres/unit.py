"""The unit of work on PostgreSQL: reads at once, collects writes, commits them with the group."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from dmp.acts.keepers import ConcurrentChange
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.identifiers import RecordId
from dmp.domain.journal.event import Trace
from dmp.storage.postgres.bodies import octets_of, text_of
from dmp.storage.postgres.cellar import Cellar
from dmp.storage.postgres.claims_feed.keeper import PostgresClaimsFeed
from dmp.storage.postgres.commits.writes import Writes
from dmp.storage.postgres.document_rows import row_of
from dmp.storage.postgres.keepers.claims import PostgresClaims
from dmp.storage.postgres.keepers.documents import OFF_LOOP_OCTETS, PostgresDocuments
from dmp.storage.postgres.keepers.emergencies import PostgresEmergencies
from dmp.storage.postgres.keepers.facts import PostgresFacts, sealed_findings
from dmp.storage.postgres.keepers.heirs import PostgresHeirs
from dmp.storage.postgres.keepers.notices import PostgresNotices
from dmp.storage.postgres.keepers.openings import PostgresOpenings
from dmp.storage.postgres.keepers.profiles import PostgresProfiles
from dmp.storage.postgres.keepers.records import PostgresRecords
from dmp.storage.postgres.keepers.slips import PostgresOwnSlips, PostgresSlips, sealed_name
from dmp.storage.postgres.keepers.texts import PostgresTexts, text_id
from dmp.storage.postgres.keepers.traces import PostgresTraces
from dmp.storage.postgres.pending import Pending
from dmp.storage.postgres.reader import Reader
from dmp.storage.sealing import Unsealed, seal, verified

_WRAPPED_KEY = "SELECT wrapped FROM record_key WHERE record_id = %s"


class PostgresUnit:
    """What storage opens for one act; see `dmp.acts.work.Unit`."""

    def __init__(self, cellar: Cellar) -> None:
        self._cellar = cellar
        self._reader = Reader(cellar.pool)
        self._pending = Pending()
        self.records = PostgresRecords(cellar, self._reader, self._pending)
        self.documents = PostgresDocuments(cellar, self._reader, self._pending, self.records)
        self.facts = PostgresFacts(cellar, self._reader, self._pending)
        self.texts = PostgresTexts(cellar, self._reader, self._pending)
        self.claims = PostgresClaims(self._reader, self._pending)
        self.claims_feed = PostgresClaimsFeed(self._reader, self._pending)
        self.traces = PostgresTraces(self._reader)
        self.profiles = PostgresProfiles(cellar, self._reader, self._pending)
        self.notices = PostgresNotices(self._reader, self._pending)
        self.emergencies = PostgresEmergencies(self._reader, self._pending)
        self.heirs = PostgresHeirs(self._reader, self._pending)
        self.slips = PostgresSlips(cellar, self._reader, self._pending, self.records)
        self.own_slips = PostgresOwnSlips(self._reader, self._pending)
        self.openings = PostgresOpenings(cellar, self._reader, self._pending)

    async def commit(self, traces: Sequence[Trace]) -> None:
        """Make the collected writes and the traces durable, all or nothing.

        Raises:
            ConcurrentChange: another change came first; nothing was written.
            Refused: UNAVAILABLE.
            ValueError: a destruction was collected together with other writes.
        """
        if self._pending.must_go_alone():
            raise ValueError("the destruction of a record is committed alone")
        try:
            await self._commit(traces)
        except ConcurrentChange:
            for record_id in self._pending.seen:
                self._cellar.sheets.forget(record_id)
            raise

    async def _commit(self, traces: Sequence[Trace]) -> None:
        openings = list(self._pending.openings)
        if self._pending.only_reads():
            if traces or openings:
                self._pending.clear()
                await self._reader.rest()
                guards = self._pending.to_verify()
                await self._cellar.group.commit(None, traces, guards, openings)
                self._cellar.openings.add(openings)
            return
        writes = await self._sealed(traces)
        writes.deliveries, writes.fed = list(self._pending.deliveries), list(self._pending.fed)
        destroyed = list(self._pending.destroyed.values())
        versioned = (*self._pending.changed, *self._pending.destroyed)
        self._pending.clear()
        await self._reader.rest()
        await self._cellar.group.commit(writes, traces, openings=openings)
        self._cellar.openings.add(openings)
        for record_id in versioned:
            self._cellar.sheets.forget(record_id)
        for record in destroyed:
            self._cellar.keys.forget(record.record_id)
            self._cellar.records.forget(record.ins)

    def discard(self) -> None:
        """Forget the collected writes."""
        self._pending.clear()

    async def close(self) -> None:
        """Give back what was borrowed. Safe to call twice."""
        await self._reader.close()

    async def _sealed(self, traces: Sequence[Trace]) -> Writes:
        pending = self._pending
        keys: dict[RecordId, bytes] = {}
        writes = Writes(
            changed=list(pending.changed.values()),
            destroyed=list(pending.destroyed.values()),
            submissions=list(pending.submissions),
            published=list(pending.published),
            announced=list(pending.announced),
            notices=list(pending.notices),
            emergencies=list(pending.emergencies),
            reviews=list(pending.reviews),
            filed=list(pending.filed),
            decisions=list(pending.decisions),
            settled=list(pending.settled),
        )
        for record in pending.created.values():
            keys[record.record_id], wrapped = self._cellar.keys.draw(record.record_id)
            writes.created.append((record, wrapped))
        versioned = {*pending.created, *pending.changed, *pending.destroyed}
        for record_id in (pending.touched() | pending.assumed) - versioned:
            writes.guards[record_id] = await self._version(record_id)
        for entry, content in pending.added:
            key = await self._key(keys, entry.record_id)
            octets = await _checked_content(key, entry, content)
            writes.contents.append((entry.record_id, entry.document_id, octets))
            at = entry.submitted_at
            fhir = self._cellar.write_document_reference(entry, at)
            writes.documents.append((entry, row_of(entry, fhir, at)))
        for entry, previous in pending.metadata:
            at = _instant(traces, entry)
            row = row_of(entry, self._cellar.write_document_reference(entry, at), at)
            writes.metadata.append((entry, previous, row, at))
        await self._seal_what_is_said(writes, keys)
        await self._seal_slips(writes, keys)
        for record_id, profile in pending.profiles.items():
            key = await self._key(keys, record_id)
            sealed = seal(key, record_id, text_of(profile).encode("utf-8"))
            writes.profiles.append((record_id, sealed, pending.profiles_seen.get(record_id)))
        return writes

    async def _seal_what_is_said(self, writes: Writes, keys: dict[RecordId, bytes]) -> None:
        """What documents say, in structured form and in words."""
        for entry, findings in self._pending.findings:
            key = await self._key(keys, entry.record_id)
            sealed = sealed_findings(key, entry, findings)
            writes.findings.append((entry.record_id, entry.document_id, sealed))
        for entry, text in self._pending.texts:
            key = await self._key(keys, entry.record_id)
            said = Unsealed(key, text_id(entry.document_id), text.shown.encode("utf-8"))
            writes.texts.append((entry.record_id, entry.document_id, said))

    async def _seal_slips(self, writes: Writes, keys: dict[RecordId, bytes]) -> None:
        for written in self._pending.slips:
            octets = None if written.slip is None else octets_of(written.slip)
            if octets is not None and written.record_id is not None:
                key = await self._key(keys, written.record_id)
                octets = seal(key, sealed_name(written.kind, written.slip_id), octets)
            writes.slips.append((written, octets))

    async def _version(self, record_id: RecordId) -> int:
        """The version the act decided on; when it read none, the present one."""
        if record_id not in self._pending.seen and await self.records.by_id(record_id) is None:
            raise ConcurrentChange
        return self._pending.seen[record_id]

    async def _key(self, keys: dict[RecordId, bytes], record_id: RecordId) -> bytes:
        if record_id not in keys:
            wrapped = self._cellar.wrapped.get(record_id)
            if wrapped is None:
                row = await self._reader.one(_WRAPPED_KEY, (record_id,))
                if row is None:  # destroyed since it was read
                    raise ConcurrentChange
                wrapped = bytes(row[0])
                self._cellar.wrapped.put(record_id, wrapped)
            keys[record_id] = self._cellar.keys.unwrap(record_id, wrapped)
        return keys[record_id]


def _instant(traces: Sequence[Trace], entry: DocumentEntry) -> datetime:
    """When a change of metadata is made: the instant of its trace."""
    return traces[0].at if traces else entry.submitted_at


async def _checked_content(key: bytes, entry: DocumentEntry, content: bytes) -> Unsealed | bytes:
    """A content on its way to a pack. A large one is sealed by itself: no batch waits for it."""

    def checked() -> Unsealed:
        # What is registered under a wrong hash could never be read again: refuse it now.
        verified(content, entry.content.size, entry.content.sha256)
        return Unsealed(key, entry.document_id, content, entry.mime_type)

    if len(content) < OFF_LOOP_OCTETS:
        return checked()
    return await asyncio.to_thread(lambda: checked().sealed())
