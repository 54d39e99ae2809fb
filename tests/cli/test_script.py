"""The script `dmp`: what it prepares, when, and what it says when it cannot.

A stand-in for uv makes an environment without the network; the package is a stand-in that prints.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.house.lints import ROOT

UV = """#!/bin/sh
echo "$*" >>"{log}"
case "$1" in
    venv) for last; do :; done
        mkdir -p "$last/bin"
        printf '#!/bin/sh\\nexec "{python}" "$@"\\n' >"$last/bin/python"
        chmod +x "$last/bin/python" ;;
    pip) sleep "${{UV_TAKES:-0}}"; [ -z "${{UV_FAILS:-}}" ] ;;
esac
"""


class Checkout:
    """A checkout with the real script and stand-ins for the rest."""

    def __init__(self, place: Path) -> None:
        self.root = place / "a folder with spaces" / "clone"
        self.tools = place / "tools"
        self.log = place / "uv.log"
        (self.root / "src" / "dmp").mkdir(parents=True)
        (self.root / "src" / "dmp" / "__init__.py").write_text("")
        (self.root / "src" / "dmp" / "__main__.py").write_text(
            "import os, sys; print('started', os.getcwd(), sys.argv[1:])"
        )
        shutil.copy(ROOT / "dmp", self.root / "dmp")
        for lock in ("requirements.lock", "requirements-dev.lock"):
            (self.root / lock).write_text("starlette==1.0\n")
        self.tools.mkdir()
        self._tool("uv", UV.format(log=self.log, python=self._inner_python(place)))

    def _inner_python(self, place: Path) -> Path:
        """A Python that finds the stand-in package, whatever `.pth` the script wrote."""
        inner = place / "inner-python"
        inner.write_text(
            f'#!/bin/sh\nPYTHONPATH="{self.root}/src" exec "{sys.executable}" -S "$@"\n'
        )
        inner.chmod(0o755)
        return inner

    def _tool(self, name: str, text: str) -> None:
        (self.tools / name).write_text(text)
        (self.tools / name).chmod(0o755)

    def environment(self, **more: str) -> dict[str, str]:
        return {"PATH": f"{self.tools}:{os.environ['PATH']}", "HOME": str(self.root), **more}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.root / "dmp"), *arguments],
            env=self.environment(**more),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def installs(self) -> int:
        """How often the dependencies were installed."""
        text = self.log.read_text() if self.log.exists() else ""
        return sum(line.startswith("pip install") for line in text.splitlines())


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_first_start_prepares_and_the_second_does_not(checkout: Checkout) -> None:
    first = checkout.run("demo", "--people", "3")
    assert first.stdout == "started / ['demo', '--people', '3']\n"
    assert "preparing" in first.stderr
    second = checkout.run("demo")
    assert second.stdout == "started / ['demo']\n"
    assert second.stderr == ""
    assert checkout.installs() == 1


@pytest.mark.slow
def test_hashes_are_required(checkout: Checkout) -> None:
    checkout.run("demo")
    assert "--require-hashes" in checkout.log.read_text()


@pytest.mark.slow
def test_another_lock_prepares_again(checkout: Checkout) -> None:
    checkout.run("demo")
    (checkout.root / "requirements.lock").write_text("starlette==2.0\n")
    checkout.run("demo")
    assert checkout.installs() == 2


@pytest.mark.slow
def test_a_checkout_that_was_moved_prepares_again(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run("demo")
    moved = tmp_path / "moved"
    checkout.root.rename(moved)
    checkout.root = moved
    checkout.run("demo")
    assert checkout.installs() == 2


@pytest.mark.slow
def test_the_tests_have_the_tools_and_do_not_disturb_the_rest(checkout: Checkout) -> None:
    checkout.run("demo")
    checkout.run("test", "--fast")
    checkout.run("demo")
    assert checkout.installs() == 2
    assert "requirements-dev.lock" in checkout.log.read_text()


@pytest.mark.slow
def test_it_is_found_through_a_link(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(checkout.root / "dmp")
    found = subprocess.run(
        [str(tmp_path / "link"), "serve"],
        env=checkout.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "['serve']" in found.stdout


@pytest.mark.slow
def test_an_interrupted_preparation_is_taken_up_again(checkout: Checkout) -> None:
    failed = checkout.run("demo", UV_FAILS="yes")
    assert failed.returncode == 2
    assert "could not be installed" in failed.stderr
    assert checkout.run("demo").returncode == 0
    assert checkout.installs() == 2


@pytest.mark.slow
def test_two_starts_at_once_prepare_once(checkout: Checkout) -> None:
    environment = checkout.environment(UV_TAKES="1")
    started = [
        subprocess.Popen(
            [str(checkout.root / "dmp"), "demo"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    answers = [process.communicate(timeout=60) for process in started]
    assert [out.startswith("started") for out, _ in answers] == [True] * 3
    assert checkout.installs() == 1


@pytest.mark.slow
def test_no_lock_is_left_in_the_process_it_hands_over_to(checkout: Checkout) -> None:
    """A running server must not keep another start waiting."""
    (checkout.root / "src" / "dmp" / "__main__.py").write_text(
        "import sys; print('up', flush=True); sys.stdin.read()"
    )
    running = subprocess.Popen(
        [str(checkout.root / "dmp"), "demo"],
        env=checkout.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "up\n"
    began = time.monotonic()
    (checkout.root / "src" / "dmp" / "__main__.py").write_text("print('up')")
    assert checkout.run("test").stdout == "up\n"
    assert time.monotonic() - began < 30
    running.communicate(timeout=30)


def test_without_a_recent_python_it_says_what_to_install(checkout: Checkout) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        checkout._tool(name, "#!/bin/sh\nexit 1\n")
    found = checkout.run("demo")
    assert found.returncode == 2
    assert "Python 3.11 or newer is needed" in found.stderr
    assert "apt install" in found.stderr


def test_without_ensurepip_it_says_what_to_install(checkout: Checkout) -> None:
    (checkout.tools / "uv").unlink()
    checkout._tool(
        "python3",
        f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n',
    )
    tools = f"{checkout.tools}:/usr/bin:/bin"
    found = checkout.run("demo", PATH=tools)
    assert found.returncode == 2
    assert "apt install python3-venv" in found.stderr


@pytest.mark.slow
def test_nothing_outside_the_checkout_is_written(checkout: Checkout, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    checkout.run("demo", HOME=str(home))
    assert list(home.iterdir()) == []
