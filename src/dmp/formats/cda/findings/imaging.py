"""Imaging exams: what was done from the header, what it showed from the conclusion that people read.

Source: CI-SIS CR-IMG (DICOM PS3.20): serviceEvent code with CCAM, modality and region; LOINC 19005-8
(conclusion); IPS-FR (imaging results listed in a summary).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import Imaging, Provenance
from dmp.domain.codes import LOINC, Code
from dmp.formats.cda.document import child, v3
from dmp.formats.cda.findings.participants import performer_of
from dmp.formats.cda.findings.place import Place, Reading
from dmp.formats.cda.findings.results import imaging_observations
from dmp.formats.cda.findings.statements import PROCEDURE
from dmp.formats.cda.findings.words import (
    CODE,
    TEXT,
    TIME,
    VALUE,
    all_codes,
    coded,
    instant_of,
    name_of,
    period_of,
    words_of,
)
from dmp.formats.cda.hl7time import PARIS

REPORT: Final = "18748-4"
CONCLUSION: Final = ("19005-8", "55110-1")
TECHNIQUE: Final = "55111-9"
CCAM: Final = "1.2.250.1.215.300.1"
DICOM: Final = "1.2.840.10008.2.16.4"
_SNOMED: Final = "2.16.840.1.113883.6.96"
_MODALITIES: Final = frozenset(
    ("BMD", "CR", "CT", "DX", "ES", "IO", "MG", "MR", "NM", "OP", "PT", "PX", "RF", "US", "XA")
)
_DOCUMENTATION, _SERVICE_EVENT = v3("documentationOf"), v3("serviceEvent")
_METHOD, _SITE = v3("methodCode"), v3("targetSiteCode")
_MOST_EXAMS = 20


@dataclass(slots=True)
class Described:
    """What the sections of an imaging report say: exams by the code of their act, and the conclusion."""

    labels: dict[str, str]
    modalities: dict[str, str]
    regions: dict[str, str]
    conclusion: str = ""
    conclusion_section: str = ""


def nothing_described() -> Described:
    """Before the sections are read."""
    return Described(labels={}, modalities={}, regions={})


def describe(described: Described, place: Place, statement: etree._Element) -> None:
    """An act of the technique section: its name in French, its modality and its region."""
    if statement.tag != PROCEDURE:
        return
    for code in all_codes(child(statement, CODE)):
        modality, region = coded(child(statement, _METHOD)), child(statement, _SITE)
        if code.display:
            described.labels.setdefault(code.code, name_of(code))
        if modality is not None:
            described.modalities.setdefault(code.code, modality.code)
        if region is not None:
            described.regions.setdefault(code.code, place.label(region))


def conclude(described: Described, place: Place, text: etree._Element | None) -> None:
    """The conclusion, as people read it."""
    if not described.conclusion:
        described.conclusion = words_of(text, TEXT)
        described.conclusion_section = place.code


def exams_of_document(reading: Reading, described: Described) -> None:
    """The exams that an imaging report is about, all with its one conclusion."""
    place = Place(reading=reading, code="")
    sources = place.sources
    if described.conclusion:
        told = Place(reading=reading, code=described.conclusion_section)
        sources = (*sources, told.source(Provenance.EXTRACTED))
    exams = list(_exams(reading, described))
    if not exams and reading.title:
        exams = [Imaging(label=reading.title, on=reading.day)]
    for exam in exams[:_MOST_EXAMS]:
        reading.found.add(
            "imaging",
            Imaging(
                label=exam.label,
                on=exam.on,
                code=exam.code,
                modality=exam.modality,
                region=exam.region,
                conclusion=described.conclusion,
                performer=exam.performer,
                sources=sources,
            ),
        )


def _exams(reading: Reading, described: Described) -> Iterator[Imaging]:
    events = [
        event
        for documentation in reading.root.iterchildren(_DOCUMENTATION)
        for event in documentation.iterchildren(_SERVICE_EVENT)
    ][: 4 * _MOST_EXAMS]
    codes = [all_codes(child(event, CODE)) for event in events]
    # Our own software and others name modality and region in further events that hold a code alone.
    alone = [one[0] for event, one in zip(events, codes, strict=True) if one and not _timed(event)]
    for event, ours in zip(events, codes, strict=True):
        main = _main(ours)
        if main is None or (
            not _timed(event) and any(_main(one) for one in codes[: codes.index(ours)])
        ):
            continue
        yield _exam(reading, described, event, (*ours, *alone))


def _exam(
    reading: Reading, described: Described, event: etree._Element, codes: tuple[Code, ...]
) -> Imaging:
    main = _main(codes)
    start, _ = period_of(child(event, TIME))
    known = [code.code for code in codes]
    modality = next((c.code for c in codes if c.system == DICOM and c.code in _MODALITIES), "")
    region = next((c.display for c in codes if c.system == _SNOMED), "")
    label = next((described.labels[code] for code in known if code in described.labels), "")
    ccam = next((code for code in codes if code.system == CCAM), None)
    performer = performer_of(event)
    return Imaging(
        label=label or name_of(ccam) or name_of(main) or reading.title or "Examen d'imagerie",
        on=start or reading.day,
        code=main,
        modality=modality
        or next((described.modalities[code] for code in known if code in described.modalities), ""),
        region=region
        or next((described.regions[code] for code in known if code in described.regions), ""),
        performer=performer if performer.display else reading.author,
    )


def _main(codes: tuple[Code, ...]) -> Code | None:
    """The code of an exam: of CCAM, which the insurance uses too, else of LOINC."""
    for system in (CCAM, LOINC):
        for code in codes:
            if code.system == system:
                return code
    return None


def _timed(event: etree._Element) -> bool:
    return child(event, TIME) is not None


def listed_exams(place: Place, statement: etree._Element) -> None:
    """The exams that a summary lists among its results."""
    for observation in imaging_observations(statement):
        element, value = child(observation, CODE), child(observation, VALUE)
        at = instant_of(child(observation, TIME)) or instant_of(child(statement, TIME))
        label = place.label(element)
        if not label:
            continue
        place.add(
            "imaging",
            Imaging(
                label=label,
                on=place.reading.day if at is None else at.astimezone(PARIS).date(),
                code=coded(element),
                region=place.label(child(observation, _SITE)),
                conclusion=place.label(value) or words_of(value, TEXT),
                performer=performer_of(statement),
                sources=place.sources,
            ),
        )
