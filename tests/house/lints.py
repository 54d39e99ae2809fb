"""The checks the house makes on itself, as functions of a tree, so that each can be shown to bite."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINES = 400
FOLDER = 14
"""About 12 files to a folder, `__init__.py` not counted; two more are bearable."""
FUNCTION = 40
FORBIDDEN = {"utils", "helpers", "common", "manager", "service", "processor", "base", "misc"}

_EXTERNAL = re.compile(r"""(?:https?:)?//(?!127\.0\.0\.1|localhost)[A-Za-z0-9{]""")
_NAMES_A_NORM = re.compile(r"https?://(?:www\.w3\.org|(?:[a-z.]+\.)?hl7\.(?:org|fr)|hl7\.org)/")
_MACHINE = re.compile(
    "|".join(
        ("/" + "work/", "/" + "root/", "/home/" + "[a-z]", "/" + "tmp/[a-z0-9]", "/opt/" + "wheels")
    )
)
_REGISTRY = re.compile(r"files\.pythonhosted\.org|pypi\.org/simple|--index-url|--extra-index-url")


def tracked(root: Path) -> list[Path]:
    """Files that git tracks or would track, without the ignored ones."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def code(root: Path) -> list[Path]:
    """Python files of the tree."""
    return sorted(
        path
        for folder in ("src", "tests", "benchmarks")
        for path in (root / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def too_long(root: Path) -> list[str]:
    """Files over 400 lines."""
    found = []
    for path in code(root):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LINES:
            found.append(
                f"{path.relative_to(root)}: {lines} lines, split it by a word of the trade"
            )
    return found


def too_full(root: Path) -> list[str]:
    """Folders of the product with too many files."""
    found = []
    for folder in sorted({path.parent for path in code(root) if "src" in path.parts}):
        count = sum(path.name != "__init__.py" for path in folder.glob("*.py"))
        if count > FOLDER:
            found.append(
                f"{folder.relative_to(root)}: {count} files, split it by a word of the trade"
            )
    return found


def long_functions(root: Path) -> list[str]:
    """Functions of the product over 40 lines, docstring not counted."""
    found = []
    for path in code(root):
        if "src" not in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            documented = ast.get_docstring(node) is not None and len(node.body) > 1
            counted = node.body[1:] if documented else node.body
            length = (counted[-1].end_lineno or 0) - counted[0].lineno + 1
            if length > FUNCTION:
                found.append(f"{path.relative_to(root)}:{node.lineno} {node.name}: {length} lines")
    return found


def badly_named(root: Path) -> list[str]:
    """Modules and folders whose name says nothing."""
    return sorted(
        {
            str(path.relative_to(root))
            for path in code(root)
            if FORBIDDEN & set(path.relative_to(root).with_suffix("").parts)
            or FORBIDDEN & set(path.stem.split("_"))
        }
    )


def external_addresses(root: Path) -> list[str]:
    """Addresses of other hosts in templates and static files: a page loads nothing from elsewhere."""
    found = []
    for suffix in ("*.html", "*.css", "*.js", "*.svg"):
        for path in sorted((root / "src").rglob(suffix)):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                without_norms = _NAMES_A_NORM.sub("", line)
                if path.suffix == ".js":
                    without_norms = re.sub(r"(?:^|\s)//.*", "", without_norms)
                if _EXTERNAL.search(without_norms):
                    found.append(f"{path.relative_to(root)}:{number}")
    return found


def machine_traces(root: Path) -> list[str]:
    """Paths of somebody's machine and hosts of package registries in tracked files."""
    found = []
    for path in tracked(root):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if _MACHINE.search(line) or _REGISTRY.search(line):
                found.append(f"{path.relative_to(root)}:{number}")
    return [place for place in found if not place.startswith("tests/house/")]


def unused_templates(root: Path) -> list[str]:
    """Templates that no Python file and no other template names."""
    templates = sorted((root / "src").rglob("templates/**/*.html"))
    texts = [path.read_text(encoding="utf-8") for path in (*code(root), *templates)]
    found = []
    for template in templates:
        folder = next(parent for parent in template.parents if parent.name == "templates")
        name = template.relative_to(folder).as_posix()
        if not any(f'"{name}"' in text or f"'{name}'" in text for text in texts):
            found.append(str(template.relative_to(root)))
    return found


_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def broken_links(root: Path) -> list[str]:
    """Links of the documentation that lead nowhere in the tree."""
    found = []
    for page in pages(root):
        text = _FENCE.sub("", page.read_text(encoding="utf-8"))
        for target in _LINK.findall(text):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, heading = target.partition("#")
            where = (page.parent / file).resolve() if file else page
            if not where.exists():
                found.append(f"{page.relative_to(root)}: {target}")
            elif heading and where.suffix == ".md" and heading not in set(_anchors(where)):
                found.append(f"{page.relative_to(root)}: {target} (no such heading)")
    return found


def pages(root: Path) -> list[Path]:
    """The pages of the documentation, the README of every folder included."""
    return [path for path in tracked(root) if path.suffix == ".md"]


def _anchors(page: Path) -> Iterator[str]:
    for line in _FENCE.sub("", page.read_text(encoding="utf-8")).splitlines():
        if line.startswith("#"):
            title = line.lstrip("#").strip().lower()
            yield re.sub(r"[^\w\- ]", "", title).replace(" ", "-")


_COMMAND = re.compile(r"^\s*(?:\$ )?(?:[A-Z_]+=\S+ )*(?:\./)?dmp((?: [a-z][a-z-]*)*)", re.MULTILINE)


def commands_named(page: Path) -> set[tuple[str, ...]]:
    """Commands of `dmp` that the code blocks of a page show, as words."""
    found: set[tuple[str, ...]] = set()
    for block in _FENCE.findall(page.read_text(encoding="utf-8")):
        for words in _COMMAND.findall(block):
            if words.strip():
                found.add(tuple(words.split()))
        for words in re.findall(r"\$\(\./dmp((?: [a-z][a-z-]*)+)", block):
            found.add(tuple(words.split()))
    return found
