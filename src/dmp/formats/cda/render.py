"""A CDA document as people read it: a view of plain values, and its HTML.

The stylesheets that producers send are never run. Only known constructs are shown; what is unknown
is shown as text.

Source: CDA R2 §1.2.3 (a document is readable by its header and narrative).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from lxml import etree

from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author
from dmp.domain.documents.submission import ContentHeader
from dmp.formats.cda.attachments import Attachment, media_type_of, read_attachment
from dmp.formats.cda.document import open_document, plain_text, v3
from dmp.formats.cda.entries import entry_lines
from dmp.formats.cda.header import header_of
from dmp.formats.cda.hl7time import PARIS, read_date
from dmp.formats.cda.narrative.blocks import Block, Shown, listing, paragraph
from dmp.formats.cda.narrative.html import blocks_html
from dmp.formats.cda.narrative.read import read_narrative
from dmp.formats.cda.participants import read_code

_PATIENT = v3("recordTarget/patientRole/patient")
_NAME, _FAMILY, _GIVEN = v3("name"), v3("family"), v3("given")
_SEX, _BIRTH = v3("administrativeGenderCode"), v3("birthTime")
_BIRTHPLACE = v3("birthplace/place")
_COUNTY, _CITY = v3("addr/county"), v3("addr/city")
_CUSTODIAN = v3("custodian/assignedCustodian/representedCustodianOrganization/name")
_SECTION = v3("component/structuredBody/component/section")
_INNER, _TITLE, _CODE, _TEXT = v3("component/section"), v3("title"), v3("code"), v3("text")
_BODY_TEXT = v3("component/nonXMLBody/text")
_ANCHOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,40}")
_LABEL = 200  # characters of a title that stand beside each attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientView:
    """The person a document names. Names as written; empty when absent. `sex` is M, F or empty."""

    ids: tuple[tuple[str, str], ...] = ()
    birth_name: str = ""
    given_names: str = ""
    used_name: str = ""
    used_given_name: str = ""
    sex: str = ""
    birth_date: date | None = None
    birth_place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section with its own sections. `from_entries`: written by us from its structured entries."""

    title: str = ""
    code: Code | None = None
    blocks: tuple[Block, ...] = ()
    sections: tuple[SectionView, ...] = ()
    from_entries: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentView:
    """Octets inside the document and the title under which they stand."""

    title: str
    attachment: Attachment

    @property
    def is_picture(self) -> bool:
        """Whether it is a PNG, JPEG or GIF that may be shown."""
        return self.attachment.media_type.startswith("image/") and self.attachment.can_be_shown

    @property
    def is_pdf(self) -> bool:
        """Whether it is a PDF that may be shown."""
        return self.attachment.media_type == "application/pdf" and self.attachment.can_be_shown


@dataclass(frozen=True, slots=True, kw_only=True)
class CdaView:
    """A document to be read. `Shown.number` in the blocks counts `attachments` from 0."""

    header: ContentHeader
    patient: PatientView
    custodian: str
    sections: tuple[SectionView, ...]
    attachments: tuple[AttachmentView, ...]

    @property
    def title(self) -> str:
        """The title, or the label of the type."""
        named = self.header.type_code.display if self.header.type_code else ""
        return self.header.title or named or "Document"


def render(content: bytes) -> CdaView:
    """Read a CDA document into its view.

    Raises:
        Refused: CONTENT_TYPE_MISMATCH, CONTENT_UNREADABLE, CONTENT_DANGEROUS, CONTENT_TOO_LARGE,
            CONTENT_EMPTY.
    """
    opened = open_document(content)
    root = opened.element
    header = header_of(opened)
    attachments, numbers = _attachments(root, (header.title or "Document joint")[:_LABEL])
    sections = tuple(_section(element, numbers) for element in root.iterfind(_SECTION))
    body = root.find(_BODY_TEXT)
    if body is not None and body.get("representation") != "B64":
        words = "".join(map(str, body.itertext()))
        sections = (*sections, SectionView(blocks=(paragraph(words),)))
    custodian = plain_text(root.find(_CUSTODIAN))
    return CdaView(
        header=header,
        patient=_patient(root, header),
        custodian=custodian,
        sections=sections,
        attachments=attachments,
    )


