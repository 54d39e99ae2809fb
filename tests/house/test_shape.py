"""Names, sizes and stray traces: the shape of the tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import slowness
from tests.house import lints

CHECKS = [
    lints.too_long,
    lints.too_full,
    lints.long_functions,
    lints.badly_named,
    lints.external_addresses,
    lints.machine_traces,
    lints.unused_templates,
    lints.broken_links,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.__name__))
def test_the_tree_keeps_its_shape(check: Callable[[Path], list[str]]) -> None:
    assert check(lints.ROOT) == []


def test_the_lints_see_the_tree() -> None:
    """A lint that reads nothing finds nothing: it must be looking at the real files."""
    assert lints.ROOT / "src/dmp/acts/perform.py" in lints.code(lints.ROOT)
    assert lints.ROOT / "pyproject.toml" in lints.tracked(lints.ROOT)
    assert lints.ROOT / "README.md" in lints.pages(lints.ROOT)


def test_whatever_needs_a_browser_says_so() -> None:
    """Else it would run among the others, where no browser is and whose event loop it would take along."""
    files = sorted((lints.ROOT / "tests" / "browser").glob("test_*.py"))
    mark = re.compile(r"^pytestmark = .*pytest\.mark\.browser\b", re.MULTILINE)
    assert files
    assert [one.name for one in files if not mark.search(one.read_text(encoding="utf-8"))] == []


def test_the_list_of_slow_tests_names_tests_that_are_there() -> None:
    names = slowness.named(slowness.LIST.read_text(encoding="utf-8"))
    assert names
    lost = [name for name in sorted(names) if not _is_there(*name.split("::"))]
    assert lost == [], "take these lines out of tests/slow.txt, or give them the new name"


def _is_there(file: str, test: str) -> bool:
    path = lints.ROOT / file
    return path.is_file() and f"def {test}(" in path.read_text(encoding="utf-8")


def test_what_is_slow_is_told_by_the_mean_and_by_the_sum_and_reads_back() -> None:
    quick = {f"tests/test_a.py::quick[{case}]": 0.01 for case in range(50)}
    many = {f"tests/test_a.py::many[{case}-a@b]": 0.03 for case in range(50)}
    one = {"tests/b/test_b.py::one@group": 0.2, "tests/b/test_b.py::short": 0.1}
    found = slowness.slow_ones({**quick, **many, **one})
    assert found == {"tests/test_a.py::many", "tests/b/test_b.py::one"}
    assert slowness.named(slowness.written(found)) == found
