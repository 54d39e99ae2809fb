"""The public references at their official sites: which are fetched, from where, and which are taken by hand.

Source: base-donnees-publique.medicaments.gouv.fr (downloads); ansm.sante.fr (thesaurus of interactions);
smt.esante.gouv.fr (NABM, CCAM, CIM-10, ATC); www.atih.sante.fr (CIM-10 FR à usage PMSI); open-data-assurance-
maladie.ameli.fr (Open Medic); data.gouv.fr (FINESS; extract in free access of the annuaire santé, which its own
site serves under certificates of the IGC Santé, that hosts do not know unless they are told).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

import httpx

from dmp.remote.official_sites import (
    FetchRefused,
    client_of,
    day_in_archive,
    file,
    name_in,
    page,
    unpacked,
)
from dmp.remote.terminology_pages import terminology

__all__ = ["BY_HAND", "SOURCES", "TERMS", "FetchRefused", "fetched"]

MAX_FILE = 128 * 1024 * 1024
MAX_EXTRACT = 2 * 1024 * 1024 * 1024
_ARRIVING = ".arriving"

_BDPM = "https://base-donnees-publique.medicaments.gouv.fr/download/file/"
_BDPM_FILES = ("CIS_bdpm.txt", "CIS_CIP_bdpm.txt", "CIS_COMPO_bdpm.txt", "CIS_GENER_bdpm.txt")
_BDPM_BESIDE = (
    "CIS_MITM.txt",
    "CIS_CPD_bdpm.txt",
    "CIS_CIP_Dispo_Spec.txt",
    "HAS_LiensPageCT_bdpm.txt",
)
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
_ATIH = (
    "https://www.atih.sante.fr/plateformes-de-transmission-et-logiciels/"
    "logiciels-espace-de-telechargement/id_lot/456"
)
_OPEN_MEDIC = (
    "https://open-data-assurance-maladie.ameli.fr/medicaments/"
    "download.php?Dir_Rep=Open_MEDIC_Base_Complete&Annee={year}"
)
_CIM10_LIST = "LIBCIM10MULTI"
_MOST_TRIED = 4
_LINK = re.compile(r"""href\s*=\s*["']([^"'<>\s]+\.pdf)["']""", re.IGNORECASE)
_ATIH_LINK = re.compile(r"""href\s*=\s*["']([^"'<>\s]+/telecharger/gratuit/(\d+)/456)["']""")
_OPEN_MEDIC_LINK = re.compile(
    r"""href\s*=\s*["']([^"'<>\s]*download_file2?\.php\?[^"'<>\s]*OPEN_MEDIC_(20\d{2})\.zip)["']"""
)
_THESAURUS = re.compile(r"thesaurus", re.IGNORECASE)
_NOT_THESAURUS = re.compile(r"index|substances|classes|modification", re.IGNORECASE)
_PUBLISHED = re.compile(r"/(20\d{6})-(\d{4})\d{2}/")
_UPLOADED = re.compile(r"/(20\d{2})/(\d{2})/(\d{2})/")

Fetch = Callable[[httpx.Client, Path], list[Path]]


