"""A checkpoint: the size and root of the tree at an instant, signed and published.

The text is that of a C2SP checkpoint, so that public tools for transparency logs read it: origin,
size, root in base64, then one line for the time. Signing and verifying are done outside; this file
gives the bytes to sign and reads what was published. Source: C2SP tlog-checkpoint, signed-note.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime

_TIME = "time "
_SIGNED = re.compile(r"— (?P<key>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+={0,2})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What the tree was: `size` leaves under `root` (32 octets), at an instant in UTC."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def text(self) -> str:
        """The text that is signed, ending with a newline."""
        root = base64.b64encode(self.root).decode("ascii")
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return f"{self.origin}\n{self.size}\n{root}\n{_TIME}{at}\n"

    def signed_bytes(self) -> bytes:
        """The bytes to sign."""
        return self.text().encode("utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCheckpoint:
    """A checkpoint with its signature and the name of the key that made it."""

    checkpoint: Checkpoint
    key_name: str
    signature: bytes

    def note(self) -> str:
        """The published text: the checkpoint, an empty line, the signature line."""
        signature = base64.b64encode(self.signature).decode("ascii")
        return f"{self.checkpoint.text()}\n— {self.key_name} {signature}\n"


def parse(text: str) -> Checkpoint:
    """Read the text of a checkpoint.

    Raises:
        ValueError: it is not exactly one.
    """
    lines = text.split("\n")
    if len(lines) != 5 or lines[4] or not lines[0] or not lines[3].startswith(_TIME):
        raise ValueError("a checkpoint has four lines: origin, size, root, time")
    if _NUMBER.fullmatch(lines[1]) is None:
        raise ValueError("the size of a checkpoint is a number without leading zeros")
    root = _octets(lines[2])
    if len(root) != 32:
        raise ValueError("the root of a checkpoint has 32 octets")
    at = datetime.fromisoformat(lines[3].removeprefix(_TIME))
    if at.tzinfo is None:
        raise ValueError("the time of a checkpoint has a zone")
    found = Checkpoint(origin=lines[0], size=int(lines[1]), root=root, at=at.astimezone(UTC))
    if found.text() != text:
        raise ValueError("the checkpoint is not in its canonical form")
    return found


def parse_note(text: str) -> SignedCheckpoint:
    """Read a published checkpoint with its signature; the signature is not verified here.

    Raises:
        ValueError: it is not exactly one.
    """
    body, separator, tail = text.partition("\n\n")
    signed = _SIGNED.fullmatch(tail.removesuffix("\n")) if separator else None
    if signed is None or not tail.endswith("\n"):
        raise ValueError("a signed checkpoint ends with an empty line and its signature")
    return SignedCheckpoint(
        checkpoint=parse(body + "\n"),
        key_name=signed["key"],
        signature=_octets(signed["signature"]),
    )


def _octets(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
