"""The bytes of a document in a request: what passes for base64."""

from __future__ import annotations

import base64

import pytest

from dmp.domain.errors import Reason, Refused
from dmp.formats.fhir.deposit.content import decoded

_OCTETS = bytes(range(256)) * 3
_WRITTEN = base64.b64encode(_OCTETS).decode()


@pytest.mark.parametrize(
    "written",
    [_WRITTEN, base64.encodebytes(_OCTETS).decode(), f" {_WRITTEN[:40]}\r\n\t{_WRITTEN[40:]}"],
    ids=["whole", "in lines", "with blanks"],
)
def test_base64_is_read_with_and_without_blanks(written: str) -> None:
    assert decoded(written, "data", 1_000) == _OCTETS


@pytest.mark.parametrize(
    "written", ["YQ", "YQ=", "YWJ-", "YQ==YQ==", "=YQ=", "Y=Q=", "Yé==", "YQ==\ud800", "{}"]
)
def test_what_is_not_base64_is_refused(written: str) -> None:
    with pytest.raises(Refused) as caught:
        decoded(written, "data", 1_000)
    assert caught.value.reason is Reason.METADATA_INVALID


def test_a_large_content_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(Refused) as caught:
        decoded("?" * 4_000, "data", 1_000)
    assert caught.value.reason is Reason.CONTENT_TOO_LARGE
