"""Every way in which a fact is hidden from somebody, with documents and lines of every kind.

A step that hides is told of the world that has it; who reads at the end stands in the tale.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from dmp.acts.arranging.arrange_documents import ArrangeDocuments, Doing, arrange_documents
from dmp.acts.briefly.open_share import OpenShare, held_digest, open_share
from dmp.acts.briefly.share_briefly import EndShare, ShareBriefly, end_share, share_briefly
from dmp.acts.card.hold_card import OfCard, make_emergency_card
from dmp.acts.corrections.ask_correction import AskCorrection, ask_correction
from dmp.acts.documents.update_metadata import Change
from dmp.acts.person.profile import SaveProfile, save_profile
from dmp.acts.recents.note_patient import NotePatient, note_patient
from dmp.acts.space.choose import Choice, ChooseForSpace, choose_for_space
from dmp.acts.synthesis.hide_alert import HideAlert, hide_alert
from dmp.acts.synthesis.read_synthesis import (
    ReadSynthesis,
    read_shared_summary,
    read_synthesis,
)
from dmp.domain.clinical.watching.hiding import HidingReason
from dmp.domain.documents.visibility import Restriction
from dmp.domain.errors import Refused
from dmp.domain.identity.caller import Caller, CodeBearer, Door, Strength
from dmp.domain.record.declared.lines import Condition, Treatment
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.preferences import Audience, Covered
from dmp.domain.record.profile import Allergy, BloodGroup, Profile
from dmp.domain.record.relations import Shared
from tests.doors import family as cast
from tests.doors.facts import KINDS, brings, feeds
from tests.doors.family import known
from tests.doors.steps import Step, Tale, secretly

_MASKED = frozenset({Restriction.MASKED})
_SECRET = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
_UNANNOUNCED = frozenset({Restriction.HIDDEN_FROM_PATIENT})
_OPTICIANS_LINE = "28"

# --- What everybody knows ----------------------------------------------------------------------


async def known_facts(tale: Tale) -> None:
    """A summary, results and a prescription, with which what is hidden would interact."""
    for kind in ("summary", "results", "prescription", "imaging"):
        await brings(tale, known(cast.GP), kind)


async def known_lines(tale: Tale) -> None:
    """The history of reimbursements, which everybody who may reads."""
    await tale.deposits(cast.INSURER, "REMB")
    await feeds(tale)


async def the_reader_looks(tale: Tale) -> None:
    """He opens the synthesis and notes the patient: what comes later is news."""
    for act, request in (
        (read_synthesis, ReadSynthesis(of=tale.record_id)),
        (note_patient, NotePatient(record_id=tale.record_id)),
    ):
        try:
            await tale.do(act, request, tale.reader)
        except Refused:
            continue  # not everybody may; the comparison tells who was answered


async def more_results(tale: Tale) -> None:
    await brings(tale, known(cast.GP), "results")


# --- What is hidden from professionals ---------------------------------------------------------


def _each(hide: Callable[[Tale, str], Awaitable[None]]) -> Step:
    async def step(tale: Tale) -> None:
        for kind in KINDS:
            await hide(tale, kind)

    step.__name__ = step.__qualname__ = hide.__name__.strip("_")
    return step


async def _facts_deposited_masked(tale: Tale, kind: str) -> None:
    await brings(tale, known(cast.BIOLOGIST), kind, _MASKED)


async def _facts_masked_by_the_girl(tale: Tale, kind: str) -> None:
    entry = await brings(tale, known(cast.BIOLOGIST), kind)
    await tale.changes(tale.people.holder, entry, Change.MASK)


async def _facts_kept_from_the_reader(tale: Tale, kind: str) -> None:
    entry = await brings(tale, known(cast.BIOLOGIST), kind)
    await tale.keeps(
        Audience.PROFESSIONAL, tale.reader.id, Covered.DOCUMENT, str(entry.document_id)
    )


async def _facts_deleted(tale: Tale, kind: str) -> None:
    entry = await brings(tale, known(cast.BIOLOGIST), kind)
    await tale.changes(known(cast.BIOLOGIST), entry, Change.DELETE)


async def lines_masked(tale: Tale) -> None:
    """The insurer tells of everything that was paid; the girl masks that."""
    entry = await tale.deposits(cast.INSURER, "REMB")
    await feeds(tale)
    await tale.changes(tale.people.holder, entry, Change.MASK)


async def facts_of_another(tale: Tale) -> None:
    """The facts of somebody else: another family's girl."""
    other = Tale(tale.world, tale.people.cousins, tale.record_id, step=tale.step)
    await other.opens()
    for kind in KINDS:
        await brings(other, known(cast.GP), kind)


