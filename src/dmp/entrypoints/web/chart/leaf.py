"""What every leaf of the chart does first: it is there for this reader, or its address is unknown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from dmp.acts.act import Act
from dmp.acts.documents.find_documents import find_documents
from dmp.acts.sharing.check_access import check_access
from dmp.acts.synthesis.read_synthesis import read_synthesis
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.chart.contents import Leaf
from dmp.entrypoints.web.page import Authentication, Page, View
from dmp.entrypoints.web.professional.patient import Patient, remember
from dmp.entrypoints.web.record.reports import of_categories
from dmp.entrypoints.web.visit import Visit

_PLAIN = re.compile(r"[0-9]{1,7}-[0-9]")


def opened(visit: Visit, patient: Patient, leaf: Leaf) -> None:
    """The leaf is opened by a reader who has it. Raises Refused: ADDRESS_UNKNOWN."""
    if not patient.has(leaf):
        raise Refused(Reason.ADDRESS_UNKNOWN)
    remember(visit, patient)


def key_of(visit: Visit, *words: object) -> str:
    """What names a fact without a code in the addresses of this patient: it says nothing of the fact."""
    told = "|".join(map(str, (visit.part("patient"), *words)))
    secret = visit.options.secret[:32]
    return "f" + hashlib.blake2s(told.encode(), key=secret, digest_size=8).hexdigest()


def is_loinc(code: str) -> bool:
    """Whether a code has the form of LOINC."""
    return _PLAIN.fullmatch(code) is not None


async def documents_of(
    visit: Visit, patient: Patient, categories: Iterable[str]
) -> tuple[DocumentEntry, ...]:
    """The current documents of these categories that exist for this reader, by the day of the act."""
    return await of_categories(visit, patient.ins, categories)


READS = (check_access, read_synthesis)
READS_AND_FINDS = (*READS, find_documents)


def page(end: str, view: View, *acts: Act[Any, Any]) -> Page:
    """A leaf in the table of pages."""
    return Page(
        path=f"/pro/patients/{{patient}}/{end}",
        view=view,
        authentication=Authentication.READER,
        acts=acts,
    )