def _patient(root: etree._Element, header: ContentHeader) -> PatientView:
    person = root.find(_PATIENT)
    if person is None:
        return PatientView(ids=header.patient_ids)
    names = person.findall(_NAME)

    def part(tag: str, *qualifiers: str) -> str:
        for qualifier in qualifiers:
            for name in names:
                for element in name.iterfind(tag):
                    if element.get("qualifier", "") == qualifier and plain_text(element):
                        return plain_text(element)
        return ""

    sex = read_code(person.find(_SEX))
    birth = person.find(_BIRTH)
    place = person.find(_BIRTHPLACE)
    return PatientView(
        ids=header.patient_ids,
        birth_name=part(_FAMILY, "BR", "", "SP"),
        given_names=part(_GIVEN, "", "BR"),
        used_name=part(_FAMILY, "CL"),
        used_given_name=part(_GIVEN, "CL"),
        sex=sex.code if sex else "",
        birth_date=None if birth is None else read_date(birth.get("value", "")),
        birth_place="" if place is None else _birth_place(place),
    )


def _birth_place(place: etree._Element) -> str:
    city, county = plain_text(place.find(_CITY)), plain_text(place.find(_COUNTY))
    return f"{city} ({county})" if city and county else city or county


def _attachments(
    root: etree._Element, title: str
) -> tuple[tuple[AttachmentView, ...], dict[str, Shown]]:
    """Everything carried in base64, and where the narrative finds it by its identifier."""
    found: list[AttachmentView] = []
    titles: dict[etree._Element, str] = {}
    numbers: dict[str, Shown] = {}
    for carrier in root.iter(v3("value"), v3("text")):
        if carrier.get("representation") != "B64":
            continue
        attachment = read_attachment(carrier) or Attachment(media_type_of(carrier), b"")
        name = _nearest_title(carrier, titles) or title
        holder = carrier.getparent()
        while holder is not None and holder.get("ID") is None and holder.tag != v3("entry"):
            holder = holder.getparent()
        if holder is not None and holder.get("ID"):
            numbers.setdefault(holder.get("ID", ""), Shown(len(found), name))
        found.append(AttachmentView(title=name, attachment=attachment))
    for region in root.iter(v3("regionOfInterest")):
        inside = next(
            (numbers[i.get("ID", "")] for i in region.iter() if i.get("ID") in numbers), None
        )
        if inside is not None and region.get("ID"):
            numbers.setdefault(region.get("ID", ""), inside)
    return tuple(found), numbers


def _nearest_title(element: etree._Element, titles: dict[etree._Element, str]) -> str:
    """The title of the section around, shortened; `titles` keeps those read before."""
    for holder in element.iterancestors(v3("section")):
        if holder not in titles:
            titles[holder] = plain_text(holder.find(_TITLE))[:_LABEL]
        if titles[holder]:
            return titles[holder]
    return ""


def _section(element: etree._Element, numbers: dict[str, Shown]) -> SectionView:
    blocks = read_narrative(element.find(_TEXT), numbers.get)
    code = read_code(element.find(_CODE))
    titles = {plain_text(element.find(_TITLE)), code.display if code else ""}
    lines = () if blocks else tuple(one for one in entry_lines(element) if one not in titles)
    return SectionView(
        title=plain_text(element.find(_TITLE))
        or (code.display if code and (blocks or lines) else ""),
        code=code,
        blocks=blocks or ((listing(*lines),) if lines else ()),
        sections=tuple(_section(inner, numbers) for inner in element.iterfind(_INNER)),
        from_entries=bool(lines),
    )


AttachmentUrl = Callable[[int], str]
"""From the number of an attachment to the address that serves it."""


def to_html(
    view: CdaView,
    *,
    heading_level: int = 2,
    attachment_url: AttachmentUrl | None = None,
    with_header: bool = True,
) -> str:
    """The document as HTML: no script, no style, no address but those of `attachment_url`.

    Args:
        view: the document.
        heading_level: level of the title; sections begin one below, and end at h6.
        attachment_url: gives the address of each attachment; without it they are named only.
        with_header: whether the identity, the people and the dates stand above the sections.
    """
    level = min(max(heading_level, 1), 6)

    def show(shown: Shown) -> str:
        return _attachment_html(view, shown, attachment_url)

    parts = [f"<h{level}>{escape(view.title)}</h{level}>"]
    if with_header:
        parts.append(_header_html(view))
    anchored: set[str] = set()
    parts += [_section_html(section, level + 1, show, anchored) for section in view.sections]
    parts.append(_attachments_html(view, level + 1, attachment_url))
    return "".join(parts)


