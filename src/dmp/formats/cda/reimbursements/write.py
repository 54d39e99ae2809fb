"""Writing the document of reimbursements: CNAM-HR 2021.01 with all its sections, whatever they hold.

Source: CI-SIS, volet historique des remboursements (CNAM-HR 2021.01), template 1.2.250.1.213.1.1.1.36.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from lxml import etree

from dmp.domain.claims.history import History, medicine_of
from dmp.domain.claims.insurance import FEED_ID, INSURANCE
from dmp.domain.claims.readable import Heading, entry_of
from dmp.domain.claims.reimbursement import Kind, Reimbursement
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.codes import LOINC, TRE_A00_AUTHOR_ROLE, Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.documents.types import document_types
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT
from dmp.domain.record.calendar import local_midnight
from dmp.domain.value_sets import FACILITY_TYPE, PRACTICE_SETTING, value_set
from dmp.formats.cda.clinical_document import (
    Act,
    CdaDocument,
    Encounter,
    Organisation,
    Patient,
)
from dmp.formats.cda.reimbursements.entries import WRITERS
from dmp.formats.cda.reimbursements.narrative import write_lines, write_nothing, write_table
from dmp.formats.cda.reimbursements.nothing import ABSENT_WRITERS
from dmp.formats.cda.reimbursements.sections import SECTIONS, SectionModel, Told, day
from dmp.formats.cda.write import header_of, octets
from dmp.formats.cda.writing.elements import add, add_code, add_templates

TEMPLATES: Final = (("1.2.250.1.213.1.1.1.36", "2021.01"),)
TITLE: Final = "Données de remboursement"
_FEED = Author(
    kind=AuthorKind.DEVICE,
    id=FEED_ID,
    id_root=PS_ROOT,
    family=INSURANCE.name,
    role=Code("ALIM_AM", TRE_A00_AUTHOR_ROLE, "Alimentation auto à partir du SI de l'Ass Maladie"),
    structure_id=INSURANCE.id_nat,
    structure_root=STRUCTURE_ROOT,
    structure_name=INSURANCE.name,
)
_SIGNER = Author(
    kind=AuthorKind.PROFESSIONAL, id=_FEED.id, id_root=PS_ROOT, family=INSURANCE.name, given="."
)
_USAGE_TEMPLATES: Final = (
    ("2.16.840.1.113883.10.12.201", ""),
    ("1.3.6.1.4.1.19376.1.4.1.2.16", ""),
    ("1.2.250.1.213.1.1.2.73", ""),
)
_USAGE: Final = (
    "Ce document liste ce que l'Assurance Maladie a remboursé ou pris en charge du {start} au {end},"
    " d'après ses dossiers de remboursement.",
    "Il informe et n'est pas complet : ce qui n'a pas été présenté au remboursement, ou relevait d'un autre"
    " régime, n'y est pas. Une délivrance ne dit ni que le produit a été pris, ni à quelle dose.",
    "Qui s'en sert pour interpréter ou décider le fait sous sa seule responsabilité.",
    "Un H en tête de ligne : le soin est tombé pendant un séjour à l'hôpital.",
)


def write_reimbursements(history: History, knowledge: Knowledge) -> bytes:
    """The document in UTF-8: every section, with the entry that says so where it has no lines.

    The same history and knowledge give the same octets. Long-term conditions have no section in the format.
    """
    root = header_of(_header(history))
    body = add(add(root, "component"), "structuredBody")
    _usage(add(add(body, "component"), "section"), history)
    told = _by_heading(history, knowledge)
    for model in SECTIONS:
        _section(add(add(body, "component"), "section"), model, told[model.heading], history)
    return octets(root)


def _header(history: History) -> CdaDocument:
    record = history.record
    facility = value_set(FACILITY_TYPE).find("SA24")
    if facility is None:
        raise LookupError("the value set of facilities has no SA24")
    return CdaDocument(
        unique_id=history.unique_id,
        title=TITLE,
        type_code=Code("REMB", document_types()["REMB"].code.system, TITLE),
        created_at=history.written_at,
        patient=Patient(ins=record.ins, traits=record.traits),
        authors=(_FEED,),
        custodian=Organisation(id=INSURANCE.id_nat, name=INSURANCE.name),
        legal_authenticator=_SIGNER,
        acts=(
            Act(
                start=local_midnight(history.start),
                stop=local_midnight(history.end + timedelta(days=1)) - timedelta(seconds=1),
                setting=value_set(PRACTICE_SETTING).find("AMO"),
            ),
        ),
        encounter=Encounter(facility=facility),
        body=(),
        templates=TEMPLATES,
        set_id=history.set_id,
        version=history.version,
        replaces=(history.replaces,) if history.replaces else (),
    )


def _usage(section: etree._Element, history: History) -> None:
    add_templates(section, _USAGE_TEMPLATES)
    add_code(section, "code", Code("55112-7", LOINC, "Commentaire sur le document"))
    add(section, "title", "Usage et Responsabilités")
    words = "\n".join(_USAGE).format(start=day(history.start), end=day(history.end))
    write_lines(add(section, "text", ID="mention"), words)


def _section(
    section: etree._Element, model: SectionModel, told: list[Told], history: History
) -> None:
    add_templates(section, model.templates)
    add(section, "id", nullFlavor="UNK")
    code = add_code(section, "code", model.code)
    if model.translation is not None:
        add_code(code, "translation", model.translation)
    add(section, "title", model.title)
    if not told:
        write_nothing(section, model)
        ABSENT_WRITERS[model.heading](section, model.nothing)
        return
    write_table(section, model, told)
    for one in told:
        WRITERS[model.heading](section, one, history.names)


def _by_heading(history: History, knowledge: Knowledge) -> dict[Heading, list[Told]]:
    """The lines of each section, in the order in which they came, each with its anchor."""
    anchors = {model.heading: model.anchor for model in SECTIONS}
    found: dict[Heading, list[Told]] = {model.heading: [] for model in SECTIONS}
    stays = [line for line in history.lines if line.kind is Kind.STAY]
    for line in _with_a_section(history.lines):
        entry = entry_of(line, knowledge, history.names)
        told = found[entry.heading]
        told.append(
            Told(
                line=line,
                entry=entry,
                medicine=medicine_of(line, knowledge),
                anchor=f"{anchors[entry.heading]}{len(told) + 1:03d}",
                in_stay=any(_covers(stay, line) for stay in stays),
            )
        )
    return found


def _with_a_section(lines: tuple[Reimbursement, ...]) -> Iterator[Reimbursement]:
    return (line for line in lines if line.kind is not Kind.LONG_TERM)


def _covers(stay: Reimbursement, line: Reimbursement) -> bool:
    return stay.start <= line.start <= (stay.end or stay.start)
