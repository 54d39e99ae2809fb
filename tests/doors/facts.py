"""Facts of every kind, as documents and as lines of the insurance, so that whatever hides one may be tried with
each: a synthesis, an alert, a curve or a search that knew of it would show it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from dmp.domain.clinical.coding import ATC, CCAM, CIM10, CIP13
from dmp.domain.clinical.facts import Allergy, Problem
from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.visibility import Restriction
from dmp.domain.identifiers import UniqueId
from dmp.domain.identity.caller import Caller
from dmp.formats.cda.clinical_document import CdaDocument, Immunisation, Medication
from dmp.formats.cda.documents import (
    discharge_letter,
    imaging_report,
    laboratory_report,
    medical_synthesis,
    prescription,
    vaccination_note,
)
from dmp.formats.cda.write import write
from dmp.formats.cda.writing.frame import Frame
from dmp.formats.cda.writing.results import Result, ResultGroup
from tests.doors.papers import frame_of
from tests.doors.steps import Tale

KINDS: Final = ("summary", "prescription", "results", "imaging", "letter", "vaccination")
"""A document of each says facts of several kinds."""

_BOXES: Final = (
    ("3400935693099", "COUMADINE 5 mg", "B01AA03"),
    ("3400934744198", "KARDEGIC 75 mg", "B01AC06"),
    ("3400932936984", "AMIODARONE 200 mg", "C01BD01"),
    ("3400930263488", "ATORVASTATINE 10 mg", "C10AA05"),
    ("3400936394643", "CITALOPRAM 20 mg", "N06AB04"),
    ("3400931376330", "TERALITHE 250 mg", "N05AN01"),
)
"""Boxes of the shipped pack, many of which must not be taken together: CIP13, name, ATC."""
_PROBLEMS: Final = (("J459", "Asthme"), ("I489", "Fibrillation auriculaire"), ("E119", "Diabète"))
_EXAMS: Final = (("ZBQK001", "Scanner du thorax"), ("ACQN001", "IRM du crâne"))


def paper_of(
    kind: str, number: int, by: Caller, tale: Tale, at: datetime, unique_id: UniqueId
) -> bytes:
    """A document of a kind. What it says follows from the number."""
    frame = frame_of(by, (tale.people.girl, tale.people.traits), at, unique_id)
    return write(_WRITERS[kind](frame, number))


def _medicine(frame: Frame, number: int) -> Medication:
    cip13, name, atc = _BOXES[number % len(_BOXES)]
    return Medication(
        name=name,
        code=Code(cip13, CIP13, name),
        others=(Code(atc, ATC, name),),
        dosage=f"{1 + number % 3} par jour",
        start=frame.written_at.date(),
        stop=frame.written_at.date() + timedelta(days=60 + number),
    )


def _problem(number: int) -> Problem:
    code, label = _PROBLEMS[number % len(_PROBLEMS)]
    return Problem(label=f"{label} {number}", code=Code(code, CIM10, label), since=date(2020, 1, 5))


def _allergy(number: int) -> Allergy:
    return Allergy(
        label="Amoxicilline", code=Code("J01CA04", ATC, "Amoxicilline"), severity="grave"
    )


def _summary(frame: Frame, number: int) -> CdaDocument:
    weight = Result(code=Code("29463-7", LOINC, "Poids"), value=str(40 + number % 40), unit="kg")
    return medical_synthesis(
        frame,
        problems=(_problem(number),),
        history=(f"Appendicectomie {number}",),
        procedures=("Appendicectomie",),
        allergies=(_allergy(number),) if number % 2 else (),
        treatments=(_medicine(frame, number),),
        attention=(f"Chutes {number}",),
        vital_signs=(weight,),
    )


def _prescription(frame: Frame, number: int) -> CdaDocument:
    return prescription(frame, medications=(_medicine(frame, number), _medicine(frame, number + 1)))


def _results(frame: Frame, number: int) -> CdaDocument:
    results = (
        Result(code=Code("4548-4", LOINC, "HbA1c"), value=f"{6 + number % 30 / 10:.1f}", unit="%",
               low="4.0", high="6.0", interpretation="H"),
        Result(code=Code("2823-3", LOINC, "Potassium"), value=f"{3 + number % 4}.9", unit="mmol/L",
               low="3.5", high="5.0", interpretation="HH" if number % 4 == 3 else "N"),
        Result(code=Code("3016-3", LOINC, "TSH"), value=f"{1 + number % 5}", unit="mUI/L"),
    )  # fmt: skip
    chapter = ResultGroup(code=Code("18719-5", LOINC, "Biochimie"), results=results)
    return laboratory_report(frame, groups=(chapter,), conclusion=f"Bilan {number}.")


def _imaging(frame: Frame, number: int) -> CdaDocument:
    code, label = _EXAMS[number % len(_EXAMS)]
    return imaging_report(
        frame,
        acts=(Code(code, CCAM, label),),
        indication=f"Toux {number}",
        technique=label,
        findings=f"Nodule de {number} mm.",
        conclusion=f"Nodule {number} à revoir.",
    )


def _letter(frame: Frame, number: int) -> CdaDocument:
    left = frame.written_at - timedelta(days=1)
    return discharge_letter(
        frame,
        admitted_at=left - timedelta(days=4),
        discharged_at=left,
        reason=f"Malaise {number}",
        synthesis=f"Séjour {number} simple.",
        diagnoses=(_problem(number),),
        treatments=(_medicine(frame, number),),
        stopped=("Ibuprofène",),
        allergies=(_allergy(number),) if number % 3 == 0 else (),
    )


def _vaccination(frame: Frame, number: int) -> CdaDocument:
    given = Immunisation(
        vaccine="Vaccin contre le tétanos",
        given_on=frame.written_at.date() - timedelta(days=number),
        code=Code("J07AM01", ATC, "Anatoxine tétanique"),
        lot=f"LOT{number}",
        targets=("Tétanos",),
    )
    return vaccination_note(frame, immunisations=(given,))


_WRITERS = {
    "summary": _summary,
    "prescription": _prescription,
    "results": _results,
    "imaging": _imaging,
    "letter": _letter,
    "vaccination": _vaccination,
}


async def brings(
    tale: Tale, by: Caller, kind: str, restrictions: frozenset[Restriction] | None = None,
    replaces: UniqueId | None = None,
) -> DocumentEntry:  # fmt: skip
    """Somebody deposits a document of a kind; a step may bring several."""
    at = tale.world.at - timedelta(minutes=30)
    while tale.step in tale.entries:
        tale.step += 1000
    unique_id = UniqueId(f"2.25.7{tale.people.girl.matricule[:13]}{tale.step:06}")
    content = paper_of(kind, tale.step % 1000, by, tale, at, unique_id)
    claimed = ClaimedDocument(
        content=content, content_type="text/xml", restrictions=restrictions, replaces=replaces
    )
    entry = await tale.sends(by, Submission(ins=tale.people.girl, documents=(claimed,)))
    tale.entries[tale.step] = entry
    return entry


_LINES: Final = (
    ("medicine", "cip13", _BOXES[0][0], 40, "3313"),
    ("medicine", "cip13", _BOXES[1][0], 10, "3313"),
    ("medicine", "cip13", _BOXES[4][0], 70, "3313"),
    ("biology", "nabm", "1577", 9, "6111"),
    ("biology", "nabm", "1208", 12, "6111"),
    ("imaging", "ccam", "ZBQK001", 15, "1351"),
    ("device", "lpp", "2222124", 100, "3511"),
    ("care", "ngap", "G", 20, "1111"),
    ("stay", "ghs", "1142", 200, ""),
    ("long-term", "cim10", "E119", 400, ""),
)
"""One line of each kind at least: kind, system, code, days ago, nature."""
_PRESCRIBER: Final = "810100000016"


async def feeds(tale: Tale) -> None:
    """Lines of every kind come for the girl, as the feed of the insurer leaves them."""
    today = tale.world.at.date()
    rows = []
    for number, (kind, system, code, ago, nature) in enumerate(_LINES):
        day = today - timedelta(days=ago)
        end = day + timedelta(days=3) if kind == "stay" else None
        rows.append(
            (tale.record_id, UUID(int=tale.step * 100 + number), kind, system, code, day, end, day,
             nature, 1.0, _PRESCRIBER, "01", "", "", "", "", day, "J189" if kind == "stay" else "",
             None)
        )  # fmt: skip
    await tale.world.takes_lines(tale.record_id, rows)
