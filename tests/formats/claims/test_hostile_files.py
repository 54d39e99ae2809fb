"""Files that are not what they should be: nothing is read beside them, nothing grows, the rest loads."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import duckdb
import pytest

from dmp.formats.claims.content_digest import content_digest, rows_octets
from dmp.formats.claims.delivery import digest_of, found_files, seen
from dmp.formats.claims.refusals import DeliveryRefused
from dmp.formats.claims.workbench import open_workbench, work_folder
from tests.formats.claims.rows import boxes, found, opened, service, write


def lines_of(*rows: str, header: str = "") -> bytes:
    """A file of services, whose rows are given as they stand."""
    good = service()
    return "\n".join([header or ";".join(good), *rows]).encode() + b"\n"


def good(number: int) -> str:
    return ";".join(service(number).values())


def test_lines_that_cannot_be_read_are_rejected_by_their_number(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    columns = len(service())
    content = lines_of(
        good(1),
        "too;few",
        good(2) + ";one;two",
        "x" * 300_000 + ";" * (columns - 1),
        good(3),
        ";".join(service(4, PRS_NAT_REF="nul\0").values()),
        ";".join(service(5, EXE_SOI_DTD="=HYPERLINK(1)").values()),
        ";".join(service(6, PRS_ACT_QTE="1e400").values()),
        good(7),
    ).replace(b"too;few", b"too;few\xff")
    (folder / "ER_PRS_F.csv").write_bytes(content)
    told = found(folder, tmp_path)
    assert len(told.lines) == 3
    assert [(line, column) for _, line, column, _ in told.rejects] == [
        (3, ""),
        (4, ""),
        (5, ""),
        (7, "PRS_NAT_REF"),
        (8, "EXE_SOI_DTD"),
        (9, "PRS_ACT_QTE"),
    ]


@pytest.mark.parametrize("behind", [0, 3, 9_000])
@pytest.mark.parametrize("closed_later", [False, True])
def test_a_quote_that_is_not_closed_costs_its_line_only(
    tmp_path: Path, behind: int, closed_later: bool
) -> None:
    """A reader that waits for the end of the quote would swallow every line up to the next one."""
    folder = tmp_path / "in"
    folder.mkdir()
    names = list(service())
    quoted = ";".join(f'"{value}"' for value in service(2).values())
    broken = good(3).replace("2026-01-15", '"2026-01-15', 1)
    last = [quoted.replace('"2"', '"4"', 1)] if closed_later else []
    others = [good(number) for number in range(5, 5 + behind)]
    secret = ";".join(f'"{value}"' for value in service(99_999, BEN_CDI_NIR="06").values())
    (folder / "ER_PRS_F.csv").write_bytes(
        lines_of(
            good(1),
            quoted,
            broken,
            *last,
            *others,
            secret,
            header=";".join(f'"{n}"' for n in names),
        )
    )
    told = found(folder, tmp_path)
    assert len(told.lines) == 2 + behind + closed_later
    assert told.rejects == [("ER_PRS_F.csv", 4, "EXE_SOI_DTD", "not a date")]
    assert told.left_out == {"SECRET": 1}


def test_a_torn_file_keeps_the_places_of_those_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    broken = good(2).replace("2026-01-15", '"2026-01-15', 1)
    (folder / "ER_PRS_F_1.csv").write_bytes(lines_of(good(1), good(9).replace("1110", "x", 1)))
    (folder / "ER_PRS_F_2.csv").write_bytes(
        lines_of(broken, good(3), good(4).replace("1110", "x", 1))
    )
    (folder / "ER_PRS_F_3.csv").write_bytes(
        lines_of(good(5), good(6), good(7).replace("1110", "x", 1))
    )
    told = found(folder, tmp_path)
    assert len(told.lines) == 4
    assert told.rejects == [
        ("ER_PRS_F_1.csv", 3, "PRS_NAT_REF", "not a number"),
        ("ER_PRS_F_2.csv", 2, "EXE_SOI_DTD", "not a date"),
        ("ER_PRS_F_2.csv", 4, "PRS_NAT_REF", "not a number"),
        ("ER_PRS_F_3.csv", 4, "PRS_NAT_REF", "not a number"),
    ]


def test_lines_that_end_in_two_ways_are_refused_by_that_name(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    content = lines_of(good(1) + "1", good(2) + "1\r", good(3) + "1")
    (folder / "ER_PRS_F.csv").write_bytes(content)
    with pytest.raises(DeliveryRefused, match="do not all end alike"):
        opened(folder, tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "does not begin with a line of column names"),
        (b"\n\n\n", "does not begin with a line of column names"),
        (b"A" * 2_000_000, "does not begin with a line of column names"),
        (b"PK\x03\x04" + b"x" * 100, "compressed"),
        (b"\x1f\x8b" + b"x" * 100, "cut or damaged"),
        (gzip.compress(b"PAR1" * 9, mtime=0), "packed Parquet"),
        (lines_of(good(1)).replace(b"\n", b"\r"), "line ends of Unix or Windows"),
        (b"\xff\xfeB\x00E\x00N\x00", "UTF-16"),
        (b"PAR1 is not enough", "not a Parquet file"),
        (";".join(f"C{n}" for n in range(5_000)).encode() + b"\n", "5000 columns"),
        (lines_of(good(1), header=";".join([*list(service())[:-1], "BEN_CDI_NIR"])), "twice"),
    ],
)
def test_what_is_no_table_is_refused_at_its_beginning(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "ER_PRS_F.csv"
    path.write_bytes(content)
    with pytest.raises(DeliveryRefused, match=said):
        seen([path])


def test_a_name_is_never_a_pattern(tmp_path: Path) -> None:
    write(tmp_path / "in", {"ER_PRS_F": [service()]})
    path = tmp_path / "in" / "ER_PRS_F[ab]*.csv"
    (tmp_path / "in" / "ER_PRS_F.csv").rename(path)
    with pytest.raises(DeliveryRefused, match="rename it"):
        opened(path, tmp_path / "work")


def test_the_workbench_reaches_nothing_but_its_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret")
    allowed = write(tmp_path / "in", {"ER_PRS_F": [service()]}) / "ER_PRS_F.csv"
    with work_folder(tmp_path / "work") as folder:
        connection = open_workbench(folder, [allowed])
        for statement in (
            f"FROM read_text('{secret}')",
            f"FROM read_csv('{secret}')",
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            f"ATTACH '{tmp_path / 'other.db'}'",
            "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SET memory_limit = '100GB'",
            "SELECT getenv('HOME')",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)
        connection.close()
    assert not (tmp_path / "out.csv").exists()


def test_the_work_is_private_and_removed_even_after_a_kill(tmp_path: Path) -> None:
    work = tmp_path / "work"
    given = write(tmp_path / "in", {"ER_PRS_F": [service()]})
    left = work / "work-left"
    left.mkdir(parents=True)
    (left / "lock").touch()  # a killed process leaves its folder, and its lock free
    delivery = opened(given, work)
    try:
        (folder,) = work.iterdir()
        assert folder != left and folder.stat().st_mode & 0o777 == 0o700
    finally:
        delivery.close()
    assert list(work.iterdir()) == []


def test_another_process_at_work_keeps_its_folder(tmp_path: Path) -> None:
    with work_folder(tmp_path) as first, work_folder(tmp_path) as second:
        assert first.exists() and second.exists() and first != second


def test_the_digest_is_of_the_contents_alone(tmp_path: Path) -> None:
    tables = {"ER_PRS_F": [service(PRS_NAT_REF="3313")], "ER_PHA_F": [boxes()]}
    one = write(tmp_path / "one", tables)
    other = write(tmp_path / "two", tables)
    (other / "ER_PHA_F.csv").rename(other / "er_pha_f_2026.csv")
    changed = write(tmp_path / "three", {**tables, "ER_PHA_F": [boxes(PHA_ACT_QSN="2")]})
    first, second, third = (digest_of(seen([given])) for given in (one, other, changed))
    assert first == second != third


def test_a_folder_gives_its_tables_and_nothing_hidden(tmp_path: Path) -> None:
    folder = write(tmp_path / "in", {"ER_PRS_F": [service()]})
    (folder / ".hidden.csv").write_text("x")
    (folder / "README.md").write_text("x")
    assert [path.name for path in found_files([folder])] == ["ER_PRS_F.csv"]
    with pytest.raises(DeliveryRefused, match="neither a file nor a folder"):
        found_files([tmp_path / "nothing"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(DeliveryRefused, match="no file to load"):
        found_files([tmp_path / "empty"])


@pytest.mark.slow
def test_many_bad_lines_do_not_take_long(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    bad = ";".join(service(1, EXE_SOI_DTD="no").values())
    (folder / "ER_PRS_F.csv").write_bytes(lines_of(*[bad, "x"] * 20_000, good(2)))
    began = time.perf_counter()
    told = found(folder, tmp_path)
    assert len(told.rejects) == 40_000 and len(told.lines) == 1
    assert [line for _, line, *_ in told.rejects[:4]] == [2, 3, 4, 5]
    assert time.perf_counter() - began < 60


def test_a_packed_csv_is_the_same_as_the_one_inside(tmp_path: Path) -> None:
    tables = {"ER_PRS_F": [service(1), service(2, EXE_SOI_DTD="no")]}
    plain = write(tmp_path / "plain", tables)
    packed = tmp_path / "packed"
    packed.mkdir()
    content = (plain / "ER_PRS_F.csv").read_bytes()
    (packed / "ER_PRS_F.csv.gz").write_bytes(gzip.compress(content))
    one, other = found(plain, tmp_path / "work"), found(packed, tmp_path / "work")
    assert one.lines == other.lines and len(one.lines) == 1
    assert [reject[1:] for reject in one.rejects] == [reject[1:] for reject in other.rejects]
    sources = seen([plain]), seen([packed])
    assert digest_of(sources[0]) == digest_of(sources[1])
    assert content_digest(sources[0]) == content_digest(sources[1])
    assert rows_octets(sources[0]) == rows_octets(sources[1])


def test_a_packed_file_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ER_PRS_F.csv.gz"
    path.write_bytes(gzip.compress(lines_of(good(1)) + b"0" * 40_000_000))
    sources = seen([path])
    with pytest.raises(DeliveryRefused, match="grows more than 200 times"):
        digest_of(sources)


def test_a_packed_file_that_is_cut_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ER_PRS_F.csv.gz"
    rows = [";".join(service(n, PFS_EXE_NUM=str(n * 7919)).values()) for n in range(40_000)]
    path.write_bytes(gzip.compress(lines_of(*rows))[:-1_000])
    with pytest.raises(DeliveryRefused, match="cut or damaged"):
        digest_of(seen([path]))


@pytest.mark.parametrize("name", ["ER_PHA_F.zip", "all.7z", "ER_PHA_F.csv.zst", "rows.xlsx"])
def test_a_folder_with_something_packed_is_not_loaded_without_it(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path / "in", {"ER_PRS_F": [service()]})
    (folder / name).write_bytes(b"PK")
    with pytest.raises(DeliveryRefused, match="unpack it"):
        found_files([folder])
