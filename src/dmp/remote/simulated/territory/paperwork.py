"""From what professionals wrote to documents as they are sent: CDA by the project's writer, or PDF.

The same person, visit and seed give the same octets.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from dmp.domain.clinical.facts import Agent, Performed
from dmp.domain.codes import LOINC, TRE_A01_PRACTICE, TRE_R02_SECTOR, Code
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.types import document_types
from dmp.domain.identifiers import UniqueId
from dmp.domain.record.calendar import months_after
from dmp.domain.value_sets import FACILITY_TYPE, PRACTICE_SETTING, value_set
from dmp.formats.cda import documents, write
from dmp.formats.cda.clinical_document import CdaDocument, Immunisation, Medication, Patient
from dmp.formats.cda.hl7time import PARIS
from dmp.formats.cda.writing import frame, results, sections
from dmp.formats.pdf import write_pdf
from dmp.remote.simulated.territory.measured import signs_in
from dmp.remote.simulated.territory.papers import (
    Drug,
    Form,
    Note,
    Paper,
    Prescription,
    Result,
    Results,
    Vaccination,
    Visit,
)
from dmp.remote.simulated.territory.people import Person
from dmp.remote.simulated.territory.professionals import BY_KEY, Worker

_NAMES: Final = UUID("6f2c1f0e-9d3a-5b57-8a41-3c0f5d1e7a90")
_WRITING = timedelta(minutes=6)
"""How long before it is sent a document is written."""
_SEEING = timedelta(minutes=20)
"""How long a visit lasts before its document is written."""

# The LOINC code under which a heading stands in a CDA.
_SECTIONS: Final = {
    "Motif": "29299-5",
    "Antécédents": "11348-0",
    "Histoire de la maladie": "10164-2",
    "Examen clinique": "29545-1",
    "Examens complémentaires": "30954-2",
    "Résultats": "30954-2",
    "Évolution": "8648-8",
    "Traitement": "10160-0",
    "Conclusion": "51848-0",
    "Conduite à tenir": "18776-5",
    "Courrier": "51852-2",
}
_DISCIPLINES: Final = {
    "718-7": ("18723-7", "Hématologie"),
    "6690-2": ("18723-7", "Hématologie"),
    "777-3": ("18723-7", "Hématologie"),
}
_BIOCHEMISTRY: Final = ("18719-5", "Biochimie")
_ANY_EXAM = Code("18748-4", LOINC, "Compte rendu d'imagerie médicale")


def unique_id_of(seed: int, person: Person, visit: str, number: int = 0) -> UniqueId:
    """The producer's identifier of a document: an OID of the arc for UUIDs, stable for a seed."""
    return UniqueId(f"2.25.{uuid5(_NAMES, f'{seed}/{person.key}/{visit}/{number}').int}")


def submission_of(seed: int, person: Person, visit: Visit) -> Submission:
    """What is sent at a visit: one submission with a document for each paper."""
    return Submission(
        ins=person.ins,
        documents=tuple(
            _claimed(seed, person, visit, number, paper)
            for number, paper in enumerate(visit.papers)
        ),
        unique_id=unique_id_of(seed, person, visit.key, -1),
        title="Documents de la consultation" if len(visit.papers) > 1 else "",
    )


def _claimed(seed: int, person: Person, visit: Visit, number: int, paper: Paper) -> ClaimedDocument:
    unique_id = unique_id_of(seed, person, visit.key, number)
    if visit.by_holder:
        return _of_holder(person, visit, paper, unique_id)
    worker = BY_KEY[visit.worker]
    author, written = worker.author(visit.place), visit.at - _WRITING
    facility, setting = _place(worker, visit.place)
    replaced = unique_id_of(seed, person, visit.replaces) if visit.replaces else None
    if isinstance(paper, Note) and paper.form is Form.SHEET:
        content = _pdf(paper, author.display, written)
        media_type, title, type_code = "application/pdf", paper.title, paper.type_code
    else:
        framed = frame.Frame(
            unique_id=unique_id,
            patient=Patient(ins=person.ins, traits=person.traits),
            author=author,
            written_at=written,
            facility=facility,
            setting=setting,
            act_start=written - _SEEING,
            version=2 if replaced else 1,
            replaces=(replaced,) if replaced else (),
        )
        document = _document(framed, visit, paper)
        content, media_type = write.write(document), "text/xml"
        title, type_code = document.title, document.type_code.code
    return replace(
        _sent(person, visit, unique_id),
        content=content,
        content_type=media_type,
        path=f"DocumentReference[{number}]",
        title=title,
        type_code=document_types()[type_code].code,
        facility_type=facility,
        practice_setting=setting,
        authors=(author,),
        legal_authenticator=author,
        replaces=replaced,
    )


