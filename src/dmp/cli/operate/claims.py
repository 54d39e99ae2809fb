"""`dmp claims`: what the health insurance reimbursed, loaded into records; files to try it with."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from dmp.acts.claims.feed_claims import ListDeliveries, list_deliveries
from dmp.acts.perform import perform
from dmp.bootstrap.claims_intake import FEEDER, Load, Receipt, atc_of, load, summary_of
from dmp.bootstrap.house import Built
from dmp.bootstrap.knowledge import shipped_knowledge
from dmp.cli.house import settings_now, with_house
from dmp.cli.operate.claims_generate import generate
from dmp.cli.terminal import CannotDo, Progress, progress, say
from dmp.domain.claims.deliveries import Counts, Delivery
from dmp.domain.record.calendar import LOCAL
from dmp.formats.claims import delivery as deliveries
from dmp.formats.claims.delivery import Options
from dmp.formats.claims.refusals import DeliveryRefused

app = typer.Typer(
    help="Claims of the health insurance: load deliveries, list them, generate files to try it.",
    no_args_is_help=True,
)
app.command("generate")(generate)

FilesArgument = Annotated[
    list[Path], typer.Argument(help="Tables (CSV or Parquet), or folders of them: one delivery.")
]

DataOption = Annotated[Path | None, typer.Option(help="Data folder; DMP_DATA otherwise.")]


@app.command("load")
def load_(
    files: FilesArgument,
    persons: Annotated[
        Path | None,
        typer.Option(
            help="Who is who, when the files hold pseudonyms: BEN_NIR_PSA;BEN_RNG_GEM;INS."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is in the files; nothing is written.")
    ] = False,
    again: Annotated[
        bool,
        typer.Option("--again", help="Also a known one: for the records that were opened since."),
    ] = False,
    data: DataOption = None,
) -> None:
    """Load a delivery of SNDS tables into the records that are open; says what is in it first."""
    settings = settings_now(data)
    try:
        _announce(files)
        if check:
            _check(files, persons, test_mode=settings.test_mode)
            return
        with ExitStack() as stack:
            steps = _Steps(stack)

            async def do(built: Built) -> Receipt:
                wanted = Load(
                    paths=tuple(files),
                    data=settings.data,
                    persons=persons,
                    again=again,
                    told=steps,
                )
                return await load(built.house, wanted)

            receipt = with_house(settings, do)
    except DeliveryRefused as refusal:
        raise CannotDo(str(refusal)) from None
    _tell(receipt)
    if again:
        say(
            "deliveries that came after this one may have corrected or taken out some of its lines: give "
            "them again too, in their order."
        )


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(help="How many at most, newest first.")] = 20,
    data: DataOption = None,
) -> None:
    """List the deliveries that were loaded, or are being loaded."""

    async def do(built: Built) -> list[Delivery]:
        request = ListDeliveries(limit=limit)
        found = await perform(built.house, list_deliveries, request, FEEDER)
        return list(found)

    found = with_house(settings_now(data), do)
    for delivery in found:
        ended = f"{delivery.ended_at:%Y-%m-%d %H:%M}" if delivery.ended_at else "-"
        print(
            f"{delivery.digest[:16]}  {delivery.state.value:8}  {delivery.began_at:%Y-%m-%d %H:%M}"
            f"  {ended:16}  {delivery.counts.new} new, {delivery.counts.replaced} replaced"
            f"  {delivery.summary.get('files', '')}"
        )
    print(f"{len(found)} deliveries")


def _announce(files: list[Path]) -> None:
    """What the files are, before any of them is read whole."""
    for source in deliveries.seen(files):
        if source.table is None:
            print(f"{source.path.name}: a table that has no part in the feed, left aside")
            continue
        lacking = f"; without {', '.join(source.unwatched)}" if source.unwatched else ""
        size = source.path.stat().st_size
        print(
            f"{source.path.name}: {source.table.name}, {source.dialect.kind.value}, "
            f"{len(source.dialect.header)} columns, {size:,} octets{lacking}"
        )


def _check(files: list[Path], persons: Path | None, *, test_mode: bool) -> None:
    """Read everything as a load would, without a database, in a folder that is gone at the end."""
    sources = deliveries.seen(files)
    options = Options(
        today=datetime.now(LOCAL).date(),  # as a load does: a day to come is one in France
        persons=persons,
        test_mode=test_mode,
        atc_of=atc_of(shipped_knowledge().medicines),
    )
    with tempfile.TemporaryDirectory(prefix="dmp-claims-") as folder:
        digest = deliveries.digest_of(sources, persons)
        delivery = deliveries.open_delivery(sources, digest, Path(folder), options)
        try:
            for share in range(delivery.shares):
                delivery.release(delivery.assemble(share))
            tally = delivery.finish()
            for read in delivery.reads:
                print(f"{read.source.path.name}: {read.rows} rows, {read.malformed} unreadable")
            _print_pairs({"digest": digest, **summary_of(delivery, tally)})
            for reason, rows in delivery.reasons():
                print(f"  would be rejected: {rows} rows, {reason}")
        finally:
            delivery.close()
    say("nothing was written; without --check the lines would be loaded.")


class _Steps:
    """A progress of its own for each step of the load."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._what = ""
        self._shown: Progress | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        if what != self._what or self._shown is None:
            self._stack.pop_all().close()
            self._what, self._shown = what, self._stack.enter_context(progress(what))
        self._shown(done, total)


def _tell(receipt: Receipt) -> None:
    if receipt.known:
        print(
            f"this delivery is known: loaded on {receipt.began_at:%Y-%m-%d %H:%M} UTC as "
            f"{receipt.digest[:16]}; nothing was changed"
        )
        return
    _print_pairs({"digest": receipt.digest, **receipt.summary, **_counted(receipt.counts)})
    if receipt.rejects is not None:
        print(f"rejected rows: {receipt.rejects}")
    print(f"receipt: {receipt.written_to}")


def _counted(counts: Counts) -> dict[str, str]:
    return {
        "new": str(counts.new),
        "replaced": str(counts.replaced),
        "unchanged": str(counts.unchanged),
        "taken out": str(counts.taken_out),
        "no record": f"{counts.without_record} lines of {counts.persons_without_record} persons",
        "record not open": f"{counts.record_not_open} lines of {counts.persons_not_open} persons",
    }


def _print_pairs(pairs: dict[str, str]) -> None:
    for name, value in pairs.items():
        print(f"{name.ljust(24)} {value}")
