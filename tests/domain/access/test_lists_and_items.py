"""A list and a single document never disagree: what is found is what may be read, for everybody.

`tests/storage/test_condition.py` holds the SQL of the scope to its verdict; here the scope that a list is
given is held to the decision on each document, over tens of thousands of questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from dmp.domain.access.actions import Action
from dmp.domain.access.decide import decide
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.rules import Question
from dmp.domain.identity.caller import Caller, Purpose
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import (
    Audience,
    Covered,
    EmergencySwitches,
    Mask,
    Preferences,
)
from tests.domain.access.everybody import (
    CHILD,
    EMERGENCY,
    EVERYBODY,
    POLICY,
    RECORD,
    REGULATOR,
    REPORT,
)
from tests.domain.samples import NOW, NURSE, SPECIALIST

OWNERS = (frozenset({"810000001999"}), frozenset({SPECIALIST}), frozenset({NURSE}))
TYPES = ("11488-4", "68599-0", "11502-2", "ATTEST-RESID", "REMB")


def documents() -> Iterator[DocumentFacts]:
    """Every combination of owner, type and restriction."""
    flags = (False, True)
    kinds = product(OWNERS, TYPES)
    for (owners, code), restrictions in product(kinds, product(flags, repeat=5)):
        masked, from_patient, from_representatives, revealed, deleted = restrictions
        yield DocumentFacts(
            type_code=code, owner_ids=owners, document_id=REPORT.document_id, masked=masked,
            hidden_from_patient=from_patient, reveal_at=NOW if revealed else REPORT.reveal_at,
            hidden_from_representatives=from_representatives, deleted=deleted,
        )  # fmt: skip


def records() -> Iterator[HealthRecord]:
    """Records with every kind of mask and with the switches of an emergency."""
    yield RECORD
    yield CHILD
    for covered, target in (
        (Covered.DOCUMENT, str(REPORT.document_id)),
        (Covered.CATEGORY, "BIOLOGIE"),
        (Covered.EVERYTHING, ""),
    ):
        masks = tuple(
            Mask(audience=audience, audience_id=whom, covered=covered, target=target, start=NOW)
            for audience, whom in (
                (Audience.PROFESSION, "10"),
                (Audience.PROFESSIONAL, NURSE),
            )
        )
        yield replace(RECORD, preferences=Preferences(masks=masks))
    opened = EmergencySwitches(masked_documents=True)
    yield replace(RECORD, preferences=Preferences(emergency=opened))
    yield replace(RECORD, preferences=Preferences(emergency=EmergencySwitches(break_glass=False)))


CALLERS: tuple[Caller, ...] = (
    *EVERYBODY.values(),
    EMERGENCY,
    REGULATOR,
    replace(EVERYBODY["nurse"], purpose=Purpose.BREAK_GLASS, purpose_reason="inconscient"),
    replace(EVERYBODY["his replacement"], secret=True),
)


def test_whoever_may_list_finds_exactly_what_he_may_read() -> None:
    compared = 0
    every = list(documents())
    for record, who in product(records(), CALLERS):
        asked = Question(action=Action.FIND_DOCUMENTS, caller=who, at=NOW, record=record)
        listed = decide(asked, POLICY)
        for document in every:
            one = replace(asked, action=Action.READ_DOCUMENT, document=document)
            read = decide(one, POLICY)
            if listed.scope is not None:
                assert read.permitted is listed.scope.verdict(document)[0], (who, document)
            elif read.permitted:
                # Without a list, the depositor alone reads, and his own alone.
                own = {who.id, who.structure.id_nat if who.structure else ""}
                assert document.owner_ids & own
                assert not document.deleted
            compared += 1
    assert compared > 50_000
