"""The public references at their official sites: TLS only, official hosts only, bounded sizes.

Source: base-donnees-publique.medicaments.gouv.fr (downloads); ansm.sante.fr (thesaurus of interactions);
data.gouv.fr (FINESS; extract in free access of the annuaire santé, which its own site serves under certificates
of the IGC Santé, that hosts do not know unless they are told).
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
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
        "www.data.gouv.fr",
        "static.data.gouv.fr",
    }
)
"""Nothing is asked of any other host, whatever a page or a redirection says."""
MAX_PAGE = 4 * 1024 * 1024
MAX_FILE = 128 * 1024 * 1024
MAX_EXTRACT = 2 * 1024 * 1024 * 1024
MAX_UNPACKED = 8 * 1024 * 1024 * 1024
MAX_REDIRECTIONS = 4
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_AGENT = "dmp-reference-fetch"
_CHUNK = 1024 * 1024

_BDPM = "https://base-donnees-publique.medicaments.gouv.fr/download/file/"
_BDPM_FILES = (
    "CIS_bdpm.txt",
    "CIS_CIP_bdpm.txt",
    "CIS_COMPO_bdpm.txt",
    "CIS_GENER_bdpm.txt",
    "CIS_MITM.txt",
)
_BDPM_BESIDE = ("CIS_CPD_bdpm.txt", "CIS_CIP_Dispo_Spec.txt", "HAS_LiensPageCT_bdpm.txt")
"""Files that say more; without one of them the others are taken all the same."""
_ANSM_PAGE = (
    "https://ansm.sante.fr/documents/reference/thesaurus-des-interactions-medicamenteuses-1"
)
_RPPS = "https://service.annuaire.sante.fr/annuaire-sante-webservices/V300/services/extraction/PS_LibreAcces"
_RPPS_DATA = (
    "https://www.data.gouv.fr/api/1/datasets/annuaire-sante-extractions-des-donnees-en-libre-acces-"
    "des-professionnels-intervenant-dans-le-systeme-de-sante-rpps/"
)
_FINESS = "https://www.data.gouv.fr/api/1/datasets/finess-extraction-du-fichier-des-etablissements/"
_LINK = re.compile(r"""href\s*=\s*["']([^"'<>\s]+\.pdf)["']""", re.IGNORECASE)
_THESAURUS = re.compile(r"thesaurus", re.IGNORECASE)
_NOT_THESAURUS = re.compile(r"index|substances|classes|modification", re.IGNORECASE)
_PUBLISHED = re.compile(r"/(20\d{6})-(\d{4})\d{2}/")
_UPLOADED = re.compile(r"/(20\d{2})/(\d{2})/(\d{2})/")
_SAFE = re.compile(r"[^A-Za-z0-9._-]+")


class FetchRefused(Exception):
    """A reference cannot be fetched; the text is one sentence."""


Fetch = Callable[[httpx.Client, Path], list[Path]]


def fetched(kind: str, folder: Path, transport: httpx.BaseTransport | None = None) -> list[Path]:
    """Fetch the files of one kind into a folder, in place of earlier ones; returns them.

    Args:
        kind: a key of `SOURCES`.
        folder: where the files are put; made if it is not there.
        transport: how requests travel; the network by default.

    Raises:
        FetchRefused: no network, no such file any more, too large, another host, no TLS.
    """
    folder.mkdir(parents=True, exist_ok=True)
    headers = {"User-Agent": _AGENT}
    with httpx.Client(transport=transport, timeout=_TIMEOUT, headers=headers) as client:
        return SOURCES[kind](client, folder)


def _bdpm(client: httpx.Client, folder: Path) -> list[Path]:
    found = [_file(client, _BDPM + name, folder / name, MAX_FILE) for name in _BDPM_FILES]
    for name in _BDPM_BESIDE:
        with suppress(FetchRefused):
            found.append(_file(client, _BDPM + name, folder / name, MAX_FILE))
    return found


def _ansm(client: httpx.Client, folder: Path) -> list[Path]:
    page = _page(client, _ANSM_PAGE)
    links = [urljoin(_ANSM_PAGE, link) for link in _LINK.findall(page)]
    found = [
        link
        for link in links
        if _THESAURUS.search(link)
        and not _NOT_THESAURUS.search(urlsplit(link).path.rpartition("/")[2])
    ]
    if not found:
        raise FetchRefused("the page of the thesaurus names no PDF of it; load the file by hand.")
    newest = max(found, key=_uploaded)  # the first of those of one day
    return [_file(client, newest, folder / _name(newest), MAX_FILE)]


def _uploaded(link: str) -> tuple[str, ...]:
    """The day that the address of a file of the ANSM tells; nothing tells less than any day."""
    day = _UPLOADED.search(urlsplit(link).path)
    return () if day is None else day.groups()


def _rpps(client: httpx.Client, folder: Path) -> list[Path]:
    try:
        return _rpps_of_data_gouv(client, folder)
    except FetchRefused as refusal:
        try:
            return _rpps_of_annuaire(client, folder)
        except FetchRefused as second:
            raise FetchRefused(f"{refusal} Nor from the annuaire santé: {second}") from None


def _rpps_of_data_gouv(client: httpx.Client, folder: Path) -> list[Path]:
    """The extract, named after the moment at which it was published: nothing in it tells its day."""
    found = [
        link
        for link in _resources(client, _RPPS_DATA)
        if "personne-activite" in link.replace("_", "-").lower()
    ]
    if not found:
        raise FetchRefused("data.gouv.fr names no file of the activities of professionals.")
    link = max(found)
    published = _PUBLISHED.search(link)
    name = (
        f"PS_LibreAcces_Personne_activite_{published[1]}{published[2]}.txt"
        if published
        else _name(link)
    )
    return [_file(client, link, folder / name, MAX_EXTRACT)]


def _rpps_of_annuaire(client: httpx.Client, folder: Path) -> list[Path]:
    archive = _file(client, _RPPS, folder / "PS_LibreAcces.zip", MAX_EXTRACT)
    try:
        return [_unpacked(archive, "Personne_activite", folder)]
    finally:
        archive.unlink(missing_ok=True)


def _finess(client: httpx.Client, folder: Path) -> list[Path]:
    found = sorted(link for link in _resources(client, _FINESS) if "etalab-cs1100507" in link)
    if not found:
        raise FetchRefused("data.gouv.fr names no file etalab-cs1100507.")
    return [_file(client, found[-1], folder / _name(found[-1]), MAX_EXTRACT)]


def _resources(client: httpx.Client, address: str) -> list[str]:
    """The addresses of the files of a data set of data.gouv.fr."""
    try:
        return [
            str(resource["url"]) for resource in json.loads(_page(client, address))["resources"]
        ]
    except (ValueError, KeyError, TypeError):
        raise FetchRefused("data.gouv.fr does not describe its files as before.") from None


SOURCES: Mapping[str, Fetch] = MappingProxyType(
    {"bdpm": _bdpm, "ansm": _ansm, "rpps": _rpps, "finess": _finess}
)
"""What can be fetched, by kind."""


def _page(client: httpx.Client, address: str) -> str:
    with _answer(client, address) as answer:
        content = b"".join(_bounded(answer, MAX_PAGE))
    return content.decode("utf-8", "replace")


def _file(client: httpx.Client, address: str, path: Path, limit: int) -> Path:
    """A file beside its name first, then in its place: a cut download leaves nothing."""
    part = path.with_name(path.name + ".part")
    try:
        with _answer(client, address) as answer, part.open("wb") as stream:
            for piece in _bounded(answer, limit):
                stream.write(piece)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


@contextmanager
def _answer(client: httpx.Client, address: str) -> Iterator[httpx.Response]:
    """The answer to a request, redirections followed among official hosts only."""
    try:
        for _ in range(MAX_REDIRECTIONS + 1):
            _check(address)
            with client.stream("GET", address) as answer:
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


def _unpacked(archive: Path, wanted: str, folder: Path) -> Path:
    """The member of a zip whose name holds `wanted`, written under its last name only, bounded."""
    try:
        with zipfile.ZipFile(archive) as opened:
            names = [
                name for name in opened.namelist() if wanted in name and not name.endswith("/")
            ]
            if len(names) != 1:
                raise FetchRefused(
                    f"the archive holds {len(names)} files {wanted} where one is awaited."
                )
            if opened.getinfo(names[0]).file_size > MAX_UNPACKED:
                raise FetchRefused(f"the archive holds more than {MAX_UNPACKED} octets.")
            path = folder / _name(names[0])
            with opened.open(names[0]) as member, path.open("wb") as stream:
                shutil.copyfileobj(member, stream, _CHUNK)
            return path
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise FetchRefused("the archive is damaged.") from None


def _name(address: str) -> str:
    """A file name of plain letters, from the end of an address or of a path in an archive."""
    last = urlsplit(address).path.rpartition("/")[2].rpartition("\\")[2]
    return _SAFE.sub("-", last).lstrip(".") or "file"
