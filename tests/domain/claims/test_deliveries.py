"""How far a loading is, whatever the order in which its batches are done."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.claims.deliveries import Ahead, advanced


@given(st.data())
def test_batches_end_where_the_last_one_does_in_whatever_order(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=12))
    ends = [0, *accumulate(sizes)]
    batches = data.draw(st.permutations(list(pairwise(ends))))
    next_row = 0
    ahead: Ahead = ()
    for count, batch in enumerate(batches, 1):
        next_row, ahead = advanced(next_row, ahead, batch)
        done = set(batches[:count])
        missing = min((begin for begin, _ in batches[count:]), default=ends[-1])
        assert next_row == missing
        assert ahead == tuple(sorted(one for one in done if one[0] > missing))
        for again in done:  # none is done twice
            with pytest.raises(ValueError, match="done already"):
                advanced(next_row, ahead, again)


@pytest.mark.parametrize("batch", [(5, 5), (6, 5), (3, 9), (12, 20)])
def test_a_batch_that_holds_nothing_or_is_done_is_refused(batch: tuple[int, int]) -> None:
    ahead: Ahead = ((12, 15),)
    with pytest.raises(ValueError, match="done already"):
        advanced(5, ahead, batch)
