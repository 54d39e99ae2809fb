"""Commands of the operator, run as a user runs them, on a data folder of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from dmp.cli import main
from dmp.domain.identifiers import nir_key
from dmp.storage.embedded import start

FIRST = "1790306088123"
INS = f"{FIRST}{nir_key(FIRST):02d}"


class Shell:
    """Runs `python -m dmp …` with a data folder."""

    def __init__(self, data: Path, **more: str) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DMP_", "DATABASE_URL"))}
        self.environment = {**kept, "DMP_DATA": str(data), **more}

    def here(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same in this process, where what is asked for is not the process: starting one takes long."""
        out, said = StringIO(), StringIO()
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith(("DMP_", "DATABASE_URL"))]:
                patch.delenv(name)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            with redirect_stdout(out), redirect_stderr(said):
                code = main(arguments)
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), said.getvalue())

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dmp", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "dmp", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """An operator, whose database runs: commands join it instead of starting it one after the other."""
    data = tmp_path_factory.mktemp("operator") / "data"
    server = start(data)
    yield Shell(data, DMP_TEST_MODE="true")
    server.stop()


OPENING = (
    "record", "open", "--ins", INS, "--name", "Essai", "--given", "Camille",
    "--sex", "M", "--birth-date", "1979-03-12",
)  # fmt: skip


@pytest.mark.slow
def test_an_operator_opens_shows_suspends_and_closes(shell: Shell) -> None:
    assert "state  open" in shell.run(*OPENING).stdout
    again = shell.here(*OPENING)
    assert again.returncode == 2
    assert "record-already-open" in again.stderr
    assert "state  open" in shell.here("record", "show", "--ins", INS).stdout
    assert "state  suspended" in shell.here("record", "suspend", "--ins", INS).stdout
    closed = shell.here("record", "close", "--ins", INS, "--motive", "fraud")
    assert "kept until" in closed.stdout
    assert "0 records moved" in shell.here("record", "due").stdout
    assert "0 faults" in shell.here("check", "--sweep").stdout
    verified = shell.here("log", "verify")
    assert verified.returncode == 0
    assert verified.stdout.rstrip().endswith("sound")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("record", "show", "--ins", "1"), "ins-malformed"),
        (("record", "show", "--ins", f"{FIRST}00"), "ins-key-wrong"),
        (("record", "show"), "--ins"),
        (("record", "open", "--from-cda", "nowhere.xml"), "nowhere.xml"),
        (("record", "open", "--ins", INS), "traits"),
        (("record", "reopen", "--ins", INS, "--as", "nobody", "--consent", "oui"), "no"),
        (("fly",), "fly"),
        (("demo", "--port", "eight"), "port"),
        (("bench", "speed"), "speed"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_an_error_is_one_sentence_and_code_2(
    shell: Shell,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    found = shell.here(*arguments)
    assert found.returncode == 2
    told = found.stderr
    assert said in told
    assert "Traceback" not in told
    assert told.count("\n") == 1


@pytest.mark.slow
def test_no_identity_is_in_what_a_refusal_prints(shell: Shell) -> None:
    found = shell.run("record", "show", "--ins", "279035121518989")
    assert found.returncode == 2
    assert "279035121518989" not in found.stdout + found.stderr


@pytest.mark.slow
def test_a_server_answers_says_when_its_port_is_taken_and_stops_cleanly(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    shell = Shell(tmp_path / "data", DMP_PORT=port)
    server = shell.start("serve")
    try:
        assert server.stderr is not None
        assert "serving at" in server.stderr.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
            assert page.status == 200
        second = Shell(tmp_path / "other", DMP_PORT=port).run("serve")
        assert second.returncode == 2
        assert f"port {port} is taken" in second.stderr
    finally:
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=60)
    assert server.returncode == 0
    assert "Traceback" not in said
    assert not (tmp_path / "data" / "postgres" / "data" / "postmaster.pid").exists()


@pytest.mark.slow
def test_a_demo_is_not_begun_on_the_data_of_a_server(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "data" / "keys").mkdir(parents=True)
    other = Shell(tmp_path / "data")
    for arguments in (("demo",), ("demo", "--reset")):
        found = other.here(*arguments)
        assert found.returncode == 2
        assert "no demo" in found.stderr
    assert (tmp_path / "data" / "keys").is_dir()
