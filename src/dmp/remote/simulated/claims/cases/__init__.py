"""Every scripted case, by key."""

from __future__ import annotations

from functools import cache

from dmp.remote.simulated.claims.cases import feed, interactions, redundancy, secrets, stories
from dmp.remote.simulated.claims.cases.case import Case


@cache
def all_cases() -> dict[str, Case]:
    """The cases, in the order in which they are given to people."""
    found = (module.cases() for module in (stories, interactions, redundancy, feed, secrets))
    return {case.key: case for cases in found for case in cases}
