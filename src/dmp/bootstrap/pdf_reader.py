"""The process beside the server that reads the text of PDF documents; see `dmp.formats.text.pdf_process`.

It begins with the first PDF, is ended when a document takes too long, and ends with the server.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path

import dmp
from dmp.formats.text.of_content import NotNow
from dmp.formats.text.pdf_process import LENGTH_OCTETS
from dmp.formats.text.pdf_words import MAX_SECONDS

PATIENCE = MAX_SECONDS + 3
"""Seconds after which the process is ended: its own bound, and the time it takes to begin."""
IN_TURN = 20.0
"""Seconds that a document waits for those before it; its text is then read later."""

logger = logging.getLogger("dmp.text")


class _Ended(Exception):
    """The process gave no answer."""


class PdfReader:
    """Reads one document at a time, for every thread of the server."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def words(self, content: bytes) -> str:
        """The text of a PDF; empty when it cannot be had, or not in time.

        Raises:
            NotNow: too many documents wait already, or no process can be begun.
        """
        if not self._turn.acquire(timeout=IN_TURN):
            raise NotNow
        try:
            return self._read(content)
        except _Ended:
            logger.warning("a PDF of %d octets could not be read in time", len(content))
            self._end()
            return ""
        except OSError:
            self._end()
            raise NotNow from None
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the process, if there is one."""
        with self._turn:
            self._end()

    def _read(self, content: bytes) -> str:
        process = self._begun()
        until = time.monotonic() + self._patience
        if process.stdin is None or process.stdout is None:
            raise _Ended
        try:
            process.stdin.write(len(content).to_bytes(LENGTH_OCTETS, "big") + content)
            process.stdin.flush()
        except BrokenPipeError:
            raise _Ended from None
        length = _received(process.stdout.fileno(), LENGTH_OCTETS, until)
        return _received(process.stdout.fileno(), int.from_bytes(length, "big"), until).decode()

    def _begun(self) -> subprocess.Popen[bytes]:
        """The process under way, or another one when it ended meanwhile."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._end()
        # Nothing of the server's own settings and secrets goes with it.
        places = [str(Path(dmp.__file__).parents[1]), *filter(None, sys.path)]
        self._process = subprocess.Popen(  # our own module, no argument from outside
            [sys.executable, "-m", "dmp.formats.text.pdf_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(places)},
            start_new_session=True,
        )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _received(source: int, length: int, until: float) -> bytes:
    """So many octets from a pipe, before that instant."""
    found = bytearray()
    while len(found) < length:
        left = until - time.monotonic()
        ready, _, _ = select.select([source], [], [], max(left, 0))
        part = os.read(source, length - len(found)) if ready else b""
        if not part:
            raise _Ended
        found += part
    return bytes(found)
