"""The document types of the DMP with their class, held against the published table.

Source: ASS_X16-CorrespondanceType-Classe-DMP (1.2.250.1.213.1.1.5.587), edition 2024-02-23: 102 pairs.
"""

from __future__ import annotations

import pytest

from dmp.domain.documents.types import CLASSES, document_types

PUBLISHED = {
    "10": """11488-4 11490-0 11502-2 11505-5 11506-3 11526-1 15507-7 15508-5 28653-4 29274-8 34112-3
        34749-2 34794-8 34874-8 34875-5 47420-5 51969-4 59283-2 60568-3 67851-6 70004-7 75482-0 75492-9
        75496-0 77436-4 78513-9 78601-2 83981-1 85208-7 93024-8 96349-6 BIL_AUTO DOCPAT03 DOCPAT05
        DOCPAT06""",
    "11": """18761-7 34133-9 34842-5 56445-0 57057-2 57055-6 57075-4 60591-5 68599-0 68817-6 74207-2
        78489-2 80820-4 83901-9 83836-7 88348-8 89235-6 DOCPAT01 DOCPAT08 SYNTH""",
    "31": "18748-4 52040-3 DOCPAT04 IMG-KOS",
    "42": """55115-0 57828-6 57832-8 57833-6 61357-0 75468-9 DOCPAT02 PRESC-AAT PRESC-BIO PRESC-KINE
        PRESC-INF PRESC-PEDI PRESC-ORTHOPHO PRESC-ORTHOPTIE""",
    "43": "60593-1 DISP_AUT",
    "44": "18776-5 77604-7 80771-9 80788-3 83869-8 PROT_ALD",
    "45": "80565-5",
    "52": "11369-6 87273-9 89601-9 96173-0 96874-3 CERT_DECL DOCPAT07",
    "60": "REMB",
    "90": "74465-6 EXPPAT_1 EXPPAT_2 EXPPAT_3",
    "95": """59284-0 86531-1 AUTORIS-SOINS ATTEST-RESID ATTEST-DROITS-AM ATTEST-ASS-COMPL ATTEST-HEBGT
        DOCPAT09""",
}
COUNTS = {
    "10": 35, "11": 20, "31": 4, "42": 14, "43": 2, "44": 6, "45": 1, "52": 7, "60": 1, "90": 4, "95": 8,
}  # fmt: skip

LATER = {
    "10": {"28617-9", "34120-6", "89233-1"},
    "11": {"60280-5", "78341-5", "EXPORT_DUI"},
    "52": {"101881-1", "55751-2"},
    "95": {"51851-4", "56446-8", "FICHE-CONTACTS", "PIECE-IDENTITE"},
}
"""Types of later editions, and of the general table, that are taken besides."""


def test_the_list_of_the_test_is_the_published_one() -> None:
    assert {kind: len(codes.split()) for kind, codes in PUBLISHED.items()} == COUNTS
    every = [code for codes in PUBLISHED.values() for code in codes.split()]
    assert len(every) == len(set(every)) == 102


@pytest.mark.parametrize("kind", PUBLISHED)
def test_every_published_type_is_known_with_its_class(kind: str) -> None:
    ours = {code for code, found in document_types().items() if found.class_code.code == kind}
    assert ours == set(PUBLISHED[kind].split()) | LATER.get(kind, set())


def test_every_class_is_known_by_its_name() -> None:
    assert CLASSES.keys() == PUBLISHED.keys()
    assert all(found.class_code.display for found in document_types().values())
    assert all(found.code.display for found in document_types().values())
