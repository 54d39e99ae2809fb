"""The holder's general choices, and the code of an invitation."""

from __future__ import annotations

from pathlib import Path

import pytest

from dmp.acts.perform import perform
from dmp.acts.relatives.invitation import ALPHABET, LENGTH, digest_of, new_code
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.preferences import EmergencySwitches
from tests.acts.standing import standing
from tests.builders import a_caller, a_holder
from tests.storage.opened import kept_record, run, working


def test_a_code_is_drawn_anew_each_time_of_characters_nobody_confuses() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert {len(code) for code in codes} == {LENGTH}
    assert set("".join(codes)) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01ILO")


@pytest.mark.parametrize("typed", ["AB2CD3EF4G", "ab2cd3ef4g", " AB2CD-3EF4G ", "AB2 CD3 EF4 G"])
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert digest_of(typed) == digest_of("AB2CD3EF4G")
    assert digest_of(typed) != digest_of("AB2CD3EF4H")
    assert "AB2CD3EF4G" not in digest_of(typed)


def test_masked_categories_are_known_ones_and_none_keeps_them(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store)
            caller = a_caller(a_holder())

            async def chosen(*categories: str) -> tuple[str, ...]:
                request = SetPreferences(
                    record_id=record.record_id, mask_new_documents=False,
                    emergency=EmergencySwitches(), masked_categories=categories,
                )  # fmt: skip
                changed = await perform(house, set_preferences, request, caller)
                return changed.preferences.masked_categories

            assert await chosen("REMB", "BIOLOGIE", "REMB") == ("BIOLOGIE", "REMB")
            with pytest.raises(Refused) as refusal:
                await chosen("BIOLOGIE", "HOROSCOPE")
            assert refusal.value.reason is Reason.MASK_NOT_POSSIBLE
            kept = SetPreferences(
                record_id=record.record_id,
                mask_new_documents=True,
                emergency=EmergencySwitches(regulation=False),
            )
            await perform(house, set_preferences, kept, caller)
            async with working(house.store) as unit:
                found = await unit.records.by_id(record.record_id)
            assert found is not None
            assert found.preferences.masked_categories == ("BIOLOGIE", "REMB")
            assert found.preferences.mask_new_documents
            assert await chosen() == ()

    run(story())
