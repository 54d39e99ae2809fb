"""Each scripted case really is in the files, with the person and the codes that the manifest names."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from dmp.remote.simulated.claims.cases import all_cases
from dmp.remote.simulated.claims.cases.case import Family
from dmp.remote.simulated.claims.generate import Wanted, generate
from dmp.remote.simulated.territory.cast import cast_people
from tests.remote.simulated.claims.conftest import UNTIL, Read, Row, read

BY_FAMILY = {
    family: [case.key for case in all_cases().values() if case.family is family]
    for family in Family
}


def test_every_case_has_one_person_and_no_person_two(generated: Read) -> None:
    entries = generated.manifest["cases"]
    assert sorted(entry["case"] for entry in entries) == sorted(all_cases())
    assert len({entry["ins"] for entry in entries}) == len(entries)


def test_few_people_are_enough_for_every_case(tmp_path: Path) -> None:
    written = generate(tmp_path, Wanted(people=1, until=UNTIL))
    assert len(written.cases) == len(all_cases())
    assert written.people < 150


def test_a_person_keeps_his_case_however_many_follow(generated: Read, tmp_path: Path) -> None:
    generate(tmp_path, Wanted(people=200, until=UNTIL))
    more = read(tmp_path, generated.written)
    assert more.manifest["cases"] == generated.manifest["cases"]


def test_fifteen_pairs_two_controls_and_all_families() -> None:
    assert len([k for k in BY_FAMILY[Family.INTERACTION] if not k.startswith("control")]) == 15
    assert len([k for k in BY_FAMILY[Family.INTERACTION] if k.startswith("control")]) == 2
    assert all(BY_FAMILY.values())


@pytest.mark.parametrize("key", BY_FAMILY[Family.INTERACTION])
def test_both_medicines_of_a_pair_are_current(generated: Read, key: str) -> None:
    entry = generated.case(key)
    codes = generated.codes_of(entry["ins"])
    assert {entry["expected"]["a"], entry["expected"]["b"]} == set(codes)
    for wanted in (entry["expected"]["a"], entry["expected"]["b"]):
        last = max(
            service["EXE_SOI_DTD"]
            for service, _, detail in generated.joined(entry["ins"])
            if detail["PHA_PRS_C13"] == wanted
        )
        assert UNTIL - date.fromisoformat(last) <= timedelta(days=2)
    prescribers = {service["PFS_PRE_NUM"] for service in generated.services_of(entry["ins"])}
    assert len(prescribers) in (1, 2)
    expected = "no-interaction" if key.startswith("control") else "interaction"
    assert entry["expected"]["expect"] == expected


@pytest.mark.parametrize(
    "key", [k for k in BY_FAMILY[Family.REDUNDANCY] if k.startswith("repeated")]
)
def test_the_same_act_stands_at_both_days(generated: Read, key: str) -> None:
    entry = generated.case(key)
    code = entry["expected"]["code"]
    days = sorted(
        service["EXE_SOI_DTD"]
        for service, _, detail in generated.joined(entry["ins"])
        if code in (detail.get("BIO_PRS_IDE", "").lstrip("0"), detail.get("CAM_PRS_IDE"))
    )
    assert days == [entry["expected"]["earlier"], entry["expected"]["later"]]


@pytest.mark.parametrize(
    "key", [k for k in BY_FAMILY[Family.REDUNDANCY] if k.startswith(("same", "paracetamol"))]
)
def test_both_boxes_are_delivered_at_the_end(generated: Read, key: str) -> None:
    entry = generated.case(key)
    assert {entry["expected"]["a"], entry["expected"]["b"]} == set(generated.codes_of(entry["ins"]))


def test_acts_of_one_day(generated: Read) -> None:
    assert generated.codes_of(generated.case("twice-a-day")["ins"]) == ["1104", "1104"]
    assert sorted(generated.codes_of(generated.case("not-together")["ins"])) == ["580", "996"]


def test_silences_have_their_reason(generated: Read) -> None:
    diabetic = generated.case("silent-hba1c-ald8")["ins"]
    terms = [row for row in generated.tables["IR_IMB_R"] if row["BEN_NIR_PSA"] == diabetic]
    assert [(row["IMB_ALD_NUM"], row["MED_MTF_COD"]) for row in terms] == [("8", "E119")]
    inpatient = generated.case("silent-in-stay")["ins"]
    assert _stays(generated, inpatient)


def test_negative_rows(generated: Read) -> None:
    def quantities(key: str) -> list[str]:
        return [r["PRS_ACT_QTE"] for r in generated.services_of(generated.case(key)["ins"])]

    assert quantities("cancelled") == ["1", "-1"]
    assert quantities("cancelled-in-part") == ["3", "-1"]
    assert quantities("cancels-nothing") == ["-1"]
    assert quantities("corrected") == ["9", "1"]
    assert quantities("regularised") == ["9", "-9", "1"]


def test_late_row(generated: Read) -> None:
    (row,) = generated.services_of(generated.case("late")["ins"])
    apart = date.fromisoformat(row["FLX_DIS_DTD"]) - date.fromisoformat(row["EXE_SOI_DTD"])
    assert apart >= timedelta(days=240)


def test_rows_left_out(generated: Read) -> None:
    supplements = [
        (row["PRS_NAT_REF"], row["CPL_MAJ_TOP"])
        for row in generated.services_of(generated.case("supplement")["ins"])
    ]
    assert supplements == [("1114", "0"), ("1126", "2")]
    (told,) = generated.services_of(generated.case("for-information")["ins"])
    assert (told["DPN_QLF"], told["PRS_DPN_QLP"]) == ("71", "71")
    days = [row["EXE_SOI_DTD"] for row in generated.services_of(generated.case("too-old")["ins"])]
    assert days[0] < generated.manifest["since"] <= days[1]


@pytest.mark.parametrize("number", ["01", "05", "06", "11"])
def test_secret_numbers(generated: Read, number: str) -> None:
    entry = generated.case(f"secret-{number}")
    marked = [row for row in generated.services_of(entry["ins"]) if row["BEN_CDI_NIR"] == number]
    assert marked
    elsewhere = [row for row in generated.tables["ER_PRS_F"] if row["BEN_CDI_NIR"] == number]
    assert elsewhere == marked
    assert not set(entry["expected"]["absent"]) & set(entry["expected"].get("present", ()))


def test_other_secrets(generated: Read) -> None:
    abortion = generated.services_of(generated.case("abortion-nature")["ins"])
    assert {row["PRS_NAT_REF"] for row in abortion} >= {"2414", "2415", "2416"}
    assert {row["BEN_CDI_NIR"] for row in abortion} == {"00"}
    (pill,) = (
        service
        for service, table, _ in generated.joined(generated.case("contraception-of-a-minor")["ins"])
        if table == "ER_PHA_F"
    )
    assert int(pill["BEN_AMA_COD"]) < 18


def test_broken_rows(generated: Read) -> None:
    ins = generated.case("invalid-ins")["ins"]
    twins = {row["BEN_NIR_PSA"] for row in generated.tables["ER_PRS_F"]
             if row["BEN_NIR_PSA"][:13] == ins[:13]}  # fmt: skip
    assert len(twins) == 2
    dated = generated.services_of(generated.case("bad-date")["ins"])
    assert "2026-02-31" in {row["EXE_SOI_DTD"] for row in dated}
    assert generated.codes_of(generated.case("orphan-detail")["ins"]) == ["3400936266162"]


def test_records_that_take_nothing_have_rows(generated: Read) -> None:
    cast = cast_people()
    for key, person in (
        ("closed-record", "marcel-petitjean"),
        ("refused-record", "odile-renaud"),
        ("no-record", "yves-cordier"),
        ("record-of-a-dead", "lucien-blanchet"),
    ):
        entry = generated.case(key)
        assert entry["ins"] == cast[person].ins.matricule
        assert generated.services_of(entry["ins"])


def test_a_gap_and_a_stop(generated: Read) -> None:
    days = [
        date.fromisoformat(r["EXE_SOI_DTD"])
        for r in generated.services_of(generated.case("gap")["ins"])
    ]
    apart = sorted((later - earlier).days for earlier, later in pairwise(days))
    assert apart[-1] == 80
    assert apart[-2] == 30
    stopped = generated.services_of(generated.case("stopped")["ins"])
    assert (
        max(row["EXE_SOI_DTD"] for row in stopped) == generated.case("stopped")["expected"]["last"]
    )


def test_stays(generated: Read) -> None:
    entry = generated.case("stay")
    (stay,) = _stays(generated, entry["ins"])
    number = (stay["ETA_NUM"], stay["RSA_NUM"])
    (summary,) = _of_stay(generated, "B", number)
    assert summary["GRG_GHM"] == entry["expected"]["ghm"]
    further = [row["ASS_DGN"] for row in _of_stay(generated, "D", number)]
    assert [summary["DGN_PAL"], *further] == entry["expected"]["diagnoses"]
    assert stay["ENT_DAT"] == date.fromisoformat(entry["expected"]["start"]).strftime("%d%m%Y")
    twice = generated.case("stay-billed-twice")
    assert len(_stays(generated, twice["ins"])) == 1
    billed = [detail for _, table, detail in generated.joined(twice["ins"]) if table == "ER_ETE_F"]
    assert [row["ETE_GHS_NUM"] for row in billed] == [twice["expected"]["code"]]


def test_pregnancy_vaccine_device_hospital_medicine(generated: Read) -> None:
    pregnant = generated.services_of(generated.case("pregnancy")["ins"])
    assert {row["PRS_GRS_DTD"] for row in pregnant} == {
        generated.case("pregnancy")["expected"]["since"]
    }
    for key, table in (
        ("vaccine", "ER_PHA_F"),
        ("devices", "ER_TIP_F"),
        ("hospital-medicine", "ER_UCD_F"),
    ):
        assert table in {name for _, name, _ in generated.joined(generated.case(key)["ins"])}


def test_the_cast_shows_what_the_demo_tells(generated: Read) -> None:
    georges, apixaban = generated.case("georges-apixaban"), "3400941945670"
    current = [
        service["EXE_SOI_DTD"]
        for service, _, detail in generated.joined(georges["ins"])
        if detail.get("PHA_PRS_C13") == apixaban
    ]
    assert UNTIL - date.fromisoformat(max(current)) <= timedelta(days=33)
    jeanne = generated.case("jeanne-hba1c")
    assert jeanne["ins"] not in {row["BEN_NIR_PSA"] for row in generated.tables["IR_IMB_R"]}


def _stays(generated: Read, ins: str) -> list[Row]:
    return [
        row
        for name, rows in generated.tables.items()
        if name.startswith("T_MCO") and name.endswith("C")
        for row in rows
        if row["NIR_ANO_17"] == ins
    ]


def _of_stay(generated: Read, letter: str, number: tuple[str, str]) -> list[Row]:
    return [
        row
        for name, rows in generated.tables.items()
        if name.startswith("T_MCO") and name.endswith(letter)
        for row in rows
        if (row["ETA_NUM"], row["RSA_NUM"]) == number
    ]
