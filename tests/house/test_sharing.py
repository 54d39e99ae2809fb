"""Who runs what: files that share something dear stay with one worker, slow tests are dealt out one by one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # it has none

from tests.sharing import TOGETHER, Sharing
from tests.slowness import LIST, named

ROOT = Path(__file__).parents[2]
SLOW = sorted(named(LIST.read_text(encoding="utf-8")))

CONFTEST = """
import pytest
from tests import sharing
sharing.TOGETHER.update({"test_a.py": "both", "test_b.py": "both"})
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return sharing.Sharing(config, log)
"""
TESTS = """
import os, pathlib, pytest
@pytest.mark.parametrize("case", range(6))
def test_it(case):
    with pathlib.Path("seen").open("a") as seen:
        seen.write(f"{__name__} {os.getpid()}\\n")
"""


def scope_of(nodeid: str) -> str:
    sharing = object.__new__(Sharing)  # what it says of a name depends on nothing else
    return str(sharing._split_scope(nodeid))


def test_what_stays_together_is_there() -> None:
    assert [file for file in TOGETHER if not (ROOT / file).is_file()] == []


def test_slow_tests_go_apart_and_the_others_by_file() -> None:
    slow = next(name for name in SLOW if name.partition("::")[0] not in TOGETHER)
    file = slow.partition("::")[0]
    assert scope_of(slow) == slow
    assert scope_of(f"{slow}[1]") == f"{slow}[1]"
    assert scope_of(f"{file}::test_that_is_new") == scope_of(f"{file}::test_other[a]") == file
    whole = {scope_of(f"{file}::test_any") for file, name in TOGETHER.items() if name == "durand"}
    assert whole == {"durand"}


@pytest.mark.parametrize("done", range(7))
def test_what_is_left_is_counted_from_the_end(done: int) -> None:
    order = [("a", "a1"), ("a", "a2"), ("b", "b1"), ("c", "c1"), ("c", "c2"), ("c", "c3")]
    workload: dict[str, dict[str, bool]] = {}
    for place, (unit, test) in enumerate(order):
        workload.setdefault(unit, {})[test] = place < done
    sharing = object.__new__(Sharing)
    assert sharing._pending_of(workload) == len(order) - done
    assert LoadScopeScheduling._pending_of(sharing, workload) == len(order) - done


@pytest.mark.slow  # starts pytest with two workers
def test_two_workers_share_out_files(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    for name in "abc":
        (tmp_path / f"test_{name}.py").write_text(TESTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--no-loadscope-reorder"]
    ran = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-p", "no:randomly"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    seen = (tmp_path / "seen").read_text(encoding="utf-8").splitlines()
    assert len(seen) == 18
    who = {tuple(line.split()) for line in seen}
    assert len({worker for file, worker in who if file != "test_c"}) == 1
    assert len({worker for file, worker in who if file == "test_c"}) == 1
    assert len({worker for _, worker in who}) == 2
