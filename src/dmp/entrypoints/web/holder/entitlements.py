"""The habilitation matrix in the holder's words: what a profession or a role may read, with agreement."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.domain.access.matrix import Matrix, lines, professions, roles
from dmp.domain.documents.types import CATEGORIES, document_types
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.holder.own_record import record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import knows, translate, word


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of document, and whether its cell of the matrix is assumed."""

    label: str
    is_assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One category: the types of it that may be read, and those that may not."""

    label: str
    read: tuple[Kind, ...]
    kept: tuple[Kind, ...]


async def entitlements(visit: Visit) -> Response:
    """What a profession may read, category by category, by the version in force."""
    record_id = record_of(visit)
    await visit.do(read_choices, ReadChoices(of=record_id))
    line = visit.asked("qui")
    if line and line not in lines():
        raise Refused(Reason.PARAMETER_INVALID, parameter="qui", detail="profession inconnue")
    matrix = visit.house.policy.matrices.at(visit.now)
    headings = _headings(matrix, line) if line else ()
    return visit.render(
        "holder/entitlements.html",
        "Qui peut voir quoi",
        record_id=record_id,
        line=line,
        who=lines()[line].plural if line else "",
        choices=_choices(),
        able=[heading for heading in headings if heading.read],
        unable=[heading for heading in headings if not heading.read],
        matrix=matrix,
        basis=_basis(matrix),
        assumed=sum(cell.provenance == "assumed" for cell in matrix.cells if cell.line == line),
        total=sum(cell.line == line for cell in matrix.cells),
    )


def _basis(matrix: Matrix) -> str:
    """The text the version stands on; as its table gives it when it has no French words."""
    msgid = f"legal-basis.{matrix.valid_from.isoformat()}"
    return translate(msgid) if knows(msgid) else matrix.legal_basis


def _choices() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return (
        (
            translate("Professions de santé"),
            tuple((code, one.plural) for code, one in professions().items()),
        ),
        (
            translate("Coordination et accompagnement social"),
            tuple((code, one.plural) for code, one in roles().items()),
        ),
    )


def _headings(matrix: Matrix, line: str) -> tuple[Heading, ...]:
    """The cells of one line, under the categories by which holders find documents."""
    types = document_types()
    cells = [cell for cell in matrix.cells if cell.line == line]
    found = []
    for category in CATEGORIES:
        sorted_out: dict[bool, list[Kind]] = {True: [], False: []}
        for cell in cells:
            kind = types[cell.type_code]
            if kind.category == category:
                assumed = cell.provenance == "assumed"
                sorted_out[cell.consult].append(Kind(label=kind.code.display, is_assumed=assumed))
        if sorted_out[True] or sorted_out[False]:
            found.append(
                Heading(
                    label=word("category", category),
                    read=tuple(sorted_out[True]),
                    kept=tuple(sorted_out[False]),
                )
            )
    return tuple(found)


PAGES = (
    Page(
        path="/espace/{record}/qui-peut-voir",
        view=entitlements,
        authentication=Authentication.HOLDER,
        acts=(read_choices,),
    ),
)
