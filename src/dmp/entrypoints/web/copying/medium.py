"""The zip of a copy: documents under names of ours, their metadata, and pages that need no server.

Names never come from titles: no path of anybody can stand in them. Source: IHE ITI TF-2 3.32.4.1.2.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from uuid import UUID, uuid5

import msgspec
from markupsafe import Markup

from dmp.acts.copying.take_copy import Copied
from dmp.domain.documents.entry import Author, AuthorKind, DocumentEntry
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.errors import Reason, Refused
from dmp.domain.journal.event import Trace
from dmp.entrypoints.web.record.filing import category_of
from dmp.entrypoints.web.record.reading import is_pdf
from dmp.entrypoints.web.templating import rendered
from dmp.entrypoints.web.transparency.exporting import HEADING, row
from dmp.entrypoints.web.wording import local
from dmp.formats.cda.render import render, to_html
from dmp.formats.spreadsheet import write_sheet
from dmp.formats.xdm.metadata import Medium, OnMedium, write_metadata
from dmp.locale import translate, word

SUBSET = "IHE_XDM/SUBSET01"
PAGES = "PAGES"
SOURCE = UUID("7a0c2c0e-6b0b-5d7e-9d53-0f4f5f1f8a11")
"""What the OID of this system is made of (2.25, ITU-T X.667)."""
IN_MEMORY = 16 * 1024 * 1024
"""Octets of a copy that are kept in memory; a larger one goes to a file that has no name."""
_EXTENSIONS = {
    "application/pdf": "PDF",
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "image/gif": "GIF",
}
_SHOWN = frozenset(_EXTENSIONS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A document on the medium: its file, the page that shows it, what it carries."""

    entry: DocumentEntry
    uri: str
    page: str = ""

    @property
    def category(self) -> str:
        """The category under which it is found."""
        return category_of(self.entry)

    @property
    def file(self) -> str:
        """Its file, seen from the root."""
        return f"{SUBSET}/{self.uri}"


def _nameless_file() -> IO[bytes]:
    """A file without a name, in memory while it is small; whoever writes to it closes it."""
    opened = SpooledTemporaryFile(max_size=IN_MEMORY, suffix=".zip")  # noqa: SIM115
    return cast("IO[bytes]", opened)


@dataclass(slots=True)
class MediumWriter:
    """Writes a copy, document after document. Its methods block: they run in a thread."""

    reader: str
    at: datetime
    placed: list[Placed] = field(default_factory=list)
    _spool: IO[bytes] = field(default_factory=_nameless_file)
    _zip: zipfile.ZipFile = field(init=False)

    def __post_init__(self) -> None:
        self._zip = zipfile.ZipFile(self._spool, "w", zipfile.ZIP_DEFLATED)

    def take(self, entry: DocumentEntry, content: bytes) -> None:
        """Put a document on the medium, with a page where it can be read here."""
        if any(one.entry.document_id == entry.document_id for one in self.placed):
            return  # the act was begun again, because something else changed the record first
        stem = f"DOC{len(self.placed) + 1:05}"
        kind = "PDF" if is_pdf(content) else _EXTENSIONS.get(entry.mime_type, "XML")
        uri = f"{stem}.{kind}"
        self._zip.writestr(f"{SUBSET}/{uri}", content)
        page = (
            f"{PAGES}/{stem}.HTM" if kind == "XML" and self._page(stem, uri, entry, content) else ""
        )
        self.placed.append(Placed(entry=entry, uri=uri, page=page))

    def _page(self, stem: str, uri: str, entry: DocumentEntry, content: bytes) -> bool:
        try:
            view = render(content)
        except Refused:
            return False
        carried: dict[int, str] = {}
        for number, one in enumerate(view.attachments):
            kind = one.attachment.media_type
            if kind in _SHOWN and one.attachment.can_be_shown:
                carried[number] = f"{stem}_{number}.{_EXTENSIONS[kind]}"
                self._zip.writestr(f"{PAGES}/{carried[number]}", one.attachment.content)
        html = to_html(
            view, heading_level=2, attachment_url=lambda n: carried.get(n, f"../{SUBSET}/{uri}")
        )
        # Written by the renderer from plain values, as on the pages of the service.
        text = rendered(
            "copying/document.html",
            entry=entry,
            html=Markup(html),  # noqa: S704
            file=f"../{SUBSET}/{uri}",
        )
        self._zip.writestr(f"{PAGES}/{stem}.HTM", text)
        return True

    def finish(self, copied: Copied, copy_id: UUID) -> None:
        """Write what stands around the documents, and close. Raises Refused: CONCURRENT_CHANGE."""
        given = {entry.document_id for entry in copied.entries}
        if given != {one.entry.document_id for one in self.placed}:
            raise Refused(Reason.CONCURRENT_CHANGE)
        self._zip.writestr("README.TXT", _readme(self.at, len(self.placed)))
        self._zip.writestr(f"{PAGES}/STYLE.CSS", STYLE)
        self._zip.writestr("INDEX.HTM", self._index(copied))
        self._zip.writestr(f"{SUBSET}/METADATA.XML", write_metadata(self._medium(copied, copy_id)))
        if copied.traces:
            rows = (row(trace, self.reader) for trace in copied.traces)
            sheet = write_sheet([translate(name) for name in HEADING], rows)
            self._zip.writestr(f"{PAGES}/ACCES.CSV", sheet)
        self._zip.writestr(
            f"{PAGES}/DOSSIER.JSON", msgspec.json.encode(data_of(copied, self.reader))
        )
        self._zip.close()

    def _index(self, copied: Copied) -> str:
        by_category = [
            (word("category", code), [one for one in self.placed if one.category == code])
            for code in CATEGORIES
        ]
        return rendered(
            "copying/index.html",
            traits=copied.record.traits,
            at=self.at,
            placed=sorted(self.placed, key=lambda one: one.entry.service_start, reverse=True),
            categories=[(name, found) for name, found in by_category if found],
            found=copied.synthesis,
            has_journal=bool(copied.traces),
        )

    def _medium(self, copied: Copied, copy_id: UUID) -> Medium:
        traits, ins = copied.record.traits, copied.record.ins
        author = Author(
            kind=AuthorKind.PATIENT,
            id=ins.matricule,
            id_root=ins.root.value,
            family=traits.birth_name,
            given=traits.first_given_name,
        )
        return Medium(
            ins=ins,
            traits=traits,
            author=author,
            made_at=self.at,
            copy_id=copy_id,
            source_id=f"2.25.{uuid5(SOURCE, 'source').int}",
            documents=[OnMedium(entry=one.entry, uri=one.uri) for one in self.placed],
        )

    def chunks(self, size: int = 64 * 1024) -> Iterator[bytes]:
        """The finished zip in pieces; nothing of it is left afterwards."""
        self._spool.seek(0)
        try:
            while piece := self._spool.read(size):
                yield piece
        finally:
            self._spool.close()

    def drop(self) -> None:
        """Leave nothing of a copy that failed."""
        self._zip.close()
        self._spool.close()


