"""The plot of one record: its scenes in time order, written with verbs of the field.

Scenes of one record stand at different instants, so that the last trace tells how far it was played.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID

from dmp.acts.act import Act
from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.provide_documents import provide_documents
from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.acts.life.inform_person import InformPerson, inform_person
from dmp.acts.life.open_record import OpenAnnounced, OpenRecord, open_announced, open_record
from dmp.acts.relatives.declare_representative import DeclareRepresentative, declare_representative
from dmp.acts.sharing.declare_attending_doctor import (
    DeclareAttendingDoctor,
    declare_attending_doctor,
)
from dmp.acts.sharing.grant_consent import GrantConsent, grant_consent
from dmp.domain.errors import Reason
from dmp.domain.identifiers import RecordId, UniqueId
from dmp.domain.identity.caller import Caller, Door, Motive, Purpose, Strength, SystemJob
from dmp.domain.record.calendar import years_after
from dmp.domain.record.health_record import OPPOSITION_PERIOD
from dmp.domain.record.relations import Basis
from dmp.remote.simulated.territory.diary import Diary
from dmp.remote.simulated.territory.papers import Visit
from dmp.remote.simulated.territory.paperwork import submission_of, unique_id_of
from dmp.remote.simulated.territory.people import Person
from dmp.remote.simulated.territory.professionals import (
    BY_KEY,
    DESK,
    HOSPITAL_SYSTEM,
    INSURANCE,
    MEANS,
)

CALENDAR = Caller(
    who=SystemJob(name="calendar"), strength=Strength.INDIVIDUAL, door=Door.JOB, means=MEANS
)


@dataclass(frozen=True, slots=True)
class Stage:
    """What is known when a scene is played: the record, and the document the scene is about."""

    record_id: RecordId
    document: UUID


Request = Callable[[Stage], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One act: when, of whose record, by whom, which act with which request.

    `about` names the document of the request. `expected` is the reason for which the scene is
    refused: refusals belong to the story and leave their trace.
    """

    at: datetime
    person: Person
    caller: Caller
    act: Act[Any, Any]
    request: Request
    about: UniqueId | None = None
    expected: Reason | None = None


