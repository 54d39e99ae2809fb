"""The first page of a counter: a card to read, what was done today, what is left to do.

The operations name nobody. While the session lasts they carry the initials of the person and her receipt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.counter.read_statement import (
    ListOperations,
    ReadStatement,
    list_operations,
    read_statement,
)
from dmp.domain.counter.opening import works_in_a_pharmacy
from dmp.domain.counter.operation import Deed, DeskOperation
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.desk.identity import cards_in_reach
from dmp.entrypoints.web.desk.operations import Left, finished
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import clock, euros, today

WORDS = {
    Deed.OPENED: "Dossier ouvert",
    Deed.REOPENED: "Dossier réactivé",
    Deed.CLOSED: "Dossier clôturé",
    Deed.REFUSED: "Opposition enregistrée",
    Deed.INFORMED: "Information enregistrée",
    Deed.CODE_ISSUED: "Lettre d’accès remise",
    Deed.CODE_SENT: "Code envoyé par SMS",
    Deed.REPRESENTATIVE_DECLARED: "Représentant légal déclaré",
}
LEFT = {
    Left.DECIDE: "Identité vérifiée, rien n’est encore décidé",
    Left.CODE: "Dossier ouvert, code d’accès à remettre",
    Left.REPRESENTATIVE: "Dossier d’un mineur ouvert, représentant légal à déclarer",
}
_ENDS = {Left.DECIDE: "", Left.CODE: "/code", Left.REPRESENTATIVE: "/representant"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One operation of today; `who` and `path` only while the session of its doing lasts."""

    clock: str
    words: str
    who: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """Something that is left to do; `page` names it to the form that takes it off the list."""

    who: str
    words: str
    path: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What is counted for the pharmacy today; `missing` are openings made here that are not counted."""

    count: int
    total: str
    missing: int


async def home(visit: Visit) -> Response:
    """Who comes next, what was done today, what is left to do."""
    operations = await _operations(visit)
    return visit.render(
        "desk/home.html",
        "Guichet",
        cards=await cards_in_reach(visit),
        operations=None if operations is None else [_done(visit, one) for one in operations],
        counts=_counts(operations or ()),
        money=await _money(visit, operations or ()),
        unfinished=_unfinished(visit),
        errors={},
    )


async def _operations(visit: Visit) -> tuple[DeskOperation, ...] | None:
    """Those of today, newest first; None for who is at no counter of his own, as in a hospital's pharmacy."""
    try:
        return await visit.do(list_operations, ListOperations())
    except Refused as refused:
        if refused.reason is not Reason.ACT_NOT_ALLOWED:
            raise
        return None


def _done(visit: Visit, operation: DeskOperation) -> Done:
    who, path = visit.live.state.operations.get(operation.at.isoformat(), ("", ""))
    return Done(clock=clock(operation.at), words=WORDS[operation.deed], who=who, path=path)


def _counts(operations: Sequence[DeskOperation]) -> list[tuple[str, int]]:
    """How often each thing was done today, in the order of the words."""
    counted = Counter(one.deed for one in operations)
    return [(WORDS[deed], counted[deed]) for deed in WORDS if counted[deed]]


async def _money(visit: Visit, operations: Sequence[DeskOperation]) -> Money | None:
    """What the pharmacy's openings of today are worth; None elsewhere."""
    if not works_in_a_pharmacy(visit.caller):
        return None
    day = today(visit.now)
    statement = await visit.do(read_statement, ReadStatement(month=day))
    count = dict(statement.days).get(day, 0)
    opened = sum(one.deed is Deed.OPENED for one in operations)
    each = statement.cents // statement.count if statement.count else 0
    return Money(count=count, total=euros(count * each), missing=max(0, opened - count))


def _unfinished(visit: Visit) -> list[Unfinished]:
    found = visit.live.state.unfinished.items()
    return [
        Unfinished(who=who, words=LEFT[Left(left)], path=path + _ENDS[Left(left)], page=path)
        for path, (who, left) in reversed(found)
    ]


async def set_aside(visit: Visit) -> Response:
    """Take a person off the list of what is left to do. Nothing of her record changes."""
    finished(visit, visit.form.text("page"))
    visit.notice("C’est retiré de la liste. Le dossier de la personne n’a pas changé.")
    return visit.go_to("/guichet")


_DESK = Authentication.DESK
PAGES = (
    Page(path="/guichet", view=home, authentication=_DESK, acts=(list_operations, read_statement)),
    Page(path="/guichet/a-finir/retirer", view=set_aside, authentication=_DESK, method="POST"),
)
