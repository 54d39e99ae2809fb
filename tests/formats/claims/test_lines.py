"""What each table becomes: kinds, codes, days, who and where."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.builders.identifiers import an_ins
from tests.formats.claims.rows import (
    ANOTHER,
    CIP13,
    PERSON,
    PRESCRIBER,
    RPPS,
    Row,
    act,
    biology,
    boxes,
    condition,
    device,
    diagnosis,
    found,
    group,
    keys,
    opened,
    procedure,
    service,
    stay,
    stay_service,
    unit,
    write,
)

pytestmark = pytest.mark.slow


def test_a_consultation_is_care_by_its_letter(tmp_path: Path) -> None:
    (line,) = found(write(tmp_path / "in", {"ER_PRS_F": [service()]}), tmp_path).lines
    assert line == {
        "person": PERSON,
        "line_id": line["line_id"],
        "kind": "care",
        "system": "ngap",
        "code": "G",
        "start": "2026-01-15",
        "end": "\\N",
        "prescribed": "2026-01-10",
        "nature": "1110",
        "quantity": "1.0",
        "prescriber": PRESCRIBER,
        "prescriber_speciality": "1",
        "performer": RPPS,
        "performer_speciality": "1",
        "place": "",
        "prescriber_place": "",
        "flow": "2026-02-01",
        "diagnoses": "",
        "mark": line["mark"],
    }


def test_each_detail_table_has_its_kind_and_its_code(tmp_path: Path) -> None:
    natures = ("3313", "3211", "1352", "1351", "3541", "3318", "2111")
    tables = {
        "ER_PRS_F": [service(n, PRS_NAT_REF=nature) for n, nature in enumerate(natures)],
        "ER_PHA_F": [boxes(0)],
        "ER_BIO_F": [biology(1, BIO_PRS_IDE="0552")],
        "ER_CAM_F": [procedure(2), procedure(3, CAM_PRS_IDE="ZBQK002")],
        "ER_TIP_F": [device(4, TIP_ACL_DTF="2026-07-14")],
        "ER_UCD_F": [unit(5)],
        "ER_ETE_F": [stay_service(6)],
    }
    lines = found(write(tmp_path / "in", tables), tmp_path).lines
    told = {(l["kind"], l["system"], l["code"], l["quantity"], l["end"]) for l in lines}  # noqa: E741
    assert told == {
        ("medicine", "cip13", CIP13, "1.0", "\\N"),
        ("biology", "nabm", "552", "1.0", "\\N"),
        ("care", "ccam", "DEQP003", "1.0", "\\N"),
        ("imaging", "ccam", "ZBQK002", "1.0", "\\N"),
        ("device", "lpp", "1100028", "1.0", "2026-07-14"),
        ("medicine", "ucd", "9231824", "2.0", "\\N"),
        ("stay", "ghs", "308", "1.0", "2026-01-15"),
    }
    (where,) = [line["place"] for line in lines if line["kind"] == "stay"]
    assert where == "750000010"  # 8 characters in the file: the key is put


def test_a_pharmacy_stands_by_its_finess_and_a_pseudonym_by_nothing(tmp_path: Path) -> None:
    rows = [
        service(1, PFS_EXE_NUM="750000010", PFS_PRE_NUM="A12345678"),
        service(2, PFS_EXE_NUM="8" + RPPS, ETB_PRE_FIN="2A000001"),
    ]
    first, second = sorted(
        found(write(tmp_path / "in", {"ER_PRS_F": rows}), tmp_path).lines,
        key=lambda line: line["performer"],
    )
    assert (first["performer"], first["place"], first["prescriber"]) == ("", "750000010", "")
    assert (second["performer"], second["prescriber_place"][:8]) == (RPPS, "2A000001")


def test_a_professional_stands_by_his_rpps_and_nothing_else_does(tmp_path: Path) -> None:
    forms = [RPPS, "8" + RPPS, RPPS + ".0", "00000000123"]
    others = [
        "-" + RPPS[1:],
        "+" + RPPS[1:],
        RPPS[0] + "e" + RPPS[2:],
        RPPS[0] + "." + RPPS[2:],
        "8" * 11 + "x",
    ]
    rows = [service(n, PFS_EXE_NUM=said) for n, said in enumerate(forms + others)]
    lines = found(write(tmp_path / "in", {"ER_PRS_F": rows}), tmp_path).lines
    told = sorted(line["performer"] for line in lines)
    assert told == sorted([RPPS, RPPS, RPPS, "00000000123"] + [""] * len(others))


def test_an_old_code_of_a_box_gives_the_new_one(tmp_path: Path) -> None:
    tables = {
        "ER_PRS_F": [service(PRS_NAT_REF="3313")],
        "ER_PHA_F": [boxes(PHA_PRS_C13="", PHA_PRS_IDE="3541848")],
    }
    (line,) = found(write(tmp_path / "in", tables), tmp_path).lines
    assert line["code"] == "3400935418487"


def test_a_condition_of_long_duration(tmp_path: Path) -> None:
    rows = [
        condition(),
        condition(MED_MTF_COD="C50.9", IMB_ALD_NUM="30", IMB_ALD_DTF="1600-01-01"),
        condition(MED_MTF_COD="A00", IMB_ETM_NAT="13"),
        condition(MED_MTF_COD="999", MED_NCL_IDT="OTHER"),
    ]
    told = found(write(tmp_path / "in", {"IR_IMB_R": rows}), tmp_path)
    assert {(r["kind"], r["system"], r["code"], r["nature"], r["end"]) for r in told.lines} == {
        ("long-term", "cim10", "E11", "8", "2029-04-30"),
        ("long-term", "cim10", "C509", "30", "\\N"),
    }
    assert told.left_out == {"ELSEWHERE": 2} and told.rejects == []


def test_a_hospital_stay_with_its_diagnoses_and_acts(tmp_path: Path) -> None:
    tables = {
        "T_MCO25C": [stay()],
        "T_MCO25B": [group()],
        "T_MCO25D": [diagnosis(), diagnosis(ASS_DGN="N183")],
        "T_MCO25A": [act(), act(CDC_ACT="DEQP003", ACV_ACT="4")],
    }
    told = found(write(tmp_path / "in", tables), tmp_path)
    (whole,) = told.of("stay")
    assert (whole["system"], whole["code"], whole["nature"]) == ("ghs", "1720", "05M092")
    assert (whole["start"], whole["end"]) == ("2025-11-08", "2025-11-12")
    assert (whole["place"], whole["diagnoses"]) == ("750000012", "I501 I10 E119 N183")
    (scan,) = told.of("imaging")
    assert (scan["code"], scan["start"]) == ("DZQM006", "2025-11-09")
    assert told.left_out == {"ELSEWHERE": 1}  # the anaesthesia of an act


def test_stays_of_two_years_with_one_number_are_two(tmp_path: Path) -> None:
    tables = {
        "T_MCO24C": [stay(SOR_ANN="2024", ENT_DAT="08112024", SOR_DAT="12112024")],
        "T_MCO24B": [group(GHS_NUM="1721")],
        "T_MCO25C": [stay()],
        "T_MCO25B": [group()],
    }
    told = found(write(tmp_path / "in", tables), tmp_path)
    assert {(r["start"], r["code"]) for r in told.lines} == {
        ("2024-11-08", "1721"),
        ("2025-11-08", "1720"),
    }


def test_the_month_of_an_old_stay_stands_for_its_day(tmp_path: Path) -> None:
    old = {k: v for k, v in stay(SOR_ANN="2006", SOR_MOI="3").items() if "DAT" not in k}
    told = found(write(tmp_path / "in", {"T_MCO06C": [old], "T_MCO06B": [group()]}), tmp_path)
    assert [(r["start"], r["end"]) for r in told.lines] == [("2006-03-01", "\\N")]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-01-31", "2024-01-31"),
        ("31/01/2024", "2024-01-31"),
        ("31JAN2024", "2024-01-31"),
        ("31Jan2024:00:00:00", "2024-01-31"),
        ("31012024", "2024-01-31"),
        ("08032008", "2008-03-08"),
        ("8032008", "2008-03-08"),
        ("20240131", "2024-01-31"),
        ("20112011", "2011-11-20"),
        ("2024-01-31 00:00:00", "2024-01-31"),
        ("2024-01-31T00:00:00", "2024-01-31"),
        ("2024/01/31", "2024-01-31"),
        ("31-01-2024", "2024-01-31"),
        ("31.01.2024 00:00", "2024-01-31"),
        ("1/2/2024", "2024-02-01"),
        ("1FEB2024", "2024-02-01"),
    ],
)
def test_days_however_they_are_written(tmp_path: Path, written: str, read: str) -> None:
    row = service(EXE_SOI_DTD=written, EXE_SOI_DTF="", PRE_PRE_DTD="")
    (line,) = found(write(tmp_path / "in", {"ER_PRS_F": [row]}), tmp_path).lines
    assert line["start"] == read


@pytest.mark.parametrize("written", ["31/01/24", "31-01-24", "31JAN24", "45322", "2024-13-01"])
def test_days_that_may_be_another_one_are_rejected(tmp_path: Path, written: str) -> None:
    row = service(EXE_SOI_DTD=written, EXE_SOI_DTF="", PRE_PRE_DTD="")
    read = found(write(tmp_path / "in", {"ER_PRS_F": [row]}), tmp_path)
    assert (read.lines, len(read.rejects)) == ([], 1)


@pytest.mark.parametrize("first", ["31/01/2024", "31JAN2024", "2024-01-31"])
def test_days_of_several_forms_in_one_file(tmp_path: Path, first: str) -> None:
    forms = [first, "31/01/2024", "2024-01-31", "31JAN2024", "20240131", "31.01.2024", "31-01-2024"]
    days = [*forms, "31/01/2024 00:00:00", "31/01/24", "30/02/2024", "31JAN24", "31012024"]
    rows = [
        service(number, EXE_SOI_DTD=day, EXE_SOI_DTF="", PRE_PRE_DTD="")
        for number, day in enumerate(days, start=1)
    ]
    read = found(write(tmp_path / "in", {"ER_PRS_F": rows}), tmp_path)
    assert [line["start"] for line in read.lines] == ["2024-01-31"] * 9
    assert [(line, reason) for _, line, _, reason in read.rejects] == [
        (10, "not a date"),
        (11, "not a date"),
        (12, "not a date"),
    ]


def test_the_end_of_time_is_no_day(tmp_path: Path) -> None:
    row = service(PRS_NAT_REF="1352", EXE_SOI_DTF="9999-12-31")
    lasting = condition(IMB_ALD_DTF="31/12/9999")
    read = found(write(tmp_path / "in", {"ER_PRS_F": [row], "IR_IMB_R": [lasting]}), tmp_path)
    assert [line["end"] for line in read.lines] == ["\\N", "\\N"]


def test_numbers_and_identifiers_however_they_are_written(tmp_path: Path) -> None:
    written: dict[str, str] = {
        "PRS_NAT_REF": "3313.0",
        "BEN_CDI_NIR": "0",
        "PRS_ACT_QTE": "1,0",
        "DCT_ORD_NUM": "0001",
        "PFS_EXE_NUM": f"{RPPS}.0",
        "BEN_NIR_PSA": f"{PERSON}.0",
        "PSE_SPE_COD": "01",
    }
    tables = {
        "ER_PRS_F": [service(1, **written)],
        "ER_PHA_F": [boxes(PHA_PRS_C13=f"{CIP13}.0", PHA_ACT_QSN="2.0", DCT_ORD_NUM="1.0")],
    }
    (line,) = found(write(tmp_path / "in", tables), tmp_path).lines
    assert (line["code"], line["quantity"], line["person"]) == (CIP13, "2.0", PERSON)
    assert (line["performer"], line["performer_speciality"]) == (RPPS, "1")


def test_a_number_without_its_key_gets_it(tmp_path: Path) -> None:
    row = service(BEN_NIR_PSA=PERSON[:13])
    (line,) = found(write(tmp_path / "in", {"ER_PRS_F": [row]}), tmp_path).lines
    assert line["person"] == PERSON


def test_care_whose_day_is_empty_was_given_when_prescribed(tmp_path: Path) -> None:
    row = service(EXE_SOI_DTD="", EXE_SOI_DTF="")
    (line,) = found(write(tmp_path / "in", {"ER_PRS_F": [row]}), tmp_path).lines
    assert line["start"] == "2026-01-10"


def test_separators_marks_and_parquet_give_the_same_lines(tmp_path: Path) -> None:
    tables = {
        "ER_PRS_F": [service(1, PRS_NAT_REF="3313"), service(2, BEN_NIR_PSA=ANOTHER)],
        "ER_PHA_F": [boxes(1)],
        "IR_IMB_R": [condition()],
        "T_MCO25C": [stay()],
        "T_MCO25B": [group()],
    }
    plain = found(write(tmp_path / "plain", tables), tmp_path).lines
    assert len(plain) == 4
    typed = found(write(tmp_path / "typed", tables, parquet=True), tmp_path).lines
    assert typed == plain
    for number, separator in enumerate(";,\t|"):
        files = write(tmp_path / f"{number}", tables, separator=separator, bom=True)
        assert found(files, tmp_path).lines == plain, separator


def test_the_nine_keys_join_and_not_eight(tmp_path: Path) -> None:
    services: list[Row] = [service(1, PRS_NAT_REF="3313", PRS_ORD_NUM=str(n)) for n in (1, 2, 3)]
    tables = {"ER_PRS_F": services, "ER_PHA_F": [boxes(1, PRS_ORD_NUM="2")]}
    told = found(write(tmp_path / "in", tables), tmp_path)
    assert len(told.of("medicine")) == 1
    assert set(keys()) <= set(services[0])


def test_a_line_keeps_its_identifier_from_file_to_file(tmp_path: Path) -> None:
    first = {"ER_PRS_F": [service(PRS_NAT_REF="3313")], "ER_PHA_F": [boxes()]}
    later = {
        "ER_PRS_F": [service(9), service(PRS_NAT_REF="3313", PRS_ACT_QTE="1")],
        "ER_PHA_F": [boxes(PHA_ACT_QSN="3")],
    }
    (before,) = found(write(tmp_path / "a", first), tmp_path).lines
    (after,) = found(write(tmp_path / "b", later), tmp_path).of("medicine")
    assert before["line_id"] == after["line_id"]
    assert before["mark"] != after["mark"]


def test_shares_of_persons_give_the_same_lines_and_rejects(tmp_path: Path) -> None:
    people = [an_ins(n).matricule for n in range(1, 30)]
    tables = {
        "ER_PRS_F": [
            *[service(n, BEN_NIR_PSA=ins, PRS_NAT_REF="3313") for n, ins in enumerate(people)],
            *[service(100 + n, BEN_NIR_PSA=ins) for n, ins in enumerate(people)],
            service(200, BEN_NIR_PSA="nobody"),
            service(201, BEN_NIR_PSA=""),
        ],
        "ER_PHA_F": [*[boxes(n) for n in range(29)], boxes(200), boxes(201), boxes(300)],
        "IR_IMB_R": [condition(BEN_NIR_PSA=ins) for ins in people],
        "T_MCO25C": [stay(), stay(RSA_NUM="2", NIR_ANO_17="nobody")],
        "T_MCO25B": [group(), group(RSA_NUM="3")],
    }
    given = write(tmp_path / "in", tables)
    one = found(given, tmp_path)
    several = found(given, tmp_path, share_rows=4)
    assert one.lines == several.lines and len(one.lines) == 88
    assert sorted(one.rejects) == sorted(several.rejects) and len(one.rejects) == 7


def test_all_lines_of_a_person_are_in_one_share(tmp_path: Path) -> None:
    people = [an_ins(n).matricule for n in range(1, 60)]
    tables = {
        "ER_PRS_F": [service(n, BEN_NIR_PSA=ins) for n, ins in enumerate(people)],
        "IR_IMB_R": [condition(BEN_NIR_PSA=ins) for ins in people],
        "T_MCO25C": [stay(RSA_NUM=str(n), NIR_ANO_17=ins) for n, ins in enumerate(people)],
        "T_MCO25B": [group(RSA_NUM=str(n)) for n, _ in enumerate(people)],
    }
    delivery = opened(write(tmp_path / "in", tables), tmp_path / "work", share_rows=2)
    try:
        assert delivery.shares > 5
        shares = [delivery.assemble(share) for share in range(delivery.shares)]
        met = [ins for w in shares for b in delivery.batches(1_000, w) for ins in b.fingerprints]
        assert sorted(met) == sorted(people)  # each once
    finally:
        delivery.close()


def test_batches_keep_a_person_together_and_cut_the_very_long_ones(tmp_path: Path) -> None:
    rows = [service(n) for n in range(45)]
    rows += [service(100 + n, BEN_NIR_PSA=an_ins(2 + n // 4).matricule) for n in range(40)]
    delivery = opened(write(tmp_path / "in", {"ER_PRS_F": rows}), tmp_path / "work")
    try:
        share = delivery.assemble(0)
        batches = list(delivery.batches(10, share))
        assert sum(batch.lines for batch in batches) == 85
        places = [(batch.first, batch.last) for batch in batches]
        assert all(before[1] < after[0] for before, after in pairwise(places))
        met = [ins for batch in batches for ins in batch.fingerprints]
        assert met.count(PERSON) > 4 and all(met.count(ins) == 1 for ins in met if ins != PERSON)
        resumed = list(delivery.batches(10, share, since=batches[3].first))
        assert resumed == batches[3:]
    finally:
        delivery.close()
