"""`dmp access`: explain a decision, print the rules and the matrix."""

from __future__ import annotations

from textwrap import fill
from typing import Annotated
from uuid import UUID

import typer

from dmp.acts.sharing.explain_access import ExplainAccess, explain_access
from dmp.cli.asking import Described, caller_from, person_named
from dmp.cli.house import done_by_operator, settings_now
from dmp.cli.identity import ins_of
from dmp.cli.operate.matrix import matrix
from dmp.domain.access.actions import Action
from dmp.domain.access.explain import OTHER_RULES, Explanation, sentence_of
from dmp.domain.access.filter import DELETED, DOCUMENT_RULES, Scope
from dmp.domain.access.rules import RULES

app = typer.Typer(help="Who may do what, and by which rule.", no_args_is_help=True)
app.command("matrix")(matrix)


@app.command()
def rules() -> None:
    """Print the rules in the order in which they are tried; the first that does not pass decides."""
    for number, rule in enumerate(RULES, start=1):
        _print_rule(f"{number:>2}", rule.__name__, sentence_of(rule))
    print("\nThen, on a document, unless the reader deposited it himself:")
    for one in (DELETED, *DOCUMENT_RULES):
        _print_rule(" -", one.name, OTHER_RULES[one.name][0])
    print("\nWhat no rule decides is refused.")


def _print_rule(mark: str, name: str, sentence: str) -> None:
    print(f"{mark} {name}")
    print(fill(sentence, 96, initial_indent="   ", subsequent_indent="   "))


@app.command()
def explain(
    ins: Annotated[str, typer.Option("--ins", help="Matricule, or the key of a demo person.")],
    caller: Annotated[str, typer.Option("--caller", "--as", help="Key of a demo person.")] = "",
    action: Annotated[Action, typer.Option(help="What is asked.")] = Action.FIND_DOCUMENTS,
    document: Annotated[UUID | None, typer.Option(help="Identifier of a document.")] = None,
    root: Annotated[str, typer.Option(help="OID of the authority of the INS.")] = "",
    place: Annotated[int, typer.Option(help="Which place of work of the demo person.")] = 0,
    representing: Annotated[bool, typer.Option(help="Acts for those represented.")] = False,
    caring: Annotated[bool, typer.Option("--caring", help="Acts as a carer.")] = False,
    rpps: Annotated[str, typer.Option(help="RPPS, or a whole PS_IdNat.")] = "",
    profession: Annotated[str, typer.Option(help="Code of TRE_G15.")] = "10",
    know_how: Annotated[str, typer.Option(help="Code of TRE_R01.")] = "",
    role: Annotated[str, typer.Option(help="Coordination role, a line of the matrix.")] = "",
    secretary: Annotated[bool, typer.Option("--secretary", help="A medical secretary.")] = False,
    structure: Annotated[str, typer.Option(help="Struct_IdNat of the place of work.")] = "",
    sector: Annotated[str, typer.Option(help="Activity sector of the place, SAxx.")] = "",
    capacity: Annotated[str, typer.Option(help="In which capacity, where no sector says it.")] = "",
    insurer: Annotated[bool, typer.Option("--insurer", help="The insurer's feed.")] = False,
    support: Annotated[str, typer.Option(help="Somebody of the support, by name.")] = "",
    purpose: Annotated[str, typer.Option(help="normal, break-glass or regulation.")] = "",
    motive: Annotated[str, typer.Option(help="Coded motive of an emergency.")] = "",
    reason: Annotated[str, typer.Option(help="Why, in words, for break-glass.")] = "",
    secret: Annotated[bool, typer.Option("--secret", help="A minor's secret session.")] = False,
    test_mode: Annotated[bool, typer.Option("--test-mode", help="Take test identities.")] = False,
) -> None:
    """Print the reasoning for a caller, a record and a document: every rule tried, the last decides."""
    settings = settings_now()
    described = Described(
        key=caller,
        place=place,
        representing=representing,
        caring=caring,
        rpps=rpps,
        profession=profession,
        know_how=know_how,
        role=role,
        secretary=secretary,
        structure=structure,
        sector=sector,
        capacity=capacity,
        insurer=insurer,
        support=support,
        purpose=purpose,
        motive=motive,
        reason=reason,
        secret=secret,
    )
    test = settings.test_mode or test_mode or bool(caller)
    person = ins_of(ins, root, test_mode=test) if ins[:1].isdigit() else person_named(ins)
    asked = caller_from(described, test_mode=test)
    request = ExplainAccess(ins=person, caller=asked, action=action, document=document)
    _tell(done_by_operator(settings, explain_access, request))


def _tell(explanation: Explanation) -> None:
    for number, step in enumerate(explanation.steps, start=1):
        reason = f" ({step.reason.value})" if step.reason else ""
        print(f"{number:>2} {step.outcome.value:<10} {step.rule}{reason}")
        print(fill(step.sentence, 100, initial_indent=" " * 14, subsequent_indent=" " * 14))
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
    kept = len(scope.kept_documents), len(scope.kept_types)
    less = f"; less {kept[0]} documents and {kept[1]} types kept from him" if any(kept) else ""
    return types + (f"; also {', '.join(also)}" if also else "") + less
