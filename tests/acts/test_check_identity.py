"""Who may read a card, ask the teleservice, dispute a statement and keep settings; and nobody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dmp.acts.act import Act
from dmp.acts.counter.check_identity import CheckIdentity, ReadCard, check_identity, read_card
from dmp.acts.counter.dispute_statement import (
    DisputeStatement,
    ReadDispute,
    dispute_statement,
    read_dispute,
)
from dmp.acts.counter.identity_services import NOTHING_CONNECTED
from dmp.acts.login.reader_settings import KeepSettings, ReadSettings, keep_settings, read_settings
from dmp.acts.perform import perform
from dmp.acts.recents.list_accesses import ListAccesses, list_accesses
from dmp.acts.relatives.declare_representative import (
    DeclareRepresentative,
    declare_representative,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Caller, Strength
from dmp.domain.identity.reader_settings import Density, ReaderSettings
from dmp.domain.identity.verification import (
    Answer,
    IdentityStatus,
    KnownIdentity,
    Paper,
    discordances,
    status_of,
)
from dmp.domain.record.relations import RepresentationKind
from tests.acts.standing import Standing, standing
from tests.acts.test_counting import AGENT, ONE, a_pharmacist
from tests.builders import HOLDER_INS, NOW, a_caller, a_holder, a_system, an_ins, some_traits
from tests.storage.opened import kept_record, run

MONTH = NOW.date()


async def answer(
    house: Standing, act: Act[object, object], request: object, caller: Caller
) -> object:
    """What somebody is answered: the result, or the reason of the refusal."""
    try:
        return await perform(house, act, request, caller)
    except Refused as refused:
        return refused.reason


_NOT: tuple[object, ...] = (Reason.ACT_NOT_ALLOWED, Reason.INDIVIDUAL_AUTHENTICATION_REQUIRED)


def test_who_may_ask_what_of_these(database: str, data_dir: Path) -> None:
    check = CheckIdentity(traits=some_traits(), services=NOTHING_CONNECTED, ins=HOLDER_INS)
    settings = KeepSettings(settings=ReaderSettings(density=Density.DENSE, favourites=("tsh",)))
    acts: list[tuple[Act[object, object], object, tuple[Caller, ...]]] = [
        (check_identity, check, (AGENT, ONE, a_pharmacist(70, sector="SA04"))),  # type: ignore[list-item]
        (dispute_statement, DisputeStatement(month=MONTH, expected=3), (ONE,)),  # type: ignore[list-item]
        (read_dispute, ReadDispute(month=MONTH), (ONE,)),  # type: ignore[list-item]
        (keep_settings, settings, (ONE, a_caller(), a_pharmacist(70, sector="SA04"))),  # type: ignore[list-item]
        (read_settings, ReadSettings(), (ONE, a_caller(), a_pharmacist(70, sector="SA04"))),  # type: ignore[list-item]
        (
            list_accesses,  # type: ignore[list-item]
            ListAccesses(wanted=lambda _: True, limit=5),
            (ONE, a_caller(), a_pharmacist(70, sector="SA04")),
        ),
    ]
    everybody = (
        AGENT, ONE, a_pharmacist(70, sector="SA04"), a_caller(), a_caller(a_holder()),
        a_caller(a_system()), replace(AGENT, strength=Strength.STRUCTURE),
        replace(ONE, strength=Strength.STRUCTURE),
    )  # fmt: skip

    async def story() -> None:
        async with standing(database, data_dir) as house:
            await kept_record(house.store, ins=HOLDER_INS)
            for act, request, allowed in acts:
                for caller in everybody:
                    said = await answer(house, act, request, caller)
                    assert (said not in _NOT) is (caller in allowed), (act.name, caller)
            nothing = ReadCard(card_id="x", services=NOTHING_CONNECTED)
            assert await answer(house, read_card, nothing, AGENT) is Reason.ACT_NOT_ALLOWED  # type: ignore[arg-type]

    run(story())


def test_an_agent_declares_a_representative_in_person_on_papers_that_he_names(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            record = await kept_record(house.store, ins=HOLDER_INS)
            request = DeclareRepresentative(
                record_id=record.record_id,
                representative=an_ins(78),
                name="Tuteur",
                kind=RepresentationKind.GUARDIAN,
                proof="Jugement du 3 mars 2026",
            )
            indirect = replace(AGENT, strength=Strength.STRUCTURE)
            assert await answer(house, declare_representative, request, ONE) in _NOT  # type: ignore[arg-type]
            assert await answer(house, declare_representative, request, indirect) in _NOT  # type: ignore[arg-type]
            unproven = replace(request, kind=RepresentationKind.PARENT, proof=" ")
            refused = await answer(house, declare_representative, unproven, AGENT)  # type: ignore[arg-type]
            assert refused is Reason.RELATION_NOT_POSSIBLE
            after = await perform(house, declare_representative, request, AGENT)
            (relation,) = after.relations.representatives
            assert relation.proof == "Jugement du 3 mars 2026"

    run(story())


def test_a_dispute_is_of_its_pharmacy_and_takes_the_place_of_the_last(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            for expected in (3, 5):
                request = DisputeStatement(month=MONTH, expected=expected, note=" Le 14. ")
                await perform(house, dispute_statement, request, ONE)
            found = await perform(house, read_dispute, ReadDispute(month=MONTH), ONE)
            assert found is not None
            assert (found.expected, found.counted, found.difference) == (5, 0, 5)
            assert found.note == "Le 14."
            elsewhere = a_pharmacist(44)
            assert await perform(house, read_dispute, ReadDispute(month=MONTH), elsewhere) is None
            wrong = DisputeStatement(month=MONTH, expected=-1)
            assert await answer(house, dispute_statement, wrong, ONE) is Reason.PARAMETER_INVALID  # type: ignore[arg-type]

    run(story())


@pytest.mark.parametrize(
    "changes",
    [
        {"favourites": ("tsh", "tsh")},
        {"favourites": ("nothing",)},
        {"quiet": ("contraindication",)},
    ],
)
def test_settings_that_make_no_sense_are_refused(
    database: str, data_dir: Path, changes: dict[str, tuple[str, ...]]
) -> None:
    async def story() -> None:
        async with standing(database, data_dir) as house:
            request = KeepSettings(settings=ReaderSettings(**changes))  # type: ignore[arg-type]
            assert await answer(house, keep_settings, request, ONE) is Reason.PARAMETER_INVALID  # type: ignore[arg-type]

    run(story())


def test_the_status_of_an_identity_follows_paper_and_answer() -> None:
    statuses = {
        (paper in (Paper.OTHER,), answer): status_of(paper, answer)
        for paper in Paper
        for answer in Answer
    }
    assert statuses[False, Answer.FOUND] is IdentityStatus.QUALIFIED
    assert statuses[False, Answer.UNAVAILABLE] is IdentityStatus.VALIDATED
    assert statuses[True, Answer.FOUND] is IdentityStatus.RETRIEVED
    assert statuses[True, Answer.NOT_FOUND] is IdentityStatus.PROVISIONAL


def test_discordances_name_the_number_first_and_take_none_for_no_difference() -> None:
    known = KnownIdentity(ins=HOLDER_INS, traits=some_traits())
    assert discordances(known, None, some_traits()) == ()
    other = an_ins(77)
    assert discordances(known, other, some_traits(birth_name="Autre")) == (
        "matricule",
        "birth name",
    )
