"""Tell a holder of a change to the safety of her record: that it happened, never what is in the record."""

from __future__ import annotations

from dmp.acts.notices.telling import tell
from dmp.acts.work import Work
from dmp.domain.identity.caller import SystemJob
from dmp.domain.record.former_contact import FormerContact, reached_at
from dmp.domain.record.notice import Notice, NoticeKind
from dmp.domain.record.outgoing import STALE
from dmp.domain.record.profile import Profile


def tell_holder(work: Work, kind: NoticeKind, *about: object) -> Notice:
    """Give one notice about the record of this act; `about` makes it one of its own."""
    record_id = work.traced_record or work.record.record_id
    who = work.caller.who
    by = "" if isinstance(who, SystemJob) else getattr(who, "name", "")
    return tell(work, kind, record_id, *about, by=by)


async def tell_contact_changed(work: Work, before: Profile, after: Profile) -> None:
    """Tell of another address, or of none any more: at the one before as well.

    Nothing is told of the first address that somebody gives.
    """
    former = reached_at(before)
    if former == reached_at(after) or not any(former):
        return
    record_id = work.record.record_id
    notice = tell_holder(work, NoticeKind.CONTACT_CHANGED, work.now)
    for old in await work.slips.of_record(record_id, FormerContact):
        if work.now - old.changed_at > STALE:
            work.slips.remove(record_id, old)
    email, phone = former
    work.slips.keep(
        record_id,
        FormerContact(slip_id=notice.notice_id, email=email, phone=phone, changed_at=work.now),
    )
