"""The inbox: what is ready is loaded and put aside with its receipt; what is still copied waits."""

from __future__ import annotations

import json
from pathlib import Path

from dmp.bootstrap.claims_inbox import Inbox
from tests.formats.claims.rows import boxes, service, write
from tests.storage.claims_feed.feeding import house_of, lines_in
from tests.storage.opened import run


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_marked_folder_is_taken_at_once(database: str, data_dir: Path) -> None:
    folder = data_dir / "inbox"
    write(folder / "2026-02", {"ER_PRS_F": [service()]})
    (folder / "2026-02.done").touch()

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            inbox = Inbox(house=house, folder=folder, data=data_dir)
            assert await inbox.turn() == 1
            assert names(folder) == ["taken"]
            assert names(folder / "taken") == ["2026-02", "2026-02.receipt"]
            receipt = folder / "taken" / "2026-02.receipt"
            assert json.loads(receipt.read_text())["lines"]["new"] == 1
            assert receipt.stat().st_mode & 0o777 == 0o600
            assert await inbox.turn() == 0

    run(story())
    assert len(lines_in(database)) == 1


def test_a_file_without_a_marker_waits_until_it_no_longer_changes(
    database: str, data_dir: Path
) -> None:
    folder = data_dir / "inbox"
    path = write(folder, {"ER_PRS_F": [service()]}) / "ER_PRS_F.csv"

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            inbox = Inbox(house=house, folder=folder, data=data_dir)
            assert await inbox.turn() == 0  # seen for the first time
            with path.open("a") as file:
                file.write(";".join(service(2).values()) + "\n")
            assert await inbox.turn() == 0  # it grew
            assert await inbox.turn() == 1

    run(story())
    assert len(lines_in(database)) == 2


def test_loose_tables_wait_for_each_other_and_are_one_delivery(
    database: str, data_dir: Path
) -> None:
    folder = data_dir / "inbox"
    write(folder, {"ER_PHA_F": [boxes()]})  # the details come first
    (folder / "ER_PHA_F.csv.done").touch()
    whole = write(data_dir / "apart", {"ER_PRS_F": [service(PRS_NAT_REF="3313")]}) / "ER_PRS_F.csv"
    half, rest = whole.read_bytes()[:-40], whole.read_bytes()[-40:]

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            inbox = Inbox(house=house, folder=folder, data=data_dir)
            (folder / "ER_PRS_F.csv").write_bytes(half)
            assert await inbox.turn() == 0  # one is there, the other is being written
            with (folder / "ER_PRS_F.csv").open("ab") as file:
                file.write(rest)
            (folder / "notes.csv").write_text("A;B\n")
            assert await inbox.turn() == 0
            assert await inbox.turn() == 3
            assert names(folder) == ["refused", "taken"]
            assert names(folder / "refused") == ["notes.csv", "notes.csv.receipt"]
            receipt = (folder / "taken" / "ER_PHA_F.csv.receipt").read_text()
            assert receipt == (folder / "taken" / "ER_PRS_F.csv.receipt").read_text()
            assert json.loads(receipt)["lines"]["new"] == 1

    run(story())
    assert [line[2] for line in lines_in(database)] == ["medicine"]


def test_what_is_refused_goes_aside_with_the_reason(database: str, data_dir: Path) -> None:
    folder = data_dir / "inbox"
    folder.mkdir()
    (folder / "notes.csv").write_text("A;B\n1;2\n")
    (folder / "notes.csv.done").touch()
    (folder / "link.csv").symlink_to("/etc/hostname")
    (folder / "link.csv.done").touch()

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            assert await Inbox(house=house, folder=folder, data=data_dir).turn() == 1
            said = (folder / "refused" / "notes.csv.receipt").read_text()
            assert "no table of the feed" in said
            assert (folder / "link.csv").is_symlink()  # a link is nobody's delivery

    run(story())


def test_two_deliveries_of_one_name_are_both_kept(database: str, data_dir: Path) -> None:
    folder = data_dir / "inbox"

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            inbox = Inbox(house=house, folder=folder, data=data_dir)
            for number in (1, 2):
                write(folder / "month", {"ER_PRS_F": [service(number)]})
                (folder / "month.done").touch()
                assert await inbox.turn() == 1
            assert "month.2" in names(folder / "taken")

    run(story())