def fetched(kind: str, folder: Path, transport: httpx.BaseTransport | None = None) -> list[Path]:
    """Fetch the files of one kind into a folder, in place of earlier ones; returns them.

    All of them or none: files that were there stay as they were until every new one has come.

    Args:
        kind: a key of `SOURCES`.
        folder: where the files are put; made if it is not there.
        transport: how requests travel; the network by default.

    Raises:
        FetchRefused: no network, no such file any more, too large, another host, no TLS.
    """
    is_new = not folder.exists()
    arriving = folder / _ARRIVING
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(parents=True)
    try:
        with client_of(transport) as client:
            found = SOURCES[kind](client, arriving)
        return [path.replace(folder / path.name) for path in found]
    finally:
        shutil.rmtree(arriving, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # what has come is in it
                folder.rmdir()


def _bdpm(client: httpx.Client, folder: Path) -> list[Path]:
    found = [file(client, _BDPM + name, folder / name, MAX_FILE) for name in _BDPM_FILES]
    for name in _BDPM_BESIDE:
        with suppress(FetchRefused):
            found.append(file(client, _BDPM + name, folder / name, MAX_FILE))
    return found


def _ansm(client: httpx.Client, folder: Path) -> list[Path]:
    listed = page(client, _ANSM_PAGE)
    links = [urljoin(_ANSM_PAGE, link) for link in _LINK.findall(listed)]
    found = [
        link
        for link in links
        if _THESAURUS.search(link)
        and not _NOT_THESAURUS.search(urlsplit(link).path.rpartition("/")[2])
    ]
    if not found:
        raise FetchRefused("the page of the thesaurus names no PDF of it; load the file by hand.")
    newest = max(found, key=_uploaded)  # the first of those of one day
    return [file(client, newest, folder / name_in(newest), MAX_FILE)]


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
        else name_in(link)
    )
    return [file(client, link, folder / name, MAX_EXTRACT)]


def _rpps_of_annuaire(client: httpx.Client, folder: Path) -> list[Path]:
    archive = file(client, _RPPS, folder / "PS_LibreAcces.zip", MAX_EXTRACT)
    try:
        return [unpacked(archive, "Personne_activite", folder)]
    finally:
        archive.unlink(missing_ok=True)


def _finess(client: httpx.Client, folder: Path) -> list[Path]:
    found = sorted(link for link in _resources(client, _FINESS) if "etalab-cs1100507" in link)
    if not found:
        raise FetchRefused("data.gouv.fr names no file etalab-cs1100507.")
    return [file(client, found[-1], folder / name_in(found[-1]), MAX_EXTRACT)]


def _nabm(client: httpx.Client, folder: Path) -> list[Path]:
    most = ("nombreMaximumParFacturation",)
    return [terminology(client, "nabm", folder / "terminologie-nabm.json", most)]


def _ccam(client: httpx.Client, folder: Path) -> list[Path]:
    return [terminology(client, "ccam", folder / "terminologie-ccam.json")]


def _cim10(client: httpx.Client, folder: Path) -> list[Path]:
    """The list of the ATIH, which has every extension; else the terminology of the ANS, which has fewer."""
    try:
        return [_cim10_of_atih(client, folder)]
    except FetchRefused as refusal:
        try:
            return [terminology(client, "cim-10", folder / "terminologie-cim-10.json")]
        except FetchRefused as second:
            raise FetchRefused(f"{refusal} Nor from the ANS: {second}") from None


def _cim10_of_atih(client: httpx.Client, folder: Path) -> Path:
    """The newest archive of the page that holds the list, named after the day that the archive gives it."""
    listed = _ATIH_LINK.findall(page(client, _ATIH))
    links = {int(number): urljoin(_ATIH, link) for link, number in listed}
    archive = folder / "cim10.zip"
    try:
        for number in sorted(links, reverse=True)[:_MOST_TRIED]:
            file(client, links[number], archive, MAX_FILE)
            day = day_in_archive(archive, _CIM10_LIST)
            if day:
                taken = unpacked(archive, _CIM10_LIST, folder)
                return taken.replace(folder / f"{_CIM10_LIST}_{day}.TXT")
    finally:
        archive.unlink(missing_ok=True)
    raise FetchRefused(f"the page of the ATIH names no archive of {_CIM10_LIST}.TXT.")


def _atc(client: httpx.Client, folder: Path) -> list[Path]:
    """The labels from the ANS, the code of each box from Open Medic; one of them where the other fails."""
    found: list[Path] = []
    refusals: list[str] = []
    for part in (_atc_labels, _open_medic):
        try:
            found.append(part(client, folder))
        except FetchRefused as refusal:
            refusals.append(str(refusal))
    if not found:
        raise FetchRefused(" ".join(refusals))
    if len(found) == 1:
        # What was fetched before is loaded again beside it: codes of boxes are not lost for a bad day.
        found.extend(_of_before(folder, found[0]))
    return found


