"""Numbers with valid keys, whoever is drawn."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Finess, Ins, InsRoot, Rpps, Siret, StructureId
from dmp.domain.identity.patient import Sex
from dmp.remote.simulated.territory import numbers

_SEXES = st.sampled_from((Sex.FEMALE, Sex.MALE))
_DAYS = st.dates(date(1920, 1, 1), date(2026, 8, 31))
_PLACES = st.sampled_from([code for code, _ in numbers.BIRTH_PLACES] + list(numbers.ABROAD))


@given(_SEXES, _DAYS, _PLACES, st.integers(1, 999))
def test_a_matricule_parses_and_says_sex_birth_and_place(
    sex: Sex, born: date, place: str, order: int
) -> None:
    number = numbers.matricule(sex, born, place, order)
    ins = Ins.parse(number, InsRoot.NIR_TEST.value, test_mode=True)
    assert ins.matricule[0] == ("1" if sex is Sex.MALE else "2")
    assert ins.matricule[1:5] == f"{born:%y%m}"
    assert ins.matricule[5:10] == place
    assert ins.matricule[10:13] == f"{order:03d}"


@given(_SEXES, _DAYS, _PLACES, st.integers(1, 999))
def test_production_takes_no_invented_matricule(
    sex: Sex, born: date, place: str, order: int
) -> None:
    number = numbers.matricule(sex, born, place, order)
    with pytest.raises(Refused) as refused:
        Ins.parse(number, InsRoot.NIR_TEST.value, test_mode=False)
    assert refused.value.reason is Reason.INS_ROOT_NOT_ACCEPTED


@given(st.integers(0, 999_999))
def test_rpps_and_finess_have_their_keys(rank: int) -> None:
    rpps = Rpps.parse(numbers.rpps(rank), test_mode=False)
    assert rpps.number.startswith("9990")
    assert rpps.warning is None
    assert Finess.parse(numbers.finess(rank)).number.startswith("99")
    practice = StructureId.parse("4" + numbers.practice_of(rpps.number))
    assert practice.value[1:12] == rpps.number


@given(st.integers(0, 99))
def test_siret_have_their_keys(rank: int) -> None:
    assert Siret.parse(numbers.siret(rank)).number.startswith("999999")


@given(st.integers(), _DAYS)
def test_a_birth_place_agrees_with_the_year(seed: int, born: date) -> None:
    place = numbers.birth_place(Random(seed), born)  # noqa: S311  # nothing secret is drawn
    assert len(place) == 5
    if born.year < 1976:
        assert place[:2] not in ("2A", "2B")
    if born.year <= 1962:
        assert place != "99352"


def test_a_register_gives_out_every_order_once_and_then_refuses() -> None:
    register = numbers.CivilRegister()
    rng, born = Random(1), date(1990, 1, 1)  # noqa: S311  # nothing secret is drawn
    given_out = {register.register(rng, Sex.MALE, born, "21231").matricule for _ in range(999)}
    assert len(given_out) == 999
    with pytest.raises(LookupError):
        register.register(rng, Sex.MALE, born, "21231")
