"""The professionals, structures and agents of the territory, all invented, with valid keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dmp.domain.access.matrix import professions, roles
from dmp.domain.codes import TRE_A02_SPECIALTY, TRE_R01_KNOW_HOW, Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT
from dmp.domain.identity.caller import (
    Caller,
    Coordinator,
    DeskAgent,
    Door,
    Insurer,
    Operator,
    Professional,
    Secretary,
    Strength,
    StructureRef,
    StructureSystem,
    SupportOfficer,
    Who,
)
from dmp.domain.identity.capacity import Capacity
from dmp.remote.simulated.territory import numbers

MEANS: Final = "simulated:territory"
"""`means` of every caller of the territory's own scenes; the traces of a played scene carry it."""
SECRETARY: Final = "secretaire"
_CNOP_TABLE = "1.2.250.1.71.4.2.6"  # sections of the pharmacists' roll


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One invented professional with every place where he works, the main one first.

    `title` is the civility of practice (`DR`, or empty). `setting` is the practice setting of the
    documents he writes. `software` is what he deposits with. `capacity` is what no sector tells;
    `role` the line of a coordination professional (`R85:330`), or SECRETARY.
    """

    key: str
    family: str
    given: str
    profession: str
    places: tuple[StructureRef, ...]
    shows: str
    rpps: str
    know_how: Code | None = None
    title: str = ""
    setting: str = "AMBULATOIRE"
    may_regulate: bool = False
    software: str = "LogiMédical 7.2 (fictif)"
    capacity: Capacity | None = None
    role: str = ""

    @property
    def id_nat(self) -> str:
        """PS_IdNat: `8` and the RPPS."""
        return "8" + self.rpps

    @property
    def name(self) -> str:
        """Name for people: `Dr Claire MARTIN`."""
        title = "Dr " if self.title == "DR" else ""
        return f"{title}{self.given} {self.family.upper()}"

    def at(self, place: int = 0) -> Professional:
        """The professional in one of the places of work."""
        return Professional(
            id_nat=self.id_nat,
            name=self.name,
            profession=professions()[self.profession].code,
            structure=self.places[place],
            know_how=self.know_how,
            may_regulate=self.may_regulate,
            stated_capacity=self.capacity,
        )

    def who(self, place: int = 0) -> Who:
        """Who he is in one of the places of work: health professional, coordinator or secretary."""
        where = self.places[place]
        if self.role == SECRETARY:
            return Secretary(id_nat=self.id_nat, name=self.name, structure=where)
        if self.role:
            role = roles()[self.role].code
            return Coordinator(id_nat=self.id_nat, name=self.name, role=role, structure=where)
        return self.at(place)

    @property
    def label(self) -> str:
        """What he is, in words."""
        if self.role == SECRETARY:
            return "Secrétaire médicale"
        known = roles()[self.role] if self.role else professions()[self.profession]
        return known.code.display

    def caller(self, place: int = 0, *, door: Door = Door.FHIR) -> Caller:
        """The professional, authenticated in person, in one of the places of work."""
        return Caller(
            who=self.who(place),
            strength=Strength.INDIVIDUAL,
            door=door,
            means=MEANS,
            software=self.software,
        )

    def author(self, place: int = 0) -> Author:
        """The professional as the author of a document."""
        code = f"G15_{self.profession}"
        label = professions()[self.profession].code.display
        if self.know_how is not None and self.know_how.system == TRE_R01_KNOW_HOW:
            code, label = f"{code}/{self.know_how.code}", f"{label} - {self.know_how.display}"
        elif self.know_how is not None:
            code, label = f"{code}/{self.know_how.code}", self.know_how.display
        return Author(
            kind=AuthorKind.PROFESSIONAL,
            id=self.id_nat,
            id_root=PS_ROOT,
            family=self.family.upper(),
            given=self.given,
            specialty=Code(code, TRE_A02_SPECIALTY, label),
            structure_id=self.places[place].id_nat,
            structure_root=STRUCTURE_ROOT,
            structure_name=self.places[place].name,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Somebody without a health profession: an insurer's desk agent."""

    key: str
    name: str
    id_nat: str
    structure: StructureRef
    shows: str

    def caller(self, *, door: Door = Door.WEB) -> Caller:
        """The agent at the desk."""
        who = DeskAgent(id_nat=self.id_nat, name=self.name, structure=self.structure)
        return Caller(who=who, strength=Strength.INDIVIDUAL, door=door, means=MEANS)


