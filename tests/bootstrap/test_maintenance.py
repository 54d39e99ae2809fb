"""An announced maintenance: read by a running server, ended without a restart."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dmp.bootstrap.maintenance import Announced, begin, end
from dmp.entrypoints.web.options import Maintenance
from tests.builders import NOW


def test_a_maintenance_begins_changes_and_ends_under_a_running_server(tmp_path: Path) -> None:
    announced = Announced(tmp_path)
    assert announced() is None
    begin(tmp_path, NOW)
    assert announced() == Maintenance(until=NOW)
    begin(tmp_path, NOW + timedelta(hours=1))
    assert announced() == Maintenance(until=NOW + timedelta(hours=1))
    begin(tmp_path, None)
    assert announced() == Maintenance()
    assert end(tmp_path) and not end(tmp_path)
    assert announced() is None


def test_a_file_that_cannot_be_read_still_stops_the_doors(tmp_path: Path) -> None:
    (tmp_path / "maintenance.json").write_text("{", encoding="utf-8")
    assert Announced(tmp_path)() == Maintenance()
