"""Imaging exams: how each is called in an address, and which earlier ones show the same.

An address tells nothing of the exam: it is a digest of what names it, keyed and of one reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2s

from dmp.domain.clinical.facts import Imaging, Provenance, Source
from dmp.domain.clinical.same.exams import same_exam
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.visit import Visit

_OCTETS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam:
    """One exam and its word in addresses. `has_report`: a document tells of it, not a reimbursement alone."""

    exam: Imaging
    reference: str

    @property
    def sources(self) -> tuple[Source, ...]:
        """What tells of it, each document once."""
        found: dict[object, Source] = {}
        for source in self.exam.sources:
            found.setdefault(source.document or source, source)
        return tuple(found.values())

    @property
    def has_report(self) -> bool:
        """Whether one of its sources is a document other than the reimbursements."""
        return any(
            source.document is not None and source.provenance is not Provenance.CLAIMS
            for source in self.exam.sources
        )


def exams_of(visit: Visit, imaging: tuple[Imaging, ...]) -> tuple[Exam, ...]:
    """The exams, newest first. Two that nothing tells apart are numbered in their order."""
    ordered = sorted(imaging, key=lambda one: (one.on, one.label), reverse=True)
    seen: dict[str, int] = {}
    found = []
    for one in ordered:
        first = one.sources[0].document if one.sources else None
        name = f"{visit.part('record')}/{first}/{one.on}/{one.label}"
        seen[name] = seen.get(name, 0) + 1
        sealed = visit.seal("exam", f"{name}/{seen[name]}")
        reference = blake2s(sealed.encode(), digest_size=_OCTETS).hexdigest()
        found.append(Exam(exam=one, reference=reference))
    return tuple(found)


def exam_of(exams: tuple[Exam, ...], reference: str) -> Exam:
    """The exam of an address. Raises Refused: ADDRESS_UNKNOWN."""
    for one in exams:
        if one.reference == reference:
            return one
    raise Refused(Reason.ADDRESS_UNKNOWN)


def alike(exams: tuple[Exam, ...], exam: Exam) -> tuple[Exam, ...]:
    """The other exams of the same kind and region, newest first."""
    return tuple(
        one for one in exams if one.reference != exam.reference and same_exam(one.exam, exam.exam)
    )
