"""Which tests one worker runs in a row: those that share what is dear to make.

pytest-xdist has a mark for it (`xdist_group`), but pytest 9.2 no longer lets it change the name of a test, by
which it tells the groups: nothing fails, and everything is made in each worker.
Source: pytest-xdist, issue 1386.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # it has none

from tests.slowness import LIST, name_of, named

TOGETHER = {
    "tests/browser/test_looks.py": "whole-tour",
    "tests/browser/test_markup.py": "whole-tour",
    "tests/browser/test_printing.py": "durand",
    "tests/browser/test_tasks.py": "durand",
    "tests/domain/access/test_concerned.py": "all-questions",
    "tests/domain/access/test_rules_bite.py": "all-questions",
    "tests/languages/test_catalogues.py": "all-sentences",
}
"""Files that stay together, slow tests and all, by the name of what they share."""

_ALONE = "tests/browser/"
"""Where tests are long and share little."""


class Sharing(LoadScopeScheduling):  # type: ignore[misc] # of a package without types
    """Deals out files, so that what a module makes is made once; what is slow is dealt out test by test."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file in TOGETHER:
            return TOGETHER[file]
        return nodeid if file.startswith(_ALONE) or name_of(nodeid) in _SLOW else file

    def _pending_of(self, workload: dict[str, dict[str, bool]]) -> int:
        """Tests that a worker has not done. It does them in order, so what it did need not be counted again."""
        pending = 0
        for tests in reversed(workload.values()):
            left = sum(not done for done in tests.values())
            if not left:
                break
            pending += left
        return pending


_SLOW = named(LIST.read_text(encoding="utf-8"))
