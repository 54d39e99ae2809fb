"""The person at the counter: sealed into the address of her pages with what was checked of her identity.

The reference is sealed for one agent or pharmacist: in another's hands it means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import msgspec

from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, InsRoot
from dmp.domain.identity.matching import differences
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.identity.verification import Answer, IdentityStatus
from dmp.domain.record.health_record import HealthRecord
from dmp.entrypoints.web.record.identity_form import Person
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import today

CERTAIN = frozenset({IdentityStatus.VALIDATED, IdentityStatus.QUALIFIED})
"""Statuses in which something may be decided for the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPerson(Person):
    """A person whose paper was seen: how sure her identity is, and whether another record looks like hers."""

    status: IdentityStatus
    answer: Answer
    has_twin: bool = False

    @property
    def is_certain(self) -> bool:
        """Whether her identity is sure enough to decide something."""
        return self.status in CERTAIN


class _Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A person inside a sealed reference."""

    matricule: str
    root: str
    birth_name: str
    given_names: str
    sex: str
    birth_date: date
    birth_place: str
    used_name: str
    used_given_name: str
    status: str
    answer: str
    has_twin: bool


def path_of(reference: str) -> str:
    """Address of a person's pages at the counter."""
    return f"/guichet/personnes/{reference}"


def reference_to(visit: Visit, person: SeenPerson) -> str:
    """The reference of a person in the addresses of whoever is logged in."""
    traits = person.traits
    sealed = _Sealed(
        matricule=person.ins.matricule,
        root=person.ins.root.value,
        birth_name=traits.birth_name,
        given_names=traits.given_names,
        sex=traits.sex.value,
        birth_date=traits.birth_date,
        birth_place=traits.birth_place,
        used_name=traits.used_name,
        used_given_name=traits.used_given_name,
        status=person.status.value,
        answer=person.answer.value,
        has_twin=person.has_twin,
    )
    return visit.seal("person", msgspec.json.encode(sealed).decode())


def person_of(visit: Visit) -> SeenPerson:
    """The person behind the reference of the address. Raises Refused: RECORD_NOT_FOUND."""
    kept = msgspec.json.decode(visit.unseal("person", visit.part("person")), type=_Sealed)
    traits = Traits(
        birth_name=kept.birth_name,
        given_names=kept.given_names,
        sex=Sex(kept.sex),
        birth_date=kept.birth_date,
        birth_place=kept.birth_place,
        used_name=kept.used_name,
        used_given_name=kept.used_given_name,
    )
    return SeenPerson(
        ins=Ins(kept.matricule, InsRoot(kept.root)),
        traits=traits,
        status=IdentityStatus(kept.status),
        answer=Answer(kept.answer),
        has_twin=kept.has_twin,
    )


async def record_of(visit: Visit, person: Person) -> HealthRecord | None:
    """Her record, or None when there is none."""
    try:
        return (await visit.do(check_access, CheckAccess(ins=person.ins))).record
    except Refused as refused:
        if refused.reason is Reason.RECORD_NOT_FOUND:
            return None
        raise


def differs(record: HealthRecord | None, person: Person) -> bool:
    """Whether the traits that were typed are not those of the record."""
    return record is not None and bool(differences(record.traits, person.traits))


def is_minor(visit: Visit, person: Person) -> bool:
    """Whether the person is under age today."""
    return person.traits.is_minor_on(today(visit.now), visit.house.policy.majority_age)
