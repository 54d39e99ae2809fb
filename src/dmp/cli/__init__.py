"""The command line: one noun per file. Errors are one sentence and the exit code 2."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from dmp.cli.answer import reports
from dmp.cli.develop import bench, docs, suite
from dmp.cli.operate import (
    access,
    check,
    claims,
    db,
    emergency,
    heirs,
    log,
    notices,
    reference,
    relations,
    token,
)
from dmp.cli.requests import corrections
from dmp.cli.run import demo, maintenance, serve
from dmp.cli.terminal import explained, say

app = typer.Typer(
    name="dmp",
    help="The French shared medical record (dossier médical partagé), as open software.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command(
    "test",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(suite.test)
app.command("bench")(bench.bench)
app.command("check")(check.check)
app.command("token")(token.token)
app.add_typer(relations.app, name="record")
app.add_typer(access.app, name="access")
app.add_typer(claims.app, name="claims")
app.add_typer(maintenance.app, name="maintenance")
app.add_typer(emergency.app, name="emergency")
app.add_typer(heirs.app, name="heirs")
app.add_typer(corrections.app, name="corrections")
app.add_typer(reports.app, name="reports")
app.command("notices")(notices.notices)
app.add_typer(log.app, name="log")
app.add_typer(db.app, name="db")
app.add_typer(reference.app, name="reference")
app.command("docs", hidden=True)(docs.docs)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, or 2 for a refusal or an error, said in a sentence."""
    command = typer.main.get_command(app)
    try:
        code = command.main(
            args=list(sys.argv[1:] if arguments is None else arguments),
            prog_name="dmp",
            standalone_mode=False,
        )
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone (`dmp … | head`): nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if os.environ.get("DMP_TRACEBACK"):
            raise
        say(explained(error))
        return 2
    return code if isinstance(code, int) else 0
