"""The octets of an answer, for comparison: what differs between any two answers is named here, nothing else."""

from __future__ import annotations

import re

import httpx

_VARIES = re.compile(
    rb'(?<=nonce=")[\w-]+'  # of the policy of each page
    rb'|(?<=name="jeton" value=")[\w.-]+'  # of the forms of a session
    rb'|(?<=name="cle" value=")[\w-]+'  # of one form
    rb'|(?<=<strong class="number">)[0-9A-F]{10}(?=</strong>)'  # the reference that the log has too
    rb"|(?<=tablie le )[^<]{10,30}"  # the minute in which a synthesis is made
)
_OF_HEADERS = ("date", "content-security-policy", "set-cookie")
"""Headers that carry the hour, the nonce, the session."""
_ID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Answer = tuple[int, tuple[tuple[str, str], ...], bytes]


def octets(answer: httpx.Response, *, of_any: bool = False) -> Answer:
    """Status, headers and body. `content-length` is that of the answer as it was sent.

    `of_any` takes the identifiers out: of addresses that name different documents, and that a page may repeat.
    """
    headers = tuple(
        sorted((name, value) for name, value in answer.headers.items() if name not in _OF_HEADERS)
    )
    body = _VARIES.sub(b"*", answer.content)
    return answer.status_code, headers, _ID.sub(b"*", body) if of_any else body
