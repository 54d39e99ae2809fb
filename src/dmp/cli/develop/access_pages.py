"""What the documentation tells of the access room, made from its code: tables of docs/access.md, the matrix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from dmp.domain.access.actions import BY_LEVEL, MAY_ASK, Action
from dmp.domain.access.explain import OTHER_RULES, sentence_of
from dmp.domain.access.filter import DELETED, DOCUMENT_RULES
from dmp.domain.access.matrix import Cell, Matrix, lines, shipped_matrices
from dmp.domain.access.rules import RULES
from dmp.domain.access.rules.marks import marks_of
from dmp.domain.documents.types import CLASSES, document_types
from dmp.domain.identity.capacity import BY_SECTOR, Capacity
from dmp.domain.record.relations import CarerLevel

_PART = re.compile(r"(<!-- made: ([a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def row(*cells: str) -> str:
    """One row of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lined = [row(*heading), "|" + "---|" * len(heading)]
    return "\n".join([*lined, *(row(*cells) for cells in rows)])


def woven(page: str) -> str:
    """A page with the parts between its markers made anew.

    Raises:
        KeyError: a marker names a part that nobody makes.
    """

    def made(found: re.Match[str]) -> str:
        return f"{found[1]}\n{PARTS[found[2]]()}\n\n{found[3]}"

    return _PART.sub(made, page)


def _words(kind: type) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind.__name__).lower()


def _actions(actions: Iterable[Action]) -> str:
    return ", ".join(f"`{action}`" for action in Action if action in set(actions))


def callers() -> str:
    """The kinds of callers, each with what it is."""
    return _table(
        ("Caller", "Who that is"),
        (
            (_words(kind), " ".join((kind.__doc__ or "").split("\n\n")[0].split()))
            for kind in MAY_ASK
        ),
    )


def may_ask() -> str:
    """Actions that the same callers may ask, together."""
    together: dict[tuple[type, ...], list[Action]] = {}
    for action in Action:
        who = tuple(kind for kind, allowed in MAY_ASK.items() if action in allowed)
        together.setdefault(who, []).append(action)
    return _table(
        ("What is asked", "By whom it may be asked"),
        ((_actions(asked), ", ".join(map(_words, who))) for who, asked in together.items()),
    )


def levels() -> str:
    """What a carer may ask at each level, beyond the level before."""
    before: frozenset[Action] = frozenset()
    rows = []
    for level in CarerLevel:
        rows.append((f"`{level}`", ("and " if before else "") + _actions(BY_LEVEL[level] - before)))
        before = BY_LEVEL[level]
    return _table(("Level of a carer", "May ask"), rows)


def rules() -> str:
    """The rules in their order, with those whom each concerns."""
    rows = []
    for number, rule in enumerate(RULES, start=1):
        kinds, actions = marks_of(rule)
        whom = ", ".join(_words(kind) for kind in MAY_ASK if kind in kinds) or "everybody"
        on = f", {_actions(actions)}" if 0 < len(actions) <= _FEW else ""
        rows.append((str(number), f"`{rule.__name__}`", sentence_of(rule), whom + on))
    return _table(("", "Rule", "What it says", "Tried for"), rows)


_FEW = 2
"""Actions that are worth a name; more of them are told by the rule's sentence."""


def document_rules() -> str:
    """The rules on one document, in their order."""
    return _table(
        ("Rule", "The document does not exist for the reader, because"),
        ((f"`{one.name}`", OTHER_RULES[one.name][0]) for one in (DELETED, *DOCUMENT_RULES)),
    )


def capacities() -> str:
    """Capacities, and the sectors of TRE_R02 that give them."""
    sectors: dict[Capacity, list[str]] = {capacity: [] for capacity in Capacity}
    for sector, capacity in BY_SECTOR.items():
        sectors[capacity].append(f"`{sector}`")
    given = {Capacity.CARE: "every other sector"}
    return _table(
        ("Capacity", "Given by the sector of the place of work"),
        (
            (f"`{one}`", ", ".join(of) or given.get(one, "stated in the token"))
            for one, of in sectors.items()
        ),
    )


