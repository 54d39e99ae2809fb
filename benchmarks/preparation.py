"""What is measured on: a professional, a record opened through the acts, documents deposited through them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks.crowd import Model, matricule
from benchmarks.letters import AUTHOR_ID, STRUCTURE_ID, letter
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.perform import perform
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.bootstrap.house import Built, built
from dmp.domain.access.matrix import professions
from dmp.domain.codes import TRE_R01_KNOW_HOW, Code
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.identifiers import Ins, InsRoot
from dmp.domain.identity.caller import (
    Caller,
    Door,
    Holder,
    Professional,
    Strength,
    StructureRef,
)
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.record.health_record import HealthRecord
from dmp.settings import Settings

DOCUMENTS = 50
MODEL = 2_000_000
"""Number of the model person; copies have smaller ones."""

DOCTOR = Caller(
    who=Professional(
        id_nat=AUTHOR_ID,
        name="Dr Alix MESUREUR",
        profession=professions()["10"].code,
        structure=StructureRef(id_nat=STRUCTURE_ID, name="Cabinet des mesures", sector="SA07"),
        know_how=Code("SM54", TRE_R01_KNOW_HOW, "Médecine générale"),
    ),
    strength=Strength.INDIVIDUAL,
    door=Door.FHIR,
    means="jwt:iua",
    software="dmp bench",
)

TRAITS = Traits(
    birth_name="Repère", given_names="Mesure Camille", sex=Sex.MALE, birth_date=date(1970, 1, 1)
)


def person(number: int) -> Ins:
    """The INS of the person with this number, in the test root."""
    return Ins(matricule(number), InsRoot.NIR_TEST)


def prepared(dsn: str, data: Path, documents: int = DOCUMENTS, others: int = 0) -> Model:
    """Open the model record, record the doctor's consent, deposit so many letters.

    `others` are further persons, numbered from 0, whose records are opened as well.
    """
    settings = Settings(database_url=dsn, data=data, test_mode=True)

    async def prepare() -> Model:
        async with built(settings) as standing:
            for number in range(others):
                await opened_record(standing, person(number))
            return await _model(standing, documents)

    return asyncio.run(prepare())


async def _model(standing: Built, documents: int) -> Model:
    house, ins = standing.house, person(MODEL)
    record = await opened_record(standing, ins)
    await perform(house, grant_consent, GrantConsent(record_id=record.record_id), DOCTOR)
    for number in range(documents):
        submission = Submission(
            ins=ins,
            documents=(
                ClaimedDocument(
                    content=letter(number, ins.matricule), content_type="text/xml", ins=ins
                ),
            ),
            simplified=True,
        )
        await perform(house, provide_documents, submission, DOCTOR)
    return Model(record_id=record.record_id, matricule=ins.matricule, root=ins.root.value)


async def opened_record(standing: Built, ins: Ins) -> HealthRecord:
    """The record of this person, opened online by himself."""
    holder = replace(DOCTOR, who=Holder(ins=ins, name="Mesure REPÈRE"), door=Door.WEB)
    request = OpenRecord(ins=ins, traits=TRAITS, consent="électronique, pour une mesure")
    return await perform(standing.house, open_record, request, holder)
