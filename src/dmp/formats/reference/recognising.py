"""Which official file is this: by what it holds, and by its name where the content says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.formats.reference import directories
from dmp.formats.reference.atc import ATC, is_atc
from dmp.formats.reference.bdpm import BdpmFile, file_named
from dmp.formats.reference.decoding import line_of
from dmp.formats.reference.faults import FileRefused
from dmp.formats.reference.given import Given
from dmp.formats.reference.nomenclatures import Nomenclature, nomenclature_of
from dmp.formats.reference.tables import sheet_of
from dmp.formats.reference.terminology import terminology_in
from dmp.formats.reference.thesaurus.reading import (
    MEMBER_COLUMNS,
    PAIR_COLUMNS,
    looks_like_thesaurus,
)


class Form(StrEnum):
    """The forms that are recognised."""

    BDPM = "bdpm"
    THESAURUS_TEXT = "thesaurus-text"
    THESAURUS_PDF = "thesaurus-pdf"
    PAIRS = "pairs"
    MEMBERS = "members"
    NOMENCLATURE = "nomenclature"
    CIM10_LIST = "cim10-list"  # LIBCIM10MULTI.TXT, `|` without a header
    ATC_TABLE = "atc-table"
    ATC_NAMES = "atc-names"
    TERMINOLOGY = "terminology"  # FHIR, of the SMT
    PERSONS = "persons"
    PLACES = "places"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A file and its form; `bdpm`, `nomenclature` and `terminology` say which of several."""

    given: Given
    form: Form
    bdpm: BdpmFile | None = None
    nomenclature: Nomenclature | None = None
    terminology: ReferenceKind | None = None
    head: str = ""


_CIM10_LINE = re.compile(r"[A-Z]\d{2}[A-Z0-9+]*\s*\|\d\|")
_JSON_CODE = re.compile(r'\s*\{\s*"([A-Z][A-Z0-9]*)"\s*:')
_BDPM_LINE = re.compile(r"\d{8}\t")


def recognised(given: Given) -> Recognised | None:
    """What a file is; None: nothing that is known here.

    Raises:
        FileRefused: an archive that is damaged from its first octets.
    """
    octets = given.head()
    if octets.startswith(b"%PDF-"):
        # Whether it is the thesaurus is said by its text; another PDF is refused when it is read.
        return Recognised(given=given, form=Form.THESAURUS_PDF)
    head = _text(octets)
    if head is None:
        return None
    bdpm = file_named(PurePath(given.name).name)
    if bdpm is not None and (_BDPM_LINE.match(head) or "\t" in head.split("\n", 1)[0]):
        return Recognised(given=given, form=Form.BDPM, bdpm=bdpm)
    if looks_like_thesaurus(head):
        return Recognised(given=given, form=Form.THESAURUS_TEXT)
    terminology = terminology_in(head)
    if terminology is not None:
        return Recognised(given=given, form=Form.TERMINOLOGY, terminology=terminology)
    form = _plain(head)
    if form is not None:
        return Recognised(given=given, form=form, head=head)
    return _table(given, head)


def _text(octets: bytes) -> str | None:
    """The beginning as text; None when it is binary."""
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if octets.startswith(mark):
            return octets[2:].decode(encoding, "ignore")
    if b"\0" in octets[:4096]:
        return None
    lines = octets.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return "\n".join(line_of(line).rstrip("\r") for line in lines)


def _plain(head: str) -> Form | None:
    """Forms without a header of columns, and the directories."""
    code = _JSON_CODE.match(head)
    if code is not None:
        return Form.ATC_NAMES if ATC.fullmatch(code.group(1)) else None
    if _CIM10_LINE.match(head):
        return Form.CIM10_LIST
    if directories.is_places(head):
        return Form.PLACES
    return Form.PERSONS if directories.is_persons(head) else None


def _table(given: Given, head: str) -> Recognised | None:
    # The last line of a head is cut: it is left out.
    sheet = sheet_of(given.name, head.rpartition("\n")[0] or head)
    if sheet is None:
        return None
    nomenclature = nomenclature_of(sheet)
    if nomenclature is not None:
        return Recognised(given=given, form=Form.NOMENCLATURE, nomenclature=nomenclature)
    if sheet.has(*PAIR_COLUMNS):
        return Recognised(given=given, form=Form.PAIRS)
    if sheet.has(*MEMBER_COLUMNS) and len(sheet.header) <= _MEMBER_WIDTH:
        return Recognised(given=given, form=Form.MEMBERS)
    try:
        if is_atc(sheet):
            return Recognised(given=given, form=Form.ATC_TABLE, head=head)
    except FileRefused:
        return None
    return None


_MEMBER_WIDTH = 4
