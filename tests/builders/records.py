"""Records and what belongs to them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from dmp.domain.identifiers import RecordId
from dmp.domain.record.health_record import Channel, HealthRecord, State, Step
from dmp.domain.record.profile import Allergy, BloodGroup, PersonToWarn, Profile
from dmp.domain.record.relations import CarerLevel, Caring
from tests.builders.people import HOLDER_INS, some_traits

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def a_step(**changes: Any) -> Step:
    """The opening of a record in a pharmacy, with the oral consent."""
    values: dict[str, Any] = {
        "state": State.OPEN,
        "at": NOW,
        "by": "810100000025",
        "by_name": "Paul Ferrand",
        "channel": Channel.PHARMACY,
        "consent": "oral, à l'officine",
    }
    return Step(**{**values, **changes})


def a_record(**changes: Any) -> HealthRecord:
    """An open record of `HOLDER_INS`; another record each time."""
    values: dict[str, Any] = {
        "record_id": RecordId(uuid4()),
        "ins": HOLDER_INS,
        "traits": some_traits(),
        "state": State.OPEN,
        "steps": (a_step(),),
    }
    return HealthRecord(**{**values, **changes})


def a_profile(**changes: Any) -> Profile:
    """A profile with every part."""
    values: dict[str, Any] = {
        "email": "camille@exemple.test",
        "phone": "+33100000000",
        "persons_to_warn": (PersonToWarn(name="Luc", phone="+33100000001", relation="frère"),),
        "blood_group": BloodGroup.O_POSITIVE,
        "allergies": (Allergy(substance="Pénicilline", reaction="urticaire"),),
    }
    return Profile(**{**values, **changes})


def a_caring(**changes: Any) -> Caring:
    """A pending invitation; another one each time."""
    values: dict[str, Any] = {
        "caring_id": uuid4(),
        "level": CarerLevel.SEE,
        "birth_name": "Ferrand",
        "first_given_name": "Luc",
        "birth_date": date(1980, 1, 2),
        "code_digest": uuid4().hex,
        "answer_by": NOW + timedelta(days=10),
        "start": NOW,
        "end": NOW + timedelta(days=365),
    }
    return Caring(**{**values, **changes})
