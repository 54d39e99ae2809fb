"""Two records that the tasks are done in: "Jeanne Durand", of 132 documents, and "Dossier 500".

They are deposited through the acts as care would bring them, many in a submission.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from dmp.acts.documents.provide_documents import provide_documents
from dmp.domain.clinical.facts import Allergy, Problem
from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.types import document_types
from dmp.formats.cda.clinical_document import CdaDocument, Medication
from dmp.formats.cda.documents import (
    consultation_note,
    discharge_letter,
    imaging_report,
    laboratory_report,
    medical_synthesis,
    prescription,
)
from dmp.formats.cda.write import write
from dmp.formats.cda.writing.results import Result, ResultGroup
from tests.builders import a_caller
from tests.builders.clinical_facts import CIM10
from tests.entrypoints.web.people import DOCTOR, Someone
from tests.entrypoints.web.site import Site

OF_JEANNE, OF_MANY = 132, 500
"""Documents of each record."""
AT_ONCE = 50
"""Documents of one submission."""
ATC = "2.16.840.1.113883.6.73"
BORN = date(1951, 3, 14)
KEPT_FROM_PHARMACISTS = "Synthèse du suivi au centre"
"""Title of a document of Jeanne's of a type that the matrix keeps from pharmacists."""
FERRITIN = {2022: "31", 2024: "9", 2026: "48"}
"""What each year's report says, in µg/L."""


def jeanne(site: Site) -> Someone:
    """A woman of seventy-five whose record holds all that a synthesis tells; Anne Vasseur attends her."""
    someone = Someone(site, birth_name="Durand", given_names="Jeanne", birth_date=BORN)
    someone.opens().declares(DOCTOR)
    telling = [*map(_cda, _told(someone)), _sheet(someone, 0, KEPT_FROM_PHARMACISTS, "68599-0")]
    others = [_sheet(someone, number) for number in range(1, OF_JEANNE - len(telling) + 1)]
    _deposited(site, someone, telling + others)
    return someone


def dossier_500(site: Site) -> Someone:
    """A record of five hundred documents, with a ferritin of each second year; Anne Vasseur attends her."""
    someone = Someone(site, birth_name="Dossier", given_names="Cinqcents", birth_date=BORN)
    someone.opens().declares(DOCTOR)
    reports = [
        _cda(_ferritin(someone, year, value), f"Bilan sanguin de {year}")
        for year, value in FERRITIN.items()
    ]
    count = OF_MANY - len(reports)
    others = [
        _cda(_of_care(someone, n)) if n % 5 == 0 else _sheet(someone, n) for n in range(count)
    ]
    _deposited(site, someone, others[: count // 2] + reports + others[count // 2 :])
    return someone


def _deposited(site: Site, someone: Someone, documents: list[ClaimedDocument]) -> None:
    for first in range(0, len(documents), AT_ONCE):
        some = tuple(documents[first : first + AT_ONCE])
        site.do(provide_documents, Submission(ins=someone.ins, documents=some), a_caller(DOCTOR))


def _cda(document: CdaDocument, title: str = "") -> ClaimedDocument:
    return ClaimedDocument(content=write(document), content_type="text/xml", title=title)


def _sheet(
    someone: Someone, number: int, title: str = "", type_code: str = "89601-9"
) -> ClaimedDocument:
    made, title = _ago(number + 3), title or f"Certificat n° {number}"
    return ClaimedDocument(
        content=someone.pdf(title),
        content_type="application/pdf",
        title=title,
        type_code=document_types()[type_code].code,
        created_at=made,
        service_start=made,
    )


def _ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def _told(someone: Someone) -> Iterator[CdaDocument]:
    """What the five facts, the alerts and the emergency view are drawn from."""
    yield medical_synthesis(
        someone.frame(written_at=_ago(90)),
        problems=(
            Problem(label="Fibrillation auriculaire", code=Code("I48", CIM10, "")),
            Problem(label="Insuffisance cardiaque", code=Code("I50", CIM10, "")),
        ),
        allergies=(Allergy(label="Pénicilline", severity="grave", reaction="choc anaphylactique"),),
    )
    yield prescription(
        someone.frame(written_at=_ago(20)),
        medications=tuple(
            Medication(
                name=name,
                code=Code(atc, ATC, substance),
                dosage=dosage,
                start=_ago(20).date(),
                stop=_ago(-70).date(),
            )
            for name, atc, substance, dosage in (
                ("Apixaban 5 mg, comprimé", "B01AF02", "apixaban", "1 comprimé matin et soir"),
                ("Ramipril 5 mg, comprimé", "C09AA05", "ramipril", "1 comprimé le matin"),
                ("Spironolactone 25 mg, comprimé", "C03DA01", "spironolactone", "1 comprimé"),
            )
        ),
    )
    for days, potassium, filtration in ((200, "4.6", "58"), (100, "5.0", "52"), (12, "6.2", "44")):
        yield laboratory_report(
            someone.frame(written_at=_ago(days), act_start=_ago(days)),
            groups=(_biochemistry(potassium, filtration),),
        )
    yield discharge_letter(
        someone.frame(written_at=_ago(60)),
        admitted_at=_ago(67),
        discharged_at=_ago(60),
        reason="Décompensation cardiaque",
        synthesis="Évolution favorable sous diurétiques.",
    )
    yield imaging_report(
        someone.frame(written_at=_ago(64)),
        acts=(Code("24627-2", LOINC, "Scanner du thorax"),),
        indication="Dyspnée.",
        technique="Sans injection.",
        findings="Épanchement pleural minime.",
        conclusion="Pas d’embolie.",
    )


def _biochemistry(potassium: str, filtration: str) -> ResultGroup:
    return ResultGroup(
        code=Code("18719-5", LOINC, "Biochimie"),
        results=(
            _result("2823-3", "Potassium", potassium, "mmol/L", "3.5", "5.1"),
            _result("62238-1", "DFG estimé", filtration, "mL/min", "60", ""),
        ),
    )


def _ferritin(someone: Someone, year: int, value: str) -> CdaDocument:
    at = datetime(year, 3, 12, 9, tzinfo=UTC)
    result = _result("2276-4", "Ferritine", value, "ug/L", "15", "150")
    group = ResultGroup(code=Code("18723-7", LOINC, "Hématologie"), results=(result,))
    return laboratory_report(someone.frame(written_at=at, act_start=at), groups=(group,))


def _of_care(someone: Someone, number: int) -> CdaDocument:
    """Results and notes in turn, over years."""
    frame = someone.frame(written_at=_ago(5 * number + 4), act_start=_ago(5 * number + 4))
    if number % 2:
        return consultation_note(frame, reason="Suivi", conclusion="État stable.")
    return laboratory_report(frame, groups=(_biochemistry(f"4.{number % 10}", "70"),))


def _result(code: str, label: str, value: str, unit: str, low: str, high: str) -> Result:
    above = bool(high) and float(value) > float(high)
    below = bool(low) and float(value) < float(low)
    return Result(
        code=Code(code, LOINC, label),
        value=value,
        unit=unit,
        low=low,
        high=high,
        interpretation="H" if above else "L" if below else "N",
    )
