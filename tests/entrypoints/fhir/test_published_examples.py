"""The published examples of PDSm and of its DMP draft: each is taken, or refused for a stated reason.

They are no part of the project; without them these tests are skipped. Their INS has no valid key and
their contents are stubs, so what is asked is the first thing the door objects to.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from dmp.domain.errors import Reason, Refused
from dmp.formats.fhir.deposit.bundle import Kind, read_bundle, read_simplified
from dmp.formats.fhir.elements import Element
from tests.formats.fhir import samples

ROOT = Path(__file__).resolve().parents[3]
FHIR = Path(os.environ.get("DMP_SHARED", ROOT.parent / "shared")) / "data" / "fhir"
pytestmark = pytest.mark.skipif(
    not FHIR.is_dir(), reason="the published FHIR examples are not on this machine (DMP_SHARED)"
)
LIMIT = 20 * 1024 * 1024
SIMPLIFIED = "pdsm4dmp/examples/DocumentReference-example-td2-iti105-publication-simplifiee.json"
SET = "pdsm4dmp/examples/Bundle-example-td2-iti65-lot-soumission.json"
REPLACEMENT = "pdsm4dmp/examples/Bundle-example-td2-1-remplacement.json"
PDSM_REPLACEMENT = (
    "pdsm/examples-unmerged/Bundle-bundle-exemple-comprehensiveprovidedocument-replace.json"
)
PDSM_SIMPLIFIED = "pdsm/examples/DocumentReference-PDSmSimplifiedExample.json"


def example(path: str, *, repaired: bool = False) -> Element:
    """An example; repaired: with an INS that has a valid key, and its documents' identifiers valid."""
    text = (FHIR / path).read_text(encoding="utf-8")
    if repaired:
        text = text.replace("123456789012345", samples.INS.matricule)
        text = text.replace("1.2.250.1.213.1.4.8|", "1.2.250.1.213.1.4.10|")
        text = text.replace('"urn:oid:1.2.250.1.213.1.4.8"', '"urn:oid:1.2.250.1.213.1.4.10"')
        text = text.replace("doc-x-id", str(samples.DOCUMENT))
    value: dict[str, Any] = json.loads(text)
    return Element(value, str(value["resourceType"]))


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (SIMPLIFIED, Reason.INS_MALFORMED),
        (SET, Reason.INS_MALFORMED),
        (REPLACEMENT, Reason.INS_MALFORMED),
        (PDSM_REPLACEMENT, Reason.METADATA_INVALID),  # its subject is a Patient of elsewhere
        (PDSM_SIMPLIFIED, Reason.METADATA_INVALID),  # the same, and its uniqueId is no UUID
    ],
)
def test_as_published_they_are_refused_for_their_invented_identity(
    path: str, reason: Reason
) -> None:
    resource = example(path)
    read = read_bundle if resource.path == "Bundle" else read_simplified
    with pytest.raises(Refused) as refused:
        read(resource, test_mode=True, limit=LIMIT)
    assert refused.value.reason is reason


def test_the_simplified_publication_is_understood() -> None:
    submission = read_simplified(example(SIMPLIFIED, repaired=True), test_mode=True, limit=LIMIT)
    document = submission.documents[0]
    assert submission.ins == samples.INS
    assert document.content.startswith(b"<?xml")
    assert document.authors[0].id == "899700218896"
    assert document.type_code is not None
    assert document.type_code.token == "2.16.840.1.113883.6.1|11488-4"  # a code


def test_the_submission_set_is_understood() -> None:
    provided = read_bundle(example(SET, repaired=True), test_mode=True, limit=LIMIT)
    assert [slot.kind for slot in provided.slots] == [
        Kind.SUBMISSION_SET,
        Kind.DOCUMENT,
        Kind.CONTENT,
    ]
    assert provided.submission.source_id == "1.2.3.4.5.6.7.8"
    document = provided.submission.documents[0]
    # The hash is read as the example writes it: base64 of the octets of the SHA-1.
    sha1 = hashlib.sha1(document.content, usedforsecurity=False).hexdigest()
    assert (document.hash, document.size) == (sha1, len(document.content))


def test_the_replacement_is_understood() -> None:
    provided = read_bundle(example(REPLACEMENT, repaired=True), test_mode=True, limit=LIMIT)
    assert {slot.kind for slot in provided.slots} == {
        Kind.SUBMISSION_SET,
        Kind.DOCUMENT,
        Kind.SUPERSEDE,
        Kind.CONTENT,
    }
    assert provided.submission.documents[0].replaces == samples.DOCUMENT
