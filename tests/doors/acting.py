"""What a reader is answered below the doors: every act that reads, whole, where pages show a part; then what
he deposits himself, and what he reads after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

from dmp.acts.arranging.arrange_documents import ReadArrangement, read_arrangement
from dmp.acts.briefly.open_share import ReadShare, read_share
from dmp.acts.card.hold_card import OfCard, read_emergency_card
from dmp.acts.claims.read_history import ReadHistory, read_history
from dmp.acts.copying.take_copy import TakeCopy, take_copy
from dmp.acts.corrections.list_corrections import ListCorrections, list_corrections
from dmp.acts.documents.find_documents import FindDocuments, browse_documents
from dmp.acts.documents.find_episode import FindEpisode, find_episode
from dmp.acts.documents.provide_documents import ProvideToRecord, provide_to_record
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.documents.search_documents import SearchDocuments, search_documents
from dmp.acts.person.read_declared import ReadDeclared, read_declared
from dmp.acts.recents.look_for_news import LookForNews, look_for_news
from dmp.acts.recents.note_patient import NotePatient, note_patient
from dmp.acts.space.read_prevention import ReadPrevention, read_prevention
from dmp.acts.synthesis.read_synthesis import (
    ReadSynthesis,
    read_shared_summary,
    read_synthesis,
)
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.submission import ClaimedDocument
from dmp.domain.identifiers import UniqueId
from dmp.domain.identity.caller import Caller, Professional
from tests.doors.facts import KINDS, paper_of
from tests.doors.steps import Tale
from tests.doors.world import Answer, Doors

Deed = tuple[str, Any, Any]
"""Its name, the act, the request."""
_UNTOLD = frozenset({"record", "status", "submission"})
"""What acts hand on to pages whole: the record, of which a page names the person; and numbers of a receipt."""


def told_of(result: Any) -> str:
    """Everything of a result that its reader may be told, as it prints."""
    if not is_dataclass(result) or isinstance(result, type):
        return repr(result)
    parts = [one.name for one in fields(result) if one.name not in _UNTOLD]
    return repr([(name, _in_order(getattr(result, name))) for name in parts])


def _in_order(value: Any) -> Any:
    """A set prints in the order in which it was filled, which says nothing to anybody."""
    return sorted(value) if isinstance(value, frozenset) else value


async def done_by(
    caller: Caller, doors: Doors, tale: Tale, hidden: Sequence[Any]
) -> list[tuple[str, Answer, int]]:
    """Every deed with its answer, the result or the refusal in full."""
    found = []
    for name, act, request in (*_readings(tale, hidden), *_deposits(caller, tale, hidden)):
        tale.world.move_to(tale.world.at + timedelta(seconds=1))
        answer, statements = await doors.does(act, request, caller, told_of)
        found.append((name, answer, statements))
    return found


def _readings(tale: Tale, hidden: Sequence[Any]) -> Iterator[Deed]:
    of = tale.record_id
    yield "summary", read_synthesis, ReadSynthesis(of=of)
    yield "shared summary", read_shared_summary, ReadSynthesis(of=of)
    yield "history", read_history, ReadHistory(of=of)
    yield "declared", read_declared, ReadDeclared(of=of)
    yield "prevention", read_prevention, ReadPrevention(record_id=of)
    yield "arrangement", read_arrangement, ReadArrangement(record_id=of)
    yield "card", read_emergency_card, OfCard(record_id=of)
    yield "corrections", list_corrections, ListCorrections(record_id=of)
    yield "share", read_share, ReadShare(record_id=of)
    yield "news", look_for_news, LookForNews(record_id=of)
    for masked in (True, False):
        yield f"copy {masked}", take_copy, TakeCopy(record_id=of, take=_dropped, masked=masked)
    for statuses in ((), DocumentQuery().statuses):
        query = DocumentQuery(statuses=statuses, count=3)
        yield f"browse {statuses}", browse_documents, FindDocuments(of=of, query=query)
    for words in ("asthme", "warfarine", "penicilline", "amiodarone", "hba1c", "documnt"):
        yield f"search {words}", search_documents, SearchDocuments(of=of, words=words)
    yield "episode", find_episode, FindEpisode(document=tale.entries[2].document_id, within=of)
    for entry in hidden:
        within = RetrieveDocument(document=entry.document_id, within=of)
        yield f"hidden {entry.title}", retrieve_document, within


async def _dropped(*_: object) -> None:
    """What a copy hands on is compared by its entries."""


def _deposits(caller: Caller, tale: Tale, hidden: Sequence[Any]) -> Iterator[Deed]:
    """Deposits of his own, some in the place of what he may not know, and what he reads after them."""
    if not isinstance(caller.who, Professional):
        return
    yield "note patient", note_patient, NotePatient(record_id=tale.record_id)
    parents = (None, *[entry.unique_id for entry in hidden[:3]])
    for number, parent in enumerate(parents):
        kind = KINDS[number % len(KINDS)]
        unique_id = UniqueId(f"2.25.99{tale.people.girl.matricule[:13]}{number}")
        made = paper_of(kind, 7 + number, _plain(caller), tale, tale.world.at, unique_id)
        claimed = ClaimedDocument(content=made, content_type="text/xml", replaces=parent)
        request = ProvideToRecord(record_id=tale.record_id, documents=(claimed,))
        yield f"deposit {kind} {number}", provide_to_record, request
    yield "summary after", read_synthesis, ReadSynthesis(of=tale.record_id)
    yield "news after", look_for_news, LookForNews(record_id=tale.record_id)


def _plain(caller: Caller) -> Caller:
    return replace(caller, secret=False)
