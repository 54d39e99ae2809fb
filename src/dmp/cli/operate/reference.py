"""`dmp reference`: load, list and fetch reference data: medicines, interactions, nomenclatures,
directories.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import typer

from dmp.bootstrap.house import Built
from dmp.bootstrap.knowledge import KnowledgeKeeper
from dmp.bootstrap.reference_loading import Delivery, Outcome, Terms, load_references
from dmp.cli.house import settings_now, with_house
from dmp.cli.terminal import CannotDo, say
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.domain.clinical.knowledge.pack.shipped import shipped
from dmp.domain.clinical.knowledge.products.catalogue import Catalogue
from dmp.domain.record.calendar import LOCAL
from dmp.formats.reference.faults import refused
from dmp.formats.reference.given import Given
from dmp.storage.postgres.reference import ReferenceShelf

app = typer.Typer(
    help="Reference data: medicines, interactions, nomenclatures, directories.",
    no_args_is_help=True,
)

MAX_FILES = 1_000
_SHOWN = 6
_SHEETS = {".xlsx", ".xls", ".ods", ".dbf"}
_SKIPPED = {".md", ".xml", ".xz", ".zip", ".parquet", ".png", ".jpg"}

PathsArgument = Annotated[
    list[Path],
    typer.Argument(help="Official files as published, or folders of them; gzip and zip are read."),
]
EditionOption = Annotated[
    str, typer.Option("--edition", help="Day of the editions that do not say theirs, YYYY-MM-DD.")
]
SmallerOption = Annotated[
    bool,
    typer.Option("--accept-smaller", help="Take an edition half as small as the one in force."),
]


@app.command()
def load(
    paths: PathsArgument, edition: EditionOption = "", accept_smaller: SmallerOption = False
) -> None:
    """Load official files; each kind is taken whole or not at all, and what changes is said."""
    files = [given for path in paths for given in _given(path)]
    if not files:
        raise CannotDo("no file to load there.")
    if len(files) > MAX_FILES:
        raise CannotDo(f"more than {MAX_FILES} files; name the folder of the reference data.")
    told = _delivered(files, _day(edition), accept_smaller=accept_smaller)
    _tell(told, edition=bool(edition))


@app.command("list")
def list_() -> None:
    """Print the editions in force: kind, day, entries, how each is cited; * marks what is shipped with
    the project.
    """

    async def read(house: Built) -> tuple[Edition, ...]:
        return await ReferenceShelf(house.store.dsn).every()

    every = with_house(settings_now(), read)
    loaded = {edition.kind: edition for edition in reversed(every)}
    packed = {kind: content.edition for kind, content in shipped().items()}
    for kind in ReferenceKind:
        edition = loaded.get(kind) or packed.get(kind)
        if edition is not None:
            mark = " " if kind in loaded else "*"
            print(f"{mark} {kind.value:<13} {edition.on}  {edition.entries:>9}  {edition.label}")
    earlier = [edition for edition in every if loaded.get(edition.kind) is not edition]
    for edition in earlier:
        print(f"- {edition.kind.value:<13} {edition.on}  {edition.entries:>9}  {edition.label}")


@app.command()
def fetch(
    kinds: Annotated[
        list[str] | None,
        typer.Argument(
            help="bdpm, ansm, nabm, ccam, cim10, atc, rpps, finess; all of them by default."
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Folder to keep the files in; in the data folder by default."),
    ] = None,
    no_load: Annotated[bool, typer.Option("--no-load", help="Fetch only.")] = False,
    edition: EditionOption = "",
) -> None:
    """Get the public references from their official sites, then load them; say where the others are taken."""
    from dmp.remote.reference_sources import BY_HAND, SOURCES, TERMS

    wanted = tuple(dict.fromkeys(kinds or SOURCES))
    for kind in wanted:
        if kind in BY_HAND:
            raise CannotDo(
                f"{kind} is not fetched. Take it from: {BY_HAND[kind]}; then `dmp reference load FILE`."
            )
        if kind not in SOURCES:
            raise CannotDo(f"{kind} is not fetched; known: {', '.join(SOURCES)}.")
    folder = to or settings_now().data / "reference"
    files: list[Path] = []
    failed = False
    for kind in wanted:
        found = _fetched(kind, folder / kind)
        failed = failed or not found
        files += found
        for path in found:
            print(f"{kind:<7} {path.stat().st_size:>12}  {path}")
        if found:
            print(f"        terms: {TERMS[kind]}")
    if not kinds:
        print("By hand, with `dmp reference load FILE`:")
        for kind, where in BY_HAND.items():
            print(f"  {kind:<13} {where}")
    if files and not no_load:
        told = _delivered([one for path in files for one in _given(path)], _day(edition))
        failed = failed or bool(told.refusals)
        _tell(told, edition=bool(edition))
    if failed:
        say("what was not fetched stays as it is: files that are kept, and what is in force.")
        raise typer.Exit(2)


def _fetched(kind: str, folder: Path) -> list[Path]:
    """The files of one kind; none, and why, when they cannot be got."""
    from dmp.remote import reference_sources

    try:
        return reference_sources.fetched(kind, folder)
    except reference_sources.FetchRefused as refusal:
        say(f"{kind}: {refusal}")
    except OSError as fault:
        say(
            f"{kind}: {folder} cannot be written ({fault.strerror or fault}); give another by --to."
        )
    return []


def _delivered(
    files: Sequence[Given], edition: date | None, *, accept_smaller: bool = False
) -> Delivery:
    now = datetime.now(UTC)
    terms = Terms(
        today=now.astimezone(LOCAL).date(), at=now, edition=edition, accept_smaller=accept_smaller
    )

    async def work(house: Built) -> Delivery:
        shelf = ReferenceShelf(house.store.dsn)
        delivery = await load_references(shelf, files, terms)
        if any(not outcome.unchanged for outcome in delivery.outcomes):
            delivery.notes += await _unmapped(shelf)
        return delivery

    return with_house(settings_now(), work)


async def _unmapped(shelf: ReferenceShelf) -> list[str]:
    """How many substances on the market the thesaurus in force does not name: no interaction is found for
    them.
    """
    keeper = KnowledgeKeeper(shelf)
    await keeper.refresh()
    medicines = keeper.current.medicines
    if not isinstance(medicines, Catalogue) or not medicines.products.unmapped:
        return []
    count = len(medicines.products.unmapped)
    return [f"{count} substances of products on the market are not named by the thesaurus."]


def _tell(delivery: Delivery, *, edition: bool) -> None:
    for outcome in delivery.outcomes:
        print(_line(outcome))
        for change in outcome.changes.examples if outcome.changes is not None else ():
            print(f"  {change.key}: {change.before or '(empty)'} → {change.after or '(empty)'}")
    for note in delivery.notes:
        print(note)
    if delivery.unknown:
        names = ", ".join(sorted(delivery.unknown)[:_SHOWN])
        more = ", …" if len(delivery.unknown) > _SHOWN else ""
        print(
            f"{len(delivery.unknown)} files that are not known here were left aside: {names}{more}"
        )
        for name in sorted(delivery.unknown):
            if Path(name).suffix.lower() in _SHEETS:
                say(f"{name}: a spreadsheet or a database; save its table as CSV, and load that.")
    for refusal in delivery.refusals:
        say(refusal)
    if edition and not delivery.outcomes and not delivery.refusals:
        say("nothing was loaded.")
    if delivery.refusals or not delivery.outcomes:
        raise typer.Exit(2)


def _line(outcome: Outcome) -> str:
    edition = outcome.edition
    start = f"{edition.kind.value:<13} {edition.on}  {edition.entries:>9} entries: "
    if outcome.unchanged:
        return start + "already in force, nothing changed"
    changes = outcome.changes
    if changes is None:
        return start + _first(outcome)
    if not changes:
        return start + "no entry differs from the edition before"
    parts = f"{changes.added} added, {changes.removed} removed, {changes.changed} changed"
    levels = f" ({changes.levels} of another level)" if changes.levels else ""
    before = "" if outcome.before is None else f", against {outcome.before.on}"
    return start + parts + levels + before


def _first(outcome: Outcome) -> str:
    """What is said of an edition that there is nothing to compare with."""
    if outcome.before is not None:
        return f"in place of {outcome.before.entries} of {outcome.before.on}"
    extract = outcome.edition.kind in shipped()
    return "loaded, in place of the extract for the demonstration" if extract else "loaded"


def _day(written: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise CannotDo(f"--edition {written}: not a day; write YYYY-MM-DD.") from None


def _given(path: Path) -> list[Given]:
    """The file, or every file of a folder, in the order of their names."""
    if path.is_dir():
        found = sorted(
            p for p in path.rglob("*") if p.is_file() and p.suffix.lower() not in _SKIPPED
        )
        return [_file(one) for one in found[: MAX_FILES + 1]]
    if not path.exists():
        raise CannotDo(f"{path}: no such file.")
    return _members(path) if path.suffix.lower() == ".zip" else [_file(path)]


def _members(path: Path) -> list[Given]:
    """The files in a zip that is named itself; each is bounded when it is read."""
    try:
        with zipfile.ZipFile(path) as opened:
            found = [one for one in opened.infolist() if not one.is_dir()][: MAX_FILES + 1]
    except (zipfile.BadZipFile, OSError):
        raise CannotDo(f"{path}: damaged archive.") from None
    return [
        Given(name=one.filename, size=one.file_size, open=partial(_member, path, one.filename))
        for one in found
    ]


def _member(path: Path, name: str) -> BinaryIO:
    """A stream of a file in a zip; what goes wrong in it is said of the file.

    Raises:
        FileRefused: damaged, or closed by a password.
    """
    try:
        with zipfile.ZipFile(path) as opened:
            return cast("BinaryIO", opened.open(name))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, KeyError):
        raise refused(name, "cannot be taken out of its archive.") from None


def _file(path: Path) -> Given:
    return Given(name=path.name, size=path.stat().st_size, open=lambda: path.open("rb"))
