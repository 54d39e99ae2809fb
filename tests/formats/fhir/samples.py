"""One valid entry, one valid resource: a test changes one thing."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from dmp.domain.codes import (
    LOINC,
    TRE_A01_PRACTICE,
    TRE_A02_SPECIALTY,
    TRE_A03_CLASS,
    TRE_A11_IHE_FORMAT,
    TRE_R02_SECTOR,
    Code,
)
from dmp.domain.documents.entry import (
    Author,
    AuthorKind,
    Content,
    DocumentEntry,
    Reference,
    Status,
)
from dmp.domain.documents.visibility import Visibility
from dmp.domain.identifiers import (
    PS_ROOT,
    STRUCTURE_ROOT,
    DocumentId,
    EntryUuid,
    Ins,
    InsRoot,
    RecordId,
    SubmissionId,
    UniqueId,
)

INS = Ins.parse("2 79 03 51 215 189 89", InsRoot.NIR_TEST.value, test_mode=True)
OTHER_INS = Ins.parse("1 80 05 75 123 456 27", InsRoot.NIR_TEST.value, test_mode=True)
DOCUMENT = DocumentId(UUID("00000000-0000-7000-8000-00000000d0c1"))


def pdf(text: str = "Compte rendu") -> bytes:
    """A small whole PDF of one page that says `text`."""
    shown = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    written, places = b"%PDF-1.4\n", []
    for rank, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj%s endobj\n" % (rank, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        written
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(written)
    )


PDF = pdf()
INS_SYSTEM = "urn:oid:1.2.250.1.213.1.4.10"

DOCTOR = Author(
    kind=AuthorKind.PROFESSIONAL,
    id="810002673894",
    id_root=PS_ROOT,
    family="Charpentier",
    given="Alix",
    specialty=Code("G15_10/SM54", TRE_A02_SPECIALTY, "Médecin - Médecine générale (SM)"),
    structure_id="1750000010",
    structure_root=STRUCTURE_ROOT,
    structure_name="Cabinet des Tilleuls",
)


def entry(**changes: Any) -> DocumentEntry:
    """A valid entry; keywords change it."""
    values: dict[str, Any] = {
        "record_id": RecordId(UUID("00000000-0000-4000-8000-0000000000ec")),
        "document_id": DOCUMENT,
        "entry_uuid": EntryUuid(UUID("00000000-0000-7000-8000-00000000e001")),
        "unique_id": UniqueId.parse("1.2.250.1.213.4.5.99.1"),
        "version": 1,
        "status": Status.APPROVED,
        "visibility": Visibility(),
        "mime_type": "application/pdf",
        "content": Content(
            size=len(PDF),
            sha1=hashlib.sha1(PDF, usedforsecurity=False).hexdigest(),
            sha256=hashlib.sha256(PDF).hexdigest(),
        ),
        "language": "fr-FR",
        "title": "Compte rendu de consultation",
        "created_at": datetime(2026, 6, 12, 8, 0, tzinfo=UTC),
        "service_start": datetime(2026, 6, 12, 7, 30, tzinfo=UTC),
        "service_stop": None,
        "submitted_at": datetime(2026, 6, 12, 8, 5, tzinfo=UTC),
        "type_code": Code("11488-4", LOINC, "CR ou fiche de consultation ou de visite"),
        "class_code": Code("10", TRE_A03_CLASS, "Compte rendu"),
        "format_code": Code("urn:ihe:iti:xds-sd:pdf:2008", TRE_A11_IHE_FORMAT, "PDF"),
        "facility_type": Code("SA07", TRE_R02_SECTOR, "Cabinet individuel"),
        "practice_setting": Code("AMBULATOIRE", TRE_A01_PRACTICE, "Ambulatoire"),
        "authors": (DOCTOR,),
        "legal_authenticator": DOCTOR,
        "source_patient_id": "IPP-17^^^&1.2.3.4.567.8.9.10&ISO^PI",
        "ins": INS,
        "submission_id": SubmissionId(UUID("00000000-0000-7000-8000-000000005e70")),
        "depositor_id": DOCTOR.id,
        "owner_ids": (DOCTOR.id,),
        "references": (
            Reference(value="ACC-1", kind="urn:ihe:iti:xds:2013:accession", system="1.2.3.4.5"),
        ),
    }
    return DocumentEntry(**(values | changes))


def simplified(content: bytes = PDF, content_type: str = "application/pdf") -> dict[str, Any]:
    """A valid ITI-105 resource."""
    return {
        "resourceType": "DocumentReference",
        "contained": [
            {
                "resourceType": "Practitioner",
                "id": "author",
                "identifier": [{"system": f"urn:oid:{PS_ROOT}", "value": DOCTOR.id}],
                "name": [{"family": "Charpentier", "given": ["Alix"]}],
            }
        ],
        "masterIdentifier": {
            "system": "urn:ietf:rfc:3986",
            "value": "urn:oid:1.2.250.1.213.4.5.99.1",
        },
        "status": "current",
        "type": {"coding": [{"system": "http://loinc.org", "code": "11488-4"}]},
        "subject": {"identifier": {"system": INS_SYSTEM, "value": INS.matricule}},
        "date": "2026-06-12T10:00:00+02:00",
        "author": [{"reference": "#author"}],
        "content": [
            {
                "attachment": {
                    "contentType": content_type,
                    "data": base64.b64encode(content).decode("ascii"),
                    "title": "Compte rendu de consultation",
                }
            }
        ],
    }
