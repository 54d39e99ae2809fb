"""The rules of the feed: what is left out, what is rejected and how it is said, what replaces what."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp.formats.claims.delivery import seen
from dmp.formats.claims.refusals import DeliveryRefused
from tests.builders.identifiers import an_ins
from tests.formats.claims.rows import (
    ANOTHER,
    PERSON,
    Row,
    act,
    biology,
    boxes,
    condition,
    device,
    diagnosis,
    found,
    group,
    procedure,
    service,
    stay,
    unit,
    write,
)


def only(tmp_path: Path, *rows: Row, **others: list[Row]) -> tuple[int, dict[str, int]]:
    """How many lines these services make with their details, and what was left out."""
    told = found(write(tmp_path / "in", {"ER_PRS_F": rows, **others}), tmp_path)
    assert told.rejects == []
    return len(told.lines), told.left_out


def test_supplements_and_rows_for_information_are_left_out(tmp_path: Path) -> None:
    rows = [
        service(1),
        service(2, CPL_MAJ_TOP="1"),
        service(3, CPL_MAJ_TOP="2"),
        service(4, DPN_QLF="71"),
        service(5, PRS_DPN_QLP="71"),
    ]
    assert only(tmp_path, *rows) == (2, {"SUPPLEMENT": 1, "INFORMATION": 2})


def test_an_empty_qualifier_leaves_nothing_out(tmp_path: Path) -> None:
    row = service(CPL_MAJ_TOP="", DPN_QLF="", PRS_DPN_QLP="", BEN_CDI_NIR="", BEN_AMA_COD="")
    assert only(tmp_path, row) == (1, {})


@pytest.mark.parametrize("column", ["CPL_MAJ_TOP", "DPN_QLF", "PRS_DPN_QLP"])
def test_a_qualifier_that_cannot_be_read_is_no_permission(tmp_path: Path, column: str) -> None:
    rows = [service(1, **{column: "x"}), service(2, **{column: "0.0"})]
    told = found(write(tmp_path / "in", {"ER_PRS_F": rows}), tmp_path)
    assert len(told.lines) == 1
    assert told.rejects == [("ER_PRS_F.csv", 2, column, "not a number")]


def test_the_details_of_what_is_left_out_are_left_out_with_it(tmp_path: Path) -> None:
    rows = [service(1, CPL_MAJ_TOP="2"), service(2, DPN_QLF="71"), service(3, BEN_CDI_NIR="05")]
    details = [boxes(1), boxes(2), boxes(3), boxes(3, PHA_ORD_NUM="2")]
    left = {"SUPPLEMENT": 1, "INFORMATION": 1, "SECRET": 2}
    assert only(tmp_path, *rows, ER_PHA_F=details) == (0, left)


@pytest.mark.parametrize("code", ["01", "05", "06", "11", "1", "11.0"])
def test_care_under_a_fictitious_number_is_secret(tmp_path: Path, code: str) -> None:
    assert only(tmp_path, service(1, BEN_CDI_NIR=code), service(2)) == (1, {"SECRET": 1})


@pytest.mark.parametrize("code", ["00", "03", "04", "08", "NN", "99"])
def test_other_kinds_of_numbers_are_no_secret(tmp_path: Path, code: str) -> None:
    assert only(tmp_path, service(1, BEN_CDI_NIR=code)) == (1, {})


@pytest.mark.parametrize("code", ["'11'", "IVG", "1l", "11;"])
def test_a_kind_of_number_that_cannot_be_read_is_no_permission(tmp_path: Path, code: str) -> None:
    rows = [service(1, BEN_CDI_NIR=code), service(2)]
    told = found(write(tmp_path / "in", {"ER_PRS_F": rows}), tmp_path)
    assert len(told.lines) == 1
    assert [(column, why) for _, _, column, why in told.rejects] == [("BEN_CDI_NIR", "not a code")]


def test_a_file_that_begins_to_quote_late_hides_no_secret(tmp_path: Path) -> None:
    """How a file is written is told by its first megabyte."""
    folder = write(tmp_path / "in", {"ER_PRS_F": [service(n) for n in range(9_000)]})
    with (folder / "ER_PRS_F.csv").open("a") as file:
        secret = service(9_001, BEN_CDI_NIR="11").values()
        file.write(";".join(f'"{value}"' for value in secret) + "\n")
    assert (folder / "ER_PRS_F.csv").stat().st_size > 1_100_000
    told = found(folder, tmp_path)
    assert len(told.lines) == 9_000 and len(told.rejects) + sum(told.left_out.values()) == 1


@pytest.mark.parametrize(
    "nature", ["2411", "2415", "2416", "2422", "2427", "2428", "1981", "3213", "3216", "3329"]
)
def test_an_abortion_is_secret_by_its_nature(tmp_path: Path, nature: str) -> None:
    rows = [service(1, PRS_NAT_REF=nature), service(2, PRS_NAT_REF=nature)]
    assert only(tmp_path, *rows, ER_PHA_F=[boxes(1)]) == (0, {"SECRET": 2})


ATC = {
    "3400930000014": "N02BE01",
    "3400930000021": "G03AA07",
    "3400930000038": "G03XB01",
    "9231824": "G02AD06",
}


def atc_of(code: str) -> str:
    """Paracetamol, a contraceptive, mifepristone; misoprostol in the hospital."""
    return ATC.get(code, "")


def test_a_medicine_of_abortion_is_secret_by_its_code(tmp_path: Path) -> None:
    tables = {
        "ER_PRS_F": [service(n, PRS_NAT_REF="3313") for n in (1, 2, 3)],
        "ER_PHA_F": [boxes(1), boxes(2, PHA_PRS_C13="3400930000038")],
        "ER_UCD_F": [unit(3)],
    }
    told = found(write(tmp_path / "in", tables), tmp_path, atc_of=atc_of)
    assert [line["code"] for line in told.lines] == ["3400930000014"]
    assert told.left_out == {"SECRET": 2}


def test_an_act_of_abortion_is_secret_in_town_and_in_hospital(tmp_path: Path) -> None:
    tables = {
        "ER_PRS_F": [service(PRS_NAT_REF="1322")],
        "ER_CAM_F": [procedure(CAM_PRS_IDE="JNJP001")],
        "T_MCO25C": [stay(), stay(RSA_NUM="2"), stay(RSA_NUM="3"), stay(RSA_NUM="4")],
        "T_MCO25B": [
            group(),
            group(RSA_NUM="2", DGN_PAL="O04.9"),
            group(RSA_NUM="3", GRG_GHM="14Z08Z"),
            group(RSA_NUM="4"),
        ],
        "T_MCO25A": [act(RSA_NUM="2"), act(RSA_NUM="4", CDC_ACT="JNJD002")],
        "T_MCO25D": [diagnosis()],
    }
    told = found(write(tmp_path / "in", tables), tmp_path)
    assert [line["diagnoses"] for line in told.lines] == ["I501 I10 E119"]
    assert told.left_out == {"SECRET": 6}  # the act in town, three stays, their two acts


@pytest.mark.parametrize("code", ["3400936513471", "3400958496684"])
def test_a_medicine_of_abortion_is_secret_without_any_reference_data(
    tmp_path: Path, code: str
) -> None:
    tables = {"ER_PRS_F": [service(PRS_NAT_REF="3313")], "ER_PHA_F": [boxes(PHA_PRS_C13=code)]}
    told = found(write(tmp_path / "in", tables), tmp_path)
    assert (told.lines, told.left_out) == ([], {"SECRET": 1})


@pytest.mark.parametrize("code", ["O04.9", "O05", "O06.4", "O07.4", "Z64.0"])
def test_a_diagnosis_that_may_tell_an_abortion_keeps_the_stay_out(
    tmp_path: Path, code: str
) -> None:
    tables = {"T_MCO25C": [stay()], "T_MCO25B": [group()], "T_MCO25D": [diagnosis(ASS_DGN=code)]}
    assert found(write(tmp_path / "in", tables), tmp_path).lines == []


def test_a_miscarriage_is_not_left_out(tmp_path: Path) -> None:
    tables = {"T_MCO25C": [stay()], "T_MCO25B": [group(DGN_PAL="O03.9")]}
    assert len(found(write(tmp_path / "in", tables), tmp_path).lines) == 1


MINOR = an_ins(1).matricule  # by the year of birth of the row, not by the number


@pytest.mark.parametrize(
    ("told", "secret"),
    [
        ({"BEN_AMA_COD": "16"}, True),
        ({"BEN_AMA_COD": "17"}, True),
        ({"BEN_AMA_COD": "18"}, False),
        ({"BEN_AMA_COD": "", "BEN_NAI_ANN": "2009"}, True),
        ({"BEN_AMA_COD": "", "BEN_NAI_ANN": "2008"}, True),  # perhaps not yet 18
        ({"BEN_AMA_COD": "", "BEN_NAI_ANN": "1990"}, False),
    ],
)
def test_the_contraception_of_minors_is_secret(
    tmp_path: Path, told: dict[str, str], secret: bool
) -> None:
    rows = [
        service(1, PRS_NAT_REF="3313", **told),
        service(2, PRS_NAT_REF="1168", **told),
        service(3, PRS_NAT_REF="3541", **told),
        service(4, PRS_NAT_REF="1352", **told),
        service(5, **told),
    ]
    tables = {
        "ER_PRS_F": rows,
        "ER_PHA_F": [boxes(1, PHA_PRS_C13="3400930000021")],
        "ER_TIP_F": [device(3, TIP_PRS_IDE="1158536")],
        "ER_CAM_F": [procedure(4, CAM_PRS_IDE="JKLD001")],
    }
    seen_ = found(write(tmp_path / "in", tables), tmp_path, atc_of=atc_of)
    assert len(seen_.lines) == (1 if secret else 5)
    assert seen_.left_out == ({"SECRET": 4} if secret else {})


def test_negative_rows_are_kept_as_they_are(tmp_path: Path) -> None:
    tables = {
        "ER_PRS_F": [
            service(1, PRS_NAT_REF="3313"),
            service(2, PRS_NAT_REF="3313"),
            service(3, PRS_ACT_QTE="-1"),
        ],
        "ER_PHA_F": [boxes(1), boxes(2, PHA_ACT_QSN="-1")],
    }
    told = found(write(tmp_path / "in", tables), tmp_path)
    assert sorted(line["quantity"] for line in told.lines) == ["-1.0", "-1.0", "1.0"]


def test_the_later_of_two_rows_with_the_same_keys_stands(tmp_path: Path) -> None:
    tables = {
        "ER_PRS_F": [service(PRS_NAT_REF="3313"), service(PRS_NAT_REF="3312")],
        "ER_PHA_F": [boxes(PHA_ACT_QSN="1"), boxes(PHA_ACT_QSN="2")],
    }
    (line,) = found(write(tmp_path / "in", tables), tmp_path).lines
    assert (line["quantity"], line["nature"]) == ("2.0", "3312")


def test_rows_told_apart_by_their_rank_are_two(tmp_path: Path) -> None:
    tables = {
        "ER_PRS_F": [service(PRS_NAT_REF="3313")],
        "ER_PHA_F": [boxes(PHA_ORD_NUM="1"), boxes(PHA_ORD_NUM="2")],
    }
    assert len(found(write(tmp_path / "in", tables), tmp_path).lines) == 2


def test_without_ranks_rows_are_told_apart_by_their_code(tmp_path: Path) -> None:
    details = [biology(BIO_PRS_IDE="1104"), biology(BIO_PRS_IDE="1577")]
    for row in details:
        del row["BIO_ORD_NUM"]
    tables = {"ER_PRS_F": [service(PRS_NAT_REF="3211")], "ER_BIO_F": details}
    assert len(found(write(tmp_path / "in", tables), tmp_path).lines) == 2


def test_bad_rows_are_rejected_and_the_rest_loads(tmp_path: Path) -> None:
    wrong_key = PERSON[:13] + ("11" if PERSON[13:] != "11" else "12")
    rows = [
        service(1),
        service(2, EXE_SOI_DTD="31/02/2026"),
        service(3, PRS_NAT_REF="consultation"),
        service(4, PRS_ACT_QTE="many"),
        service(5, BEN_NIR_PSA=""),
        service(6, BEN_NIR_PSA=wrong_key),
        service(7, BEN_NIR_PSA="ZGgyhJhsTIquZiIjE"),
        service(8, ORG_CLE_NUM=""),
        service(9, EXE_SOI_DTD="2026-03-03"),
        service(10, FLX_DIS_DTD="yesterday"),
    ]
    details = [boxes(1, PHA_PRS_C13="12"), boxes(77), boxes(2), boxes(6)]
    told = found(write(tmp_path / "in", {"ER_PRS_F": rows, "ER_PHA_F": details}), tmp_path)
    assert sorted(told.rejects) == sorted(
        [
            ("ER_PRS_F.csv", 3, "EXE_SOI_DTD", "not a date"),
            ("ER_PRS_F.csv", 4, "PRS_NAT_REF", "not a number"),
            ("ER_PRS_F.csv", 5, "PRS_ACT_QTE", "not a number"),
            ("ER_PRS_F.csv", 6, "BEN_NIR_PSA", "empty"),
            ("ER_PRS_F.csv", 7, "BEN_NIR_PSA", "the key of the INS is wrong"),
            ("ER_PRS_F.csv", 8, "BEN_NIR_PSA", "not an INS"),
            ("ER_PRS_F.csv", 9, "ORG_CLE_NUM", "a join key is empty"),
            ("ER_PRS_F.csv", 10, "EXE_SOI_DTD", "a day to come"),
            ("ER_PRS_F.csv", 11, "FLX_DIS_DTD", "not a date"),
            ("ER_PHA_F.csv", 2, "PHA_PRS_C13", "not a CIP13"),
            ("ER_PHA_F.csv", 3, "DCT_ORD_NUM", "no ER_PRS_F row with these nine keys"),
            ("ER_PHA_F.csv", 4, "DCT_ORD_NUM", "its ER_PRS_F row is rejected"),
            ("ER_PHA_F.csv", 5, "DCT_ORD_NUM", "its ER_PRS_F row is rejected"),
        ]
    )
    assert told.lines == []  # the first one has a detail, which is bad


def test_no_reject_holds_what_the_field_held(tmp_path: Path) -> None:
    wrong_key = PERSON[:13] + ("11" if PERSON[13:] != "11" else "12")
    rows = [service(1, BEN_NIR_PSA=wrong_key), service(2, EXE_SOI_DTD=PERSON)]
    found(write(tmp_path / "in", {"ER_PRS_F": rows}), tmp_path)
    rejects = tmp_path / "rejects.csv"
    assert rejects.stat().st_mode & 0o777 == 0o600
    text = rejects.read_text()
    assert wrong_key not in text and PERSON not in text and len(text.splitlines()) == 3


def test_stays_need_both_their_tables(tmp_path: Path) -> None:
    tables = {
        "T_MCO25C": [stay(), stay(RSA_NUM="2")],
        "T_MCO25B": [group(), group(RSA_NUM="3")],
        "T_MCO25D": [diagnosis(RSA_NUM="4")],
    }
    told = found(write(tmp_path / "in", tables), tmp_path)
    assert len(told.lines) == 1
    assert {(file, line, column) for file, line, column, _ in told.rejects} == {
        ("T_MCO25C.csv", 3, "RSA_NUM"),
        ("T_MCO25B.csv", 3, "RSA_NUM"),
        ("T_MCO25D.csv", 2, "RSA_NUM"),
    }


def test_a_correspondence_tells_who_is_who(tmp_path: Path) -> None:
    persons = tmp_path / "persons.csv"
    persons.write_text(
        "BEN_NIR_PSA;BEN_RNG_GEM;INS\n"
        f"Alpha;1;{PERSON}\nAlpha;2;{ANOTHER}\nBeta;1;{an_ins(3).matricule}\nGamma;1;{PERSON}\n"
    )
    tables = {
        "ER_PRS_F": [
            service(1, BEN_NIR_PSA="Alpha"),
            service(2, BEN_NIR_PSA="Alpha", BEN_RNG_GEM="2"),
            service(3, BEN_NIR_PSA="Alpha", BEN_RNG_GEM="3"),
            service(4, BEN_NIR_PSA="Unknown"),
        ],
        "IR_IMB_R": [condition(BEN_NIR_PSA="Beta")],
        "T_MCO25C": [stay(NIR_ANO_17="Beta"), stay(NIR_ANO_17="Alpha", RSA_NUM="2")],
        "T_MCO25B": [group(), group(RSA_NUM="2")],
    }
    told = found(write(tmp_path / "in", tables), tmp_path, persons=persons)
    assert sorted(line["person"] for line in told.lines) == sorted(
        [PERSON, ANOTHER, an_ins(3).matricule, an_ins(3).matricule]
    )
    unknown = "the person is not in the correspondence file"
    assert sorted(told.rejects) == [
        ("ER_PRS_F.csv", 4, "BEN_NIR_PSA", unknown),
        ("ER_PRS_F.csv", 5, "BEN_NIR_PSA", unknown),
        ("T_MCO25C.csv", 3, "NIR_ANO_17", unknown),  # two persons, and no rank in the PMSI
    ]


def test_two_numbers_for_one_person_are_refused(tmp_path: Path) -> None:
    persons = tmp_path / "persons.csv"
    persons.write_text(f"NUM_ENQ,BEN_RNG_GEM,INS\nA,1,{PERSON}\nA,1,{ANOTHER}\n")
    given = write(tmp_path / "in", {"ER_PRS_F": [service()]})
    with pytest.raises(DeliveryRefused, match="two INS for one person"):
        found(given, tmp_path, persons=persons)


@pytest.mark.parametrize("column", ["BEN_CDI_NIR", "PRS_NAT_REF", "FLX_EMT_ORD", "BEN_NIR_PSA"])
def test_a_missing_needed_column_refuses_the_file_by_its_name(tmp_path: Path, column: str) -> None:
    row = service()
    del row[column]
    with pytest.raises(DeliveryRefused, match=f"ER_PRS_F and lacks the needed column {column}"):
        seen([write(tmp_path / "in", {"ER_PRS_F": [row]})])


def test_a_missing_watched_column_is_said(tmp_path: Path) -> None:
    row = service(MORE="unknown columns are left aside")
    del row["CPL_MAJ_TOP"]
    (source,) = seen([write(tmp_path / "in", {"ER_PRS_F": [row]})])
    assert source.unwatched == ("CPL_MAJ_TOP",)


def test_a_table_is_told_by_its_columns_when_its_name_says_nothing(tmp_path: Path) -> None:
    tables = {"export_1": [service(PRS_NAT_REF="3313")], "export_2": [boxes()], "x": [condition()]}
    told = found(write(tmp_path / "in", tables), tmp_path)
    assert {line["kind"] for line in told.lines} == {"medicine", "long-term"}


def test_other_tables_of_the_snds_are_left_aside(tmp_path: Path) -> None:
    tables = {"ER_PRS_F": [service()], "IR_BEN_R": [{"BEN_NIR_PSA": PERSON}]}
    sources = seen([write(tmp_path / "in", tables)])
    assert [source.table.name if source.table else None for source in sources] == ["ER_PRS_F", None]
    with pytest.raises(DeliveryRefused, match="no table of the feed"):
        seen([write(tmp_path / "other", {"contacts": [{"NAME": "x", "PHONE": "y"}]})])
