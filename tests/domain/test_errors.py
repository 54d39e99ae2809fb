"""The closed set of refusals: each explained, each sentence able to be filled."""

from __future__ import annotations

import string

import pytest

from dmp.domain.errors import EXPLANATIONS, Category, Reason, Refused


def test_every_reason_has_its_explanation() -> None:
    assert set(EXPLANATIONS) == set(Reason)


@pytest.mark.parametrize("reason", list(Reason))
def test_sentences_are_whole_and_filled_by_name(reason: Reason) -> None:
    sentence = EXPLANATIONS[reason].sentence
    assert sentence[0].isupper() or sentence[0] == "{"
    assert sentence.endswith(".")
    names = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
    assert all(name.isidentifier() for name in names)
    values: dict[str, object] = {n: "x" for n in names if n != "field"}
    refusal = Refused(reason, field="element", **values)
    assert "{" not in refusal.sentence
    assert refusal.category in Category


def test_a_missing_value_stays_visible_instead_of_failing() -> None:
    assert "{code}" in Refused(Reason.CODE_UNKNOWN, field="type").sentence
