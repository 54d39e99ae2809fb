"""What must be read with care, read in a process of its own: a file that was sent, a page to be drawn.

Pictures and PDF documents can be made so that they take minutes or all the memory. The process has bounds of
both, nothing that it could tell, and ends with its one task. It is told the task as its argument; on its
input stand a length of 4 octets, the particulars in JSON, and the content. It answers `+` and octets, or
`-` and the reason of its refusal in JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, Final

from dmp.domain.errors import Reason, Refused
from dmp.formats.pdf_pictures import page_picture
from dmp.formats.received.receive import receive

MEMORY_OCTETS: Final = 1536 * 1024 * 1024
SECONDS: Final = 20
LENGTH_OCTETS: Final = 4

TASKS: Final[dict[str, Callable[..., bytes]]] = {"receive": receive, "picture": page_picture}


def asked(content: bytes, **particulars: Any) -> bytes:
    """The input of a task."""
    head = json.dumps(particulars).encode()
    return len(head).to_bytes(LENGTH_OCTETS, "big") + head + content


def told(answer: bytes) -> bytes:
    """The octets of an answer. Raises Refused as the task did; ValueError when it is no answer."""
    if answer.startswith(b"+"):
        return answer[1:]
    if not answer.startswith(b"-"):
        raise ValueError("no answer")
    refusal = json.loads(answer[1:])
    raise Refused(Reason(refusal["reason"]), **refusal["values"])


def done(task: str, given: bytes) -> bytes:
    """Do a task; gives the answer."""
    length = int.from_bytes(given[:LENGTH_OCTETS], "big")
    particulars = json.loads(given[LENGTH_OCTETS : LENGTH_OCTETS + length])
    content = given[LENGTH_OCTETS + length :]
    try:
        return b"+" + TASKS[task](content, **particulars)
    except Refused as refused:
        return (
            b"-" + json.dumps({"reason": refused.reason.value, "values": refused.values}).encode()
        )


def main() -> None:
    """Bound the memory and the time, then do the task. Where the system knows no bounds, there are none."""
    try:
        import resource  # noqa: PLC0415  # not on every system
    except ImportError:
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_OCTETS, MEMORY_OCTETS))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(done(sys.argv[1], sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
