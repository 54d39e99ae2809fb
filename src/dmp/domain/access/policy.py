"""What the rules stand on that is data: the matrix, national parameters, settings of the service."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from dmp.domain.access.matrix import MatrixBook, shipped_matrices
from dmp.domain.record.calendar import MAJORITY_AGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceilings:
    """How many different records may be opened without emergency; 0 sets no ceiling.

    Above one the access is refused, or only told to the operator when not `refuses`.
    """

    professional_hour: int = 0
    professional_day: int = 0
    structure_hour: int = 0
    structure_day: int = 0
    refuses: bool = True

    @property
    def are_set(self) -> bool:
        """Whether anything is counted at all."""
        return bool(
            self.professional_hour
            or self.professional_day
            or self.structure_hour
            or self.structure_day
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The data of the access room.

    `majority_age`, `minors` (fonctionsGestionMineurs) and `secret_from_age` are national parameters.
    `carers` opens the module of proches aidants, whose status in law is open. An emergency access lasts
    `emergency`.
    """

    matrices: MatrixBook = field(default_factory=shipped_matrices)
    majority_age: int = MAJORITY_AGE
    minors: bool = True
    secret_from_age: int = 0
    carers: bool = False
    carers_at_most: int = 3
    helped_at_most: int = 5
    emergency: timedelta = timedelta(minutes=60)
    ceilings: Ceilings = Ceilings()
