"""Keys and seals: private files, one key per record, nothing opens with another one."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.identifiers import RecordId
from dmp.storage.keys.files import MASTER, KeyFileRefused, key_from
from dmp.storage.keys.ring import KeyRing
from dmp.storage.sealing import ContentDamaged, seal, unseal, verified

KEY = bytes(range(32))


@given(st.binary(max_size=2000), st.sampled_from(["text/xml", "application/pdf", "image/jpeg"]))
def test_what_is_sealed_is_unsealed(content: bytes, mime: str) -> None:
    identifier = uuid4()
    sealed = seal(KEY, identifier, content, mime)
    assert unseal(KEY, identifier, sealed) == content
    assert seal(KEY, identifier, content, mime) != sealed


def test_text_is_compressed_and_a_pdf_is_not() -> None:
    content = b"Compte rendu " * 1000
    assert len(seal(KEY, uuid4(), content, "text/xml")) < 500
    assert len(seal(KEY, uuid4(), content, "application/pdf")) > len(content)


@given(st.data())
def test_a_flipped_bit_does_not_open(data: st.DataObject) -> None:
    identifier = uuid4()
    sealed = bytearray(seal(KEY, identifier, b"content " * 20))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(ContentDamaged):
        unseal(KEY, identifier, bytes(sealed))


def test_nothing_opens_with_another_key_or_for_another_document() -> None:
    identifier = uuid4()
    sealed = seal(KEY, identifier, b"content")
    for key, other in ((bytes(32), identifier), (KEY, uuid4())):
        with pytest.raises(ContentDamaged):
            unseal(key, other, sealed)
    for cut in (0, 1, 12, 13, len(sealed) - 1):
        with pytest.raises(ContentDamaged):
            unseal(KEY, identifier, sealed[:cut])


def test_a_content_of_another_size_or_hash_is_refused() -> None:
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert verified(b"abc", 3, digest) == b"abc"
    for content, size in ((b"abd", 3), (b"abc", 4)):
        with pytest.raises(ContentDamaged):
            verified(content, size, digest)


def test_a_key_file_is_drawn_once_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    with ThreadPoolExecutor(4) as threads:
        keys = set(threads.map(lambda _: key_from(folder, MASTER), range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    assert [path.name for path in folder.iterdir()] == [MASTER]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / MASTER).stat().st_mode) == 0o600


def test_a_key_file_that_others_read_is_refused(tmp_path: Path) -> None:
    key_from(tmp_path, MASTER)
    (tmp_path / MASTER).chmod(0o640)
    with pytest.raises(KeyFileRefused, match="readable by others"):
        key_from(tmp_path, MASTER)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_file_of_another_length_is_refused(tmp_path: Path, length: int) -> None:
    (tmp_path / MASTER).write_bytes(os.urandom(length))
    (tmp_path / MASTER).chmod(0o600)
    with pytest.raises(KeyFileRefused, match="restore it"):
        key_from(tmp_path, MASTER)


@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_in_place_of_a_key_file_is_refused(tmp_path: Path, dangling: bool) -> None:
    target = tmp_path / "target"
    if not dangling:
        target.write_bytes(bytes(32))
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / MASTER).symlink_to(target)
    with pytest.raises(KeyFileRefused, match="is a link"):
        key_from(folder, MASTER)
    assert target.exists() is not dangling


def test_a_data_key_opens_with_its_master_and_for_its_record_only() -> None:
    ring, record = KeyRing(KEY), RecordId(uuid4())
    key, wrapped = ring.draw(record)
    assert ring.unwrap(record, wrapped) == key == KeyRing(KEY).unwrap(record, wrapped)
    assert key not in wrapped
    for other_ring, other in ((KeyRing(bytes(32)), record), (ring, RecordId(uuid4()))):
        with pytest.raises(ContentDamaged):
            other_ring.unwrap(other, wrapped)
    with pytest.raises(ContentDamaged):
        ring.unwrap(record, wrapped[:-1])


def test_the_ring_remembers_a_bounded_number_and_forgets_on_demand() -> None:
    ring = KeyRing(KEY, remembered=3)
    drawn = [(record := RecordId(uuid4()), ring.draw(record)) for _ in range(5)]
    for record, (key, wrapped) in drawn * 2:
        assert ring.unwrap(record, wrapped) == key
    assert len(ring._known) == 3
    ring.forget(drawn[-1][0])
    assert len(ring._known) == 2
