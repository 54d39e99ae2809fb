"""Whoever bears a one-time code: what was shared, while it lasts, and never more than could be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dmp.domain.access.actions import MAY_ASK, Action
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.identity.caller import CodeBearer, Strength
from dmp.domain.record.health_record import ClosingMotive, HealthRecord, close
from dmp.domain.record.preferences import Audience, Covered, Mask
from dmp.domain.record.relations import Share, Shared
from tests.domain.access.everybody import (
    BEARER,
    BEARER_OF_DOCUMENTS,
    BEARER_OF_SUMMARY,
    BEARER_WITHOUT,
    CHILD,
    RECORD,
    REPORT,
    RESULTS,
    asked,
    bearing,
    sharing,
)
from tests.domain.samples import NOW, PARENT, step, uuid

OTHER = replace(REPORT, document_id=uuid(501), owner_ids=frozenset({"810000001999"}))
READING = (Action.FIND_DOCUMENTS, Action.READ_DOCUMENT, Action.READ_SHARED_SUMMARY)


def with_shares(*shares: Share, of: HealthRecord = RECORD) -> HealthRecord:
    return replace(of, relations=replace(of.relations, shares=shares))


def sees(who: object, document: DocumentFacts, of: HealthRecord = RECORD) -> bool:
    assert isinstance(who, type(BEARER))
    return asked(who, document=document, of=of).permitted


def test_each_code_opens_what_it_was_given_for() -> None:
    assert sees(BEARER, OTHER)
    assert sees(BEARER_OF_DOCUMENTS, REPORT)
    assert not sees(BEARER_OF_DOCUMENTS, OTHER)
    assert not sees(BEARER_OF_SUMMARY, OTHER)
    assert asked(BEARER_OF_SUMMARY, Action.READ_SHARED_SUMMARY, None).permitted
    assert not asked(BEARER_OF_DOCUMENTS, Action.READ_SHARED_SUMMARY, None).permitted


def test_a_category_lets_through_its_types_alone() -> None:
    of = with_shares(sharing(70, Shared.CATEGORY, category="BIOLOGIE"))
    assert sees(bearing(70), RESULTS, of)
    assert not sees(bearing(70), REPORT, of)


@pytest.mark.parametrize("action", READING)
def test_without_what_the_browser_holds_nothing_is_there(action: Action) -> None:
    for who in (BEARER_WITHOUT, bearing(60, ""), bearing(99)):
        assert not asked(who, action, None).permitted
    never_opened = with_shares(sharing(60, Shared.EVERYTHING, reader_digest=""))
    assert not asked(bearing(60, ""), action, None, of=never_opened).permitted


def test_it_begins_and_ends_by_itself() -> None:
    end = NOW + timedelta(hours=1)
    assert asked(BEARER, document=OTHER, at=end - timedelta(microseconds=1)).permitted
    assert not asked(BEARER, document=OTHER, at=end).permitted
    stopped = with_shares(sharing(60, Shared.EVERYTHING, end=NOW))
    assert not sees(BEARER, OTHER, stopped)


def test_a_record_that_is_not_open_shows_nothing() -> None:
    closed = close(RECORD, step(), ClosingMotive.HOLDER_REQUEST, "")
    for action in READING:
        assert not asked(BEARER, action, None, of=closed).permitted


def test_what_is_masked_is_shared_by_name_only() -> None:
    assert not sees(BEARER, replace(OTHER, masked=True))
    assert sees(BEARER_OF_DOCUMENTS, replace(REPORT, masked=True))


def test_what_is_kept_from_one_profession_is_kept_from_the_bearer() -> None:
    for covered, target in (
        (Covered.DOCUMENT, str(OTHER.document_id)),
        (Covered.CATEGORY, "CPT_REND"),
        (Covered.EVERYTHING, ""),
    ):
        mask = Mask(
            audience=Audience.PROFESSION, audience_id="60", covered=covered, target=target,
            start=NOW - timedelta(days=1),
        )  # fmt: skip
        of = replace(RECORD, preferences=replace(RECORD.preferences, masks=(mask,)))
        assert not sees(BEARER, OTHER, of), covered
        assert sees(BEARER_OF_DOCUMENTS, REPORT, of), "chosen by name"
        over = replace(mask, end=NOW)
        assert sees(
            BEARER, OTHER, replace(RECORD, preferences=replace(RECORD.preferences, masks=(over,)))
        )


def test_what_the_holder_may_not_see_is_never_shared() -> None:
    waits = {"hidden_from_patient": True, "reveal_at": NOW + timedelta(days=1)}
    assert not sees(BEARER, replace(OTHER, **waits))  # type: ignore[arg-type]  # fields of the facts
    assert not sees(BEARER_OF_DOCUMENTS, replace(REPORT, **waits))  # type: ignore[arg-type]
    for who in (BEARER, BEARER_OF_DOCUMENTS):
        assert not sees(who, replace(REPORT, deleted=True))


def test_what_is_hidden_from_parents_is_not_shared_by_them_nor_with_them() -> None:
    hidden = replace(REPORT, hidden_from_representatives=True)
    assert not sees(BEARER, hidden)
    assert sees(BEARER_OF_DOCUMENTS, hidden), "the holder chose it by name"
    by_parent = sharing(61, Shared.DOCUMENTS, documents=(uuid(500),), by=PARENT.id, by_holder=False)
    assert not sees(BEARER_OF_DOCUMENTS, hidden, with_shares(by_parent, of=CHILD))
    assert sees(BEARER_OF_DOCUMENTS, REPORT, with_shares(by_parent, of=CHILD))


def test_what_a_parent_shared_ends_with_his_right() -> None:
    by_parent = sharing(60, Shared.EVERYTHING, by=PARENT.id, by_holder=False)
    assert sees(BEARER, OTHER, with_shares(by_parent, of=CHILD))
    child = with_shares(by_parent, of=CHILD)
    alone = replace(child, relations=replace(child.relations, representatives=()))
    assert not sees(BEARER, OTHER, alone)


def test_a_bearer_asks_for_nothing_else() -> None:
    allowed = MAY_ASK[CodeBearer]
    assert allowed == {*READING, Action.OPEN_SHARE}
    for who in (BEARER, BEARER_OF_DOCUMENTS, replace(BEARER, strength=Strength.INDIVIDUAL)):
        for action in Action:
            if action not in allowed:
                assert not asked(who, action).permitted, action
