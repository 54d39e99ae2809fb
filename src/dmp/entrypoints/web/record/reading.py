"""A document as its reader meets it on a page: HTML, pages of a PDF, or a download.

What producers sent never reaches a page as markup: CDA is read and written anew, a PDF is shown as
pictures of its pages with its text beside them, and files leave with a policy of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from anyio import to_thread
from markupsafe import Markup
from starlette.responses import Response

from dmp.acts.documents.retrieve_document import Retrieved
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.patient import Traits, folded
from dmp.entrypoints.web import headers
from dmp.entrypoints.web.visit import Visit
from dmp.formats import pdf
from dmp.formats.cda.render import CdaView, PatientView, render, to_html
from dmp.formats.pdf_pictures import page_sizes

TEXT_SHOWN = 60_000
"""Characters of the text of a PDF shown beside it."""

PDF_TYPE = "application/pdf"
_SHOWN_TYPES = frozenset({PDF_TYPE, "image/png", "image/jpeg", "image/gif"})
_EXTENSIONS = {PDF_TYPE: "pdf", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page shows of a document. `wrong_identity` names the traits that differ.

    `pages` are the width and height in pixels of the picture of each page of a PDF.
    """

    html: Markup = field(default_factory=Markup)
    pdf_address: str = ""
    pages: tuple[tuple[int, int], ...] = ()
    text: str = ""
    wrong_identity: tuple[str, ...] = ()
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedFile:
    """Octets that leave as a file, of a kind that is proven."""

    content: bytes
    media_type: str
    name: str


def is_pdf(content: bytes) -> bool:
    """Whether the octets begin as a PDF does."""
    return content.startswith(b"%PDF-")


async def read_document(
    retrieved: Retrieved, traits: Traits, whole: str, attachment: Callable[[int], str]
) -> Reading:
    """Read a document for a page.

    Args:
        retrieved: the document.
        traits: identity of the record, held against the one in the document.
        whole: address that serves the document itself for viewing.
        attachment: from a number to the address that serves that attachment.
    """
    if is_pdf(retrieved.content):
        return Reading(
            pdf_address=whole,
            pages=await _page_sizes(retrieved.content),
            text=await _pdf_text(retrieved.content),
        )
    try:
        view = await to_thread.run_sync(render, retrieved.content)
    except Refused:
        return Reading(is_unreadable=True)
    wrong = _differences(traits, view.patient)
    html = to_html(view, heading_level=2, attachment_url=attachment)
    only = view.attachments[0] if len(view.attachments) == 1 else None
    if only is not None and only.is_pdf and not view.sections:
        return Reading(
            html=_as_markup(html),
            pdf_address=attachment(0),
            pages=await _page_sizes(only.attachment.content),
            text=await _pdf_text(only.attachment.content),
            wrong_identity=wrong,
        )
    return Reading(html=_as_markup(html), wrong_identity=wrong)


_TABLE = '<div class="table" role="group" tabindex="0" aria-label="Tableau"><table>'


def _as_markup(html: str) -> Markup:
    # Written by the renderer from plain values, every text escaped, elements of a short list. A wide
    # table scrolls in a frame of its own, which the keyboard reaches.
    framed = html.replace("<table>", _TABLE).replace("</table>", "</table></div>")
    return Markup(framed)  # noqa: S704  # the renderer is the only author of this markup


async def _pdf_text(content: bytes) -> str:
    try:
        return await to_thread.run_sync(pdf.text, content, TEXT_SHOWN)
    except Refused:
        return ""


async def _page_sizes(content: bytes) -> tuple[tuple[int, int], ...]:
    try:
        return await to_thread.run_sync(page_sizes, content)
    except Refused:
        return ()


def document_named(text: str) -> UUID:
    """A document as an address names it. Raises Refused: DOCUMENT_NOT_FOUND."""
    try:
        return UUID(text)
    except ValueError:
        raise Refused(Reason.DOCUMENT_NOT_FOUND) from None


