"""Give a notice about one record: that something happened, never what is in the record."""

from __future__ import annotations

from dmp.acts.work import Work
from dmp.domain.identifiers import RecordId
from dmp.domain.record.notice import Notice, NoticeKind, notice_id


def tell(
    work: Work,
    kind: NoticeKind,
    record_id: RecordId,
    *about: object,
    addressee: str = "",
    by: str = "",
    place: str = "",
    secret: bool = False,
) -> Notice:
    """Give one notice now, once about these things. `addressee`, `by`, `place`, `secret`: see `Notice`."""
    notice = Notice(
        notice_id=notice_id(kind, addressee, record_id, *about),
        record_id=record_id,
        at=work.now,
        kind=kind,
        addressee=addressee,
        by=by,
        place=place,
        secret=secret,
    )
    work.notices.add(notice)
    return notice


def place_of(work: Work) -> str:
    """Where whoever acts works, as a notice names it; empty for those who have no structure."""
    structure = work.caller.structure
    return structure.name if structure is not None else ""
