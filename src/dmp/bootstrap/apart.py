"""Reads what must be read with care in processes beside the server; see `dmp.formats.received.process`."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import dmp
from dmp.domain.errors import Reason, Refused
from dmp.formats.received.process import SECONDS, asked, told

AT_ONCE = 2
"""Processes under way together."""
IN_TURN = 20.0
"""Seconds that a task waits for those before it."""

logger = logging.getLogger("dmp.apart")


class Apart:
    """Does one task in one process, for every thread of the server."""

    def __init__(self, patience: float = SECONDS + 5) -> None:
        self._patience = patience
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def receive(self, content: bytes, name: str, title: str) -> bytes:
        """See `dmp.formats.received.receive.receive`. Raises Refused."""
        return self._done("receive", content, name=name, title=title)

    def picture(self, content: bytes, number: int) -> bytes:
        """See `dmp.formats.pdf_pictures.page_picture`. Raises Refused."""
        return self._done("picture", content, number=number)

    def _done(self, task: str, content: bytes, **particulars: Any) -> bytes:
        if not self._turns.acquire(timeout=IN_TURN):
            raise Refused(Reason.UNAVAILABLE)
        try:
            return told(self._answer(task, asked(content, **particulars)))
        except (subprocess.SubprocessError, ValueError):
            logger.warning("a file of %d octets could not be read apart: %s", len(content), task)
            raise Refused(Reason.CONTENT_UNREADABLE, detail="too long to read") from None
        except OSError:
            raise Refused(Reason.UNAVAILABLE) from None
        finally:
            self._turns.release()

    def _answer(self, task: str, given: bytes) -> bytes:
        # Nothing of the server's own settings and secrets goes with it.
        places = [str(Path(dmp.__file__).parents[1]), *filter(None, sys.path)]
        ended = subprocess.run(  # noqa: S603  # our own module, a task of ours
            [sys.executable, "-m", "dmp.formats.received.process", task],
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": os.pathsep.join(places)},
            start_new_session=True,
            timeout=self._patience,
            check=False,
        )
        return ended.stdout
