"""The identities the simulated providers vouch for, with the claims of each.

Source: OpenID Connect Core 1.0 §5.1; Pro Santé Connect, userinfo; identity of a holder as
FranceConnect names it, with the INS.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from dmp.domain.access.matrix import roles
from dmp.domain.codes import TRE_R01_KNOW_HOW, TRE_R02_SECTOR
from dmp.domain.identity.caller import StructureRef
from dmp.domain.identity.patient import Sex, folded
from dmp.remote.simulated.territory.cast import CAST
from dmp.remote.simulated.territory.people import Person
from dmp.remote.simulated.territory.population import population
from dmp.remote.simulated.territory.professionals import (
    DESK,
    SECRETARY,
    WORKERS,
    Agent,
    Worker,
)

MOST_HOLDERS: Final = 5000
"""How many inhabitants the holders' provider lists; the others are reached by API tokens."""
_ROLES = "1.2.250.1.213.1.1.5.5"
_SHOWS = {member.key: member.shows for member in CAST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One person one can log in as: key (the `sub`), what the page shows, and the claims."""

    key: str
    name: str
    detail: str
    shows: str
    claims: dict[str, Any]

    @property
    def searched(self) -> str:
        """The text in which the page searches."""
        return folded(f"{self.name} {self.detail} {self.key}")


def holders(seed: int, people: int) -> tuple[Identity, ...]:
    """The inhabitants, the cast first."""
    return tuple(_holder(person) for person in population(seed, min(people, MOST_HOLDERS)))


def professionals() -> tuple[Identity, ...]:
    """The professionals, then the insurer's desk agent."""
    return (*(_professional(worker) for worker in WORKERS), _agent(DESK))


def _holder(person: Person) -> Identity:
    traits = person.traits
    abroad = traits.birth_place.startswith("99")
    claims: dict[str, Any] = {
        "sub": person.key,
        "family_name": traits.birth_name,
        "given_name": traits.given_names,
        "gender": {Sex.FEMALE: "female", Sex.MALE: "male"}.get(traits.sex, ""),
        "birthdate": traits.birth_date.isoformat(),
        "birthplace": traits.birth_place,
        "birthcountry": traits.birth_place if abroad else "99100",
        "ins_matricule": person.ins.matricule,
        "ins_root": person.ins.root.value,
    }
    if traits.used_name:
        claims["preferred_username"] = traits.used_name
    born = "Née" if person.is_woman else "Né"
    return Identity(
        key=person.key,
        name=person.name,
        detail=f"{born} le {traits.birth_date:%d/%m/%Y}",
        shows=_SHOWS.get(person.key, ""),
        claims=claims,
    )


def _professional(worker: Worker) -> Identity:
    main = worker.places[0]
    claims: dict[str, Any] = {
        "sub": worker.key,
        "SubjectNameID": worker.id_nat,
        "preferred_username": worker.id_nat,
        "family_name": worker.family.upper(),
        "given_name": worker.given,
        "SubjectRole": [f"{worker.profession}^{_ROLES}"],
        "SubjectOrganization": main.name,
        "SubjectOrganizationID": main.id_nat,
        "Secteur_Activite": f"{main.sector}^{TRE_R02_SECTOR}",
        "Acces_Regulation_Medicale": "VRAI" if worker.may_regulate else "FAUX",
        "Mode_Acces_Raison": "",
        "SubjectRefPro": {"codeCivilite": "", "exercices": [_practice(worker)]},
    }
    if worker.capacity is not None:
        claims["capacite"] = worker.capacity.value
    if worker.role == SECRETARY:
        claims |= {"role": SECRETARY, "SubjectRole": []}
    label = worker.label
    if worker.know_how is not None:
        label = worker.know_how.display.removesuffix(" (SM)")
    places = " ; ".join(place.name for place in worker.places)
    return Identity(
        key=worker.key,
        name=worker.name,
        detail=f"{label}, {places}",
        shows=worker.shows,
        claims=claims,
    )


def _practice(worker: Worker) -> dict[str, Any]:
    return {
        "codeProfession": worker.profession,
        "libelleProfession": worker.label,
        "codeCategorieProfessionnelle": "C",
        "codeCiviliteDexercice": worker.title,
        "nomDexercice": worker.family.upper(),
        "prenomDexercice": worker.given,
        "codeTypeSavoirFaire": _kind_of_know_how(worker),
        "codeSavoirFaire": worker.know_how.code if worker.know_how else "",
        "libelleSavoirFaire": worker.know_how.display if worker.know_how else "",
        "activities": [_activity(place, _role(worker)) for place in worker.places],
    }


def _kind_of_know_how(worker: Worker) -> str:
    specialist = worker.know_how is not None and worker.know_how.system == TRE_R01_KNOW_HOW
    return "S" if specialist else ""


def _role(worker: Worker) -> str:
    """The role of a coordination professional with the system of its code, or nothing."""
    if not worker.role or worker.role == SECRETARY:
        return ""
    code = roles()[worker.role].code
    return f"{code.code}^{code.system}"


def _activity(place: StructureRef, role: str) -> dict[str, str]:
    kind, number = place.id_nat[0], place.id_nat[1:]
    return {
        "codeModeExercice": "L" if kind == "4" else "S",
        "codeSecteurDactivite": f"{place.sector}^{TRE_R02_SECTOR}",
        "codeRole": role,
        "numeroFinessSite": number if kind == "1" else "",
        "numeroSiretSite": number if kind == "3" else "",
        "identifiantTechniqueDeLaStructure": "",
        "raisonSocialeSite": place.name,
        "ancienIdentifiantDeLaStructure": place.id_nat,
    }


def _agent(agent: Agent) -> Identity:
    given, _, family = agent.name.partition(" ")
    return Identity(
        key=agent.key,
        name=agent.name,
        detail=f"Agente d'accueil, {agent.structure.name}",
        shows=agent.shows,
        claims={
            "sub": agent.key,
            "SubjectNameID": agent.id_nat,
            "family_name": family,
            "given_name": given,
            "role": "agent",
            "SubjectRole": [],
            "SubjectOrganization": agent.structure.name,
            "SubjectOrganizationID": agent.structure.id_nat,
            "Secteur_Activite": f"{agent.structure.sector}^{TRE_R02_SECTOR}",
            "Acces_Regulation_Medicale": "FAUX",
        },
    )
