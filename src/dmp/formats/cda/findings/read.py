"""From an opened CDA document to the facts it states.

Sections are known by their LOINC code, whatever software wrote them; in a section that is not known, an
entry is known by its shape. What is malformed is left out: reading never fails a deposit.

Source: CI-SIS content models (VSM, IPS-FR, CR-BIO, VAC, LDL-SES, CR-IMG, eP-MED-DM, eDISP-MED, DLU, CSE,
F-PRC); IHE PCC section and entry templates; LOINC.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import Findings
from dmp.formats.cda.document import OpenedDocument, along, child, v3
from dmp.formats.cda.findings import devices, imaging, medicines, problems, stays
from dmp.formats.cda.findings.allergies import allergy
from dmp.formats.cda.findings.participants import author_of
from dmp.formats.cda.findings.place import Narrative, Place, Reader, Reading
from dmp.formats.cda.findings.results import LABORATORY, VITAL_SIGNS, results
from dmp.formats.cda.findings.statements import (
    ACT,
    ADMINISTRATION,
    ORGANIZER,
    STATEMENTS,
    has_template,
)
from dmp.formats.cda.findings.vaccinations import is_vaccination, vaccination
from dmp.formats.cda.findings.words import CODE, LABEL, attribute, instant_of, words_of
from dmp.formats.cda.hl7time import PARIS

logger = logging.getLogger("dmp.findings")

_COMPONENT, _BODY, _SECTION, _ENTRY = (
    v3("component"), v3("structuredBody"), v3("section"), v3("entry"),
)  # fmt: skip
_TEXT, _TITLE, _TIME = v3("text"), v3("title"), v3("effectiveTime")
_DOCUMENTATION, _SERVICE_EVENT = v3("documentationOf"), v3("serviceEvent")
_LABORATORY_REPORT, _REIMBURSEMENTS = "11502-2", "REMB"
_DEVICES = "46264-8"
_MAX_SECTIONS = 2_000
_FAULTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

_ALLERGY_CONCERN = frozenset(("1.3.6.1.4.1.19376.1.5.3.1.4.5.3", "1.2.250.1.213.1.1.3.40"))
_PROBLEM_CONCERN = frozenset(("1.3.6.1.4.1.19376.1.5.3.1.4.5.2", "1.2.250.1.213.1.1.3.39"))
_LABORATORY_ENTRY = frozenset(("1.3.6.1.4.1.19376.1.3.1", "1.2.250.1.213.1.1.3.21"))
_VITAL_ORGANIZER = frozenset(("85353-1", "46680005"))


def _results_and_exams(place: Place, statement: etree._Element) -> None:
    """A section of results of any kind."""
    results(place, statement)
    imaging.listed_exams(place, statement)


def _nothing(place: Place, statement: etree._Element) -> None:
    """A section that states no fact about what is: family, plans, wishes, what was used for an exam."""


_READERS: Final[Mapping[str, Reader]] = {
    "11450-4": problems.current_problem,
    "46241-6": problems.current_problem,  # diagnosis at admission
    "11535-2": problems.current_problem,  # diagnosis at discharge
    "29308-4": problems.current_problem,
    "72135-7": problems.current_problem,  # tumour
    "11348-0": problems.past_problem,
    "10162-6": problems.pregnancy,
    "48765-2": allergy,
    "10160-0": medicines.treatment,
    medicines.PRESCRIPTION: medicines.treatment,
    "10183-2": medicines.treatment,  # at discharge
    "42346-7": medicines.treatment,  # at admission
    "18610-6": medicines.ended_treatment,
    "60590-7": medicines.dispensing,
    "11369-6": vaccination,
    "30954-2": _results_and_exams,
    VITAL_SIGNS: results,
    **dict.fromkeys(LABORATORY, results),
    "47519-4": devices.procedure,
    "29554-3": devices.procedure,
    _DEVICES: devices.device,
    "46240-8": stays.listed_stay,
    **dict.fromkeys(
        ("10157-6", "18776-5", "42348-3", "44939-7", "57072-1", "73569-6", "29762-2", "55107-7",
         "55108-5", "11329-0", *stays.REASON),
        _nothing,
    ),
}  # fmt: skip


def findings_of(opened: OpenedDocument) -> Findings | None:
    """What a document states in structured form; None when its body is not structured.

    Sources carry the day of the document and the LOINC code of the section; document, title and author
    are filled in where facts of several documents are put together. Reimbursements (CNAM-HR) state nothing
    here: their lines are kept as lines of the insurance.

    A deposit never fails for it: a fault of ours is logged by its place, without a word of the document, and
    the document states nothing.
    """
    try:
        return read_findings(opened)
    except _FAULTS as fault:
        frames = traceback.extract_tb(fault.__traceback__)
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}"
        logger.error("facts of a document were not read: %s at %s", type(fault).__name__, where)
        return Findings()


def read_findings(opened: OpenedDocument) -> Findings | None:
    """The same as `findings_of`, where a fault of ours is raised."""
    body = along(opened.element, _COMPONENT, _BODY)
    if body is None:
        return None
    reading = _open(opened.element, body)
    if reading is None or reading.type_code == _REIMBURSEMENTS:
        return Findings()
    described = imaging.nothing_described()
    reason = ("", "")
    for count, section in enumerate(body.iter(_SECTION)):
        if count >= _MAX_SECTIONS:
            break
        place = Place(reading=reading, code=_code_of(section), section=section)
        if place.code in stays.REASON and not reason[0]:
            reason = (words_of(child(section, _TEXT), 2 * LABEL), place.code)
        elif place.code in imaging.CONCLUSION:
            imaging.conclude(described, place, child(section, _TEXT))
        _read_section(place, described)
    stays.stay_of_document(reading, reason)
    if reading.type_code == imaging.REPORT:
        imaging.exams_of_document(reading, described)
    return reading.found.findings()


def _open(root: etree._Element, body: etree._Element) -> Reading | None:
    """The document with its day; None when nothing in it is dated."""
    event = along(root, _DOCUMENTATION, _SERVICE_EVENT)
    at = instant_of(child(root, _TIME))
    acted = None if event is None else instant_of(child(event, _TIME))
    at = at or acted
    if at is None:
        return None
    kind = attribute(child(root, CODE), "code", 40)
    return Reading(
        root=root,
        body=body,
        day=at.astimezone(PARIS).date(),
        at=acted or at,
        type_code=kind,
        title=words_of(child(root, _TITLE)),
        author=author_of(root),
        narrative=Narrative(body),
        is_laboratory=kind == _LABORATORY_REPORT,
    )


def _code_of(section: etree._Element) -> str:
    return attribute(child(section, CODE), "code", 40)


def _read_section(place: Place, described: imaging.Described) -> None:
    section, reading = place.section, place.reading
    if section is None:
        return
    known = _READERS.get(place.code)
    opened = False
    for entry in section.iterchildren(_ENTRY):
        if not opened:
            place.author, opened = author_of(section), True
        statement = next(entry.iterchildren(*STATEMENTS), None)
        if statement is None:
            continue
        if not reading.found.spend():
            return
        if place.code == imaging.TECHNIQUE:
            imaging.describe(described, place, statement)
            continue
        if place.code == _DEVICES and reading.type_code == imaging.REPORT:
            continue  # what served for the exam
        read = known or _by_shape(place, entry, statement)
        if read is not None:
            read(place, statement)


def _by_shape(place: Place, entry: etree._Element, statement: etree._Element) -> Reader | None:
    """How an entry of an unknown section is read."""
    if statement.tag == ADMINISTRATION:
        return vaccination if is_vaccination(statement) else None
    if statement.tag not in (ACT, ORGANIZER):
        return results if place.reading.is_laboratory else None
    if has_template(statement, _ALLERGY_CONCERN):
        return allergy
    if has_template(statement, _PROBLEM_CONCERN):
        return problems.current_problem
    code = attribute(child(statement, CODE), "code", 40)
    if place.reading.is_laboratory or code in _VITAL_ORGANIZER or code in LABORATORY:
        return results
    return results if has_template(entry, _LABORATORY_ENTRY) else None
