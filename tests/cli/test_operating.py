"""The operator's commands on emergencies, heirs, notices and relations, run in this process."""

from __future__ import annotations

import stat
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.perform import perform
from dmp.cli import main
from dmp.domain.access.policy import Ceilings
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Motive, Purpose
from dmp.domain.record.health_record import ClosingMotive
from dmp.domain.record.relations import RepresentationKind
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.territory.professionals import BY_KEY
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run

INS = person_of(PATIENT).ins.matricule
CHILD, MOTHER = "lea-moreau", "sandrine-moreau"


@dataclass(slots=True)
class Operating:
    """A store on which stories are told and commands run, one after the other."""

    database: str
    data: Path
    captured: pytest.CaptureFixture[str]

    def tell(self, story: Callable[[Story], Awaitable[None]]) -> None:
        async def told() -> None:
            async with telling(self.database, self.data) as tale:
                await story(tale)

        run(told())

    def dmp(self, *arguments: str, code: int = 0) -> str:
        """The output of a command; of one that fails, its sentence."""
        self.captured.readouterr()
        assert main(arguments) == code
        found = self.captured.readouterr()
        assert "Traceback" not in found.err
        return found.out if code == 0 else found.err


@pytest.fixture
def operating(
    database: str,
    data_dir: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Operating:
    monkeypatch.setenv("DMP_DATA", str(data_dir))
    monkeypatch.setenv("DATABASE_URL", database)
    monkeypatch.setenv("DMP_TEST_MODE", "true")
    monkeypatch.setenv("LOGNAME", "officier")
    return Operating(database, data_dir, capsys)


def _field(text: str, name: str) -> str:
    return next(line.split(maxsplit=1)[1] for line in text.splitlines() if line.startswith(name))


def test_an_emergency_is_listed_with_its_motive_and_reviewed(operating: Operating) -> None:
    async def story(tale: Story) -> None:
        await tale.opened()
        await tale.deposited("dr-garnier", "Cardiologie interventionnelle")
        urgent = replace(
            caller_of("dr-benoit", purpose=Purpose.BREAK_GLASS),
            motive=Motive.LIFE_AT_RISK,
            purpose_since=tale.house.at,
        )
        await tale.titles(urgent)

    assert "0 emergency accesses" in operating.dmp("emergency", "list")
    operating.tell(story)
    listed = operating.dmp("emergency", "list")
    assert "by       Dr Thomas BENOIT" in listed
    assert "mode     break-glass, life at risk" in listed
    assert "1 emergency accesses wait" in listed
    assert "Cardiologie" not in listed
    assert INS not in listed
    named = (_field(listed, "record"), _field(listed, "access"))
    silent = operating.dmp("emergency", "review", *named, "--verdict", "questioned", code=2)
    assert "parameter-missing" in silent
    asked = operating.dmp(
        "emergency", "review", *named, "--verdict", "questioned", "--remark", "Pourquoi ?"
    )
    assert "review   questioned: Pourquoi ?" in asked
    assert "by operator:officier" in asked
    operating.dmp("emergency", "review", *named, "--verdict", "justified")
    assert "0 emergency accesses" in operating.dmp("emergency", "list")
    again = operating.dmp("emergency", "review", *named, "--verdict", "justified", code=2)
    assert "review-not-possible" in again


def test_documents_are_given_to_an_heir_in_a_folder_of_one_s_own(
    operating: Operating, tmp_path: Path
) -> None:
    contents: list[bytes] = []

    async def story(tale: Story) -> None:
        record = await tale.opened()
        entry = await tale.deposited("dr-martin", "Suivi du diabète")
        contents.append(await tale.content(PATIENT, entry))
        closing = CloseRecord(record_id=record.record_id, motive=ClosingMotive.DEATH)
        await perform(tale.house, close_record, closing, caller_of("agent-guichet"))

    operating.tell(story)
    asked = (
        "heirs", "file", "--ins", INS, "--name", "Luc Roux", "--relation", "fils",
        "--proofs", "acte de notoriété", "--purpose", "rights",
    )  # fmt: skip
    own = operating.dmp(*asked)
    decision = ("--decision", "granted", "--grounds", "Lien établi.")
    named = (_field(own, "record"), _field(own, "request"))
    alone = operating.dmp("heirs", "decide", *named, *decision, code=2)
    assert "same officer" in alone
    filed = operating.dmp(*asked, "--as", "agent-guichet")
    named = (_field(filed, "record"), _field(filed, "request"))
    folder = tmp_path / "remise"
    early = operating.dmp("heirs", "release", *named, "--to", str(folder), code=2)
    assert "review-not-possible" in early
    assert not folder.exists()
    assert "2 requests wait" in operating.dmp("heirs", "list")
    assert "decision  granted: Lien établi." in operating.dmp("heirs", "decide", *named, *decision)
    said = operating.dmp("heirs", "release", *named, "--to", str(folder))
    assert f"1 documents written to {folder}" in said
    assert "diabète" not in said
    assert INS not in said + filed
    files = {path.name: path for path in folder.iterdir()}
    assert set(files) == {"001-2026-03-02.xml", "sommaire.txt"}
    assert files["001-2026-03-02.xml"].read_bytes() == contents[0]
    assert "Suivi du diabète" in files["sommaire.txt"].read_text("utf-8")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    taken = operating.dmp("heirs", "release", *named, "--to", str(folder), code=2)
    assert "is there already" in taken
    assert "1 requests wait" in operating.dmp("heirs", "list")


def test_heirs_have_no_request_on_a_record_closed_otherwise(operating: Operating) -> None:
    async def story(tale: Story) -> None:
        await tale.opened()

    operating.tell(story)
    said = operating.dmp(
        "heirs", "file", "--ins", INS, "--name", "Luc Roux", "--relation", "fils",
        "--proofs", "acte", "--purpose", "memory", code=2,
    )  # fmt: skip
    assert "heirs-not-entitled" in said


def test_the_operator_reads_who_passed_a_ceiling(operating: Operating) -> None:
    async def story(tale: Story) -> None:
        tale.house.policy = replace(tale.house.policy, ceilings=Ceilings(professional_day=1))
        for key in (PATIENT, "paul-durand"):
            await tale.opened(key)
            await tale.consented("dr-garnier", of=key)
        await tale.titles("dr-garnier", PATIENT)
        assert await refused(tale.titles("dr-garnier", "paul-durand")) is Reason.CEILING_REACHED

    assert "0 notices" in operating.dmp("notices")
    operating.tell(story)
    said = operating.dmp("notices")
    assert "Dr Hélène GARNIER, Cabinet de cardiologie Garnier: opened more" in said
    assert "1 notices" in said
    assert INS not in said


def test_the_attending_doctor_is_declared_and_the_declaration_ended(operating: Operating) -> None:
    async def story(tale: Story) -> None:
        await tale.opened()

    operating.tell(story)
    doctor = BY_KEY["dr-martin"]
    declare = ("record", "declare-doctor", "--ins", INS)
    who = ("--rpps", doctor.rpps, "--name", doctor.name)
    said = operating.dmp(*declare, *who, "--until", "2030-12-31")
    assert f"attending doctor  {doctor.name}, until 2030-12-31" in said
    assert INS not in said

    async def sees(tale: Story) -> None:
        tale.on(2030, 12, 31, 23, 59, 59)
        assert (await tale.known()).relations.is_attending_doctor(doctor.id_nat, tale.house.at)
        tale.later(seconds=1)
        assert not (await tale.known()).relations.is_attending_doctor(doctor.id_nat, tale.house.at)

    operating.tell(sees)
    past = operating.dmp(*declare, *who, "--until", "2020-01-01", code=2)
    assert "relation-ends-before-start" in past
    assert "none" in operating.dmp(*declare, "--nobody")
    for wrong in ((), (*who, "--nobody"), ("--rpps", doctor.rpps), (*who, "--until", "demain")):
        operating.dmp(*declare, *wrong, code=2)


def test_a_parent_and_a_guardian_are_declared(operating: Operating) -> None:
    async def story(tale: Story) -> None:
        await tale.opened()
        await tale.opened(CHILD, by="dr-martin")

    operating.tell(story)
    mother, child = person_of(MOTHER), person_of(CHILD)
    declare = ("record", "declare-representative", "--representative", mother.ins.matricule)
    named = ("--name", mother.name)
    said = operating.dmp(*declare, *named, "--ins", child.ins.matricule)
    assert f"representative  {mother.name}, parent, until majority" in said
    of_age = operating.dmp(*declare, *named, "--ins", INS, code=2)
    assert "relation-not-possible" in of_age
    guardian = (*declare, *named, "--ins", INS, "--kind", "guardian", "--until", "2031-03-01")
    assert "judge" in operating.dmp(*guardian, code=2)
    said = operating.dmp(*guardian, "--proof", "Jugement du 2 mars 2026")
    assert "guardian, until 2031-03-01" in said

    async def represented(tale: Story) -> None:
        (relation,) = (await tale.known()).relations.representatives
        assert relation.kind is RepresentationKind.GUARDIAN
        assert relation.proof == "Jugement du 2 mars 2026"

    operating.tell(represented)


def test_what_is_due_is_done_and_counted(operating: Operating) -> None:
    assert operating.dmp("record", "due") == "0 records moved, 0 announcements followed\n"
