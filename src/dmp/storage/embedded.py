"""The embedded PostgreSQL: started by us, reachable by a private Unix socket only.

`start` makes the cluster on first use, starts it or joins the one that already runs for the same
folder, and hands back its connection string. Whoever leaves last stops it: every user of the folder
holds a shared file lock, which the kernel releases also after `kill -9`, so a server left behind
by a killed process is found again and stopped by the next one.

Layout under the data folder: `postgres/data` (the cluster), `postgres/run` (the socket),
`postgres/programs` (a copy, for root only), `postgres/server.log`, `postgres.password`.
"""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dmp.storage.binaries import Account, NoEmbeddedServer
from dmp.storage.cluster import (
    PORT,
    RUNTIME_PREFIX,
    SETTINGS,
    USER,
    Launch,
    Place,
    make_cluster,
    refuse_other_version,
)

DATABASE = "dmp"
_STOP_SECONDS = 60.0


class EmbeddedServer:
    """A running server. `dsn` is a libpq connection string; it holds the password."""

    def __init__(self, place: Place, socket_folder: Path, users: int) -> None:
        self._place = place
        self._socket_folder = socket_folder
        self._users: int | None = users
        self.dsn = _dsn(place, socket_folder, DATABASE)

    def stop(self) -> None:
        """Leave the server; the last one to leave stops it. Safe to call twice."""
        users, self._users = self._users, None
        if users is None:
            return
        try:
            with _turn(self._place):
                if _alone(users):
                    _stop_server(self._place, self._socket_folder)
        finally:
            os.close(users)


def start(data_dir: Path) -> EmbeddedServer:
    """Start the server of this data folder, or join the one that runs.

    Waits as long as a crash recovery takes. Blocks: call it before the event loop, or in a thread.

    Raises:
        NoEmbeddedServer: no build for this platform, or it cannot start; the text says why.
    """
    place = Place(data_dir.resolve())
    account = Account.needed(place.data)
    for folder in (place.root, place.folder):
        folder.mkdir(parents=True, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            raise NoEmbeddedServer(
                f"the data folder {folder} belongs to another user: use it as that user, "
                "or give another folder."
            )
        # Root lends the way through, not the sight of what lies there.
        folder.chmod(0o711 if account else 0o700)
    with _turn(place):
        users = os.open(place.root / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(users, fcntl.LOCK_SH)
            socket_folder = _running(place) or _start_server(place, account)
            _have_database(place, socket_folder)
        except BaseException:
            os.close(users)
            raise
    return EmbeddedServer(place, socket_folder, users)


@contextmanager
def _turn(place: Place) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    lock = os.open(place.root / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _alone(users: int) -> bool:
    """Whether no other process uses the server; called in turn, so nobody comes in between."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# --- The server that may already run ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Postmaster:
    pid: int
    socket_folder: Path


def _postmaster(place: Place) -> _Postmaster | None:
    """What the lock file of the cluster says, whether or not it is still true."""
    try:
        lines = place.pid_file.read_text(encoding="utf-8").splitlines()
        return _Postmaster(abs(int(lines[0])), Path(lines[4]))
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _is_ours(place: Place, pid: int) -> bool:
    """Whether this process is a PostgreSQL that works in our cluster."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(place.data)
    except OSError:
        return False


def _running(place: Place) -> Path | None:
    """The socket folder of a server that already runs for this folder, or None.

    A server that cannot be reached any more (its socket was swept away) is stopped cleanly.
    """
    found = _postmaster(place)
    if found is None:
        return None
    if not _is_ours(place, found.pid):
        if _exists(found.pid):
            # The number was given to another program since: PostgreSQL would refuse to start.
            place.pid_file.unlink(missing_ok=True)
        _forget_runtime(found.socket_folder)
        return None
    socket = found.socket_folder / f".s.PGSQL.{PORT}"
    while socket.exists() and _is_ours(place, found.pid):
        if _answers(_dsn(place, found.socket_folder, "postgres")):
            return found.socket_folder
        time.sleep(0.01)
    _stop_server(place, found.socket_folder)
    return None


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _answers(dsn: str) -> bool:
    """Whether the server takes connections; False while it starts, recovers or stops."""
    try:
        psycopg.connect(dsn, connect_timeout=10).close()
    except psycopg.OperationalError as failure:
        if "password authentication failed" in str(failure):
            raise NoEmbeddedServer(
                "the embedded PostgreSQL refuses our password: postgres.password does not belong "
                "to this data folder; restore both from the same backup."
            ) from None
        return False
    return True


def _stop_server(place: Place, socket_folder: Path) -> None:
    found = _postmaster(place)
    if found is not None and _is_ours(place, found.pid):
        watch = os.pidfd_open(found.pid)
        try:
            for how in (signal.SIGINT, signal.SIGQUIT):
                signal.pidfd_send_signal(watch, how)
                if select.select([watch], [], [], _STOP_SECONDS)[0]:
                    break
        finally:
            os.close(watch)
        with suppress(ChildProcessError):
            os.waitpid(found.pid, 0)
    _forget_runtime(socket_folder)


def _forget_runtime(folder: Path) -> None:
    """Remove the private folder that an earlier start made in the system's temporary folder."""
    for candidate in (folder, folder.parent):
        in_temporary = candidate.parent == Path(tempfile.gettempdir()).resolve()
        if in_temporary and candidate.name.startswith(RUNTIME_PREFIX):
            shutil.rmtree(candidate, ignore_errors=True)


# --- Starting one ----------------------------------------------------------------------------


def _start_server(place: Place, account: Account | None) -> Path:
    log = os.open(place.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    launch = Launch.prepare(place, account)
    try:
        if not place.data.is_dir():
            make_cluster(place, launch, log)
        refuse_other_version(place)
        settings = {**SETTINGS, "unix_socket_directories": str(launch.socket_folder)}
        process = launch.run(
            "postgres",
            "-D",
            f"{launch.seen_folder}/data",
            *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
            log=log,
        )
        _await_answer(place, launch, process)
        return launch.socket_folder
    except BaseException:
        _forget_runtime(launch.socket_folder)
        raise
    finally:
        launch.close()
        os.close(log)


def _await_answer(place: Place, launch: Launch, process: subprocess.Popen[bytes]) -> None:
    """Wait until connections are taken, however long a recovery takes."""
    dsn = _dsn(place, launch.socket_folder, "postgres")
    socket = launch.socket_folder / f".s.PGSQL.{PORT}"
    try:
        while not (socket.exists() and _answers(dsn)):
            if process.poll() is not None:
                raise NoEmbeddedServer(f"the embedded PostgreSQL did not start; see {place.log}.")
            time.sleep(0.005)
    except BaseException:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait()
        raise
    # The server outlives this object on purpose: it is found again by its lock file.
    process.returncode = 0


def _have_database(place: Place, socket_folder: Path) -> None:
    """Make our database on the first start, also when an earlier first start was cut short."""
    dsn = _dsn(place, socket_folder, "postgres")
    with psycopg.connect(dsn, autocommit=True) as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(known, (DATABASE,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _dsn(place: Place, socket_folder: Path, database: str) -> str:
    return make_conninfo(
        host=str(socket_folder),
        port=PORT,
        user=USER,
        password=place.password.read_text(encoding="ascii"),
        dbname=database,
    )
