"""Lines of the health insurance, and a little knowledge of their codes."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import Knowledge, Labels
from dmp.domain.clinical.knowledge.medicines import Medicine, NoMedicines

AMOXICILLIN, TETANUS, HOMEOPATHY = "3400900000010", "3400900000027", "9000001"
PRESCRIBER, PERFORMER = "10100000017", "10100000025"
PHARMACY, CLINIC, LABORATORY = "750000016", "750000024", "750000032"
NAMES = {
    PRESCRIBER: "Anne VASSEUR",
    PERFORMER: "Paul FERRAND",
    PHARMACY: "Pharmacie des Lilas",
    CLINIC: "Clinique du Port",
    LABORATORY: "Laboratoire du Quai",
}


class SomeMedicines(NoMedicines):
    """A few boxes, with the names of two ATC groups."""

    def atc_label(self, atc: str) -> str:
        """The invented French name of the group."""
        return {"J01": "Antibactériens", "J07AM01": "Anatoxine tétanique"}.get(atc, "")


def a_line(**changes: Any) -> Reimbursement:
    """One box of an antibiotic, delivered on a prescription; another line each time."""
    values: dict[str, Any] = {
        "line_id": uuid4(),
        "kind": Kind.MEDICINE,
        "system": System.CIP13,
        "code": AMOXICILLIN,
        "start": date(2026, 2, 10),
        "prescribed_on": date(2026, 2, 9),
        "nature": "3313",
        "prescriber": PRESCRIBER,
        "prescriber_speciality": "01",
        "prescriber_place": CLINIC,
        "place": PHARMACY,
        "flow": date(2026, 2, 20),
    }
    return Reimbursement(**{**values, **changes})


def a_stay(**changes: Any) -> Reimbursement:
    """A stay of five days in the clinic."""
    values: dict[str, Any] = {
        "kind": Kind.STAY,
        "system": System.GHS,
        "code": "1940",
        "start": date(2026, 1, 10),
        "end": date(2026, 1, 15),
        "prescribed_on": None,
        "nature": "",
        "prescriber": "",
        "prescriber_speciality": "",
        "prescriber_place": "",
        "place": CLINIC,
    }
    return a_line(**{**values, **changes})


def an_act(**changes: Any) -> Reimbursement:
    """A consultation of a general practitioner."""
    values: dict[str, Any] = {
        "kind": Kind.CARE,
        "system": System.NGAP,
        "code": "G",
        "nature": "1111",
        "performer": PERFORMER,
        "performer_speciality": "01",
        "place": CLINIC,
    }
    return a_line(**{**values, **changes})


def one_of_each() -> tuple[Reimbursement, ...]:
    """A line of every kind, newest first; the consultation fell within the stay."""
    return (
        a_line(),
        a_line(code=TETANUS, start=date(2026, 2, 1)),
        a_line(
            kind=Kind.DEVICE, system=System.LPP, code="1397790", quantity=4, start=date(2026, 1, 20)
        ),
        an_act(start=date(2026, 1, 12)),
        an_act(kind=Kind.IMAGING, system=System.CCAM, code="QEQJ001", start=date(2026, 1, 11)),
        a_stay(),
        a_line(
            kind=Kind.BIOLOGY,
            system=System.NABM,
            code="0552",
            place=LABORATORY,
            start=date(2025, 12, 1),
        ),
        a_line(kind=Kind.LONG_TERM, system=System.CIM10, code="E11", start=date(2024, 5, 1)),
    )


def some_knowledge(**changes: Any) -> Knowledge:
    """What is known of the lines above."""
    known = {
        AMOXICILLIN: Medicine(
            key="60000001", name="AMOXICILLINE INVENTÉE 1 g, comprimé", substances=("amoxicilline",),
            routes=("orale",), atc="J01CA04", units=14,
        ),
        TETANUS: Medicine(key="60000002", name="VACCIN INVENTÉ, seringue", atc="J07AM01"),
        HOMEOPATHY: Medicine(key="ucd:9000001", name="GRANULES INVENTÉS"),
    }  # fmt: skip
    labels = {
        ReferenceKind.LPP: {"1397790": "Compresses, boîte de 10"},
        ReferenceKind.GHS: {"1940": "Interventions sur le côlon, niveau 2"},
        ReferenceKind.CCAM: {"QEQJ001": "IRM du sein avec injection"},
        ReferenceKind.NABM: {"552": "Glucose (glycémie)"},
        ReferenceKind.NATURES: {"1111": "Consultation"},
        ReferenceKind.CIM10: {"E11": "Diabète de type 2"},
        ReferenceKind.SPECIALITIES: {"01": "Médecine générale"},
    }
    values: dict[str, Any] = {
        "medicines": SomeMedicines(MappingProxyType(known)),
        "labels": {kind: Labels(known=found) for kind, found in labels.items()},
    }
    return Knowledge(**{**values, **changes})