def _at_finess(rank: int, name: str, sector: str) -> StructureRef:
    return StructureRef(id_nat="1" + numbers.finess(rank), name=name, sector=sector)


def _own_practice(rank: int, name: str) -> StructureRef:
    return StructureRef(
        id_nat="4" + numbers.practice_of(numbers.rpps(rank)), name=name, sector="SA07"
    )


def _specialist(code: str, label: str) -> Code:
    return Code(code, TRE_R01_KNOW_HOW, label)


TILLEULS: Final = _at_finess(101, "Maison de santé des Tilleuls", "SA52")
HOSPITAL: Final = _at_finess(201, "Centre hospitalier du Val d'Orme", "SA01")
LABORATORY: Final = _at_finess(301, "Laboratoire de biologie du Vieux-Pont", "SA25")
IMAGING: Final = _at_finess(302, "Centre d'imagerie de l'Orme", "SA08")
PHARMACY: Final = _at_finess(401, "Pharmacie de la Halle", "SA33")
STATION_PHARMACY: Final = _at_finess(402, "Pharmacie de la Gare", "SA33")
SAMU: Final = _at_finess(202, "SAMU du Val d'Orme", "SA01")
EYE_CENTRE: Final = _at_finess(102, "Centre ophtalmologique des Halles", "SA08")
INSURER: Final = StructureRef(
    id_nat="3" + numbers.siret(1), name="Caisse d'assurance maladie du Val d'Orme", sector="SA24"
)
OPTICIAN_SHOP: Final = StructureRef(
    id_nat="3" + numbers.siret(2), name="Optique du Marché", sector="SA42"
)

CARE_HOME: Final = _at_finess(501, "Résidence des Charmilles", "SA17")
WORK_HEALTH: Final = _at_finess(502, "Service de santé au travail du Val d'Orme", "SA13")
FIRE_STATION: Final = _at_finess(503, "Service d'incendie et de secours du Val d'Orme", "SA27")
PMI: Final = _at_finess(504, "Centre de PMI des Tilleuls", "SA15")
COORDINATION: Final = _at_finess(505, "Dispositif d'appui à la coordination", "SA30")

_GENERAL = _specialist("SM54", "Médecine générale (SM)")
_PHARMACIST = Code("A", _CNOP_TABLE, "Pharmacien titulaire d'officine")

