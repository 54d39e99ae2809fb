"""The embedded server: private, found again after a crash, stopped by the last who leaves."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from dmp.storage import binaries
from dmp.storage.binaries import Account, NoEmbeddedServer
from dmp.storage.embedded import EmbeddedServer, start


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder; whatever still runs for it afterwards is stopped."""
    path = tmp_path / "data"
    yield path
    if path.exists():
        start(path).stop()


def answers(dsn: str) -> bool:
    try:
        psycopg.connect(dsn, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def postmaster(folder: Path) -> int:
    return int((folder / "postgres/data/postmaster.pid").read_text().splitlines()[0])


def alive(pid: int) -> bool:
    """Whether it still runs; a dead process that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def write(server: EmbeddedServer, value: str) -> None:
    with psycopg.connect(server.dsn) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
        connection.execute("INSERT INTO kept VALUES (%s)", (value,))


def values(server: EmbeddedServer) -> list[str]:
    with psycopg.connect(server.dsn) as connection:
        return [row[0] for row in connection.execute("SELECT value FROM kept ORDER BY value")]


def test_it_starts_stops_and_finds_its_data_again(folder: Path) -> None:
    server = start(folder)
    write(server, "one")
    server.stop()
    assert not answers(server.dsn)
    assert not (folder / "postgres/data/postmaster.pid").exists()
    server.stop()
    again = start(folder)
    assert values(again) == ["one"]
    again.stop()


@pytest.mark.slow
def test_nothing_of_it_can_be_reached_by_others(folder: Path) -> None:
    server = start(folder)
    with psycopg.connect(server.dsn) as connection:
        shown = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('fsync'), "
            "current_setting('server_encoding'), current_setting('password_encryption')"
        ).fetchone()
        assert shown == ("", "on", "UTF8", "scram-sha-256")
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules")
        assert methods.fetchall() == [("scram-sha-256",)]
    parts = conninfo_to_dict(server.dsn)
    socket_folder = Path(str(parts["host"]))
    assert stat.S_IMODE(socket_folder.stat().st_mode) == 0o700
    assert len(str(socket_folder / ".s.PGSQL.5432")) <= 107
    for name in ("postgres.password", "postgres/server.log", "postgres.lock"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "postgres/data").stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) & 0o066 == 0
    assert not answers(make_conninfo(server.dsn, password="guessed"))
    assert str(parts["password"]) not in (folder / "postgres/server.log").read_text()
    server.stop()
    assert not (socket_folder / ".s.PGSQL.5432").exists()


@pytest.mark.slow
def test_a_failing_statement_leaves_no_value_in_the_log(folder: Path) -> None:
    server = start(folder)
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE ins_key (matricule text PRIMARY KEY)")
        for _ in range(2):
            try:
                connection.execute("INSERT INTO ins_key VALUES ('279035121518989')")
            except psycopg.errors.UniqueViolation:
                break
    server.stop()
    log = (folder / "postgres/server.log").read_text()
    assert "duplicate key" in log
    assert "279035121518989" not in log


@pytest.mark.slow
def test_parents_of_the_data_folder_keep_their_modes(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    before = {path: path.stat().st_mode for path in (home, tmp_path, tmp_path.parent)}
    server = start(home / "data")
    assert answers(server.dsn)
    server.stop()
    assert {path: path.stat().st_mode for path in before} == before
    runtime = Path(str(conninfo_to_dict(server.dsn)["host"])).parent
    assert not runtime.name.startswith("dmp-pg-") or not runtime.exists()


@pytest.mark.slow
def test_a_long_path_is_no_obstacle(tmp_path: Path) -> None:
    server = start(tmp_path / ("d" * 100) / "data")
    assert answers(server.dsn)
    server.stop()


@pytest.mark.slow
def test_the_last_who_leaves_stops_it(folder: Path) -> None:
    one, other = start(folder), start(folder)
    assert one.dsn == other.dsn
    one.stop()
    assert answers(other.dsn)
    other.stop()
    assert not answers(other.dsn)


CHILD = """
import sys, time
from pathlib import Path
from dmp.storage.embedded import start
server = start(Path(sys.argv[1]))
print(server.dsn, flush=True)
time.sleep(60)
"""


def killed_child(folder: Path) -> str:
    """Start the server from another process and kill that one; the server is left behind."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        dsn = child.stdout.readline().strip()
        child.kill()
    return dsn


@pytest.mark.slow
def test_a_server_left_behind_by_a_killed_process_is_joined_and_stopped(folder: Path) -> None:
    dsn = killed_child(folder)
    assert answers(dsn)
    left = postmaster(folder)
    server = start(folder)
    assert (server.dsn, postmaster(folder)) == (dsn, left)
    server.stop()
    assert not answers(dsn)
    assert not alive(left)


@pytest.mark.slow
def test_a_killed_server_recovers_what_was_committed(folder: Path) -> None:
    server = start(folder)
    write(server, "committed")
    pid = postmaster(folder)
    os.kill(pid, signal.SIGKILL)
    for _ in range(500):
        if not answers(server.dsn):
            break
        time.sleep(0.01)
    again = start(folder)
    assert postmaster(folder) != pid
    assert values(again) == ["committed"]
    server.stop()
    again.stop()
    assert not answers(again.dsn)


@pytest.mark.slow
def test_a_number_given_to_another_program_since_is_no_obstacle(folder: Path) -> None:
    server = start(folder)
    lock = (folder / "postgres/data/postmaster.pid").read_text().splitlines()
    server.stop()
    lock[0] = str(os.getppid())
    (folder / "postgres/data/postmaster.pid").write_text("\n".join(lock) + "\n")
    again = start(folder)
    assert answers(again.dsn)
    again.stop()
    assert alive(os.getppid())


@pytest.mark.slow
def test_a_server_whose_socket_was_swept_away_is_replaced(folder: Path) -> None:
    dsn = killed_child(folder)
    left = postmaster(folder)
    (Path(str(conninfo_to_dict(dsn)["host"])) / ".s.PGSQL.5432").unlink()
    server = start(folder)
    assert answers(server.dsn)
    assert postmaster(folder) != left
    server.stop()


@pytest.mark.slow
def test_a_password_of_another_folder_is_refused_with_advice(folder: Path) -> None:
    server = start(folder)
    server.stop()
    right = (folder / "postgres.password").read_text()
    (folder / "postgres.password").write_text("another")
    with pytest.raises(NoEmbeddedServer, match="restore both from the same backup"):
        start(folder)
    (folder / "postgres.password").write_text(right)


@pytest.mark.slow
def test_a_first_start_cut_short_is_begun_again(folder: Path) -> None:
    (folder / "postgres/data.partial").mkdir(parents=True)
    (folder / "postgres/data.partial/PG_VERSION").write_text("18\n")
    (folder / "postgres/password.partial").write_text("half")
    server = start(folder)
    assert answers(server.dsn)
    server.stop()


@pytest.mark.slow
def test_another_version_is_refused_with_advice(folder: Path) -> None:
    start(folder).stop()
    (folder / "postgres/data/PG_VERSION").write_text("17\n")
    with pytest.raises(NoEmbeddedServer, match="made by PostgreSQL 17"):
        start(folder)
    (folder / "postgres/data/PG_VERSION").write_text("18\n")


@pytest.mark.slow
def test_a_platform_without_binaries_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: str) -> None:
        raise PackageNotFoundError

    monkeypatch.setattr(binaries, "distribution", missing)
    with pytest.raises(NoEmbeddedServer, match="set DATABASE_URL"):
        start(tmp_path / "data")


@pytest.mark.slow
def test_an_account_without_a_name_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody_has_it = 2_000_000_011
    monkeypatch.setattr(os, "geteuid", lambda: nobody_has_it)
    with pytest.raises(NoEmbeddedServer, match="run as a user of this host, or set DATABASE_URL"):
        Account.needed(tmp_path)
