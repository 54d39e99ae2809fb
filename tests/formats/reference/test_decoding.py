"""Octets to text: encodings of the field, and files that are made to harm."""

from __future__ import annotations

import gzip

import pytest

from dmp.formats.reference.decoding import MAX_LINE, inflated, text_of
from dmp.formats.reference.faults import FileRefused
from tests.formats.reference.published import given


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encodings_of_the_field_are_read(encoding: str) -> None:
    assert text_of("f", "comprimé\r\ngélule".encode(encoding)) == "comprimé\ngélule"


def test_both_encodings_in_one_file_are_read_line_by_line() -> None:
    assert text_of("f", "gélule\n".encode() + "œil".encode("cp1252")) == "gélule\nœil"


def test_gzip_is_read_members_one_after_another() -> None:
    assert text_of("f.gz", gzip.compress(b"one,") + gzip.compress(b"two")) == "one,two"


def test_a_bomb_is_stopped_at_the_bound() -> None:
    bomb = gzip.compress(b"0" * 30_000_000, 9)
    with pytest.raises(FileRefused, match="once inflated"):
        inflated("bomb.gz", bomb, limit=1_000_000)


def test_a_cut_archive_is_refused() -> None:
    whole = gzip.compress(bytes(range(256)) * 400)
    with pytest.raises(FileRefused, match="incomplete"):
        inflated("cut.gz", whole[:-20])


def test_a_damaged_archive_is_refused() -> None:
    whole = bytearray(gzip.compress(bytes(range(256)) * 400))
    whole[30] ^= 0xFF
    with pytest.raises(FileRefused, match="archive"):
        inflated("bad.gz", bytes(whole))


def test_null_octets_are_refused() -> None:
    with pytest.raises(FileRefused, match="null"):
        text_of("f", b"a;b\n1;\0\n")


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(FileRefused, match="line"):
        text_of("f", b"a" * (MAX_LINE + 1))
    with pytest.raises(FileRefused, match="line"):
        list(given("f", b"a" * (MAX_LINE + 1)).lines(10_000_000))


def test_lines_are_the_same_by_pieces_as_whole() -> None:
    content = "".join(f"ligne {n} é\r\n" for n in range(40_000)).encode()
    assert (
        list(given("f", gzip.compress(content)).lines(10_000_000))
        == content.decode().split("\r\n")[:-1]
    )


def test_pieces_are_bounded_too() -> None:
    with pytest.raises(FileRefused, match="more than"):
        list(given("f", b"a\n" * 100_000).lines(1_000))
