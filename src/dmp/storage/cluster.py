"""One cluster on disk: where it stands, how its programs are run, how it is made."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dmp.storage.binaries import Account, NoEmbeddedServer, copy_into, installed, programs_of
from dmp.storage.private_files import sync_folder, write_private

USER = "dmp"
PORT = 5432
RUNTIME_PREFIX = "dmp-pg-"
_SOCKET_PATH_LIMIT = 107

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    # A statement or its detail may hold what no log line may hold.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything stands, as we see it."""

    root: Path

    @property
    def folder(self) -> Path:
        """Everything of the server."""
        return self.root / "postgres"

    @property
    def data(self) -> Path:
        """The cluster itself."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says; never a value of a statement."""
        return self.folder / "server.log"

    @property
    def password(self) -> Path:
        """Our password, readable by us alone."""
        return self.root / "postgres.password"

    @property
    def pid_file(self) -> Path:
        """The server's own lock file."""
        return self.data / "postmaster.pid"


@dataclass(frozen=True, slots=True)
class Launch:
    """How to run the programs: by whom, from where, and under which name they see the cluster.

    Under root, a data folder inside a private home cannot be reached by the lent account. The
    programs then get the folder as an open directory and name it through `/proc/self/fd`.
    """

    account: Account | None
    programs: Path
    socket_folder: Path
    seen_folder: str
    lent: int | None

    @classmethod
    def prepare(cls, place: Place, account: Account | None) -> Launch:
        """Make the socket folder and put the programs where the account reaches them."""
        site = installed()
        reached = account is None or account.reaches(place.folder)
        run = place.folder / "run"
        runtime = run
        if not reached or len(os.fsencode(run)) + len(f"/.s.PGSQL.{PORT}") > _SOCKET_PATH_LIMIT:
            runtime = Path(tempfile.mkdtemp(prefix=RUNTIME_PREFIX)).resolve() / "run"
            if account:
                runtime.parent.chmod(0o711)
        runtime.mkdir(exist_ok=True)
        runtime.chmod(0o700)
        if account is not None:
            account.give(runtime)
            site = copy_into(site, (place.folder if reached else runtime.parent) / "programs")
        lent = None if reached else os.open(place.folder, os.O_RDONLY | os.O_DIRECTORY)
        seen = str(place.folder) if lent is None else f"/proc/self/fd/{lent}"
        return cls(account, programs_of(site), runtime, seen, lent)

    def run(self, program: str, *arguments: str, log: int) -> subprocess.Popen[bytes]:
        """Start a program with nothing of our environment and terminal."""
        account = self.account
        return subprocess.Popen(  # noqa: S603 - our own binaries, no shell, no outside argument
            [str(self.programs / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LANG": "C", "TZ": "UTC"},
            start_new_session=True,
            pass_fds=() if self.lent is None else (self.lent,),
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )

    def close(self) -> None:
        """Give up the open folder; the running server keeps its own."""
        if self.lent is not None:
            os.close(self.lent)


def make_cluster(place: Place, launch: Launch, log: int) -> None:
    """Make it beside its final place, then renamed: a crash half-way leaves nothing behind."""
    partial, password_copy = place.folder / "data.partial", place.folder / "password.partial"
    shutil.rmtree(partial, ignore_errors=True)
    password_copy.unlink(missing_ok=True)
    password = secrets.token_urlsafe(32)
    for path in (place.password, password_copy):
        path.unlink(missing_ok=True)
        write_private(path, password.encode("ascii"))
    partial.mkdir(mode=0o700)
    if launch.account is not None:
        launch.account.give(partial)
        launch.account.give(password_copy)
    process = launch.run(
        "initdb",
        f"--pgdata={launch.seen_folder}/{partial.name}",
        f"--pwfile={launch.seen_folder}/{password_copy.name}",
        f"--username={USER}",
        "--auth=scram-sha-256",
        # Our password is drawn, 32 octets: stretching it protects nothing and costs 8 ms a connection.
        "--set=scram_iterations=1",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        log=log,
    )
    code = process.wait()
    password_copy.unlink()
    if code != 0:
        raise NoEmbeddedServer(f"the database could not be made; see {place.log}.")
    partial.rename(place.data)
    sync_folder(place.folder)


def refuse_other_version(place: Place) -> None:
    """Raises NoEmbeddedServer: the cluster was made by another major version."""
    version = (place.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if version != "18":
        raise NoEmbeddedServer(
            f"the data folder was made by PostgreSQL {version} and this installation brings 18: "
            "dump it with the old installation and restore it here."
        )
