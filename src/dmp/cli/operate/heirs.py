"""`dmp heirs`: requests after a death, decided by two officers, documents given out in a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from dmp.acts.heirs.decide_request import DecideHeirRequest, decide_heir_request
from dmp.acts.heirs.file_request import FileHeirRequest, file_heir_request
from dmp.acts.heirs.list_requests import ListHeirRequests, list_heir_requests
from dmp.acts.heirs.release_documents import Released, ReleaseToHeirs, release_to_heirs
from dmp.acts.perform import perform
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.bootstrap.house import Built
from dmp.cli.asking import caller_named
from dmp.cli.house import done_by_operator, operator, settings_now, with_house
from dmp.cli.identity import ins_of
from dmp.cli.operate.record import AsOption, InsOption, RootOption, TestOption, settings_with
from dmp.cli.terminal import CannotDo
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.identifiers import RecordId
from dmp.domain.record.calendar import LOCAL
from dmp.domain.record.heirs import HeirDecision, HeirPurpose, HeirRequest

app = typer.Typer(
    help="Requests of heirs after a death: filed by one officer, decided by another.",
    no_args_is_help=True,
)

RecordArgument = Annotated[UUID, typer.Argument(help="Record, as the list names it.")]
RequestArgument = Annotated[UUID, typer.Argument(help="Request, as the list names it.")]

_SUFFIXES = {"text/xml": "xml", "application/pdf": "pdf"}
SUMMARY = "sommaire.txt"


@app.command("file")
def file_(
    ins: InsOption,
    name: Annotated[str, typer.Option(help="Who asks.")],
    relation: Annotated[str, typer.Option(help="Heir, partner: what she was to the deceased.")],
    proofs: Annotated[str, typer.Option(help="What proves it, by name: deed, certificate.")],
    purpose: Annotated[HeirPurpose, typer.Option(help="For which of the law's purposes.")],
    root: RootOption = "",
    as_: AsOption = "",
    test_mode: TestOption = False,
) -> None:
    """Register a request about a record closed by death. Another officer decides it."""
    settings = settings_with(test_mode)
    person = ins_of(ins, root, test_mode=settings.test_mode)
    caller = caller_named(as_) if as_ else operator()

    async def register(house: Built) -> HeirRequest:
        found = await perform(house.house, check_access, CheckAccess(ins=person), operator())
        request = FileHeirRequest(
            record_id=found.record.record_id,
            name=name,
            relation=relation,
            proofs=proofs,
            purpose=purpose,
        )
        return await perform(house.house, file_heir_request, request, caller)

    _tell(with_house(settings, register))


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(help="How many at most, oldest first.")] = 200,
) -> None:
    """List the requests that wait for a decision, or for their documents to be given out."""
    found = done_by_operator(settings_now(), list_heir_requests, ListHeirRequests(limit=limit))
    for request in found:
        _tell(request)
        print()
    print(f"{len(found)} requests wait")


@app.command()
def decide(
    record: RecordArgument,
    request: RequestArgument,
    decision: Annotated[HeirDecision, typer.Option(help="granted or refused.")],
    grounds: Annotated[str, typer.Option(help="Why, in words.")],
) -> None:
    """Decide a request that somebody else filed; granted, its documents can be given out for 60 days."""
    wanted = DecideHeirRequest(
        record_id=RecordId(record), request_id=request, decision=decision, grounds=grounds
    )
    _tell(done_by_operator(settings_now(), decide_heir_request, wanted))


@app.command()
def release(
    record: RecordArgument,
    request: RequestArgument,
    to: Annotated[Path, typer.Option("--to", help="A new folder for the documents.")],
) -> None:
    """Write the documents of a granted request into a new folder that only you can read."""
    try:
        to.mkdir(mode=0o700)
    except FileExistsError:
        raise CannotDo(f"{to} is there already; name a new folder.") from None
    try:
        wanted = ReleaseToHeirs(record_id=RecordId(record), request_id=request)
        released = done_by_operator(settings_now(), release_to_heirs, wanted)
    except BaseException:
        to.rmdir()
        raise
    _write(released, to)
    print(f"{len(released.documents)} documents written to {to.resolve()}, with {SUMMARY}")
    print("only this account can read them; give them to the heir and delete the folder")


def _write(released: Released, folder: Path) -> None:
    lines = []
    for number, (entry, content) in enumerate(released.documents, 1):
        day = entry.service_start.astimezone(LOCAL).date()
        name = f"{number:03}-{day.isoformat()}.{_SUFFIXES.get(entry.mime_type, 'bin')}"
        _write_private(folder / name, content)
        lines.append(f"{name}\t{entry.title}\t{_author(entry)}")
    _write_private(folder / SUMMARY, ("\n".join(lines) + "\n").encode("utf-8"))


def _author(entry: DocumentEntry) -> str:
    return entry.authors[0].display if entry.authors else ""


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def _tell(request: HeirRequest) -> None:
    print(f"request   {request.request_id}")
    print(f"record    {request.record_id}")
    print(f"asked by  {request.name} ({request.relation})")
    print(f"proofs    {request.proofs}")
    print(f"purpose   {request.purpose.value}")
    print(f"filed     {request.filed_at:%Y-%m-%d %H:%M} UTC by {request.filed_by}")
    print(
        f"decision  {request.decision.value}" + (f": {request.grounds}" if request.grounds else "")
    )
    if request.decided_at is not None:
        print(f"          by {request.decided_by}, {request.decided_at:%Y-%m-%d %H:%M} UTC")
    if request.released_at is not None:
        print(f"released  {request.released_at:%Y-%m-%d %H:%M} UTC")
