"""Statements on the reading connection, counted: two at most to load what a decision needs, and the same
whether a document is hidden, another person's, or not there at all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from dmp.acts.act import Act, OfDocument, OfNothing, OfPatient, OfRecord, Target, always
from dmp.acts.documents.find_documents import FindDocuments, find_documents, find_documents_ready
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.perform import perform
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.access.policy import Ceilings, Policy
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.visibility import Visibility
from dmp.domain.errors import Refused
from dmp.domain.identity.caller import Caller
from dmp.domain.record.health_record import HealthRecord
from dmp.storage.postgres.reader import Parameters, Reader, ResultRow
from tests.acts.standing import Standing, standing, with_consent
from tests.builders import a_caller, a_doctor, an_ins, uuid7
from tests.storage.opened import deposited, kept_record, run

MOST = 2


@dataclass(slots=True)
class Counted:
    """What was executed since the count began."""

    statements: list[str] = field(default_factory=list)

    def since(self) -> int:
        """How many since the last time, which begins anew."""
        number = len(self.statements)
        self.statements.clear()
        return number


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    found, real = Counted(), Reader.all

    async def heard(self: Reader, statement: str, parameters: Parameters) -> list[ResultRow]:
        found.statements.append(statement)
        return await real(self, statement, parameters)

    monkeypatch.setattr(Reader, "all", heard)
    return found


@dataclass(frozen=True, slots=True)
class Scene:
    """A record with a consent and one document, and another person's record with another."""

    record: HealthRecord
    entry: DocumentEntry
    elsewhere: DocumentEntry


PLAIN = Visibility()
_ELSEWHERE = replace(a_doctor().structure, id_nat="1750000099")
OTHER = a_caller(a_doctor(id_nat="810100000090", structure=_ELSEWHERE))
STRANGER = a_caller(a_doctor(id_nat="810100000091", structure=_ELSEWHERE))


@asynccontextmanager
async def scene(
    database: str, data_dir: Path, visibility: Visibility = PLAIN
) -> AsyncIterator[Scene]:
    """Written by a house that is gone: nobody remembers anything of it."""
    async with standing(database, data_dir) as house:
        record = await kept_record(house.store)
        other = await kept_record(house.store, ins=an_ins(2))
        await with_consent(house, record, OTHER)
        made = Scene(
            record,
            await deposited(house.store, record, visibility=visibility),
            await deposited(house.store, other),
        )
    yield made


async def _nothing(request: Target, work: Work) -> None:
    """Decided, and nothing done: what was executed served the decision."""


def probe(action: Action) -> Act[Target, None]:
    return Act(
        name="probe", actions=always(action), target=lambda target: target, run=_nothing, reads=True
    )


def targets(made: Scene) -> dict[str, tuple[Target, Action]]:
    """Every way in which an act names what it is about."""
    record_id, ins = made.record.record_id, made.record.ins
    document, unique = made.entry.document_id, made.entry.unique_id
    return {
        "nothing": (OfNothing(), Action.READ_INBOX),
        "patient": (OfPatient(ins), Action.FIND_DOCUMENTS),
        "record": (OfRecord(record_id), Action.FIND_DOCUMENTS),
        "document": (OfDocument(document), Action.READ_DOCUMENT),
        "document by its version": (OfDocument(made.entry.entry_uuid), Action.READ_DOCUMENT),
        "document by its uniqueId": (OfDocument(unique), Action.READ_DOCUMENT),
        "document of a patient": (
            OfDocument(document, within=OfPatient(ins)),
            Action.READ_DOCUMENT,
        ),
        "document of a record": (
            OfDocument(document, within=OfRecord(record_id)),
            Action.READ_DOCUMENT,
        ),
    }


COLD = {
    "nothing": 0,
    "patient": 1,
    "record": 1,
    "document": 1,
    "document by its version": 1,
    "document by its uniqueId": 1,
    "document of a patient": 2,
    "document of a record": 2,
}
WARM = COLD | {"patient": 0, "record": 0, "document of a patient": 1, "document of a record": 1}
"""The record is remembered then, and its version verified where the trace is committed."""


