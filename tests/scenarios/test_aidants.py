"""Les aidants : invités par le titulaire, à l’un de trois niveaux, jusqu’à une date."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dmp.acts.documents.update_metadata import Change
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.perform import perform
from dmp.acts.person.profile import ReadProfile, SaveProfile, read_profile, save_profile
from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.acts.relatives.answer_invitation import (
    AnsweredInvitation,
    AnswerInvitation,
    answer_invitation,
)
from dmp.acts.relatives.end_caring import EndCaring, end_caring
from dmp.acts.relatives.invite_carer import InviteCarer, Invited, invite_carer
from dmp.acts.relatives.list_profiles import ListProfiles, list_profiles
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import Caller
from dmp.domain.journal.event import Outcome
from dmp.domain.record.notice import NoticeKind
from dmp.domain.record.profile import Profile
from dmp.domain.record.relations import CarerLevel, Invitation
from dmp.remote.simulated.directory import caller_of, person_of
from tests.scenarios.telling import PATIENT, Story, carer, refused, telling
from tests.storage.opened import run

FRIEND = "yves-cordier"
SEE, HELP, MANAGE = CarerLevel.SEE, CarerLevel.HELP, CarerLevel.MANAGE


def _admitted(tale: Story) -> None:
    tale.house.policy = replace(tale.house.policy, carers=True)


async def _invited(
    tale: Story, who: str = FRIEND, level: CarerLevel = SEE, *, of: str = PATIENT,
    days: float = 30, by: Caller | None = None, **changes: object,
) -> Invited:  # fmt: skip
    traits = person_of(who).traits
    request = InviteCarer(
        record_id=(await tale.known(of)).record_id,
        birth_name=traits.birth_name,
        first_given_name=traits.first_given_name,
        birth_date=traits.birth_date,
        level=level,
        end=tale.house.at + timedelta(days=days),
    )
    request = replace(request, **changes)  # type: ignore[arg-type]
    return await perform(tale.house, invite_carer, request, by or caller_of(of))


async def _answered(
    tale: Story, code: str, who: str = FRIEND, accept: bool = True
) -> AnsweredInvitation:
    request = AnswerInvitation(code=code, traits=person_of(who).traits, accept=accept)
    return await perform(tale.house, answer_invitation, request, carer(who))


async def _helping(tale: Story, who: str = FRIEND, level: CarerLevel = SEE) -> AnsweredInvitation:
    return await _answered(tale, (await _invited(tale, who, level)).code, who)


@pytest.mark.parametrize("level", [SEE, HELP, MANAGE])
def test_un_aidant_fait_ce_que_son_niveau_permet_et_rien_de_plus(
    database: str, data_dir: Path, level: CarerLevel
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            _admitted(tale)
            record = await tale.opened()
            hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
            masked = frozenset({Restriction.MASKED})
            note = await tale.deposited("dr-martin", "Note")
            await tale.deposited("dr-martin", "Masqué", restrictions=masked)
            secret = await tale.deposited("dr-martin", "Confidence", restrictions=hidden)
            await _helping(tale, level=level)
            friend, of = carer(FRIEND), record.record_id
            assert await tale.titles(friend) == {"Note", "Masqué"}
            assert await tale.content(friend, note)
            assert await refused(tale.content(friend, secret)) is Reason.DOCUMENT_NOT_FOUND
            await perform(tale.house, read_profile, ReadProfile(record_id=of), friend)
            saving = perform(
                tale.house, save_profile, SaveProfile(record_id=of, profile=Profile()), friend
            )
            if level is MANAGE:
                await saving
            else:
                assert await refused(saving) is Reason.ACT_NOT_ALLOWED
            adding = tale.deposited("dr-martin", "Ajout", type_code="DOCPAT02", caller=friend)
            if level is SEE:
                assert await refused(adding) is Reason.ACT_NOT_ALLOWED
            else:
                added = await adding
                deleting = tale.changed(friend, added, Change.DELETE)
                if level is MANAGE:
                    await deleting
                else:
                    assert await refused(deleting) is Reason.ACT_NOT_ALLOWED
            if level is MANAGE:
                assert await refused(tale.changed(friend, note, Change.DELETE)) is Reason.NOT_AUTHOR

    run(story())


@pytest.mark.parametrize("level", [SEE, HELP, MANAGE])
def test_aucun_aidant_ne_partage_ne_masque_ne_ferme_ni_ne_lit_qui_est_venu(
    database: str, data_dir: Path, level: CarerLevel
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            _admitted(tale)
            record = await tale.opened()
            note = await tale.deposited("dr-martin", "Note")
            await _helping(tale, level=level)
            before = await tale.known()
            friend, of = carer(FRIEND), record.record_id
            house = tale.house
            grant = GrantConsent(record_id=of, grantee_id="810000000001", grantee_name="Dr X")
            for act in (
                perform(house, grant_consent, grant, friend),
                perform(house, read_traces, ReadTraces(record_id=of), friend),
                perform(house, read_choices, ReadChoices(of=of), friend),
                perform(house, close_record, CloseRecord(record_id=of), friend),
                tale.told(friend),
                tale.changed(friend, note, Change.MASK),
                _invited(tale, "paul-durand", by=friend),
            ):
                assert await refused(act) is Reason.ACT_NOT_ALLOWED
            assert await tale.known() == before

    run(story())


def test_le_code_sert_une_fois_a_la_personne_invitee_et_a_elle_seule(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            _admitted(tale)
            await tale.opened()
            invited = await _invited(tale)
            assert len(invited.code) == 10
            assert not set(invited.code) & set("01ILO")
            assert invited.code not in repr(await tale.known())
            unknown = await refused(_answered(tale, "AAAAAAAAAA"))
            other = await refused(_answered(tale, invited.code, "paul-durand"))
            himself = await refused(_answered(tale, invited.code, PATIENT))
            assert {unknown, other, himself} == {Reason.INVITATION_UNKNOWN}
            # The holder reads of whoever tried his code.
            assert (await tale.traces())[0].outcome is Outcome.REFUSED
            answered = await _answered(tale, f"{invited.code[:5]}-{invited.code[5:].lower()} ")
            assert answered.caring.invitation is Invitation.ACCEPTED
            assert answered.holder_name
            assert await refused(_answered(tale, invited.code)) is Reason.INVITATION_UNKNOWN
            assert await tale.told() == [NoticeKind.CARER_ANSWERED]

    run(story())


def test_une_invitation_refusee_retiree_ou_perimee_ne_s_accepte_plus(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            _admitted(tale)
            record = await tale.opened()
            declined = await _invited(tale)
            await _answered(tale, declined.code, accept=False)
            withdrawn = await _invited(tale)
            ending = EndCaring(record_id=record.record_id, caring_id=withdrawn.caring_id)
            await perform(tale.house, end_caring, ending, caller_of(PATIENT))
            expired = await _invited(tale)
            in_time = await _invited(tale)
            for code in (declined.code, withdrawn.code):
                assert await refused(_answered(tale, code)) is Reason.INVITATION_UNKNOWN
            tale.later(days=7, seconds=-1)
            await _answered(tale, in_time.code)
            tale.later(seconds=1)
            assert await refused(_answered(tale, expired.code)) is Reason.INVITATION_UNKNOWN
            states = [c.invitation_at(tale.house.at) for c in (await tale.known()).relations.carers]
            assert states == [
                Invitation.REFUSED, Invitation.EXPIRED, Invitation.EXPIRED, Invitation.ACCEPTED,
            ]  # fmt: skip

    run(story())


def test_la_relation_d_aide_finit_a_sa_date(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            _admitted(tale)
            await tale.opened()
            await _helping(tale)
            start = tale.house.at
            tale.house.at = start + timedelta(days=30, seconds=-1)
            assert await tale.titles(carer(FRIEND)) == set()
            tale.later(seconds=1)
            assert await refused(tale.titles(carer(FRIEND))) is Reason.RECORD_NOT_FOUND

    run(story())


@pytest.mark.parametrize(("by_carer", "told"), [(True, PATIENT), (False, FRIEND)])
def test_chacun_met_fin_a_l_aide_et_l_autre_en_est_averti(
    database: str, data_dir: Path, by_carer: bool, told: str
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            _admitted(tale)
            record = await tale.opened()
            first = await _helping(tale)
            other = await _helping(tale, "paul-durand")
            ending = EndCaring(record_id=record.record_id, caring_id=first.caring.caring_id)
            stranger = perform(tale.house, end_caring, ending, carer("paul-durand"))
            assert await refused(stranger) is Reason.RELATION_NOT_POSSIBLE
            assert await tale.titles(carer(FRIEND)) == set()
            await perform(
                tale.house, end_caring, ending, carer(FRIEND) if by_carer else caller_of(PATIENT)
            )
            assert await refused(tale.titles(carer(FRIEND))) is Reason.RECORD_NOT_FOUND
            assert await tale.titles(carer("paul-durand")) == set()
            again = perform(tale.house, end_caring, ending, caller_of(PATIENT))
            assert await refused(again) is Reason.RELATION_NOT_POSSIBLE
            ended = NoticeKind.CARER_ENDED
            assert (ended in await tale.told(PATIENT)) == (told == PATIENT)
            assert (ended in await tale.inbox(FRIEND)) == (told == FRIEND)
            assert ended not in await tale.inbox("paul-durand")
            assert other.caring.invitation is Invitation.ACCEPTED

    run(story())


def test_trois_aidants_par_personne_au_plus(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            _admitted(tale)
            record = await tale.opened()
            await _helping(tale)
            await _invited(tale, "paul-durand")
            third = await _invited(tale, "nadia-benali")
            assert await refused(_invited(tale, "bernard-leroy")) is Reason.TOO_MANY_CARERS
            ending = EndCaring(record_id=record.record_id, caring_id=third.caring_id)
            await perform(tale.house, end_caring, ending, caller_of(PATIENT))
            await _invited(tale, "bernard-leroy")
            # An invitation that nobody answered takes no place any more.
            tale.later(days=8)
            await _invited(tale, "nadia-benali")

    run(story())


def test_cinq_personnes_aidees_par_aidant_au_plus(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            _admitted(tale)
            helped = (
                "paul-durand", "nadia-benali", "bernard-leroy", "aminata-diallo",
                "georges-marin", PATIENT,
            )  # fmt: skip
            codes = []
            for key in helped:
                await tale.opened(key)
                codes.append((await _invited(tale, of=key)).code)
            for code in codes[:5]:
                await _answered(tale, code)
            assert await refused(_answered(tale, codes[5])) is Reason.TOO_MANY_CARERS
            assert await refused(tale.titles(carer(FRIEND))) is Reason.RECORD_NOT_FOUND
            found = await perform(tale.house, list_profiles, ListProfiles(), caller_of(FRIEND))
            assert [(one.relation, one.level) for one in found] == [("carer", SEE)] * 5

    run(story())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"days": 0}, Reason.RELATION_ENDS_BEFORE_START),
        ({"days": 366}, Reason.RELATION_NOT_POSSIBLE),
        ({"who": PATIENT}, Reason.RELATION_NOT_POSSIBLE),
        ({"birth_name": " "}, Reason.PARAMETER_MISSING),
        ({"first_given_name": ""}, Reason.PARAMETER_MISSING),
    ],
)
def test_une_invitation_impossible_est_refusee_et_ne_change_rien(
    database: str, data_dir: Path, changes: dict[str, object], reason: Reason
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            _admitted(tale)
            await tale.opened()
            assert await refused(_invited(tale, **changes)) is reason  # type: ignore[arg-type]
            assert (await tale.known()).relations.carers == ()

    run(story())


def test_sans_le_reglage_il_n_y_a_pas_d_aidant(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            record = await tale.opened()
            assert await refused(_invited(tale)) is Reason.ACT_NOT_ALLOWED
            _admitted(tale)
            waiting = await _invited(tale, "paul-durand")
            helping = await _helping(tale)
            assert await tale.titles(carer(FRIEND)) == set()
            tale.house.policy = replace(tale.house.policy, carers=False)
            assert await refused(tale.titles(carer(FRIEND))) is Reason.RECORD_NOT_FOUND
            answering = _answered(tale, waiting.code, "paul-durand")
            assert await refused(answering) is Reason.RECORD_NOT_FOUND
            ending = EndCaring(record_id=record.record_id, caring_id=helping.caring.caring_id)
            act = perform(tale.house, end_caring, ending, caller_of(PATIENT))
            assert await refused(act) is Reason.ACT_NOT_ALLOWED
            found = await perform(tale.house, list_profiles, ListProfiles(), caller_of(FRIEND))
            assert found == ()

    run(story())


def test_ce_qu_un_parent_accorde_a_un_aidant_finit_a_la_majorite(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            _admitted(tale)
            child, mother = "lea-moreau", "sandrine-moreau"
            await tale.opened(child, by="dr-martin")
            await tale.represented(mother, of=child)
            tale.on(2028, 5, 10)
            by = caller_of(mother, representing=True)
            await _answered(tale, (await _invited(tale, of=child, by=by, days=200)).code)
            tale.on(2028, 5, 16, 23, 59, 59)
            assert await tale.titles(carer(FRIEND), child) == set()
            tale.later(seconds=1)
            assert await refused(tale.titles(carer(FRIEND), child)) is Reason.RECORD_NOT_FOUND

    run(story())
