"""The journal's proof: one altered octet anywhere, and the verification objects."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.identifiers import RecordId, TraceId
from dmp.domain.journal.checkpoint import Checkpoint, SignedCheckpoint, parse, parse_note
from dmp.domain.journal.event import Outcome, Trace, TracedCaller
from dmp.domain.journal.leaf import FIELDS, FIELDS_2, FORM, leaf_bytes, leaf_of
from dmp.domain.journal.tree import root_of
from dmp.domain.journal.verify import Fault, SealedTrace, Verification, verify_journal
from tests.domain.samples import NOW, uuid

ORIGIN = "dmp.example/journal"


def trace(number: int = 1, **changes: object) -> Trace:
    made = Trace(
        trace_id=TraceId(uuid(number)),
        record_id=RecordId(uuid(1)),
        at=NOW + timedelta(seconds=number),
        caller=TracedCaller(kind="professional", id="810000001015", name="Ada Sample"),
        door="fhir",
        means="jwt:iua",
        strength=2,
        purpose="normal",
        purpose_reason="",
        software="",
        act="retrieve-document",
        outcome=Outcome.DONE,
        rule="document_is_visible",
        form=FORM,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # one field, named by the test


def salt(number: int) -> bytes:
    return sha256(str(number).encode()).digest()[:16]


def sealed(number: int, **changes: object) -> SealedTrace:
    one = trace(number, **changes)
    return SealedTrace(number=number, leaf=leaf_of(one, salt(number)), trace=one, salt=salt(number))


def sign(key: str, text: bytes) -> bytes:
    return sha256(key.encode() + text).digest()


def genuine(key: str, text: bytes, signature: bytes) -> bool:
    return sign(key, text) == signature


def checkpoint(leaves: list[bytes], after: int, **changes: object) -> SignedCheckpoint:
    made = Checkpoint(
        origin=ORIGIN, size=len(leaves), root=root_of(leaves), at=NOW + timedelta(seconds=after)
    )
    made = replace(made, **changes)  # type: ignore[arg-type]  # one field, named by the test
    signature = sign("k1", made.signed_bytes())
    return SignedCheckpoint(checkpoint=made, key_name="k1", signature=signature)


TRACES = [sealed(number) for number in range(7)]
LEAVES = [one.leaf for one in TRACES]
CHECKPOINTS = [checkpoint(LEAVES[:3], 3), checkpoint(LEAVES[:6], 6)]


def verified(
    traces: list[SealedTrace] = TRACES, checkpoints: list[SignedCheckpoint] = CHECKPOINTS
) -> Verification:
    return verify_journal(traces, checkpoints, genuine)


def faults(found: Verification) -> set[Fault]:
    return {finding.fault for finding in found.findings}


def test_a_sound_journal() -> None:
    found = verified()
    assert found.sound
    assert (found.traces, found.erased, found.checkpoints, found.not_covered) == (7, 0, 2, 1)
    assert found.root == root_of(LEAVES)
    assert verify_journal([], [checkpoint([], 0)], genuine).sound


def test_the_form_holds_every_field_of_a_trace() -> None:
    own = {field.name for field in fields(Trace)} - {"caller", "form"}
    assert set(FIELDS_2) == own | {f"caller.{field.name}" for field in fields(TracedCaller)}
    assert len(FIELDS_2) == len(set(FIELDS_2))
    assert FIELDS_2[: len(FIELDS)] == FIELDS


def test_a_leaf_of_the_first_form_stays_what_it_was() -> None:
    first = trace(form=1)
    known = sha256(leaf_bytes(first, salt(1))).hexdigest()
    assert known == "c0ae84c76f412eff4c18826d29d9a4bb3012bddbb3d3b2d062f91657da1024f7"
    later = replace(first, document_ids=("d",), secret=True, motive="m")
    assert leaf_bytes(later, salt(1)) == leaf_bytes(first, salt(1))
    assert leaf_bytes(replace(first, form=FORM), salt(1)) != leaf_bytes(first, salt(1))
    with pytest.raises(ValueError, match="form"):
        leaf_bytes(replace(first, form=3), salt(1))


CHANGES: list[dict[str, object]] = [
    {"trace_id": TraceId(uuid(99))},
    {"record_id": RecordId(uuid(99))},
    {"at": NOW + timedelta(microseconds=1)},
    {"caller": TracedCaller(kind="holder", id="x", name="y")},
    {"door": "web"}, {"means": "m"}, {"strength": 1}, {"purpose": "centre_15"},
    {"purpose_reason": "r"}, {"software": "s"}, {"act": "a"}, {"outcome": Outcome.REFUSED},
    {"rule": "r"}, {"reason": "r"}, {"matrix_version": "m"}, {"document_id": "d"},
    {"document_type": "t"}, {"document_title": "t"}, {"detail": "d"},
    {"document_ids": ("d",)}, {"motive": "m"}, {"secret": True}, {"form": 1},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_any_altered_field_is_found(change: dict[str, object]) -> None:
    altered = replace(TRACES[2], trace=trace(2, **change))
    found = verified([*TRACES[:2], altered, *TRACES[3:]])
    assert Fault.TRACE_ALTERED in faults(found)
    assert Fault.ROOT_DIFFERS in faults(found)


def test_a_trace_and_leaf_altered_together_do_not_give_the_published_root() -> None:
    forged = sealed(2, rule="another")
    found = verified([*TRACES[:2], forged, *TRACES[3:]])
    assert faults(found) == {Fault.ROOT_DIFFERS}
    assert [f.number for f in found.findings] == [3, 6]


@given(st.integers(0, 6), st.integers(0, 255))
def test_one_flipped_bit_of_a_leaf_or_salt_is_found(number: int, bit: int) -> None:
    def flip(octets: bytes) -> bytes:
        changed = bytearray(octets)
        changed[bit // 8 % len(octets)] ^= 1 << bit % 8
        return bytes(changed)

    for altered in (
        replace(TRACES[number], leaf=flip(TRACES[number].leaf)),
        replace(TRACES[number], salt=flip(TRACES[number].salt)),
        replace(TRACES[number], salt=b""),
    ):
        found = verified([*TRACES[:number], altered, *TRACES[number + 1 :]])
        assert Fault.TRACE_ALTERED in faults(found)


def test_a_removed_added_or_moved_trace_is_found() -> None:
    assert Fault.NUMBER_MISSING in faults(verified([*TRACES[:2], *TRACES[3:]]))
    assert Fault.NUMBER_MISSING in faults(verified([TRACES[1], TRACES[0], *TRACES[2:]]))
    assert faults(verified(TRACES[:5])) == {Fault.TREE_TRUNCATED}
    renumbered = [replace(one, number=i) for i, one in enumerate([*TRACES[:2], *TRACES[3:]])]
    assert Fault.ROOT_DIFFERS in faults(verified(renumbered))


def test_an_erased_trace_leaves_its_leaf_and_the_proof_stands() -> None:
    erased = SealedTrace(number=2, leaf=TRACES[2].leaf, trace=None)
    found = verified([*TRACES[:2], erased, *TRACES[3:]])
    assert found.sound
    assert found.erased == 1


def test_a_wrong_signature_order_or_origin_is_found() -> None:
    forged = replace(CHECKPOINTS[0], signature=b"x" * 32)
    assert faults(verified(checkpoints=[forged, CHECKPOINTS[1]])) == {Fault.SIGNATURE_WRONG}
    assert faults(verified(checkpoints=CHECKPOINTS[::-1])) == {Fault.CHECKPOINTS_DISORDERED}
    other = checkpoint(LEAVES[:6], 6, origin="elsewhere")
    assert faults(verified(checkpoints=[CHECKPOINTS[0], other])) == {Fault.ORIGIN_DIFFERS}


def test_the_same_trace_gives_the_same_bytes_in_every_zone() -> None:
    paris = timezone(timedelta(hours=1))
    same = replace(trace(), at=trace().at.astimezone(paris))
    assert leaf_bytes(same, salt(1)) == leaf_bytes(trace(), salt(1))
    with pytest.raises(ValueError, match="time zone"):
        leaf_bytes(trace(at=datetime(2026, 1, 1)), salt(1))  # noqa: DTZ001  # the naive instant is the case
    with pytest.raises(ValueError, match="16 octets"):
        leaf_bytes(trace(), b"short")


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_no_two_traces_share_their_bytes(a: str, b: str, c: str, d: str) -> None:
    one = leaf_bytes(trace(detail=a, document_title=b), salt(1))
    two = leaf_bytes(trace(detail=c, document_title=d), salt(1))
    assert (one == two) is ((a, b) == (c, d))


def test_a_published_checkpoint_is_read_back() -> None:
    note = CHECKPOINTS[1].note()
    assert parse_note(note) == CHECKPOINTS[1]
    assert parse(CHECKPOINTS[1].checkpoint.text()) == CHECKPOINTS[1].checkpoint
    assert note.splitlines()[:2] == [ORIGIN, "6"]
    assert CHECKPOINTS[1].checkpoint.at.tzinfo is UTC


@given(st.data())
def test_a_damaged_checkpoint_is_refused_or_another_one(data: st.DataObject) -> None:
    note = CHECKPOINTS[1].note()
    place = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != note[place]))
    try:
        found = parse_note(note[:place] + other + note[place + 1 :])
    except ValueError:
        return
    assert found != CHECKPOINTS[1]


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\nb\n", "a\n01\n" + "A" * 43 + "=\ntime 2026-01-01T00:00:00+00:00\n", "\n\n\n\n\n"],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"checkpoint|base64"):
        parse(text)
    with pytest.raises(ValueError, match="signed checkpoint"):
        parse_note(text)
