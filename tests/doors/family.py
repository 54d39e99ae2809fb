"""The record of a girl of fifteen, and everybody who may come to it. All invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dmp.domain.codes import TRE_G15_PROFESSION, TRE_R01_KNOW_HOW, Code
from dmp.domain.identifiers import Ins
from dmp.domain.identity.caller import (
    Caller,
    Carer,
    DeskAgent,
    Door,
    Holder,
    Insurer,
    Operator,
    Professional,
    Purpose,
    Representative,
    Strength,
    StructureRef,
    StructureSystem,
    SystemJob,
)
from dmp.domain.identity.patient import Sex, Traits
from dmp.entrypoints.web.login.sessions import (
    HolderIdentity,
    Identity,
    ProfessionalIdentity,
    Workplace,
)
from tests.builders.identifiers import an_ins

CABINET = StructureRef(id_nat="1750000010", name="Cabinet des Lilas", sector="SA07")
HOSPITAL = StructureRef(id_nat="1750000028", name="Hôpital du Lac", sector="SA01")
LABORATORY = StructureRef(id_nat="1750000036", name="Laboratoire du Pont", sector="SA25")
OTHER = StructureRef(id_nat="1750000044", name="Cabinet du Canal", sector="SA07")
SHOP = StructureRef(id_nat="1750000051", name="Optique du Canal", sector="SA42")
PHARMACY = StructureRef(id_nat="1750000077", name="Pharmacie du Canal", sector="SA33")
SAMU = StructureRef(id_nat="1750000069", name="SAMU", sector="SA01")


def professional(
    rank: int, name: str, profession: str, place: StructureRef, *, regulates: bool = False
) -> Professional:
    """A professional; ranks are of the test range."""
    return Professional(
        id_nat=f"8101000{rank:05}",
        name=name,
        profession=Code(profession, TRE_G15_PROFESSION, f"Profession {profession}"),
        structure=place,
        know_how=Code("SM54", TRE_R01_KNOW_HOW, "Médecine générale")
        if profession in ("10", "21")
        else None,
        may_regulate=regulates,
    )


def known(who: Professional, **more: object) -> Caller:
    """A professional authenticated in person, through software."""
    made = Caller(
        who=who, strength=Strength.INDIVIDUAL, door=Door.FHIR, means="jwt:iua", software="Essai 1"
    )
    return replace(made, **more)  # type: ignore[arg-type]  # named by the story


GP = professional(16, "Dr Anne VASSEUR", "10", CABINET)
SPECIALIST = professional(24, "Dr Noé LAMBERT", "10", OTHER)
NURSE = professional(32, "Ines CARON", "60", HOSPITAL)
OPTICIAN = professional(40, "Hugo BERTIN", "28", SHOP)
BIOLOGIST = professional(57, "Dr Lise FERRAND", "10", LABORATORY)
MIDWIFE = professional(65, "Nadia LENOIR", "50", HOSPITAL)
PHARMACIST = professional(107, "Dr Zoé MARTY", "21", PHARMACY)
STRANGER = professional(73, "Dr Paul NOIRET", "10", OTHER)
BLOCKED = professional(99, "Dr Marc VIDAL", "10", HOSPITAL)
REGULATOR = professional(81, "Dr Yann MORVAN", "10", SAMU, regulates=True)

SYSTEM = Caller(
    who=StructureSystem(structure=CABINET), strength=Strength.STRUCTURE, door=Door.FHIR,
    means="jwt:iua",
)  # fmt: skip
DESK = Caller(
    who=DeskAgent(id_nat="3750000069/77", name="Sami MOREL", structure=SAMU),
    strength=Strength.INDIVIDUAL, door=Door.FHIR, means="jwt:iua",
)  # fmt: skip
INSURER = Caller(
    who=Insurer(structure=StructureRef(id_nat="318003502400041", name="Assurance Maladie")),
    strength=Strength.STRUCTURE, door=Door.JOB, means="house",
)  # fmt: skip
OPERATOR = Caller(
    who=Operator(id="test", name="Exploitation"), strength=Strength.INDIVIDUAL, door=Door.CLI
)
CALENDAR = Caller(
    who=SystemJob(name="calendar"), strength=Strength.INDIVIDUAL, door=Door.JOB, means="house"
)


@dataclass(frozen=True)
class Family:
    """The girl, her mother and a neighbour who helps; another family for each rank."""

    girl: Ins
    mother: Ins
    neighbour: Ins
    rank: int = 0

    @classmethod
    def of(cls, rank: int) -> Family:
        """Three people whom no other family has."""
        girl, mother, neighbour = (an_ins(5000 + 3 * rank + n) for n in range(3))
        return cls(girl, mother, neighbour, rank)

    @property
    def cousins(self) -> Family:
        """Another family, whom nobody else has either."""
        return Family.of(self.rank + 10_000)

    @property
    def traits(self) -> Traits:
        """Of the girl."""
        return Traits(
            birth_name="DELORME", given_names="LEA", sex=Sex.FEMALE, birth_date=date(2010, 5, 17)
        )

    @property
    def neighbours_traits(self) -> Traits:
        """Of the neighbour."""
        return Traits(
            birth_name="VOISIN", given_names="JEAN", sex=Sex.MALE, birth_date=date(1970, 1, 2)
        )

    def _person(self, who: Holder | Representative | Carer) -> Caller:
        return Caller(who=who, strength=Strength.INDIVIDUAL, door=Door.FHIR, means="jwt:iua")

    @property
    def holder(self) -> Caller:
        """The girl herself."""
        return self._person(Holder(ins=self.girl, name="DELORME Léa"))

    @property
    def parent(self) -> Caller:
        """Her mother, for her."""
        return self._person(Representative(ins=self.mother, name="DELORME Claire"))

    @property
    def carer(self) -> Caller:
        """The neighbour, for her."""
        return self._person(Carer(ins=self.neighbour, name="VOISIN Jean"))


def emergency(who: Professional, purpose: Purpose) -> Caller:
    """The professional in an emergency."""
    return known(who, purpose=purpose, purpose_reason="Patiente inconsciente")


def logged_in(who: Caller, family: Family) -> Identity | None:
    """Who that caller is in a browser; None when he does not come by one."""
    match who.who:
        case Holder(ins=ins) | Representative(ins=ins) | Carer(ins=ins):
            name = {family.girl: "DELORME", family.mother: "DELORME", family.neighbour: "VOISIN"}
            given = {family.girl: "LEA", family.mother: "CLAIRE", family.neighbour: "JEAN"}
            born = {family.girl: "2010-05-17"}.get(ins, "1970-01-02")
            return HolderIdentity(
                matricule=ins.matricule, root=ins.root.value, birth_name=name[ins],
                given_names=given[ins], sex="F", birth_date=born,
            )  # fmt: skip
        case Professional() as pro if who.strength is Strength.INDIVIDUAL:
            place = Workplace(
                profession=pro.profession.code, profession_label=pro.profession.display,
                structure_id=pro.structure.id_nat, structure_name=pro.structure.name,
                sector=pro.structure.sector, know_how="SM54" if pro.know_how else "",
                may_regulate=pro.may_regulate,
            )  # fmt: skip
            return ProfessionalIdentity(
                id_nat=pro.id_nat, family=pro.name, given="", workplaces=(place,), chosen=0
            )
        case _:
            return None
