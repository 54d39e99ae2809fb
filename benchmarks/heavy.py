"""A heavy record: 400 structured documents deposited through the acts, and 1 500 lines of the insurer."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from uuid import UUID

import psycopg

from benchmarks.letters import AUTHOR_ID, STRUCTURE_ID
from benchmarks.preparation import DOCTOR, MODEL, TRAITS, opened_record, person
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.perform import perform
from dmp.acts.sharing.declare_attending_doctor import (
    DeclareAttendingDoctor,
    declare_attending_doctor,
)
from dmp.bootstrap.house import Built, built
from dmp.domain.codes import LOINC, TRE_A01_PRACTICE, TRE_R02_SECTOR, Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, Ins, RecordId, UniqueId
from dmp.domain.identity.caller import Caller, Insurer, Operator, Strength, StructureRef
from dmp.formats.cda.clinical_document import CdaDocument, Medication, Patient
from dmp.formats.cda.documents import (
    consultation_note,
    imaging_report,
    laboratory_report,
    prescription,
)
from dmp.formats.cda.write import write
from dmp.formats.cda.writing.frame import Frame
from dmp.formats.cda.writing.results import Result, ResultGroup
from dmp.formats.pdf import write_pdf
from dmp.settings import Settings

DOCUMENTS = 400
LINES = 1_500
_ATC = "2.16.840.1.113883.6.73"
_ANALYTES = (
    ("4548-4", "HbA1c", "%", 5.0, 9.0, "4.0", "6.0"),
    ("14682-9", "Créatinine", "umol/L", 55, 140, "59", "104"),
    ("62238-1", "DFG estimé", "mL/min", 35, 100, "60", ""),
    ("2823-3", "Potassium", "mmol/L", 3.2, 5.8, "3.5", "5.1"),
    ("2951-2", "Sodium", "mmol/L", 132, 146, "136", "145"),
    ("718-7", "Hémoglobine", "g/dL", 9, 17, "13", "17"),
    ("22748-8", "Cholestérol LDL", "mmol/L", 1.5, 5, "", "3"),
    ("3016-3", "TSH", "mUI/L", 0.2, 7, "0.4", "4.0"),
    ("1988-5", "CRP", "mg/L", 0.5, 60, "", "5"),
    ("2276-4", "Ferritine", "ug/L", 10, 400, "30", "300"),
)
INSURER = Caller(
    who=Insurer(structure=StructureRef(id_nat="318003502400041", name="Assurance Maladie")),
    strength=Strength.STRUCTURE,
    door=DOCTOR.door,
    means="dmp bench",
)
OPERATOR = replace(DOCTOR, who=Operator(id="bench", name="Mesure"))


@dataclass(frozen=True)
class Heavy:
    """The record that is read. `doctor` is its attending doctor."""

    record_id: RecordId
    ins: Ins
    doctor: Caller = DOCTOR


def heavy(dsn: str, data: Path, now: datetime) -> Heavy:
    """Open the record, deposit its documents, write its lines."""
    settings = Settings(database_url=dsn, data=data, test_mode=True)

    async def prepare() -> Heavy:
        async with built(settings) as standing:
            return await _deposited(standing, now)

    made = asyncio.run(prepare())
    with psycopg.connect(dsn, autocommit=True) as connection:
        _write_lines(connection, made.record_id, now)
        connection.execute("VACUUM ANALYZE")
    return made


async def _deposited(standing: Built, now: datetime) -> Heavy:
    house, ins = standing.house, person(MODEL)
    record = await opened_record(standing, ins)
    doctor = DeclareAttendingDoctor(
        record_id=record.record_id, person_id=AUTHOR_ID, name="Dr Alix MESUREUR"
    )
    await perform(house, declare_attending_doctor, doctor, OPERATOR)
    for number in range(DOCUMENTS):
        claimed = ClaimedDocument(
            content=write(_document(number, ins, now)), content_type="text/xml", ins=ins
        )
        submission = Submission(ins=ins, documents=(claimed,), simplified=True)
        await perform(house, provide_documents, submission, DOCTOR)
    await perform(house, provide_documents, _history(ins, now), INSURER)
    return Heavy(record.record_id, ins)


def _history(ins: Ins, now: datetime) -> Submission:
    """A document of reimbursements: the lines of the record exist for those who see it."""
    claimed = ClaimedDocument(
        content=write_pdf("Données de remboursement", ("Historique de la mesure.",)),
        content_type="application/pdf",
        ins=ins,
        title="Données de remboursement",
        unique_id=UniqueId("2.25.4096"),
        type_code=Code("REMB", "1.2.250.1.213.1.1.4.12", "Données de remboursement"),
        created_at=now - timedelta(hours=1),
        service_start=now - timedelta(days=730),
        facility_type=Code("SA24", TRE_R02_SECTOR, "Organisme de sécurité sociale"),
        practice_setting=Code("AMO", TRE_A01_PRACTICE, "Assurance maladie obligatoire"),
    )
    return Submission(ins=ins, documents=(claimed,), simplified=True)


def _document(number: int, ins: Ins, now: datetime) -> CdaDocument:
    """Two laboratory reports, two prescriptions, an imaging report, a note; and so on."""
    drawn = Random(number)  # noqa: S311  # values to be measured, no secret
    frame = _frame(number, ins, now - timedelta(days=2 * number + 1))
    match number % 6:
        case 0 | 3:
            return laboratory_report(frame, groups=(_results(drawn),))
        case 1 | 4:
            return prescription(frame, medications=_medications(drawn, frame))
        case 2:
            return imaging_report(
                frame,
                acts=(Code("24627-2", LOINC, "Scanner du thorax"),),
                indication="Toux persistante.",
                technique="Acquisition sans injection.",
                findings="Pas d'anomalie du parenchyme.",
                conclusion="Examen sans anomalie significative.",
            )
        case _:
            return consultation_note(frame, reason="Suivi", conclusion="État stable.")


def _frame(number: int, ins: Ins, at: datetime) -> Frame:
    author = Author(
        kind=AuthorKind.PROFESSIONAL,
        id=AUTHOR_ID,
        id_root=PS_ROOT,
        family="Mesureur",
        given="Alix",
        structure_id=STRUCTURE_ID,
        structure_root=STRUCTURE_ROOT,
        structure_name="Cabinet des mesures",
        specialty=Code("G15_10/SM54", "1.2.250.1.213.1.1.4.5", "Médecine générale"),
    )
    return Frame(
        unique_id=UniqueId(f"2.25.{10_000 + number}"),
        patient=Patient(ins=ins, traits=TRAITS),
        author=author,
        written_at=at,
        facility=Code("SA07", TRE_R02_SECTOR, "Cabinet individuel"),
        setting=Code("AMBULATOIRE", TRE_A01_PRACTICE, "Ambulatoire"),
    )


def _results(drawn: Random) -> ResultGroup:
    results = []
    for loinc, label, unit, least, most, low, high in _ANALYTES:
        value = drawn.uniform(least, most)
        above = bool(high) and value > float(high)
        below = bool(low) and value < float(low)
        results.append(
            Result(
                code=Code(loinc, LOINC, label),
                value=f"{value:.1f}",
                unit=unit,
                low=low,
                high=high,
                interpretation="H" if above else "L" if below else "N",
            )
        )
    return ResultGroup(code=Code("18719-5", LOINC, "Biochimie"), results=tuple(results))


def _medications(drawn: Random, frame: Frame) -> tuple[Medication, ...]:
    return tuple(
        Medication(
            name=row["name"],
            code=Code(row["atc"], _ATC, row["substances"]),
            dosage="1 comprimé matin et soir",
            start=frame.written_at.date(),
            stop=frame.written_at.date() + timedelta(days=90),
        )
        for row in drawn.sample(_medicines(), 5)
    )


def _rows(name: str) -> list[dict[str, str]]:
    table = files("dmp.remote.simulated.claims") / "codes" / name
    with table.open("r", encoding="utf-8") as source:
        return list(csv.DictReader(source))


def _medicines() -> list[dict[str, str]]:
    return _rows("medicines.csv")


def _write_lines(connection: psycopg.Connection, record_id: RecordId, now: datetime) -> None:
    copy = "COPY claim_line FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copy) as rows:
        for row in _lines(record_id, now):
            rows.write_row((*row, None))
    connection.execute(
        "INSERT INTO claim_feed VALUES (%s, %s, %s)"
        " ON CONFLICT (record_id) DO UPDATE SET published_at = excluded.published_at",
        (record_id, now, now),
    )


def _lines(record_id: RecordId, now: datetime) -> Iterator[tuple[object, ...]]:
    """Deliveries of twenty medicines month after month, laboratory acts, procedures, consultations."""
    drawn = Random(1)  # noqa: S311  # values to be measured, no secret
    current = drawn.sample(_medicines(), 20)
    biology, procedures = _rows("biology.csv"), _rows("procedures.csv")
    for number in range(LINES):
        day = (now - timedelta(days=drawn.randrange(720))).date()
        match number % 5:
            case 0 | 1:
                kind, system, code, nature = (
                    "medicine",
                    "cip13",
                    drawn.choice(current)["cip13"],
                    "3313",
                )
            case 2 | 3:
                kind, system, code, nature = (
                    "biology",
                    "nabm",
                    drawn.choice(biology)["nabm"],
                    "1414",
                )
            case _ if number % 10 == 4:
                kind, system, code, nature = (
                    "imaging",
                    "ccam",
                    drawn.choice(procedures)["ccam"],
                    "1351",
                )
            case _:
                kind, system, code, nature = "care", "ngap", "G", "1110"
        yield (
            record_id, UUID(int=number + 1), kind, system, code, day, None, day, nature, 1.0,
            "10000000017", "1", "10000000025", "1", "750000010", "750000010", day, "",
        )  # fmt: skip
