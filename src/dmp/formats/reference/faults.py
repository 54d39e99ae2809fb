"""What a reader of reference data says of a file that it cannot take."""

from __future__ import annotations


class FileRefused(Exception):
    """A file cannot be read as what it seems to be; the text is one sentence, with the name of the file."""


def refused(name: str, why: str) -> FileRefused:
    """The refusal of a file, in the same words everywhere."""
    return FileRefused(f"{name}: {why}")
