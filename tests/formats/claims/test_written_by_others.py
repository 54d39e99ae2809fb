"""Files as somebody else writes them: other decimals, other forms of a code, and what they still tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.claims.rows import (
    CIP13,
    PERSON,
    act,
    biology,
    boxes,
    condition,
    found,
    group,
    procedure,
    service,
    stay,
    stay_service,
    unit,
    write,
)


def test_codes_written_with_a_decimal_comma(tmp_path: Path) -> None:
    """As pandas writes them for a French spreadsheet, once a column has an empty field."""
    written = {
        "PRS_NAT_REF": "3313,0",
        "PRS_ACT_QTE": "2,50",
        "DCT_ORD_NUM": "1,0",
        "BEN_CDI_NIR": "0,0",
    }
    rows = [
        service(1, **written),
        service(2, CPL_MAJ_TOP="2,0"),
        service(3, DPN_QLF="71,00"),
        service(4, PRS_DPN_QLP="71,0"),
        service(5, BEN_CDI_NIR="6,0"),
    ]
    tables = {"ER_PRS_F": rows, "ER_PHA_F": [boxes(PHA_ACT_QSN="2,0")]}
    for separator in ";,\t":
        read = found(write(tmp_path / f"in{ord(separator)}", tables, separator=separator), tmp_path)
        assert [(line["code"], line["quantity"]) for line in read.lines] == [(CIP13, "2.0")]
        assert (read.rejects, read.left_out) == (
            [],
            {"SUPPLEMENT": 1, "INFORMATION": 2, "SECRET": 1},
        )


def test_a_code_is_never_rounded(tmp_path: Path) -> None:
    rows = [service(1, PRS_NAT_REF="1111.5"), service(2, PRS_NAT_REF="3313")]
    details = [boxes(2, PHA_PRS_C13="3.40093E+12")]  # what a spreadsheet leaves of a CIP13
    read = found(write(tmp_path / "in", {"ER_PRS_F": rows, "ER_PHA_F": details}), tmp_path)
    assert (read.lines, len(read.rejects)) == ([], 2)


def test_the_key_of_a_long_ucd_is_taken_off(tmp_path: Path) -> None:
    rows = [service(1, PRS_NAT_REF="3317"), service(2, PRS_NAT_REF="3317")]
    details = [unit(1, UCD_UCD_COD="3400892318240"), unit(2, UCD_UCD_COD="0000009231824")]
    read = found(write(tmp_path / "in", {"ER_PRS_F": rows, "ER_UCD_F": details}), tmp_path)
    assert [line["code"] for line in read.lines] == ["9231824", "9231824"]


def test_a_biological_act_is_numbered_from_one(tmp_path: Path) -> None:
    rows = [service(1, PRS_NAT_REF="3211")]
    read = found(
        write(tmp_path / "in", {"ER_PRS_F": rows, "ER_BIO_F": [biology(BIO_PRS_IDE="0000")]}),
        tmp_path,
    )
    assert [reason for *_, reason in read.rejects] == ["not an NABM code"]


@pytest.mark.parametrize("never", ["16000101", "01/01/1600", "1600-01-01", "26001231", "99991231"])
def test_a_day_that_stands_for_none_is_none_in_every_form(tmp_path: Path, never: str) -> None:
    row = service(EXE_SOI_DTF=never, PRE_PRE_DTD=never)
    tables = {"ER_PRS_F": [row], "IR_IMB_R": [condition(IMB_ALD_DTF=never)]}
    read = found(write(tmp_path / "in", tables), tmp_path)
    assert read.rejects == []
    assert [(line["end"], line["prescribed"]) for line in read.lines] == [("\\N", "\\N")] * 2


@pytest.mark.parametrize("code", ["JNJD002-01", "JNJD0020", "jnjd002 "])
def test_an_act_of_abortion_is_told_with_its_extension(tmp_path: Path, code: str) -> None:
    tables = {
        "ER_PRS_F": [service(PRS_NAT_REF="1322")],
        "ER_CAM_F": [procedure(CAM_PRS_IDE=code)],
        "T_MCO25C": [stay()],
        "T_MCO25B": [group()],
        "T_MCO25A": [act(CDC_ACT=code)],
    }
    told = found(write(tmp_path / "in", tables), tmp_path)
    assert (told.lines, told.rejects, told.left_out) == ([], [], {"SECRET": 3})


def test_the_group_of_abortions_is_secret_where_no_diagnosis_tells_of_which_kind(
    tmp_path: Path,
) -> None:
    tables = {
        "ER_PRS_F": [service(n, PRS_NAT_REF="2111") for n in (1, 2)],
        "ER_ETE_F": [stay_service(1, ETE_GHS_NUM="5312"), stay_service(2, ETE_GHS_NUM="308")],
        "T_MCO25C": [stay()],
        "T_MCO25B": [
            group(DGN_PAL="O03.9", GHS_NUM="5312")
        ],  # a miscarriage, as its diagnosis says
    }
    told = found(write(tmp_path / "in", tables), tmp_path)
    assert sorted(line["code"] for line in told.lines) == ["308", "5312"]
    assert told.left_out["SECRET"] == 1


@pytest.mark.parametrize("age", ["45", "18"])
def test_the_age_of_a_parent_tells_nothing_of_his_daughter(tmp_path: Path, age: str) -> None:
    """Who turned 17 at most in the year of the care, by her INS, was a minor."""
    told = {"PRS_NAT_REF": "1168", "BEN_AMA_COD": age, "BEN_NAI_ANN": "1981"}
    girls = [service(n, **told, BEN_NIR_PSA=born_in(year)) for n, year in enumerate(("09", "12"))]
    woman = service(9, **told, BEN_NIR_PSA=born_in("08"))  # 18 in that year: the row tells
    seen_ = found(write(tmp_path / "in", {"ER_PRS_F": [*girls, woman]}), tmp_path)
    assert ([line["code"] for line in seen_.lines], seen_.left_out) == (["CCP"], {"SECRET": 2})


def born_in(year: str) -> str:
    """A matricule of the test range without its key, of a woman born in that year."""
    return PERSON[0] + year + PERSON[3:13]
