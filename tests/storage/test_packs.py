"""Packs: what was appended is read back; a torn or changed octet is noticed; orphans are zeroed."""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmp.domain.identifiers import DocumentId, RecordId
from dmp.storage.blobs.packs import Frame, Packs, Place, Sealed
from dmp.storage.sealing import ContentDamaged

LATER = int(time.time()) + 10_000


def sealed(content: bytes = b"sealed octets") -> Sealed:
    return Sealed(RecordId(uuid4()), DocumentId(uuid4()), content)


def keep(*places: Place) -> Callable[[Sequence[Frame]], set[Place]]:
    def is_kept(frames: Sequence[Frame]) -> set[Place]:
        return set(places) & {frame.place for frame in frames}

    return is_kept


def read(packs: Packs, item: Sealed, place: Place) -> bytes:
    return packs.read(item.record_id, item.document_id, place)


def test_contents_come_back_from_their_places(tmp_path: Path) -> None:
    packs = Packs(tmp_path / "packs")
    items = [sealed(os.urandom(size)) for size in (0, 1, 5000)]
    places = packs.append(items) + packs.append([sealed()])
    for item, place in zip(items, places, strict=False):
        assert read(packs, item, place) == item.content
    assert [frame.place for frame in packs.frames(places[0].segment)] == places
    packs.close()
    assert read(packs, items[2], places[2]) == items[2].content


def test_folder_and_files_are_private(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        packs = Packs(tmp_path / "packs")
        (place,) = packs.append([sealed()])
    finally:
        os.umask(previous)
    assert stat.S_IMODE((tmp_path / "packs").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "packs" / place.segment).stat().st_mode) == 0o600


def test_a_full_segment_is_followed_by_another(tmp_path: Path) -> None:
    packs = Packs(tmp_path, segment_octets=1000)
    places = [packs.append([sealed(bytes(600))])[0] for _ in range(4)]
    assert len({place.segment for place in places}) == 2
    assert packs.segments() == sorted({place.segment for place in places})


def test_two_processes_never_write_one_segment(tmp_path: Path) -> None:
    one, other = Packs(tmp_path), Packs(tmp_path)
    assert one.append([sealed()])[0].segment != other.append([sealed()])[0].segment


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_one_flipped_bit_anywhere_is_noticed(data: st.DataObject) -> None:

    with tempfile.TemporaryDirectory() as folder:
        packs = Packs(Path(folder))
        item = sealed(b"0123456789" * 3)
        (place,) = packs.append([item])
        path = Path(folder) / place.segment
        octets = bytearray(path.read_bytes())
        bit = data.draw(st.integers(0, len(octets) * 8 - 1))
        octets[bit // 8] ^= 1 << bit % 8
        path.write_bytes(octets)
        with pytest.raises(ContentDamaged):
            read(packs, item, place)


@pytest.mark.parametrize(
    "segment", ["../keys/master.key", "/etc/passwd", "missing.pack", "a/b.pack", ".pack", "x"]
)
def test_a_place_outside_the_packs_is_not_read(tmp_path: Path, segment: str) -> None:
    with pytest.raises(ContentDamaged):
        read(Packs(tmp_path / "packs"), sealed(), Place(segment, 0, 10))


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    packs = Packs(tmp_path / "packs")
    item = sealed()
    (place,) = packs.append([item])
    path = tmp_path / "packs" / place.segment
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ContentDamaged):
        read(packs, item, place)


@pytest.mark.parametrize("wrong", ["record", "document", "offset", "length"])
def test_a_place_of_another_content_is_refused(tmp_path: Path, wrong: str) -> None:
    packs = Packs(tmp_path)
    item, other = sealed(), sealed()
    place, _ = packs.append([item, other])
    asked = {
        "record": (Sealed(other.record_id, item.document_id, b""), place),
        "document": (Sealed(item.record_id, other.document_id, b""), place),
        "offset": (item, Place(place.segment, place.offset + 1, place.length)),
        "length": (item, Place(place.segment, place.offset, place.length - 1)),
    }[wrong]
    with pytest.raises(ContentDamaged):
        read(packs, *asked)


@pytest.mark.parametrize("cut", [1, 20, 60, 80])
def test_a_torn_tail_hides_nothing_that_stands_before_it(tmp_path: Path, cut: int) -> None:
    packs = Packs(tmp_path)
    items = [sealed(bytes(30)), sealed(bytes(30))]
    places = packs.append(items)
    packs.close()
    path = tmp_path / places[0].segment
    os.truncate(path, path.stat().st_size - cut)
    assert [frame.place for frame in packs.frames(places[0].segment)] == places[:1]
    assert read(packs, items[0], places[0]) == bytes(30)
    with pytest.raises(ContentDamaged):
        read(packs, items[1], places[1])
    assert packs.append([sealed()])[0].segment != places[0].segment


def test_a_failed_write_is_not_continued_in_the_same_segment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packs = Packs(tmp_path)
    (before,) = packs.append([sealed()])
    with monkeypatch.context() as patched:

        def full(_: int) -> None:
            raise OSError("no space left")

        patched.setattr(os, "fdatasync", full)
        with pytest.raises(OSError, match="no space"):
            packs.append([sealed()])
    (after,) = packs.append([sealed()])
    assert after.segment != before.segment


def test_an_old_orphan_is_zeroed_and_a_young_or_kept_one_is_not(tmp_path: Path) -> None:
    packs = Packs(tmp_path)
    orphan, kept = sealed(b"orphan" * 10), sealed(b"kept" * 10)
    lost, place = packs.append([orphan, kept])
    path = tmp_path / place.segment
    assert packs.sweep(place.segment, 0, keep(place)) == 0
    assert read(packs, orphan, lost) == orphan.content
    assert packs.sweep(place.segment, LATER, keep(place)) == 1
    assert b"orphan" not in path.read_bytes()
    assert read(packs, kept, place) == kept.content
    with pytest.raises(ContentDamaged):
        read(packs, orphan, lost)
    assert packs.sweep(place.segment, LATER, keep(place)) == 0


def test_a_segment_without_life_goes_unless_somebody_writes_it(tmp_path: Path) -> None:
    packs = Packs(tmp_path)
    (place,) = packs.append([sealed()])
    packs.sweep(place.segment, LATER, keep())
    assert packs.segments() == [place.segment]
    packs.close()
    packs.sweep(place.segment, LATER, keep())
    assert packs.segments() == []
