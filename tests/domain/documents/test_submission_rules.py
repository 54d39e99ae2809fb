"""One valid deposit, one change, one expected refusal, completion or remark."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.codes import LOINC, TRE_A03_CLASS, TRE_R02_SECTOR, Code
from dmp.domain.documents.entry import Author, AuthorKind, Status
from dmp.domain.documents.field_rule import Contradiction
from dmp.domain.documents.submission import ClaimedDocument, ContentHeader
from dmp.domain.documents.submission_rules import TABLE
from dmp.domain.documents.types import document_types
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import UniqueId
from dmp.domain.record.preferences import Preferences
from tests.domain.samples import (
    AUTHOR,
    COLLEAGUE,
    CONTENT,
    GP,
    HOLDER,
    HOSPITAL,
    INS,
    NOW,
    PARENT,
    PRACTICE,
    STRANGER_INS,
    SYSTEM,
    built,
    claimed,
    header,
    record,
)

PDF_HEADER = ContentHeader(mime_type="application/pdf")
MASKING = record(preferences=Preferences(mask_new_documents=True))


def refused(reason: Reason, *args: object, **kwargs: object) -> Refused:
    with pytest.raises(Refused) as caught:
        built(*args, **kwargs)  # type: ignore[arg-type]  # passed through
    assert caught.value.reason is reason, caught.value.sentence
    return caught.value


def test_a_valid_deposit_is_registered_without_a_remark() -> None:
    entry, notes = built()
    assert notes == ()
    assert entry.status is Status.APPROVED
    assert entry.version == 1
    assert entry.ins == INS
    assert entry.class_code == Code("10", TRE_A03_CLASS)
    assert entry.type_code.display == "CR ou fiche de consultation ou de visite"
    assert entry.content.size == len(CONTENT)
    assert entry.content.sha1 == sha1(CONTENT).hexdigest()  # noqa: S324  # the hash of XDS
    assert entry.content.sha256 == sha256(CONTENT).hexdigest()
    assert entry.source_patient_id == "IPP7^^^&1.2.3&ISO^PI"
    assert entry.owner_ids == (GP, PRACTICE.id_nat)


REFUSALS: list[tuple[str, object, Reason]] = [
    ("content", b"", Reason.CONTENT_EMPTY),
    ("hash", "0" * 40, Reason.HASH_MISMATCH),
    ("size", 3, Reason.SIZE_MISMATCH),
    ("ins", STRANGER_INS, Reason.PATIENT_MISMATCH),
    ("type_code", Code("99999-9", LOINC), Reason.CODE_UNKNOWN),
    ("type_code", Code("11488-4", "1.2.3"), Reason.CODE_UNKNOWN),
    ("type_code", Code("11502-2", LOINC), Reason.HEADER_CONTRADICTS_METADATA),
    ("class_code", Code("11", TRE_A03_CLASS), Reason.CLASS_CONTRADICTS_TYPE),
    ("facility_type", Code("SA99", TRE_R02_SECTOR), Reason.CODE_UNKNOWN),
    ("practice_setting", Code("PLAGE", "1.2.250.1.213.1.1.4.9"), Reason.CODE_UNKNOWN),
    ("format_code", Code("urn:nobody:1", "1.2"), Reason.CODE_UNKNOWN),
    ("level", "X", Reason.CODE_UNKNOWN),
    ("title", "a" * 257, Reason.METADATA_INVALID),
    ("title", "abc\u202egpj.exe", Reason.METADATA_INVALID),
    ("title", "abc\x00", Reason.METADATA_INVALID),
    ("language", "français", Reason.METADATA_INVALID),
    ("created_at", NOW - timedelta(days=2), Reason.HEADER_CONTRADICTS_METADATA),
    ("service_start", datetime(1850, 1, 1, tzinfo=UTC), Reason.METADATA_INVALID),
    ("service_stop", NOW - timedelta(days=30), Reason.METADATA_INVALID),
    ("unique_id", UniqueId("1.2.3.4"), Reason.HEADER_CONTRADICTS_METADATA),
    ("authors", (AUTHOR,) * 201, Reason.METADATA_INVALID),
    ("authors", (Author(kind=AuthorKind.PROFESSIONAL),), Reason.METADATA_INVALID),
    (
        "restrictions",
        frozenset({Restriction.MASKED, Restriction.HIDDEN_FROM_PATIENT}),
        Reason.VISIBILITY_CONFLICT,
    ),
]


@pytest.mark.parametrize(("field", "value", "reason"), REFUSALS)
def test_one_change_one_refusal(field: str, value: object, reason: Reason) -> None:
    refusal = refused(reason, claimed(**{field: value}))
    assert "{" not in refusal.sentence, "every part of the sentence is filled"
    assert INS.matricule not in refusal.sentence
    assert refusal.field is not None
    assert refusal.field.startswith("DocumentReference.")


def test_the_hash_is_taken_in_capitals_too() -> None:
    right = sha1(CONTENT).hexdigest().upper()  # noqa: S324  # the hash of XDS
    entry, _ = built(claimed(hash=right, size=len(CONTENT)))
    assert entry.content.sha1 == right.lower()


@pytest.mark.parametrize(
    "ids", [((INS.root.value, STRANGER_INS.matricule),), (("1.2.250.1.213.1.4.8", INS.matricule),)]
)
def test_a_cda_of_another_patient_is_refused(ids: tuple[tuple[str, str], ...]) -> None:
    refusal = refused(Reason.PATIENT_MISMATCH, claimed(), header(patient_ids=ids))
    assert "CDA header" in refusal.sentence
    assert STRANGER_INS.matricule not in refusal.sentence


def test_a_second_ins_of_somebody_else_in_the_header_is_refused_too() -> None:
    both = ((INS.root.value, INS.matricule), (INS.root.value, STRANGER_INS.matricule))
    refused(Reason.PATIENT_MISMATCH, claimed(), header(patient_ids=both))


def test_a_cda_without_ins_or_under_another_name_is_remarked_on() -> None:
    _, notes = built(head=header(patient_ids=(("1.2.3", "IPP7"),), patient_names=("DURAND ZOE",)))
    assert len(notes) == 2
    assert not any("DURAND" in note or "VASSEUR" in note for note in notes)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"title": "Autre chose"}, "title"),
        ({"language": "en-GB"}, "language"),
        ({"service_start": NOW - timedelta(days=9)}, "period.start"),
        ({"facility_type": Code("SA01", TRE_R02_SECTOR)}, "facilityType"),
        ({"authors": (replace(AUTHOR, id=COLLEAGUE),)}, "author"),
    ],
)
def test_smaller_contradictions_keep_the_metadata_and_say_so(
    change: dict[str, object], part: str
) -> None:
    entry, notes = built(claimed(**change))
    assert [note for note in notes if part in note], notes
    field, value = next(iter(change.items()))
    assert getattr(entry, field) == value


def test_accents_and_blanks_of_a_title_are_no_contradiction() -> None:
    entry, notes = built(claimed(title=" COMPTE  RENDU de consultation "))
    assert notes == ()
    assert entry.title == "COMPTE RENDU de consultation"


@pytest.mark.parametrize("code", ["57057-2", "57075-4", "78489-2", "89235-6", "18748-4"])
def test_the_older_class_of_published_samples_is_taken_and_corrected(code: str) -> None:
    type_code = Code(code, LOINC)
    entry, notes = built(
        claimed(type_code=type_code, class_code=Code("10", TRE_A03_CLASS)),
        header(type_code=type_code),
    )
    assert entry.class_code == document_types()[code].class_code
    assert entry.class_code.code != "10"
    assert any("earlier table" in note for note in notes)


def test_a_format_under_another_coding_system_is_corrected() -> None:
    lab = Code("urn:ihe:lab:xd-lab:2008", "1.2.250.1.213.1.1.4.2.282")
    entry, notes = built(claimed(format_code=lab), header(format_code=None))
    assert entry.format_code.system == "1.3.6.1.4.1.19376.1.2.3"
    assert any("coding system" in note for note in notes)


def test_the_simplified_publication_is_completed_from_the_header() -> None:
    bare = ClaimedDocument(content=CONTENT, content_type="application/xml")
    entry, notes = built(bare, simplified=True)
    full, _ = built()
    assert notes == ()
    assert entry == full


def test_a_pdf_needs_its_title_type_and_date() -> None:
    pdf = claimed(content_type="application/pdf", format_code=None)
    entry, _ = built(pdf, PDF_HEADER, simplified=True)
    assert entry.format_code.code == "urn:ihe:iti:xds-sd:pdf:2008"
    assert entry.mime_type == "application/pdf"
    for lacking in (
        replace(pdf, title=None),
        replace(pdf, type_code=None),
        replace(pdf, created_at=None),
    ):
        refusal = refused(Reason.METADATA_MISSING, lacking, PDF_HEADER, simplified=True)
        assert refusal.field is not None


def test_what_a_pdf_may_leave_out_comes_from_its_depositor() -> None:
    bare = ClaimedDocument(
        content=b"%PDF-1.7",
        content_type="application/pdf; charset=binary",
        title="Ordonnance",
        type_code=Code("57833-6", LOINC),
        created_at=NOW,
    )
    entry, notes = built(bare, ContentHeader(), by=SYSTEM)
    assert entry.facility_type.code == "SA01"
    assert entry.practice_setting.code == "ETABLISSEMENT"
    assert entry.authors[0].structure_id == HOSPITAL.id_nat
    assert entry.unique_id == UniqueId("2.25.7")
    assert entry.source_patient_id == INS.cx
    assert entry.service_start == NOW
    assert any("context.facilityType is absent" in note for note in notes)


def test_a_date_to_come_is_refused_in_production_and_remarked_on_in_tests() -> None:
    tomorrow = NOW + timedelta(days=1)
    claim, head = claimed(created_at=tomorrow), header(created_at=tomorrow)
    assert any("future" in note for note in built(claim, head)[1])
    refused(Reason.METADATA_INVALID, claim, head, test_mode=False)


@pytest.mark.parametrize(
    "author",
    [
        replace(AUTHOR, id="801234567890"),  # published, its key is wrong
        replace(AUTHOR, id="810000001016"),
        replace(AUTHOR, structure_id="1750100126"),
    ],
)
def test_wrong_keys_of_authors_are_remarked_on_in_tests_and_refused_in_production(
    author: Author,
) -> None:
    claim = claimed(authors=(author,), legal_authenticator=AUTHOR)
    head = header(authors=(author,))
    _, notes = built(claim, head)
    assert any(note.startswith("author: ") for note in notes)
    refused(Reason.IDENTIFIER_KEY_WRONG, claim, head, test_mode=False)


def test_the_holders_default_masks_what_others_deposit() -> None:
    assert built(of=MASKING)[0].visibility.masked
    assert built(claimed(restrictions=frozenset()), of=MASKING)[0].visibility.masked
    assert not built()[0].visibility.masked


def test_what_awaits_its_announcement_is_not_masked_at_the_same_time() -> None:
    hidden = claimed(restrictions=frozenset({Restriction.HIDDEN_FROM_PATIENT}))
    seen = built(hidden, of=MASKING)[0].visibility
    assert seen.hidden_from_patient
    assert not seen.masked


def test_the_stricter_confidentiality_counts() -> None:
    entry, notes = built(head=header(confidentiality="R"))
    assert entry.visibility.level == "R"
    assert notes
    assert built(claimed(level="V"))[0].visibility.level == "V"


PATIENT_CLAIM = claimed(
    content_type="application/pdf", type_code=Code("DOCPAT03", "1.2.250.1.213.1.1.4.12"),
    format_code=None, authors=(), legal_authenticator=None, facility_type=None, practice_setting=None,
)  # fmt: skip


def test_a_patient_deposits_his_own_types_and_names_nobody_as_owner() -> None:
    entry, _ = built(
        replace(PATIENT_CLAIM, authors=(AUTHOR,)), PDF_HEADER, by=HOLDER, simplified=True
    )
    assert entry.owner_ids == (HOLDER.id,)
    own, _ = built(PATIENT_CLAIM, PDF_HEADER, by=HOLDER, simplified=True)
    assert own.authors[0].kind is AuthorKind.PATIENT
    assert own.facility_type.code == own.practice_setting.code == "EXP_PATIENT"
    refused(
        Reason.METADATA_INVALID,
        replace(PATIENT_CLAIM, type_code=Code("11488-4", LOINC)),
        PDF_HEADER,
        by=PARENT,
    )


def test_a_patient_hides_nothing_from_himself_but_overrides_his_own_default() -> None:
    hidden = replace(PATIENT_CLAIM, restrictions=frozenset({Restriction.HIDDEN_FROM_PATIENT}))
    refused(Reason.METADATA_INVALID, hidden, PDF_HEADER, by=HOLDER)
    shown = replace(PATIENT_CLAIM, restrictions=frozenset())
    assert not built(shown, PDF_HEADER, by=HOLDER, of=MASKING)[0].visibility.masked
    assert built(PATIENT_CLAIM, PDF_HEADER, by=HOLDER, of=MASKING)[0].visibility.masked


def test_the_author_and_his_structure_own_what_a_hospital_system_sends() -> None:
    entry, _ = built(by=SYSTEM)
    assert entry.owner_ids == (HOSPITAL.id_nat, GP, PRACTICE.id_nat)
    foreign = replace(AUTHOR, id_root="1.2.3", structure_root="1.2.3")
    entry, _ = built(claimed(authors=(foreign,)), by=SYSTEM)
    assert entry.owner_ids == (HOSPITAL.id_nat,)


def test_the_table_names_each_field_once_and_compares_what_identifies_strictly() -> None:
    paths = [rule.path for rule in TABLE]
    assert len(paths) == len(set(paths)) == 16
    strict = {r.path for r in TABLE if r.contradiction is Contradiction.REFUSED}
    assert strict == {"masterIdentifier", "type", "content.attachment.creation"}
    assert all(0 <= rule.minimum <= 1 <= rule.maximum for rule in TABLE)


@given(code=st.sampled_from(sorted(document_types())))
def test_every_type_enters_under_its_own_class(code: str) -> None:
    type_code = document_types()[code].code
    entry, _ = built(claimed(type_code=type_code), header(type_code=type_code))
    assert entry.class_code == document_types()[code].class_code


@given(title=st.text(max_size=300))
def test_whatever_the_title_it_is_kept_on_one_line_or_refused(title: str) -> None:
    try:
        entry, _ = built(claimed(title=title), header(title=None))
    except Refused as refusal:
        assert refusal.reason in (Reason.METADATA_INVALID, Reason.METADATA_MISSING)
    else:
        assert entry.title == " ".join(title.split())
        assert 1 <= len(entry.title) <= 256