def versions() -> str:
    """The versions of the matrix: when each holds, on what it stands, how much of it is known."""
    return _table(
        ("Version", "From", "Until", "Legal basis", "Cells known"),
        (
            (
                f"`{one.version}`",
                one.valid_from.isoformat(),
                one.valid_until.isoformat() if one.valid_until else "further notice",
                one.legal_basis,
                f"{sum(c.provenance == 'known' for c in one.cells)} of {len(one.cells)}",
            )
            for one in shipped_matrices().versions
        ),
    )


def in_words() -> str:
    """The matrix in force, lines that read the same together, class by class."""
    sheet = shipped_matrices().versions[-1]
    together: dict[frozenset[str], list[str]] = {}
    for line in lines():
        together.setdefault(sheet.types_for(line), []).append(line)
    rows = []
    for allowed, names in sorted(together.items(), key=lambda item: -len(item[0])):
        who = ", ".join(f"{lines()[name].code.display} (`{name}`)" for name in names)
        rows.append((who, f"{len(allowed)} of {len(document_types())}", _classes(allowed)))
    return _table(("Line", "Types", "Which"), rows)


def _classes(allowed: frozenset[str]) -> str:
    """The types class by class: whole classes by their name, of others what is in or what is out."""
    said = []
    for code, label in CLASSES.items():
        every = [c for c, kind in document_types().items() if kind.class_code.code == code]
        inside, outside = [c for c in every if c in allowed], [c for c in every if c not in allowed]
        if not inside:
            continue
        if not outside:
            said.append(label)
        elif len(outside) < len(inside):
            said.append(f"{label} but {', '.join(f'`{c}`' for c in outside)}")
        else:
            said.append(f"of {label}: {', '.join(f'`{c}`' for c in inside)}")
    return "; ".join(said) or "nothing"


PARTS: dict[str, Callable[[], str]] = {
    "callers": callers,
    "may-ask": may_ask,
    "carer-levels": levels,
    "rules": rules,
    "document-rules": document_rules,
    "capacities": capacities,
    "matrix-versions": versions,
}
"""What docs/access.md takes from the code, by the name in its markers."""


def matrix_page(made: str) -> str:
    """Every version of the matrix, whole."""
    told = [
        "# The habilitation matrix",
        "",
        made,
        "",
        "A row per type of document, a column per profession (TRE_G15) or role (TRE_R85, TRE_R94).",
        "**Y** may consult, **–** may not: known. *y* and · the same, assumed. On what the versions stand:",
        "[access](../access.md#the-matrix).",
        "",
        "## In words",
        "",
        "The version in force; lines that read the same stand together.",
        "",
        in_words(),
    ]
    for sheet in reversed(shipped_matrices().versions):
        until = sheet.valid_until.isoformat() if sheet.valid_until else "further notice"
        told += [
            "",
            f"## Version {sheet.version}",
            "",
            f"From {sheet.valid_from.isoformat()} until {until}. {sheet.legal_basis}.",
            "",
            _whole(sheet),
        ]
    told += ["", "## Lines", "", _table(("Line", "Who"), _legend())]
    return "\n".join(told) + "\n"


def _legend() -> Iterable[tuple[str, str]]:
    return ((f"`{name}`", line.code.display) for name, line in lines().items())


def _whole(sheet: Matrix) -> str:
    cells = {(cell.line, cell.type_code): cell for cell in sheet.cells}
    names = list(dict.fromkeys(cell.line for cell in sheet.cells))
    return _table(
        ("Type", "Label", *names),
        (
            (f"`{code}`", found.code.display, *(_mark(cells[name, code]) for name in names))
            for code, found in document_types().items()
        ),
    )


def _mark(cell: Cell) -> str:
    if cell.provenance == "known":
        return "**Y**" if cell.consult else "**–**"
    return "*y*" if cell.consult else "·"