def _of_holder(person: Person, visit: Visit, paper: Paper, unique_id: UniqueId) -> ClaimedDocument:
    if not isinstance(paper, Note):
        raise TypeError("a holder deposits a note")
    return replace(
        _sent(person, visit, unique_id),
        content=_pdf(paper, person.name, visit.at - _WRITING),
        title=paper.title,
        type_code=document_types()[paper.type_code].code,
    )


def _sent(person: Person, visit: Visit, unique_id: UniqueId) -> ClaimedDocument:
    return ClaimedDocument(
        content=b"",
        content_type="application/pdf",
        ins=person.ins,
        unique_id=unique_id,
        language="fr-FR",
        created_at=visit.at - _WRITING,
        restrictions=visit.restrictions,
    )


def _place(worker: Worker, place: int) -> tuple[Code, Code]:
    sector = worker.places[place].sector
    facility = value_set(FACILITY_TYPE).find(sector, TRE_R02_SECTOR)
    setting = value_set(PRACTICE_SETTING).find(worker.setting, TRE_A01_PRACTICE)
    if facility is None or setting is None:
        raise LookupError(f"{sector} or {worker.setting} is in no value set")
    return facility, setting


def _pdf(paper: Note, author: str, written: datetime) -> bytes:
    lines: list[str] = []
    for section in paper.sections:
        heading = [] if section.heading == "Courrier" else [section.heading]
        lines += [*heading, *section.text.split("\n"), ""]
    lines.append(f"Fait le {written:%d/%m/%Y}. {author}")
    return write_pdf(paper.title, lines, author=author, created_at=written)


def _document(framed: frame.Frame, visit: Visit, paper: Paper) -> CdaDocument:
    match paper:
        case Results():
            return replace(_laboratory(framed, paper), title=paper.title)
        case Prescription():
            medications = _medications(framed, paper.drugs, is_order=True)
            document = documents.prescription(framed, medications=medications, comment=paper.advice)
            return replace(document, title=paper.title)
        case Vaccination():
            return replace(_vaccination(framed, paper), title=f"Vaccination : {paper.against}")
        case Note():
            return replace(_note(framed, visit, paper), title=paper.title)


def _note(framed: frame.Frame, visit: Visit, paper: Note) -> CdaDocument:
    match paper.form:
        case Form.IMAGING:
            return _imaging(framed, paper)
        case Form.DISCHARGE if paper.type_code == "11490-0":
            return _discharge(framed, visit, paper)
        case Form.SYNTHESIS:
            coded = paper.coded
            return documents.medical_synthesis(
                framed,
                problems=tuple(one for one in coded.problems if one.active),
                history=tuple(one for one in coded.problems if not one.active),
                allergies=coded.allergies,
                treatments=_medications(framed, coded.drugs, is_order=False),
                attention=_lines(paper, "Points de vigilance"),
            )
        case Form.LETTER:
            pdf = _pdf(paper, framed.author.display, framed.written_at)
            return documents.pdf_document(
                framed, type_code=paper.type_code, title=paper.title, pdf=pdf
            )
        case _:
            return _plain(framed, visit, paper)


def _plain(framed: frame.Frame, visit: Visit, paper: Note) -> CdaDocument:
    """A note of prose, with what it says in coded form in sections of their own."""
    coded = paper.coded
    author = framed.author
    by = Agent(name=author.display, id=author.id, place=author.structure_name)
    on = framed.written_at.astimezone(PARIS).date()
    signs = signs_in(paper.said("Examen clinique"))
    acts = tuple(
        Performed(label=code.display, on=on, code=code, performer=by) for code in coded.acts
    )
    document = frame.structured(
        framed,
        paper.type_code,
        paper.title,
        (
            *(
                frame.text_section(_SECTIONS[part.heading], part.heading, part.text)
                for part in paper.sections
            ),
            results.signs_section(tuple(map(_result, signs)), framed.written_at),
            sections.problems_section(sections.PROBLEMS, coded.problems),
            sections.procedures_section(acts, sections.ACTS),
        ),
    )
    if paper.form is Form.DISCHARGE and visit.days_stayed:
        admitted = framed.written_at - timedelta(days=visit.days_stayed)
        stay = replace(document.encounter, start=admitted, stop=framed.written_at)
        document = replace(document, encounter=stay)
    return document


def _lines(paper: Note, *headings: str) -> tuple[str, ...]:
    return tuple(line for line in paper.said(*headings).split("\n") if line.strip())