def _of_before(folder: Path, arrived: Path) -> list[Path]:
    missing = "OPEN_MEDIC_*" if arrived.suffix == ".json" else "terminologie-atc.json"
    earlier = sorted(folder.parent.glob(missing))[-1:]
    return [Path(shutil.copy2(path, folder / path.name)) for path in earlier]


def _atc_labels(client: httpx.Client, folder: Path) -> Path:
    return terminology(client, "atc", folder / "terminologie-atc.json")


def _open_medic(client: httpx.Client, folder: Path) -> Path:
    """The newest year that is published: the one before this one, or the one before that."""
    this_year = date.today().year  # noqa: DTZ011  # which year is looked for first
    archive = folder / "OPEN_MEDIC.zip"
    for year in (this_year - 1, this_year - 2):
        address = _OPEN_MEDIC.format(year=year)
        for link, named in _OPEN_MEDIC_LINK.findall(page(client, address)):
            if int(named) != year:
                continue
            try:
                file(client, urljoin(address, link.replace("&amp;", "&")), archive, MAX_FILE)
                return unpacked(archive, f"OPEN_MEDIC_{year}", folder)
            finally:
                archive.unlink(missing_ok=True)
    raise FetchRefused("open-data-assurance-maladie.ameli.fr names no archive of Open Medic.")


def _resources(client: httpx.Client, address: str) -> list[str]:
    """The addresses of the files of a data set of data.gouv.fr."""
    try:
        return [str(resource["url"]) for resource in json.loads(page(client, address))["resources"]]
    except (ValueError, KeyError, TypeError):
        raise FetchRefused("data.gouv.fr does not describe its files as before.") from None


SOURCES: Mapping[str, Fetch] = MappingProxyType(
    {
        "bdpm": _bdpm,
        "ansm": _ansm,
        "nabm": _nabm,
        "ccam": _ccam,
        "cim10": _cim10,
        "atc": _atc,
        "rpps": _rpps,
        "finess": _finess,
    }
)
"""What can be fetched, by kind."""
TERMS: Mapping[str, str] = MappingProxyType(
    {
        "bdpm": "Licence Ouverte (ANSM, HAS, Uncam); source and day are cited",
        "ansm": "CRPA, articles L.321-1 and following: unaltered, source and day cited",
        "nabm": "Licence Ouverte 2.0 (ANS, Assurance maladie)",
        "ccam": "Licence Ouverte 2.0 (ANS, Assurance maladie)",
        "cim10": "CC BY-NC-ND 3.0 IGO (WHO, ATIH): not for commercial use, unaltered",
        "atc": "CC BY-ND 3.0 IGO (WHO, ANS): unaltered; Open Medic: Licence Ouverte (Cnam)",
        "rpps": "Licence Ouverte (ANS); these are personal data",
        "finess": "Licence Ouverte (DREES)",
    }
)
"""On which terms each is published."""
_DICTIONARY = "dictionary of the SNDS (health-data-hub.fr, open): the CSV of the nomenclature"
BY_HAND: Mapping[str, str] = MappingProxyType(
    {
        "loinc": (
            "ANS, bioloinc.fr or smt.esante.gouv.fr (an account, and the terms of LOINC, loinc.org/license): "
            "value set of the circuit de la biologie; save its sheet 'Alignement NABM-LOINC FR' as CSV"
        ),
        "lpp": f"{_DICTIONARY} NT_LPP",
        "ucd": f"{_DICTIONARY} NU_UCD_R and NU_ITE_R",
        "ghs": f"{_DICTIONARY} IR_GHS_V",
        "ald": f"{_DICTIONARY} IR_CIM_V",
        "natures": f"{_DICTIONARY} IR_NAT_V",
        "specialities": f"{_DICTIONARY} IR_SPE_V",
    }
)
"""What is not fetched (an account, terms to accept, or no lasting address): where it is, and what to load."""
