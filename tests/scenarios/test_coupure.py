"""La coupure : le serveur est tué en plein travail ; ce qui a été répondu se retrouve, entier.

A real server process over HTTP, its embedded PostgreSQL, `kill -9` at seeded moments, and a restart.
"""

from __future__ import annotations

import base64
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue
from uuid import UUID

import httpx
import pytest

from dmp.bootstrap.tokens import token_signer
from dmp.domain.identifiers import UniqueId
from dmp.formats.cda.documents import consultation_note
from dmp.formats.cda.write import write
from dmp.formats.fhir.patient import CONSENT
from dmp.remote.simulated.directory import caller_of
from dmp.settings import Settings
from tests.formats.cda.samples import FRAME

WRITERS = 6
CUTS = 4
STARTING_SECONDS = 60


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _server(data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`dmp serve` on this data folder; killed at the end if it still lives."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DMP_")},
        "DMP_DATA": str(data),
        "DMP_PORT": str(port),
        "DMP_TEST_MODE": "true",
    }
    environment.pop("DATABASE_URL", None)
    running = subprocess.Popen([sys.executable, "-m", "dmp", "serve"], env=environment)
    try:
        _wait_for_answer(running, port)
        yield running
    finally:
        running.kill()
        running.wait()


def _wait_for_answer(running: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < until:
        assert running.poll() is None, "the server ended while it started"
        try:
            httpx.get(f"http://127.0.0.1:{port}/fhir/metadata", timeout=5)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not answer")


def _letter(number: int) -> bytes:
    frame = replace(FRAME, unique_id=UniqueId(f"1.2.250.1.999.77.{number}"), replaces=())
    return write(consultation_note(frame, reason="Suivi", conclusion=f"Lettre {number}."))


def _publish(content: bytes) -> dict[str, object]:
    ins = FRAME.patient.ins
    data = base64.b64encode(content).decode()
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": {"identifier": {"system": f"urn:oid:{ins.root.value}", "value": ins.matricule}},
        "content": [{"attachment": {"contentType": "text/xml", "data": data}}],
    }


def _write_until_cut(
    base: str, headers: dict[str, str], numbers: Queue[int], answered: dict[int, str]
) -> None:
    with httpx.Client(base_url=base, headers=headers, timeout=20) as client:
        while True:
            try:
                number = numbers.get_nowait()
                answer = client.post("/fhir/DocumentReference", json=_publish(_letter(number)))
            except (Empty, httpx.TransportError):
                return  # nothing left to send, or the line was cut: nothing was answered
            assert answer.status_code == 201, answer.text
            answered[number] = answer.json()["id"]


def _run_and_cut(
    running: subprocess.Popen[bytes],
    base: str,
    headers: dict[str, str],
    numbers: Queue[int],
    answers: int,
) -> dict[int, str]:
    """Deposit from several clients; cut the server after so many answers."""
    answered: dict[int, str] = {}
    writers = [
        threading.Thread(target=_write_until_cut, args=(base, headers, numbers, answered))
        for _ in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    while len(answered) < answers and any(writer.is_alive() for writer in writers):
        time.sleep(0.001)
    running.send_signal(signal.SIGKILL)
    for writer in writers:
        writer.join(timeout=60)
        assert not writer.is_alive()
    return answered


@pytest.mark.slow
def test_rien_de_ce_qui_a_ete_repondu_n_est_perdu(tmp_path: Path) -> None:
    data = tmp_path / "data"
    author = caller_of("dr-benoit")
    drawn = random.Random(20261122)  # noqa: S311  # moments, no secret
    kept: dict[int, str] = {}
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    settings = Settings(data=data, test_mode=True, port=port)
    headers: dict[str, str] = {}
    for cut in range(CUTS):
        numbers: Queue[int] = Queue()
        for number in range(cut * 1000, cut * 1000 + 400):
            numbers.put(number)
        with _server(data, port) as running:
            if not headers:
                token = token_signer(settings)(author, 3600)
                headers = {"Authorization": f"Bearer {token}"}
                _open(base, headers)
            kept |= _run_and_cut(running, base, headers, numbers, drawn.randint(5, 60))
    assert len(kept) >= CUTS * 5
    with (
        _server(data, port) as running,
        httpx.Client(base_url=base, headers=headers, timeout=20) as client,
    ):
        for number, identifier in kept.items():
            found = client.get(f"/fhir/Binary/{UUID(identifier)}", headers={"Accept": "text/xml"})
            assert found.status_code == 200, found.text
            assert found.content == _letter(number)
        checked = subprocess.run(
            [sys.executable, "-m", "dmp", "check"],
            env={**os.environ, "DMP_DATA": str(data), "DMP_TEST_MODE": "true"},
            capture_output=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=60) == 0


def _open(base: str, headers: dict[str, str]) -> None:
    """The patient's record, opened by the doctor with the patient's consent (TD1.1)."""
    traits = FRAME.patient.traits
    ins = FRAME.patient.ins
    patient = {
        "resourceType": "Patient",
        "extension": [{"url": CONSENT, "valueString": "oral, au cabinet"}],
        "identifier": [{"system": f"urn:oid:{ins.root.value}", "value": ins.matricule}],
        "name": [
            {
                "use": "official",
                "family": traits.birth_name,
                "given": traits.given_names.split(),
            }
        ],
        "gender": "female",
        "birthDate": traits.birth_date.isoformat(),
    }
    answer = httpx.post(f"{base}/fhir/Patient", json=patient, headers=headers, timeout=20)
    assert answer.status_code == 201, answer.text