@pytest.mark.parametrize("kind", COLD)
def test_a_decision_needs_two_statements_at_most(
    database: str, data_dir: Path, counted: Counted, kind: str
) -> None:
    async def story() -> None:
        async with scene(database, data_dir) as made, standing(database, data_dir) as house:
            target, action = targets(made)[kind]
            found = []
            for _ in range(3):
                counted.since()
                await perform(house, probe(action), target, OTHER)
                found.append(counted.since())
            assert found == [COLD[kind], WARM[kind], WARM[kind]]
            assert max(found) <= MOST

    run(story())


@pytest.mark.parametrize("kind", COLD)
def test_ceilings_ask_nothing_once_the_caller_is_known(
    database: str, data_dir: Path, counted: Counted, kind: str
) -> None:
    async def story() -> None:
        async with scene(database, data_dir) as made, standing(database, data_dir) as house:
            house.policy = Policy(ceilings=Ceilings(professional_hour=100, structure_day=100))
            target, action = targets(made)[kind]
            await perform(house, probe(action), target, OTHER)
            counted.since()
            await perform(house, probe(action), target, OTHER)
            assert counted.since() == WARM[kind]

    run(story())


async def tried(house: Standing, act: Act[Any, Any], request: Any, caller: Caller) -> bool:
    try:
        await perform(house, act, request, caller)
    except Refused:
        return False
    return True


NAMED_HOW = ("alone", "of the patient", "of the record")


def named(how: str, document: Any, record: HealthRecord) -> RetrieveDocument:
    within = {"alone": None, "of the patient": record.ins, "of the record": record.record_id}[how]
    return RetrieveDocument(document=document, within=within)


@pytest.mark.parametrize("warm", [False, True], ids=["cold", "warm"])
@pytest.mark.parametrize("how", NAMED_HOW)
def test_a_hidden_document_costs_what_an_unknown_one_costs(
    database: str, data_dir: Path, counted: Counted, how: str, warm: bool
) -> None:
    """Masked, another person's, of a record without consent, or nowhere: the same statements."""

    async def story() -> None:
        async with scene(database, data_dir, Visibility(masked=True)) as made:
            said: dict[str, list[str]] = {}
            for name, document, caller in (
                ("masked", made.entry.document_id, OTHER),
                ("elsewhere", made.elsewhere.document_id, OTHER),
                ("nowhere", uuid7(), OTHER),
                ("random", uuid4(), OTHER),
                ("without consent", made.entry.document_id, STRANGER),
                ("nowhere, without consent", uuid7(), STRANGER),
            ):
                async with standing(database, data_dir) as house:  # one that remembers nothing
                    request = named(how, document, made.record)
                    if warm:
                        assert not await tried(house, retrieve_document, request, caller)
                    counted.since()
                    assert not await tried(house, retrieve_document, request, caller)
                    said[name] = [*counted.statements]
            assert len({tuple(statements) for statements in said.values()}) == 1, said
            assert 1 <= len(said["nowhere"]) <= MOST

    run(story())


@pytest.mark.parametrize("masked", [False, True], ids=["shown", "masked"])
@pytest.mark.parametrize("act", [find_documents, find_documents_ready], ids=["entries", "ready"])
def test_a_list_is_one_statement_besides(
    database: str, data_dir: Path, counted: Counted, act: Act[FindDocuments, Any], masked: bool
) -> None:
    """Whether its one document is there for the reader or not: the list, and what its decision needs."""

    async def story() -> None:
        async with (
            scene(database, data_dir, Visibility(masked=masked)) as made,
            standing(database, data_dir) as house,
        ):
            request = FindDocuments(of=made.record.record_id, base_url="/fhir/")
            found = []
            for _ in range(2):
                counted.since()
                assert (await perform(house, act, request, OTHER)).total == (0 if masked else 1)
                found.append(counted.since())
            assert found == [COLD["record"] + 1, WARM["record"] + 1]

    run(story())
