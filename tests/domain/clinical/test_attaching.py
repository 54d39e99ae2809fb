"""The source of a fact of a document: its day and author where the fact names none, and no one else's words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from dmp.domain.clinical.facts import Findings, Imaging, Provenance, Source
from dmp.domain.clinical.material import Outline
from dmp.domain.clinical.same.attaching import attached, of_document, signature_of
from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.identifiers import DocumentId

DAY = date(2026, 3, 3)
DOCUMENT = DocumentId(UUID(int=7))
NOTHING_SAID = Source(Provenance.EXTRACTED, date.min, anchor="18719-5")
DOCTOR = Author(
    kind=AuthorKind.PROFESSIONAL,
    id="810000000017",
    family="MARTIN",
    given="Zoé",
    specialty=Code("SM54", "1.2", "Médecine générale"),
)
PATIENT = Author(kind=AuthorKind.PATIENT, family="DURAND")


def outline(*authors: Author) -> Outline:
    """A document of the night: its local day is the next one."""
    at = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    code = Code("11488-4", "1.3")
    return Outline(DOCUMENT, "Compte rendu", at, at, code, code, authors)


def sources(entry: Outline, *said: Source) -> tuple[Source, ...]:
    """Those of a fact that says this of its sources."""
    found = attached(entry, Findings(imaging=(Imaging("Scanner", DAY, sources=said),)))
    assert of_document(entry, found) is found
    return found.imaging[0].sources


@pytest.mark.parametrize(
    ("authors", "said", "provenance", "who"),
    [
        ((DOCTOR, PATIENT), (), "structured", (DOCTOR.display, DOCTOR.id, "Médecine générale")),
        ((PATIENT, DOCTOR), (), "declared", (PATIENT.display, "", "")),
        ((), (), "structured", ("", "", "")),
        ((PATIENT,), (NOTHING_SAID,), "declared", (PATIENT.display, "", "")),
        (
            (DOCTOR,),
            (NOTHING_SAID,),
            "extracted",
            (DOCTOR.display, DOCTOR.id, "Médecine générale"),
        ),
        ((DOCTOR,), (NOTHING_SAID._replace(author="Dr B"),), "extracted", ("Dr B", "", "")),
    ],
)
def test_a_fact_has_the_author_it_names_else_that_of_its_document(
    authors: tuple[Author, ...], said: tuple[Source, ...], provenance: str, who: tuple[str, ...]
) -> None:
    (found,) = sources(outline(*authors), *said)
    anchor = said[0].anchor if said else ""
    assert found == (provenance, DAY, DOCUMENT, anchor, "Compte rendu", *who)


def test_each_source_of_a_fact_keeps_its_day() -> None:
    other = NOTHING_SAID._replace(on=date(2020, 1, 1), document=UUID(int=9), title="Autre")
    first, second = sources(outline(DOCTOR), NOTHING_SAID, other)
    assert (first.on, second.on) == (DAY, date(2020, 1, 1))
    assert {first.document, second.document} == {DOCUMENT}  # whoever sees one sees both
    assert second.title == "Compte rendu"


def test_what_one_author_wrote_has_one_signature() -> None:
    assert signature_of((DOCTOR,)) == signature_of([DOCTOR, PATIENT])
    assert signature_of((DOCTOR,)) != signature_of((PATIENT, DOCTOR))
