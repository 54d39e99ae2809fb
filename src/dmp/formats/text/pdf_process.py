"""The text of PDF documents, read in a process of its own: it can be ended from outside, which PDFium cannot.

A PDF can be made so that one page takes minutes or all the memory. The process has little memory, no more time
than a deposit may wait, and nothing that it could tell; when it is ended, the next document begins another.

On its input stand a length of 8 octets and the PDF, on its output a length of 8 octets and the text in UTF-8.
"""

from __future__ import annotations

import sys
from typing import BinaryIO

from dmp.formats.text.pdf_words import pdf_words

LENGTH_OCTETS = 8
MEMORY_OCTETS = 1024 * 1024 * 1024


def answer(asked: BinaryIO, told: BinaryIO) -> None:
    """Read documents until there are no more."""
    while True:
        length = asked.read(LENGTH_OCTETS)
        if len(length) < LENGTH_OCTETS:
            return
        text = pdf_words(asked.read(int.from_bytes(length, "big"))).encode("utf-8", "replace")
        told.write(len(text).to_bytes(LENGTH_OCTETS, "big") + text)
        told.flush()


def main() -> None:
    """Bound the memory, then answer. Where the system knows no bounds, there are none."""
    try:
        import resource  # noqa: PLC0415  # not on every system
    except ImportError:
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_OCTETS, MEMORY_OCTETS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
