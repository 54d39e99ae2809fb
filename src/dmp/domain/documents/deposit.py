"""One document being deposited, and what is put where its sender said nothing.

Source: PDSm, ITI-105 (the server derives what is absent); CSP R1111-49 (who keeps a deposit open).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dmp.domain.codes import TRE_A00_AUTHOR_ROLE, TRE_A01_PRACTICE, TRE_R02_SECTOR, Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.documents.formats import format_of
from dmp.domain.documents.submission import ClaimedDocument, ContentHeader, Submission
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, InsRoot
from dmp.domain.identity.caller import (
    Caller,
    Carer,
    Coordinator,
    Holder,
    Insurer,
    Professional,
    Representative,
    Secretary,
    StructureSystem,
)
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.value_sets import AUTHOR_ROLE, FACILITY_TYPE, PRACTICE_SETTING, value_set

PATIENT_EXPRESSION = "EXP_PATIENT"
REIMBURSEMENT_FEED = "ALIM_AM"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """What is known while one document is checked: the claim, the content's header, who and when."""

    claimed: ClaimedDocument
    header: ContentHeader
    record: HealthRecord
    submission: Submission
    depositor: Caller
    now: datetime
    test_mode: bool

    @property
    def by_patient(self) -> bool:
        """Whether the holder or his representative deposits."""
        return isinstance(self.depositor.who, Holder | Representative | Carer)

    @property
    def is_of_a_minor(self) -> bool:
        """Whether a professional deposits for a minor, whose representatives may read along."""
        return not self.by_patient and self.record.is_minor(self.now)

    def path(self, element: str) -> str:
        """Where an element stands in the request."""
        return f"{self.claimed.path}.{element}"


def default_language(_: Deposit) -> str:
    """French, as in France."""
    return "fr-FR"


def default_start(deposit: Deposit) -> datetime | None:
    """The act is taken to be of the day the document was made."""
    return deposit.claimed.created_at or deposit.header.created_at


def default_format(deposit: Deposit) -> Code | None:
    """The format that the content's own type tells; a CDA header has told its own already."""
    return None if deposit.header.is_cda else format_of((), content_type_of(deposit))


def content_type_of(deposit: Deposit) -> str:
    """The MIME type of the content: the one found in it, else the one announced, without parameters.

    A CDA that carries its own style sheet is announced as either of two types, and keeps the one.
    """
    announced = deposit.claimed.content_type.partition(";")[0].strip().lower()
    if deposit.header.is_cda and announced in _CDA_TYPES:
        return announced
    return deposit.header.mime_type or announced


_CDA_TYPES = ("text/xml", "application/xslt+xml")


def default_facility(deposit: Deposit) -> Code | None:
    """The sector of the structure for which the depositor acts; the patient's own for a patient."""
    known = value_set(FACILITY_TYPE)
    if deposit.by_patient:
        return known.find(PATIENT_EXPRESSION, TRE_A00_AUTHOR_ROLE)
    structure = deposit.depositor.structure
    return known.find(structure.sector, TRE_R02_SECTOR) if structure else None


_SETTING_OF_SECTOR = {
    **dict.fromkeys(("SA01", "SA02", "SA03", "SA04"), "ETABLISSEMENT"),
    **dict.fromkeys(("SA16", "SA17", "SA41"), "ESSMS"),
    "SA24": "AMO",
}


def default_setting(deposit: Deposit) -> Code | None:
    """The setting that goes with the facility: hospital, social care, insurer; else ambulatory care."""
    known = value_set(PRACTICE_SETTING)
    facility = (
        deposit.claimed.facility_type or deposit.header.facility_type or default_facility(deposit)
    )
    if facility is None:
        return None
    own = known.find(facility.code, TRE_A00_AUTHOR_ROLE)
    return own or known.find(_SETTING_OF_SECTOR.get(facility.code, "AMBULATOIRE"), TRE_A01_PRACTICE)


def default_authors(deposit: Deposit) -> tuple[Author, ...] | None:
    """The depositor alone."""
    author = depositor_as_author(deposit.depositor)
    return None if author is None else (author,)


def depositor_as_author(depositor: Caller) -> Author | None:
    """The depositor, as the author of what he deposits; None when he writes no documents."""
    match depositor.who:
        case (
            Holder(ins=ins, name=name)
            | Representative(ins=ins, name=name)
            | Carer(ins=ins, name=name)
        ):
            role = value_set(AUTHOR_ROLE).find(PATIENT_EXPRESSION)
            return Author(
                kind=AuthorKind.PATIENT, id=ins.matricule, id_root=ins.root, family=name, role=role
            )
        case Professional() | Coordinator() as who:
            return Author(
                kind=AuthorKind.PROFESSIONAL,
                id=who.id_nat,
                id_root=PS_ROOT,
                family=who.name,
                structure_id=who.structure.id_nat,
                structure_root=STRUCTURE_ROOT,
                structure_name=who.structure.name,
            )
        case Insurer(structure=structure):
            return Author(
                kind=AuthorKind.DEVICE,
                role=value_set(AUTHOR_ROLE).find(REIMBURSEMENT_FEED),
                structure_id=structure.id_nat,
                structure_root=STRUCTURE_ROOT,
                structure_name=structure.name,
            )
        case StructureSystem(structure=structure) | Secretary(structure=structure):
            return Author(
                kind=AuthorKind.ORGANISATION,
                structure_id=structure.id_nat,
                structure_root=STRUCTURE_ROOT,
                structure_name=structure.name,
            )
        case _:
            return None


def default_authenticator(deposit: Deposit) -> Author | None:
    """The first author who is a person, else the first author."""
    authors = deposit.claimed.authors or deposit.header.authors or default_authors(deposit) or ()
    persons = (AuthorKind.PROFESSIONAL, AuthorKind.PATIENT)
    return next((a for a in authors if a.kind in persons), next(iter(authors), None))


def local_patient(header: ContentHeader) -> str | None:
    """The patient's identifier where the document was made, as the CDA gives it beside the INS."""
    for root, extension in header.patient_ids:
        if root not in tuple(InsRoot) and extension and "^" not in extension:
            return f"{extension}^^^&{root}&ISO^PI"
    return None


def default_source_patient(deposit: Deposit) -> str:
    """The INS, where there is no local identifier."""
    return deposit.record.ins.cx


def owner_ids(deposit: Deposit, authors: tuple[Author, ...]) -> tuple[str, ...]:
    """To whom the deposit stays open: the depositor, his structure, the professionals who wrote it.

    What a patient deposits is his alone: naming a professional in it opens it to nobody.
    """
    caller = deposit.depositor
    if deposit.by_patient:
        return (caller.id,)
    found = [caller.id]
    if caller.structure is not None:
        found.append(caller.structure.id_nat)
    for author in authors:
        if author.kind is not AuthorKind.PROFESSIONAL:
            continue
        if author.id_root == PS_ROOT and author.id:
            found.append(author.id)
        if author.structure_root == STRUCTURE_ROOT and author.structure_id:
            found.append(author.structure_id)
    return tuple(dict.fromkeys(found))
