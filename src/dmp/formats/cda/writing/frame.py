"""What every document has in common, and the plain sections they are made of.

Source: CI-SIS, volet structuration minimale.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.entry import Author, Reference
from dmp.domain.documents.types import document_types
from dmp.domain.identifiers import UniqueId
from dmp.formats.cda.clinical_document import (
    Act,
    CdaDocument,
    Encounter,
    Entry,
    Organisation,
    Participant,
    Patient,
    Section,
    Unstructured,
)
from dmp.formats.cda.header import ORDER
from dmp.formats.cda.narrative.blocks import Block, listing, paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every document has: about whom, by whom, where, when.

    `author` carries the structure, which keeps the document, and signs unless `signer` does.
    `facility` is the kind of place (SAxx, TRE_R02), `setting` the cadre d'exercice (TRE_A01).
    Instants are aware; the act begins when the document is written unless `act_start` says so.
    """

    unique_id: UniqueId
    patient: Patient
    author: Author
    written_at: datetime
    facility: Code
    setting: Code
    act_start: datetime | None = None
    act_stop: datetime | None = None
    signer: Author | None = None
    participants: tuple[Participant, ...] = ()
    set_id: str = ""
    version: int = 1
    replaces: tuple[UniqueId, ...] = ()


def structured(
    frame: Frame,
    type_code: str,
    title: str,
    sections: tuple[Section | None, ...],
    templates: tuple[tuple[str, str], ...] = (),
) -> CdaDocument:
    """A document of this DMP type made of the sections that have something to say."""
    body = tuple(section for section in sections if section is not None)
    return assembled(frame, type_code, title, body, templates)


def assembled(
    frame: Frame,
    type_code: str,
    title: str,
    body: tuple[Section, ...] | Unstructured,
    templates: tuple[tuple[str, str], ...],
) -> CdaDocument:
    """A document of this DMP type with any body; its structure keeps it, its author signs.

    Raises:
        KeyError: the type is not one of the DMP.
    """
    author = frame.author
    keeper = Organisation(
        id=author.structure_id, name=author.structure_name, root=author.structure_root
    )
    return CdaDocument(
        unique_id=frame.unique_id,
        title=title,
        type_code=document_types()[type_code].code,
        created_at=frame.written_at,
        patient=frame.patient,
        authors=(author,),
        custodian=keeper,
        legal_authenticator=frame.signer or author,
        acts=acts_of(frame),
        encounter=Encounter(
            facility=frame.facility,
            start=frame.act_start or frame.written_at,
            stop=frame.act_stop,
            place=author.structure_name,
        ),
        body=body,
        templates=templates,
        set_id=frame.set_id,
        version=frame.version,
        participants=frame.participants,
        replaces=frame.replaces,
    )


def acts_of(frame: Frame, *codes: Code) -> tuple[Act, ...]:
    """The main act with its performer, then the codes of the other ones."""
    main = Act(
        code=codes[0] if codes else None,
        start=frame.act_start or frame.written_at,
        stop=frame.act_stop,
        performer=frame.author,
        setting=frame.setting,
    )
    return (main, *(Act(code=code) for code in codes[1:]))


def numbering(frame: Frame) -> str:
    """The OID under which the author's software numbers orders: that of its documents."""
    return frame.unique_id.value.partition("^")[0]


def order_of(frame: Frame, number: str) -> tuple[Reference, ...]:
    """The reference to the prescription of that number; none for an empty one."""
    return (Reference(value=number, kind=ORDER, system=numbering(frame)),) if number else ()


def section_of(code: str, title: str, *blocks: Block, entries: tuple[Entry, ...] = ()) -> Section:
    """A section by its LOINC code."""
    return Section(title=title, code=Code(code, LOINC, title), blocks=blocks, entries=entries)


def text_section(code: str, title: str, words: str) -> Section | None:
    """A section of paragraphs, parted by empty lines in `words`; None without words."""
    paragraphs = [paragraph(part) for part in words.split("\n\n") if part.strip()]
    return section_of(code, title, *paragraphs) if paragraphs else None


def list_section(code: str, title: str, items: tuple[str, ...]) -> Section | None:
    """A section that is a list; None without items."""
    return section_of(code, title, listing(*items)) if items else None


def copy_section(pdf: bytes) -> Section | None:
    """The section that carries the printed document; None without one."""
    if not pdf:
        return None
    return Section(
        title="Copie du document",
        code=Code("55108-5", LOINC, "Copie du document"),
        templates=(("1.2.250.1.213.1.1.2.243", ""),),
        pdf=pdf,
    )
