"""From the visits of a care story to services: consultations, analyses, imaging, stays, vaccines.

What the documents of a record tell and what the insurer reimbursed is one story.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from dmp.remote.simulated.claims.codes import boxes, devices, nabm_of, procedures, stays
from dmp.remote.simulated.claims.lines import (
    ACTORS,
    ACTS,
    BENCH,
    COUNTER,
    HOSPITAL_PLACE,
    IMAGING_PLACE,
    OPTICIAN,
    SUPPLIER,
    Claims,
    Detail,
    HospitalStay,
    Line,
)
from dmp.remote.simulated.territory.papers import Form, Note, Results, Vaccination, Visit
from dmp.remote.simulated.territory.people import Person

# Words of a title, and the imaging act that they mean.
_IMAGING: Final = (
    ("Scanner thoracique", "ZBQK001"),
    ("Scanner abdominal", "ZCQH001"),
    ("bassin", "NEQK010"),
    ("genou", "NFQK001"),
    ("lombaire", "LFQK002"),
    ("premier trimestre", "JQQM010"),
    ("deuxième trimestre", "JQQM018"),
    ("troisième trimestre", "JQQM016"),
    ("ammographie", "QEQK001"),
)
_VACCINES: Final = (
    ("grippal", "vaccine-flu"),
    ("hexavalent", "vaccine-hexavalent"),
    ("rougeole", "vaccine-mmr"),
    ("tétravalent", "vaccine-tetravalent"),
    ("dTcaPolio", "vaccine-booster"),
    ("papillomavirus", "vaccine-hpv"),
)
_STAYS: Final = (
    ("décompensation cardiaque", "heart-failure"),
    ("maternité", "newborn"),
    ("accouchement", "delivery-first"),
)
_SESSIONS: Final = {"jean-marchal": (15, 3), "lucie-perrin": (8, 4), "emma-roche": (6, 7)}
"""How many sessions of a trade end with its report, and how many days lie between them."""


def services_of(person: Person, visit: Visit) -> Claims:
    """What the insurer reimbursed for one visit; the prescribed medicines are `treatments`' matter."""
    claims = Claims()
    day = visit.at.date()
    if visit.worker in ACTS and _is_seen(visit):
        claims.lines.append(act(visit.worker, day))
    for paper in visit.papers:
        match paper:
            case Results():
                claims.lines += _analyses(person, day, paper)
            case Vaccination():
                claims.lines += _vaccine(person, paper)
            case Note():
                claims.add(_noted(person, visit, paper))
    return claims


def _is_seen(visit: Visit) -> bool:
    """Whether the visit is an act of its own: a letter comes at the end of sessions, a sheet with nothing."""
    return not any(
        isinstance(paper, Note) and paper.form in (Form.LETTER, Form.SHEET, Form.DISCHARGE)
        for paper in visit.papers[:1]
    ) and not (isinstance(visit.papers[0], Note) and visit.papers[0].form is Form.IMAGING)


def act(worker: str, day: date, nature: str = "") -> Line:
    """The usual act of a professional, or another nature."""
    return Line(day=day, nature=nature or ACTS[worker], performer=ACTORS[worker])


def analysis(day: date, code: str, prescriber: str, prescribed: date | None = None) -> Line:
    """A laboratory act."""
    return Line(
        day=day,
        nature="3211",
        detail=Detail.BIOLOGY,
        code=code,
        prescribed=prescribed or day - timedelta(days=4),
        prescriber=ACTORS[prescriber],
        performer=BENCH,
    )


def imaging(day: date, code: str, prescriber: str = "") -> Line:
    """An act of the CCAM, by who usually does it; without a prescriber it is his own decision."""
    nature, worker = procedures()[code]
    return Line(
        day=day,
        nature=nature,
        detail=Detail.PROCEDURE,
        code=code,
        prescribed=day - timedelta(days=9) if prescriber else None,
        prescriber=ACTORS[prescriber] if prescriber else None,
        performer=ACTORS[worker],
        place=IMAGING_PLACE if worker == "dr-faye" else "",
    )


def hospital_stay(key: str, start: date, place: str = HOSPITAL_PLACE) -> HospitalStay:
    """A stay of its usual length."""
    code = stays()[key]
    return HospitalStay(code=code, start=start, end=start + timedelta(days=code.days), place=place)


def _analyses(person: Person, day: date, paper: Results) -> Iterator[Line]:
    codes = dict.fromkeys(filter(None, (nabm_of(result.loinc) for result in paper.results)))
    for code in codes:
        yield analysis(day, code, person.doctor)


def _vaccine(person: Person, paper: Vaccination) -> Iterator[Line]:
    key = next((key for word, key in _VACCINES if word in paper.vaccine), "")
    if not key:
        return
    box = boxes()[key]
    delivered = paper.day - timedelta(days=2)
    yield Line(
        day=delivered,
        nature=box.nature,
        detail=Detail.PHARMACY,
        code=box.cip13,
        prescribed=delivered,
        prescriber=ACTORS[person.doctor],
        performer=COUNTER,
    )


def _noted(person: Person, visit: Visit, paper: Note) -> Claims:
    day = visit.at.date()
    match paper.form:
        case Form.IMAGING:
            code = next((code for word, code in _IMAGING if word in paper.title), "")
            obstetric = code.startswith("JQ")
            found = [imaging(day, code, "" if obstetric else person.doctor)] if code else []
            return Claims(lines=found)
        case Form.DISCHARGE if paper.type_code == "15507-7":
            return Claims(lines=[emergency(day)])
        case Form.DISCHARGE:
            key = next((key for word, key in _STAYS if word in paper.title), "")
            nights = timedelta(days=stays()[key].days) if key else timedelta(0)
            return Claims(stays=[hospital_stay(key, day - nights)] if key else [])
        case Form.LETTER if visit.worker in _SESSIONS:
            return Claims(lines=list(_sessions(person, visit.worker, day)))
        case Form.CONSULTATION if "Correction optique" in paper.said("Conclusion"):
            return Claims(lines=glasses(person, day + timedelta(days=12), visit.worker))
        case Form.CONSULTATION if "Fond d'œil" in paper.title:
            return Claims(lines=[imaging(day, "BGQP007")])
        case _:
            return Claims()


def emergency(day: date) -> Line:
    """A passage in the emergency department of the hospital, without a stay."""
    return Line(
        day=day,
        nature="2217",
        detail=Detail.PLACE,
        performer=ACTORS["dr-benoit"],
        place=HOSPITAL_PLACE,
    )


def glasses(person: Person, day: date, prescriber: str) -> list[Line]:
    """A pair of glasses."""
    frame = "2254242" if person.age_on(day) < 18 else "2222124"
    return [
        device(day, code, quantity, prescriber) for code, quantity in ((frame, 1), ("2263287", 2))
    ]


def device(day: date, code: str, quantity: int, prescriber: str) -> Line:
    """A device of the LPP."""
    nature = devices()[code]
    return Line(
        day=day,
        nature=nature,
        detail=Detail.DEVICE,
        code=code,
        quantity=quantity,
        prescribed=day - timedelta(days=10),
        prescriber=ACTORS[prescriber],
        performer=OPTICIAN if nature == "3531" else SUPPLIER,
    )


def _sessions(person: Person, worker: str, last: date) -> Iterator[Line]:
    number, apart = _SESSIONS[worker]
    for rank in range(number):
        day = last - timedelta(days=apart * rank)
        yield Line(
            day=day,
            nature=ACTS[worker],
            prescribed=last - timedelta(days=apart * number + 3),
            prescriber=ACTORS[person.doctor],
            performer=ACTORS[worker],
        )
