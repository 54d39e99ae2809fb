"""Key files: private, made at first start, kept outside the database and its cluster."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from dmp.storage.private_files import private_folder, write_private
from dmp.storage.sealing import KEY_OCTETS

MASTER = "master.key"
JOURNAL = "journal.key"


class KeyFileRefused(Exception):
    """A key file cannot be trusted; the text says why."""


def key_from(folder: Path, name: str) -> bytes:
    """The 32 octets of a key file, drawn when there is none yet.

    Several processes may start at once: one writes it whole, the others read it.

    Raises:
        KeyFileRefused: the file is readable by others, is a link, or has another length.
    """
    private_folder(folder)
    path = folder / name
    if not path.is_symlink() and not path.exists():
        _draw(folder, path)
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        raise KeyFileRefused(f"the key file {path} cannot be opened, or is a link.") from None
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_mode & 0o077:
            raise KeyFileRefused(f"the key file {path} is readable by others: chmod 600 it.")
        key = os.read(file, KEY_OCTETS + 1)
    finally:
        os.close(file)
    if len(key) != KEY_OCTETS:
        raise KeyFileRefused(f"the key file {path} has not {KEY_OCTETS} octets: restore it.")
    return key


def _draw(folder: Path, path: Path) -> None:
    """Write beside, then link into place: whoever comes second keeps the first key."""
    own = folder / f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}"
    write_private(own, os.urandom(KEY_OCTETS))
    try:
        path.hardlink_to(own)
    except FileExistsError:
        return
    finally:
        own.unlink()
