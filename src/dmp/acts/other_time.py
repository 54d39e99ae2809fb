"""A house at another time: the same in everything but its clock. For what is replayed, and for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dmp.acts.work import HeaderReader, House, ReimbursementsWriter, Remembered, Rules, Unit
from dmp.domain.access.policy import Policy
from dmp.domain.clinical.knowledge.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class OtherTime:
    """The house, with the instant that `clock` says as its present."""

    house: House
    clock: Callable[[], datetime]

    @property
    def rules(self) -> Rules:
        """Parameters of the rules."""
        return self.house.rules

    @property
    def policy(self) -> Policy:
        """The data of the access rules."""
        return self.house.policy

    @property
    def read_header(self) -> HeaderReader:
        """Reads what a content says of itself."""
        return self.house.read_header

    @property
    def knowledge(self) -> Knowledge:
        """Reference data in force."""
        return self.house.knowledge

    @property
    def remembered(self) -> Remembered:
        """Answers that are dear to make."""
        return self.house.remembered

    @property
    def write_reimbursements(self) -> ReimbursementsWriter:
        """Writes the document of the reimbursements."""
        return self.house.write_reimbursements

    def now(self) -> datetime:
        """The other instant, in UTC."""
        return self.clock()

    def new_uuid(self) -> UUID:
        """A new UUID, of the true time."""
        return self.house.new_uuid()

    def unit(self) -> Unit:
        """Open a unit of work."""
        return self.house.unit()
