"""`dmp token`: an access token for `curl`, signed with the key of the data folder."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from dmp.cli.asking import Described, caller_from
from dmp.cli.house import settings_now
from dmp.cli.terminal import CannotDo, say

HOUR = 3600


def token(
    as_: Annotated[str, typer.Option("--as", help="Key of a person of the demo.")] = "",
    list_: Annotated[bool, typer.Option("--list", help="List the persons of the demo.")] = False,
    place: Annotated[int, typer.Option(help="Which place of work, from 0.")] = 0,
    representing: Annotated[bool, typer.Option(help="A parent acts for the children.")] = False,
    rpps: Annotated[str, typer.Option(help="RPPS, or a whole PS_IdNat.")] = "",
    name: Annotated[str, typer.Option(help="Name for the traces.")] = "",
    profession: Annotated[str, typer.Option(help="Code of TRE_G15.")] = "10",
    know_how: Annotated[str, typer.Option(help="Code of TRE_R01.")] = "",
    structure: Annotated[
        str, typer.Option(help="Struct_IdNat; without --rpps, the structure's software.")
    ] = "",
    structure_name: Annotated[str, typer.Option(help="Name of the structure.")] = "",
    sector: Annotated[str, typer.Option(help="Activity sector, SAxx.")] = "",
    purpose: Annotated[str, typer.Option(help="normal, break-glass or regulation.")] = "",
    reason: Annotated[str, typer.Option(help="Why, for break-glass.")] = "",
    motive: Annotated[str, typer.Option(help="Coded motive of an emergency.")] = "",
    secret: Annotated[bool, typer.Option("--secret", help="A minor's secret session.")] = False,
    capacity: Annotated[str, typer.Option(help="In which capacity, where no sector says it.")] = "",
    role: Annotated[str, typer.Option(help="Coordination role, a line of the matrix.")] = "",
    secretary: Annotated[bool, typer.Option("--secretary", help="A medical secretary.")] = False,
    insurer: Annotated[bool, typer.Option("--insurer", help="The insurer's feed.")] = False,
    support: Annotated[str, typer.Option(help="Somebody of the support, by name.")] = "",
    caring: Annotated[bool, typer.Option("--caring", help="A carer helps others.")] = False,
    software: Annotated[str, typer.Option(help="Name of the calling software.")] = "dmp token",
    hours: Annotated[int, typer.Option(help="How long it is valid.")] = 12,
) -> None:
    """Print an access token (a JWT in the IHE IUA form) for a person of the demo, or as described."""
    if list_:
        _list()
        return
    from dmp.bootstrap.tokens import token_signer

    settings = settings_now()
    if settings.token_keys:
        raise CannotDo(
            "DMP_TOKEN_KEYS names another issuer's keys; obtain a token from that issuer."
        )
    described = Described(
        key=as_,
        place=place,
        representing=representing,
        rpps=rpps,
        name=name,
        profession=profession,
        know_how=know_how,
        structure=structure,
        structure_name=structure_name,
        sector=sector,
        purpose=purpose,
        reason=reason,
        software=software,
        motive=motive,
        secret=secret,
        capacity=capacity,
        role=role,
        secretary=secretary,
        insurer=insurer,
        support=support,
        caring=caring,
    )
    caller = caller_from(described, test_mode=settings.test_mode or bool(as_))
    signed = token_signer(settings)(caller, max(1, hours) * HOUR)
    print(signed)
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        say(f"valid {hours} hours; use it as  -H 'Authorization: Bearer …'")


def _list() -> None:
    from dmp.remote.simulated.directory import known_keys

    members = known_keys()
    widths = [max(len(getattr(m, field)) for m in members) for field in ("key", "kind", "name")]
    for member in members:
        cells = (member.key, member.kind, member.name)
        print("  ".join(c.ljust(w) for c, w in zip(cells, widths, strict=True)), member.shows)
