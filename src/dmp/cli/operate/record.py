"""`dmp record`: the life of one record, as an operator may move it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dmp.acts.life.close_record import CloseRecord, SuspendRecord, close_record, suspend_record
from dmp.acts.life.inform_person import InformPerson, inform_person
from dmp.acts.life.move_due_records import follow_due_announcements, move_due_records
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.life.refuse_record import RefuseRecord, refuse_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.perform import perform
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.bootstrap.house import Built
from dmp.cli.asking import caller_named
from dmp.cli.house import done_by_operator, operator, settings_now, with_house
from dmp.cli.identity import identity_in_cda, ins_of, traits_of
from dmp.cli.terminal import CannotDo
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import Caller
from dmp.domain.identity.patient import Traits
from dmp.domain.record.health_record import ClosingMotive, HealthRecord
from dmp.settings import Settings

app = typer.Typer(
    help="Open, show, close records; an operator sees no document.", no_args_is_help=True
)

InsOption = Annotated[str, typer.Option("--ins", help="Matricule of 15 characters.")]
RootOption = Annotated[
    str, typer.Option("--root", help="OID of its authority; the test root in test mode.")
]
NameOption = Annotated[str, typer.Option("--name", help="Birth name.")]
GivenOption = Annotated[str, typer.Option("--given", help="Birth first names.")]
SexOption = Annotated[str, typer.Option("--sex", help="M, F or I.")]
BirthOption = Annotated[str, typer.Option("--birth-date", help="YYYY-MM-DD.")]
PlaceOption = Annotated[str, typer.Option("--birth-place", help="INSEE code of 5 characters.")]
CdaOption = Annotated[
    Path | None,
    typer.Option("--from-cda", help="Read INS and traits from the header of this document."),
]
ConsentOption = Annotated[
    str, typer.Option("--consent", help="The person's consent as it was given, in words.")
]
TestOption = Annotated[
    bool, typer.Option("--test-mode", help="Take test identities, as DMP_TEST_MODE=true does.")
]
AsOption = Annotated[
    str, typer.Option("--as", help="Act as this person of the demo (see dmp token --list).")
]

_Move = Callable[[Built, Caller, HealthRecord], Awaitable[HealthRecord]]


@app.command("open")
def open_(
    ins: InsOption = "",
    root: RootOption = "",
    name: NameOption = "",
    given: GivenOption = "",
    sex: SexOption = "",
    birth_date: BirthOption = "",
    birth_place: PlaceOption = "",
    from_cda: CdaOption = None,
    consent: ConsentOption = "",
    test_mode: TestOption = False,
) -> None:
    """Open a record, so that documents of this person can be deposited."""
    settings = settings_with(test_mode)
    person, traits = _identity(
        settings, ins, root, from_cda, (name, given, sex, birth_date, birth_place)
    )
    if not consent and settings.test_mode:
        consent = "identité de test, ouverture par l'exploitant"
    request = OpenRecord(ins=person, traits=traits, consent=consent)
    tell(done_by_operator(settings, open_record, request))


@app.command()
def inform(
    ins: InsOption = "",
    root: RootOption = "",
    name: NameOption = "",
    given: GivenOption = "",
    sex: SexOption = "",
    birth_date: BirthOption = "",
    birth_place: PlaceOption = "",
    from_cda: CdaOption = None,
    test_mode: TestOption = False,
) -> None:
    """Record that a person was told: her record opens in six weeks unless she objects."""
    settings = settings_with(test_mode)
    person, traits = _identity(
        settings, ins, root, from_cda, (name, given, sex, birth_date, birth_place)
    )
    tell(done_by_operator(settings, inform_person, InformPerson(ins=person, traits=traits)))


@app.command()
def show(ins: InsOption, root: RootOption = "", test_mode: TestOption = False) -> None:
    """Show the state of a record and the steps of its life."""
    settings = settings_with(test_mode)
    person = ins_of(ins, root, test_mode=settings.test_mode)
    tell(done_by_operator(settings, check_access, CheckAccess(ins=person)).record)


@app.command()
def close(
    ins: InsOption,
    root: RootOption = "",
    motive: Annotated[ClosingMotive, typer.Option(help="Why.")] = ClosingMotive.HOLDER_REQUEST,
    reason: Annotated[str, typer.Option(help="The reason in words.")] = "",
    as_: AsOption = "",
    test_mode: TestOption = False,
) -> None:
    """Close a record: shown to nobody, kept ten years."""
    on_record(
        ins,
        root,
        as_,
        test_mode,
        lambda house, caller, record: perform(
            house.house,
            close_record,
            CloseRecord(record_id=record.record_id, motive=motive, reason=reason),
            caller,
        ),
    )


@app.command()
def suspend(ins: InsOption, root: RootOption = "", test_mode: TestOption = False) -> None:
    """Suspend a record for fraud or malfunction; it closes after six weeks without opposition."""
    on_record(
        ins,
        root,
        "",
        test_mode,
        lambda house, caller, record: perform(
            house.house, suspend_record, SuspendRecord(record_id=record.record_id), caller
        ),
    )


@app.command()
def reopen(
    ins: InsOption,
    as_: AsOption,
    consent: ConsentOption,
    root: RootOption = "",
    test_mode: TestOption = False,
) -> None:
    """Reactivate a closed record with everything in it: the holder, a desk or a professional does."""
    on_record(
        ins,
        root,
        as_,
        test_mode,
        lambda house, caller, record: perform(
            house.house,
            reopen_record,
            ReopenRecord(record_id=record.record_id, consent=consent),
            caller,
        ),
    )


@app.command()
def refuse(
    as_: AsOption,
    ins: InsOption = "",
    root: RootOption = "",
    name: NameOption = "",
    given: GivenOption = "",
    sex: SexOption = "",
    birth_date: BirthOption = "",
    birth_place: PlaceOption = "",
    from_cda: CdaOption = None,
    test_mode: TestOption = False,
) -> None:
    """Record that a person refuses a record: she herself or a desk does."""
    settings = settings_with(test_mode)
    person, traits = _identity(
        settings, ins, root, from_cda, (name, given, sex, birth_date, birth_place)
    )
    caller = caller_named(as_)
    request = RefuseRecord(ins=person, traits=traits)
    tell(done_by_operator(settings, refuse_record, request, caller))


@app.command()
def due() -> None:
    """Do what the law set a date for: open, close, destroy, end at majority, announce documents."""

    async def move(house: Built) -> tuple[int, int]:
        moved = await move_due_records(house.house)
        return moved, await follow_due_announcements(house.house)

    moved, followed = with_house(settings_now(), move)
    print(f"{moved} records moved, {followed} announcements followed")


def settings_with(test_mode: bool) -> Settings:
    """The settings of this environment; `test_mode` takes test identities too."""
    settings = settings_now()
    return replace(settings, test_mode=settings.test_mode or test_mode)


def _identity(
    settings: Settings, ins: str, root: str, from_cda: Path | None, given: tuple[str, ...]
) -> tuple[Ins, Traits]:
    if from_cda is not None:
        return identity_in_cda(from_cda, test_mode=settings.test_mode)
    if not ins:
        raise CannotDo("say who: --ins with the traits, or --from-cda with a file.")
    name, first, sex, birth_date, birth_place = given
    person = ins_of(ins, root, test_mode=settings.test_mode)
    return person, traits_of(name, first, sex, birth_date, birth_place)


def on_record(ins: str, root: str, as_: str, test_mode: bool, act: _Move) -> None:
    """Find the record of a person and do one act on it, as the operator or somebody of the demo; show it."""
    settings = settings_with(test_mode)
    person = ins_of(ins, root, test_mode=settings.test_mode)
    caller = caller_named(as_) if as_ else operator()

    async def move(house: Built) -> HealthRecord:
        found = await perform(house.house, check_access, CheckAccess(ins=person), operator())
        return await act(house, caller, found.record)

    tell(with_house(settings, move))


def tell(record: HealthRecord) -> None:
    """The record's administrative life. Neither traits nor documents: the trace names no reader."""
    print(f"record {record.record_id}")
    print(f"state  {record.state.value}")
    for step in record.steps:
        consent = f"; consent: {step.consent}" if step.consent else ""
        print(
            f"  {step.at:%Y-%m-%d %H:%M} UTC  {step.state.value} by {step.by_name} "
            f"({step.channel.value}{consent})"
        )
    if record.closure is not None:
        print(
            f"closed ({record.closure.motive.value}), kept until {record.closure.archive_until:%Y-%m-%d}"
        )
    if record.erase_by is not None:
        print(f"erased by {record.erase_by:%Y-%m-%d}")