WORKERS: Final = (
    Worker(
        key="dr-martin", family="Martin", given="Claire", profession="10", title="DR",
        rpps=numbers.rpps(1), know_how=_GENERAL, places=(TILLEULS, HOSPITAL),
        shows="Médecin traitant de la plupart des habitants : voit aussi les documents masqués. "
        "Exerce aussi à l'hôpital (choix du lieu à la connexion).",
    ),
    Worker(
        key="dr-petit", family="Petit", given="Antoine", profession="10", title="DR",
        rpps=numbers.rpps(2), know_how=_GENERAL, places=(TILLEULS,),
        shows="Second généraliste de la maison de santé : même structure que le Dr Martin, sans "
        "être médecin traitant de ses patients.",
    ),
    Worker(
        key="dr-garnier", family="Garnier", given="Hélène", profession="10", title="DR",
        rpps=numbers.rpps(3), know_how=_specialist("SM04", "Cardiologie et maladies vasculaires (SM)"),
        places=(_own_practice(3, "Cabinet de cardiologie Garnier"),),
        shows="Cardiologue : accède avec le consentement du patient, ne voit pas les documents "
        "masqués des autres.",
    ),
    Worker(
        key="dr-rousseau", family="Rousseau", given="Marc", profession="10", title="DR",
        rpps=numbers.rpps(4), know_how=_specialist("SM42", "Psychiatrie (SM)"),
        places=(_own_practice(4, "Cabinet de psychiatrie Rousseau"),),
        shows="Psychiatre : garde l'accès à ses propres documents, même masqués.",
    ),
    Worker(
        key="dr-lemoine", family="Lemoine", given="Isabelle", profession="10", title="DR",
        rpps=numbers.rpps(5), know_how=_specialist("SM38", "Ophtalmologie (SM)"),
        places=(EYE_CENTRE,),
        shows="Ophtalmologiste : comptes rendus de consultation et renouvellements.",
    ),
    Worker(
        key="dr-faye", family="Faye", given="Ousmane", profession="10", title="DR",
        rpps=numbers.rpps(6), know_how=_specialist("SM44", "Radio-diagnostic (SM)"),
        places=(IMAGING,), software="RIS Atlas 4.1 (fictif)",
        shows="Radiologue : comptes rendus d'imagerie, certains en attente d'annonce.",
    ),
    Worker(
        key="dr-colas", family="Colas", given="Béatrice", profession="10", title="DR",
        rpps=numbers.rpps(7), know_how=_specialist("SM03", "Biologie médicale (SM)"),
        places=(LABORATORY,), software="SIL Orion 9 (fictif)",
        shows="Biologiste : résultats d'analyses.",
    ),
    Worker(
        key="dr-benoit", family="Benoit", given="Thomas", profession="10", title="DR",
        rpps=numbers.rpps(8), know_how=_specialist("SM18", "Gériatrie (SM)"),
        places=(HOSPITAL,), setting="ETABLISSEMENT", software="DPI Alizé 12 (fictif)",
        shows="Médecin hospitalier : lettres de sortie, équipe de soins de l'hôpital, bris de glace.",
    ),
    Worker(
        key="dr-klein", family="Klein", given="Sarah", profession="10", title="DR",
        rpps=numbers.rpps(9), know_how=_specialist("SM20", "Gynécologie-obstétrique (SM)"),
        places=(HOSPITAL,), setting="ETABLISSEMENT", software="DPI Alizé 12 (fictif)",
        shows="Gynécologue-obstétricienne de l'hôpital.",
    ),
    Worker(
        key="dr-morvan", family="Morvan", given="Yann", profession="10", title="DR",
        rpps=numbers.rpps(10), know_how=_GENERAL, places=(SAMU,), setting="SAMU_SMUR",
        may_regulate=True, software="Régulation 15 (fictif)",
        shows="Médecin régulateur du SAMU : accès « centre 15 », sauf opposition du titulaire.",
    ),
    Worker(
        key="sophie-caron", family="Caron", given="Sophie", profession="21",
        rpps=numbers.rpps(11), know_how=_PHARMACIST, places=(PHARMACY,),
        software="LGO Mortier 3 (fictif)",
        shows="Pharmacienne titulaire : ouvre un dossier au comptoir, consulte avec consentement.",
    ),
    Worker(
        key="karim-haddad", family="Haddad", given="Karim", profession="21",
        rpps=numbers.rpps(12), know_how=_PHARMACIST, places=(STATION_PHARMACY,),
        software="LGO Mortier 3 (fictif)",
        shows="Pharmacien de l'autre officine : sans consentement, ne consulte rien.",
    ),
    Worker(
        key="lucie-perrin", family="Perrin", given="Lucie", profession="60",
        rpps=numbers.rpps(13), places=(TILLEULS,),
        shows="Infirmière libérale : la matrice lui ferme quelques types de documents.",
    ),
    Worker(
        key="nora-salmi", family="Salmi", given="Nora", profession="60",
        rpps=numbers.rpps(14), places=(HOSPITAL,), setting="ETABLISSEMENT",
        software="DPI Alizé 12 (fictif)",
        shows="Infirmière de l'hôpital : accède par l'équipe de soins.",
    ),
    Worker(
        key="paul-vidal", family="Vidal", given="Paul", profession="28",
        rpps=numbers.rpps(15), places=(OPTICIAN_SHOP,),
        shows="Opticien : la matrice ne lui ouvre que quelques types de documents.",
    ),
    Worker(
        key="emma-roche", family="Roche", given="Emma", profession="92",
        rpps=numbers.rpps(16), places=(EYE_CENTRE,),
        shows="Orthoptiste : bilans visuels.",
    ),
    Worker(
        key="agnes-leduc", family="Leduc", given="Agnès", profession="50",
        rpps=numbers.rpps(17), places=(_own_practice(17, "Cabinet de sage-femme Leduc"),),
        shows="Sage-femme : suivi de grossesse.",
    ),
    Worker(
        key="dr-delorme", family="Delorme", given="Julien", profession="40", title="DR",
        rpps=numbers.rpps(18), places=(_own_practice(18, "Cabinet dentaire Delorme"),),
        shows="Chirurgien-dentiste : ne voit pas les synthèses psychiatriques.",
    ),
    Worker(
        key="jean-marchal", family="Marchal", given="Jean", profession="70",
        rpps=numbers.rpps(19), places=(_own_practice(19, "Cabinet de kinésithérapie Marchal"),),
        shows="Masseur-kinésithérapeute : suivi de rééducation.",
    ),
    Worker(
        key="dr-aubry", family="Aubry", given="Denis", profession="10", title="DR",
        rpps=numbers.rpps(20), know_how=_specialist("SM18", "Gériatrie (SM)"),
        places=(CARE_HOME,), capacity=Capacity.CARE_HOME_COORDINATION,
        shows="Médecin coordonnateur d'EHPAD : consulte avec l'accord du résident, donné pour cela.",
    ),
    Worker(
        key="dr-vallet", family="Vallet", given="Corinne", profession="10", title="DR",
        rpps=numbers.rpps(21), know_how=_specialist("SM25", "Médecine du travail (SM)"),
        places=(WORK_HEALTH,),
        shows="Médecin du travail : accord exprès, après information sur les restrictions possibles.",
    ),
    Worker(
        key="dr-mercier", family="Mercier", given="Luc", profession="10", title="DR",
        rpps=numbers.rpps(22), know_how=_GENERAL, places=(FIRE_STATION,),
        capacity=Capacity.FIRE_SERVICE,
        shows="Médecin de sapeurs-pompiers : accord exprès, ou urgence sauf opposition.",
    ),
    Worker(
        key="dr-picard", family="Picard", given="Inès", profession="10", title="DR",
        rpps=numbers.rpps(23), know_how=_specialist("SM40", "Pédiatrie (SM)"), places=(PMI,),
        shows="Médecin de PMI : dépose et consulte avec l'accord de la famille.",
    ),
    Worker(
        key="dr-humbert", family="Humbert", given="Alain", profession="10", title="DR",
        rpps=numbers.rpps(24), know_how=_GENERAL, places=(INSURER,),
        shows="Médecin de l'assurance maladie : la loi lui interdit tout accès, même avec accord.",
    ),
    Worker(
        key="anne-rolland", family="Rolland", given="Anne", profession="", role="R85:330",
        rpps=numbers.rpps(25), places=(COORDINATION,),
        shows="Coordonnatrice de parcours : une liste étroite de documents, avec accord personnel.",
    ),
    Worker(
        key="julie-morin", family="Morin", given="Julie", profession="", role=SECRETARY,
        rpps=numbers.rpps(26), places=(HOSPITAL,), software="DPI Alizé 12 (fictif)",
        shows="Secrétaire médicale de l'hôpital : dépose pour sa structure, ne lit rien.",
    ),
)  # fmt: skip
BY_KEY: Final = {worker.key: worker for worker in WORKERS}

