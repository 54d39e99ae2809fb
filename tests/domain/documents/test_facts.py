"""The tables of facts: types, formats, value sets, visibility."""

from __future__ import annotations

import pytest

from dmp.domain.codes import LOINC, TRE_A05_TYPE, Code
from dmp.domain.documents.formats import OUTSIDE_PROFILES, format_of
from dmp.domain.documents.types import CATEGORIES, CLASSES, document_types
from dmp.domain.documents.visibility import Restriction, Visibility
from dmp.domain.errors import Reason, Refused
from dmp.domain.value_sets import (
    AUTHOR_ROLE,
    AVAILABILITY,
    CLASS_CODE,
    CONFIDENTIALITY,
    CONTENT_TYPE,
    FACILITY_TYPE,
    FORMAT_CODE,
    PRACTICE_SETTING,
    PROFESSION,
    value_set,
)


def test_the_types_of_the_dmp() -> None:
    types = document_types()
    assert len(types) == 114
    assert {one.class_code.code for one in types.values()} == set(CLASSES)
    assert {one.category for one in types.values()} == set(CATEGORIES)
    for code, one in types.items():
        numeric = code.replace("-", "").isdigit()
        assert one.code.system == (LOINC if numeric else TRE_A05_TYPE), code
        assert one.code.display
        assert one.class_code.code not in one.older_classes


@pytest.mark.parametrize(
    ("code", "class_code", "category"),
    [
        ("11502-2", "10", "BIOLOGIE"),
        ("18748-4", "31", "RADIO_SC"),
        ("60280-5", "11", "SYNTHESE"),
        ("101881-1", "52", "CERT_MED"),
        ("89233-1", "10", "CPT_REND"),
        ("51851-4", "95", "DOC_ADM"),
        ("EXPPAT_3", "90", "DIR_ANT"),
        ("REMB", "60", "REMB"),
        ("DOCPAT08", "11", "SYNTH_PML"),
    ],
)
def test_class_and_category_come_from_the_type(code: str, class_code: str, category: str) -> None:
    found = document_types()[code]
    assert (found.class_code.code, found.category) == (class_code, category)


@pytest.mark.parametrize(
    ("templates", "media_type", "expected"),
    [
        (("1.3.6.1.4.1.19376.1.3.3", "1.2.250.1.213.1.1.1.55"), "", "urn:ihe:lab:xd-lab:2008"),
        (("1.2.250.1.213.1.1.1.13",), "", "urn:asip:ci-sis:vsm:2012"),
        (("1.2.250.1.213.1.1.1.59",), "", "urn:ans:ci-sis:trod:2024"),
        (("1.2.250.1.213.1.1.1.62",), "", "urn:asip:ci-sis:fr-su:2024"),
        (("9.9.9",), "", OUTSIDE_PROFILES),
        (("1.2.250.1.213.1.1.1.55",), "application/pdf", "urn:ihe:iti:xds-sd:pdf:2008"),
        ((), "application/PDF; q=1", "urn:ihe:iti:xds-sd:pdf:2008"),
    ],
)
def test_formats(templates: tuple[str, ...], media_type: str, expected: str) -> None:
    found = format_of(templates, media_type)
    assert found is not None
    assert found.code == expected
    assert found in value_set(FORMAT_CODE)


def test_a_body_no_format_describes_has_none() -> None:
    assert format_of(("1.2.250.1.213.1.1.1.55",), "video/mp4") is None


@pytest.mark.parametrize(
    ("name", "size"),
    [
        (FACILITY_TYPE, 70),
        (PRACTICE_SETTING, 12),
        (FORMAT_CODE, 101),
        (CONFIDENTIALITY, 6),
        (CONTENT_TYPE, 101),
        (CLASS_CODE, 11),
        (AUTHOR_ROLE, 7),
        (AVAILABILITY, 4),
        (PROFESSION, 30),
    ],
)
def test_value_sets_are_whole_and_labelled(name: str, size: int) -> None:
    known = value_set(name)
    assert len(known.codes) == len(list(known)) == size
    assert all(code.display for code in known)
    assert known.older <= known.codes
    assert known.version


def test_a_code_is_found_in_its_own_system_only() -> None:
    known = value_set(CONTENT_TYPE)
    assert known.find("11", "1.2.250.1.213.2.2") != known.find("11", "1.2.250.1.213.1.6.1.128")
    assert known.find("11", "1.2.3") is None
    assert known.find("nothing") is None
    assert Code("11", "1.2.3") not in known


def test_visibility_says_what_it_carries_and_refuses_the_impossible() -> None:
    two = {Restriction.MASKED, Restriction.HIDDEN_FROM_REPRESENTATIVES}
    seen = Visibility.of(two, "R")
    assert set(seen.restrictions) == two
    assert seen.level == "R"
    assert seen.with_masked(False).restrictions == (Restriction.HIDDEN_FROM_REPRESENTATIVES,)
    hidden = Visibility.of({Restriction.HIDDEN_FROM_PATIENT})
    with pytest.raises(Refused) as caught:
        hidden.with_masked(True)
    assert caught.value.reason is Reason.VISIBILITY_CONFLICT
