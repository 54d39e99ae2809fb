"""What happens to the record, step by step: what everybody may know of, and what some must not.

A step is told of one world by its number alone, so that two worlds in which it happens agree.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.person.profile import SaveProfile, save_profile
from dmp.acts.relatives.answer_invitation import AnswerInvitation, answer_invitation
from dmp.acts.relatives.declare_representative import (
    DeclareRepresentative,
    declare_representative,
)
from dmp.acts.relatives.invite_carer import InviteCarer, invite_carer
from dmp.acts.sharing.appoint_administrator import AppointAdministrator, appoint_administrator
from dmp.acts.sharing.block_professional import BlockProfessional, block_professional
from dmp.acts.sharing.declare_attending_doctor import (
    DeclareAttendingDoctor,
    declare_attending_doctor,
)
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.acts.sharing.keep_from import KeepFrom, keep_from
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.domain.codes import TRE_A01_PRACTICE, TRE_R02_SECTOR, Code
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.types import document_types
from dmp.domain.documents.visibility import Restriction
from dmp.domain.identifiers import NO_RECORD, RecordId, UniqueId
from dmp.domain.identity.caller import Caller
from dmp.domain.record.declared.lines import Condition, Treatment
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.declared.wishes import Directives, Wishes
from dmp.domain.record.preferences import Audience, Covered, EmergencySwitches
from dmp.domain.record.profile import Allergy, BloodGroup, Denial, PersonToWarn, Profile
from dmp.domain.record.relations import CarerLevel
from dmp.formats.pdf import write_pdf
from tests.doors import family as cast
from tests.doors.family import Family, known
from tests.doors.papers import BOX_OF_A, STRUCTURED, a_paper, line_id
from tests.doors.world import World

STEP = timedelta(minutes=1)
_FACILITY = Code("SA24", TRE_R02_SECTOR, "Organisme de sécurité sociale")
_SETTING = Code("AMO", TRE_A01_PRACTICE, "Assurance maladie obligatoire")


@dataclass
class Tale:
    """One story in one world: the family, the record, what was deposited by the number of its step.

    `reader` is who will ask at its end.
    """

    world: World
    people: Family
    record_id: RecordId
    entries: dict[int, DocumentEntry] = field(default_factory=dict)
    step: int = 0
    reader: Caller = cast.OPERATOR

    async def do(self, act: Any, request: Any, caller: Caller) -> Any:
        """Do an act of the story."""
        return await self.world.do(act, request, caller)

    async def deposits(
        self,
        by: Caller,
        type_code: str = "11488-4",
        restrictions: frozenset[Restriction] = frozenset(),
        replaces: UniqueId | None = None,
    ) -> DocumentEntry:
        """A document of this step; its bytes and identifiers follow from the number."""
        title = f"Document {self.step}"
        made = self.world.at - timedelta(hours=1)
        unique_id = UniqueId(f"2.25.{self.people.girl.matricule[:13]}{self.step:04}")
        if type_code in STRUCTURED:
            person = (self.people.girl, self.people.traits)
            content = a_paper(self.step, by, type_code, person, made, unique_id)
        else:
            content = write_pdf(title, (f"Étape {self.step} de {self.people.girl.matricule}.",))
        claimed = ClaimedDocument(
            content=content,
            content_type="text/xml" if type_code in STRUCTURED else "application/pdf",
            title=title,
            unique_id=unique_id,
            type_code=document_types()[type_code].code,
            created_at=made,
            service_start=made,
            facility_type=_FACILITY if type_code == "REMB" else None,
            practice_setting=_SETTING if type_code == "REMB" else None,
            restrictions=restrictions,
            replaces=replaces,
        )
        entry = await self.sends(by, Submission(ins=self.people.girl, documents=(claimed,)))
        self.entries[self.step] = entry
        return entry

    async def sends(self, by: Caller, submission: Submission) -> DocumentEntry:
        """Somebody deposits; the first of the documents."""
        receipt = await self.do(provide_documents, submission, by)
        entry: DocumentEntry = receipt.documents[0].entry
        return entry

    async def opens(self) -> None:
        """The record of the girl of the tale is opened, for whichever record it is told of."""
        people = self.people
        opening = OpenRecord(ins=people.girl, traits=people.traits, consent="oral, au cabinet")
        record = await self.do(open_record, opening, known(cast.GP))
        self.record_id = record.record_id

    async def changes(self, by: Caller, entry: DocumentEntry, change: Change) -> None:
        """Somebody changes a document."""
        request = UpdateMetadata(
            document=entry.document_id, changes=(change,), within=self.record_id
        )
        await self.do(update_metadata, request, by)

    async def reads(self, by: Caller, entry: DocumentEntry) -> None:
        """Somebody reads a document."""
        request = RetrieveDocument(document=entry.document_id, within=self.record_id)
        await self.do(retrieve_document, request, by)

    async def fed(self) -> None:
        """A line of this step, as the feed of the insurer leaves it."""
        day = self.world.at.date()
        line = (
            self.record_id, line_id(self.step), "medicine", "cip13", BOX_OF_A, day, None, day, "3313",
            1.0, "", "", "", "", "", "", day, "", None,
        )  # fmt: skip
        await self.world.takes_lines(self.record_id, (line,))

    async def keeps(
        self, audience: Audience, whom: str, covered: Covered, target: str = ""
    ) -> None:
        """The girl keeps something from somebody."""
        request = KeepFrom(
            record_id=self.record_id, audience=audience, audience_id=whom, name="X",
            covered=covered, target=target,
        )  # fmt: skip
        await self.do(keep_from, request, self.people.holder)


async def begun(world: World, people: Family) -> Tale:
    """The record as every world has it: opened, shared, with two documents."""
    tale = Tale(world, people, NO_RECORD)
    await tale.opens()
    doctor = DeclareAttendingDoctor(
        record_id=tale.record_id, person_id=cast.GP.id_nat, name=cast.GP.name
    )
    await tale.do(declare_attending_doctor, doctor, cast.OPERATOR)
    mother = DeclareRepresentative(
        record_id=tale.record_id, representative=people.mother, name="DELORME Claire"
    )
    await tale.do(declare_representative, mother, cast.OPERATOR)
    for who in (cast.SPECIALIST, cast.NURSE, cast.OPTICIAN, cast.PHARMACIST):
        await tale.do(grant_consent, GrantConsent(record_id=tale.record_id), known(who))
    await tale.do(grant_consent, GrantConsent(record_id=tale.record_id), known(cast.BLOCKED))
    block = BlockProfessional(
        record_id=tale.record_id, person_id=cast.BLOCKED.id_nat, name=cast.BLOCKED.name
    )
    await tale.do(block_professional, block, people.holder)
    await _cared_for(tale)
    for number, (by, type_code) in enumerate(
        ((cast.GP, "11488-4"), (cast.BIOLOGIST, "11502-2")), 1
    ):
        tale.step = number
        await tale.deposits(known(by), type_code)
    return tale


async def _cared_for(tale: Tale) -> None:
    traits = tale.people.neighbours_traits
    invitation = InviteCarer(
        record_id=tale.record_id, birth_name=traits.birth_name,
        first_given_name=traits.first_given_name, birth_date=traits.birth_date,
        level=CarerLevel.MANAGE, end=tale.world.at + timedelta(days=200),
    )  # fmt: skip
    invited = await tale.do(invite_carer, invitation, tale.people.holder)
    answer = AnswerInvitation(code=invited.code, traits=traits, accept=True)
    await tale.do(answer_invitation, answer, tale.people.carer)


Step = Callable[[Tale], Awaitable[None]]

# --- What everybody may know of ------------------------------------------------------------------


async def a_report(tale: Tale) -> None:
    await tale.deposits(known(cast.GP))


async def results(tale: Tale) -> None:
    await tale.deposits(known(cast.BIOLOGIST), "11502-2")


async def a_corrected_report(tale: Tale) -> None:
    await tale.deposits(known(cast.GP), replaces=tale.entries[1].unique_id)
    tale.entries[1] = tale.entries[tale.step]


async def the_doctor_looks(tale: Tale) -> None:
    await tale.do(find_documents, FindDocuments(of=tale.people.girl), known(cast.GP))


# --- What professionals who may not must not know of -----------------------------------------------


async def deposited_masked(tale: Tale) -> None:
    await tale.deposits(known(cast.BIOLOGIST), "11502-2", frozenset({Restriction.MASKED}))


async def masked_by_the_girl(tale: Tale) -> None:
    entry = await tale.deposits(known(cast.BIOLOGIST), "11502-2")
    await tale.changes(tale.people.holder, entry, Change.MASK)


async def a_prescription_is_masked(tale: Tale) -> None:
    """What it prescribes interacts with what the visible one does; both have their problems too."""
    entry = await tale.deposits(known(cast.BIOLOGIST))
    await tale.changes(tale.people.holder, entry, Change.MASK)


async def masked_and_corrected(tale: Tale) -> None:
    entry = await tale.deposits(known(cast.BIOLOGIST), "11502-2")
    await tale.changes(tale.people.holder, entry, Change.MASK)
    tale.step += 5000
    await tale.deposits(known(cast.BIOLOGIST), "11502-2", replaces=entry.unique_id)
    tale.step -= 5000


async def kept_from_a_professional(tale: Tale, *whom: str) -> None:
    entry = await tale.deposits(known(cast.BIOLOGIST), "11502-2")
    for one in whom or _ALL:
        await tale.keeps(Audience.PROFESSIONAL, one, Covered.DOCUMENT, str(entry.document_id))


async def kept_from_professions(tale: Tale) -> None:
    entry = await tale.deposits(known(cast.BIOLOGIST), "11502-2")
    for line in ("10", "28", "60"):
        await tale.keeps(Audience.PROFESSION, line, Covered.DOCUMENT, str(entry.document_id))


async def a_category_kept(tale: Tale) -> None:
    await tale.deposits(known(cast.BIOLOGIST), "18748-4")
    for one in _ALL:
        await tale.keeps(Audience.PROFESSIONAL, one, Covered.CATEGORY, "RADIO_SC")


async def an_imaging_report(tale: Tale) -> None:
    await tale.deposits(known(cast.BIOLOGIST), "18748-4")


async def fed(tale: Tale) -> None:
    """The insurer feeds a delivery that interacts with what the girl takes."""
    await tale.deposits(cast.INSURER, "REMB")
    await tale.fed()


async def fed_and_masked(tale: Tale) -> None:
    """The insurer feeds a delivery that would interact with what the girl takes; she masks the history."""
    entry = await tale.deposits(cast.INSURER, "REMB")
    await tale.fed()
    await tale.changes(tale.people.holder, entry, Change.MASK)


async def deleted_by_its_author(tale: Tale) -> None:
    entry = await tale.deposits(known(cast.BIOLOGIST), "11502-2")
    await tale.changes(known(cast.BIOLOGIST), entry, Change.DELETE)


async def of_a_type_nobody_consults(tale: Tale) -> None:
    await tale.deposits(known(cast.BIOLOGIST), "ATTEST-RESID")


async def shared_with_another(tale: Tale) -> None:
    await tale.do(grant_consent, GrantConsent(record_id=tale.record_id), known(cast.MIDWIFE))


async def another_is_blocked(tale: Tale) -> None:
    request = BlockProfessional(record_id=tale.record_id, person_id="810100099990", name="B")
    await tale.do(block_professional, request, tale.people.holder)


async def another_is_administrator(tale: Tale) -> None:
    await shared_with_another(tale)
    request = AppointAdministrator(
        record_id=tale.record_id, person_id=cast.MIDWIFE.id_nat, name=cast.MIDWIFE.name
    )
    await tale.do(appoint_administrator, request, tale.people.holder)


async def something_is_kept_from_another(tale: Tale) -> None:
    visible = str(tale.entries[1].document_id)
    await tale.keeps(Audience.PROFESSION, "70", Covered.DOCUMENT, visible)
    await tale.keeps(Audience.PROFESSIONAL, cast.BIOLOGIST.id_nat, Covered.EVERYTHING)


async def the_profile_is_filled(tale: Tale) -> None:
    """How to reach her, and sections that she shares with nobody."""
    profile = Profile(
        email="lea@exemple.fr",
        blood_group=BloodGroup.AB_NEGATIVE,
        allergies=(Allergy(substance="Latex"),),
        conditions=(Condition(label="Migraine"),),
        treatments=(Treatment(label="Millepertuis"),),
        persons_to_warn=(PersonToWarn(name="Luc", phone="0612345678"),),
        wishes=Wishes(directives=Directives(text="Refus")),
        denials=(Denial(section=Section.FAMILY),),
        unshared=tuple(Section),
    )
    request = SaveProfile(record_id=tale.record_id, profile=profile)
    await tale.do(save_profile, request, tale.people.holder)


async def heirs_are_refused(tale: Tale) -> None:
    request = SetPreferences(
        record_id=tale.record_id, mask_new_documents=False, emergency=EmergencySwitches(),
        heirs_opposed=True,
    )  # fmt: skip
    await tale.do(set_preferences, request, tale.people.holder)


async def others_read(tale: Tale) -> None:
    await tale.reads(known(cast.GP), tale.entries[1])
    await tale.reads(tale.people.holder, tale.entries[2])


# --- What those who act for the girl must not know of ----------------------------------------------

_HIDDEN = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
_UNANNOUNCED = frozenset({Restriction.HIDDEN_FROM_PATIENT})


def secretly(by: Caller) -> Caller:
    """The same professional in a secret session."""
    return replace(by, secret=True)


async def a_secret_session(tale: Tale) -> None:
    midwife = secretly(known(cast.MIDWIFE))
    await tale.do(grant_consent, GrantConsent(record_id=tale.record_id), midwife)
    entry = await tale.deposits(midwife, "11488-4", _HIDDEN)
    await tale.do(find_documents, FindDocuments(of=tale.people.girl), midwife)
    await tale.reads(midwife, entry)
    await tale.reads(midwife, tale.entries[1])


async def hidden_from_the_parents(tale: Tale) -> None:
    entry = await tale.deposits(known(cast.GP), "11488-4", _HIDDEN)
    await tale.reads(known(cast.GP), entry)
    await tale.reads(tale.people.holder, entry)
    await tale.keeps(Audience.PROFESSION, "50", Covered.DOCUMENT, str(entry.document_id))
    await tale.changes(tale.people.holder, entry, Change.MASK)


async def not_announced_yet(tale: Tale) -> None:
    entry = await tale.deposits(known(cast.BIOLOGIST), "11502-2", _UNANNOUNCED)
    await tale.reads(known(cast.GP), entry)


async def not_announced_and_deleted(tale: Tale) -> None:
    entry = await tale.deposits(known(cast.BIOLOGIST), "11502-2", _UNANNOUNCED)
    await tale.changes(known(cast.BIOLOGIST), entry, Change.DELETE)


OPEN: tuple[Step, ...] = (a_report, results, a_corrected_report, the_doctor_looks)
FROM_PROFESSIONALS: tuple[Step, ...] = (
    deposited_masked, masked_by_the_girl, a_prescription_is_masked, masked_and_corrected,
    kept_from_a_professional, kept_from_professions, a_category_kept, fed_and_masked,
    deleted_by_its_author, of_a_type_nobody_consults, shared_with_another, another_is_blocked,
    another_is_administrator, something_is_kept_from_another, the_profile_is_filled,
    heirs_are_refused, others_read,
)  # fmt: skip
BY_THE_MATRIX: tuple[Step, ...] = (results, an_imaging_report, fed)
"""Kinds of documents that the matrix gives a doctor and not an optician."""
FROM_REPRESENTATIVES: tuple[Step, ...] = (
    a_secret_session, hidden_from_the_parents, not_announced_yet, not_announced_and_deleted,
)  # fmt: skip
FROM_THE_HOLDER: tuple[Step, ...] = (not_announced_yet, not_announced_and_deleted)
FROM_CARERS: tuple[Step, ...] = (
    *FROM_REPRESENTATIVES, shared_with_another, another_is_blocked, another_is_administrator,
    something_is_kept_from_another, heirs_are_refused, others_read,
)  # fmt: skip

_ALL = tuple(
    who.id_nat
    for who in (cast.SPECIALIST, cast.NURSE, cast.OPTICIAN, cast.STRANGER, cast.REGULATOR)
)
