"""What a professional is told: emergency accesses to the records of his patients, requests for correction.

A notice names nobody; opening it leads to the patient, which is traced.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.responses import Response

from dmp.acts.person.read_notices import ReadInbox, read_inbox
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Professional, Purpose
from dmp.domain.identity.capacity import Capacity
from dmp.domain.record.notice import Notice, NoticeKind
from dmp.domain.record.relations import Authorisation
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional.patient import path_of, reference_to
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate, word

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notice in words, and where it leads."""

    at: datetime
    sentence: str
    path: str
    is_correction: bool = False


async def inbox(visit: Visit) -> tuple[Told, ...] | None:
    """The latest notices to whoever is logged in; None for those who are told nothing."""
    who = visit.caller.who
    if not isinstance(who, Professional) or who.capacity is Capacity.BARRED:
        return None
    notices = await visit.do(read_inbox, ReadInbox(limit=SHOWN))
    return tuple(_told(visit, notice) for notice in notices)


def _told(visit: Visit, notice: Notice) -> Told:
    if notice.kind is NoticeKind.CORRECTION_ASKED:
        sentence = word("notice", notice.kind.value)
        return Told(at=notice.at, sentence=sentence, path="/pro/corrections", is_correction=True)
    sealed = visit.seal("notice", str(notice.record_id))
    return Told(at=notice.at, sentence=_sentence(notice), path=f"/pro/avis/{sealed}")


def _sentence(notice: Notice) -> str:
    who = notice.by or translate("Un professionnel")
    place = f" ({notice.place})" if notice.place else ""
    if notice.kind is not NoticeKind.EMERGENCY_ACCESS:
        return translate("Le dossier d’un de vos patients a changé.")
    if notice.purpose == Purpose.REGULATION.value:
        return translate(
            "{who}{place}, médecin régulateur du SAMU, a consulté le dossier d’un de vos patients.",
            who=who,
            place=place,
        )
    return translate(
        "{who}{place} a consulté en urgence le dossier d’un de vos patients.", who=who, place=place
    )


async def open_notice(visit: Visit) -> Response:
    """From a notice to the patient it is about."""
    record_id = RecordId(UUID(visit.unseal("notice", visit.part("notice"))))
    status = await visit.do(check_access, CheckAccess(ins=record_id))
    if status.authorisation is Authorisation.FORBIDDEN:
        raise Refused(Reason.ACCESS_BLOCKED)
    return visit.go_to(path_of(reference_to(visit, status.record.ins)))


PAGES = (
    Page(
        path="/pro/avis/{notice}",
        view=open_notice,
        authentication=Authentication.PROFESSIONAL,
        acts=(check_access,),
    ),
)