def _section_html(
    section: SectionView, level: int, show: Callable[[Shown], str], anchored: set[str]
) -> str:
    heading = f"h{min(level, 6)}"
    title = f"<{heading}>{escape(section.title)}</{heading}>" if section.title else ""
    note = (
        "<p><small>Texte établi à partir des données codées.</small></p>"
        if section.from_entries
        else ""
    )
    anchor = _anchor(section, anchored)
    inner = "".join(_section_html(one, level + 1, show, anchored) for one in section.sections)
    return f"<section{anchor}>{title}{note}{blocks_html(section.blocks, show)}{inner}</section>"


def _anchor(section: SectionView, anchored: set[str]) -> str:
    """Where links to a section by its code lead: the first section with this code."""
    code = section.code.code if section.code is not None else ""
    if not _ANCHOR.fullmatch(code) or code in anchored:
        return ""
    anchored.add(code)
    return f' id="section-{code}"'


def _attachment_html(view: CdaView, shown: Shown, url: AttachmentUrl | None) -> str:
    one = view.attachments[shown.number]
    label = escape(shown.label or one.title)
    if url is None or not (one.is_picture or one.is_pdf):
        return f"[{label} : pièce jointe]"
    address = escape(url(shown.number))
    if one.is_picture:
        return f'<img src="{address}" alt="{label}">'
    return f'<a href="{address}">{label} (PDF)</a>'


def _attachments_html(view: CdaView, level: int, url: AttachmentUrl | None) -> str:
    if not view.attachments:
        return ""
    heading = f"h{min(level, 6)}"
    items = []
    for number, one in enumerate(view.attachments):
        kind = "image" if one.is_picture else "PDF" if one.is_pdf else "non affichable"
        size = f"{kind}, {max(1, round(len(one.attachment.content) / 1024))} Ko"
        label = f"{escape(one.title)} ({size})"
        if url is not None and (one.is_picture or one.is_pdf):
            label = f'<a href="{escape(url(number))}">{label}</a>'
        items.append(f"<li>{label}</li>")
    return f"<section><{heading}>Pièces jointes</{heading}><ul>{''.join(items)}</ul></section>"


def _header_html(view: CdaView) -> str:
    patient, header = view.patient, view.header
    rows = [
        ("Patient", _patient_words(patient)),
        ("Auteur", " ; ".join(_author_words(author) for author in header.authors)),
        ("Responsable", _author_words(header.legal_authenticator)),
        ("Conservé par", view.custodian),
        ("Date du document", _when(header.created_at)),
        ("Date de l’acte", _when(header.service_start)),
        ("Fin de l’acte", _when(header.service_stop)),
    ]
    said = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in rows if text)
    return f"<dl>{said}</dl>"


def _patient_words(patient: PatientView) -> str:
    used = " ".join(filter(None, (patient.used_name, patient.used_given_name)))
    birth = " ".join(filter(None, (patient.birth_name, patient.given_names)))
    words = [birth] if birth else []
    if used and used != birth and patient.used_name != patient.birth_name:
        words.append(f"nom utilisé : {used}")
    if patient.birth_date is not None:
        feminine = "e" if patient.sex == "F" else "" if patient.sex == "M" else "(e)"
        place = f" à {patient.birth_place}" if patient.birth_place else ""
        words.append(f"né{feminine} le {patient.birth_date:%d/%m/%Y}{place}")
    return ", ".join(words)


def _author_words(author: Author | None) -> str:
    if author is None:
        return ""
    specialty = author.specialty.display if author.specialty else ""
    words = dict.fromkeys(filter(None, (author.display, specialty, author.structure_name)))
    return ", ".join(words)


def _when(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant.astimezone(PARIS):%d/%m/%Y à %H:%M}"
