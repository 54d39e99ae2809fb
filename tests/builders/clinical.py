"""Facts, medicines, a small thesaurus and the material of a synthesis, valid by default."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from dmp.domain.clinical.coding import ATC, CIM10, CIP13, CNAM_CCAM, CNAM_NABM
from dmp.domain.clinical.facts import (
    Agent,
    Allergy,
    Dispensed,
    Findings,
    Imaging,
    Performed,
    Prescribed,
    Problem,
    Provenance,
    Result,
    Source,
    Stay,
    Vaccination,
)
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.medicines import Medicine, NoMedicines
from dmp.domain.clinical.knowledge.rules import (
    Comparison,
    FollowUpRule,
    RedundancyRule,
    Weight,
)
from dmp.domain.clinical.knowledge.thesaurus import Level, Pair, Thesaurus
from dmp.domain.clinical.material import Material
from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.identifiers import DocumentId
from tests.builders.documents import an_entry
from tests.builders.people import some_traits

TODAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DOCTOR = Agent(name="Dr Anne VASSEUR", id="10100000017", speciality="Médecine générale")
OTHER_DOCTOR = Agent(name="Dr Paul FERRAND", id="10100000025", speciality="Cardiologie")

CI, ASDEC = Level.CONTRAINDICATED, Level.NOT_RECOMMENDED
PE, APEC = Level.PRECAUTION, Level.TAKE_INTO_ACCOUNT


def days_ago(days: int) -> date:
    """That many days before `TODAY`."""
    return TODAY - timedelta(days=days)


def a_medicine(substance: str = "warfarine", **changes: Any) -> Medicine:
    """Thirty tablets of one substance, by mouth."""
    values: dict[str, Any] = {
        "key": f"cis:{substance}",
        "name": f"{substance.upper()} 5 mg, comprimé",
        "substances": (substance,),
        "routes": ("orale",),
        "units": 30.0,
    }
    return Medicine(**{**values, **changes})


WARFARIN = a_medicine(atc="B01AA03")
IBUPROFEN = a_medicine("ibuprofene", atc="M01AE01")
KETOPROFEN = a_medicine("ketoprofene", atc="M01AE03")
KETOPROFEN_GEL = a_medicine(
    "ketoprofene", key="cis:ketum", name="KETUM 2,5 %, gel", atc="M02AA10", routes=("cutanee",)
)
MICONAZOLE = a_medicine("miconazole", atc="D01AC02", routes=("cutanee",))
TIMOLOL_DROPS = a_medicine("timolol", atc="S01ED01", routes=("ophtalmique",))
VERAPAMIL = a_medicine("verapamil", atc="C08DA01")
METFORMIN = a_medicine("metformine", atc="A10BA02")
DAPAGLIFLOZIN = a_medicine("dapagliflozine", atc="A10BK01")
AMOXICILLIN = a_medicine("amoxicilline", atc="J01CA04")
CO_AMOXICLAV = a_medicine(
    "amoxicilline", key="cis:augmentin", name="AUGMENTIN 1 g", atc="J01CR02",
    substances=("amoxicilline", "acide clavulanique"),
)  # fmt: skip
PARACETAMOL = a_medicine("paracetamol", atc="N02BE01")
CODEINE_PARACETAMOL = a_medicine(
    "paracetamol", key="cis:codoliprane", name="CODOLIPRANE", atc="N02AJ06",
    substances=("codeine", "paracetamol"),
)  # fmt: skip
SIMVASTATIN = a_medicine("simvastatine", atc="C10AA01")
ATORVASTATIN = a_medicine("atorvastatine", atc="C10AA05")
ATORVASTATIN_40 = a_medicine("atorvastatine", key="cis:atorvastatine-40", atc="C10AA05")
FLU_VACCINE = a_medicine("vaccin grippe", atc="J07BB02", substances=())
ALL = (
    WARFARIN, IBUPROFEN, KETOPROFEN, KETOPROFEN_GEL, MICONAZOLE, TIMOLOL_DROPS, VERAPAMIL, METFORMIN,
    AMOXICILLIN, CO_AMOXICLAV, PARACETAMOL, CODEINE_PARACETAMOL, SIMVASTATIN, ATORVASTATIN,
    ATORVASTATIN_40, FLU_VACCINE, DAPAGLIFLOZIN,
)  # fmt: skip


def a_box(medicine: Medicine) -> Code:
    """The code of a box of it: in tests, its key."""
    return Code(medicine.key, CIP13, medicine.name)


def a_pair(a: str, b: str, *levels: Level, **changes: Any) -> Pair:
    """A printed pair; `a` and `b` are terms, headings are their capitals."""
    values: dict[str, Any] = {
        "a": a.upper(),
        "b": b.upper(),
        "a_term": a,
        "b_term": b,
        "levels": levels or (ASDEC,),
        "mechanism": f"Mécanisme de {a} et {b}.",
        "conduct": f"Conduite pour {a} et {b}.",
    }
    return Pair(**{**values, **changes})


THESAURUS = Thesaurus(
    pairs=(
        a_pair("anticoagulants oraux", "anti-inflammatoires non steroidiens", ASDEC),
        a_pair("anti-inflammatoires non steroidiens", "autres anti-inflammatoires non steroidiens",
               ASDEC, others=True),
        a_pair("antivitamines k", "miconazole", CI),
        a_pair("anticoagulants oraux", "paracetamol", PE),
        a_pair("beta-bloquants sauf esmolol y compris collyres", "verapamil", CI, ASDEC, PE),
        a_pair("alcool boisson ou excipient", "metformine", ASDEC),
        a_pair("verapamil", "simvastatine", PE),
        a_pair("inhibiteurs du cyp3a4", "statines", CI, APEC),
    ),
    classes_of=MappingProxyType(
        {
            "warfarine": frozenset({"anticoagulants oraux", "antivitamines k"}),
            "ibuprofene": frozenset({"anti-inflammatoires non steroidiens"}),
            "ketoprofene": frozenset({"anti-inflammatoires non steroidiens"}),
            "timolol": frozenset({"beta-bloquants sauf esmolol y compris collyres"}),
            "verapamil": frozenset({"inhibiteurs du cyp3a4"}),
            "simvastatine": frozenset({"statines"}),
            "atorvastatine": frozenset({"statines"}),
        }
    ),
)  # fmt: skip
ANSM = Edition(kind=ReferenceKind.ANSM, on=date(2023, 9, 15), label="ANSM, thésaurus d'essai")


def a_knowledge(**changes: Any) -> Knowledge:
    """The medicines above, a small thesaurus, no rule."""
    values: dict[str, Any] = {
        "editions": MappingProxyType({ReferenceKind.ANSM: ANSM}),
        "medicines": NoMedicines(MappingProxyType({m.key: m for m in ALL})),
        "thesaurus": THESAURUS,
    }
    return Knowledge(**{**values, **changes})


def a_source(number: int = 1, on: date = TODAY, **changes: Any) -> Source:
    """A coded entry of document `number`."""
    values: dict[str, Any] = {
        "provenance": Provenance.STRUCTURED,
        "on": on,
        "document": UUID(int=number),
        "title": f"Document {number}",
        "author": DOCTOR.name,
    }
    return Source(**{**values, **changes})


def of_claims(on: date = TODAY, number: int = 900) -> Source:
    """A line of the insurance."""
    return a_source(number, on, provenance=Provenance.CLAIMS, author="Assurance maladie")


def a_delivery(medicine: Medicine = WARFARIN, ago: int = 5, **changes: Any) -> Dispensed:
    """One box delivered some days ago."""
    on = days_ago(ago)
    values: dict[str, Any] = {
        "label": medicine.name,
        "on": on,
        "codes": (a_box(medicine),),
        "prescriber": DOCTOR,
        "sources": (of_claims(on),),
    }
    return Dispensed(**{**values, **changes})


def a_prescription(medicine: Medicine = WARFARIN, ago: int = 5, **changes: Any) -> Prescribed:
    """One medicine prescribed some days ago."""
    values: dict[str, Any] = {
        "label": medicine.name,
        "codes": (a_box(medicine),),
        "start": days_ago(ago),
        "prescriber": DOCTOR,
        "sources": (a_source(50, days_ago(ago)),),
    }
    return Prescribed(**{**values, **changes})


def a_problem(label: str = "Hypertension artérielle", code: str = "I10", **changes: Any) -> Problem:
    """An active problem coded in CIM-10."""
    values: dict[str, Any] = {
        "label": label,
        "code": Code(code, CIM10, label) if code else None,
        "sources": (a_source(60),),
    }
    return Problem(**{**values, **changes})


def an_allergy(label: str = "Pénicilline", **changes: Any) -> Allergy:
    """An allergy without code."""
    return Allergy(**{"label": label, "sources": (a_source(61),), **changes})


def a_result(
    loinc: str = "4548-4", value: float | None = 7.2, ago: int = 5, **changes: Any
) -> Result:
    """HbA1c, measured some days ago."""
    at = datetime.combine(days_ago(ago), datetime.min.time(), UTC) + timedelta(hours=8)
    values: dict[str, Any] = {
        "label": "HbA1c",
        "at": at,
        "code": Code(loinc, LOINC),
        "value": value,
        "unit": "%",
        "sources": (a_source(70 + ago, days_ago(ago), author="Laboratoire du Quai"),),
    }
    return Result(**{**values, **changes})


def a_test(nabm: str = "1577", ago: int = 5, **changes: Any) -> Performed:
    """A laboratory act of the insurance."""
    values: dict[str, Any] = {
        "label": f"Acte {nabm}",
        "on": days_ago(ago),
        "code": Code(nabm, CNAM_NABM),
        "performer": Agent(place="Laboratoire du Quai"),
        "sources": (of_claims(days_ago(ago)),),
    }
    return Performed(**{**values, **changes})


def an_exam(ago: int = 5, **changes: Any) -> Imaging:
    """A scanner of the thorax, with its report."""
    values: dict[str, Any] = {
        "label": "Scanner du thorax",
        "on": days_ago(ago),
        "code": Code("ZBQK001", CNAM_CCAM),
        "modality": "CT",
        "region": "thorax",
        "conclusion": "Pas de lésion.",
        "sources": (a_source(80 + ago, days_ago(ago)),),
    }
    return Imaging(**{**values, **changes})


def a_vaccination(ago: int = 5, **changes: Any) -> Vaccination:
    """An injection against influenza."""
    values: dict[str, Any] = {
        "label": FLU_VACCINE.name,
        "on": days_ago(ago),
        "codes": (a_box(FLU_VACCINE), Code("J07BB02", ATC)),
        "sources": (a_source(90 + ago, days_ago(ago)),),
    }
    return Vaccination(**{**values, **changes})


def a_stay(first: int = 20, last: int = 15, **changes: Any) -> Stay:
    """A stay from `first` to `last` days ago."""
    values: dict[str, Any] = {
        "place": "Hôpital du Parc",
        "start": days_ago(first),
        "end": days_ago(last),
        "sources": (a_source(95, days_ago(last)),),
    }
    return Stay(**{**values, **changes})


def a_rule(rule_id: str = "L01", **changes: Any) -> RedundancyRule:
    """HbA1c again within 60 days."""
    values: dict[str, Any] = {
        "rule_id": rule_id,
        "comparison": Comparison.LABORATORY,
        "codes": ("1577",),
        "label": "HbA1c",
        "min_days": 60.0,
        "weight": Weight.WARN,
        "source": "Source de la règle",
    }
    return RedundancyRule(**{**values, **changes})


def a_follow_up(rule_id: str = "F01", **changes: Any) -> FollowUpRule:
    """HbA1c every six months in diabetes."""
    values: dict[str, Any] = {
        "rule_id": rule_id,
        "label": "HbA1c",
        "done_by": ("loinc:4548-4", "nabm:1577"),
        "condition": "diabetes",
        "every_months": 6,
        "source": "HAS",
    }
    return FollowUpRule(**{**values, **changes})


def a_document(number: int, ago: int = 5, **changes: Any) -> DocumentEntry:
    """The entry of document `number`, some days old."""
    at = AT - timedelta(days=ago)
    values: dict[str, Any] = {
        "document_id": DocumentId(UUID(int=number)),
        "submitted_at": at,
        "created_at": at,
        "service_start": at,
    }
    return an_entry(**{**values, **changes})


def a_material(*findings: Findings, **changes: Any) -> Material:
    """The material of a reader: one document for each of the findings."""
    values: dict[str, Any] = {
        "at": AT,
        "traits": some_traits(),
        "documents": tuple((a_document(n + 1), one) for n, one in enumerate(findings)),
    }
    return Material(**{**values, **changes})
