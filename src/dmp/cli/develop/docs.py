"""`dmp docs`: writes the pages of the documentation that are made from the code."""

from __future__ import annotations

from typing import Any

import typer

from dmp.cli.develop.access_pages import matrix_page, row, woven
from dmp.cli.terminal import CannotDo
from dmp.settings import checkout, descriptions

_MADE = "<!-- Made by `./dmp docs`; change the code and run it again. -->"


WOVEN = ("access.md",)
"""Pages written by hand with tables from the code between their markers."""


def docs() -> None:
    """Write docs/reference, and the tables of docs/access.md, from the code of this checkout."""
    root = checkout()
    if root is None:
        raise CannotDo("the documentation is in the checkout; run ./dmp docs there.")
    for name in WOVEN:
        page = root / "docs" / name
        page.write_text(woven(page.read_text(encoding="utf-8")), encoding="utf-8")
        print(page.relative_to(root))
    for name, text in reference_pages().items():
        page = root / "docs" / "reference" / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
        print(page.relative_to(root))


def reference_pages() -> dict[str, str]:
    """Every generated page: file name and text."""
    return {
        "settings.md": settings_page(),
        "cli.md": cli_page(),
        "acts.md": acts_page(),
        "reasons.md": reasons_page(),
        "matrix.md": matrix_page(_MADE),
    }


def settings_page() -> str:
    """Every setting: name, type, default, unit, meaning."""
    lines = [
        "# Settings",
        "",
        _MADE,
        "",
        "Settings are read from the environment when a command starts. A name that begins with",
        "`DMP_` and is not on this page is reported as unknown.",
    ]
    group = ""
    for _, default, described in descriptions():
        if described.group != group:
            group = described.group
            lines += [
                "",
                f"## {group}",
                "",
                row("Name", "Type", "Default", "Meaning"),
                "|---|---|---|---|",
            ]
        kind = "secret text" if described.secret else _KINDS[type(default).__name__]
        shown = described.shown_default or (f"`{_shown(default)}`" if default != "" else "none")
        unit = f" In {described.unit}." if described.unit else ""
        lines.append(row(f"`{described.name}`", kind, shown, described.meaning + unit))
    return "\n".join(lines) + "\n"


_KINDS = {"str": "text", "int": "number", "bool": "true or false", "PosixPath": "path"}


def _shown(default: object) -> str:
    return str(default).lower() if isinstance(default, bool) else str(default)


def cli_page() -> str:
    """Every command with its options."""
    from dmp.cli import app

    lines = ["# Commands", "", _MADE, "", "Each is run as `./dmp …` from the checkout."]
    command = typer.main.get_command(app)
    _describe(command, ["dmp"], lines)
    return "\n".join(lines) + "\n"


def _describe(command: Any, path: list[str], lines: list[str]) -> None:
    children: dict[str, Any] = getattr(command, "commands", {})
    if len(path) > 1 and not children:
        lines += ["", f"## {' '.join(path)}", "", " ".join((command.help or "").split())]
        options = [p for p in command.params if p.name != "help"]
        if options:
            lines += ["", row("Option", "Meaning"), "|---|---|"]
            lines += [row(f"`{_spelled(p)}`", getattr(p, "help", None) or "") for p in options]
    for name in sorted(children):
        if not children[name].hidden:
            _describe(children[name], [*path, name], lines)


def _spelled(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.name)
    flags = ", ".join(parameter.opts)
    return flags if parameter.is_flag else f"{flags} …"


def acts_page() -> str:
    """Every act: name, transactions, what it does."""
    import inspect

    from dmp.acts.catalogue import CATALOGUE

    lines = [
        "# Acts",
        "",
        _MADE,
        "",
        row("Act", "Transactions", "What", "Code"),
        "|---|---|---|---|",
    ]
    for act in CATALOGUE:
        module = inspect.getmodule(act.run)
        first = " ".join(((module.__doc__ if module else "") or "").split("\n\n")[0].split())
        file = module.__name__.replace(".", "/") if module else ""
        lines.append(row(f"`{act.name}`", ", ".join(act.transactions), first, f"`src/{file}.py`"))
    return "\n".join(lines) + "\n"


def reasons_page() -> str:
    """Every reason for which the house refuses."""
    from dmp.domain.errors import EXPLANATIONS

    lines = [
        "# Reasons for a refusal",
        "",
        _MADE,
        "",
        row("Code", "Category", "Sentence"),
        "|---|---|---|",
    ]
    for reason, explanation in EXPLANATIONS.items():
        lines.append(row(f"`{reason.value}`", explanation.category.value, explanation.sentence))
    return "\n".join(lines) + "\n"
