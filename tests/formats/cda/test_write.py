"""What is written is read back, and stands in the order of the schema."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dmp.domain.codes import TRE_A00_AUTHOR_ROLE, TRE_A02_SPECIALTY, Code
from dmp.domain.documents.entry import Author, AuthorKind, Reference
from dmp.domain.documents.formats import format_of
from dmp.domain.documents.submission import ContentHeader
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, UniqueId
from dmp.formats.cda.clinical_document import Act, CdaDocument, Patient, Unstructured
from dmp.formats.cda.document import CLINICAL_DOCUMENT, V3, v3
from dmp.formats.cda.header import ACCESSION, ORDER, STUDY, read_cda_header
from dmp.formats.cda.write import write
from tests.formats.cda.samples import DOCTOR, FRAME, PATIENT, one_of_each

KINDS = one_of_each()
NOTE = KINDS["11488-4"]

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Cn", "Co")),
    min_size=1, max_size=12,
).filter(lambda text: text not in (".", "") and text.isprintable() and bool(text.split()))  # fmt: skip
phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)
oids = st.integers(0, 10**12).map(lambda n: f"1.2.250.1.999.{n}")
unique_ids = st.builds(UniqueId.of, oids, st.from_regex(r"[A-Za-z0-9_-]{0,20}", fullmatch=True))
codes = st.builds(Code, st.from_regex(r"[A-Z0-9][A-Z0-9./_-]{0,12}", fullmatch=True), oids, phrases)
instants = st.integers(-1_000_000_000, 4_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
digits = st.from_regex(r"[0-9]{10,12}", fullmatch=True)


def author(kind: AuthorKind, **parts: Any) -> st.SearchStrategy[Author]:
    return st.builds(
        Author,
        kind=st.just(kind),
        structure_id=digits,
        structure_root=st.just(STRUCTURE_ROOT),
        structure_name=phrases,
        **parts,
    )


people: dict[str, Any] = {"id": digits, "family": phrases, "given": phrases}
authors = st.one_of(
    author(
        AuthorKind.PROFESSIONAL, **people, id_root=st.just(PS_ROOT),
        specialty=st.none() | codes, role=st.none() | codes,
    ),
    author(
        AuthorKind.DEVICE, **people, id_root=st.just(PS_ROOT),
        role=st.builds(Code, st.just("ALIM"), st.just(TRE_A00_AUTHOR_ROLE), phrases),
    ),
    author(AuthorKind.PATIENT, **people, id_root=st.just(PATIENT.ins.root.value)),
    author(AuthorKind.ORGANISATION),
)  # fmt: skip
acts = st.lists(
    st.builds(
        Act,
        code=codes,
        others=st.lists(codes, max_size=2).map(tuple),
        start=instants,
        stop=st.none() | instants,
    ),
    min_size=1,
    max_size=3,
).map(lambda found: (replace(found[0], performer=DOCTOR, setting=FRAME.setting), *found[1:]))
references = st.lists(
    st.builds(Reference, value=digits, kind=st.sampled_from((ORDER, ACCESSION)), system=oids),
    max_size=3, unique=True,
).map(lambda found: tuple(sorted(found, key=lambda one: one.kind != ORDER)))  # fmt: skip
written = st.builds(
    CdaDocument,
    unique_id=unique_ids,
    title=phrases,
    type_code=codes,
    created_at=instants,
    patient=st.builds(
        Patient,
        ins=st.just(PATIENT.ins),
        traits=st.builds(
            replace, st.just(PATIENT.traits), birth_name=phrases, given_names=phrases,
            used_name=st.just("") | phrases, used_given_name=st.just("") | phrases,
        ),
        local_ids=st.lists(st.tuples(oids, digits), max_size=2).map(tuple),
    ),
    authors=st.lists(authors, min_size=1, max_size=3).map(tuple),
    custodian=st.just(NOTE.custodian),
    legal_authenticator=author(
        AuthorKind.PROFESSIONAL, **people, id_root=st.just(PS_ROOT), specialty=codes
    ),
    acts=acts,
    encounter=st.builds(replace, st.just(NOTE.encounter), facility=codes),
    body=st.just(NOTE.body) | st.just(Unstructured(content=b"%PDF-1.4", media_type="image/jpeg")),
    set_id=unique_ids.map(lambda one: one.value),
    version=st.integers(1, 99),
    language=st.sampled_from(("fr-FR", "en-GB")),
    confidentiality=st.sampled_from(("N", "R", "V")),
    references=references,
    replaces=st.lists(unique_ids, max_size=2, unique=True).map(tuple),
)  # fmt: skip


def expected(document: CdaDocument) -> ContentHeader:
    """The header that the values of a document must give."""
    main = document.acts[0]
    traits = document.patient.traits
    birth = f"{traits.birth_name} {traits.given_names}"
    used = f"{traits.used_name or traits.birth_name} {traits.used_given_name or traits.given_names}"
    level1 = document.body.media_type if isinstance(document.body, Unstructured) else ""
    ids = ((document.patient.ins.root.value, document.patient.ins.matricule),)
    return ContentHeader(
        unique_id=document.unique_id,
        set_id=document.set_id,
        version=document.version,
        title=document.title,
        type_code=document.type_code,
        confidentiality=document.confidentiality,
        language=document.language,
        created_at=document.created_at,
        service_start=main.start,
        service_stop=main.stop,
        format_code=format_of((root for root, _ in document.templates), level1),
        facility_type=document.encounter.facility,
        practice_setting=main.setting,
        patient_ids=ids + document.patient.local_ids,
        patient_names=tuple(dict.fromkeys((birth, used))),
        authors=document.authors,
        legal_authenticator=document.legal_authenticator,
        event_codes=tuple(
            dict.fromkeys(
                code for act in document.acts if act.code for code in (act.code, *act.others)
            )
        ),
        references=document.references
        + tuple(Reference(value=a.study_id, kind=STUDY) for a in document.acts if a.study_id),
        replaces=document.replaces,
        mime_type="text/xml",
        is_cda=True,
    )


@pytest.mark.slow
@given(written)
@settings(max_examples=150, deadline=None)
def test_the_header_of_a_written_document_is_read_back(document: CdaDocument) -> None:
    assert read_cda_header(write(document)) == expected(document)


@pytest.mark.parametrize("kind", KINDS)
def test_the_header_of_each_kind_is_read_back(kind: str) -> None:
    document = KINDS[kind]
    assert read_cda_header(write(document)) == expected(document)


# The children of ClinicalDocument in the order of the schema; * those of the French minimum.
ORDER_OF_SCHEMA = """
realmCode* typeId* templateId* id* code* title* effectiveTime* confidentialityCode*
languageCode* setId* versionNumber* copyTime recordTarget* author* dataEnterer informant
custodian* informationRecipient legalAuthenticator* authenticator participant
inFulfillmentOf documentationOf* relatedDocument authorization componentOf* component*
"""
MINIMUM = [name[:-1] for name in ORDER_OF_SCHEMA.split() if name.endswith("*")]
RANK = {name.rstrip("*"): rank for rank, name in enumerate(ORDER_OF_SCHEMA.split())}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_the_french_minimum_in_the_order_of_the_schema(kind: str) -> None:
    root = etree.fromstring(write(KINDS[kind]))
    assert root.tag == CLINICAL_DOCUMENT
    names = [etree.QName(child).localname for child in root.iterchildren(etree.Element)]
    assert [RANK[name] for name in names] == sorted(RANK[name] for name in names)
    assert set(MINIMUM) <= set(names)


REQUIRED = {
    "realmCode[@code='FR']": "",
    "typeId[@root='2.16.840.1.113883.1.3'][@extension='POCD_HD000040']": "",
    "templateId[@root='2.16.840.1.113883.2.8.2.1']": "HL7 France",
    "templateId[@root='1.2.250.1.213.1.1.1.1']": "CI-SIS",
    "recordTarget/patientRole/id[1][@root='1.2.250.1.213.1.4.10']": "the INS stands first",
    "recordTarget/patientRole/addr": "",
    "recordTarget/patientRole/telecom": "",
    "recordTarget/patientRole/patient/name/family[@qualifier='BR']": "birth name",
    "recordTarget/patientRole/patient/name/given[@qualifier='BR']": "first birth name",
    "recordTarget/patientRole/patient/administrativeGenderCode[@code='F']": "",
    "recordTarget/patientRole/patient/birthTime[@value='19850512']": "",
    "recordTarget/patientRole/patient/birthplace/place/addr/county": "place of birth",
    "author/time[@value]": "",
    "author/assignedAuthor/id[@root='1.2.250.1.71.4.2.1']": "",
    "author/assignedAuthor/code[@codeSystem='1.2.250.1.213.1.1.4.5']": "",
    "author/assignedAuthor/assignedPerson/name/family": "",
    "author/assignedAuthor/representedOrganization/id[@root='1.2.250.1.71.4.2.2']": "",
    "custodian/assignedCustodian/representedCustodianOrganization/id": "",
    "legalAuthenticator/time[@value]": "",
    "legalAuthenticator/signatureCode[@code='S']": "",
    "legalAuthenticator/assignedEntity/id": "",
    "documentationOf/serviceEvent/effectiveTime/low[@value]": "",
    "documentationOf/serviceEvent/performer/assignedEntity/representedOrganization"
    "/standardIndustryClassCode[@code='AMBULATOIRE']": "practice setting",
    "componentOf/encompassingEncounter/location/healthCareFacility/code[@code='SA07']": "",
}


@pytest.mark.parametrize("path", REQUIRED, ids=lambda path: path.split("[")[0])
def test_what_the_minimum_asks_for_is_there(path: str) -> None:
    for kind, document in KINDS.items():
        found = etree.fromstring(write(document)).xpath(
            "/h:ClinicalDocument/" + "/".join(f"h:{step}" for step in path.split("/")),
            namespaces={"h": V3},
        )
        assert found, kind


def test_writing_twice_gives_the_same_octets() -> None:
    assert write(NOTE) == write(one_of_each()["11488-4"])


def test_markup_in_a_text_stays_text() -> None:
    hostile = replace(NOTE, title='<script>alert("1")</script> & ]]> \x00\x08')
    assert read_cda_header(write(hostile)).title == '<script>alert("1")</script> & ]]>'


def test_a_document_identified_by_a_uuid_is_read_back() -> None:
    identifier = UniqueId.parse("urn:uuid:7c2b1b9e-6f0f-4a5e-9d3a-0d7b8c1e2f3a")
    assert read_cda_header(write(replace(NOTE, unique_id=identifier))).unique_id == identifier


def test_an_author_without_specialty_has_no_code() -> None:
    bare = replace(NOTE, authors=(replace(DOCTOR, specialty=None),))
    root = etree.fromstring(write(bare))
    assert root.find(v3("author/assignedAuthor/code")) is None
    assert TRE_A02_SPECIALTY.encode() in write(NOTE)
