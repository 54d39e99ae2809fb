"""The patients whom a professional saw lately, with what is new for them, on his first page.

Whoever is out of reach now is not in the list: neither a gap nor a word tells of him.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.responses import Response

from dmp.acts.corrections.list_corrections import ListOwed, list_owed_corrections
from dmp.acts.recents.look_for_news import LookForNews, News, look_for_news
from dmp.acts.recents.note_patient import (
    ForgetPatient,
    ListPatients,
    NotePatient,
    forget_patient,
    list_patients,
    note_patient,
)
from dmp.domain.arranging.correction import CorrectionRequest
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Professional, Purpose
from dmp.domain.identity.capacity import Capacity
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional import modes
from dmp.entrypoints.web.professional.patient import Patient, path_of, reference_to
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import age

SHOWN = 8
TITLES = 3
"""Titles of new documents that are told of one patient; the others are counted."""
SEAL = "recent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """One patient of the list. `added` counts what is new, `titles` begin it; `removal` takes him off."""

    name: str
    age: str
    path: str
    since: datetime
    added: int
    titles: tuple[str, ...]
    removal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A patient of this session with whom an emergency or a secret session is under way."""

    name: str
    path: str


async def recents(visit: Visit) -> tuple[Recent, ...]:
    """His list, the patient seen last first, each looked at anew; nobody of whom he may know nothing."""
    if visit.only_deposits or _is_barred(visit):
        return ()
    noted = await visit.do(list_patients, ListPatients(limit=SHOWN))
    looked = await asyncio.gather(*(_looked(visit, RecordId(one.slip_id)) for one in noted))
    return tuple(_shown(visit, news) for news in looked if news is not None)


async def _looked(visit: Visit, record_id: RecordId) -> News | None:
    """What is new, or None. Who is out of reach leaves the list, so that he is not asked about again."""
    try:
        return await visit.do(look_for_news, LookForNews(record_id=record_id))
    except Refused as refused:
        if refused.reason is not Reason.CEILING_REACHED:
            await visit.do(forget_patient, ForgetPatient(record_id=record_id))
        return None


def _shown(visit: Visit, news: News) -> Recent:
    record = news.record
    sealed = visit.seal(SEAL, str(record.record_id))
    return Recent(
        name=record.traits.display,
        age=age(record.traits.birth_date, visit.now),
        path=path_of(reference_to(visit, record.ins)),
        since=news.seen.opened_at,
        added=len(news.added),
        titles=tuple(entry.title for entry in news.added[:TITLES]),
        removal=f"/pro/recents/{sealed}/retirer",
    )


def under_way(visit: Visit) -> tuple[UnderWay, ...]:
    """The patients of this session with whom a mode is under way: they stand in no other list."""
    state = visit.live.state
    return tuple(
        UnderWay(name=name, path=path_of(reference))
        for reference, name in state.recent
        if reference in state.secret or modes.statement_of(visit, reference) is not None
    )


async def note(visit: Visit, patient: Patient) -> None:
    """Note that he came to this patient. Not in an emergency, and a secret session leaves no sign."""
    if visit.caller.purpose is not Purpose.NORMAL or visit.caller.secret:
        return
    await visit.do(note_patient, NotePatient(record_id=patient.status.record.record_id))


async def corrections_waiting(visit: Visit) -> tuple[CorrectionRequest, ...]:
    """The requests for correction that wait for his answer, the one that is due first before the others."""
    if visit.only_deposits or _is_barred(visit):
        return ()
    found = await visit.do(list_owed_corrections, ListOwed())
    waiting = (one.request for one in found if not one.request.is_answered)
    return tuple(sorted(waiting, key=lambda one: one.due_at))


def _is_barred(visit: Visit) -> bool:
    who = visit.caller.who
    return isinstance(who, Professional) and who.capacity is Capacity.BARRED


async def remove(visit: Visit) -> Response:
    """Take a patient off one's list. It changes nothing of the right to read."""
    record_id = RecordId(UUID(visit.unseal(SEAL, visit.part("recent"))))
    await visit.do(forget_patient, ForgetPatient(record_id=record_id))
    visit.notice("Ce patient n’est plus dans votre liste. Vous pouvez toujours le chercher.")
    return visit.go_to("/pro")


HOME_ACTS = (list_patients, look_for_news, forget_patient, list_owed_corrections)
PAGES = (
    Page(
        path="/pro/recents/{recent}/retirer",
        view=remove,
        authentication=Authentication.READER,
        method="POST",
        acts=(forget_patient,),
    ),
)
