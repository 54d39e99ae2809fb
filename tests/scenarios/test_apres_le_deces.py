"""Après le décès : ce que des ayants droit demandent, ce qu’un second agent décide, ce qui est remis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dmp.acts.documents.update_metadata import Change
from dmp.acts.heirs.decide_request import DecideHeirRequest, decide_heir_request
from dmp.acts.heirs.file_request import FileHeirRequest, file_heir_request
from dmp.acts.heirs.list_requests import ListHeirRequests, list_heir_requests
from dmp.acts.heirs.release_documents import Released, ReleaseToHeirs, release_to_heirs
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.perform import perform
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.identifiers import RecordId
from dmp.domain.identity.caller import Caller, Door, Operator, Strength
from dmp.domain.record.health_record import ClosingMotive
from dmp.domain.record.heirs import HeirDecision, HeirPurpose, HeirRequest
from dmp.domain.record.preferences import EmergencySwitches
from dmp.remote.simulated.directory import caller_of
from tests.scenarios.telling import PATIENT, Story, refused, telling
from tests.storage.opened import run

GRANTED, NO = HeirDecision.GRANTED, HeirDecision.REFUSED
DESK = "agent-guichet"


def _officer(name: str) -> Caller:
    who = Operator(id=name, name=name)
    return Caller(who=who, strength=Strength.INDIVIDUAL, door=Door.CLI)


FIRST, SECOND = _officer("premier"), _officer("second")


@dataclass(slots=True)
class Succession:
    """What happens to the record of somebody who died."""

    tale: Story
    record_id: RecordId

    async def filed(self, by: str | Caller = DESK, **changes: str) -> HeirRequest:
        request = FileHeirRequest(
            record_id=self.record_id, name="Luc ROUX", relation="fils", proofs="acte de notoriété",
            purpose=HeirPurpose.RIGHTS,
        )  # fmt: skip
        caller = caller_of(by) if isinstance(by, str) else by
        request = replace(request, **changes)  # type: ignore[arg-type]
        return await perform(self.tale.house, file_heir_request, request, caller)

    async def decided(
        self, request: HeirRequest, decision: HeirDecision = GRANTED,
        by: str | Caller = SECOND, grounds: str = "Lien et motif établis.",
    ) -> HeirRequest:  # fmt: skip
        wanted = DecideHeirRequest(
            record_id=self.record_id, request_id=request.request_id, decision=decision,
            grounds=grounds,
        )  # fmt: skip
        caller = caller_of(by) if isinstance(by, str) else by
        return await perform(self.tale.house, decide_heir_request, wanted, caller)

    async def released(self, request: HeirRequest, by: str | Caller = SECOND) -> Released:
        wanted = ReleaseToHeirs(record_id=self.record_id, request_id=request.request_id)
        caller = caller_of(by) if isinstance(by, str) else by
        return await perform(self.tale.house, release_to_heirs, wanted, caller)

    async def waiting(self) -> list[HeirDecision]:
        found = await perform(self.tale.house, list_heir_requests, ListHeirRequests(), SECOND)
        return [one.decision for one in found]


async def _died(tale: Story, motive: ClosingMotive = ClosingMotive.DEATH) -> Succession:
    record_id = (await tale.known()).record_id
    closing = CloseRecord(record_id=record_id, motive=motive)
    await perform(tale.house, close_record, closing, caller_of(DESK))
    return Succession(tale, record_id)


def test_un_ayant_droit_recoit_ce_que_le_titulaire_pouvait_voir_et_rien_d_autre(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            masked = frozenset({Restriction.MASKED})
            awaiting = frozenset({Restriction.HIDDEN_FROM_PATIENT})
            secret = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
            note = await tale.deposited("dr-martin", "Note")
            await tale.deposited("dr-rousseau", "Masqué", restrictions=masked)
            await tale.deposited("dr-faye", "Non annoncé", restrictions=awaiting)
            await tale.deposited("dr-martin", "Confidence", restrictions=secret)
            deleted = await tale.deposited("dr-martin", "Supprimé")
            await tale.changed("dr-martin", deleted, Change.DELETE)
            content = await tale.content(PATIENT, note)
            after = await _died(tale)
            # A month later it would have been visible: he did not live to see it.
            tale.later(days=40)
            await tale.calendar()
            request = await after.filed()
            assert await after.waiting() == [HeirDecision.WAITING]
            await after.decided(request)
            assert await after.waiting() == [GRANTED]
            released = await after.released(request)
            assert {entry.title for entry, _ in released.documents} == {"Note", "Masqué"}
            assert content in [octets for _, octets in released.documents]
            assert released.request.released_at == tale.house.at
            assert await after.waiting() == []
            trace = (await tale.traces())[0]
            assert (trace.act, len(trace.document_ids)) == ("release-to-heirs", 2)

    run(story())


def test_deux_agents_sont_necessaires(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            after = await _died(tale)
            request = await after.filed(FIRST)
            alone = after.decided(request, by=FIRST)
            assert await refused(alone) is Reason.REVIEW_NOT_POSSIBLE
            assert await refused(after.released(request)) is Reason.REVIEW_NOT_POSSIBLE
            silent = after.decided(request, grounds="  ")
            assert await refused(silent) is Reason.PARAMETER_MISSING
            undecided = after.decided(request, HeirDecision.WAITING)
            assert await refused(undecided) is Reason.REVIEW_NOT_POSSIBLE
            await after.decided(request)
            assert await refused(after.decided(request, NO)) is Reason.REVIEW_NOT_POSSIBLE
            assert (await after.released(request)).documents == ()

    run(story())


def test_une_demande_refusee_ou_accordee_depuis_trop_longtemps_ne_donne_rien(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            after = await _died(tale)
            turned_down, granted = await after.filed(), await after.filed()
            await after.decided(turned_down, NO)
            await after.decided(granted)
            assert await refused(after.released(turned_down)) is Reason.REVIEW_NOT_POSSIBLE
            tale.later(days=60, seconds=-1)
            await after.released(granted)
            tale.later(seconds=1)
            assert await refused(after.released(granted)) is Reason.REVIEW_NOT_POSSIBLE

    run(story())


def test_l_opposition_du_titulaire_vaut_apres_sa_mort(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            await tale.deposited("dr-martin", "Note")
            choice = SetPreferences(
                record_id=record.record_id, mask_new_documents=False,
                emergency=EmergencySwitches(), heirs_opposed=True,
            )  # fmt: skip
            await perform(tale.house, set_preferences, choice, caller_of(PATIENT))
            # Another choice made later leaves it as it was.
            other = replace(choice, heirs_opposed=None, mask_new_documents=True)
            await perform(tale.house, set_preferences, other, caller_of(PATIENT))
            after = await _died(tale)
            request = await after.filed()
            assert await refused(after.decided(request)) is Reason.HEIRS_NOT_ENTITLED
            assert await refused(after.released(request)) is Reason.HEIRS_NOT_ENTITLED
            await after.decided(request, NO, grounds="Opposition du défunt.")

    run(story())


def test_seul_le_titulaire_exprime_son_opposition(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            child, mother = "lea-moreau", "sandrine-moreau"
            record = await tale.opened(child, by="dr-martin")
            await tale.represented(mother, of=child)
            choice = SetPreferences(
                record_id=record.record_id, mask_new_documents=False,
                emergency=EmergencySwitches(), heirs_opposed=True,
            )  # fmt: skip
            by_mother = caller_of(mother, representing=True)
            act = perform(tale.house, set_preferences, choice, by_mother)
            assert await refused(act) is Reason.ACT_NOT_ALLOWED
            unchanged = replace(choice, heirs_opposed=False)
            await perform(tale.house, set_preferences, unchanged, by_mother)
            assert not (await tale.known(child)).preferences.heirs_opposed

    run(story())


@pytest.mark.parametrize(
    "motive", [motive for motive in ClosingMotive if motive is not ClosingMotive.DEATH]
)
def test_une_cloture_pour_un_autre_motif_n_ouvre_rien(
    database: str, data_dir: Path, motive: ClosingMotive
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            after = await _died(tale, motive)
            assert await refused(after.filed()) is Reason.HEIRS_NOT_ENTITLED

    run(story())


def test_un_dossier_ouvert_ou_reactive_ne_se_remet_pas(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            living = Succession(tale, record.record_id)
            assert await refused(living.filed()) is Reason.HEIRS_NOT_ENTITLED
            after = await _died(tale)
            waiting, granted = await after.filed(), await after.filed()
            await after.decided(granted)
            reopening = ReopenRecord(record_id=record.record_id, consent="erreur d’état civil")
            await perform(tale.house, reopen_record, reopening, caller_of(DESK))
            assert await refused(after.decided(waiting)) is Reason.HEIRS_NOT_ENTITLED
            assert await refused(after.released(granted)) is Reason.HEIRS_NOT_ENTITLED

    run(story())


@pytest.mark.parametrize("missing", ["name", "relation", "proofs"])
def test_une_demande_incomplete_est_refusee(database: str, data_dir: Path, missing: str) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            after = await _died(tale)
            assert await refused(after.filed(**{missing: " "})) is Reason.PARAMETER_MISSING
            assert await after.waiting() == []

    run(story())


@pytest.mark.parametrize("key", ["dr-martin", "hopital", "lucie-perrin", DESK])
def test_nul_autre_que_l_exploitant_ne_decide_ni_ne_remet(
    database: str, data_dir: Path, key: str
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            await tale.attended("dr-martin")
            after = await _died(tale)
            request = await after.filed(FIRST)
            if key != DESK:
                assert await refused(after.filed(key)) is Reason.ACT_NOT_ALLOWED
            assert await refused(after.decided(request, by=key)) is Reason.ACT_NOT_ALLOWED
            await after.decided(request)
            assert await refused(after.released(request, by=key)) is Reason.ACT_NOT_ALLOWED

    run(story())