def _imaging(framed: frame.Frame, paper: Note) -> CdaDocument:
    return documents.imaging_report(
        framed,
        acts=paper.coded.exam or (_ANY_EXAM,),
        indication=paper.said("Indication"),
        technique=paper.said("Technique"),
        findings=paper.said("Résultats"),
        conclusion=paper.said("Conclusion"),
        accession=f"EX{framed.unique_id.value[-8:]}",
    )


def _discharge(framed: frame.Frame, visit: Visit, paper: Note) -> CdaDocument:
    treatment = paper.said("Traitement")
    leaving_with = f"Traitement de sortie : {treatment}" if treatment else ""
    return documents.discharge_letter(
        framed,
        admitted_at=framed.written_at - timedelta(days=max(1, visit.days_stayed)),
        discharged_at=framed.written_at,
        reason=paper.said("Motif"),
        synthesis=f"{paper.said('Évolution')}\n\n{leaving_with}".strip(),
        diagnoses=paper.coded.problems,
        treatments=_medications(framed, paper.coded.drugs, is_order=True),
        no_known_allergy=paper.coded.no_known_allergy,
        follow_up=tuple(
            f"{part.strip().rstrip('.')}." for part in paper.said("Conduite à tenir").split(". ")
        ),
    )


def _laboratory(framed: frame.Frame, paper: Results) -> CdaDocument:
    groups: dict[tuple[str, str], list[results.Result]] = {}
    for found in paper.results:
        discipline = _DISCIPLINES.get(found.loinc, _BIOCHEMISTRY)
        groups.setdefault(discipline, []).append(_result(found))
    return documents.laboratory_report(
        replace(
            framed, act_start=framed.written_at - timedelta(hours=3), act_stop=framed.written_at
        ),
        groups=tuple(
            results.ResultGroup(code=Code(code, LOINC, label), results=tuple(found))
            for (code, label), found in groups.items()
        ),
        order=f"P{framed.unique_id.value[-9:]}",
        conclusion=paper.remark,
    )


def _result(found: Result) -> results.Result:
    mark = "" if found.low is None and found.high is None else "N"
    if found.low is not None and found.value < found.low:
        mark = "L"
    elif found.high is not None and found.value > found.high:
        mark = "H"
    return results.Result(
        code=Code(found.loinc, LOINC, found.name),
        value=_number(found.value),
        unit=found.unit,
        low="" if found.low is None else _number(found.low),
        high="" if found.high is None else _number(found.high),
        interpretation=mark,
    )


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


_ATC = "2.16.840.1.113883.6.73"
_CIP = "1.2.250.1.213.2.3.2"


def _medications(
    framed: frame.Frame, drugs: tuple[Drug, ...], *, is_order: bool
) -> tuple[Medication, ...]:
    """Medicines prescribed on this day, or listed as taken."""
    on = framed.written_at.astimezone(PARIS).date()
    return tuple(
        Medication(
            name=drug.name,
            others=tuple(
                Code(code, system, name)
                for code, system, name in (
                    (drug.atc, _ATC, drug.name.partition(",")[0]),
                    (drug.cip, _CIP, drug.name),
                )
                if code
            ),
            dosage=f"{drug.dosage}, pendant {drug.duration}" if is_order else drug.dosage,
            start=on if is_order else None,
            stop=_last_day(on, drug.duration) if is_order else None,
            is_order=is_order,
        )
        for drug in drugs
    )


def _last_day(start: date, duration: str) -> date | None:
    """The last day of a treatment of so many days or months; None when the duration is told otherwise."""
    number, _, unit = duration.partition(" ")
    if not number.isdigit():
        return None
    if unit == "mois":
        end = months_after(datetime(start.year, start.month, start.day, tzinfo=UTC), int(number))
        return end.date() - timedelta(days=1)
    return start + timedelta(days=int(number) - 1) if unit == "jours" else None


def _vaccination(framed: frame.Frame, paper: Vaccination) -> CdaDocument:
    digits = "".join(c for c in paper.rank if c.isdigit())
    return documents.vaccination_note(
        framed,
        immunisations=(
            Immunisation(
                vaccine=paper.vaccine,
                given_on=paper.day,
                others=(Code(paper.atc, _ATC, paper.vaccine),) if paper.atc else (),
                lot=paper.batch,
                rank=int(digits) if digits else None,
                rank_words=paper.rank,
                site=paper.site,
                targets=tuple(
                    part.strip()[:1].upper() + part.strip()[1:] for part in paper.against.split(",")
                ),
                performer=framed.author,
            ),
        ),
    )
