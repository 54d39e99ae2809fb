"""Folders and pins as values: nothing is lost, nothing stands twice, names stay apart."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.arranging.arrangement import (
    ARRANGEMENT_ID,
    MAX_IN_FOLDER,
    MAX_PINS,
    REPRESENTATIVES_ID,
    Arrangement,
    arrangement_id,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Carer, Holder, Representative
from tests.builders import an_ins

FOLDER = UUID(int=9)
documents = st.lists(st.integers(0, 40).map(lambda number: UUID(int=number)), max_size=30)


@given(documents, documents)
def test_what_is_put_in_is_there_once_and_comes_out(first: list[UUID], second: list[UUID]) -> None:
    filled = Arrangement().with_folder(FOLDER, "Genou").put(FOLDER, first).put(FOLDER, second)
    inside = filled.folder(FOLDER).documents
    assert set(inside) == {*first, *second}
    assert len(inside) == len(set(inside))
    assert filled.taken_out(FOLDER, inside).folder(FOLDER).documents == ()
    assert filled.without_folder(FOLDER).folders == ()


@given(documents)
def test_pins_are_the_latest_each_once(pinned: list[UUID]) -> None:
    arrangement = Arrangement()
    for document in pinned:
        arrangement = arrangement.pinned(document)
    expected = list(dict.fromkeys(reversed(pinned)))[:MAX_PINS]
    assert list(arrangement.pins) == expected
    for document in pinned:
        assert document not in arrangement.unpinned(document).pins


def test_a_folder_has_a_bound() -> None:
    full = [UUID(int=number) for number in range(MAX_IN_FOLDER + 1)]
    with pytest.raises(Refused) as refused:
        Arrangement().with_folder(FOLDER, "Genou").put(FOLDER, full)
    assert refused.value.reason is Reason.FOLDER_NOT_POSSIBLE


def test_folders_stand_by_name() -> None:
    names = ["Zona", "allergies", "Genou"]
    arrangement = Arrangement()
    for number, name in enumerate(names):
        arrangement = arrangement.with_folder(UUID(int=number), name)
    assert [folder.name for folder in arrangement.folders] == ["allergies", "Genou", "Zona"]


def test_whose_arrangement_it_is() -> None:
    ins = an_ins(5)
    holder, parent, carer = (kind(ins=ins, name="x") for kind in (Holder, Representative, Carer))
    assert arrangement_id(holder, is_minor=True) == ARRANGEMENT_ID
    assert arrangement_id(parent, is_minor=True) == REPRESENTATIVES_ID
    assert arrangement_id(parent, is_minor=False) == REPRESENTATIVES_ID
    assert arrangement_id(carer, is_minor=True) == REPRESENTATIVES_ID
    assert arrangement_id(carer, is_minor=False) == ARRANGEMENT_ID
