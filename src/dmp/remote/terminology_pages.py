"""Terminologies of the ANS from its public FHIR service: page by page, whole or not at all.

The service answers without an account; the same files behind its pages ask for one. What is kept is one
ValueSet with its whole expansion, a concept a line.

Source: smt.esante.gouv.fr/fhir (HL7 FHIR R4: CodeSystem?url=, ValueSet/$expand with url, count and offset).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import httpx

from dmp.remote.official_sites import FetchRefused, page

_SERVICE = "https://smt.esante.gouv.fr/fhir"
_JSON = MappingProxyType({"Accept": "application/fhir+json"})
PAGE_CONCEPTS = 1_000
MAX_PAGES = 200
MAX_EXPANSION_PAGE = 16 * 1024 * 1024


def terminology(
    client: httpx.Client, name: str, path: Path, properties: Sequence[str] = ()
) -> Path:
    """Write the whole of a terminology (`nabm`, `ccam`, `cim-10`, `atc`).

    Args:
        client: of the official sites.
        name: as the address of the terminology ends.
        path: where the file is put.
        properties: those that the service is to give with each concept; it gives none unasked.

    Raises:
        FetchRefused: as `page`; not the answers of a FHIR service; another version from page to page; fewer
            concepts than the service announces.
    """
    system = f"https://smt.esante.gouv.fr/terminologie-{name}"
    every = _described(client, system)
    concepts, version = _concepts(client, system, properties)
    newest = max(every, key=lambda resource: str(resource.get("date", "")))
    described = next((one for one in every if one.get("version") == version), newest)
    head = {
        "resourceType": "ValueSet",
        "url": f"{system}?vs",
        "version": version or described.get("version", ""),
        "date": described.get("date", ""),
        "copyright": described.get("copyright", ""),
    }
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in concepts)
    start = json.dumps(head, ensure_ascii=False).removesuffix("}")
    text = f'{start}, "expansion": {{"total": {len(concepts)}, "contains": [\n{lines}\n]}}}}\n'
    path.write_text(text, encoding="utf-8")
    return path


def _described(client: httpx.Client, system: str) -> Sequence[Mapping[str, Any]]:
    """What the service says of each version that it has: version, date, terms."""
    query = urlencode({"url": system, "_summary": "true"})
    bundle = _json(page(client, f"{_SERVICE}/CodeSystem?{query}", _JSON))
    entries = bundle.get("entry")
    found = [
        entry["resource"]
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict)
        and isinstance(entry.get("resource"), dict)
        and entry["resource"].get("url") == system
    ]
    if not found:
        raise FetchRefused(f"smt.esante.gouv.fr does not describe {system} as before.")
    return found


def _concepts(
    client: httpx.Client, system: str, properties: Sequence[str]
) -> tuple[list[Mapping[str, Any]], str]:
    """Every concept of a terminology, and the version that each page names."""
    concepts: list[Mapping[str, Any]] = []
    versions: set[str] = set()
    for _ in range(MAX_PAGES):
        expansion, version = _page_of(client, system, properties, len(concepts))
        versions.add(version)
        if len(versions) > 1:
            raise FetchRefused(f"{system} changed while it was fetched; try again.")
        listed, total = expansion.get("contains"), expansion.get("total")
        if not isinstance(listed, list) or not listed or not isinstance(total, int):
            break
        concepts.extend(listed)
        if len(concepts) >= total:
            return concepts, version
    raise FetchRefused(f"{system} ended after {len(concepts)} concepts; it was not kept.")


def _page_of(
    client: httpx.Client, system: str, properties: Sequence[str], offset: int
) -> tuple[Mapping[str, Any], str]:
    query = urlencode(
        [
            ("url", f"{system}?vs"),
            ("count", PAGE_CONCEPTS),
            ("offset", offset),
            *(("property", one) for one in properties),
        ]
    )
    answered = _json(
        page(client, f"{_SERVICE}/ValueSet/$expand?{query}", _JSON, MAX_EXPANSION_PAGE)
    )
    expansion = answered.get("expansion")
    if not isinstance(expansion, dict):
        raise FetchRefused("smt.esante.gouv.fr does not answer with an expansion as before.")
    return expansion, str(answered.get("version") or "")


def _json(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise FetchRefused("smt.esante.gouv.fr does not answer in FHIR JSON as before.")
    return found
