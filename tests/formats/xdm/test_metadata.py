"""METADATA.XML: one submission, its documents in the order of ebRIM, nothing that breaks out of a component."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from lxml import etree

from dmp.domain.documents.entry import Author, AuthorKind, DocumentEntry
from dmp.domain.identifiers import PS_ROOT, DocumentId, EntryUuid
from dmp.formats.xdm.metadata import RIM, Medium, OnMedium, write_metadata
from dmp.formats.xdm.values import escaped, patient_cx, patient_info, person_xcn, structure_xon
from tests.builders import HOLDER_INS, NOW, an_entry, some_traits

COPY = UUID(int=7)
ORDER = ("Slot", "Name", "Description", "VersionInfo", "Classification", "ExternalIdentifier")
AUTHOR = Author(
    kind=AuthorKind.PROFESSIONAL,
    id="810100000016",
    id_root=PS_ROOT,
    family="D^Artagnan & fils",
    given="Zoé",
    structure_id="1750000010",
    structure_root="1.2.250.1.71.4.2.2",
    structure_name="Cabinet|du~Port",
)


def written(*entries: DocumentEntry) -> etree._Element:
    medium = Medium(
        ins=HOLDER_INS,
        traits=some_traits(),
        author=AUTHOR,
        made_at=NOW,
        copy_id=COPY,
        source_id="2.25.1",
        documents=[
            OnMedium(entry=entry, uri=f"DOC{number:05}.XML")
            for number, entry in enumerate(entries, 1)
        ],
    )
    return etree.fromstring(write_metadata(medium))


def named(root: etree._Element, tag: str) -> list[etree._Element]:
    return root.findall(f".//{{{RIM}}}{tag}")


def test_every_document_is_a_member_of_the_one_submission() -> None:
    first = an_entry(authors=(AUTHOR,))
    second = replace(
        first,
        document_id=DocumentId(UUID(int=901)),
        entry_uuid=EntryUuid(UUID(int=902)),
        replaces=first.document_id,
    )
    root = written(first, second)
    (package,) = named(root, "RegistryPackage")
    kinds = [
        str(one.get("associationType")).rpartition(":")[2] for one in named(root, "Association")
    ]
    assert kinds == ["HasMember", "HasMember", "RPLC"]
    members = [
        one for one in named(root, "Association") if "HasMember" in str(one.get("associationType"))
    ]
    assert {one.get("sourceObject") for one in members} == {package.get("id")}
    assert [one.get("targetObject") for one in members] == [
        f"urn:uuid:{entry.entry_uuid}" for entry in (first, second)
    ]
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))


def test_parts_stand_in_the_order_of_the_schema() -> None:
    root = written(an_entry(authors=(AUTHOR,), comments="Une remarque"))
    for element in (*named(root, "RegistryPackage"), *named(root, "ExtrinsicObject")):
        tags = [etree.QName(child).localname for child in element]
        assert tags == sorted(tags, key=ORDER.index)
        for child in named(element, "Classification"):
            assert child.get("classifiedObject") == element.get("id")
        for child in named(element, "ExternalIdentifier"):
            assert child.get("registryObject") == element.get("id")


def test_a_name_never_breaks_out_of_its_component() -> None:
    person = person_xcn(AUTHOR)
    assert person.split("^")[1:3] == ["D\\S\\Artagnan \\T\\ fils", "Zoé"]
    assert person.endswith("&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS")
    assert structure_xon(AUTHOR).startswith(
        "Cabinet\\F\\du\\R\\Port^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST"
    )
    assert person_xcn(Author(kind=AuthorKind.DEVICE)) == ""
    assert structure_xon(Author(kind=AuthorKind.DEVICE)) == ""
    assert escaped("\\^") == "\\E\\\\S\\"


def test_the_patient_is_told_once_by_his_identifier() -> None:
    info = patient_info(HOLDER_INS, some_traits(used_name="Durand"))
    assert info[0] == f"PID-3|{patient_cx(HOLDER_INS)}"
    assert [line.split("|")[0] for line in info[:3]] == ["PID-3", "PID-5", "PID-5"]
    assert info[1].endswith("^L")
    assert info[2].endswith("^D")
