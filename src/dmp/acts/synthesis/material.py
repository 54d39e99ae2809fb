"""Gathering what a synthesis is made of: what exists for the reader, by the scope of his decision."""

from __future__ import annotations

from datetime import date, datetime

from dmp.acts.together import together
from dmp.acts.work import Work
from dmp.domain.access.rules.deposits import REIMBURSEMENTS
from dmp.domain.claims.history import people_of
from dmp.domain.clinical.material import DECLARED, Described, Material
from dmp.domain.identity.caller import Carer, Holder, Representative, Who
from dmp.domain.record.calendar import LOCAL, local_midnight, months_after
from dmp.domain.record.profile import Profile, shared_part


async def gathered(work: Work, last_access: datetime | None = None) -> Material:
    """Everything of the record that exists for the caller, and nothing else.

    Lines of the health insurance come with the document that tells of them, the holder's declarations where
    the scope lets a document of their type through.
    """
    record_id = work.record.record_id
    first = since(work.now, work.rules.claims_months)
    documents, found, profile = await together(
        work.facts.in_scope(record_id, work.scope),
        work.claims.in_scope(record_id, work.scope, first),
        declared_to(work),
    )
    claims = _claims_document(tuple(entry for entry, _ in documents))
    lines = tuple(found) if claims is not None else ()
    names = await work.claims.names(people_of(lines)) if lines else {}
    return Material(
        at=work.now,
        traits=work.record.traits,
        documents=tuple(documents),
        lines=lines,
        claims_document=claims,
        names=names,
        profile=profile,
        last_access=last_access,
    )


def sees_all_declared(who: Who) -> bool:
    """Whether a reader sees every section that the holder declares, or only those shared with professionals."""
    return isinstance(who, Holder | Representative | Carer)


async def declared_to(work: Work) -> Profile | None:
    """What the holder declares, as far as it exists for the caller; None when nothing of it does."""
    if not work.scope.verdict(DECLARED)[0]:
        return None
    profile = await work.profiles.of(work.record.record_id)
    if profile is None or sees_all_declared(work.caller.who):
        return profile
    return shared_part(profile)


def since(at: datetime, months: int) -> date:
    """The first local day of the lines in view."""
    return months_after(at.astimezone(LOCAL), -months).date()


def today(at: datetime) -> datetime:
    """The instant at which the local day of an instant began."""
    return local_midnight(at.astimezone(LOCAL).date())


def _claims_document(entries: tuple[Described, ...]) -> Described | None:
    """The newest document of reimbursements."""
    return next((one for one in entries if one.type_code.code == REIMBURSEMENTS), None)
