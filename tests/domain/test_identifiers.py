"""Identifiers: known vectors, both Corsican forms, keys, and the published numbers that are wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain import published_test_identities as published
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import (
    Finess,
    Ins,
    InsRoot,
    PersonId,
    Rpps,
    Siren,
    Siret,
    StructureId,
    UniqueId,
    is_oid,
    luhn_is_valid,
    nir_key,
)

TEST = InsRoot.NIR_TEST.value


def ins(matricule: str, root: str = TEST, *, test_mode: bool = True) -> Ins:
    return Ins.parse(matricule, root, test_mode=test_mode)


@pytest.mark.parametrize(
    ("first13", "key"),
    [
        ("2790351215189", 89),
        ("2770763220829", 10),
        ("2840588321025", 32),
        ("194072A004017", 44),
        ("294072B004017", 21),
    ],
)
def test_keys_of_known_matricules(first13: str, key: int) -> None:
    assert nir_key(first13) == key
    assert ins(f"{first13}{key:02d}").matricule == f"{first13}{key:02d}"


def test_corsica_counts_as_the_letterless_number_less_a_million_or_two() -> None:
    assert nir_key("194072A004017") == 97 - (1940720004017 - 1_000_000) % 97
    assert nir_key("294072B004017") == 97 - (2940720004017 - 2_000_000) % 97


@pytest.mark.parametrize("text", ["2 79 03 51 215 189 89", " 279035121518989 "])
def test_blanks_are_taken_out(text: str) -> None:
    assert ins(text).grouped == "2 79 03 51 215 189 89"
    assert ins(text).cx == f"279035121518989^^^&{TEST}&ISO^NH"


def test_a_corsican_matricule_is_raised_to_capitals() -> None:
    assert ins("194072a00401744").matricule == "194072A00401744"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("279035121518988", Reason.INS_KEY_WRONG),
        ("27903512151898", Reason.INS_MALFORMED),
        ("2790351215189891", Reason.INS_MALFORMED),
        ("979035121518989", Reason.INS_MALFORMED),
        ("279135121518989", Reason.INS_MALFORMED),
        ("27903512A518989", Reason.INS_MALFORMED),
        ("٢79035121518989", Reason.INS_MALFORMED),
        ("", Reason.INS_MALFORMED),
    ],
)
def test_bad_matricules_are_refused_without_being_quoted(text: str, reason: Reason) -> None:
    with pytest.raises(Refused) as caught:
        ins(text)
    assert caught.value.reason is reason
    assert not text or text not in caught.value.sentence


def test_roots() -> None:
    good = "279035121518989"
    assert ins(good, "urn:oid:" + InsRoot.NIR.value, test_mode=False).root is InsRoot.NIR
    for root in (InsRoot.NIR_TEST, InsRoot.NIR_DEMO):
        with pytest.raises(Refused) as caught:
            ins(good, root.value, test_mode=False)
        assert caught.value.reason is Reason.INS_ROOT_NOT_ACCEPTED
    with pytest.raises(Refused) as caught:
        ins(good, "1.2.250.1.213.1.4.2")
    assert caught.value.reason is Reason.INS_ROOT_UNKNOWN


@pytest.mark.parametrize("matricule", sorted(published.MATRICULES_WITH_WRONG_KEY))
def test_published_matricules_with_a_wrong_key_pass_in_tests_only(matricule: str) -> None:
    assert ins(matricule).is_published_with_wrong_key
    with pytest.raises(Refused) as caught:
        ins(matricule, InsRoot.NIR.value, test_mode=False)
    assert caught.value.reason is Reason.INS_KEY_WRONG


def test_an_ins_never_shows_itself() -> None:
    one = ins("279035121518989")
    assert "279035121518989" not in f"{one} {one!r} {[one]}"


@given(
    st.tuples(
        st.sampled_from("1234578"),
        st.integers(0, 99),
        st.integers(1, 12),
        st.sampled_from(["01", "2A", "2B", "75", "97", "99"]),
        st.integers(0, 999),
        st.integers(0, 999),
    )
)
def test_one_wrong_key_in_ninety_seven_passes(parts: tuple[str, int, int, str, int, int]) -> None:
    sex, year, month, department, town, order = parts
    first13 = f"{sex}{year:02d}{month:02d}{department}{town:03d}{order:03d}"
    passing = []
    for key in range(100):
        matricule = f"{first13}{key:02d}"
        if matricule in published.MATRICULES_WITH_WRONG_KEY:
            continue
        try:
            passing.append(ins(matricule).matricule)
        except Refused as refusal:
            assert refusal.reason is Reason.INS_KEY_WRONG
    assert passing == [f"{first13}{nir_key(first13):02d}"]


def test_luhn_numbers_of_the_registers() -> None:
    assert Rpps.parse("10100997245", test_mode=False).id_nat == "810100997245"
    assert Rpps.parse("99700366240", test_mode=False).warning is None
    for number in ("750100125", "750300550", "750712184"):
        assert Finess.parse(number).number == number
    assert Siren.parse("180035024").number == "180035024"
    assert Siret.parse("18003502400041").number == "18003502400041"


@pytest.mark.parametrize("number", ["2A0000014", "2B0000012"])
def test_corsican_finess_read_the_letter_as_zero(number: str) -> None:
    valid = luhn_is_valid(number.replace("A", "0").replace("B", "0"))
    if valid:
        assert Finess.parse(number.lower()).number == number
    else:
        with pytest.raises(Refused):
            Finess.parse(number)


def test_la_poste_counts_the_sum_of_its_digits() -> None:
    # 356000000 and a rank whose digits bring the sum to a multiple of five, without a Luhn key.
    number = "35600000000012"
    while sum(map(int, number)) % 5 or luhn_is_valid(number):
        number = str(int(number) + 1)
    assert Siret.parse(number).number == number
    with pytest.raises(Refused):
        Siret.parse(str(int(number) + 1) if not luhn_is_valid(str(int(number) + 1)) else "1")


@pytest.mark.parametrize("number", sorted(published.RPPS_WITH_WRONG_KEY))
def test_published_rpps_with_a_wrong_key_warn_in_tests_and_are_refused_in_production(
    number: str,
) -> None:
    assert not luhn_is_valid(number)
    assert Rpps.parse(number, test_mode=True).warning is not None
    assert PersonId.parse("8" + number, test_mode=True).rpps == Rpps(number)
    with pytest.raises(Refused) as caught:
        Rpps.parse(number, test_mode=False)
    assert caught.value.reason is Reason.IDENTIFIER_KEY_WRONG


def test_any_other_wrong_rpps_is_refused_in_tests_too() -> None:
    with pytest.raises(Refused) as caught:
        Rpps.parse("10100997246", test_mode=True)
    assert caught.value.reason is Reason.IDENTIFIER_KEY_WRONG


@pytest.mark.parametrize(
    "text",
    [
        "1750300550",
        "2180035024",
        "318003502400041",
        "499700366240007",
        "0123456789",
        "R10000012345",
    ],
)
def test_structures_of_every_register(text: str) -> None:
    assert StructureId.parse(text).value == text


@pytest.mark.parametrize("text", ["", "9750300550", "1750300551", "2180035025", "R12", "1 OR 1=1"])
def test_bad_structures_are_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        StructureId.parse(text)
    assert caught.value.category.value == "incorrect"


@pytest.mark.parametrize(
    "text", ["810100997245", "0123456789", "3750100125/1453", "518003502400041/AB.7"]
)
def test_persons_of_every_register(text: str) -> None:
    assert PersonId.parse(text, test_mode=False).value == text


@pytest.mark.parametrize("text", ["", "7123", "3750100125/\n", "3750100125/a b", "01"])
def test_bad_persons_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        PersonId.parse(text if "\n" not in text else text + "x", test_mode=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.2.250.1", "1.2.250.1"),
        ("urn:oid:1.2.250.1", "1.2.250.1"),
        ("1.2.250^DOC-7", "1.2.250^DOC-7"),
        (
            "urn:uuid:90E1C8EC-F951-4B26-A305-A34848818DD6",
            "urn:uuid:90e1c8ec-f951-4b26-a305-a34848818dd6",
        ),
    ],
)
def test_unique_identifiers(text: str, value: str) -> None:
    assert UniqueId.parse(text).value == value


@pytest.mark.parametrize(
    "text", ["", "abc", "1.2^", "1.02", "3.1", "1.2^a b", "urn:uuid:1", "1." * 40 + "1", "1.2^é"]
)
def test_bad_unique_identifiers_are_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        UniqueId.parse(text)
    assert caught.value.reason is Reason.IDENTIFIER_MALFORMED


@given(st.text(max_size=60))
def test_no_text_breaks_a_parser(text: str) -> None:
    for parse in (
        ins,
        lambda t: Rpps.parse(t, test_mode=True),
        Finess.parse,
        Siren.parse,
        Siret.parse,
        lambda t: PersonId.parse(t, test_mode=True),
        StructureId.parse,
        UniqueId.parse,
    ):
        try:
            parse(text)
        except Refused as refusal:
            assert "{" not in refusal.sentence or "{" in text  # a property
    assert is_oid(text) in (True, False)
