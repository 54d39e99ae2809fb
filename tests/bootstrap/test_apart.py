"""Tasks apart: done in a process of their own, ended when they take too long, without our secrets."""

from __future__ import annotations

import pytest

from dmp.bootstrap.apart import Apart
from dmp.domain.errors import Reason, Refused
from dmp.formats.pdf import page_count, write_pdf


def test_a_file_is_received_and_drawn_apart() -> None:
    apart = Apart()
    content = write_pdf("t", ["bonjour"])
    made = apart.receive(content, "a.pdf", "T")
    assert page_count(made) == 1
    assert apart.picture(made, 1).startswith(b"\x89PNG")
    with pytest.raises(Refused) as refused:
        apart.receive(b"<html></html>", "a.txt", "T")
    assert refused.value.reason is Reason.CONTENT_TYPE_UNSUPPORTED


def test_what_takes_too_long_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        Apart(patience=0.01).receive(write_pdf("t", ["x"]), "a.pdf", "T")
    assert refused.value.reason is Reason.CONTENT_UNREADABLE
    assert refused.value.values["detail"] == "too long to read"
