"""The locks: complete, hashed, without an address, and of one piece."""

from __future__ import annotations

import re
import tomllib

from tests.house.lints import ROOT

PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?==([^ ;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Name and version of each line of a lock."""
    return dict(PIN.findall((ROOT / name).read_text(encoding="utf-8")))


def normal(requirement: str) -> str:
    """The name in a requirement as the lock writes it."""
    name = re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {normal(r) for r in project["dependencies"]} <= pins("requirements.lock").keys()
    tools = project["optional-dependencies"]["dev"]
    assert {normal(r) for r in tools} <= pins("requirements-dev.lock").keys()


def test_the_developers_lock_holds_the_same_versions() -> None:
    run, develop = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: develop.get(name) for name in run} == run


def test_every_pin_has_a_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert blocks
        assert [b.splitlines()[0] for b in blocks if "--hash=sha256:" not in b] == []
