"""Terminologies, the list of the ATIH and Open Medic: served on loopback in the form that is published."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from dmp.domain.clinical.knowledge.contents import Content
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.formats.reference.editions import read_files
from dmp.formats.reference.given import Given
from dmp.remote import reference_sources, terminology_pages
from dmp.remote.reference_sources import BY_HAND, SOURCES, TERMS, FetchRefused, fetched
from tests.remote.loopback import Answer, site

SMT = "smt.esante.gouv.fr/fhir/"
ATIH = (
    "www.atih.sante.fr/plateformes-de-transmission-et-logiciels/logiciels-espace-de-telechargement/"
)
OPEN_MEDIC = "open-data-assurance-maladie.ameli.fr/medicaments/"
R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.contains.property"
LAST_YEAR = date.today().year - 1  # noqa: DTZ011  # the year that is asked for first


def concept(code: str, label: str, most: int | None = None) -> dict[str, Any]:
    """A concept as the service answers it, with a property in the form of R5 where it has one."""
    found: dict[str, Any] = {
        "system": "https://smt.esante.gouv.fr/x",
        "code": code,
        "display": label,
    }
    if most is not None:
        parts = [
            {"url": "code", "valueCode": "nombreMaximumParFacturation"},
            {"url": "value", "valueInteger": most},
        ]
        found["extension"] = [{"url": R5, "extension": parts}]
    return found


NABM = [
    concept("05", "Hématologie"),
    concept("05-01", "Cytologie"),
    concept("CONTINGENCE_3", "Règle"),
    concept("1104", "HEMOGRAMME", 1),
    concept("0552", "SANG : GLUCOSE (GLYCEMIE)"),
]
CCAM = [
    concept("ZBQK002", "Radiographie du thorax"),
    concept("ZBQK002-1", "Radiographie du thorax, activité 1"),
]
CIM10 = [
    concept("E10-E14", "Diabète sucré"),
    concept("E11.9", "Diabète de type 2"),
    concept("I10", "HTA"),
]
ATC = [concept("A", "Voies digestives"), concept("A10BA02", "Metformine")]


def service(
    name: str, concepts: list[dict[str, Any]], *, total: int | None = None, version: str = "V105"
) -> Mapping[str, bytes | Answer]:
    """The service for one terminology: pages as they are asked for."""
    system = f"https://smt.esante.gouv.fr/terminologie-{name}"

    def described(query: dict[str, str]) -> bytes | None:
        if query.get("url") != system:
            return None
        described = {
            "resourceType": "CodeSystem",
            "url": system,
            "version": "V105",
            "date": "2026-06-04T00:00:00Z",
        }
        old = {**described, "version": "V9", "date": "2020-01-01"}
        entries = [{"resource": old}, {"resource": described}]
        return json.dumps({"resourceType": "Bundle", "entry": entries}).encode()

    def expanded(query: dict[str, str]) -> bytes | None:
        if query.get("url") != f"{system}?vs":
            return None
        first, count = int(query["offset"]), int(query["count"])
        listed = concepts[first : first + count]
        expansion = {"total": len(concepts) if total is None else total, "contains": listed}
        changed = version if first else "V105"
        return json.dumps(
            {
                "resourceType": "ValueSet",
                "url": f"{system}?vs",
                "version": changed,
                "expansion": expansion,
            }
        ).encode()

    return {SMT + "CodeSystem": described, SMT + "ValueSet/$expand": expanded}


def zipped(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            entry = zipfile.ZipInfo(name.replace("__", "."), (2025, 1, 20, 0, 0, 0))
            archive.writestr(entry, text.encode("latin-1"), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def loaded(paths: list[Path]) -> Content:
    given = [
        Given(name=p.name, size=p.stat().st_size, open=lambda p=p: p.open("rb"))  # type: ignore[misc] # bound by its default
        for p in paths
    ]
    reading = read_files(given, date(2026, 11, 1))
    assert (reading.refusals, reading.unknown) == ([], [])
    (content,) = reading.contents
    return content


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_terminology_comes_page_by_page_and_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(terminology_pages, "PAGE_CONCEPTS", size)
    with site(service("nabm", NABM)) as (transport, asked):
        found = fetched("nabm", tmp_path, transport)
    assert len(asked) == 1 + -(-len(NABM) // size)
    content = loaded(found)
    assert (content.edition.kind, content.edition.on) == (ReferenceKind.NABM, date(2026, 6, 4))
    assert content.edition.label.endswith("terminologie de l'ANS, 4 juin 2026")
    assert content.rows("acts") == (
        ("1104", "HEMOGRAMME", "1"),
        ("552", "SANG : GLUCOSE (GLYCEMIE)", ""),
    )


@pytest.mark.parametrize(
    ("kind", "name", "concepts", "table", "rows"),
    [
        ("ccam", "ccam", CCAM, "acts", (("ZBQK002", "Radiographie du thorax", ""),)),
        ("cim10", "cim-10", CIM10, "diagnoses", (("E119", "Diabète de type 2"), ("I10", "HTA"))),
        ("atc", "atc", ATC, "labels", (("A", "Voies digestives"), ("A10BA02", "Metformine"))),
    ],
)
def test_chapters_blocks_and_activities_are_left_aside(
    tmp_path: Path, kind: str, name: str, concepts: list[dict[str, Any]], table: str, rows: object
) -> None:
    with site(service(name, concepts)) as (transport, _):
        content = loaded(fetched(kind, tmp_path, transport))
    assert content.edition.kind.value == kind and content.rows(table) == rows


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"total": 9}, "ended after 5 concepts"),
        ({"version": "V106"}, "changed while it was fetched"),
    ],
)
def test_what_is_not_whole_is_not_kept_and_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], word: str
) -> None:
    monkeypatch.setattr(terminology_pages, "PAGE_CONCEPTS", 2)
    kept = tmp_path / "terminologie-nabm.json"
    kept.write_text("of before")
    with (
        site(service("nabm", NABM, **change)) as (transport, _),
        pytest.raises(FetchRefused, match=word),
    ):
        fetched("nabm", tmp_path, transport)
    assert kept.read_text() == "of before" and list(tmp_path.iterdir()) == [kept]


@pytest.mark.parametrize(
    "answer", [b"<html>Maintenance</html>", b"[]", b'{"resourceType": "OperationOutcome"}']
)
def test_a_service_that_answers_something_else_is_told(tmp_path: Path, answer: bytes) -> None:
    pages: dict[str, bytes | Answer] = {SMT + "CodeSystem": answer}
    with site(pages) as (transport, _), pytest.raises(FetchRefused, match="as before"):
        fetched("ccam", tmp_path, transport)


LIST = "A00   |3|N|3|CHOLERA|Choléra\r\nE119  |0|N|3|DIABETE|Diabète de type 2\r\n"


def test_the_newest_list_of_the_atih_is_taken_under_the_day_of_its_archive(tmp_path: Path) -> None:
    links = "".join(f'<a href="{n}/telecharger/gratuit/{n}/456">x</a>' for n in (9, 11616, 11700))
    pages: dict[str, bytes | Answer] = {
        ATIH + "id_lot/456": links.encode(),
        ATIH + "id_lot/11700/telecharger/gratuit/11700/456": zipped(cim10__xml="<ClaML/>"),
        ATIH + "id_lot/11616/telecharger/gratuit/11616/456": zipped(LIBCIM10MULTI__TXT=LIST),
    }
    with site(pages) as (transport, _):
        found = fetched("cim10", tmp_path, transport)
    assert [path.name for path in found] == ["LIBCIM10MULTI_20250120.TXT"]
    content = loaded(found)
    assert content.edition.on == date(2025, 1, 20)
    assert content.rows("diagnoses") == (("A00", "Choléra"), ("E119", "Diabète de type 2"))


HEADER = "ATC1;l_ATC1;ATC2;L_ATC2;ATC3;L_ATC3;ATC4;L_ATC4;ATC5;L_ATC5;CIP13;l_cip13;TOP_GEN;BOITES;REM;BSE\n"
SPENT = (
    "A;VOIES DIGESTIVES;A10;ANTIDIABETIQUES;A10B;ORAUX;A10BA;BIGUANIDES;A10BA02;METFORMINE;"
    '3400930000014;METFORMINE "X";1;10;1.234,50;2,00\n'
)


def open_medic() -> dict[str, bytes | Answer]:
    name = f"OPEN_MEDIC_{LAST_YEAR}"
    link = f"download_file.php?token=abc&amp;file=Open_MEDIC_Base_Complete/{name}.zip"

    def listed(query: dict[str, str]) -> bytes | None:
        return f'<a href="{link}">{name}</a>'.encode() if query["Annee"] == str(LAST_YEAR) else b""

    def sent(query: dict[str, str]) -> bytes | None:
        return zipped(**{f"{name}__CSV": HEADER + SPENT * 3}) if query["token"] == "abc" else None

    return {OPEN_MEDIC + "download.php": listed, OPEN_MEDIC + "download_file.php": sent}


def test_atc_is_the_labels_of_the_ans_and_the_boxes_of_open_medic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dmp.formats.reference.editions.MAX_WHOLE", 10)  # read line by line
    with site({**service("atc", ATC), **open_medic()}) as (transport, _):
        found = fetched("atc", tmp_path, transport)
    content = loaded(found)
    assert content.edition.on == date(2026, 6, 4)
    assert content.rows("boxes") == (("3400930000014", "A10BA02"),)
    assert ("A10", "Antidiabetiques") in content.rows("labels")
    with site(service("atc", ATC)) as (transport, _):  # Open Medic is down today
        again = fetched("atc", tmp_path, transport)
    assert loaded(again).rows("boxes") == (("3400930000014", "A10BA02"),)


def test_the_network_that_goes_down_between_two_files_leaves_no_mixture(tmp_path: Path) -> None:
    folder = tmp_path / "bdpm"
    folder.mkdir()
    (folder / "CIS_bdpm.txt").write_text("of before")
    asked = 0

    def cut(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        if asked > 1:
            raise httpx.ConnectError("no network", request=request)
        return httpx.Response(200, content=b"new")

    with pytest.raises(FetchRefused, match="is there a network"):
        fetched("bdpm", folder, httpx.MockTransport(cut))
    assert [path.read_text() for path in folder.iterdir()] == ["of before"]


def test_every_kind_has_terms_or_a_place_to_take_it_from() -> None:
    assert set(TERMS) == set(SOURCES) and not set(SOURCES) & set(BY_HAND)
    from_elsewhere = {ReferenceKind.RULES.value}  # these are the project's own
    assert set(SOURCES) | set(BY_HAND) == {kind.value for kind in ReferenceKind} - from_elsewhere
    assert reference_sources.MAX_FILE < reference_sources.MAX_EXTRACT
