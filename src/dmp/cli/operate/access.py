"""`dmp access`: explain a decision, print the matrix."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from dmp.acts.sharing.explain_access import ExplainAccess, explain_access
from dmp.cli.asking import Described, caller_from, person_named
from dmp.cli.house import done_by_operator, settings_now
from dmp.cli.identity import ins_of
from dmp.domain.access.actions import Action
from dmp.domain.access.explain import Explanation
from dmp.domain.access.filter import Scope
from dmp.domain.access.matrix import current_cells

app = typer.Typer(help="Who may do what, and by which rule.", no_args_is_help=True)


@app.command()
def matrix() -> None:
    """Print the habilitation matrix: a line per type, a column per profession."""
    cells = current_cells()
    professions = list(dict.fromkeys(cell.profession for cell in cells))
    allowed = {(cell.profession, cell.type_code): cell for cell in cells}
    print("type".ljust(14) + " ".join(name.rjust(4) for name in professions))
    for code in dict.fromkeys(cell.type_code for cell in cells):
        row = (allowed[name, code] for name in professions)
        marks = (
            ("yes" if c.consult else ".") + ("?" if c.provenance == "assumed" else "") for c in row
        )
        print(code.ljust(14) + " ".join(mark.rjust(4) for mark in marks))
    print("? marks a cell that is assumed; the source of each stands in matrix.csv")


@app.command()
def explain(
    ins: Annotated[str, typer.Option("--ins", help="Matricule, or the key of a demo person.")],
    caller: Annotated[str, typer.Option("--caller", "--as", help="Key of a demo person.")] = "",
    action: Annotated[Action, typer.Option(help="What is asked.")] = Action.FIND_DOCUMENTS,
    document: Annotated[UUID | None, typer.Option(help="Identifier of a document.")] = None,
    root: Annotated[str, typer.Option(help="OID of the authority of the INS.")] = "",
    place: Annotated[int, typer.Option(help="Which place of work of the demo person.")] = 0,
    representing: Annotated[bool, typer.Option(help="Acts for those represented.")] = False,
    rpps: Annotated[str, typer.Option(help="RPPS, or a whole PS_IdNat.")] = "",
    profession: Annotated[str, typer.Option(help="Code of TRE_G15.")] = "10",
    know_how: Annotated[str, typer.Option(help="Code of TRE_R01.")] = "",
    structure: Annotated[str, typer.Option(help="Struct_IdNat of the place of work.")] = "",
    purpose: Annotated[str, typer.Option(help="normal, break-glass or regulation.")] = "",
    reason: Annotated[str, typer.Option(help="Why, for break-glass.")] = "",
    test_mode: Annotated[bool, typer.Option("--test-mode", help="Take test identities.")] = False,
) -> None:
    """Print the reasoning for a caller, a record and a document: every rule tried, the last decides."""
    settings = settings_now()
    described = Described(
        key=caller,
        place=place,
        representing=representing,
        rpps=rpps,
        profession=profession,
        know_how=know_how,
        structure=structure,
        purpose=purpose,
        reason=reason,
    )
    test = settings.test_mode or test_mode or bool(caller)
    person = ins_of(ins, root, test_mode=test) if ins[:1].isdigit() else person_named(ins)
    request = ExplainAccess(
        ins=person,
        caller=caller_from(described, test_mode=test),
        action=action,
        document=document,
    )
    _tell(done_by_operator(settings, explain_access, request))


def _tell(explanation: Explanation) -> None:
    for step in explanation.steps:
        reason = f" ({step.reason.value})" if step.reason else ""
        print(f"{step.outcome.value:<10} {step.rule}{reason}")
        print(f"{'':<10} {step.sentence}")
    decision = explanation.decision
    print()
    print(f"permitted  {'yes' if decision.permitted else 'no'}, by {decision.rule}")
    if decision.scope is not None:
        print(f"scope      {_scope(decision.scope)}")
    for duty in decision.duties:
        print(f"duty       {duty.value}")
    print(f"matrix     {decision.matrix_version}")


def _scope(scope: Scope) -> str:
    if scope.own_only:
        return "own deposits only"
    types = "every type" if scope.types is None else f"{len(scope.types)} types"
    seen = (
        ("masked", scope.sees_masked),
        ("awaiting announcement", scope.sees_hidden_from_patient),
        ("hidden from representatives", scope.sees_hidden_from_representatives),
    )
    also = [name for name, yes in seen if yes]
    return f"{types}" + (f"; also {', '.join(also)}" if also else "")
