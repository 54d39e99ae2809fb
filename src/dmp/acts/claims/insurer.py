"""The health insurance as a caller: who feeds lines, and in whose name their document is made."""

from __future__ import annotations

from typing import Final

from dmp.domain.claims.insurance import INSURANCE
from dmp.domain.identity.caller import Caller, Door, Insurer, Strength

PUBLISHER: Final = Caller(
    who=Insurer(structure=INSURANCE), strength=Strength.STRUCTURE, door=Door.JOB, means="house"
)
"""The house itself, making the documents of the health insurance from its lines."""
