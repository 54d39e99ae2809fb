"""Small documents written by hand for one test each: a body and the few things of a header that count."""

from __future__ import annotations

from dmp.domain.clinical.facts import Findings
from dmp.formats.cda.document import open_document
from dmp.formats.cda.findings.read import findings_of

NAMESPACES = (
    'xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:pharm="urn:ihe:pharm:medication"'
)
LOINC, SNOMED, CIM10 = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.3"


def document(
    body: str, kind: str = "11488-4", *, at: str = "20250304101500+0100", header: str = ""
) -> bytes:
    """A ClinicalDocument of a type with these sections."""
    return (
        f'<ClinicalDocument {NAMESPACES}><code code="{kind}" codeSystem="{LOINC}"/><title>Essai</title>'
        f'<effectiveTime value="{at}"/>{header}'
        f"<component><structuredBody>{body}</structuredBody></component></ClinicalDocument>"
    ).encode()


def section(code: str, *entries: str, text: str = "", inner: str = "") -> str:
    """A section by its LOINC code."""
    told = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        f'<component><section><code code="{code}" codeSystem="{LOINC}"/><title>Essai</title>'
        f"<text>{text}</text>{told}{inner}</section></component>"
    )


def concern(*observations: str, status: str = "active") -> str:
    """A concern around observations."""
    told = "".join(
        f'<entryRelationship typeCode="SUBJ">{one}</entryRelationship>' for one in observations
    )
    return (
        '<act classCode="ACT" moodCode="EVN"><code nullFlavor="NA"/>'
        f'<statusCode code="{status}"/>{told}</act>'
    )


def observation(code: str, value: str, *, inner: str = "", time: str = "", more: str = "") -> str:
    """An observation of a LOINC code; `code` may be a whole element, `value` one as well."""
    coded = (
        code
        if code.startswith("<")
        else f'<code code="{code}" codeSystem="{LOINC}" displayName="Examen"/>'
    )
    return (
        f'<observation classCode="OBS" moodCode="EVN" {more}>{coded}<statusCode code="completed"/>{time}'
        f"{value}{inner}</observation>"
    )


def read(body: str, kind: str = "11488-4", **more: str) -> Findings:
    """What a document with these sections states."""
    found = findings_of(open_document(document(body, kind, **more)))
    assert found is not None
    return found


DIAGNOSIS = f'<code code="282291009" codeSystem="{SNOMED}"/>'
BOX = (
    '<code code="3400930000000" codeSystem="1.2.250.1.213.2.3.2" displayName="ESSAI 5 mg"/>'
    "<name>ESSAI</name>"
)


def cim10(code: str, label: str) -> str:
    """A value of CIM-10."""
    return f'<value xsi:type="CD" code="{code}" codeSystem="{CIM10}" displayName="{label}"/>'


def problem(value: str, **more: str) -> str:
    """A problem in its concern."""
    return concern(observation(DIAGNOSIS, value, **more))


def medicine(
    product: str, *, code: str = "", inner: str = "", mood: str = "INT", time: str = ""
) -> str:
    """An administration of a product."""
    return (
        f'<substanceAdministration classCode="SBADM" moodCode="{mood}">{code}{time}{inner}<consumable>'
        f"<manufacturedProduct><manufacturedMaterial>{product}</manufacturedMaterial></manufacturedProduct>"
        "</consumable></substanceAdministration>"
    )
