"""The mark by which a record is found by its holder's traits: kept when a record begins or is opened."""

from __future__ import annotations

from dmp.acts.work import Work
from dmp.domain.identity.searched import MARK_ID, IdentityMark, digest_of_traits
from dmp.domain.record.health_record import HealthRecord


async def keep_mark(work: Work, record: HealthRecord) -> None:
    """Keep the mark of this record, unless it has the same one already."""
    mark = IdentityMark(digest=digest_of_traits(record.traits))
    known = work.known_record
    if known is not None and known.record_id == record.record_id:
        kept = await work.slips.one(record.record_id, IdentityMark, MARK_ID)
        if kept == mark:
            return
    work.slips.keep(record.record_id, mark, addressee=mark.digest)
