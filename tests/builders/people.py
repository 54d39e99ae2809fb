"""People: traits and callers."""

from __future__ import annotations

from datetime import date
from typing import Any

from dmp.domain.codes import TRE_G15_PROFESSION, TRE_R01_KNOW_HOW, Code
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import (
    Caller,
    Door,
    Holder,
    Professional,
    Strength,
    StructureRef,
    StructureSystem,
    Who,
)
from dmp.domain.identity.patient import Sex, Traits
from tests.builders.identifiers import an_ins

HOLDER_INS = an_ins(1)
CABINET = StructureRef(id_nat="1750000016", name="Cabinet des Lilas", sector="SA07")


def some_traits(**changes: Any) -> Traits:
    """Traits of an invented person."""
    values: dict[str, Any] = {
        "birth_name": "Delorme",
        "given_names": "Camille Jeanne",
        "sex": Sex.FEMALE,
        "birth_date": date(1971, 2, 3),
        "birth_place": "75101",
    }
    return Traits(**{**values, **changes})


def a_caller(who: Who | None = None, **changes: Any) -> Caller:
    """A caller authenticated in person, a doctor by default."""
    values: dict[str, Any] = {
        "who": who or a_doctor(),
        "strength": Strength.INDIVIDUAL,
        "door": Door.FHIR,
        "means": "jwt:iua",
        "software": "LogicielTest 1.0",
    }
    return Caller(**{**values, **changes})


def a_doctor(**changes: Any) -> Professional:
    """A general practitioner in her practice."""
    values: dict[str, Any] = {
        "id_nat": "810100000017",
        "name": "Dr Anne Vasseur",
        "profession": Code("10", TRE_G15_PROFESSION, "Médecin"),
        "structure": CABINET,
        "know_how": Code("SM54", TRE_R01_KNOW_HOW, "Médecine générale"),
    }
    return Professional(**{**values, **changes})


def a_holder(ins: Ins = HOLDER_INS, name: str = "DELORME Camille") -> Holder:
    """The holder of `a_record()`."""
    return Holder(ins=ins, name=name)


def a_system(structure: StructureRef = CABINET) -> StructureSystem:
    """A structure's software without a person."""
    return StructureSystem(structure=structure, responsible="Dr Anne Vasseur")
