"""Published documents pass the submission rules, and come out as their index says."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.submission import ClaimedDocument, ContentHeader, Submission
from dmp.domain.documents.submission_rules import build
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, InsRoot
from dmp.formats.cda.header import read_cda_header
from tests.domain.samples import STRANGER_INS, SYSTEM, ids, record
from tests.formats.corpus import DOCUMENTS, PACKAGES, document, index, name_of, needs_corpus

pytestmark = needs_corpus

LATE_ENOUGH = record().steps[0].at.replace(year=2027)

OLDER_FORMATS = {
    # The packages still name the formats of 2012; the table gives those of 2023 for their templates.
    "OBP-SAP_2024.01": "urn:asip:ci-sis:obp-sap:2023",
    "OBP-SEM_2024.01": "urn:asip:ci-sis:obp-sem:2023",
    "OBP-SNM_2024.01": "urn:asip:ci-sis:obp-snm:2023",
}
OLDER_CLASSES = {
    # The packages file three syntheses of mother and child under reports, as an earlier table did.
    "OBP-SEM_2024.01": "11",
    "OBP-SNM_2024.01": "11",
}


def ins_of(header: ContentHeader) -> Ins:
    roots = tuple(InsRoot)
    root, matricule = next(pair for pair in header.patient_ids if pair[0] in roots)
    return Ins.parse(matricule, root, test_mode=True)


def entered(content: bytes, ins: Ins | None = None) -> DocumentEntry:
    header = read_cda_header(content)
    patient = ins or ins_of(header)
    claimed = ClaimedDocument(content=content, content_type="text/xml")
    made, _ = build(
        claimed,
        header,
        record=record(ins=patient),
        submission=Submission(ins=patient, documents=(claimed,), simplified=True),
        ids=ids(),
        now=LATE_ENOUGH,
        test_mode=True,
        depositor=SYSTEM,
    )
    return made


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_published_document_enters_the_record_of_its_patient(path: Path) -> None:
    content = path.read_bytes()
    made = entered(content)
    assert made.content.size == len(content)
    assert made.title
    with pytest.raises(Refused) as caught:
        entered(content, STRANGER_INS)
    assert caught.value.reason is Reason.PATIENT_MISMATCH


@pytest.mark.parametrize("package", PACKAGES)
def test_the_entry_says_what_the_index_says(package: str) -> None:
    row, made = index()[package], entered(document(package))
    assert f"{made.type_code.code}^{made.type_code.system}" == row["typeCode"]
    expected = OLDER_CLASSES.get(package, row["classCode"].partition("^")[0])
    assert made.class_code.code == expected
    # The packages write several coding systems for one format; the code decides.
    assert made.format_code.code == OLDER_FORMATS.get(package, row["formatCode"].partition("^")[0])
    assert f"{made.facility_type.code}^{made.facility_type.system}" == row["hcfType"]
    assert f"{made.practice_setting.code}^{made.practice_setting.system}" == row["practiceSetting"]
    assert made.mime_type == row["mimeType"]
    assert made.visibility.level == row["confidentiality"].partition("^")[0]
    assert made.title == " ".join(row["docTitle"].split())
