"""Documents of the stories in structured form: each says facts that follow from its number, so that what is
hidden would show in a synthesis, in an alert or in a history if it leaked.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from dmp.domain.clinical.coding import ATC
from dmp.domain.clinical.knowledge.editions import Edition, ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import Knowledge
from dmp.domain.clinical.knowledge.medicines import Medicine, NoMedicines
from dmp.domain.clinical.knowledge.rules import Comparison, RedundancyRule, Weight
from dmp.domain.clinical.knowledge.thesaurus import Level, Pair, Thesaurus
from dmp.domain.codes import LOINC, TRE_A01_PRACTICE, TRE_R02_SECTOR, Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, Ins, UniqueId
from dmp.domain.identity.caller import Caller, Professional
from dmp.domain.identity.patient import Traits
from dmp.formats.cda.clinical_document import CdaDocument, Medication, Patient
from dmp.formats.cda.documents import laboratory_report
from dmp.formats.cda.write import write
from dmp.formats.cda.writing.frame import Frame, list_section, section_of, structured
from dmp.formats.cda.writing.results import Result, ResultGroup

STRUCTURED = frozenset({"11488-4", "11502-2"})
"""Document types that the stories write in structured form."""

_A, _B = ("X01AA01", "ESSAICILLINE"), ("X02BB02", "TESTOPRIL")
BOX_OF_A = "3400930000011"


def _medicine(atc: str, name: str) -> Medicine:
    return Medicine(
        key=f"atc:{atc}",
        name=name,
        substances=(name.lower(),),
        routes=("orale",),
        atc=atc,
        units=30,
    )


KNOWLEDGE = Knowledge(
    editions=MappingProxyType(
        {
            ReferenceKind.ANSM: Edition(
                kind=ReferenceKind.ANSM, on=date(2025, 1, 1), label="Thésaurus d'essai"
            )
        }
    ),
    medicines=NoMedicines(
        MappingProxyType(
            {
                _A[0]: _medicine(*_A),
                _B[0]: _medicine(*_B),
                BOX_OF_A: _medicine(*_A),
            }
        )
    ),
    thesaurus=Thesaurus(
        pairs=(
            Pair(
                a=_A[1],
                b=_B[1],
                a_term=_A[1].lower(),
                b_term=_B[1].lower(),
                levels=(Level.CONTRAINDICATED,),
                mechanism="Risque d'essai.",
            ),
        )
    ),
    redundancy=(
        RedundancyRule(
            rule_id="L01",
            comparison=Comparison.LABORATORY,
            codes=("1577",),
            label="HbA1c",
            min_days=60,
            weight=Weight.WARN,
            source="essai",
        ),
        RedundancyRule(
            rule_id="L04b",
            comparison=Comparison.LABORATORY,
            codes=("1577",),
            label="HbA1c sans situation connue",
            min_days=None,
            weight=Weight.INFO,
            source="essai",
        ),
    ),
    loinc_of=MappingProxyType({"1577": frozenset({"4548-4"})}),
)
"""Two medicines that must not be taken together; a test that is said when done once, and louder when it is
repeated too early.
"""


def a_paper(
    number: int,
    by: Caller,
    type_code: str,
    person: tuple[Ins, Traits],
    at: datetime,
    unique_id: UniqueId,
) -> bytes:
    """The document of a step. Odd steps prescribe the one medicine, even ones the other."""
    frame = frame_of(by, person, at, unique_id)
    document = _laboratory(frame, number) if type_code == "11502-2" else _note(frame, number)
    return write(document)


def _laboratory(frame: Frame, number: int) -> CdaDocument:
    result = Result(
        code=Code("4548-4", LOINC, "HbA1c"),
        value=f"{6 + number % 40 / 10:.1f}",
        unit="%",
        low="4.0",
        high="6.0",
        interpretation="H",
    )
    group = ResultGroup(code=Code("18719-5", LOINC, "Biochimie"), results=(result,))
    return laboratory_report(frame, groups=(group,), conclusion=f"Étape {number}.")


def _note(frame: Frame, number: int) -> CdaDocument:
    atc, name = _A if number % 2 else _B
    taken = Medication(
        name=f"{name} {number} mg",
        code=Code(atc, ATC, name),
        dosage="1 comprimé matin et soir",
        start=frame.written_at.date(),
        stop=frame.written_at.date() + timedelta(days=90),
    )
    return structured(
        frame,
        "11488-4",
        f"Document {number}",
        (
            section_of("10160-0", "Traitements", entries=(taken,)),
            list_section("11450-4", "Problèmes", (f"Problème {number}",)),
        ),
    )


def frame_of(by: Caller, person: tuple[Ins, Traits], at: datetime, unique_id: UniqueId) -> Frame:
    """Who wrote a document of the stories, for whom, and when."""
    who = by.who
    if not isinstance(who, Professional):
        raise TypeError("a professional writes")
    author = Author(
        kind=AuthorKind.PROFESSIONAL,
        id=who.id_nat,
        id_root=PS_ROOT,
        family=who.name.split()[-1],
        given="Camille",
        structure_id=who.structure.id_nat,
        structure_root=STRUCTURE_ROOT,
        structure_name=who.structure.name,
        specialty=Code("G15_10/SM26", "1.2.250.1.213.1.1.4.5", "Médecin"),
    )
    ins, traits = person
    return Frame(
        unique_id=unique_id,
        patient=Patient(ins=ins, traits=traits),
        author=author,
        written_at=at,
        facility=Code("SA07", TRE_R02_SECTOR, "Cabinet individuel"),
        setting=Code("AMBULATOIRE", TRE_A01_PRACTICE, "Ambulatoire"),
    )


def line_id(number: int) -> UUID:
    """The identifier of the line of a step."""
    return UUID(int=number + 1)