@dataclass(slots=True)
class Plot:
    """The scenes of one person; `today` is the day on which the territory is created."""

    person: Person
    seed: int
    today: date
    scenes: list[Scene] = field(default_factory=list)
    _taken: set[datetime] = field(default_factory=set)

    def instant(self, day: date, hour: int = 8, minute: int = 0) -> datetime:
        """A free instant on that day, at or after this time in UTC."""
        at = datetime.combine(day, time(hour, minute), UTC)
        while at in self._taken:
            at += timedelta(minutes=1)
        self._taken.add(at)
        return at

    def add(
        self,
        at: datetime,
        caller: Caller,
        act: Act[Any, Any],
        request: Request,
        *,
        about: UniqueId | None = None,
        expected: Reason | None = None,
    ) -> None:
        """Add a scene."""
        scene = Scene(
            at=at, person=self.person, caller=caller, act=act, request=request, about=about,
            expected=expected,
        )  # fmt: skip
        self.scenes.append(scene)

    def in_order(self) -> list[Scene]:
        """The scenes, oldest first. Raises ValueError: two stand at one instant."""
        ordered = sorted(self.scenes, key=lambda scene: scene.at)
        for before, after in pairwise(ordered):
            if before.at == after.at:
                raise ValueError(f"{self.person.key}: two scenes at {after.at}")
        return ordered

    def opened(self, day: date, how: str) -> None:
        """The record is opened: `online`, `desk`, `automatic`, or by the professional with this key."""
        person = self.person
        if how == "automatic":
            informed = self.instant(day - OPPOSITION_PERIOD, 5)
            request = InformPerson(ins=person.ins, traits=person.traits)
            self.add(informed, INSURANCE, inform_person, lambda _: request)
            self.add(
                self.instant(day, 5, 10),
                CALENDAR,
                open_announced,
                lambda stage: OpenAnnounced(record_id=stage.record_id),
            )
            return
        caller, consent = {
            "online": (person.caller(), "électronique, par la personne connectée"),
            "desk": (DESK.caller(), "oral, recueilli au guichet"),
        }.get(how) or (BY_KEY[how].caller(), "oral, recueilli en face à face")
        opening = OpenRecord(ins=person.ins, traits=person.traits, consent=consent)
        self.add(self.instant(day, 7), caller, open_record, lambda _: opening)

    def attended(self, day: date, worker: str) -> None:
        """The insurer's declaration of the attending doctor is taken over."""
        doctor = BY_KEY[worker]
        self.add(
            self.instant(day, 7, 5),
            INSURANCE,
            declare_attending_doctor,
            lambda stage: DeclareAttendingDoctor(
                record_id=stage.record_id, person_id=doctor.id_nat, name=doctor.name
            ),
        )

    def represented(self, day: date, parent: Person) -> None:
        """A parent represents the child until majority."""
        born = datetime.combine(self.person.traits.birth_date, time(0), UTC)
        self.add(
            self.instant(day, 7, 10),
            INSURANCE,
            declare_representative,
            lambda stage: DeclareRepresentative(
                record_id=stage.record_id,
                representative=parent.ins,
                name=parent.name,
                end=years_after(born, 18),
            ),
        )

    def consented(
        self,
        day: date,
        worker: str,
        *,
        to_team: bool = False,
        place: int = 0,
        told: bool = False,
        secret: bool = False,
        colleague: str = "",
    ) -> None:
        """The professional records the consent given to him, to his structure's team, or to a colleague."""
        other = BY_KEY.get(colleague)
        self.add(
            self.instant(day, 7, 15),
            replace(BY_KEY[worker].caller(place), secret=secret),
            grant_consent,
            lambda stage: GrantConsent(
                record_id=stage.record_id,
                basis=Basis.ORAL,
                to_team=to_team,
                told=told or other is not None,
                grantee_id=other.id_nat if other else "",
                grantee_name=other.name if other else "",
            ),
        )

    def deposited(self, visits: list[Visit]) -> None:
        """Each visit of a diary sends its documents."""
        for visit in visits:
            self.add(
                self._free(visit.at), self._depositor(visit), provide_documents, self._sent(visit)
            )

    def _sent(self, visit: Visit) -> Request:
        return lambda _: submission_of(self.seed, self.person, visit)

    def _depositor(self, visit: Visit) -> Caller:
        if visit.by_holder:
            return self.person.caller()
        if visit.by_structure:
            return HOSPITAL_SYSTEM
        if visit.deposited_by:
            return BY_KEY[visit.deposited_by].caller()
        return replace(BY_KEY[visit.worker].caller(visit.place), secret=visit.secret)

    def _free(self, at: datetime) -> datetime:
        if at in self._taken:
            raise ValueError(f"{self.person.key}: {at} is taken")
        self._taken.add(at)
        return at

    def listed(self, at: datetime, caller: Caller, expected: Reason | None = None) -> None:
        """Somebody looks at the list of documents."""
        request = FindDocuments(of=self.person.ins)
        self.add(at, caller, find_documents, lambda _: request, expected=expected)

    def read(
        self,
        at: datetime,
        caller: Caller,
        visit: str,
        number: int = 0,
        expected: Reason | None = None,
    ) -> None:
        """Somebody opens a document."""
        self.add(
            at,
            caller,
            retrieve_document,
            lambda stage: RetrieveDocument(document=stage.document, within=stage.record_id),
            about=unique_id_of(self.seed, self.person, visit, number),
            expected=expected,
        )

    def changed(
        self, at: datetime, caller: Caller, visit: str, change: Change, number: int = 0
    ) -> None:
        """Somebody changes the metadata of a document."""
        self.add(
            at,
            caller,
            update_metadata,
            lambda stage: UpdateMetadata(
                document=stage.document, changes=(change,), within=stage.record_id
            ),
            about=unique_id_of(self.seed, self.person, visit, number),
        )


def in_emergency(
    caller: Caller,
    purpose: Purpose,
    reason: str = "",
    *,
    motive: Motive | None = None,
    since: datetime | None = None,
) -> Caller:
    """The caller acting in an emergency that he stated at that instant."""
    return replace(
        caller, purpose=purpose, purpose_reason=reason, motive=motive, purpose_since=since
    )


def diary_of(plot: Plot, opened: date) -> Diary:
    """The diary of the plot's person, from the opening of the record."""
    rng = Random(f"{plot.seed}/{plot.person.key}")  # noqa: S311  # invented people need no secret randomness
    return Diary(person=plot.person, rng=rng, opened=opened, today=plot.today)