async def facts_declared_for_oneself(tale: Tale) -> None:
    """Allergies, problems and treatments that the girl shares with nobody."""
    profile = Profile(
        blood_group=BloodGroup.B_NEGATIVE,
        allergies=(Allergy(substance="Pénicilline"),),
        conditions=(Condition(label="Asthme"),),
        treatments=(Treatment(label="Warfarine"),),
        unshared=tuple(Section),
    )
    await tale.do(
        save_profile, SaveProfile(record_id=tale.record_id, profile=profile), tale.people.holder
    )


async def a_space_of_her_own(tale: Tale) -> None:
    """Folders, pins, choices, a card, a shared code and a correction asked: the girl's own."""
    of, girl, document = tale.record_id, tale.people.holder, tale.entries[1].document_id
    for doing, name in ((Doing.CREATE, "Secrets"), (Doing.PIN, "")):
        asked = ArrangeDocuments(record_id=of, doing=doing, name=name, documents=(document,))
        await tale.do(arrange_documents, asked, girl)
    await tale.do(
        choose_for_space, ChooseForSpace(record_id=of, choice=Choice.STOP_PROPOSING), girl
    )
    await tale.do(make_emergency_card, OfCard(record_id=of), girl)
    await shared_by_herself(tale)
    of_another = tale.entries[2].document_id
    wrong = AskCorrection(record_id=of, document=of_another, text="Ce n’est pas moi.")
    await tale.do(ask_correction, wrong, girl)


async def shared_by_herself(tale: Tale) -> None:
    """The girl shares her summary with a friend, who reads it; a second one comes too late."""
    of = tale.record_id
    share = ShareBriefly(
        record_id=of, shared=Shared.SUMMARY, given_to="Une amie", lasts=timedelta(days=7)
    )
    code = (await tale.do(share_briefly, share, tale.people.holder)).code
    stranger = Caller(
        who=CodeBearer(share_id=UUID(int=0)),
        strength=Strength.STRUCTURE,
        door=Door.WEB,
        means="code",
    )
    opened = await tale.do(open_share, OpenShare(code=code), stranger)
    with pytest.raises(Refused):
        await tale.do(open_share, OpenShare(code=code), stranger)
    held = CodeBearer(share_id=opened.share.share_id, reader_digest=held_digest(opened.held))
    await tale.do(read_shared_summary, ReadSynthesis(of=of), replace(stranger, who=held))
    await tale.do(
        end_share, EndShare(record_id=of, share_id=opened.share.share_id), tale.people.holder
    )


async def another_puts_alerts_aside(tale: Tale) -> None:
    """A colleague hides alerts: for himself alone."""
    nurse = known(cast.NURSE)
    synthesis = await tale.do(read_synthesis, ReadSynthesis(of=tale.record_id), nurse)
    assert synthesis.alerts, "nothing to put aside"
    for alert in synthesis.alerts:
        asked = HideAlert(of=tale.record_id, key=alert.key, reason=HidingReason.KNOWN)
        await tale.do(hide_alert, asked, nurse)


# --- What is hidden from those who act for the girl, or from herself ---------------------------


async def _facts_of_a_secret_session(tale: Tale, kind: str) -> None:
    await brings(tale, secretly(known(cast.GP)), kind, _SECRET)


async def _facts_hidden_by_the_girl(tale: Tale, kind: str) -> None:
    entry = await brings(tale, known(cast.GP), kind, _SECRET)
    await tale.reads(tale.people.holder, entry)
    asked = ArrangeDocuments(
        record_id=tale.record_id, doing=Doing.PIN, documents=(entry.document_id,)
    )
    await tale.do(arrange_documents, asked, tale.people.holder)


async def _facts_not_announced(tale: Tale, kind: str) -> None:
    await brings(tale, known(cast.GP), kind, _UNANNOUNCED)


async def _facts_not_announced_corrected(tale: Tale, kind: str) -> None:
    entry = await brings(tale, known(cast.GP), kind, _UNANNOUNCED)
    await brings(tale, known(cast.GP), kind, _UNANNOUNCED, replaces=entry.unique_id)


facts_not_announced = _each(_facts_not_announced)
_OF_EVERYBODY: tuple[Step, ...] = (
    _each(_facts_deleted), facts_of_another, facts_declared_for_oneself, a_space_of_her_own,
    another_puts_alerts_aside,
)  # fmt: skip
FROM_ATTENDING_DOCTORS: tuple[Step, ...] = _OF_EVERYBODY
FROM_PROFESSIONALS: tuple[Step, ...] = (
    _each(_facts_deposited_masked), _each(_facts_masked_by_the_girl),
    _each(_facts_kept_from_the_reader), *_OF_EVERYBODY,
)  # fmt: skip
FROM_THE_HOLDER: tuple[Step, ...] = (
    facts_not_announced, _each(_facts_not_announced_corrected), facts_of_another,
)  # fmt: skip
FROM_REPRESENTATIVES: tuple[Step, ...] = (
    _each(_facts_of_a_secret_session), _each(_facts_hidden_by_the_girl), *FROM_THE_HOLDER,
    shared_by_herself,
)  # fmt: skip
