"""JSON of others: what is not strict, or would cost more than it weighs, is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.errors import Reason, Refused
from dmp.formats.fhir import strict_json

HOSTILE = {
    "empty": b"",
    "blank": b" \n ",
    "not utf-8": b'{"a":"\xff"}',
    "utf-16": '{"a":1}'.encode("utf-16"),
    "key twice": b'{"a":1,"a":2}',
    "key twice inside": b'[{"a":{"b":1,"b":1}}]',
    "NaN": b'{"a":NaN}',
    "Infinity": b'{"a":-Infinity}',
    "cut": b'{"a":',
    "trailing comma": b'{"a":1,}',
    "two values": b"{} {}",
    "control character": b'{"a":"\x01"}',
    "escaped zero": b'{"a":"\\u0000"}',
    "half a surrogate": b'{"a":"\\ud800"}',
    "half a surrogate as key": b'{"\\udfff":1}',
    "too deep": b"[" * 60 + b"]" * 60,
    "very deep": b"[" * 90_000,
    "endless number": b"[" + b"9" * 5_000 + b"]",
    "too many objects": b"[" + b"{}," * 100_001 + b"{}]",
    "too many values": b"[" + b"1," * 400_001 + b"1]",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_json_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        strict_json.parse(content)
    assert refused.value.reason is Reason.REQUEST_MALFORMED


def test_an_escaped_backslash_is_no_escape() -> None:
    assert strict_json.parse(b'{"a":"\\\\u0000"}') == {"a": "\\u0000"}


def test_a_mark_at_the_beginning_is_forgiven() -> None:
    assert strict_json.parse(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


def test_an_array_is_no_object() -> None:
    with pytest.raises(Refused):
        strict_json.parse_object(b"[]")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(VALUES)
def test_honest_json_is_read(value: object) -> None:
    assert strict_json.parse(json.dumps(value).encode()) == value
    assert strict_json.parse(json.dumps(value, ensure_ascii=False).encode()) == value
