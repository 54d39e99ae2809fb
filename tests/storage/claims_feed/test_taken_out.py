"""A correction that says that care is secret, or nothing for a record, takes out what came before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.medicines import Medicine, NoMedicines
from tests.builders import an_ins
from tests.formats.claims.rows import CIP13, Row, boxes, procedure, service, write
from tests.storage.claims_feed.feeding import NOW, changes_in, house_of, lines_in, loaded
from tests.storage.opened import run

pytestmark = pytest.mark.slow

CORRECTIONS: dict[str, Row] = {
    "a secret number": {"BEN_CDI_NIR": "11"},
    "a secret nature": {"PRS_NAT_REF": "2414"},
    "a supplement": {"CPL_MAJ_TOP": "2"},
    "for information": {"DPN_QLF": "71"},
    "a lump sum": {"PRS_NAT_REF": "2155"},
}


@pytest.mark.parametrize("change", CORRECTIONS.values(), ids=list(CORRECTIONS))
def test_what_is_left_out_by_a_correction_leaves_the_record(
    database: str, data_dir: Path, change: Row
) -> None:
    before = {
        "ER_PRS_F": [service(1), service(2, PRS_NAT_REF="3313"), service(3)],
        "ER_PHA_F": [boxes(2)],
    }
    after = {
        "ER_PRS_F": [service(1, **change), service(2, **{"PRS_NAT_REF": "3313", **change})],
        "ER_PHA_F": [boxes(2)] if "PRS_NAT_REF" not in change else [boxes(9)],
    }
    first, second = (
        write(data_dir / name, t) for name, t in (("first", before), ("second", after))
    )

    async def story() -> None:
        async with house_of(database, data_dir) as (house, records):
            assert (await loaded(house, data_dir, first)).counts.new == 3
            house.at = NOW + timedelta(days=30)
            counts = (await loaded(house, data_dir, second)).counts
            assert (counts.new, counts.replaced) == (0, 0)
            assert changes_in(database)[records[0].record_id] == house.at  # a new document is due
            assert counts.taken_out == 3 - len(lines_in(database))

    run(story())
    left = lines_in(database)
    assert not [line for line in left if line[2] == "care" and line[4] != "G"]
    assert len([line for line in left if line[2] == "care"]) == 1


def test_what_was_never_there_or_is_of_another_is_left_alone(database: str, data_dir: Path) -> None:
    other = an_ins(2).matricule
    first = write(data_dir / "first", {"ER_PRS_F": [service(1), service(2, BEN_NIR_PSA=other)]})
    rows = [
        service(2, BEN_CDI_NIR="11"),  # of the first person here: nothing of hers came under it
        service(3, BEN_CDI_NIR="05"),
        service(4, BEN_NIR_PSA=an_ins(7).matricule, BEN_CDI_NIR="05"),
    ]
    second = write(data_dir / "second", {"ER_PRS_F": rows})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            await loaded(house, data_dir, first)
            counts = (await loaded(house, data_dir, second)).counts
            assert (counts.taken_out, counts.without_record) == (0, 0)
            assert set(changes_in(database).values()) == {NOW}

    run(story())
    assert len(lines_in(database)) == 2


def test_of_one_delivery_the_row_that_came_last_counts(database: str, data_dir: Path) -> None:
    rows = [service(1), service(2, BEN_CDI_NIR="11"), service(1, BEN_CDI_NIR="11"), service(2)]
    given = write(data_dir / "in", {"ER_PRS_F": rows})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            counts = (await loaded(house, data_dir, given, batch=1)).counts
            assert (counts.new, counts.taken_out) == (1, 0)

    run(story())
    assert len(lines_in(database)) == 1


def test_what_reference_data_tells_later_is_taken_out_by_loading_again(
    database: str, data_dir: Path
) -> None:
    pill = Medicine(key="pill", name="PILULE", substances=("levonorgestrel",), atc="G03AA07")
    rows = [service(1, PRS_NAT_REF="3313", BEN_AMA_COD="16"), service(2, BEN_AMA_COD="16")]
    given = write(data_dir / "in", {"ER_PRS_F": rows, "ER_PHA_F": [boxes(1)]})

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            first = await loaded(house, data_dir, given)
            assert first.counts.new == 2
            assert "load --again" in first.summary["medicines without ATC"]
            house.knowledge = Knowledge(medicines=NoMedicines({CIP13: pill}))
            again = await loaded(house, data_dir, given, again=True)
            assert (again.counts.taken_out, again.counts.unchanged) == (1, 1)
            assert "medicines without ATC" not in again.summary

    run(story())
    assert [line[2] for line in lines_in(database)] == ["care"]


def test_an_act_that_came_without_its_code_stands_once(database: str, data_dir: Path) -> None:
    """A service that came alone, as care of its nature, and comes again with its technical act."""
    imaging = [service(1, PRS_NAT_REF="1351"), service(2, PRS_NAT_REF="1351")]
    first = write(data_dir / "first", {"ER_PRS_F": imaging})
    told = {"ER_PRS_F": imaging, "ER_CAM_F": [procedure(1), procedure(2, CAM_PRS_IDE="no code")]}
    second = write(data_dir / "second", told)

    async def story() -> None:
        async with house_of(database, data_dir) as (house, _):
            assert (await loaded(house, data_dir, first)).counts.new == 2
            receipt = await loaded(house, data_dir, second)
            assert (receipt.counts.new, receipt.counts.taken_out) == (1, 1)
            assert receipt.summary["rejected"] == "1"
            assert not [said for said in receipt.summary if said.startswith("left out")]

    run(story())
    # The one whose technical act cannot be read is left as it came.
    assert sorted((line[2], line[3]) for line in lines_in(database)) == [
        ("imaging", "ccam"),
        ("imaging", "ngap"),
    ]