def page_number(visit: Visit) -> int:
    """The page of the address. Raises Refused: DOCUMENT_NOT_FOUND."""
    text = visit.part("page")
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Refused(Reason.DOCUMENT_NOT_FOUND)
    return int(text)


async def picture_of(visit: Visit, retrieved: Retrieved, number: int) -> ServedFile:
    """The picture of a page of a PDF, of the document itself or of the one that a CDA is made of.

    Raises Refused: DOCUMENT_NOT_FOUND.
    """
    content = retrieved.content
    if not is_pdf(content):
        try:
            view = await to_thread.run_sync(render, content)
        except Refused:
            raise Refused(Reason.DOCUMENT_NOT_FOUND) from None
        if not view.attachments or not view.attachments[0].is_pdf:
            raise Refused(Reason.DOCUMENT_NOT_FOUND)
        content = view.attachments[0].attachment.content
    try:
        drawn = await to_thread.run_sync(visit.options.draw_page, content, number)
    except Refused as refused:
        if refused.reason is Reason.UNAVAILABLE:
            raise
        raise Refused(Reason.DOCUMENT_NOT_FOUND) from None
    return ServedFile(content=drawn, media_type="image/png", name=f"page-{number}.png")


def _differences(known: Traits, found: PatientView) -> tuple[str, ...]:
    """Traits on which the person named by a document differs from the holder; unknown is no difference."""
    wrong: list[str] = []
    names = {folded(known.birth_name), folded(known.used_name)} - {""}
    given = {folded(name) for name in (found.birth_name, found.used_name)} - {""}
    if given and names.isdisjoint(given):
        wrong.append("nom")
    first_names = folded(known.given_names).split()
    found_first = folded(found.given_names).split()
    if found_first and found_first[0] not in (*first_names, folded(known.used_given_name)):
        wrong.append("prénom")
    if found.birth_date is not None and found.birth_date != known.birth_date:
        wrong.append("date de naissance")
    if found.sex in ("M", "F") and known.sex.value in ("M", "F") and found.sex != known.sex.value:
        wrong.append("sexe")
    return tuple(wrong)


async def attachment_of(retrieved: Retrieved, number: int) -> ServedFile:
    """An attachment of a CDA that may be shown. Raises Refused: DOCUMENT_NOT_FOUND."""
    try:
        view: CdaView = await to_thread.run_sync(render, retrieved.content)
    except Refused:
        raise Refused(Reason.DOCUMENT_NOT_FOUND) from None
    if not 0 <= number < len(view.attachments):
        raise Refused(Reason.DOCUMENT_NOT_FOUND)
    one = view.attachments[number]
    kind = one.attachment.media_type
    if kind not in _SHOWN_TYPES or not one.attachment.can_be_shown:
        raise Refused(Reason.DOCUMENT_NOT_FOUND)
    name = headers.file_name(one.title, _EXTENSIONS[kind])
    return ServedFile(content=one.attachment.content, media_type=kind, name=name)


def original_of(entry: DocumentEntry, content: bytes) -> ServedFile:
    """The document exactly as deposited, for a download."""
    kind, extension = ("application/octet-stream", "xml")
    if is_pdf(content):
        kind, extension = PDF_TYPE, "pdf"
    return ServedFile(
        content=content, media_type=kind, name=headers.file_name(entry.title, extension)
    )


def serve(visit: Visit, file: ServedFile, *, inline: bool) -> Response:
    """Answer with a file: never markup, and with a policy under which nothing in it runs."""
    shown = inline and file.media_type in _SHOWN_TYPES
    visit.policy = (
        headers.PDF_POLICY if shown and file.media_type == PDF_TYPE else headers.FILE_POLICY
    )
    response = Response(file.content, media_type=file.media_type)
    kind = "inline" if shown else "attachment"
    response.headers["Content-Disposition"] = headers.disposition(kind, file.name)
    return response
