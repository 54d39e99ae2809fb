"""Everything there is to ask about a record: at the FHIR door, and on the pages of a face."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from html import unescape
from typing import Any
from uuid import UUID

from dmp.domain.identity.caller import Caller
from dmp.entrypoints.web import seals
from dmp.entrypoints.web.page import Authentication
from dmp.entrypoints.web.pages import PAGES
from tests.doors.steps import Tale
from tests.doors.world import SECRET


def fhir_questions(tale: Tale, hidden: Sequence[Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Everything there is to ask at the FHIR door, about the record and about what is hidden."""
    ins = tale.people.girl
    who = f"patient.identifier=urn:oid:{ins.root.value}%7C{ins.matricule}"
    yield "GET", f"/fhir/Patient?identifier=urn:oid:{ins.root.value}%7C{ins.matricule}", {}
    yield "GET", f"/fhir/Patient/{tale.record_id}", {}
    for asked in (
        "", "&status=current", "&status=superseded", "&status=entered-in-error", "&_count=1",
        "&type=11502-2", "&category=31", "&security-label=MASQUE_PS",
        "&security-label=INVISIBLE_PATIENT", "&security-label=INVISIBLE_REPRESENTANTS_LEGAUX",
        "&date=ge2020-01-01", "&_lastUpdated=ge2020-01-01",
    ):  # fmt: skip
        yield "GET", f"/fhir/DocumentReference?{who}{asked}", {}
    for operation in ("traces", "notifications", "choix"):
        yield "GET", f"/fhir/Patient/{tale.record_id}/$dmp-{operation}", {}
    for more in ("_count=2", "mes-actions=true"):
        yield "GET", f"/fhir/Patient/{tale.record_id}/$dmp-traces?{more}", {}
    for line in ("10", "28"):
        reader = [{"name": "lecteur", "valueCode": "profession"}]
        asked_as = [*reader, {"name": "profession", "valueCode": line}]
        body = {"resourceType": "Parameters", "parameter": asked_as}
        yield "POST", f"/fhir/Patient/{tale.record_id}/$dmp-voir-comme", {"json": body}
    patch = [{"op": "add", "path": "/securityLabel/-", "value": _LABEL}]
    headers = {"content-type": "application/json-patch+json"}
    for entry in hidden:
        for number in (entry.document_id, entry.entry_uuid):
            yield "GET", f"/fhir/DocumentReference/{number}", {}
            yield "GET", f"/fhir/Binary/{number}", {}
        yield "GET", f"/fhir/DocumentReference?{who}&identifier={entry.unique_id.value}", {}
        yield (
            "PATCH",
            f"/fhir/DocumentReference/{entry.document_id}",
            {"json": patch, "headers": headers},
        )
        named = f"identifier=urn:ietf:rfc:3986%7Curn:oid:{entry.unique_id.value}"
        yield "PATCH", f"/fhir/DocumentReference?{named}", {"json": patch, "headers": headers}


_VISIBILITY = (
    "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument"
    "/FHIR/TRE-A07-StatutVisibiliteDocument"
)
_LABEL = {"coding": [{"system": _VISIBILITY, "code": "MASQUE_PS"}]}


_PARTS = (
    ("{page}", "1"), ("{number}", "0"), ("{loinc}", "4548-4"), ("{exam}", "d{document.hex}"),
    ("{analyse}", "hba1c"), ("{kind}", "poids"), ("{section}", "allergies"), ("{question}", "directives"),
    ("{step}", "1"),
)  # fmt: skip
"""What stands for the parts of an address that name no document."""
_LEAVE = frozenset({"/pro/verrouille", "/pro/mes-acces.csv"})
"""A page after which the session shows nothing else. The sheet of one's own accesses, of which one run in a
dozen had a row less in one of the worlds: why is not known. The list it is made from is asked.
"""
WORDS = ("document", "etape", "document+11", "document+14", "etqpe", "asthme", "warfarine")
"""Words of every document of the stories, of one, misspelt, and of what only hidden ones may say."""
_NARROWED = {
    "/documents": (
        "?apercu={document}", "?lecture=non-lus", "?regrouper=episode&etat=tous", "?type=11502-2",
        "?specialite=M%C3%A9decin&tri=auteur", "?recherche=document",
    ),
    "/imagerie/comparer": ("?a=d{document.hex}&b=d{document.hex}",),
    "/chronologie": ("?ans=1", "?ans=20&bande=examens"),
    "/biologie": ("?valeurs=hors",),
}  # fmt: skip
"""How a professional narrows a page, with each document where one is named."""


def reference(tale: Tale, caller: Caller) -> str:
    """How a professional's pages name the girl."""
    ins = tale.people.girl
    return seals.sealed(SECRET, "patient", caller.id, f"{ins.matricule}|{ins.root.value}")


def page_questions(
    faces: Collection[Authentication], tale: Tale, hidden: Sequence[Any], caller: Caller
) -> Iterator[str]:
    """Every page of these faces, for the record, a visible document and what is hidden."""
    patient = reference(tale, caller)
    alert = seals.sealed(SECRET, "alert", caller.id, f"duplicate:1577:{tale.world.at:%Y-%m-%d}")
    documents = [tale.entries[2].document_id, *(entry.document_id for entry in hidden)]
    for page in PAGES:
        if page.method != "GET" or page.authentication not in faces or page.path in _LEAVE:
            continue
        path = page.path.replace("{record}", str(tale.record_id)).replace("{patient}", patient)
        for part, value in (*_PARTS, ("{alert}", alert)):
            path = path.replace(part, value)
        for document in documents if "{document" in path else documents[:1]:
            yield _named(path, document)
        for end, more in _NARROWED.items():
            if path.endswith(end) and path.startswith("/pro"):
                for asked in more:
                    for document in documents if "{" in asked else documents[:1]:
                        yield path + _named(asked, document)
        if path.endswith("/recherche"):
            yield from (f"{path}?mots={words}" for words in WORDS)


def followed(asked: Iterable[str], pages: Iterable[bytes]) -> list[str]:
    """Where the links of these pages lead besides what was asked: one address of each shape."""
    known = {_shape(path) for path in asked}
    found: dict[str, str] = {}
    for page in pages:
        for link in _LINK.findall(page):
            path = unescape(link.decode()).partition("#")[0]
            shape = _shape(path)
            if shape not in known and not path.endswith("verrouille"):
                found.setdefault(shape, path)
    return list(found.values())[:FOLLOWED]


_LINK = re.compile(rb'href="(/(?:pro|espace)/[^"]+)"')
FOLLOWED = 30
"""Links that are followed: every page of a folder, an analysis or an access is reached by one."""


def _shape(path: str) -> str:
    """An address without what it names."""
    plain, _, asked = path.partition("?")
    parts = ("#" if _NAMES.search(part) or len(part) > 30 else part for part in plain.split("/"))
    return (
        "/".join(parts) + "?" + "&".join(sorted(one.partition("=")[0] for one in asked.split("&")))
    )


_NAMES = re.compile(r"[0-9]")


def _named(path: str, document: UUID) -> str:
    return path.replace("{document.hex}", document.hex).replace("{document}", str(document))
