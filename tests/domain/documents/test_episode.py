"""A care episode: what comes from one document alone, and by which link."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dmp.domain.codes import LOINC, TRE_A03_CLASS, TRE_A05_TYPE, Code
from dmp.domain.documents.entry import DocumentEntry, Reference, Status
from dmp.domain.documents.episode import Link, episode_of
from dmp.domain.documents.types import document_types
from dmp.domain.identifiers import DocumentId, SubmissionId
from tests.domain.samples import AUTHOR, NOW, entry, uuid

NOTE, ANALYSES, RESULTS, DRUGS, DISPENSED, CLAIM = (
    "11488-4", "PRESC-BIO", "11502-2", "57833-6", "60593-1", "REMB",
)  # fmt: skip
LABORATORY = replace(AUTHOR, id="other", structure_id="1750300550", structure_name="Labo")
PHARMACY = replace(AUTHOR, id="third", structure_id="1750300881", structure_name="Pharmacie")
_numbers = iter(range(1000, 2000))


def document(kind: str, at: datetime = NOW, **changes: object) -> DocumentEntry:
    """Another document each time, sent by itself, of this type, about an act of that instant."""
    number = next(_numbers)
    known = document_types()[kind]
    system = TRE_A05_TYPE if known.code.system == TRE_A05_TYPE else LOINC
    values: dict[str, object] = {
        "document_id": DocumentId(uuid(number)),
        "submission_id": SubmissionId(uuid(number)),
        "type_code": Code(kind, system),
        "class_code": Code(known.class_code.code, TRE_A03_CLASS),
        "service_start": at,
        "set_id": "",
    }
    return entry(**(values | changes))


def links(origin: DocumentEntry, *others: DocumentEntry) -> dict[DocumentId, Link]:
    """The episode of a document among others, by document."""
    return {one.entry.document_id: one.link for one in episode_of(origin, (origin, *others))}


DAYS = timedelta(days=1)
NOTE_TODAY = document(NOTE)
ORDER = Reference(value="42", kind="urn:ihe:iti:xds:2013:order", system="1.2.3")

RELATED = {
    Link.SENT_TOGETHER: document(
        DRUGS, NOW - 90 * DAYS, submission_id=NOTE_TODAY.submission_id, authors=(PHARMACY,)
    ),
    Link.SAME_ACT: document(ANALYSES, NOW + timedelta(hours=2)),
    Link.CLAIMED: document(CLAIM, NOW + timedelta(hours=3), authors=(PHARMACY,)),
}


@pytest.mark.parametrize("link", RELATED, ids=str)
def test_what_goes_with_a_consultation(link: Link) -> None:
    related = RELATED[link]
    assert links(NOTE_TODAY, related) == {related.document_id: link}


def test_what_has_nothing_to_do_with_it_is_not_offered() -> None:
    elsewhere = document(NOTE, authors=(LABORATORY,))
    tomorrow = document(NOTE, NOW + 3 * DAYS)
    deleted = document(ANALYSES, NOW, status=Status.DELETED)
    assert links(NOTE_TODAY, elsewhere, tomorrow, deleted) == {}


def test_orders_and_sets_bind_over_time() -> None:
    scan = document("18748-4", references=(ORDER,), authors=(LABORATORY,))
    image = document("IMG-KOS", NOW + 90 * DAYS, references=(ORDER,))
    elsewhere = replace(ORDER, system="1.2.4")
    other = document("IMG-KOS", NOW + 91 * DAYS, references=(elsewhere,))
    assert links(scan, image, other) == {image.document_id: Link.SAME_ORDER}
    first = document(NOTE, NOW - 400 * DAYS, set_id="set-1")
    later = document(NOTE, set_id="set-1")
    assert links(first, later) == {later.document_id: Link.SAME_SET}


def test_results_and_medicines_follow_their_prescription_for_sixty_days() -> None:
    analyses = document(ANALYSES)
    results = document(RESULTS, NOW + 59 * DAYS, authors=(LABORATORY,))
    late = document(RESULTS, NOW + 61 * DAYS, authors=(LABORATORY,))
    before = document(RESULTS, NOW - 2 * DAYS, authors=(LABORATORY,))
    drugs = document(DISPENSED, NOW + DAYS, authors=(PHARMACY,))
    found = links(analyses, results, late, before, drugs)
    assert found == {results.document_id: Link.PRESCRIBED}


def test_what_another_prescription_explains_as_well_is_not_offered() -> None:
    first, second = document(DRUGS), document(DRUGS, NOW - 10 * DAYS)
    dispensed = document(DISPENSED, NOW + DAYS, authors=(PHARMACY,))
    assert links(first, dispensed) == {dispensed.document_id: Link.PRESCRIBED}
    assert links(first, second, dispensed) == {}
    ordered = replace(dispensed, references=(ORDER,))
    by_order = replace(second, references=(ORDER,))
    mine = replace(first, references=(ORDER,))
    assert links(first, by_order, ordered) == {}
    found = links(mine, second, ordered)
    assert found == {ordered.document_id: Link.SAME_ORDER}


def test_a_claim_of_a_day_with_two_acts_is_not_offered() -> None:
    claim = document(CLAIM, authors=(PHARMACY,))
    elsewhere = document(NOTE, authors=(LABORATORY,))
    assert links(NOTE_TODAY, claim, elsewhere) == {}


def test_an_episode_reaches_on_from_what_belongs_to_it() -> None:
    drugs = document(DRUGS, NOW + timedelta(hours=1))
    dispensed = document(DISPENSED, NOW + 3 * DAYS, authors=(PHARMACY,))
    claim = document(CLAIM, NOW + 3 * DAYS, authors=(replace(PHARMACY, structure_id="i"),))
    assert links(NOTE_TODAY, claim, dispensed, drugs) == {
        drugs.document_id: Link.SAME_ACT,
        dispensed.document_id: Link.PRESCRIBED,
        claim.document_id: Link.CLAIMED,
    }


def test_earlier_versions_are_part_of_a_document_and_not_offered() -> None:
    first = document(NOTE, NOW - 30 * DAYS)
    second = document(NOTE, replaces=first.document_id)
    beside = document(ANALYSES, NOW - 30 * DAYS)
    assert links(second, first, beside) == {beside.document_id: Link.SAME_ACT}


def test_the_surest_links_come_first() -> None:
    found = episode_of(NOTE_TODAY, (NOTE_TODAY, *reversed(RELATED.values())))
    assert [one.link for one in found] == list(RELATED)
