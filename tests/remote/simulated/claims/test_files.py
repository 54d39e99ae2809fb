"""The files: official names, the nine keys, one seed one content, identities of the test range."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from dmp.domain.errors import Refused
from dmp.domain.identifiers import Ins, InsRoot, luhn_is_valid
from dmp.remote.simulated.claims import codes, directories
from dmp.remote.simulated.claims.files import FolderTaken, Format
from dmp.remote.simulated.claims.generate import Wanted, generate
from dmp.remote.simulated.claims.habits import Period, claims_of
from dmp.remote.simulated.claims.rows import columns_of, rows_of
from dmp.remote.simulated.territory.population import population
from tests.formats.corpus import GIVEN
from tests.remote.simulated.claims.conftest import CODES, DETAILS, UNTIL, Read, keys_of

REFERENCE = GIVEN.parents[1] / "claims"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(),
    reason="the reference data of claims is not on this machine (DMP_SHARED)",
)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_seed_and_day_give_the_same_octets(tmp_path: Path) -> None:
    wanted = Wanted(people=20, until=UNTIL)
    generate(tmp_path / "one", wanted)
    generate(tmp_path / "two", wanted)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


@pytest.mark.parametrize(
    "other",
    [Wanted(people=20, until=UNTIL, seed=2), Wanted(people=20, until=date(2026, 10, 1))],
)
def test_another_seed_or_day_gives_others(tmp_path: Path, other: Wanted) -> None:
    generate(tmp_path / "one", Wanted(people=20, until=UNTIL))
    generate(tmp_path / "two", other)
    assert digests(tmp_path / "one")["ER_PRS_F.csv"] != digests(tmp_path / "two")["ER_PRS_F.csv"]


def test_every_table_is_there_and_counted(generated: Read) -> None:
    expected = {"ER_PRS_F", *DETAILS, "IR_IMB_R"}
    assert expected <= generated.tables.keys()
    assert {name[:5] + name[-1] for name in generated.tables if name.startswith("T_MCO")} == {
        "T_MCOB", "T_MCOC", "T_MCOD",
    }  # fmt: skip
    assert {name: len(rows) for name, rows in generated.tables.items()} == generated.written.rows
    assert generated.manifest["rows"] == generated.written.rows


def test_every_detail_joins_one_service_by_nine_keys_but_the_orphan(generated: Read) -> None:
    orphans = [
        (table, row)
        for table in DETAILS
        for row in generated.tables[table]
        if not generated.services.get(keys_of(row))
    ]
    assert [table for table, _ in orphans] == ["ER_PHA_F"]
    repeated = [rows for rows in generated.services.values() if len(rows) > 1]
    twice, *corrected = sorted(repeated, key=lambda rows: rows[0] != rows[1])
    assert twice[0] == twice[1]
    differing = [{key for key in one if one[key] != other[key]} for one, other in corrected]
    assert sorted(differing, key=sorted) == [{"PRS_ACT_QTE"}, {"PRS_NAT_REF"}]


def test_one_key_less_would_join_to_another_service(generated: Read) -> None:
    """The nine keys are needed: rows of a regularisation differ in the days of their flow only."""
    first, back, right = generated.services_of(generated.case("regularised")["ins"])
    assert keys_of(first) != keys_of(right)
    differing = {key for key in first if first[key] != right[key]} - {"PRS_ACT_QTE", "DCT_ORD_NUM"}
    assert differing == {"FLX_DIS_DTD", "FLX_TRT_DTD"}
    assert [row["PRS_ACT_QTE"] for row in (first, back, right)] == ["9", "-9", "1"]


def test_quantities_agree_between_service_and_detail(generated: Read) -> None:
    for table, column in (("ER_PHA_F", "PHA_ACT_QSN"), ("ER_BIO_F", "BIO_ACT_QSN")):
        for detail in generated.tables[table]:
            services = generated.services.get(keys_of(detail), [])
            quantities = {service["PRS_ACT_QTE"] for service in services}
            assert not services or detail[column] in quantities


def test_people_are_the_territory_s_in_the_test_range(generated: Read) -> None:
    people = {person.ins.matricule for person in population(1, 2500)}
    strange = set()
    for row in generated.tables["ER_PRS_F"]:
        try:
            Ins.parse(row["BEN_NIR_PSA"], InsRoot.NIR_TEST.value, test_mode=True)
        except Refused:
            strange.add(row["BEN_NIR_PSA"])
            continue
        if row["BEN_NIR_PSA"] not in people:
            assert row["BEN_NIR_PSA"] == generated.case("unknown-person")["expected"]["matricule"]
    assert len(strange) == 1, "only the case of the invalid INS"


def test_professionals_have_numbers_that_no_register_issues(generated: Read) -> None:
    for row in generated.tables["ER_PRS_F"]:
        for number in (row["PFS_EXE_NUM"], row["PFS_PRE_NUM"], row["ETB_PRE_FIN"]):
            if number:
                assert luhn_is_valid(number)
                assert number.startswith("9990" if len(number) == 11 else "99")


def test_statement_numbers_keep_to_nine_digits_however_many_people() -> None:
    person = next(iter(population(1, 40)))
    period = Period(since=date(2024, 11, 27), until=UNTIL, seed=1)
    rows = rows_of(person, claims_of(person, period), 3_999_999, UNTIL)["ER_PRS_F"]
    position = columns_of("ER_PRS_F").index("DCT_ORD_NUM")
    assert {len(row.split(";")[position]) <= 9 for row in rows} == {True}
    assert {row.split(";")[position + 2] for row in rows} == {"40"}


def test_care_lies_in_the_period_and_is_sent_afterwards(generated: Read) -> None:
    old = generated.case("too-old")["ins"]
    for row in generated.tables["ER_PRS_F"]:
        if row["EXE_SOI_DTD"] == "2026-02-31":
            continue
        day = date.fromisoformat(row["EXE_SOI_DTD"])
        assert day < UNTIL
        assert day >= date(2024, 11, 27) or row["BEN_NIR_PSA"] == old
        assert day <= date.fromisoformat(row["FLX_TRT_DTD"]) <= UNTIL


def test_people_have_claims_of_their_conditions(generated: Read) -> None:
    jeanne = generated.case("jeanne-hba1c")["ins"]
    codes = generated.codes_of(jeanne)
    metformin = "3400949125777"
    assert codes.count(metformin) >= 18, "month after month for two years"
    assert codes.count("1577") >= 4


def test_parquet_holds_the_same_with_dates_as_dates(generated: Read, tmp_path: Path) -> None:
    generate(tmp_path, Wanted(people=120, until=UNTIL), Format.PARQUET)
    assert not list(tmp_path.glob("*.csv"))
    assert {path.stem for path in tmp_path.glob("*.parquet")} == generated.tables.keys()
    with duckdb.connect() as connection:
        for table, rows in generated.tables.items():
            found = connection.read_parquet(str(tmp_path / f"{table}.parquet")).fetchall()
            assert len(found) == len(rows)
            for parquet, row in zip(found, rows, strict=True):
                plain = ["" if cell is None else str(cell) for cell in parquet]
                assert plain == [cell if cell != "2026-02-31" else "" for cell in row.values()]
        services = connection.read_parquet(str(tmp_path / "ER_PRS_F.parquet"))
        kinds = dict(zip(services.columns, map(str, services.types), strict=True))
    assert kinds["EXE_SOI_DTD"] == kinds["FLX_TRT_DTD"] == "DATE"
    assert kinds["PFS_EXE_NUM"] == "VARCHAR"


def test_tables_of_somebody_else_are_not_touched(tmp_path: Path) -> None:
    (tmp_path / "ER_PRS_F.csv").write_text("theirs", encoding="utf-8")
    with pytest.raises(FolderTaken):
        generate(tmp_path, Wanted(people=5, until=UNTIL, cases=()))
    assert (tmp_path / "ER_PRS_F.csv").read_text(encoding="utf-8") == "theirs"


def test_a_folder_is_written_again(tmp_path: Path) -> None:
    generate(tmp_path, Wanted(people=60, until=UNTIL))
    generate(tmp_path, Wanted(people=5, until=UNTIL, cases=()))
    again = digests(tmp_path)
    generate(tmp_path / "fresh", Wanted(people=5, until=UNTIL, cases=()))
    again.pop("fresh", None)
    assert again == digests(tmp_path / "fresh")


def test_people_are_streamed(tmp_path: Path) -> None:
    """The rows of a person are written before the next is drawn."""
    seen: list[int] = []

    def told(done: int, total: int) -> None:
        seen.append(done)

    progress: Callable[[int, int], None] = told
    generate(tmp_path, Wanted(people=100, until=UNTIL, cases=()), progress=progress)
    assert seen == [50, 100, 100]


@needs_reference
def test_columns_are_official_ones() -> None:
    folder = REFERENCE / "claims" / "schema"
    for table in ("ER_PRS_F", *CODES, "IR_IMB_R", "T_MCO26B", "T_MCO26C", "T_MCO26D"):
        name = table if table.startswith(("ER", "IR")) else f"T_MCOaa{table[-1]}"
        schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        official = {each["name"] for each in schema["fields"]}
        assert set(columns_of(table)) <= official, table


@needs_reference
def test_codes_are_facts() -> None:
    """Our small table against the reference data, where that is at hand."""
    drugs = REFERENCE / "drugs" / "bdpm-2026-05"
    with gzip.open(drugs / "CIS_CIP_bdpm.txt.gz", "rt", encoding="utf-8") as file:
        known = {line.split("\t")[6] for line in file}
    assert {box.cip13 for box in codes.boxes().values()} <= known
    nabm = REFERENCE / "claims" / "nomenclatures" / "IR_BIO_R.csv.gz"
    with gzip.open(nabm, "rt", encoding="utf-8") as file:
        acts = {row["BIO_PRS_IDE"].lstrip("0") for row in csv.DictReader(file, delimiter=";")}
    assert codes.nabm() <= acts


def test_everybody_and_every_place_has_a_name(generated: Read) -> None:
    named = {row[0] for row in (*directories.persons(), *directories.places())}
    columns = ("PFS_EXE_NUM", "PFS_PRE_NUM", "PRS_MTT_NUM", "ETB_PRE_FIN")
    used = {row[column] for row in generated.tables["ER_PRS_F"] for column in columns}
    used |= {row["ETB_EXE_FIN"] for row in generated.tables["ER_ETE_F"]}
    assert used - {""} <= named
