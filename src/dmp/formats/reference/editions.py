"""Files given together to editions: one for each kind of reference that they hold, whole or not at all.

A kind is refused with its reason without harm to the others; what is not known is told, never taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import PurePath

from dmp.domain.clinical.knowledge.contents import Content, Row, entries_of
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.formats.reference import bdpm, directories
from dmp.formats.reference.atc import read_atc, read_names
from dmp.formats.reference.dates import day_in_name, in_words
from dmp.formats.reference.faults import FileRefused, refused
from dmp.formats.reference.given import Given
from dmp.formats.reference.kept import kept_form
from dmp.formats.reference.nomenclatures import (
    day_of_sheet,
    merged,
    nomenclature_of,
    read_nomenclature,
)
from dmp.formats.reference.recognising import Form, Recognised, recognised
from dmp.formats.reference.tables import Sheet, sheet_of
from dmp.formats.reference.terminology import Terminology, read_terminology
from dmp.formats.reference.thesaurus.pdf_layout import layout_of
from dmp.formats.reference.thesaurus.reading import (
    ThesaurusRead,
    looks_like_thesaurus,
    read_thesaurus,
    rows_of_members,
    rows_of_pairs,
)

Tables = Mapping[str, tuple[Row, ...]]
THESAURUS_TITLE = "ANSM, Thésaurus des interactions médicamenteuses"
BDPM_TITLE = "Base de données publique des médicaments"
ATC_TITLE = "Classification ATC"
PERSONS_TITLE = "Annuaire santé, extraction en libre accès"
PLACES_TITLE = "FINESS, extraction cs1100507"
MAX_WHOLE = 4 * 1024 * 1024
"""A table of ATC that takes up to this many octets is read as a whole, a longer one line by line."""
MAX_LONG = 2 * 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """A directory to be copied as it is read."""

    edition: Edition
    given: Given


@dataclass(slots=True)
class Reading:
    """What was read: editions, directories; and in sentences what was refused, left aside, or is worth
    knowing.
    """

    contents: list[Content] = field(default_factory=list)
    directories: list[Directory] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_files(given: Iterable[Given], today: date, edition: date | None = None) -> Reading:
    """Read the files of one delivery. `edition` is the day of those that do not say theirs."""
    reading = Reading()
    by_kind: dict[str, list[Recognised]] = {}
    for one in given:
        try:
            found = recognised(one)
        except FileRefused as fault:
            reading.refusals.append(str(fault))
            continue
        if found is None:
            reading.unknown.append(one.name)
        else:
            by_kind.setdefault(_kind_of(found), []).append(found)
    for kind, files in sorted(by_kind.items()):
        try:
            _READERS.get(kind, _read_nomenclature)(_Delivery(files, today, edition), reading)
        except FileRefused as fault:
            reading.refusals.append(str(fault))
    return reading


@dataclass(frozen=True, slots=True)
class _Delivery:
    """The files of one kind, and what dates them."""

    files: Sequence[Recognised]
    today: date
    edition: date | None

    def day(self, said: date | None) -> date:
        """The day of the edition: what the files say, else the day given, else what a name holds.

        Raises:
            FileRefused: nothing says it.
        """
        named = (day_in_name(PurePath(file.given.name).name) for file in self.files)
        day = said or self.edition or next((day for day in named if day is not None), None)
        if day is None:
            raise refused(
                self.files[0].given.name,
                "does not say the day of its edition; add --edition YYYY-MM-DD.",
            )
        return day

    @property
    def source(self) -> str:
        """The names of the files."""
        return ", ".join(sorted({PurePath(file.given.name).name for file in self.files}))


def _kind_of(found: Recognised) -> str:
    if found.nomenclature is not None:
        return found.nomenclature.kind.value
    if found.terminology is not None:
        return found.terminology.value
    return _KINDS[found.form].value


_KINDS = {
    Form.BDPM: ReferenceKind.BDPM,
    Form.THESAURUS_TEXT: ReferenceKind.ANSM,
    Form.THESAURUS_PDF: ReferenceKind.ANSM,
    Form.PAIRS: ReferenceKind.ANSM,
    Form.MEMBERS: ReferenceKind.ANSM,
    Form.CIM10_LIST: ReferenceKind.CIM10,
    Form.ATC_TABLE: ReferenceKind.ATC,
    Form.ATC_NAMES: ReferenceKind.ATC,
    Form.PERSONS: ReferenceKind.RPPS,
    Form.PLACES: ReferenceKind.FINESS,
}


def content_of(kind: ReferenceKind, on: date, title: str, source: str, tables: Tables) -> Content:
    """An edition of these rows; its digest is that of its rows, whatever file brought them."""
    edition = Edition(
        kind=kind,
        on=on,
        label=f"{title}, {in_words(on)}",
        source=source,
        entries=entries_of(kind, tables),
        digest=sha256(kept_form(tables)).hexdigest(),
    )
    return Content(edition=edition, tables=tables)


def _read_bdpm(delivery: _Delivery, reading: Reading) -> None:
    texts: dict[str, str] = {}
    tables: dict[str, tuple[Row, ...]] = {}
    for file in delivery.files:
        if file.bdpm is None:
            continue
        if file.bdpm.table in tables:
            raise refused(file.given.name, "given twice; one edition is loaded at a time.")
        text = file.given.text()
        tables[file.bdpm.table] = bdpm.rows_of(file.given.name, file.bdpm, text)
        if file.bdpm.table in {"boxes", "shortages"}:
            texts[file.bdpm.table] = text
    bdpm.check_together(tables)
    for wanted, without in (
        ("official", "official ATC codes (CIS_MITM)"),
        ("groups", "generic groups (CIS_GENER)"),
    ):
        if wanted not in tables:
            reading.notes.append(f"BDPM: no file of {without}; ATC codes will be less sure.")
    on = delivery.day(bdpm.day_of_files(texts, delivery.today))
    reading.contents.append(content_of(ReferenceKind.BDPM, on, BDPM_TITLE, delivery.source, tables))


def _read_ansm(delivery: _Delivery, reading: Reading) -> None:
    """The text is preferred to the PDF, and the PDF to our own table: they are the same edition."""
    by_form: dict[Form, list[Recognised]] = {}
    for file in delivery.files:
        by_form.setdefault(file.form, []).append(file)
    for form in (Form.THESAURUS_TEXT, Form.THESAURUS_PDF):
        if form in by_form:
            _read_printed(delivery, by_form[form], reading)
            return
    pairs = [
        row
        for f in by_form.get(Form.PAIRS, ())
        for row in rows_of_pairs(f.given.name, _sheet(f.given))
    ]
    members = [
        row for f in by_form.get(Form.MEMBERS, ()) for row in rows_of_members(_sheet(f.given))
    ]
    if not pairs or not members:
        raise refused(
            delivery.files[0].given.name,
            "both the table of pairs (a, b, levels, mechanism, conduct) and that of the members of "
            "classes (class, member) are needed.",
        )
    tables = {"pairs": tuple(pairs), "members": tuple(members)}
    on = delivery.day(None)
    reading.contents.append(
        content_of(ReferenceKind.ANSM, on, THESAURUS_TITLE, delivery.source, tables)
    )


def _read_printed(delivery: _Delivery, files: Sequence[Recognised], reading: Reading) -> None:
    """The newest of the editions given as text or PDF."""
    read: list[tuple[date, ThesaurusRead, str]] = []
    for file in files:
        name = file.given.name
        text = (
            file.given.text()
            if file.form is Form.THESAURUS_TEXT
            else layout_of(name, file.given.content())
        )
        if not looks_like_thesaurus(text):
            raise refused(name, "is not the thesaurus of interactions.")
        found = read_thesaurus(name, text)
        on = found.on or _Delivery([file], delivery.today, delivery.edition).day(None)
        read.append((on, found, PurePath(name).name))
    on, found, source = max(read, key=lambda one: one[0])
    reading.notes.append(
        f"{THESAURUS_TITLE}: {found.headings} headings, {found.classes} classes, {found.pairs} pairs; "
        f"both sides agree in {100 * found.agreement:.1f} % of them."
    )
    reading.contents.append(
        content_of(ReferenceKind.ANSM, on, THESAURUS_TITLE, source, found.tables)
    )


def _read_atc(delivery: _Delivery, reading: Reading) -> None:
    parts: list[Tables] = []
    said: list[date] = []
    for file in delivery.files:
        if file.form is Form.ATC_TABLE:
            parts.append(read_atc(_long_sheet(file)))
        elif file.form is Form.TERMINOLOGY:
            labels = read_terminology(file.given)
            parts.append({labels.table: labels.rows})
            said.extend([labels.on] if labels.on is not None else [])
        else:
            names = read_names(file.given.name, file.given.text())
            if names is None:
                reading.unknown.append(file.given.name)
            else:
                parts.append(names)
    if not parts:
        return
    tables = {table: merged(part.get(table, ()) for part in parts) for table in ("labels", "boxes")}
    tables["names"] = tuple(sorted({row for part in parts for row in part.get("names", ())}))
    on = delivery.day(max(said, default=None))
    reading.contents.append(content_of(ReferenceKind.ATC, on, ATC_TITLE, delivery.source, tables))


def _read_nomenclature(delivery: _Delivery, reading: Reading) -> None:
    parts: list[Terminology] = [_nomenclature_in(file, delivery.today) for file in delivery.files]
    first = parts[0]
    rows = (
        first.rows
        if first.kind is ReferenceKind.LOINC and len(parts) == 1
        else _together(first.kind, [part.rows for part in parts])
    )
    on = delivery.day(max((part.on for part in parts if part.on is not None), default=None))
    reading.contents.append(
        content_of(first.kind, on, first.title, delivery.source, {first.table: rows})
    )


def _nomenclature_in(file: Recognised, today: date) -> Terminology:
    if file.form is Form.TERMINOLOGY:
        return read_terminology(file.given)
    if file.form is Form.CIM10_LIST:
        sheet = Sheet(file.given.name, _CIM10_HEADER, "\n" + file.given.text(), "|")
    else:
        sheet = _sheet(file.given)
    chosen = nomenclature_of(sheet)
    if chosen is None:
        raise refused(file.given.name, "unreadable header.")
    return Terminology(
        kind=chosen.kind,
        title=chosen.title,
        table=chosen.table,
        rows=read_nomenclature(chosen, sheet),
        on=day_of_sheet(chosen, sheet, today),
    )


_CIM10_HEADER = ("code", "type", "ssr", "psy", "short", "long")


def _together(kind: ReferenceKind, parts: Sequence[tuple[Row, ...]]) -> tuple[Row, ...]:
    if kind is ReferenceKind.LOINC:
        return tuple({row[:2]: row for part in parts for row in part}.values())
    return merged(parts)


def _read_directory(delivery: _Delivery, reading: Reading) -> None:
    """A directory is copied as it is read: only its day and its first lines are looked at here."""
    if len(delivery.files) > 1:
        raise refused(
            delivery.files[1].given.name, "one directory of each sort is loaded at a time."
        )
    file = delivery.files[0]
    persons = file.form is Form.PERSONS
    on = delivery.day(None if persons else directories.day_of_places(file.head))
    reading.directories.append(
        Directory(
            edition=Edition(
                kind=ReferenceKind.RPPS if persons else ReferenceKind.FINESS,
                on=on,
                label=f"{PERSONS_TITLE if persons else PLACES_TITLE}, {in_words(on)}",
                source=delivery.source,
            ),
            given=file.given,
        )
    )


def _long_sheet(file: Recognised) -> Sheet:
    """A table that may be longer than what is read as a whole: Open Medic has half a gigabyte."""
    if file.given.size <= MAX_WHOLE:
        return _sheet(file.given)
    sheet = sheet_of(file.given.name, file.head)
    if sheet is None:
        raise refused(file.given.name, "is no table.")
    return replace(sheet, text="", lines=lambda: file.given.lines(MAX_LONG))


def _sheet(given: Given) -> Sheet:
    sheet = sheet_of(given.name, given.text())
    if sheet is None:
        raise refused(given.name, "is no table.")
    return sheet


_READERS: Mapping[str, Callable[[_Delivery, Reading], None]] = {
    ReferenceKind.BDPM.value: _read_bdpm,
    ReferenceKind.ANSM.value: _read_ansm,
    ReferenceKind.ATC.value: _read_atc,
    ReferenceKind.RPPS.value: _read_directory,
    ReferenceKind.FINESS.value: _read_directory,
}
