"""Which tests the developer's loop leaves out: those that a measured run found slow, by name.

`slow.txt` is written by `./dmp test -m "not browser" --note-slow`, on a machine with nothing else to do. A new
test is in the loop until the next measuring; one that starts a server or a program is marked `slow` by hand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("slow.txt")
EACH_S = 0.15
"""A test that takes longer, in the mean of its cases, is left out."""
TOGETHER_S = 1.0
"""And one whose cases take longer together."""
_INDENT = "    "


def named(text: str) -> frozenset[str]:
    """`tests/a/test_b.py::test_c` for each line of the list."""
    found: set[str] = set()
    file = ""
    for line in text.splitlines():
        if line.startswith(_INDENT):
            found.add(f"{file}::{line.strip()}")
        elif not line.startswith("#"):
            file = line
    return frozenset(found)


def written(names: Iterable[str]) -> str:
    """The text of the list, file by file in the order of the alphabet."""
    files: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        file, _, test = name.partition("::")
        files[file].append(test)
    head = f"# More than {EACH_S:g} s each or {TOGETHER_S:g} s together; written by tests/slowness.py.\n"
    return head + "".join(
        f"{file}\n" + "".join(f"{_INDENT}{test}\n" for test in tests)
        for file, tests in files.items()
    )


def slow_ones(seconds: Mapping[str, float]) -> frozenset[str]:
    """The tests, without their cases, that are left out, of what each case took."""
    cases: dict[str, list[float]] = defaultdict(list)
    for node, took in seconds.items():
        cases[name_of(node)].append(took)
    return frozenset(
        name
        for name, took in cases.items()
        if sum(took) / len(took) > EACH_S or sum(took) > TOGETHER_S
    )


def name_of(node: str) -> str:
    """A test without its case: `tests/a/test_b.py::test_c[1]` is a case of `tests/a/test_b.py::test_c`."""
    return node.partition("[")[0].partition("@")[0]


class Noting:
    """Measures the tests of a run and writes the list at its end; nothing of a run that failed.

    Those that are marked `slow` by hand are left out anyhow.
    """

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if "slow" not in report.keywords:
            self._seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        if exitstatus == pytest.ExitCode.OK:
            LIST.write_text(written(slow_ones(self._seconds)), encoding="utf-8")


def leave_out(items: Iterable[pytest.Item]) -> None:
    """Mark what the list names."""
    names = named(LIST.read_text(encoding="utf-8"))
    for item in items:
        if name_of(item.nodeid) in names:
            item.add_marker(pytest.mark.slow)
