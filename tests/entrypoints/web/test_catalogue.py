"""Every symbolic msgid has its French sentence, with the parameters of the English one."""

from __future__ import annotations

import ast
import inspect
import re
from string import Formatter
from typing import Any

import pytest

from dmp.acts.act import Act
from dmp.acts.catalogue import CATALOGUE
from dmp.acts.documents.update_metadata import Change
from dmp.domain.access import decide, filter  # noqa: A004  # the module is called so
from dmp.domain.access.rules import RULES
from dmp.domain.documents.episode import Link
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.errors import EXPLANATIONS, Reason
from dmp.domain.identity.caller import Motive
from dmp.domain.journal.event import Outcome
from dmp.domain.record.health_record import Channel, ClosingMotive, State
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.relations import Basis
from dmp.entrypoints.web.record.journal import line_of
from dmp.locale import catalogue, knows, translate, word
from tests.builders.traces import a_trace

_RULE = re.compile(r"[a-z]+(?:_[a-z]+){2,}")


def rule_names() -> set[str]:
    """Names of rules that a trace may carry: functions, and words that decide and the filter say."""
    names = {rule.__name__ for rule in RULES} | {"not_decided", "document_is_unknown"}
    for module in (decide, filter):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and _RULE.fullmatch(node.value)
                and not node.value.startswith("scope_")
            ):
                names.add(node.value)
    return names


def symbolic() -> list[str]:
    """Every symbolic msgid that the code can ask for."""
    return [
        *(f"reason.{reason.value}" for reason in Reason),
        *(f"rule.{name}" for name in sorted(rule_names())),
        *(f"act.{act.name}.{end}" for act in CATALOGUE for end in ("done", "refused")),
        *(f"change.{change.value}" for change in Change),
        *(f"channel.{channel.value}" for channel in Channel),
        *(f"state.{state.value}" for state in State),
        *(f"motive.{motive.value}" for motive in (*ClosingMotive, *Motive)),
        *(f"link.{link.value}" for link in Link),
        *(f"notice.{kind.value}" for kind in NoticeKind),
        *(f"basis.{basis.value}" for basis in Basis),
        *(f"category.{code}" for code in CATEGORIES),
    ]


@pytest.mark.parametrize("msgid", symbolic())
def test_every_symbolic_msgid_has_a_sentence(msgid: str) -> None:
    assert knows(msgid)


def test_no_sentence_is_left_over() -> None:
    kinds = {msgid.partition(".")[0] for msgid in symbolic()}
    used = set(symbolic())
    left = [m for m in catalogue() if m.partition(".")[0] in kinds and m not in used]
    assert left == []


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("reason", list(Reason))
def test_a_french_refusal_takes_no_parameter_that_the_english_one_has_not(reason: Reason) -> None:
    french = catalogue()[f"reason.{reason.value}"]
    assert _names(french) <= _names(EXPLANATIONS[reason].sentence)


def test_a_missing_value_stays_visible() -> None:
    assert "{limit}" in translate("reason.request-too-large")
    assert "12" in translate("reason.request-too-large", limit=12)


def test_an_unknown_msgid_is_its_own_sentence() -> None:
    assert translate("Bonjour") == "Bonjour"
    assert word("state", "inconnu") == "inconnu"


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("act", CATALOGUE, ids=lambda act: act.name)
def test_a_line_that_names_its_document_is_french(act: Act[Any, Any], outcome: Outcome) -> None:
    """With its title, « un document » becomes « le document », and « d’un » « du »."""
    line = line_of(a_trace(act=act.name, outcome=outcome, document_title="Bilan"), "")
    assert not re.search(r"[dD]’le |\b(?:de|à) le\b", line.sentence)
