"""The floor plan is complete: every act stands in the catalogue, every reason has its words."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter

import dmp.acts
from dmp.acts.act import Act
from dmp.acts.catalogue import CATALOGUE
from dmp.domain.access.actions import MAY_ASK, Action
from dmp.domain.errors import EXPLANATIONS, Reason


def declared() -> list[Act[object, object]]:
    """Every act that a module under `dmp.acts` declares."""
    found: dict[int, Act[object, object]] = {}
    for module in pkgutil.walk_packages(dmp.acts.__path__, "dmp.acts."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Act):
                found[id(value)] = value
    return list(found.values())


def test_every_act_is_in_the_catalogue() -> None:
    listed = {id(act) for act in CATALOGUE}
    assert [act.name for act in declared() if id(act) not in listed] == []


def test_the_catalogue_lists_each_act_once() -> None:
    assert [count for count in Counter(id(act) for act in CATALOGUE).values() if count > 1] == []


def test_acts_are_named_by_verbs_in_the_same_way() -> None:
    assert [a.name for a in CATALOGUE if not a.name.replace("-", "").isalpha()] == []


def test_every_action_may_be_asked_by_somebody() -> None:
    askable = frozenset().union(*MAY_ASK.values())
    assert set(Action) - askable == set()


def test_every_reason_is_explained_in_one_sentence() -> None:
    assert set(EXPLANATIONS) == set(Reason)
    assert [r.value for r, e in EXPLANATIONS.items() if not e.sentence.endswith(".")] == []