_OTHERS_NUMBERS = frozenset({"matricule", "code_digest", "reader_digest", "by", "collected_by"})
"""Fields that hold identifiers of other persons, or what opens something."""


def data_of(copied: Copied, reader: str) -> dict[str, Any]:
    """The record's data: profile, choices, relations, journal; no identifier of anybody else."""
    record = copied.record
    return {
        "profile": msgspec.to_builtins(copied.profile),
        "state": record.state.value,
        "preferences": _without_numbers(msgspec.to_builtins(record.preferences)),
        "relations": _without_numbers(msgspec.to_builtins(record.relations)),
        "documents": [_described(entry) for entry in copied.entries],
        "journal": [_traced(trace, reader) for trace in copied.traces],
    }


def _described(entry: DocumentEntry) -> dict[str, str]:
    return {
        "id": entry.unique_id.value,
        "title": entry.title,
        "type": entry.type_code.code,
        "created": entry.created_at.isoformat(),
        "sha256": entry.content.sha256,
    }


def _traced(trace: Trace, reader: str) -> dict[str, str]:
    return dict(zip(HEADING, row(trace, reader), strict=True))


def _without_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_numbers(v) for k, v in value.items() if k not in _OTHERS_NUMBERS}
    if isinstance(value, list | tuple):
        return [_without_numbers(one) for one in value]
    return value


def _readme(at: datetime, number: int) -> bytes:
    lines = (
        "Copie d’un dossier médical partagé, faite par son titulaire le {day}.",
        "{number} documents.",
        "",
        "INDEX.HTM : à ouvrir dans un navigateur, sans réseau.",
        "IHE_XDM/SUBSET01 : les documents tels qu’ils ont été déposés, et leur METADATA.XML (IHE XDM).",
        "PAGES : les documents lisibles, DOSSIER.JSON (données), ACCES.CSV (qui a consulté).",
        "",
        "Ces données sont personnelles : gardez cette clé comme un papier médical.",
    )
    day = f"{local(at):%d/%m/%Y}"
    said = [translate(line, day=day, number=number) if line else "" for line in lines]
    return "\r\n".join(said).encode("utf-8")


STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
body { color: #1b1b1f; background: #fff; }
a { color: #0b57a4; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.25rem; margin-top: 2rem; }
li { margin: .4rem 0; }
table { border-collapse: collapse; }
td, th { border: 1px solid #767680; padding: .25rem .5rem; text-align: left; vertical-align: top; }
.soft { color: #4a4a55; }
@media print { a { color: inherit; text-decoration: none; } }
"""