DESK: Final = Agent(
    key="agent-guichet",
    name="Nadège FONTAINE",
    id_nat=f"5{numbers.siret(1)}/00042",
    structure=INSURER,
    shows="Agente d'accueil de l'assurance maladie : ouvre, ferme, ne lit aucun document.",
)

HOSPITAL_SYSTEM: Final = Caller(
    who=StructureSystem(structure=HOSPITAL, responsible="Direction de l'information médicale"),
    strength=Strength.STRUCTURE,
    door=Door.FHIR,
    means=MEANS,
    software="DPI Alizé 12 (fictif)",
)
"""The hospital's software without a person: it deposits and never reads."""

INSURANCE: Final = Caller(
    who=Operator(id="assurance-maladie", name="Assurance maladie, déclarations"),
    strength=Strength.INDIVIDUAL,
    door=Door.FEED,
    means=MEANS,
)
"""The operator that takes over declarations: attending doctors, representatives, information."""

REVIEWER: Final = Caller(
    who=Operator(id="exploitant", name="Exploitant du service"),
    strength=Strength.INDIVIDUAL,
    door=Door.CLI,
    means=MEANS,
)
"""The operator who reviews emergency accesses."""

FEED: Final = Caller(
    who=Insurer(structure=INSURER), strength=Strength.STRUCTURE, door=Door.FHIR, means=MEANS
)
"""The insurer's feed of reimbursements: it deposits and never reads."""

SUPPORT: Final = Caller(
    who=SupportOfficer(id="assistance-1", name="Maud GIRAUD"),
    strength=Strength.INDIVIDUAL,
    door=Door.FHIR,
    means=MEANS,
)
"""Somebody of the support: administrative data only."""
