"""Read what the holder declares and shares: the sections of his medical profile that others may see.

Who: whoever finds and reads documents, where the matrix lets him read what patients declare. A section that is
not shared does not exist for him, and leaves no hint.
"""

from __future__ import annotations

from dataclasses import dataclass

from dmp.acts.act import Act, OfPatient, OfRecord, always
from dmp.acts.synthesis.material import declared_to
from dmp.acts.work import Work
from dmp.domain.access.actions import Action
from dmp.domain.identifiers import Ins, RecordId
from dmp.domain.record.declared.changes import identified
from dmp.domain.record.profile import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDeclared:
    """Of which record."""

    of: Ins | RecordId


async def _read(_: ReadDeclared, work: Work) -> Profile:
    """An empty profile where nothing is shared, or nothing that patients declare exists for the reader."""
    return identified(await declared_to(work) or Profile())


def _target(request: ReadDeclared) -> OfPatient | OfRecord:
    return OfPatient(request.of) if isinstance(request.of, Ins) else OfRecord(request.of)


read_declared = Act(
    name="read-declared",
    actions=always(Action.FIND_DOCUMENTS, Action.READ_DOCUMENT),
    target=_target,
    run=_read,
    reads=True,
)
