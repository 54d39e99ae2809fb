"""Gathering what a synthesis is made of: what exists for the reader, by the scope of his decision."""

from __future__ import annotations

from datetime import date, datetime

from dmp.acts.work import Work
from dmp.domain.access.rules.deposits import REIMBURSEMENTS
from dmp.domain.claims.history import people_of
from dmp.domain.clinical.material import DECLARED, Material
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.record.calendar import LOCAL, local_midnight, months_after


async def gathered(work: Work, last_access: datetime | None = None) -> Material:
    """Everything of the record that exists for the caller, and nothing else.

    Lines of the health insurance come with the document that tells of them, the holder's declarations where
    the scope lets a document of their type through.
    """
    record_id = work.record.record_id
    documents = await work.facts.in_scope(record_id, work.scope)
    claims = _claims_document(tuple(entry for entry, _ in documents))
    lines = (
        tuple(await work.claims.of_record(record_id, since(work.now, work.rules.claims_months)))
        if claims is not None
        else ()
    )
    names = await work.claims.names(people_of(lines)) if lines else {}
    declared, _ = work.scope.verdict(DECLARED)
    return Material(
        at=work.now,
        traits=work.record.traits,
        documents=tuple(documents),
        lines=lines,
        claims_document=claims,
        names=names,
        profile=await work.profiles.of(record_id) if declared else None,
        last_access=last_access,
    )


def since(at: datetime, months: int) -> date:
    """The first local day of the lines in view."""
    return months_after(at.astimezone(LOCAL), -months).date()


def today(at: datetime) -> datetime:
    """The instant at which the local day of an instant began."""
    return local_midnight(at.astimezone(LOCAL).date())


def _claims_document(entries: tuple[DocumentEntry, ...]) -> DocumentEntry | None:
    """The newest document of reimbursements."""
    return next((one for one in entries if one.type_code.code == REIMBURSEMENTS), None)
