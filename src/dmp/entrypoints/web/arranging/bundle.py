"""Several documents in one file: a ZIP archive of the originals, each under a safe name of its own."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import datetime
from io import BytesIO

from dmp.entrypoints.web.record.reading import ServedFile
from dmp.entrypoints.web.wording import local


def archived(files: Iterable[ServedFile], name: str, made: datetime) -> ServedFile:
    """The files in one archive. Two of the same name are told apart by a number.

    Args:
        files: what goes in; the names are safe already, without a path.
        name: of the archive, without its ending.
        made: the instant that stands as the date of each, in UTC.
    """
    out = BytesIO()
    taken: set[str] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            inside = _free(file.name, taken)
            info = zipfile.ZipInfo(inside, _stamp(made))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, file.content)
    return ServedFile(content=out.getvalue(), media_type="application/zip", name=f"{name}.zip")


def _stamp(made: datetime) -> tuple[int, int, int, int, int, int]:
    at = local(made)
    return at.year, at.month, at.day, at.hour, at.minute, at.second


def _free(name: str, taken: set[str]) -> str:
    stem, _, ending = name.rpartition(".")
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{stem} ({number}).{ending}"
    taken.add(free.casefold())
    return free
