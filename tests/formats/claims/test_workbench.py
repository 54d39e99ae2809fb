"""The workbench: what is counted here, so that a load is not slowed unseen."""

from __future__ import annotations

from pathlib import Path

from dmp.formats.claims.workbench import MEMORY, open_workbench, work_folder

MOST_COLUMNS = 15
"""With so many a table is filled by every thread within 256 MB, with one more by one alone, as seen of DuckDB
2.0, which sets aside memory for each column of each thread.
"""


def test_no_table_is_too_wide_to_be_filled_by_every_thread(tmp_path: Path) -> None:
    assert MEMORY == "256MB"  # of another memory the number of columns is another one
    with work_folder(tmp_path) as folder, open_workbench(folder, []) as connection:
        columns = connection.execute(
            "SELECT table_name, count(*) FROM information_schema.columns GROUP BY table_name"
        ).fetchall()
    assert dict(columns)["service"] > 10
    assert [table for table, count in columns if count > MOST_COLUMNS] == []
