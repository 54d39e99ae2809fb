"""A PDF copied page by page: what is seen stays, whatever acts, links or hides is left behind.

Pages are copied with their drawing and nothing else. Form fields and notes are drawn into the page as
they look; links, scripts, attached files, actions and metadata have no place in the copy.
Source: ISO 32000-1 §7.7.3 (pages), §12.5 (annotations), §12.6 (actions), §14.3 (metadata).
"""

from __future__ import annotations

from io import BytesIO
from typing import Final

import pikepdf

from dmp.domain.errors import Reason, Refused
from dmp.formats.pdf import check_pdf
from dmp.formats.received.jpeg_marks import without_marks

MAX_PAGES: Final = 300

_OF_A_PAGE: Final = (
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/Resources",
    "/Contents",
    "/Group",
    "/UserUnit",
)
_NOT_IN_A_STREAM: Final = (
    "/F",  # its octets would stand in another file
    "/FFilter",
    "/FDecodeParms",
    "/AF",
    "/PieceInfo",
    "/Metadata",
    "/Ref",
    "/OPI",
    "/Alternates",
    "/Measure",
    "/PtData",
    "/OC",
)


def copied(content: bytes) -> bytes:
    """The same pages, without anything that acts.

    Raises:
        Refused: CONTENT_UNREADABLE when it is damaged, locked, without a page or of too many pages.
    """
    try:
        with pikepdf.open(BytesIO(content)) as source:
            if source.is_encrypted:
                raise _unreadable("encrypted PDF; send it without")
            if not 0 < len(source.pages) <= MAX_PAGES:
                raise _unreadable("PDF without a page" if not source.pages else "too many pages")
            made = _made(source)
    except pikepdf.PasswordError:
        raise _unreadable("encrypted PDF; send it without") from None
    except (pikepdf.PdfError, pikepdf.DataDecodingError, ValueError, RuntimeError):
        raise _unreadable("damaged PDF") from None
    except (TypeError, KeyError, AttributeError, IndexError):
        # Its objects are not of the kinds that a PDF has in these places.
        raise _unreadable("damaged PDF") from None
    check_pdf(made)
    return made


def _made(source: pikepdf.Pdf) -> bytes:
    _draw_annotations(source)
    copy = pikepdf.new()
    for page in source.pages:
        wanted = pikepdf.Dictionary(Type=pikepdf.Name.Page)
        for name in _OF_A_PAGE:
            value = _inherited(page.obj, name)
            if value is not None:
                wanted[name] = value
        if "/MediaBox" not in wanted:
            wanted.MediaBox = pikepdf.Array([0, 0, 595, 842])
        copy.pages.append(pikepdf.Page(copy.copy_foreign(source.make_indirect(wanted))))
    for one in copy.objects:
        if isinstance(one, pikepdf.Stream):
            _plain(one)
    out = BytesIO()
    copy.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        deterministic_id=True,
        min_version="1.7",
    )
    return out.getvalue()


def _draw_annotations(source: pikepdf.Pdf) -> None:
    """Form fields and notes become part of the drawing, in the state in which they are seen."""
    form = source.Root.get("/AcroForm")
    if form is not None and form.get("/NeedAppearances", False):
        source.generate_appearance_streams()
    source.flatten_annotations("screen")


def _inherited(page: pikepdf.Object, name: str) -> pikepdf.Object | None:
    """A value of a page, or of the nodes above it."""
    node: pikepdf.Object | None = page
    for _ in range(50):
        if node is None:
            return None
        if name in node:
            return node[name]
        if name not in ("/MediaBox", "/CropBox", "/Rotate", "/Resources"):
            return None
        node = node.get("/Parent")
    return None


def _plain(stream: pikepdf.Stream) -> None:
    for name in _NOT_IN_A_STREAM:
        if name in stream:
            del stream[name]
    if stream.get("/Subtype") == pikepdf.Name.PS:
        stream.write(b"")
    if stream.get("/Filter") == pikepdf.Name.DCTDecode:
        octets = stream.read_raw_bytes()
        stream.write(without_marks(octets), filter=pikepdf.Name.DCTDecode)


def _unreadable(detail: str) -> Refused:
    return Refused(Reason.CONTENT_UNREADABLE, detail=detail)
