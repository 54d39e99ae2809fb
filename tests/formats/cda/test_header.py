"""The header reader: one valid document, one change, what comes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dmp.domain.codes import Code
from dmp.domain.documents.entry import AuthorKind
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import UniqueId
from dmp.formats.cda.header import read_cda_header
from dmp.formats.cda.write import write
from tests.formats.cda.samples import one_of_each

NOTE = write(one_of_each()["11488-4"])
XSL = (
    b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0">'
    b'<xsl:template match="/"><html><script>alert(1)</script></html></xsl:template>'
)


def changed(*pairs: tuple[str, str]) -> bytes:
    """The note with these texts replaced, each found exactly as often as it must be."""
    text = NOTE.decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


def test_a_self_presenting_document_is_unwrapped_and_never_run() -> None:
    inside = NOTE.partition(b"?>")[2]
    found = read_cda_header(XSL + inside + b"</xsl:stylesheet>")
    plain = read_cda_header(NOTE)
    assert found.mime_type == "application/xslt+xml"
    assert (found.unique_id, found.title, found.authors) == (
        plain.unique_id, plain.title, plain.authors,
    )  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body/></html>",
        b'<ClinicalDocument xmlns="urn:other"/>',
        b"<ClinicalDocument/>",
        b'<Bundle xmlns="http://hl7.org/fhir"/>',
        XSL + b"</xsl:stylesheet>",
        XSL + 2 * b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>' + b"</xsl:stylesheet>",
        b'<x><ClinicalDocument xmlns="urn:hl7-org:v3"/></x>',
    ],
)
def test_what_is_no_cda_is_a_mismatch(content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read_cda_header(content)
    assert caught.value.reason is Reason.CONTENT_TYPE_MISMATCH


def test_an_empty_document_has_an_empty_header() -> None:
    found = read_cda_header(b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>')
    assert (found.unique_id, found.title, found.type_code, found.created_at) == (None,) * 4
    assert (found.service_start, found.facility_type, found.practice_setting) == (None,) * 3
    assert (found.patient_ids, found.authors, found.legal_authenticator) == ((), (), None)
    assert found.is_cda
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("old", "new", "part", "warning"),
    [
        ('<id root="1.2.250.1.999.2.1"/>', '<id root="no oid"/>', "unique_id", "id is not an OID"),
        ('<id root="1.2.250.1.999.2.1"/>', '<id nullFlavor="NI"/>', "unique_id", ""),
        ('versionNumber value="1"', 'versionNumber value="one"', "version", "versionNumber"),
        ('versionNumber value="1"', 'versionNumber value="-1"', "version", "versionNumber"),
        ("<title>Compte rendu de consultation</title>", "<title> </title>", "title", ""),
        ('<languageCode code="fr-FR"/>', "", "language", ""),
        ('<effectiveTime value="20250304103000+0100"/>', '<effectiveTime value="tomorrow"/>',
         "created_at", "effectiveTime"),
    ],
)  # fmt: skip
def test_a_bad_part_is_none_and_warned_about(old: str, new: str, part: str, warning: str) -> None:
    found = read_cda_header(changed((old, new)))
    assert getattr(found, part) is None
    assert [bool(warning) and text.startswith(warning) for text in found.warnings] == [True] * bool(
        warning
    )


@pytest.mark.parametrize(
    "time",
    [
        '<low value="20250304"/>',
        '<low value="20250304000000+0100"/><high nullFlavor="UNK"/>',
    ],
)
def test_the_act_may_be_dated_to_the_day(time: str) -> None:
    found = read_cda_header(changed(('<low value="20250304103000+0100"/>', time)))
    assert found.service_start == datetime(2025, 3, 3, 23, tzinfo=UTC)
    assert found.service_stop is None


def test_an_act_at_one_instant_starts_then() -> None:
    period = '<effectiveTime><low value="20250304103000+0100"/></effectiveTime>'
    found = read_cda_header(changed((period, '<effectiveTime value="202503041200+0100"/>')))
    assert found.service_start == datetime(2025, 3, 4, 11, tzinfo=UTC)


def test_the_main_act_is_the_one_with_a_performer() -> None:
    other = (
        "<documentationOf><serviceEvent><code code='X' codeSystem='1.2.3'/>"
        "<effectiveTime><low value='19990101'/></effectiveTime></serviceEvent></documentationOf>"
    )
    found = read_cda_header(changed(("<documentationOf>", other + "<documentationOf>")))
    assert found.service_start == datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
    assert found.event_codes == (Code("X", "1.2.3"),)


def test_only_replaced_parents_count() -> None:
    def parent(kind: str, root: str) -> str:
        return (
            f"<relatedDocument typeCode='{kind}'><parentDocument><id root='{root}'/>"
            "<setId root='1.2.250.1.999.2'/></parentDocument></relatedDocument>"
        )

    added = parent("RPLC", "1.2.3.4") + parent("APND", "1.2.3.5") + parent("RPLC", "nonsense")
    found = read_cda_header(changed(("<componentOf>", added + "<componentOf>")))
    assert found.replaces == (UniqueId("1.2.3.4"),)
    assert found.warnings == ("relatedDocument/parentDocument/id is not an OID with its extension",)


def test_a_device_is_an_author_with_its_role() -> None:
    person = (
        '<code code="G15_10/SM26" displayName="Médecin - Qualifié en Médecine Générale (SM)" '
        'codeSystem="1.2.250.1.213.1.1.4.5" codeSystemName="TRE_A02"/>'
    )
    name = "<assignedPerson><name><given>Éloi</given><family>Ostermann</family></name></assignedPerson>"
    found = read_cda_header(
        changed(
            (person, '<code code="ALIM_AM" codeSystem="1.2.250.1.213.1.1.4.6"/>'),
            (
                name + "<representedOrganization>",
                "<assignedAuthoringDevice><manufacturerModelName>.</manufacturerModelName>"
                "<softwareName>Logiciel</softwareName></assignedAuthoringDevice>"
                "<representedOrganization>",
            ),
        )
    )
    device = found.authors[0]
    assert (device.kind, device.family, device.given) == (AuthorKind.DEVICE, "Logiciel", "")
    assert device.role == Code("ALIM_AM", "1.2.250.1.213.1.1.4.6")
    assert device.specialty is None


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("<family>X</family><given>Y</given>", ("X Y",)),
        ('<family qualifier="SP">X</family><given>Y</given>', ("X Y",)),
        ('<family qualifier="BR">X</family><family qualifier="CL">Z</family><given>Y</given>',
         ("X Y", "Z Y")),
        ('<family qualifier="BR">X</family><given qualifier="BR">Y</given>', ("X Y",)),
        ("", ()),
    ],
)  # fmt: skip
def test_the_names_of_the_patient_are_told_apart(names: str, expected: tuple[str, ...]) -> None:
    text = NOTE.decode()
    start, end = text.index("<patient><name>") + len("<patient><name>"), text.index("</name>")
    found = read_cda_header((text[:start] + names + text[end:]).encode())
    assert found.patient_names == expected


def test_identifiers_of_the_patient_need_root_and_extension() -> None:
    found = read_cda_header(changed(('extension="IPP-0042"', 'extension=""')))
    assert len(found.patient_ids) == 1
