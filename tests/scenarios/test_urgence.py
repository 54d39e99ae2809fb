"""L’urgence : soixante minutes, en lecture, dite au titulaire et au médecin traitant, contrôlée ensuite."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dmp.acts.documents.update_metadata import Change
from dmp.acts.emergency.list_emergencies import ListEmergencies, list_emergencies
from dmp.acts.emergency.review_emergency import ReviewEmergency, review_emergency
from dmp.acts.perform import perform
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Caller, Door, Motive, Operator, Purpose, Strength
from dmp.domain.record.emergency_access import EmergencyAccess, Review
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.preferences import EmergencySwitches
from dmp.remote.simulated.directory import caller_of
from dmp.remote.simulated.territory.professionals import BY_KEY
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run

EMERGENCY = NoticeKind.EMERGENCY_ACCESS
OPERATOR = Caller(
    who=Operator(id="claude-bernard", name="Claude BERNARD"),
    strength=Strength.INDIVIDUAL,
    door=Door.CLI,
)


def _urgent(tale: Story, key: str = "dr-benoit", purpose: Purpose = Purpose.BREAK_GLASS) -> Caller:
    """A professional who states an emergency now."""
    return replace(
        caller_of(key, purpose=purpose), motive=Motive.LIFE_AT_RISK, purpose_since=tale.house.at
    )


async def _waiting(tale: Story) -> tuple[EmergencyAccess, ...]:
    return await perform(tale.house, list_emergencies, ListEmergencies(), OPERATOR)


def test_une_declaration_d_urgence_se_dit_une_fois_et_la_suivante_de_nouveau(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            note = await tale.deposited("dr-garnier", "Note")
            urgent = _urgent(tale)
            assert await tale.titles(urgent) == {"Note"}
            tale.later(minutes=5)
            assert await tale.content(urgent, note)
            assert await tale.titles(urgent) == {"Note"}
            assert await tale.told() == [EMERGENCY]
            assert await tale.inbox("dr-martin") == [EMERGENCY]
            assert await tale.inbox("dr-garnier") == []
            (access,) = await _waiting(tale)
            assert access.person_id == BY_KEY["dr-benoit"].id_nat
            assert (access.motive, access.review) == ("pronostic-vital", Review.WAITING)
            assert access.ends_at - access.opened_at == timedelta(minutes=60)
            tale.later(hours=2)
            assert await tale.titles(_urgent(tale)) == {"Note"}
            assert await tale.told() == [EMERGENCY, EMERGENCY]
            assert await tale.inbox("dr-martin") == [EMERGENCY, EMERGENCY]
            assert len(await _waiting(tale)) == 2

    run(story())


def test_une_urgence_refusee_ne_se_dit_pas_et_n_est_pas_a_controler(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            request = SetPreferences(
                record_id=record.record_id, mask_new_documents=False,
                emergency=EmergencySwitches(break_glass=False, regulation=False),
            )  # fmt: skip
            await perform(tale.house, set_preferences, request, caller_of(PATIENT))
            assert await refused(tale.titles(_urgent(tale))) is Reason.EMERGENCY_OPPOSED
            samu = _urgent(tale, "dr-morvan", Purpose.REGULATION)
            assert await refused(tale.titles(samu)) is Reason.EMERGENCY_OPPOSED
            assert await tale.told() == []
            assert await _waiting(tale) == ()

    run(story())


def test_le_samu_aussi_se_dit_et_le_medecin_traitant_n_est_pas_averti_de_son_propre_acces(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            await tale.titles(_urgent(tale, "dr-morvan", Purpose.REGULATION))
            assert await tale.told() == [EMERGENCY]
            assert await tale.inbox("dr-martin") == [EMERGENCY]
            await tale.titles(_urgent(tale, "dr-martin"))
            assert await tale.told() == [EMERGENCY, EMERGENCY]
            assert await tale.inbox("dr-martin") == [EMERGENCY]

    run(story())


def test_l_urgence_dure_soixante_minutes(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            urgent = _urgent(tale)
            tale.later(minutes=60, seconds=-1)
            assert await tale.titles(urgent) == set()
            tale.later(seconds=1)
            assert await refused(tale.titles(urgent)) is Reason.EMERGENCY_ENDED
            assert await tale.titles(_urgent(tale)) == set()

    run(story())


def test_en_urgence_on_lit_et_on_alimente_sans_rien_changer(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            note = await tale.deposited("dr-benoit", "Note")
            before = await tale.known()
            urgent = _urgent(tale)
            assert await refused(tale.changed(urgent, note, Change.MASK)) is Reason.ACT_NOT_ALLOWED
            assert await refused(tale.changed(urgent, note, Change.DELETE)) is (
                Reason.ACT_NOT_ALLOWED
            )
            assert await refused(tale.consented(urgent)) is Reason.ACT_NOT_ALLOWED
            assert await tale.known() == before
            await tale.deposited("dr-benoit", "Urgences", caller=urgent)
            assert await tale.titles(urgent) == {"Note", "Urgences"}

    run(story())


@pytest.mark.parametrize(
    ("motive", "words", "reason"),
    [
        (Motive.LIFE_AT_RISK, "", None),
        (Motive.CANNOT_EXPRESS_WILL, "", None),
        (Motive.OTHER, "Patient confus, seul", None),
        (None, "Patient confus, seul", None),
        (Motive.OTHER, "urgent", Reason.EMERGENCY_REASON_MISSING),
        (None, "   urgent    ", Reason.EMERGENCY_REASON_MISSING),
        (None, "", Reason.EMERGENCY_REASON_MISSING),
    ],
)
def test_le_bris_de_glace_demande_un_motif_code_ou_ecrit(
    database: str, data_dir: Path, motive: Motive | None, words: str, reason: Reason | None
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            urgent = replace(_urgent(tale), motive=motive, purpose_reason=words)
            if reason is None:
                assert await tale.titles(urgent) == set()
            else:
                assert await refused(tale.titles(urgent)) is reason
                assert await tale.told() == []

    run(story())


@pytest.mark.parametrize("key", ["sophie-caron", "dr-benoit", "lucie-perrin"])
def test_seul_un_regulateur_regule(database: str, data_dir: Path, key: str) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            caller = _urgent(tale, key, Purpose.REGULATION)
            assert await refused(tale.titles(caller)) is Reason.ACT_NOT_ALLOWED

    run(story())


def test_l_exploitant_controle_chaque_acces(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.titles(_urgent(tale))
            (access,) = await _waiting(tale)

            async def judged(verdict: Review, remark: str = "", **other: object) -> EmergencyAccess:
                request = ReviewEmergency(
                    record_id=access.record_id, access_id=access.access_id,
                    verdict=verdict, remark=remark,
                )  # fmt: skip
                request = replace(request, **other)  # type: ignore[arg-type]
                return await perform(tale.house, review_emergency, request, OPERATOR)

            assert await refused(judged(Review.QUESTIONED)) is Reason.PARAMETER_MISSING
            assert await refused(judged(Review.WAITING)) is Reason.REVIEW_NOT_POSSIBLE
            unknown = judged(Review.JUSTIFIED, access_id=access.record_id)
            assert await refused(unknown) is Reason.REVIEW_NOT_POSSIBLE
            tale.later(days=1)
            questioned = await judged(Review.QUESTIONED, "Quel était le motif ?")
            assert questioned.reviewed_by == OPERATOR.id
            assert [one.review for one in await _waiting(tale)] == [Review.QUESTIONED]
            await judged(Review.JUSTIFIED, "Expliqué par écrit.")
            assert await _waiting(tale) == ()
            assert await refused(judged(Review.QUESTIONED, "Encore")) is Reason.REVIEW_NOT_POSSIBLE
            assert (await tale.traces())[1].act == "review-emergency"

    run(story())


@pytest.mark.parametrize("key", ["dr-benoit", PATIENT, "agent-guichet", "hopital", "dr-martin"])
def test_nul_autre_ne_voit_ni_ne_controle_les_urgences(
    database: str, data_dir: Path, key: str
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.titles(_urgent(tale))
            (access,) = await _waiting(tale)
            listing = perform(tale.house, list_emergencies, ListEmergencies(), caller_of(key))
            assert await refused(listing) is Reason.ACT_NOT_ALLOWED
            request = ReviewEmergency(
                record_id=access.record_id, access_id=access.access_id, verdict=Review.JUSTIFIED
            )
            judging = perform(tale.house, review_emergency, request, caller_of(key))
            assert await refused(judging) is Reason.ACT_NOT_ALLOWED

    run(story())


def test_une_urgence_en_secret_ne_se_dit_pas_aux_parents(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            child, mother = "lea-moreau", "sandrine-moreau"
            await tale.opened(child, by="dr-martin")
            await tale.represented(mother, of=child)
            await tale.titles(replace(_urgent(tale), secret=True), child)
            assert await tale.told(child, child) == [EMERGENCY]
            assert await tale.told(caller_of(mother, representing=True), child) == []
            assert len(await _waiting(tale)) == 1

    run(story())
