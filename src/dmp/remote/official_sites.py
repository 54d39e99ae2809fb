"""Files of official sites: TLS only, official hosts only, bounded sizes; a cut download leaves nothing."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

import httpx

OFFICIAL_HOSTS = frozenset(
    {
        "base-donnees-publique.medicaments.gouv.fr",
        "ansm.sante.fr",
        "archive.ansm.sante.fr",
        "service.annuaire.sante.fr",
        "smt.esante.gouv.fr",
        "open-data-assurance-maladie.ameli.fr",
        "atih.sante.fr",
        "www.atih.sante.fr",
        "www.data.gouv.fr",
        "static.data.gouv.fr",
    }
)
"""Nothing is asked of any other host, whatever a page or a redirection says."""
MAX_PAGE = 4 * 1024 * 1024
MAX_UNPACKED = 8 * 1024 * 1024 * 1024
MAX_REDIRECTIONS = 4
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_AGENT = "dmp-reference-fetch"
_CHUNK = 1024 * 1024
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class FetchRefused(Exception):
    """A reference cannot be fetched; the text is one sentence."""


def client_of(transport: httpx.BaseTransport | None) -> httpx.Client:
    """A client of the official sites; `transport` is how requests travel, the network by default."""
    return httpx.Client(transport=transport, timeout=_TIMEOUT, headers={"User-Agent": _AGENT})


def page(
    client: httpx.Client,
    address: str,
    headers: Mapping[str, str] = _NO_HEADERS,
    limit: int = MAX_PAGE,
) -> str:
    """The text of a page.

    Raises:
        FetchRefused: no network, no such page any more, too large, another host, no TLS.
    """
    with _answer(client, address, headers) as answer:
        content = b"".join(_bounded(answer, limit))
    return content.decode("utf-8", "replace")


def file(client: httpx.Client, address: str, path: Path, limit: int) -> Path:
    """A file beside its name first, then in its place.

    Raises:
        FetchRefused: as `page`.
    """
    part = path.with_name(path.name + ".part")
    try:
        with _answer(client, address, _NO_HEADERS) as answer, part.open("wb") as stream:
            for piece in _bounded(answer, limit):
                stream.write(piece)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


@contextmanager
def _answer(
    client: httpx.Client, address: str, headers: Mapping[str, str]
) -> Iterator[httpx.Response]:
    """The answer to a request, redirections followed among official hosts only."""
    try:
        for _ in range(MAX_REDIRECTIONS + 1):
            _check(address)
            with client.stream("GET", address, headers=dict(headers)) as answer:
                if answer.is_redirect:
                    address = urljoin(address, answer.headers.get("location", ""))
                    continue
                if answer.status_code != httpx.codes.OK:
                    host = urlsplit(address).hostname
                    raise FetchRefused(
                        f"{host} answers {answer.status_code}; try again later, or get the file otherwise "
                        "and load it with `dmp reference load`."
                    )
                yield answer
                return
    except (httpx.HTTPError, httpx.InvalidURL):
        host = urlsplit(address).hostname
        raise FetchRefused(
            f"{host} cannot be reached; is there a network? Files got otherwise are loaded with "
            "`dmp reference load`."
        ) from None
    raise FetchRefused("too many redirections.")


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" or parts.port not in (None, 443):
        raise FetchRefused(f"{parts.hostname} would be asked without TLS; nothing was fetched.")
    if parts.hostname not in OFFICIAL_HOSTS:
        raise FetchRefused(f"{parts.hostname} is no official host; nothing was fetched.")


def _bounded(answer: httpx.Response, limit: int) -> Iterator[bytes]:
    total = 0
    for piece in answer.iter_bytes(_CHUNK):
        total += len(piece)
        if total > limit:
            raise FetchRefused(f"the file exceeds {limit} octets; it was not kept.")
        yield piece


def unpacked(archive: Path, wanted: str, folder: Path) -> Path:
    """The one member of a zip whose name holds `wanted`, written under its last name only, bounded; dated as
    it is in the archive.

    Raises:
        FetchRefused: no such member or several, damaged, too large.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            found = [
                one for one in opened.infolist() if wanted in one.filename and not one.is_dir()
            ]
            if len(found) != 1:
                raise FetchRefused(
                    f"the archive holds {len(found)} files {wanted} where one is awaited."
                )
            if found[0].file_size > MAX_UNPACKED:
                raise FetchRefused(f"the archive holds more than {MAX_UNPACKED} octets.")
            path = folder / name_in(found[0].filename)
            with opened.open(found[0]) as member, path.open("wb") as stream:
                shutil.copyfileobj(member, stream, _CHUNK)
            return path
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError):
        raise FetchRefused("the archive is damaged.") from None


def day_in_archive(archive: Path, wanted: str) -> str:
    """The day (`YYYYMMDD`) that a zip gives to its member whose name holds `wanted`; empty when it has none."""
    try:
        with zipfile.ZipFile(archive) as opened:
            days = [one.date_time[:3] for one in opened.infolist() if wanted in one.filename]
    except zipfile.BadZipFile:
        return ""
    return "".join(f"{part:02}" for part in days[0]) if days else ""


def name_in(address: str) -> str:
    """A file name of plain letters, from the end of an address or of a path in an archive."""
    last = urlsplit(address).path.rpartition("/")[2].rpartition("\\")[2]
    return _SAFE.sub("-", last).lstrip(".") or "file"
