"""The floors of the house, held by import-linter; and the contracts shown to bite."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.lints import ROOT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(place: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts on the package that stands in `place`."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path.insert(0, 'src'); {LINT}",
            "--config",
            str(ROOT / "pyproject.toml"),
            "--no-cache",
        ],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept() -> None:
    found = lint(ROOT)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("domain/record/health_record.py", "import dmp.acts.perform", "a floor may look down"),
        ("domain/errors.py", "import psycopg", "core is free"),
        ("acts/act.py", "import starlette", "core is free"),
        ("formats/safe_xml.py", "import dmp.acts.act", "Formats know the domain only"),
        ("entrypoints/web/__init__.py", "import dmp.entrypoints.fhir", "Doors do not know"),
        ("storage/__init__.py", "import dmp.domain.access.decide", "Only the corridor"),
        ("storage/__init__.py", "import dmp.settings", "a floor may look down"),
        ("storage/__init__.py", "import dmp.remote", "a floor may look down"),
    ],
)
@pytest.mark.slow
def test_a_forbidden_import_is_caught(tmp_path: Path, file: str, line: str, contract: str) -> None:
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
    )
    planted = tmp_path / "src/dmp" / file
    planted.write_text(planted.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    found = lint(tmp_path)
    assert found.returncode == 1
    broken = [row for row in found.stdout.splitlines() if row.rstrip().endswith("BROKEN")]
    assert any(contract in row for row in broken), found.stdout
